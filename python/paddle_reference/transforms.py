"""Apply the operators of an `inference.yml`, `infer_cfg.yml`, `deploy.yaml` or `model.yml` as the frameworks do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Any

import numpy as np

from . import centring, cutting, normalising, paddle_seg, paddlex_1, paddlex_2, resizing
from .image import Picture

__all__ = ["Operator", "apply_operators", "library_of", "tutorial_operators"]


@dataclass(frozen=True)
class Operator:
    """An operator of the file: its name and its parameters as written."""

    name: str
    parameters: Mapping[str, Any]


_COMMON: dict[str, Callable[..., None]] = {
    "DecodeImage": cutting.decode_image,
    "ResizeImage": resizing.resize_image,
    "CropImage": cutting.crop_image,
    "CenterCrop": cutting.center_crop,
    "ToCHWImage": cutting.to_chw,
    "Normalize": normalising.normalize_before_2,
    "Permute": cutting.permute,
    "Pad": cutting.pad,
    "LetterBoxResize": centring.letter_box_resize,
    "WarpAffine": centring.warp_affine,
    "PadStride": cutting.pad_stride,
    "KeepKeys": cutting.keep_keys,
}

_MAINBODY: dict[str, Callable[..., None]] = {
    "DetResize": resizing.resize_by_detection,
    "DetNormalizeImage": normalising.normalize_by_quotient,
    "DetPermute": cutting.to_chw,
    "DetPadStride": cutting.pad_stride,
}

_SEGMENTATION: dict[str, Callable[..., None]] = {
    "LimitLong": paddle_seg.limit_long,
    "Normalize": paddle_seg.normalize,
    "Padding": paddle_seg.pad_to,
    "PaddingByAspectRatio": paddle_seg.pad_by_aspect_ratio,
    "Resize": paddle_seg.resize,
    "ResizeByLong": paddle_seg.resize_by_long,
    "ResizeByShort": paddle_seg.resize_by_short,
    "ResizeRangeScaling": paddle_seg.resize_by_range,
    "ResizeStepScaling": paddle_seg.resize_by_factor,
}

_OF_KIND: dict[str, dict[str, Callable[..., None]]] = {
    "deploy.yaml": _SEGMENTATION,
    "DetPreProcess": _MAINBODY,
    "PaddleX 1 classifier": {
        "Decode": paddlex_1.decode,
        "ResizeByShort": paddlex_1.resize_by_short,
        "CenterCrop": paddlex_2.center_crop,
        "Normalize": paddlex_1.normalize_by_image_net,
        "Arrange": cutting.to_chw,
    },
    "PaddleX 1 detector": {
        "Decode": paddlex_1.decode,
        "Resize": paddlex_1.resize_of_detector,
        "ResizeByShort": paddlex_1.resize_by_short_of_detector,
        "Padding": paddlex_1.pad_of_detector,
        "Normalize": paddlex_1.normalize_by_image_net,
        "Arrange": cutting.to_chw,
    },
    "PaddleX 1 segmenter": {
        "Decode": paddlex_1.decode,
        "Resize": paddlex_1.resize_of_segmenter,
        "ResizeByLong": paddlex_1.resize_by_long,
        "ResizeByShort": paddlex_1.resize_by_short_of_segmenter,
        "Padding": paddlex_1.pad_of_segmenter,
        "Normalize": paddlex_1.normalize_by_half,
        "Arrange": cutting.to_chw,
    },
    "PaddleX 2": {
        "Decode": paddlex_2.decode,
        "Resize": paddlex_2.resize,
        "ResizeByShort": paddlex_2.resize_by_short,
        "ResizeByLong": paddlex_2.resize_by_long,
        "CenterCrop": paddlex_2.center_crop,
        "Padding": paddlex_2.pad,
        "Normalize": paddlex_2.normalize,
        "_BatchPadding": paddlex_2.pad_batch,
        "Arrange": cutting.to_chw,
    },
}


def apply_operators(picture: Picture, kind: str, operators: Sequence[Operator]) -> None:
    """Apply all operators to the image, in order.

    `kind` is `inference.yml` (the form of PaddleClas and PaddleX), `infer_cfg.yml` (that of PaddleDetection),
    `deploy.yaml` (that of PaddleSeg), `DetPreProcess` (PaddleClas' detectors for image search), `PaddleX 1` with a type of
    model, `PaddleX 2`, or `tutorial`.
    Raises `ValueError` for an invalid operator or value, `TypeError` for an unknown parameter.
    """
    segments = kind == "deploy.yaml"
    if segments:
        picture.pixels = picture.pixels.astype(np.float32)
    for operator in operators:
        apply = _find(kind, operator)
        _refuse_null(operator, apply)
        apply(picture, **operator.parameters)
    if segments:
        paddle_seg.to_network(picture)


def library_of(kind: str, operators: Sequence[Operator]) -> str:
    """Return the library for decoding: `opencv`, whatever resizes later, unless DecodeImage specifies `pil`."""
    decoders = [
        str(operator.parameters.get("backend")).lower()
        for operator in operators
        if operator.name == "DecodeImage"
    ]
    return "pillow" if kind == "tutorial" or "pil" in decoders else "opencv"


def tutorial_operators(
    declared: Sequence[int] | None = None, short: int | None = None, crop: int | None = None
) -> list[Operator]:
    """The operators of `preprocess_ops.py` in PaddlePaddle's MobileNetV3 tutorial.

    `declared` is the height and width of the program, -1 where it leaves one open. A square is cropped out of an
    image that is larger by the tutorial's ratio; any other size is stretched to. `short` and `crop` replace the sizes.
    """
    height, width = declared or (224, 224)
    height, width = (height if height > 0 else width), (width if width > 0 else height)
    size: int | list[int]
    if height == width:
        size = short or int(width / 0.875)
        crop = crop or width
    else:
        size = [short, short] if short else [height, width]
    crops = [Operator("CropImage", {"size": crop})] if crop else []
    resize = Operator("Resize", {"size": size, "backend": "pil"})
    return [resize, *crops, Operator("NormalizeImage", {}), Operator("ToCHWImage", {})]


def _refuse_null(operator: Operator, apply: Callable[..., None]) -> None:
    """Only a parameter that defaults to None may be None: for others the frameworks fail, or treat it differently."""
    takes = signature(apply).parameters
    for name, value in operator.parameters.items():
        if value is None and name in takes and takes[name].default is not None:
            raise ValueError(f"{operator.name}.{name} cannot be null")


def _find(kind: str, operator: Operator) -> Callable[..., None]:
    name = operator.name
    if kind in _OF_KIND:
        if name not in _OF_KIND[kind]:
            raise ValueError(f"the operator {name} is unknown")
        return _OF_KIND[kind][name]
    detection = kind == "infer_cfg.yml"
    if name == "Resize":
        if "max_size" in operator.parameters:
            return resizing.resize_before_2
        return resizing.resize_by_detection if detection else resizing.resize_by_vision
    if name == "NormalizeImage":
        return normalising.normalize_by_detection if detection else normalising.normalize_by_clas
    if name not in _COMMON:
        raise ValueError(f"the operator {name} is unknown")
    return _COMMON[name]
