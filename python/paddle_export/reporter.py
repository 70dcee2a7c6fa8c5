"""What the process reports: plain lines for a person, messages for paddle-ts.

A message is one of {"progress": {step, done?, total?}}, {"files": [name, …]},
{"error": {code, message}} or {"importError": {type, message}}; all but the first are final.
`src/export/export-model.ts` is the other end.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from script_channel import send

from .failure import ExportError, ImportPaddleError

__all__ = ["Reporter"]


class Reporter:
    """Reports steps, the result and failures, as lines of text or as messages."""

    def __init__(self, driven: bool) -> None:
        self._driven = driven

    def progress(self, step: str, done: int | None = None, total: int | None = None) -> None:
        """Report a step, and its bytes if known."""
        if self._driven:
            amount = {} if done is None or total is None else {"done": done, "total": total}
            send({"progress": {"step": step, **amount}})
        elif done is None:
            print(step, file=sys.stderr, flush=True)

    def finished(self, folder: Path, names: Sequence[str]) -> None:
        """Report the names of the files that are now in `folder`."""
        if not self._driven:
            print(f"inference model has been saved into {folder}", flush=True)
        else:
            send({"files": list(names)})

    def failed(self, error: ExportError) -> None:
        """Report why nothing was written."""
        if not self._driven:
            print(f"error: {error.message}", file=sys.stderr, flush=True)
        elif isinstance(error, ImportPaddleError):
            send({"importError": {"type": type(error.cause).__name__, "message": str(error.cause)}})
        else:
            send({"error": {"code": error.code, "message": error.message}})
