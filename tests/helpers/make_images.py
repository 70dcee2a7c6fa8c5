"""Writes the test images into a folder: one per size, and one per kind of pixels that an image file can contain.

`make_images.py FOLDER`, or `make_images.py FOLDER kinds` for the latter alone.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["main"]

SIZES = [
    (650, 647),
    (647, 650),
    (256, 256),
    (224, 300),
    (100, 80),
    (33, 47),
    (300, 1200),
    (1024, 1024),
    (1000, 700),
    (1600, 1200),
    (2100, 2800),
    (3000, 2900),
]


def picture(width: int, height: int, seed: int, noise: float) -> NDArray[np.uint8]:
    """Gradients, sharp edges, stripes as fine as a lens resolves them, and noise, to reveal any error of a resampler."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    stripe = max(3, min(width, height) // 100)
    slopes = np.stack([x * 255 / width, y * 255 / height, (x + y) % 256], axis=-1).astype(np.float64)
    slopes[np.hypot(x - width / 2, y - height / 2) < min(width, height) / 4] = (250, 10, 90)
    slopes[height // 3 : height // 2, : width // 3] = ((x[:1, : width // 3, None] // stripe) % 2) * 255
    pixels: NDArray[np.uint8] = np.clip(slopes + rng.normal(0, noise, (height, width, 3)), 0, 255).astype(
        np.uint8
    )
    return pixels


def write_sizes(folder: Path) -> None:
    for number, (width, height) in enumerate(SIZES):
        image = Image.fromarray(picture(width, height, number, 6))
        image.save(folder / f"size-{width}x{height}.jpg", quality=90)
        if max(width, height) < 1500:
            image.save(folder / f"size-{width}x{height}.png")


def write_kinds(folder: Path) -> None:
    pixels = picture(400, 300, 99, 20)
    image = Image.fromarray(pixels)
    y, x = np.mgrid[0:300, 0:400]
    alpha = Image.fromarray((np.hypot(x - 200, y - 150) < 120).astype(np.uint8) * 200)
    rgba = image.copy()
    rgba.putalpha(alpha)
    grey_alpha = image.convert("L")
    grey_alpha.putalpha(alpha)
    palette = image.quantize(64)
    black = np.asarray((255 - pixels[..., :1]) // 2, np.uint8)
    cmyk = Image.fromarray(np.concatenate([pixels, black], axis=-1), "CMYK")
    image.convert("L").save(folder / "kind-grey.png")
    image.convert("L").save(folder / "kind-grey.jpg", quality=90)
    image.convert("1").save(folder / "kind-1-bit.png")
    rgba.save(folder / "kind-rgba.png")
    rgba.save(folder / "kind-rgba.webp", lossless=True, exact=True)
    grey_alpha.save(folder / "kind-grey-alpha.png")
    palette.save(folder / "kind-palette.png")
    palette.save(folder / "kind-palette.gif")
    palette.save(folder / "kind-palette-transparent.png", transparency=5)
    image.save(folder / "kind-rgb.tif")
    image.save(folder / "kind-rgb.webp", lossless=True)
    cmyk.save(folder / "kind-cmyk.jpg", quality=95)
    cmyk.save(folder / "kind-cmyk.tif")
    image.save(folder / "kind-progressive.jpg", quality=90, progressive=True)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        image.save(folder / f"exif-{orientation}.png", exif=exif)


def main() -> None:
    folder = Path(sys.argv[1])
    if "kinds" not in sys.argv[2:]:
        write_sizes(folder)
    write_kinds(folder)


if __name__ == "__main__":
    main()
