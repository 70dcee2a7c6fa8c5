"""Normalises every 8-bit value with numpy in float32: `(image * scale - mean) / std`.

As in the tutorial's preprocess_ops.py and in PaddleClas; with `inDouble` as in PaddleDetection's preprocess.py, in place.

Reads {"scale", "mean", "std", "inDouble"?, "divisor"?} from stdin and writes the float32 values as base64: 3 x 256.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

import numpy as np

Pixels = np.ndarray[Any, Any]

__all__ = ["main"]


def main() -> None:
    given = json.load(sys.stdin)
    image = np.arange(256, dtype=np.uint8).reshape(16, 16, 1).repeat(3, axis=2)
    if given.get("divisor"):
        # As in PaddleDetection 0.5's deploy/python/preprocess.py and PaddleClas' det_preprocess.py (d178931f).
        divided = image.astype(np.float32) / given["divisor"]
        print(encoded(in_place(divided, given["scale"], given["mean"], given["std"])))
        return
    if given.get("inDouble"):
        print(encoded(in_place(image.astype(np.float32), given["scale"], given["mean"], given["std"])))
        return
    scale = np.float32(given["scale"])
    mean = np.array(given["mean"]).reshape((1, 1, 3)).astype("float32")
    std = np.array(given["std"]).reshape((1, 1, 3)).astype("float32")
    print(encoded((image * scale - mean) / std))


def in_place(image: Pixels, scale: float, mean: list[float], std: list[float]) -> Pixels:
    image *= scale
    image -= np.array(mean)[np.newaxis, np.newaxis, :]
    image /= np.array(std)[np.newaxis, np.newaxis, :]
    return image


def encoded(image: Pixels) -> str:
    result = image.transpose((2, 0, 1))
    if result.dtype != np.float32:
        raise TypeError(f"numpy {np.__version__} computed in {result.dtype}")
    return base64.b64encode(np.ascontiguousarray(result).tobytes()).decode()


if __name__ == "__main__":
    main()
