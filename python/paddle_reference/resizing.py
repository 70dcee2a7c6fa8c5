"""The operators that resize, with the size as each framework computes it, by OpenCV or Pillow."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Optional, Union

import cv2
import numpy as np
from PIL import Image

from .image import Picture, Pixels

__all__ = [
    "METHODS",
    "Side",
    "resize_before_2",
    "resize_by_detection",
    "resize_by_vision",
    "resize_image",
    "resize_pixels",
]

Side = Union[int, list[int]]
Interpolation = Optional[Union[str, int]]

_OPENCV = {
    "nearest": cv2.INTER_NEAREST,
    "linear": cv2.INTER_LINEAR,
    "bilinear": cv2.INTER_LINEAR,
    "cubic": cv2.INTER_CUBIC,
    "bicubic": cv2.INTER_CUBIC,
    "area": cv2.INTER_AREA,
    "lanczos": cv2.INTER_LANCZOS4,
    "lanczos4": cv2.INTER_LANCZOS4,
}

METHODS = {
    "NEAREST": cv2.INTER_NEAREST,
    "LINEAR": cv2.INTER_LINEAR,
    "CUBIC": cv2.INTER_CUBIC,
    "AREA": cv2.INTER_AREA,
    "LANCZOS4": cv2.INTER_LANCZOS4,
}
"""The names of PaddleSeg and PaddleX 1 and 2."""

_PILLOW = {
    "nearest": Image.Resampling.NEAREST,
    "linear": Image.Resampling.BILINEAR,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "box": Image.Resampling.BOX,
    "hamming": Image.Resampling.HAMMING,
    "lanczos": Image.Resampling.LANCZOS,
    "lanczos4": Image.Resampling.LANCZOS,
}


def resize_image(
    picture: Picture,
    *,
    size: Side | None = None,
    resize_short: int | None = None,
    interpolation: Interpolation = None,
    backend: str = "cv2",
    size_divisor: int | None = None,
    return_numpy: bool = True,
) -> None:
    """Resize as the `ResizeImage` of PaddleClas and PaddleX: `size` is `[width, height]`."""
    height, width = picture.size
    if resize_short is not None and resize_short > 0:
        percent = float(resize_short) / min(width, height)
        target = (round(width * percent), round(height * percent))
    elif size:
        target = (size, size) if isinstance(size, int) else (size[0], size[1])
    else:
        raise ValueError("ResizeImage needs resize_short or size")
    if size_divisor:
        target = _next_multiples(target, size_divisor)
    _resize_to(picture, target, interpolation, backend)


def resize_by_vision(
    picture: Picture, *, size: Side, interpolation: Interpolation = "bilinear", backend: str = "cv2"
) -> None:
    """Resize as `paddle.vision.transforms.Resize`: `size` is the shorter side, or `[height, width]`."""
    height, width = picture.size
    if isinstance(size, list):
        target = (size[1], size[0])
    elif width < height:
        target = (size, int(size * height / width))
    else:
        target = (int(size * width / height), size)
    _resize_to(picture, target, interpolation, backend)


def resize_by_detection(
    picture: Picture,
    *,
    target_size: Side,
    keep_ratio: bool = True,
    interp: int | str = cv2.INTER_LINEAR,
    size_divisor: int | None = None,
) -> None:
    """Resize as PaddleDetection's `Resize`: `target_size` is `[height, width]`; OpenCV receives the scale.

    `size_divisor` is PaddleX's: both sides are rounded up to a multiple of it, and OpenCV receives the size.
    """
    height, width = picture.size
    to_height, to_width = (target_size, target_size) if isinstance(target_size, int) else target_size
    if keep_ratio:
        down = float(min(to_height, to_width)) / float(min(height, width))
        if np.round(down * max(height, width)) > max(to_height, to_width):
            down = float(max(to_height, to_width)) / float(max(height, width))
        across = down
    else:
        down, across = to_height / float(height), to_width / float(width)
    if size_divisor:
        target = _next_multiples((round(width * across), round(height * down)), size_divisor)
        _resize_to(picture, target, interp, "cv2")
        return
    method = _OPENCV[interp.lower()] if isinstance(interp, str) else interp
    picture.pixels = cv2.resize(picture.pixels, None, fx=across, fy=down, interpolation=method)
    picture.resized = picture.size
    picture.scale = (down, across)


_KEEP_RATIO = {"RCNN", "RetinaNet", "FCOS", "SOLOv2"}


def resize_before_2(
    picture: Picture,
    *,
    arch: str,
    target_size: int,
    max_size: int,
    use_cv2: bool = True,
    image_shape: list[int] | None = None,
    interp: int = cv2.INTER_LINEAR,
    resize_box: bool = False,
) -> None:
    """Resize and pad as the `Resize` of PaddleDetection 0.5 (deploy/python/preprocess.py, ed2ffa08)."""
    height, width = picture.size
    if max_size != 0 and arch in _KEEP_RATIO:
        across = float(target_size) / float(min(height, width))
        if np.round(across * max(height, width)) > max_size:
            across = float(max_size) / float(max(height, width))
        down = across
    else:
        across, down = float(target_size) / float(width), float(target_size) / float(height)
    if use_cv2:
        picture.pixels = cv2.resize(picture.pixels, None, fx=across, fy=down, interpolation=interp)
    else:
        if max_size != 0:
            raise ValueError("Resize has a max_size, which requires use_cv2")
        size = (int(across * float(width)), int(down * float(height)))
        resized = Image.fromarray(picture.pixels).resize(size, Image.Resampling(interp))
        picture.pixels = np.array(resized)
    picture.resized = picture.size
    picture.scale = (down, across)
    picture.before_2 = True
    if max_size != 0 and image_shape is not None:
        padded: Pixels = np.zeros((max_size, max_size, 3), dtype=np.float32)
        padded[: picture.size[0], : picture.size[1]] = picture.pixels
        picture.pixels = padded


def _next_multiples(size: tuple[int, int], divisor: int) -> tuple[int, int]:
    return math.ceil(size[0] / divisor) * divisor, math.ceil(size[1] / divisor) * divisor


def _resize_to(picture: Picture, target: tuple[int, int], interpolation: Interpolation, backend: str) -> None:
    height, width = picture.size
    if (width, height) != target:
        picture.pixels = resize_pixels(picture.pixels, target, interpolation, backend)
    picture.resized = picture.size
    picture.scale = (picture.size[0] / picture.original[0], picture.size[1] / picture.original[1])


def resize_pixels(
    pixels: Pixels, target: tuple[int, int], interpolation: Interpolation, backend: str
) -> Pixels:
    """Resize to `(width, height)` with the library and method that the operator names."""
    libraries: dict[str, tuple[dict[str, int], Callable[[Pixels, tuple[int, int], int], Pixels]]] = {
        "cv2": (dict(_OPENCV), lambda image, to, method: cv2.resize(image, to, interpolation=method)),
        "pil": (dict(_PILLOW), lambda image, to, method: np.array(Image.fromarray(image).resize(to, method))),
    }
    if backend.lower() not in libraries:
        raise ValueError(f"the backend {backend} is neither cv2 nor pil")
    methods, resize = libraries[backend.lower()]
    if interpolation is None:
        interpolation = "bilinear"
    if isinstance(interpolation, str):
        if interpolation.lower() not in methods:
            raise ValueError(f"{backend} has no interpolation {interpolation}")
        interpolation = methods[interpolation.lower()]
    return resize(pixels, target, interpolation)
