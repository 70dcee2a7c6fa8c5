"""Memory that training frees stays with the process."""

from __future__ import annotations

import ctypes

__all__ = ["keep_memory"]

_M_TRIM_THRESHOLD = -1
_M_MMAP_MAX = -4


def keep_memory() -> None:
    """Ask glibc to hand nothing back: large arrays come and go with each batch, and fresh pages cost half the time."""
    libc = ctypes.CDLL(None)
    libc.mallopt(_M_MMAP_MAX, 0)
    libc.mallopt(_M_TRIM_THRESHOLD, 2**30)
