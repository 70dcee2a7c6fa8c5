"""The operators that crop, pad, and move the channels first."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from .image import Picture
from .resizing import Side

__all__ = ["center_crop", "crop_image", "decode_image", "keep_keys", "pad", "pad_stride", "permute", "to_chw"]


def decode_image(
    picture: Picture,
    *,
    to_rgb: bool = True,
    to_np: bool = False,
    channel_first: bool = False,
    img_mode: str = "RGB",
    backend: str = "cv2",
) -> None:
    """Reorder the channels; the image is already decoded, as RGB."""
    if not to_rgb or img_mode.upper() == "BGR":
        picture.pixels = np.ascontiguousarray(picture.pixels[:, :, ::-1])
    elif img_mode.upper() != "RGB":
        raise ValueError(f"DecodeImage has no img_mode {img_mode}")
    if channel_first:
        to_chw(picture)


def crop_image(picture: Picture, *, size: Side = 224) -> None:
    """Crop the centre to `[width, height]`, as the `CropImage` of PaddleClas and PaddleX."""
    width, height = (size, size) if isinstance(size, int) else size
    _crop(picture, width, height, (picture.size[1] - width) // 2, (picture.size[0] - height) // 2)


def center_crop(picture: Picture, *, size: Side) -> None:
    """Crop to `[height, width]` as `paddle.vision.transforms.CenterCrop`: the corner is rounded, ties to even."""
    height, width = (size, size) if isinstance(size, int) else size
    left, top = round((picture.size[1] - width) / 2.0), round((picture.size[0] - height) / 2.0)
    _crop(picture, width, height, left, top)


def _crop(picture: Picture, width: int, height: int, left: int, top: int) -> None:
    if picture.size[0] < height or picture.size[1] < width:
        raise ValueError(f"{picture.size[1]}x{picture.size[0]} is smaller than the crop of {width}x{height}")
    picture.pixels = picture.pixels[top : top + height, left : left + width]


def pad(picture: Picture, *, size: Side, fill_value: Sequence[float] = (114.0, 114.0, 114.0)) -> None:
    """Pad to `[height, width]` at the right and bottom, as PaddleDetection's `Pad`."""
    height, width = (size, size) if isinstance(size, int) else size
    if picture.size[0] > height or picture.size[1] > width:
        raise ValueError(f"{picture.size[1]}x{picture.size[0]} is larger than the padded {width}x{height}")
    canvas = np.ones((height, width, 3), dtype=np.float32) * np.array(fill_value, dtype=np.float32)
    canvas[: picture.size[0], : picture.size[1]] = picture.pixels
    picture.pixels = canvas


def pad_stride(picture: Picture, *, stride: int = 0) -> None:
    """Pad with zeros to the next multiple of `stride`, as PaddleDetection's `PadStride`."""
    if stride <= 0:
        return
    _need_channels_first(picture, "PadStride")
    height, width = (math.ceil(side / stride) * stride for side in picture.size)
    padded = np.zeros((picture.pixels.shape[0], height, width), dtype=np.float32)
    padded[:, : picture.size[0], : picture.size[1]] = picture.pixels
    picture.pixels = padded
    picture.padded = (height, width)


def permute(picture: Picture, *, to_bgr: bool = False, channel_first: bool = True) -> None:
    """Move the channels first, as PaddleDetection's `Permute`."""
    if channel_first:
        to_chw(picture)
    if to_bgr:
        _need_channels_first(picture, "Permute")
        picture.pixels = picture.pixels[::-1]


def to_chw(picture: Picture) -> None:
    """Change height, width, channels to channels, height, width."""
    if picture.channels_first:
        raise ValueError("the channels already come first")
    picture.pixels = picture.pixels.transpose((2, 0, 1))
    picture.channels_first = True


def keep_keys(picture: Picture, *, keep_keys: Sequence[str] = ()) -> None:
    """Do nothing: there is only the image."""


def _need_channels_first(picture: Picture, operator: str) -> None:
    if not picture.channels_first:
        raise ValueError(f"{operator} requires the channels first")
