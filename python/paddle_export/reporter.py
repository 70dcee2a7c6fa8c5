"""What the process says while it works: plain lines for a person, JSON lines for paddle-ts.

A JSON line is one of {"progress": {step, done?, total?}}, {"files": [name, …]},
{"error": {code, message}} or {"importError": {type, message}}; all but the first end the work.
`src/export/messages.ts` is the other end.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from .failure import ExportError, ImportPaddleError

__all__ = ["Reporter"]


class Reporter:
    """Tells steps, the result and failures, as lines of text or of JSON."""

    def __init__(self, as_json: bool) -> None:
        self._json = None
        if as_json:
            # What Paddle prints on stdout by itself goes to stderr, so that stdout holds our lines alone.
            self._json = os.fdopen(os.dup(1), "w", encoding="utf-8")
            os.dup2(2, 1)
            sys.stdout = sys.stderr

    def progress(self, step: str, done: int | None = None, total: int | None = None) -> None:
        """A step, and how much of it is done in bytes where that is known."""
        if self._json is not None:
            amount = {} if done is None or total is None else {"done": done, "total": total}
            self._send({"progress": {"step": step, **amount}})
        elif done is None:
            print(step, file=sys.stderr, flush=True)

    def finished(self, folder: Path, names: Sequence[str]) -> None:
        """The names of the files that now lie in `folder`."""
        if self._json is None:
            print(f"inference model has been saved into {folder}", flush=True)
        else:
            self._send({"files": list(names)})

    def failed(self, error: ExportError) -> None:
        """Why nothing was written."""
        if self._json is None:
            print(f"error: {error.message}", file=sys.stderr, flush=True)
        elif isinstance(error, ImportPaddleError):
            self._send({"importError": {"type": type(error.cause).__name__, "message": str(error.cause)}})
        else:
            self._send({"error": {"code": error.code, "message": error.message}})

    def _send(self, message: object) -> None:
        if self._json is not None:
            self._json.write(json.dumps(message) + "\n")
            self._json.flush()
