"""The tutorial's way from a file to a batch of one, with Pillow and numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["preprocess"]


def preprocess(path: str) -> NDArray[np.float32]:
    image = Image.open(path).convert("RGB")
    width, height = image.size
    if width <= height:
        image = image.resize((256, int(256 * height / width)), Image.Resampling.BILINEAR)
    else:
        image = image.resize((int(256 * width / height), 256), Image.Resampling.BILINEAR)
    pixels = np.array(image)
    top, left = (pixels.shape[0] - 224) // 2, (pixels.shape[1] - 224) // 2
    pixels = pixels[top : top + 224, left : left + 224]
    mean = np.array([0.485, 0.456, 0.406], dtype="float32")
    std = np.array([0.229, 0.224, 0.225], dtype="float32")
    normalised: NDArray[np.float32] = (pixels * np.float32(1 / 255) - mean) / std
    batch: NDArray[np.float32] = np.ascontiguousarray(normalised.transpose((2, 0, 1))[None])
    return batch
