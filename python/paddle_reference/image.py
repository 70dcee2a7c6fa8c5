"""An image during preprocessing, and how it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageOps

__all__ = ["Picture", "Pixels", "UnreadableImageError", "read_picture"]

Pixels = np.ndarray[Any, Any]
"""8 bits at first, float32 after normalisation."""


class UnreadableImageError(Exception):
    """The library cannot decode the file."""


@dataclass
class Picture:
    """The pixels, and what a detector needs to know about them."""

    pixels: Pixels
    channels_first: bool = False
    original: tuple[int, int] = field(init=False)
    """Height and width as decoded."""
    resized: tuple[int, int] = field(init=False)
    """Height and width after the last resize, before any crop and padding."""
    scale: tuple[float, float] = field(init=False)
    """Resized over original size, down and across, as in the framework."""
    corner: tuple[int, int] = (0, 0)
    """The top and left of the image after padding."""
    before_2: bool = False
    """Whether an operator of PaddleDetection before 2.0 was applied, whose networks have other inputs."""
    padded: tuple[int, int] | None = None
    """Height and width after `PadStride`."""
    undo: list[tuple[str, tuple[int, int]]] = field(default_factory=list)
    """The resizes and paddings of PaddleSeg and PaddleX so far, each with the height and width before it."""

    def __post_init__(self) -> None:
        self.original = self.resized = self.size
        self.scale = (1.0, 1.0)

    @property
    def size(self) -> tuple[int, int]:
        """The height and width of the pixels."""
        height, width = self.pixels.shape[1:] if self.channels_first else self.pixels.shape[:2]
        return height, width


def read_picture(path: str, *, library: str, orient: bool) -> Picture:
    """Read an image as RGB, optionally rotated and mirrored by its EXIF orientation; of an animation, the first frame.

    Raises `UnreadableImageError`.
    """
    return Picture(
        _read_with_pillow(path, orient) if library == "pillow" else _read_with_opencv(path, orient)
    )


def _read_with_opencv(path: str, orient: bool) -> Pixels:
    # As in the frameworks: imread() also returns None for a path that it cannot open.
    try:
        pixels = cv2.imread(path, cv2.IMREAD_COLOR | (0 if orient else cv2.IMREAD_IGNORE_ORIENTATION))
    except cv2.error as error:
        # For example, more pixels than it accepts.
        raise UnreadableImageError(f"OpenCV cannot decode it: {error.err}") from error
    if pixels is None:
        raise UnreadableImageError("OpenCV cannot decode it")
    turned: Pixels = cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)
    return turned


def _read_with_pillow(path: str, orient: bool) -> Pixels:
    try:
        with Image.open(path) as image:
            turned = ImageOps.exif_transpose(image) if orient else image
            decoded: Pixels = np.array(turned.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadableImageError(f"Pillow cannot decode it: {error}") from error
    return decoded
