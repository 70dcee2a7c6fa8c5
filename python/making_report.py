"""What the maker of the environment tells Node: steps, and failures of kinds that Node has words for."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from paddle_ts_driver import send

__all__ = ["MakingError", "failure_of", "step", "tell"]

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST)


class MakingError(Exception):
    """Why the environment cannot be made: a kind that Node has words for, and its details."""

    def __init__(self, kind: str, **details: object) -> None:
        super().__init__(kind)
        self.kind = kind
        self.details = details


def tell(event: str, **details: object) -> None:
    """One message to Node."""
    send({"event": event, **details})


def step(text: str, done: int | None = None, total: int | None = None) -> None:
    """What is being done now, and how many of its bytes."""
    tell("step", step=text, **({"bytes": {"done": done, "total": total}} if total else {}))


def failure_of(error: OSError, home: Path, otherwise: str = "system") -> MakingError:
    """The failure for an error of the system; of the kind `otherwise` where the error tells none."""
    path = str(error.filename or home)
    kind = "no_space" if error.errno in _FULL else "unwritable" if error.errno in _CLOSED else otherwise
    return MakingError(kind, path=path, reason=os.strerror(error.errno) if error.errno else str(error))
