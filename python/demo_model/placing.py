"""Places a character in an image: its size, rotation, slant and perspective."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np

from .glyphs import Image

__all__ = ["Placing", "choose_placing", "lay", "lay_board", "picture_size"]

#: From the pixels of a glyph to those of the picture.
Placing = np.ndarray[Any, Any]


def picture_size(glyph: Image, random: np.random.Generator) -> tuple[int, int]:
    """Width and height of an image: cropped tightly, or of another shape."""
    height = math.exp(random.uniform(math.log(24), math.log(88)))
    kind = random.random()
    if kind < 0.15:
        shape = (glyph.shape[1] + 12) / (glyph.shape[0] + 12) * math.exp(random.normal(0, 0.08))
    elif kind < 0.7:
        shape = math.exp(random.normal(0, 0.04))
    else:
        limit = 0.25 if kind < 0.9 else 0.5
        shape = math.exp(random.uniform(-limit, limit))
    return max(12, round(height * max(0.45, min(1.8, shape)))), round(height)


def choose_placing(glyph: Image, width: int, height: int, random: np.random.Generator) -> Placing:
    """Rotate, slant and scale a glyph and place it in the image; all of it, or nearly all, stays inside."""
    rows, columns = glyph.shape
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
    centred = corners - corners.mean(axis=0)
    turn = math.radians(_about(0, 6, 18, random))
    slant = _about(0, 0.07, 0.2, random)
    stretch = math.exp(_about(0, 0.06, 0.15, random))
    slanted = centred @ np.array([[stretch, 0], [slant, 1]], np.float32)
    turned = slanted @ np.array(
        [[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]], np.float32
    )
    bent = turned + random.normal(0, 0.035, (4, 2)) * rows
    low, high = bent.min(axis=0), bent.max(axis=0)
    room = np.array([width, height])
    fit = float((room / (high - low)).min())
    scale = fit * (random.uniform(0.75, 1.0) if random.random() < 0.6 else random.uniform(0.45, 0.8))
    free = room - scale * (high - low)
    offset = free * np.array([_about(0.5, 0.14, 0.5, random), _about(0.5, 0.14, 0.5, random)])
    target = ((bent - low) * scale + offset).astype(np.float32)
    return cv2.getPerspectiveTransform(corners, target)


def lay_board(
    glyph: Image, placing: Placing, width: int, height: int, random: np.random.Generator
) -> np.ndarray[Any, Any]:
    """The mask of the board behind the character, 0 or 1; it is placed like the character."""
    rows, columns = glyph.shape
    beside, above = random.uniform(0.12, 0.6, 2) * rows
    left, top, right, bottom = -beside, -above, columns + beside, rows + above
    board = np.array([[[left, top], [right, top], [right, bottom], [left, bottom]]], np.float32)
    corners = np.rint(cv2.perspectiveTransform(board, placing)).astype(np.int32)
    cover = np.zeros((height, width), np.float32)
    cv2.fillConvexPoly(cover, np.clip(corners[0], -2000, 2000), 1.0)
    return cover


def _about(middle: float, spread: float, limit: float, random: np.random.Generator) -> float:
    """Mostly near the centre, and never further from it than `limit`."""
    return middle + max(-limit, min(limit, random.normal(0, spread)))


def lay(glyph: Image, placing: Placing, width: int, height: int) -> np.ndarray[Any, Any]:
    """How much ink each pixel of the image has, 0 to 1."""
    # A warp to less than half the size would skip pixels of the glyph: shrink it first.
    scale = math.sqrt(abs(placing[0, 0] * placing[1, 1] - placing[0, 1] * placing[1, 0]))
    shrink = min(1.0, max(0.1, scale * 1.3))
    rows, columns = glyph.shape
    size = (max(2, round(columns * shrink)), max(2, round(rows * shrink)))
    small = cv2.resize(glyph, size, interpolation=cv2.INTER_AREA)
    enlarge = np.diag([columns / size[0], rows / size[1], 1.0]).astype(np.float32)
    ink = cv2.warpPerspective(small, placing @ enlarge, (width, height), flags=cv2.INTER_LINEAR)
    return np.asarray(ink, np.float32) / 255
