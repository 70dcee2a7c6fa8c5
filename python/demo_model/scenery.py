"""Walls, signs and camera effects for the example images."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

from .surfaces import Pixels

__all__ = ["bricks", "character", "grain", "hang", "lit", "plaster", "sign", "turned"]

Rgb = tuple[int, int, int]


def plaster(side: int, colour: Rgb, random: np.random.Generator) -> Pixels:
    """A rendered wall: stains, roughness and fine grain."""
    wall = np.full((side, side, 3), colour, np.float32)
    for cell, strength in ((90, 9), (24, 7), (6, 6), (2, 5)):
        wall += _cloud(side, cell, random)[..., None] * strength
    return wall


def bricks(side: int, random: np.random.Generator) -> Pixels:
    """Courses of bricks, each with its own tone."""
    wall = plaster(side, (188, 180, 168), random)
    height, length, joint = side // 8, side // 3, max(3, side // 80)
    for course in range(side // height + 1):
        start = -length // 2 if course % 2 else 0
        for left in range(start, side, length):
            tone = np.array([158, 82, 62]) + random.normal(0, 12) + random.normal(0, 4, 3)
            area = np.s_[
                course * height + joint : (course + 1) * height, max(0, left + joint) : left + length
            ]
            wall[area] += (tone - (188, 180, 168)).astype(np.float32)
    return cv2.GaussianBlur(wall, (0, 0), 0.8)


def character(text: str, font: Path, height: int, size: tuple[int, int]) -> Pixels:
    """Ink of a text centred on a sheet of that size (width, height), 0 to 1; its capitals are `height` tall."""
    typeface = ImageFont.truetype(str(font), 100, layout_engine=ImageFont.Layout.BASIC)
    box = typeface.getbbox("H")
    typeface = typeface.font_variant(size=100 * height / (box[3] - box[1]))
    sheet = Pictures.new("L", size)
    left, top, right, bottom = typeface.getbbox(text)
    corner = ((size[0] - left - right) / 2, (size[1] - top - bottom) / 2)
    ImageDraw.Draw(sheet).text(corner, text, 255, typeface)
    return np.asarray(sheet, np.float32) / 255


def sign(size: tuple[int, int], colour: Rgb, rim: Rgb, radius: int, thick: int) -> tuple[Pixels, Pixels]:
    """A board with rounded corners and a rim: its colours, and its mask, 0 to 1."""
    board = Pictures.new("RGB", size, colour)
    cover = Pictures.new("L", size)
    edge = (1, 1, size[0] - 2, size[1] - 2)
    inner = (thick + 1, thick + 1, size[0] - thick - 2, size[1] - thick - 2)
    ImageDraw.Draw(cover).rounded_rectangle(edge, radius, 255)
    ImageDraw.Draw(board).rounded_rectangle(inner, radius - thick, None, rim, thick)
    return np.asarray(board, np.float32), np.asarray(cover, np.float32) / 255


def hang(wall: Pixels, board: Pixels, cover: Pixels, corners: list[tuple[float, float]]) -> Pixels:
    """Put a board on a wall with its corners at the given points, and draw its shadow."""
    height, width = cover.shape
    side = wall.shape[0]
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    place = cv2.getPerspectiveTransform(source, np.array(corners, np.float32) * side)
    seen = cv2.warpPerspective(board, place, (side, side), flags=cv2.INTER_AREA)
    where = cv2.warpPerspective(cover, place, (side, side), flags=cv2.INTER_AREA)[..., None]
    cast = np.array([[1, 0, side * 0.015], [0, 1, side * 0.025]], np.float32)
    shadow = cv2.GaussianBlur(cv2.warpAffine(where, cast, (side, side)), (0, 0), side * 0.012)[..., None]
    shaded = wall * (1 - 0.5 * shadow)
    return shaded + where * (seen - shaded)


def turned(sheet: Pixels, degrees: float) -> Pixels:
    """Rotate a sheet about its centre, clockwise."""
    height, width = sheet.shape[:2]
    about = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1)
    return np.asarray(
        cv2.warpAffine(sheet, about, (width, height), borderMode=cv2.BORDER_REPLICATE), np.float32
    )


def lit(pixels: Pixels, dark: float, angle: float, sharpness: float = 1.5, at: float = 0.0) -> Pixels:
    """Light from one side, down to `dark` on the other; a high `sharpness` gives the edge of a shadow."""
    height, width = pixels.shape[:2]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    side = np.cos(angle) * x + np.sin(angle) * y - at
    return np.asarray(pixels * (dark + (1 - dark) / (1 + np.exp(-sharpness * side)))[..., None], np.float32)


def grain(pixels: Pixels, strength: float, random: np.random.Generator) -> Pixels:
    """The noise of a sensor."""
    return pixels + random.standard_normal(pixels.shape, np.float32) * np.float32(strength)


def _cloud(side: int, cell: int, random: np.random.Generator) -> Pixels:
    count = side // cell + 2
    noise = cv2.resize(random.standard_normal((count, count), np.float32), (side + cell, side + cell))
    return noise[:side, :side]
