"""The transforms of PaddleX 1.3.11: `paddlex/cv/transforms/cls_transforms.py`, `det_transforms.py`, `seg_transforms.py`
and `ops.py`, on float32 pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from .image import Picture, Pixels
from .resizing import METHODS, Side

__all__ = [
    "decode",
    "normalize_by_half",
    "normalize_by_image_net",
    "pad_of_detector",
    "pad_of_segmenter",
    "resize_by_long",
    "resize_by_short",
    "resize_by_short_of_detector",
    "resize_by_short_of_segmenter",
    "resize_of_detector",
    "resize_of_segmenter",
]


def decode(picture: Picture, *, to_rgb: bool) -> None:
    """Convert to float32, and to BGR if the network takes that: `Compose.__call__`."""
    picture.pixels = picture.pixels.astype("float32")
    if not to_rgb:
        picture.pixels = cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2BGR)
    # Networks of this age have the input `im_size`.
    picture.before_2 = True


def normalize_by_image_net(
    picture: Picture,
    *,
    mean: Sequence[float] = (0.485, 0.456, 0.406),
    std: Sequence[float] = (0.229, 0.224, 0.225),
    min_val: Sequence[float] = (0, 0, 0),
    max_val: Sequence[float] = (255.0, 255.0, 255.0),
) -> None:
    """Normalise as classifiers and detectors do."""
    _normalize(picture, mean, std, min_val, max_val)


def normalize_by_half(
    picture: Picture,
    *,
    mean: Sequence[float] = (0.5, 0.5, 0.5),
    std: Sequence[float] = (0.5, 0.5, 0.5),
    min_val: Sequence[float] = (0, 0, 0),
    max_val: Sequence[float] = (255.0, 255.0, 255.0),
) -> None:
    """Normalise as segmenters do."""
    _normalize(picture, mean, std, min_val, max_val)


def _normalize(
    picture: Picture,
    mean: Sequence[float],
    std: Sequence[float],
    min_val: Sequence[float],
    max_val: Sequence[float],
) -> None:
    """`ops.normalize`: lists make numpy compute in double precision."""
    if math.prod(std) == 0:
        raise ValueError("Normalize divides by a std of 0")
    limits = [high - low for low, high in zip(min_val, max_val)]
    pixels: Pixels = (picture.pixels - np.array(list(min_val))) / np.array(limits)
    pixels -= np.array(mean)[np.newaxis, np.newaxis, :]
    pixels /= np.array(std)[np.newaxis, np.newaxis, :]
    picture.pixels = pixels.astype("float32")


def resize_by_short(picture: Picture, *, short_size: int = 256, max_size: int = -1) -> None:
    """Resize as classifiers do."""
    _resize_by_short(picture, short_size, max_size, cv2.INTER_LINEAR)


def resize_by_short_of_detector(picture: Picture, *, short_size: int = 800, max_size: int = 1333) -> None:
    """Resize as detectors do."""
    _resize_by_short(picture, short_size, max_size, cv2.INTER_LINEAR)


def resize_by_short_of_segmenter(picture: Picture, *, short_size: int = 800, max_size: int = 1333) -> None:
    """Resize as segmenters do: by the nearest pixel."""
    _resize_by_short(picture, short_size, max_size, cv2.INTER_NEAREST)


def _resize_by_short(picture: Picture, short_size: int, max_size: int, method: int) -> None:
    height, width = picture.size
    scale = float(short_size) / min(height, width)
    if max_size > 0 and np.round(scale * max(height, width)) > max_size:
        scale = float(max_size) / float(max(height, width))
    size = (round(width * scale), round(height * scale))
    _resized(picture, cv2.resize(picture.pixels, size, interpolation=method))


def resize_by_long(picture: Picture, *, long_size: int) -> None:
    """Resize the longer side."""
    height, width = picture.size
    scale = float(long_size) / float(max(height, width))
    size = (round(width * scale), round(height * scale))
    _resized(picture, cv2.resize(picture.pixels, size, interpolation=cv2.INTER_LINEAR))


def resize_of_detector(picture: Picture, *, target_size: Side = 608, interp: str = "LINEAR") -> None:
    """Resize to `[width, height]`."""
    size = _sides(target_size)
    _resized(picture, cv2.resize(picture.pixels, size, interpolation=METHODS[interp]))


def resize_of_segmenter(picture: Picture, *, target_size: Side, interp: str = "LINEAR") -> None:
    """Resize to `[width, height]`; OpenCV receives the scale."""
    width, height = _sides(target_size)
    across, down = float(width) / float(picture.size[1]), float(height) / float(picture.size[0])
    pixels = cv2.resize(picture.pixels, None, None, fx=across, fy=down, interpolation=METHODS[interp])
    _resized(picture, pixels)


def pad_of_detector(picture: Picture, *, coarsest_stride: int = 1, target_size: Side | None = None) -> None:
    """Pad with zeros at the right and bottom."""
    height, width = picture.size
    if target_size is not None:
        to_width, to_height = _sides(target_size)
    else:
        to_height = int(np.ceil(height / coarsest_stride) * coarsest_stride)
        to_width = int(np.ceil(width / coarsest_stride) * coarsest_stride)
    if to_height < height or to_width < width:
        raise ValueError(f"{width}x{height} is larger than the padded {to_width}x{to_height}")
    padded: Pixels = np.zeros((to_height, to_width, 3), dtype=np.float32)
    padded[:height, :width, :] = picture.pixels
    picture.pixels = padded


def pad_of_segmenter(
    picture: Picture,
    *,
    target_size: Side,
    im_padding_value: Sequence[float] = (127.5, 127.5, 127.5),
    label_padding_value: Any = 255,
) -> None:
    """Pad at the right and bottom, where the image is smaller."""
    picture.undo.append(("padding", picture.size))
    width, height = _sides(target_size)
    right, bottom = max(width - picture.size[1], 0), max(height - picture.size[0], 0)
    planes = [
        np.pad(
            picture.pixels[:, :, channel],
            pad_width=((0, bottom), (0, right)),
            mode="constant",
            constant_values=(im_padding_value[channel], im_padding_value[channel]),
        )
        for channel in range(3)
    ]
    picture.pixels = np.stack(planes, axis=2)


def _resized(picture: Picture, pixels: Pixels) -> None:
    picture.undo.append(("resize", picture.size))
    picture.pixels = pixels
    picture.resized = picture.size
    picture.scale = (picture.size[0] / picture.original[0], picture.size[1] / picture.original[1])


def _sides(size: Side) -> tuple[int, int]:
    return (size, size) if isinstance(size, int) else (size[0], size[1])
