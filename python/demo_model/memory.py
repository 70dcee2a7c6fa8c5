"""Keeps the memory that training frees in the process."""

from __future__ import annotations

import ctypes

__all__ = ["keep_memory"]

_M_TRIM_THRESHOLD = -1
_M_MMAP_MAX = -4


def keep_memory() -> None:
    """Tell glibc not to return memory to the system: each batch frees large arrays, and fresh pages take half the time."""
    libc = ctypes.CDLL(None)
    libc.mallopt(_M_MMAP_MAX, 0)
    libc.mallopt(_M_TRIM_THRESHOLD, 2**30)
