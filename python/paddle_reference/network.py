"""A model in `paddle.inference`, run like in any Python script: on the CPU, one image at a time."""

from __future__ import annotations

from collections.abc import Mapping

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
        others = _inputs_before_2(picture) if picture.before_2 else _inputs(picture)
        for name in self._predictor.get_input_names():
            fed = others.get(name, batch)
            self._predictor.get_input_handle(name).copy_from_cpu(fed)
        self._predictor.run()
        handles = {
            name: self._predictor.get_output_handle(name) for name in self._predictor.get_output_names()
        }
        return {name: handle.copy_to_cpu() for name, handle in handles.items()}


def _inputs(picture: Picture) -> Mapping[str, Pixels]:
    return {
        "im_shape": np.array([picture.resized], dtype=np.float32),
        "scale_factor": np.array([picture.scale], dtype=np.float32),
    }


def _inputs_before_2(picture: Picture) -> Mapping[str, Pixels]:
    """As `create_inputs` of PaddleDetection 0.5 (deploy/python/infer.py, ed2ffa08)."""
    height, width = picture.original
    scale_y, scale_x = picture.scale
    # Its Resize multiplies the height by the scale of the width, and the width by that of the height.
    resize_shape = [scale_x * float(height), scale_y * float(width)]
    pad_shape = list(picture.padded) if picture.padded is not None else resize_shape
    return {
        "im_size": np.array([[height, width]]).astype("int32"),
        "im_info": np.array([[*pad_shape, scale_x]]).astype("float32"),
        "im_shape": np.array([[height, width, 1.0]]).astype("float32"),
        "scale_factor": np.array([[scale_x, scale_y] * 2]).astype("float32"),
    }
