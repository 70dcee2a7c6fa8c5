"""What paddle-ts hands over beside the flags: {"staging": name, "labels": [name, …] | null}.

It is a line of JSON on stdin, which stays open as long as paddle-ts lives. `src/export/messages.ts` is the
other end.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from parent_death import end_with_parent

__all__ = ["Request", "read_request"]


@dataclass(frozen=True)
class Request:
    """Nothing of it for a process that runs alone."""

    staging: str | None = None
    labels: Sequence[str] | None = None


def read_request() -> Request:
    """The request of the driver, which also sees to Ctrl-C; it dies: this process gets SIGTERM."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(os.getppid(), signal.SIGTERM)
    line = sys.stdin.readline()
    # The kernel tells only on Linux, and only of the direct parent; the end of stdin tells everywhere.
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    return Request(**json.loads(line)) if line else Request()


def _end_with_stdin() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
