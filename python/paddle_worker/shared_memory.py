"""The memory that this process and Node both map: a region is an inherited descriptor without a path."""

from __future__ import annotations

import mmap
import os
import sys

import numpy as np
from numpy.typing import NDArray

from paddle_worker.errors import WorkerError
from paddle_worker.limits import limit_behind

__all__ = ["Region", "aligned", "write_zeros"]

_ALIGNMENT = 64
_PAGE = mmap.PAGESIZE
_STEP = 4 * 2**20


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
        """Map the region again when it has been grown to `size` bytes.

        Raises `ValueError` when it does not reach so far (a touch beyond its end would end the process), and `WorkerError`
        SHARED_MEMORY_FAILED.
        """
        if size > self.size:
            try:
                self._mapping = mmap.mmap(self._descriptor, size)
            except OSError as error:
                raise _denied(size, error) from error

    def grow(self, size: int) -> None:
        """Make room for `size` bytes, at once and for good, so that no write can fail later.

        It makes room for twice what there was, where that is more and can be had.

        Raises `WorkerError` SHARED_MEMORY_FAILED.
        """
        if size <= self.size:
            return
        if size < 2 * self.size:
            try:
                self._grow_to(2 * self.size)
            except WorkerError:
                pass  # There may be enough for what is needed.
            else:
                return
        self._grow_to(size)

    def _grow_to(self, size: int) -> None:
        size = -(-size // _PAGE) * _PAGE
        try:
            if sys.platform == "linux":
                os.posix_fallocate(self._descriptor, 0, size)
            else:
                write_zeros(self._descriptor, size)
        except OSError as error:
            raise _denied(size, error) from error
        self.map(size)

    def array(self, dtype: str, shape: list[int], offset: int) -> NDArray[np.generic]:
        """The tensor at `offset` as an array that looks into the region; one of bfloat16 holds the bits."""
        kind = "uint16" if dtype == "bfloat16" else dtype
        if 0 in shape:
            return np.empty(shape, kind)
        return np.ndarray(tuple(shape), kind, buffer=self._mapping, offset=offset)


def _denied(size: int, error: OSError) -> WorkerError:
    return WorkerError(
        "SHARED_MEMORY_FAILED",
        f"{size / 2**20:.1f} MiB of shared memory could not be had in the worker ({limit_behind(error)}).\n"
        "Feed smaller batches, or free memory (in a container: raise its memory limit).",
    )


def write_zeros(descriptor: int, size: int) -> None:
    """Make a file `size` bytes long without holes, which a full disk could not fill when they are written to.

    What is there already stays: a worker before this one may have grown it further.
    """
    end = os.fstat(descriptor).st_size
    while end < size:
        end += os.pwrite(descriptor, bytes(min(_STEP, size - end)), end)
