"""The 36 characters of a face as images, each cropped to its ink and scaled to one height."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import ImageFont

from .labels import LABELS

__all__ = ["HEIGHT", "Face", "Image", "family_of", "load_face"]

Image = np.ndarray[Any, Any]

#: Pixels from the top of the ink to its bottom.
HEIGHT = 64

#: Noncharacters: no font has them, so that what is drawn is what stands for a missing character.
_MISSING = "\ufffe\uffff"


@dataclass(frozen=True)
class Face:
    """One face of a font, such as Lato Bold: `glyphs[class]` is white ink on black, `HEIGHT` pixels high.

    The glyphs of the classes in `unclear` are ambiguous alone; they are not drawn.
    """

    family: str
    style: str
    glyphs: Sequence[Image]
    unclear: frozenset[int] = frozenset()


def family_of(file: Path) -> str | None:
    """The family name in a font file; `None` if the file cannot be read."""
    try:
        return ImageFont.truetype(str(file), HEIGHT).getname()[0]
    except (OSError, ValueError):
        return None


def load_face(file: Path, index: int = 0) -> Face | None:
    """Draw the characters of a font file; `None` if the file cannot be read or lacks one of them."""
    try:
        font = ImageFont.truetype(str(file), HEIGHT * 3 // 2, index, layout_engine=ImageFont.Layout.BASIC)
        family, style = font.getname()
        missing = [_ink(font, character) for character in _MISSING]
        inks = [_ink(font, character) for character in LABELS]
    except (OSError, ValueError):
        return None
    drawn = [ink for ink in inks if ink is not None and not any(_same(ink, other) for other in missing)]
    if family is None or len(drawn) < len(LABELS):
        return None
    return Face(family, style or "", [_to_height(ink) for ink in drawn])


def _ink(font: Any, character: str) -> Image | None:
    mask = font.getmask(character, mode="L")
    box = mask.getbbox()
    if box is None:
        return None
    pixels = np.frombuffer(bytes(mask), np.uint8).reshape(mask.size[1], mask.size[0])
    left, top, right, bottom = box
    return pixels[top:bottom, left:right]


def _same(ink: Image, other: Image | None) -> bool:
    return other is not None and np.array_equal(ink, other)


def _to_height(ink: Image) -> Image:
    height, width = ink.shape
    size = (max(3, min(3 * HEIGHT, round(width * HEIGHT / height))), HEIGHT)
    return cv2.resize(ink, size, interpolation=cv2.INTER_AREA)
