"""Selects the faces for training and evaluation: both follow the same rules, and the two sets share no twins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from .glyphs import HEIGHT, Face, Image
from .labels import LABELS

__all__ = ["is_hairline", "legible", "likeness", "unclear", "without_twins"]

Floats = np.ndarray[Any, Any]

#: Sides of a glyph where faces are compared.
_SIZE = 32

#: What two characters of a face must differ by to be told apart: a share of some patch of 5 of 32 pixels.
_DIFFERENCE = 0.5

#: A plain 0 is narrow, an O is wide; the shares are of its height, and of the O's width.
_WIDEST_ZERO, _NARROWEST_O, _ZERO_TO_O = 0.75, 0.75, 0.85

#: How many of the 36 characters may look more like another one than like themselves.
_ODD = 12

#: Two faces that have this share of their ink in common are one design. Liberation Sans and Arimo have 0.98,
#: Nimbus Sans and TeX Gyre Heros 0.96; neighbours such as Roboto and Inter 0.8.
_TWINS = 0.88


def unclear(face: Face) -> frozenset[int]:
    """The classes whose characters are ambiguous alone: 0 and O, 1 and I where a face draws them too much alike."""
    zero, wide = (face.glyphs[LABELS.index(label)] for label in "0O")
    likely = zero.shape[1] <= _ZERO_TO_O * wide.shape[1]
    # A dot or a stroke inside makes any shape a 0.
    marked = _difference(_square(zero), _square(wide)) >= _DIFFERENCE
    clear = {
        "0": marked or (likely and zero.shape[1] <= _WIDEST_ZERO * HEIGHT),
        "O": (marked or likely) and wide.shape[1] >= _NARROWEST_O * HEIGHT,
    }
    shapes = _shapes(face)
    clear["1"] = clear["I"] = _difference(*(shapes[LABELS.index(label)] for label in "1I")) >= _DIFFERENCE
    return frozenset(LABELS.index(label) for label, is_clear in clear.items() if not is_clear)


def is_hairline(face: Face) -> bool:
    """Whether most characters have strokes that vanish at a small size."""
    return sum(_vanishes(glyph) for glyph in face.glyphs) > len(LABELS) / 2


def legible(faces: Sequence[Face], models: Sequence[Face]) -> list[Face]:
    """The faces whose characters resemble those of most `models`; this drops symbols, scripts and broken fonts."""
    typical = _unit(np.mean([_outline(face) for face in models], axis=0))
    own = np.arange(len(LABELS))
    return [face for face in faces if int(((_outline(face) @ typical.T).argmax(1) != own).sum()) <= _ODD]


def without_twins(faces: Sequence[Face], others: Sequence[Face]) -> list[Face]:
    """The faces that have no twin among the others, under another name or in another package."""
    return [face for face, like in zip(faces, likeness(faces, others)) if like < _TWINS]


def likeness(faces: Sequence[Face], others: Sequence[Face]) -> Floats:
    """For each face: the greatest share of ink that it shares with one of the others, 0 to 1."""
    theirs = np.stack([_shapes(face).ravel() for face in others])
    greatest = []
    for face in faces:
        shape = _shapes(face).ravel()
        common = np.minimum(theirs, shape).sum(axis=1)
        greatest.append(float((common / (theirs.sum(axis=1) + shape.sum() - common)).max()))
    return np.array(greatest, np.float32)


def _shapes(face: Face) -> Floats:
    """Each glyph centred in a square, with its proportions kept."""
    shapes = np.zeros((len(LABELS), _SIZE, _SIZE), np.float32)
    for shape, glyph in zip(shapes, face.glyphs):
        width = max(1, min(_SIZE, round(glyph.shape[1] * _SIZE / HEIGHT)))
        left = (_SIZE - width) // 2
        shape[:, left : left + width] = (
            cv2.resize(glyph, (width, _SIZE), interpolation=cv2.INTER_AREA) / 255.0
        )
    return shapes


def _outline(face: Face) -> Floats:
    """Each glyph stretched to a square and blurred, as a vector of length 1: weight and width have little effect."""
    squares = [cv2.resize(glyph, (20, 20), interpolation=cv2.INTER_AREA) for glyph in face.glyphs]
    blurred = [cv2.GaussianBlur(square.astype(np.float32), (0, 0), 1.5).ravel() for square in squares]
    return _unit(np.stack(blurred) - np.mean(blurred, axis=1, keepdims=True))


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-6), np.float32)


def _square(glyph: Image) -> Floats:
    """A glyph without its proportions."""
    squared = cv2.resize(glyph, (_SIZE, _SIZE), interpolation=cv2.INTER_AREA)
    return np.asarray(squared / np.float32(255), np.float32)


def _difference(first: Floats, second: Floats) -> float:
    return float(cv2.blur(np.abs(first - second), (5, 5)).max())


def _vanishes(glyph: Image) -> bool:
    solid = np.asarray(glyph > 127, np.uint8)
    return not cv2.erode(solid, np.ones((3, 3), np.uint8), borderValue=0).any()
