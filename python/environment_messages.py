"""Messages of make_environment.py to Node: steps, and failures of the kinds that Node knows."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from script_channel import send

__all__ = ["MakingError", "failure_of", "step", "tell"]

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST)


class MakingError(Exception):
    """Why the environment cannot be installed: a kind that Node knows, and its details."""

    def __init__(self, kind: str, **details: object) -> None:
        super().__init__(kind)
        self.kind = kind
        self.details = details


def tell(event: str, **details: object) -> None:
    """Send a message to Node."""
    send({"event": event, **details})


def step(text: str, done: int | None = None, total: int | None = None) -> None:
    """Report the current step, and its bytes."""
    tell("step", step=text, **({"bytes": {"done": done, "total": total}} if total else {}))


def failure_of(error: OSError, home: Path, otherwise: str = "system") -> MakingError:
    """Convert a system error to a failure; its kind is `otherwise` if the error does not determine it."""
    path = str(error.filename or home)
    kind = "no_space" if error.errno in _FULL else "unwritable" if error.errno in _CLOSED else otherwise
    return MakingError(kind, path=path, reason=os.strerror(error.errno) if error.errno else str(error))
