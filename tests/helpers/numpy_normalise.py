"""What numpy makes of every 8-bit value in float32: `(image * scale - mean) / std`, as in the tutorial's preprocess_ops.py.

Reads {"scale", "mean", "std"} from stdin and writes the float32 values, channels first, as base64: 3 x 256.
"""

from __future__ import annotations

import base64
import json
import sys

import numpy as np

__all__ = ["main"]


def main() -> None:
    given = json.load(sys.stdin)
    image = np.arange(256, dtype=np.uint8).reshape(16, 16, 1).repeat(3, axis=2)
    scale = np.float32(given["scale"])
    mean = np.array(given["mean"]).reshape((1, 1, 3)).astype("float32")
    std = np.array(given["std"]).reshape((1, 1, 3)).astype("float32")
    result = ((image * scale - mean) / std).transpose((2, 0, 1))
    if result.dtype != np.float32:
        raise TypeError(f"numpy {np.__version__} computed in {result.dtype}")
    print(base64.b64encode(np.ascontiguousarray(result).tobytes()).decode())


if __name__ == "__main__":
    main()
