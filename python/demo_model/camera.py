"""The effects of light, lens and file format on an image: shadows, blur, noise, JPEG."""

from __future__ import annotations

import cv2
import numpy as np

from .glyphs import Image
from .surfaces import Pixels

__all__ = ["photograph"]


def photograph(pixels: Pixels, random: np.random.Generator) -> Image:
    """Apply random light, blur, noise and compression."""
    if random.random() < 0.35:
        pixels = pixels * _light(pixels.shape[1], pixels.shape[0], random)
    pixels = _blur(pixels, random)
    if random.random() < 0.6:
        shape = pixels.shape if random.random() < 0.5 else (*pixels.shape[:2], 1)
        pixels = pixels + random.standard_normal(shape, np.float32) * np.float32(random.uniform(1, 12))
    if random.random() < 0.2:
        pixels = np.repeat(pixels.mean(axis=2, keepdims=True), 3, axis=2)
    image = np.clip(pixels, 0, 255).astype(np.uint8)
    return _compress(image, random) if random.random() < 0.4 else image


def _light(width: int, height: int, random: np.random.Generator) -> Pixels:
    """A falloff to one side, or a shadow with an edge."""
    angle = random.uniform(0, 2 * np.pi)
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    side = np.cos(angle) * x + np.sin(angle) * y - random.uniform(-0.6, 0.6)
    sharpness = 1.0 if random.random() < 0.6 else random.uniform(4, 20)
    dark = random.uniform(0.55, 0.95)
    return np.asarray(dark + (1 - dark) / (1 + np.exp(-sharpness * side)), np.float32)[..., None]


def _blur(pixels: Pixels, random: np.random.Generator) -> Pixels:
    height, width = pixels.shape[:2]
    kind = random.random()
    if kind < 0.35:
        sigma = random.uniform(0.005, 0.032) * height
        return cv2.GaussianBlur(pixels, (0, 0), max(0.3, sigma))
    if kind < 0.45:
        return _shaken(pixels, max(2, round(random.uniform(0.03, 0.09) * height)), random)
    if kind < 0.6:
        share = max(random.uniform(0.3, 0.9), 18 / min(width, height))
        if share < 1:
            size = (max(8, round(width * share)), max(8, round(height * share)))
            small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
            return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return pixels


def _shaken(pixels: Pixels, length: int, random: np.random.Generator) -> Pixels:
    kernel = np.zeros((length, length), np.float32)
    angle = random.uniform(0, np.pi)
    steps = (np.arange(length) - (length - 1) / 2)[:, None] * np.array([np.cos(angle), np.sin(angle)])
    at = np.clip(np.rint(steps + (length - 1) / 2), 0, length - 1).astype(int)
    kernel[at[:, 1], at[:, 0]] = 1
    return cv2.filter2D(pixels, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE)


def _compress(image: Image, random: np.random.Generator) -> Image:
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(25, 95))]
    # OpenCV expects blue, green, red; the order makes no difference to the compression loss.
    _, data = cv2.imencode(".jpg", image, quality)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
