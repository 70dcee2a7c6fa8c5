"""Feeds a predictor with what lies in shared memory."""

from __future__ import annotations

from mmap import mmap
from typing import TYPE_CHECKING, Any, NamedTuple

from paddle import inference
from paddle.base import core

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from paddle_worker.protocol import PlacedTensor
    from paddle_worker.shared_memory import Region

__all__ = ["Feeder"]

# What paddle takes as a copy only: 2.6 lacks int8 among what it shares.
_COPIED = () if hasattr(inference.DataType, "BFLOAT16") else ("int8",)


class _Shared(NamedTuple):
    """What an input looks into: the tensor made for a feed over this mapping, or None where that cannot be used again."""

    feed: PlacedTensor
    mapping: mmap | None
    tensor: Any


class Feeder:
    """Holds on to what the inputs look into: paddle keeps a raw pointer, so that the mapping must outlive the run."""

    def __init__(self, inputs: dict[str, Any], on_cpu: bool) -> None:
        """`inputs` are paddle's handles by their names."""
        self._inputs = inputs
        self._on_cpu = on_cpu
        self._shared: dict[str, _Shared] = {}

    def feed(self, feed: PlacedTensor, lane_region: Region, arena_region: Region) -> None:
        """Have an input read what lies in one of the regions; without a copy where paddle can."""
        handle = self._inputs[feed["name"]]
        strings = feed.get("strings")
        if strings is not None:
            handle.copy_from_cpu(strings)
            return
        region = arena_region if feed.get("arena") else lane_region
        shared = self._shared.get(feed["name"])
        if shared is not None and shared.feed is feed and shared.mapping is region.mapping is not None:
            # As in the run before: a new tensor over the same memory would be no other.
            handle.share_external_data(shared.tensor)
            return
        array = region.array(feed["dtype"], feed["shape"], feed["offset"])
        self._set(feed, handle, array, region)
        # An empty LoD clears what an earlier run has set.
        handle.set_lod(feed.get("lod", []))

    def _set(self, feed: PlacedTensor, handle: Any, array: NDArray[np.generic], region: Region) -> None:
        name, dtype = feed["name"], feed["dtype"]
        if dtype == "bfloat16":
            # copy_from_cpu() takes its bits for int32.
            tensor = _tensor_over(array)
            self._share(feed, handle, tensor if self._on_cpu else tensor.cuda(), region)
        elif self._on_cpu and array.size > 0 and dtype not in _COPIED:
            self._share(feed, handle, _tensor_over(array), region)
        else:
            handle.reshape(feed["shape"])
            handle.copy_from_cpu(array)
            self._shared.pop(name, None)

    def _share(self, feed: PlacedTensor, handle: Any, tensor: Any, region: Region) -> None:
        handle.share_external_data(tensor)
        # One on a GPU is a copy, and would be an old one in the next run.
        self._shared[feed["name"]] = _Shared(feed, region.mapping if self._on_cpu else None, tensor)


def _tensor_over(array: NDArray[np.generic]) -> Any:
    """A tensor that looks into the array's memory; one of uint16 is bfloat16 to paddle."""
    return core.eager.Tensor(
        value=array,
        place=core.CPUPlace(),
        persistable=False,
        zero_copy=True,
        name="",
        stop_gradient=True,
    )
