"""One predictor, fed from and read into shared memory."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from paddle import inference
from paddle.base import core

from paddle_worker.errors import WorkerError
from paddle_worker.shared_memory import Region, aligned

if TYPE_CHECKING:
    from paddle_worker.protocol import PlacedTensor, RunReply, RunRequest

__all__ = ["RegionPair", "WorkerPredictor"]

# numpy has no bfloat16, and copy_to_cpu() reads past its end. Paddle 2.6 does not know the type here.
_BFLOAT16 = getattr(inference.DataType, "BFLOAT16", None)

# What paddle takes as a copy only.
_UNSHAREABLE = ("int8",) if _BFLOAT16 is None else ()


class RegionPair:
    """The two regions of a lane."""

    def __init__(self, input_descriptor: int, output_descriptor: int) -> None:
        self.input = Region(input_descriptor)
        self.output = Region(output_descriptor)


class WorkerPredictor:
    def __init__(self, config: Any, on_cpu: bool) -> None:
        self._native = inference.create_predictor(config)
        self._inputs = {name: self._native.get_input_handle(name) for name in self._native.get_input_names()}
        self._on_cpu = on_cpu
        # Paddle keeps a raw pointer to what was shared: the tensor, and with it the mapping, must outlive the run.
        self._shared: dict[str, Any] = {}

    @property
    def input_names(self) -> list[str]:
        return list(self._inputs)

    @property
    def output_names(self) -> list[str]:
        return list(self._native.get_output_names())

    def run(self, request: RunRequest, regions: RegionPair) -> RunReply:
        started = time.perf_counter_ns()
        regions.input.map(request["inputBytes"])
        for feed in request["feeds"]:
            self._feed(feed, regions.input)
        self._native.run()
        outputs = self._fetch(regions.output)
        return {
            "id": request["id"],
            "outputs": outputs,
            "outputBytes": regions.output.size,
            "microseconds": (time.perf_counter_ns() - started) // 1000,
        }

    def _feed(self, feed: PlacedTensor, region: Region) -> None:
        name = feed["name"]
        handle = self._inputs[name]
        array = region.array(feed["dtype"], feed["shape"], feed["offset"])
        if self._on_cpu and array.size > 0 and feed["dtype"] not in _UNSHAREABLE:
            tensor = core.eager.Tensor(
                value=array,
                place=core.CPUPlace(),
                persistable=False,
                zero_copy=True,
                name="",
                stop_gradient=True,
            )
            handle.share_external_data(tensor)
            self._shared[name] = tensor
        else:
            handle.reshape(feed["shape"])
            handle.copy_from_cpu(array)
            self._shared.pop(name, None)
        # An empty LoD clears what an earlier run has set.
        handle.set_lod(feed.get("lod", []))

    def _fetch(self, region: Region) -> list[PlacedTensor]:
        # Handles are asked for anew: what they point to may change from run to run.
        handles = [(name, self._native.get_output_handle(name)) for name in self._native.get_output_names()]
        placed: list[tuple[PlacedTensor, NDArray[np.generic]]] = []
        end = 0
        for name, handle in handles:
            if handle.type() == _BFLOAT16:
                raise WorkerError(
                    "OUTPUT_UNSUPPORTED",
                    f"Output `{name}` is bfloat16, which paddle cannot hand to numpy.\n"
                    "Export the network with a cast of this output to float32.",
                )
            array = handle.copy_to_cpu()
            tensor: PlacedTensor = {
                "name": name,
                "dtype": array.dtype.name,
                "shape": list(array.shape),
                "offset": end,
            }
            lod = handle.lod()
            if lod:
                tensor["lod"] = lod
            placed.append((tensor, array))
            end = aligned(end + array.nbytes)
        try:
            region.grow(end)
        except OSError as error:
            raise WorkerError(
                "SHARED_MEMORY_FAILED",
                f"{end / 2**20:.1f} MiB of shared memory for the outputs could not be had ({error.strerror}).\n"
                "Feed smaller batches, or free memory (in a container: raise its memory limit).",
            ) from error
        for tensor, array in placed:
            if array.size > 0:
                np.copyto(region.array(tensor["dtype"], tensor["shape"], tensor["offset"]), array)
        return [tensor for tensor, _ in placed]
