"""Feeds a predictor with what lies in shared memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


class Feeder:
    """Holds on to what the inputs look into: paddle keeps a raw pointer, so that the mapping must outlive the run."""

    def __init__(self, inputs: dict[str, Any], on_cpu: bool) -> None:
        """`inputs` are paddle's handles by their names."""
        self._inputs = inputs
        self._on_cpu = on_cpu
        self._shared: dict[str, Any] = {}

    def feed(self, feed: PlacedTensor, lane_region: Region, arena_region: Region) -> None:
        """Have an input read what lies in one of the regions; without a copy where paddle can."""
        handle = self._inputs[feed["name"]]
        strings = feed.get("strings")
        if strings is not None:
            handle.copy_from_cpu(strings)
            return
        region = arena_region if feed.get("arena") else lane_region
        array = region.array(feed["dtype"], feed["shape"], feed["offset"])
        self._set(feed, handle, array)
        # An empty LoD clears what an earlier run has set.
        handle.set_lod(feed.get("lod", []))

    def _set(self, feed: PlacedTensor, handle: Any, array: NDArray[np.generic]) -> None:
        name, dtype = feed["name"], feed["dtype"]
        if dtype == "bfloat16":
            # copy_from_cpu() takes its bits for int32.
            tensor = _tensor_over(array)
            self._share(name, handle, tensor if self._on_cpu else tensor.cuda())
        elif self._on_cpu and array.size > 0 and dtype not in _COPIED:
            self._share(name, handle, _tensor_over(array))
        else:
            handle.reshape(feed["shape"])
            handle.copy_from_cpu(array)
            self._shared.pop(name, None)

    def _share(self, name: str, handle: Any, tensor: Any) -> None:
        handle.share_external_data(tensor)
        self._shared[name] = tensor


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
