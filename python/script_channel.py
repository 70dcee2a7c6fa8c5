"""How paddle-ts drives a script: a request on stdin, which stays open while paddle-ts lives, and messages on descriptor
3.

Both are lines of JSON; `src/python/script.ts` is the other end. Output of the script or a library is kept for errors.
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
    """Return the request, or None if paddle-ts has ended. From here on, the end of stdin acts like SIGTERM."""
    line = sys.stdin.buffer.readline()
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    return json.loads(line) if line else None


def open_messages() -> BinaryIO:
    """Open the descriptor for messages, which child processes do not inherit."""
    os.set_inheritable(_MESSAGES, False)
    return os.fdopen(_MESSAGES, "wb", closefd=False)


def send(message: object) -> None:
    """Send a message. If paddle-ts has ended, the end of stdin reports that."""
    with contextlib.suppress(BrokenPipeError), open_messages() as messages:
        messages.write(json.dumps(message).encode() + b"\n")


def _end_with_stdin() -> None:
    while os.read(0, 1024):
        pass
    # To the main thread, which may be blocked in a system call.
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
