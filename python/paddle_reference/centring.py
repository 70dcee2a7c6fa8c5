"""The operators of PaddleDetection that place the image in the middle of a larger one."""

from __future__ import annotations

import cv2
import numpy as np

from .image import Picture, Pixels
from .resizing import Side

__all__ = ["letter_box_resize", "warp_affine"]


def letter_box_resize(picture: Picture, *, target_size: Side) -> None:
    """Resize and pad as `LetterBoxResize` of PaddleDetection's deploy/python/preprocess.py (666f597f)."""
    to_height, to_width = (target_size, target_size) if isinstance(target_size, int) else target_size
    height, width = picture.size
    ratio = min(float(to_height) / height, float(to_width) / width)
    size = round(width * ratio), round(height * ratio)
    across, down = (to_width - size[0]) / 2, (to_height - size[1]) / 2
    top, bottom = round(down - 0.1), round(down + 0.1)
    left, right = round(across - 0.1), round(across + 0.1)
    resized = cv2.resize(picture.pixels, size, interpolation=cv2.INTER_AREA)
    picture.pixels = cv2.copyMakeBorder(
        resized, top, bottom, left, right, cv2.BORDER_CONSTANT, value=(127.5, 127.5, 127.5)
    )
    picture.resized = (size[1], size[0])
    picture.scale = (ratio, ratio)
    picture.corner = (top, left)


def warp_affine(
    picture: Picture,
    *,
    keep_res: bool = False,
    pad: int = 31,
    input_h: int = 512,
    input_w: int = 512,
    scale: float = 0.4,
    shift: float = 0.1,
    down_ratio: int = 4,
) -> None:
    """Place the image, then as BGR, as `WarpAffine` of PaddleDetection's deploy/python/preprocess.py (666f597f)."""
    height, width = picture.size
    if keep_res:
        to_height, to_width = (height | pad) + 1, (width | pad) + 1
        source_width = float(to_width)
        centre = np.array([width // 2, height // 2], dtype=np.float32)
    else:
        to_height, to_width = input_h, input_w
        source_width = max(height, width) * 1.0
        centre = np.array([width / 2.0, height / 2.0], dtype=np.float32)
    to_centre = np.array([to_width * 0.5, to_height * 0.5], dtype=np.float32)
    matrix = cv2.getAffineTransform(_triangle(centre, source_width), _triangle(to_centre, float(to_width)))
    turned = cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2BGR)
    picture.pixels = cv2.warpAffine(turned, matrix, (to_width, to_height), flags=cv2.INTER_LINEAR)
    if keep_res:
        picture.corner = (to_height // 2 - height // 2, to_width // 2 - width // 2)


def _triangle(centre: Pixels, width: float) -> Pixels:
    """The three points of `get_affine_transform` for a rotation by 0°."""
    points: Pixels = np.zeros((3, 2), dtype=np.float32)
    points[0] = centre
    points[1] = centre + np.array([0.0, width * -0.5])
    across = points[0] - points[1]
    points[2] = points[1] + np.array([-across[1], across[0]], dtype=np.float32)
    return points
