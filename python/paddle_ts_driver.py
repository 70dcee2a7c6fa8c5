"""How paddle-ts drives a script: a request on stdin, which stays open as long as paddle-ts lives, and messages on descriptor 3.

Both are lines of JSON; `src/python/script.ts` is the other end. What the script or a library prints is kept for the error.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
from typing import Any, BinaryIO

__all__ = ["open_messages", "read_request", "send"]

_MESSAGES = 3


def read_request() -> Any:
    """The request; None if paddle-ts is gone. From here on the end of stdin does what SIGTERM does."""
    line = sys.stdin.buffer.readline()
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    return json.loads(line) if line else None


def open_messages() -> BinaryIO:
    """Where messages go out; no process that is started from here holds it."""
    os.set_inheritable(_MESSAGES, False)
    return os.fdopen(_MESSAGES, "wb", closefd=False)


def send(message: object) -> None:
    """Send a message; if paddle-ts is gone, the end of stdin says so as well."""
    with contextlib.suppress(BrokenPipeError), open_messages() as messages:
        messages.write(json.dumps(message).encode() + b"\n")


def _end_with_stdin() -> None:
    while os.read(0, 1024):
        pass
    # To the main thread, which may wait for something in the system.
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
