"""PaddleSeg's transforms of an inference file, on float32 pixels; and the map of classes in the size of the image."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from .image import Picture, Pixels
from .resizing import METHODS

__all__ = [
    "class_map",
    "limit_long",
    "normalize",
    "pad_by_aspect_ratio",
    "pad_to",
    "resize",
    "resize_by_factor",
    "resize_by_long",
    "resize_by_range",
    "resize_by_short",
    "to_network",
]


def normalize(picture: Picture, *, mean: Sequence[float] = (0.5,), std: Sequence[float] = (0.5,)) -> None:
    """`(value / 255 - mean) / std`: float32 pixels, changed in place by numbers in double precision."""
    if math.prod(std) == 0:
        raise ValueError("Normalize divides by a std of 0")
    scaled: Pixels = picture.pixels / 255.0
    scaled -= np.array(mean)
    scaled /= np.array(std)
    picture.pixels = scaled


def resize(
    picture: Picture,
    *,
    target_size: Sequence[int] = (512, 512),
    keep_ratio: bool = False,
    size_divisor: int | None = None,
    interp: str = "LINEAR",
) -> None:
    """Resize to `[width, height]`, or to the largest size of the same ratio that fits into it."""
    width, height = target_size
    if keep_ratio:
        from_height, from_width = picture.size
        scale = min(
            max(target_size) / max(from_height, from_width), min(target_size) / min(from_height, from_width)
        )
        width, height = round(from_width * scale), round(from_height * scale)
    if size_divisor:
        width, height = (math.ceil(side / size_divisor) * size_divisor for side in (width, height))
    _resize_to(picture, width, height, interp)


def resize_by_short(picture: Picture, *, short_size: int, max_size: float = 1e10) -> None:
    """Resize the shorter side, or make it shorter still if the longer one would exceed `max_size`."""
    shorter, longer = min(picture.size), max(picture.size)
    if short_size / shorter * longer > max_size:
        short_size = int((max_size / longer) * shorter)
    _scale(picture, short_size / shorter)


def resize_by_long(picture: Picture, *, long_size: int) -> None:
    """Resize the longer side."""
    _scale(picture, long_size / max(picture.size))


def limit_long(picture: Picture, *, max_long: int | None = None, min_long: int | None = None) -> None:
    """Resize the longer side to the limit that it exceeds or falls below."""
    longer = max(picture.size)
    if max_long is not None and longer > max_long:
        _scale(picture, max_long / longer)
    elif min_long is not None and longer < min_long:
        _scale(picture, min_long / longer)


def resize_by_range(picture: Picture, *, min_value: int = 400, max_value: int = 600) -> None:
    """Resize the longer side to a size of the range, which must contain only one."""
    if min_value != max_value:
        raise ValueError("ResizeRangeScaling chooses a size at random")
    resize_by_long(picture, long_size=max_value)


def resize_by_factor(
    picture: Picture,
    *,
    min_scale_factor: float = 0.75,
    max_scale_factor: float = 1.25,
    scale_step_size: float = 0.25,
) -> None:
    """Resize by a factor of the range, which must contain only one."""
    if min_scale_factor != max_scale_factor:
        raise ValueError("ResizeStepScaling chooses a factor at random")
    _scale(picture, max_scale_factor)


def pad_to(
    picture: Picture,
    *,
    target_size: Sequence[int],
    im_padding_value: float = 127.5,
    label_padding_value: Any = 255,
) -> None:
    """Pad to `[width, height]` at the right and bottom."""
    height, width = picture.size
    right, bottom = target_size[0] - width, target_size[1] - height
    if right < 0 or bottom < 0:
        raise ValueError(f"{width}x{height} is larger than the padded {target_size[0]}x{target_size[1]}")
    picture.undo.append(("padding", picture.size))
    picture.pixels = cv2.copyMakeBorder(
        picture.pixels, 0, bottom, 0, right, cv2.BORDER_CONSTANT, value=(im_padding_value,) * 3
    )


def pad_by_aspect_ratio(
    picture: Picture,
    *,
    aspect_ratio: float = 1,
    im_padding_value: float = 127.5,
    label_padding_value: Any = 255,
) -> None:
    """Pad until the width is `aspect_ratio` times the height."""
    height, width = picture.size
    ratio = width / height
    if ratio > aspect_ratio:
        height = int(width / aspect_ratio)
    elif ratio < aspect_ratio:
        width = int(height * aspect_ratio)
    else:
        return
    pad_to(picture, target_size=(width, height), im_padding_value=im_padding_value)


def to_network(picture: Picture) -> None:
    """Move the channels first, as the last step."""
    picture.pixels = picture.pixels.transpose((2, 0, 1))
    picture.channels_first = True


def class_map(outputs: Sequence[Pixels], picture: Picture, restored_by: str | None = None) -> Pixels:
    """Return the class of each pixel of the original image: the first output, with the steps undone in reverse order.

    Consecutive resizes are undone as one, unless `restored_by` is `nearest` (PaddleX 2.1.0, `cv/models/segmenter.py`) or
    `linear` (PaddleX 1.3.11, `cv/models/deeplabv3p.py`). Raises `ValueError` if the first output does not contain classes.
    """
    ids = _ids(outputs[0])
    if ids.shape != picture.size:
        raise ValueError(f"the first output has {ids.shape} classes, but {picture.size} pixels were fed")
    # cv2.resize takes float32, which holds every class.
    result: Pixels = ids.astype(np.uint8 if restored_by == "linear" else np.float32)
    steps = list(reversed(picture.undo))
    for index, (step, (height, width)) in enumerate(steps):
        following = steps[index + 1][0] if index + 1 < len(steps) else None
        if step == "padding":
            result = result[:height, :width]
        elif restored_by == "linear":
            # PaddleX passes the interpolation in the place of `dst`, so OpenCV's default counts.
            result = cv2.resize(np.ascontiguousarray(result), (width, height))
        elif restored_by == "nearest" or following != "resize":
            result = cv2.resize(
                np.ascontiguousarray(result), (width, height), interpolation=cv2.INTER_NEAREST
            )
    return result


def _ids(output: Pixels) -> Pixels:
    """Classes `[1, H, W]` or `[1, 1, H, W]`, or the best of scores `[1, C, H, W]`."""
    if output.dtype == np.float32 and output.ndim == 4 and output.shape[:1] == (1,) and output.shape[1] > 1:
        best: Pixels = np.argmax(output[0], axis=0)
        return best
    if output.ndim == 4 and output.shape[1] == 1:
        output = output[:, 0]
    if output.dtype.kind not in "iu" or output.ndim != 3 or output.shape[0] != 1:
        raise ValueError(
            f"the first output is {output.dtype} {list(output.shape)}, which are no classes of pixels"
        )
    return output[0]


def _scale(picture: Picture, scale: float) -> None:
    height, width = picture.size
    _resize_to(picture, round(width * scale), round(height * scale), "LINEAR")


def _resize_to(picture: Picture, width: int, height: int, interp: str) -> None:
    if interp not in METHODS:
        raise ValueError(f"Resize has no interpolation {interp}")
    picture.undo.append(("resize", picture.size))
    # OpenCV fails with an empty size.
    size = (max(1, width), max(1, height))
    picture.pixels = cv2.resize(picture.pixels, size, interpolation=METHODS[interp])
    picture.resized = picture.size
    picture.scale = (picture.size[0] / picture.original[0], picture.size[1] / picture.original[1])
