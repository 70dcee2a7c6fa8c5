"""The surface behind a character: colours, walls, plates and stripes."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

__all__ = ["Colour", "Pixels", "paint_surface", "two_colours"]

Pixels = np.ndarray[Any, Any]
Colour = np.ndarray[Any, Any]

#: What red, green and blue give to brightness.
_BRIGHTNESS = np.array([0.299, 0.587, 0.114], np.float32)


def two_colours(random: np.random.Generator) -> tuple[Colour, Colour]:
    """Colours of a surface and its ink that the eye can distinguish."""
    while True:
        if random.random() < 0.4:
            colours = np.repeat(random.uniform(0, 255, (2, 1)), 3, axis=1) + random.normal(0, 6, (2, 3))
        else:
            colours = random.uniform(0, 255, (2, 3))
        surface, ink = np.clip(colours, 0, 255).astype(np.float32)
        if abs(float((surface - ink) @ _BRIGHTNESS)) > 75:
            return surface, ink


def paint_surface(width: int, height: int, colour: Colour, random: np.random.Generator) -> Pixels:
    """A plain surface, or one with a gradient, roughness, lines or an edge."""
    pixels = np.broadcast_to(colour, (height, width, 3)).astype(np.float32)
    if random.random() < 0.5:
        pixels += _slope(width, height, random)[..., None] * random.normal(0, 14, 3).astype(np.float32)
    if random.random() < 0.45:
        pixels += _rough(width, height, random)
    if random.random() < 0.12:
        _lines(pixels, random)
    return pixels


def _slope(width: int, height: int, random: np.random.Generator) -> Pixels:
    angle = random.uniform(0, 2 * np.pi)
    x = np.linspace(-1, 1, width, dtype=np.float32)
    y = np.linspace(-1, 1, height, dtype=np.float32)
    return np.asarray(np.cos(angle) * x[None, :] + np.sin(angle) * y[:, None], np.float32)


def _rough(width: int, height: int, random: np.random.Generator) -> Pixels:
    """Plaster, concrete, cloth: noise of one grain."""
    grain = int(random.integers(2, 9))
    size = (max(1, height // grain), max(1, width // grain), int(random.choice([1, 1, 3])))
    noise = random.standard_normal(size, np.float32) * random.uniform(2, 14)
    large = cv2.resize(noise, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(large.reshape(height, width, -1), np.float32)


def _lines(pixels: Pixels, random: np.random.Generator) -> None:
    """Boards, tiles, bricks: faint lines at equal distances."""
    height, width = pixels.shape[:2]
    step = int(random.integers(6, 24))
    tone = np.float32(random.uniform(-28, 28))
    start = int(random.integers(0, step))
    if random.random() < 0.7:
        pixels[start:height:step] += tone
    if random.random() < 0.5:
        pixels[:, start:width:step] += tone
