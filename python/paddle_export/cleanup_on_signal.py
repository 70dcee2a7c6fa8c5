"""What happens to unfinished files when a signal ends the process."""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack
from types import FrameType

__all__ = ["clean_up_when_ended", "ignore_ends"]


def clean_up_when_ended(leftovers: ExitStack) -> None:
    """On SIGTERM, Ctrl-C or a closed terminal, remove everything unfinished and exit at once.

    The handler does this itself, because a library could swallow an exception that interrupts it. Call this after
    importing
    paddle, which installs its own signal handlers.
    """

    def end(number: int, _: FrameType | None) -> None:
        ignore_ends()
        leftovers.close()
        os._exit(128 + number)

    for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(ending) is not signal.SIG_IGN:
            signal.signal(ending, end)


def ignore_ends() -> None:
    """Ignore signals from here on, so that the process can finish."""
    for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(ending, signal.SIG_IGN)
