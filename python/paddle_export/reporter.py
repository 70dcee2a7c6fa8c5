"""What the process says while it works: plain lines for a person, messages for paddle-ts.

A message is one of {"progress": {step, done?, total?}}, {"files": [name, …]},
{"error": {code, message}} or {"importError": {type, message}}; all but the first end the work.
`src/export/export-model.ts` is the other end.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from paddle_ts_driver import send

from .failure import ExportError, ImportPaddleError

__all__ = ["Reporter"]


class Reporter:
    """Tells steps, the result and failures, as lines of text or as messages."""

    def __init__(self, driven: bool) -> None:
        self._driven = driven

    def progress(self, step: str, done: int | None = None, total: int | None = None) -> None:
        """A step, and how much of it is done in bytes where that is known."""
        if self._driven:
            amount = {} if done is None or total is None else {"done": done, "total": total}
            send({"progress": {"step": step, **amount}})
        elif done is None:
            print(step, file=sys.stderr, flush=True)

    def finished(self, folder: Path, names: Sequence[str]) -> None:
        """The names of the files that now lie in `folder`."""
        if not self._driven:
            print(f"inference model has been saved into {folder}", flush=True)
        else:
            send({"files": list(names)})

    def failed(self, error: ExportError) -> None:
        """Why nothing was written."""
        if not self._driven:
            print(f"error: {error.message}", file=sys.stderr, flush=True)
        elif isinstance(error, ImportPaddleError):
            send({"importError": {"type": type(error.cause).__name__, "message": str(error.cause)}})
        else:
            send({"error": {"code": error.code, "message": error.message}})
