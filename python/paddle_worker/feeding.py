"""Feeds a predictor from shared memory."""

from __future__ import annotations

from mmap import mmap
from typing import TYPE_CHECKING, Any, NamedTuple

from paddle import inference
from paddle.base import core

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from paddle_worker.protocol.runs import PlacedTensor
    from paddle_worker.shared_memory import Region

__all__ = ["Feeder"]

# Dtypes that paddle can only copy: 2.6 cannot share int8.
_COPIED = () if hasattr(inference.DataType, "BFLOAT16") else ("int8",)


class _Shared(NamedTuple):
    """The data of an input: the tensor over this mapping for a feed; `mapping` is None if the tensor cannot be reused."""

    feed: PlacedTensor
    mapping: mmap | None
    tensor: Any


class Feeder:
    """Keeps references to the memory of the inputs: paddle stores a raw pointer, so the mapping must outlive the run."""

    def __init__(self, inputs: dict[str, Any], on_cpu: bool) -> None:
        """`inputs` are paddle's handles by name."""
        self._inputs = inputs
        self._on_cpu = on_cpu
        self._shared: dict[str, _Shared] = {}

    def feed(self, feed: PlacedTensor, lane_region: Region, arena_region: Region) -> None:
        """Lets an input read the feed from its region; without a copy where paddle supports it."""
        handle = self._inputs[feed["name"]]
        strings = feed.get("strings")
        if strings is not None:
            handle.copy_from_cpu(strings)
            return
        region = arena_region if feed.get("arena") else lane_region
        shared = self._shared.get(feed["name"])
        if shared is not None and shared.feed is feed and shared.mapping is region.mapping is not None:
            # The same feed as in the previous run: reuse the tensor. Sharing it clears the LoD.
            handle.share_external_data(shared.tensor)
            if "lod" in feed:
                handle.set_lod(feed["lod"])
            return
        array = region.array(feed["dtype"], feed["shape"], feed["offset"])
        self._set(feed, handle, array, region)
        # An empty LoD clears that of an earlier run.
        handle.set_lod(feed.get("lod", []))

    def _set(self, feed: PlacedTensor, handle: Any, array: NDArray[np.generic], region: Region) -> None:
        name, dtype = feed["name"], feed["dtype"]
        if dtype == "bfloat16":
            # copy_from_cpu() would take its bits for int32.
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
        # A tensor on a GPU is a copy, which would be outdated in the next run.
        self._shared[feed["name"]] = _Shared(feed, region.mapping if self._on_cpu else None, tensor)


def _tensor_over(array: NDArray[np.generic]) -> Any:
    """A tensor that shares the array's memory; paddle takes uint16 for bfloat16."""
    return core.eager.Tensor(
        value=array,
        place=core.CPUPlace(),
        persistable=False,
        zero_copy=True,
        name="",
        stop_gradient=True,
    )
