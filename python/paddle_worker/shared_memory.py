"""Memory that this process and Node both map. A region is an inherited descriptor without a path; Node creates and grows it."""

from __future__ import annotations

import mmap

import numpy as np
from numpy.typing import NDArray

from paddle_worker.errors import WorkerError, address_space_limit

__all__ = ["Region", "aligned"]

_ALIGNMENT = 64


def aligned(offset: int) -> int:
    """The next offset at which a tensor may start."""
    return -(-offset // _ALIGNMENT) * _ALIGNMENT


class Region:
    """One region. An older, shorter mapping stays valid as long as an array references it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._mapping: mmap.mmap | None = None

    @property
    def mapping(self) -> mmap.mmap | None:
        """The current mapping, which arrays reference; replaced when the region grows."""
        return self._mapping

    @property
    def size(self) -> int:
        return 0 if self._mapping is None else len(self._mapping)

    def map(self, size: int) -> None:
        """Maps the region again if it has grown to `size` bytes.

        Raises `ValueError` if the memory is shorter (an access beyond its end would crash the process), and
        `WorkerError` SHARED_MEMORY_FAILED.
        """
        if size > self.size:
            try:
                self._mapping = mmap.mmap(self._descriptor, size)
            except OSError as error:
                limit = address_space_limit()
                behind = "" if limit is None else f"; {limit}"
                raise WorkerError(
                    "SHARED_MEMORY_FAILED",
                    f"{size / 2**20:.1f} MiB of shared memory could not be mapped in the worker ({error.strerror}{behind}).\n"
                    "Feed smaller batches, or free memory (in a container: raise its memory limit).",
                ) from error

    def array(self, dtype: str, shape: list[int], offset: int) -> NDArray[np.generic]:
        """The tensor at `offset` as an array over the region; bfloat16 as bits."""
        kind = "uint16" if dtype == "bfloat16" else dtype
        if 0 in shape:
            return np.empty(shape, kind)
        return np.ndarray(tuple(shape), kind, buffer=self._mapping, offset=offset)
