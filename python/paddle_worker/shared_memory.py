"""The memory that this process and Node both map: a region is an inherited descriptor without a path."""

from __future__ import annotations

import mmap
import os
import sys

import numpy as np
from numpy.typing import NDArray

__all__ = ["Region", "aligned"]

_ALIGNMENT = 64
_PAGE = mmap.PAGESIZE


def aligned(offset: int) -> int:
    """The next offset at which a tensor may start."""
    return -(-offset // _ALIGNMENT) * _ALIGNMENT


class Region:
    """One region. An older, shorter mapping lives on for as long as an array looks into it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._mapping: mmap.mmap | None = None

    @property
    def mapping(self) -> mmap.mmap | None:
        """What arrays look into; another one after it has grown."""
        return self._mapping

    @property
    def size(self) -> int:
        return 0 if self._mapping is None else len(self._mapping)

    def map(self, size: int) -> None:
        """Map the region again when it has been grown to `size` bytes."""
        if size > self.size:
            self._mapping = mmap.mmap(self._descriptor, size)

    def grow(self, size: int) -> None:
        """Make room for `size` bytes, at once and for good, so that no write can fail later."""
        if size <= self.size:
            return
        size = -(-max(size, 2 * self.size) // _PAGE) * _PAGE
        if sys.platform == "linux":
            os.posix_fallocate(self._descriptor, 0, size)
        elif os.fstat(self._descriptor).st_size < size:
            # A worker before this one may have grown it further; ftruncate() would cut off what Node has mapped.
            os.ftruncate(self._descriptor, size)
        self.map(size)

    def array(self, dtype: str, shape: list[int], offset: int) -> NDArray[np.generic]:
        """The tensor at `offset` as an array that looks into the region; one of bfloat16 holds the bits."""
        kind = "uint16" if dtype == "bfloat16" else dtype
        if 0 in shape:
            return np.empty(shape, kind)
        return np.ndarray(tuple(shape), kind, buffer=self._mapping, offset=offset)
