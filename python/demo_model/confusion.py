"""Draws a confusion matrix."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

from .labels import LABELS

__all__ = ["draw_confusion"]

_CELL = 18
_MARGIN = 44
_WHITE = (255, 255, 255)
_TEXT = (40, 40, 40)
_GRID = (225, 225, 225)
_RIGHT = np.array([46, 125, 80])
_WRONG = np.array([200, 40, 40])


def draw_confusion(confusion: np.ndarray[Any, Any], file: Path) -> None:
    """Write a PNG: one row per true character, one column per result, in percent of the row."""
    shares = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    side = _MARGIN + _CELL * len(LABELS) + 12
    picture = Pictures.new("RGB", (side, side), _WHITE)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(12)
    small = ImageFont.load_default(9)
    for row, label in enumerate(LABELS):
        middle = _MARGIN + _CELL * row + _CELL / 2
        pen.text((_MARGIN - 10, middle), label, _TEXT, font, "mm")
        pen.text((middle, _MARGIN - 10), label, _TEXT, font, "mm")
        for column in range(len(LABELS)):
            _draw_cell(pen, row, column, float(shares[row, column]), small)
    pen.text((_MARGIN + _CELL * 18, 12), "answer", _TEXT, font, "mm")
    pen.text((4, 12), "shown", _TEXT, font, "lm")
    picture.quantize(128).save(file, optimize=True)


def _draw_cell(
    pen: ImageDraw.ImageDraw, row: int, column: int, share: float, font: ImageFont.FreeTypeFont
) -> None:
    left, top = _MARGIN + _CELL * column, _MARGIN + _CELL * row
    strength = share if row == column else min(1.0, share * 8)
    colour = _WHITE + (np.where(row == column, _RIGHT, _WRONG) - _WHITE) * strength
    pen.rectangle((left, top, left + _CELL, top + _CELL), tuple(int(part) for part in colour), _GRID)
    percent = round(100 * share)
    if percent >= 1:
        ink = _WHITE if strength > 0.5 else _TEXT
        pen.text((left + _CELL / 2 + 0.5, top + _CELL / 2 + 0.5), str(percent), ink, font, "mm")
