"""Renders an image of one printed character, as in a photo of a sign or a cropped plate."""

from __future__ import annotations

import cv2
import numpy as np

from .camera import photograph
from .glyphs import Image
from .placing import choose_placing, lay, lay_board, picture_size
from .surfaces import Pixels, paint_surface, two_colours

__all__ = ["INPUT_SIZE", "prepare", "render"]

#: Height and width of what the network takes.
INPUT_SIZE = 32


def render(glyph: Image, random: np.random.Generator) -> Image:
    """Draw a glyph in a random scene: RGB, any size. `random` determines all choices."""
    width, height = picture_size(glyph, random)
    surface, ink = two_colours(random)
    pixels = paint_surface(width, height, surface, random)
    placing = choose_placing(glyph, width, height, random)
    if random.random() < 0.15:
        board = lay_board(glyph, placing, width, height, random)[..., None]
        around = paint_surface(width, height, two_colours(random)[0], random)
        pixels = around + board * (pixels - around)
        if random.random() < 0.4:
            _rim(pixels, board[..., 0], ink if random.random() < 0.6 else two_colours(random)[1])
    share = lay(glyph, placing, width, height)
    if random.random() < 0.12:
        pixels = _cast_shadow(pixels, share, random)
    tint = ink
    if random.random() < 0.15:
        tint = paint_surface(width, height, ink, random)
    pixels = pixels + share[..., None] * (tint - pixels)
    if random.random() < 0.12:
        _frame(pixels, ink if random.random() < 0.6 else two_colours(random)[1], random)
    return photograph(pixels, random)


def prepare(image: Image) -> Image:
    """Resize an image to the network's input as the model's inference.yml does: RGB, rows first."""
    return cv2.resize(image, (INPUT_SIZE, INPUT_SIZE), interpolation=cv2.INTER_AREA)


def _cast_shadow(pixels: Pixels, share: Pixels, random: np.random.Generator) -> Pixels:
    """The shadow of raised characters."""
    height, width = share.shape
    x, y = random.normal(0, 0.03, 2) * height
    move = np.array([[1, 0, x], [0, 1, y]], np.float32)
    shadow = cv2.GaussianBlur(cv2.warpAffine(share, move, (width, height)), (0, 0), 0.5 + 0.012 * height)
    return np.asarray(pixels * (1 - random.uniform(0.15, 0.5) * shadow[..., None]), np.float32)


def _rim(pixels: Pixels, board: Pixels, colour: Pixels) -> None:
    """A line along the edge of the board."""
    inner = cv2.erode(board, np.ones((3, 3), np.uint8), borderValue=1)
    pixels[(board - inner) > 0] = colour


def _frame(pixels: Pixels, colour: Pixels, random: np.random.Generator) -> None:
    """The rim of a plate or sign, along some of its sides."""
    height, width = pixels.shape[:2]
    thick = max(1, round(random.uniform(0.015, 0.05) * min(height, width)))
    sides = random.random(4) < 0.6
    if sides[0]:
        pixels[:thick] = colour
    if sides[1]:
        pixels[-thick:] = colour
    if sides[2]:
        pixels[:, :thick] = colour
    if sides[3]:
        pixels[:, -thick:] = colour
