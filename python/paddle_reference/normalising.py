"""`NormalizeImage` of both frameworks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .image import Picture, Pixels

__all__ = [
    "normalize_before_2",
    "normalize_by_clas",
    "normalize_by_detection",
    "normalize_by_quotient",
    "scale_of",
]

_MEAN = (0.485, 0.456, 0.406)
_STD = (0.229, 0.224, 0.225)
_AS_THEY_LIE = "as the channels lie"


def scale_of(value: float | str) -> float:
    """Parse a number, or a quotient such as `1.0/255.0`, which the frameworks pass to `eval`.

    Raises `ValueError` for anything else.
    """
    if not isinstance(value, str):
        return float(value)
    first, *divisors = (float(part) for part in value.split("/"))
    for divisor in divisors:
        first /= divisor
    return first


def normalize_by_clas(
    picture: Picture,
    *,
    scale: float | str | None = None,
    mean: Sequence[float] | None = None,
    std: Sequence[float] | None = None,
    order: str = _AS_THEY_LIE,
    channel_num: int = 3,
    output_fp16: bool = False,
) -> None:
    """Normalise as PaddleClas and PaddleX: `(value * scale - mean) / std` in float32; a fourth plane is zeros."""
    if order != _AS_THEY_LIE and (order == "chw") != picture.channels_first:
        raise ValueError(f"NormalizeImage has the order '{order}', which the image does not have")
    factor = np.float32(1.0 / 255.0 if scale is None else scale_of(scale))
    channels_first = picture.channels_first
    normalised: Pixels = picture.pixels.astype(np.float32) * factor
    normalised = (normalised - _shaped(_MEAN if mean is None else mean, channels_first)) / _shaped(
        _STD if std is None else std, channels_first
    )
    if channel_num == 4:
        axis = 0 if channels_first else 2
        zeros = np.zeros_like(np.take(normalised, [0], axis=axis))
        normalised = np.concatenate((normalised, zeros), axis=axis)
    picture.pixels = normalised.astype(np.float16 if output_fp16 else np.float32)


def normalize_by_detection(
    picture: Picture,
    *,
    mean: Sequence[float] = _MEAN,
    std: Sequence[float] = _STD,
    is_scale: bool = True,
    norm_type: str = "mean_std",
) -> None:
    """Normalise as PaddleDetection: `(value / 255 - mean) / std`, with mean and deviation in double precision."""
    pixels: Pixels = picture.pixels.astype(np.float32)
    if is_scale:
        # A product, as in its preprocess.py: a quotient would differ in the last bit.
        pixels *= 1.0 / 255.0
    if norm_type == "mean_std":
        shape = (-1, 1, 1) if picture.channels_first else (1, 1, -1)
        pixels -= np.array(mean, dtype=np.float64).reshape(shape)
        pixels /= np.array(std, dtype=np.float64).reshape(shape)
    picture.pixels = pixels


def normalize_by_quotient(
    picture: Picture, *, mean: Sequence[float], std: Sequence[float], is_scale: bool = True
) -> None:
    """Normalise as PaddleClas' deploy/python/det_preprocess.py (d178931f): `value / 255`, in place from there on."""
    pixels: Pixels = picture.pixels.astype(np.float32)
    shape = (-1, 1, 1) if picture.channels_first else (1, 1, -1)
    if is_scale:
        pixels = pixels / np.float32(255.0)
    pixels -= np.array(mean, dtype=np.float64).reshape(shape)
    pixels /= np.array(std, dtype=np.float64).reshape(shape)
    picture.pixels = pixels


def normalize_before_2(
    picture: Picture,
    *,
    mean: Sequence[float],
    std: Sequence[float],
    is_scale: bool = True,
    is_channel_first: bool = False,
) -> None:
    """Normalise as the `Normalize` of PaddleDetection 0.5 (deploy/python/preprocess.py, ed2ffa08)."""
    if is_channel_first != picture.channels_first:
        raise ValueError("Normalize has another order of the channels than the image")
    normalize_by_quotient(picture, mean=mean, std=std, is_scale=is_scale)
    picture.before_2 = True


def _shaped(values: Sequence[float], channels_first: bool) -> Pixels:
    shaped: Pixels = np.array(values, dtype=np.float32).reshape((3, 1, 1) if channels_first else (1, 1, 3))
    return shaped
