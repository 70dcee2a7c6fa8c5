"""What happens to half-made files when the process is told to end."""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack
from types import FrameType

__all__ = ["clean_up_when_ended", "ignore_ends"]


def clean_up_when_ended(leftovers: ExitStack) -> None:
    """On SIGTERM, Ctrl-C or a closed terminal: remove what is half made and end at once.

    The handler does it itself; an exception could be swallowed by the library that it interrupts. Call it
    after paddle has been imported, which takes the signals for itself.
    """

    def end(number: int, _: FrameType | None) -> None:
        ignore_ends()
        leftovers.close()
        os._exit(128 + number)

    for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(ending) is not signal.SIG_IGN:
            signal.signal(ending, end)


def ignore_ends() -> None:
    """From here on the process finishes what it does."""
    for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(ending, signal.SIG_IGN)
