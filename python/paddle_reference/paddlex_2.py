"""The transforms of PaddleX 2.1.0: `paddlex/cv/transforms/operators.py`, `functions.py` and `batch_operators.py`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from .image import Picture, Pixels
from .resizing import METHODS, Side

__all__ = [
    "center_crop",
    "decode",
    "normalize",
    "pad",
    "pad_batch",
    "resize",
    "resize_by_long",
    "resize_by_short",
]


def decode(picture: Picture, *, to_rgb: bool) -> None:
    """Do nothing: the image is RGB, as this version always feeds it."""
    if not to_rgb:
        raise ValueError("PaddleX 2 feeds RGB")


def resize(picture: Picture, *, target_size: Side, interp: str = "LINEAR", keep_ratio: bool = False) -> None:
    """Resize to `[height, width]`, or to the largest size of the same ratio that fits into it."""
    height, width = (target_size, target_size) if isinstance(target_size, int) else target_size
    from_height, from_width = picture.size
    down, across = height / from_height, width / from_width
    if keep_ratio:
        scale = min(down, across)
        width, height = round(from_width * scale), round(from_height * scale)
        down, across = height / from_height, width / from_width
    picture.undo.append(("resize", picture.size))
    picture.pixels = cv2.resize(picture.pixels, (width, height), interpolation=METHODS[interp])
    picture.resized = picture.size
    picture.scale = (picture.scale[0] * down, picture.scale[1] * across)


def resize_by_short(
    picture: Picture, *, short_size: int = 256, max_size: int = -1, interp: str = "LINEAR"
) -> None:
    """Resize the shorter side, or the longer one to `max_size` if it would exceed that."""
    height, width = picture.size
    scale = float(short_size) / float(min(height, width))
    if 0 < max_size < np.round(scale * max(height, width)):
        scale = float(max_size) / float(max(height, width))
    size = [round(height * scale), round(width * scale)]
    resize(picture, target_size=size, interp=interp)


def resize_by_long(picture: Picture, *, long_size: int = 256, interp: str = "LINEAR") -> None:
    """Resize the longer side."""
    height, width = picture.size
    scale = float(long_size) / float(max(height, width))
    size = [round(height * scale), round(width * scale)]
    resize(picture, target_size=size, interp=interp)


def center_crop(picture: Picture, *, crop_size: int = 224) -> None:
    """Crop a square in the centre."""
    height, width = picture.size
    if height < crop_size or width < crop_size:
        raise ValueError(f"{width}x{height} is smaller than the crop of {crop_size}x{crop_size}")
    left, top = (width - crop_size) // 2, (height - crop_size) // 2
    picture.pixels = picture.pixels[top : top + crop_size, left : left + crop_size]


def normalize(
    picture: Picture,
    *,
    mean: Sequence[float] = (0.485, 0.456, 0.406),
    std: Sequence[float] = (0.229, 0.224, 0.225),
    min_val: Sequence[float] = (0, 0, 0),
    max_val: Sequence[float] = (255.0, 255.0, 255.0),
    is_scale: bool = True,
) -> None:
    """`(value - min) * (1 / (max - min))`, then mean and deviation, all in float32. `is_scale` changes nothing."""
    if math.prod(std) == 0:
        raise ValueError("Normalize divides by a std of 0")
    pixels: Pixels = picture.pixels.astype(np.float32)
    factors = np.asarray([1.0 / (high - low) for low, high in zip(min_val, max_val)], dtype=np.float32)
    pixels = (pixels - np.asarray(min_val, dtype=np.float32)) * factors
    pixels -= np.asarray(mean, dtype=np.float32)[np.newaxis, np.newaxis, :]
    pixels /= np.asarray(std, dtype=np.float32)[np.newaxis, np.newaxis, :]
    picture.pixels = pixels


def pad(
    picture: Picture,
    *,
    target_size: Side | None = None,
    pad_mode: int = 0,
    offsets: Any = None,
    im_padding_value: float | Sequence[float] = (127.5, 127.5, 127.5),
    label_padding_value: Any = 255,
    size_divisor: int = 32,
) -> None:
    """Pad at the right and bottom to `[height, width]`, or to the next multiples."""
    if pad_mode != 0:
        raise ValueError(f"Padding has the pad_mode {pad_mode}")
    from_height, from_width = picture.size
    if target_size:
        height, width = (target_size, target_size) if isinstance(target_size, int) else target_size
    else:
        height = int(np.ceil(from_height / size_divisor) * size_divisor)
        width = int(np.ceil(from_width / size_divisor) * size_divisor)
    if from_height > height or from_width > width:
        raise ValueError(f"{from_width}x{from_height} is larger than the padded {width}x{height}")
    picture.undo.append(("padding", picture.size))
    if (height, width) == picture.size:
        return
    canvas: Pixels = np.ones((height, width, 3), dtype=np.float32)
    canvas *= np.array(im_padding_value, dtype=np.float32)
    canvas[:from_height, :from_width, :] = picture.pixels.astype(np.float32)
    picture.pixels = canvas


def pad_batch(picture: Picture, *, pad_to_stride: int) -> None:
    """Pad with zeros to the next multiples, as `_BatchPadding` does with a single image."""
    height, width = (math.ceil(side / pad_to_stride) * pad_to_stride for side in picture.size)
    padded: Pixels = np.zeros((height, width, 3), dtype=np.float32)
    padded[: picture.size[0], : picture.size[1], :] = picture.pixels
    picture.pixels = padded
