"""A model in `paddle.inference`, run like in any Python script: on the CPU, one image at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .image import Picture, Pixels

__all__ = ["Network"]


class Network:
    """A predictor, with inputs through `copy_from_cpu` and outputs through `copy_to_cpu`."""

    def __init__(self, program: str, params: str | None, *, separate: bool, one_dnn: bool) -> None:
        """`separate`: `program` is a folder with one file for each parameter."""
        from paddle import inference

        config = inference.Config(program) if separate else inference.Config(program, params or "")
        config.disable_gpu()
        config.disable_glog_info()
        if not one_dnn:
            config.disable_mkldnn()
        self._predictor = inference.create_predictor(config)

    def run(self, picture: Picture) -> dict[str, Pixels]:
        """Run one image as a batch; return the outputs in the order of the network."""
        batch = np.ascontiguousarray(picture.pixels, dtype=np.float32)[np.newaxis]
        others: Mapping[str, Any] = {"im_shape": picture.resized, "scale_factor": picture.scale}
        for name in self._predictor.get_input_names():
            fed = np.array([others[name]], dtype=np.float32) if name in others else batch
            self._predictor.get_input_handle(name).copy_from_cpu(fed)
        self._predictor.run()
        handles = {
            name: self._predictor.get_output_handle(name) for name in self._predictor.get_output_names()
        }
        return {name: handle.copy_to_cpu() for name, handle in handles.items()}
