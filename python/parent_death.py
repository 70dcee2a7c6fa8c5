"""End this process when the one that started it dies, in whatever way."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

__all__ = ["end_with_parent"]

_PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int, how: signal.Signals = signal.SIGKILL) -> None:
    """Let the kernel send `how` to this process when its starter dies: `parent`, or a shim that `parent` has started.

    Linux only (`prctl(2)`, PR_SET_PDEATHSIG); elsewhere, rely on the end of a pipe or socket to the parent.
    If the parent died before the call, the process ends at once.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
    if os.getppid() != parent and not _lives(parent):
        os.kill(os.getpid(), how)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True
