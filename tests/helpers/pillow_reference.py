"""Processes images with Pillow, in the steps of the tutorial's preprocess_ops.py.

Reads a JSON list of {"path", "orient", "short", "crop"} from stdin and writes a JSON list of {"size", "pixels"}: the size that
the image was resized to, and the RGB bytes of the crop as base64. Without "short" nothing is resized, without "crop" cropped.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

import numpy as np
from PIL import Image, ImageOps

__all__ = ["main"]


def reference(job: dict[str, Any]) -> dict[str, Any]:
    image: Image.Image = Image.open(job["path"])
    if job.get("orient"):
        image = ImageOps.exif_transpose(image)
    image = image.convert("RGB")
    if "short" in job:
        width, height = image.size
        short, long = (width, height) if width <= height else (height, width)
        new_long = int(job["short"] * long / short)
        size = (job["short"], new_long) if width <= height else (new_long, job["short"])
        image = image.resize(size, Image.Resampling.BILINEAR)
    pixels = np.array(image)
    if "crop" in job:
        crop = job["crop"]
        top, left = (pixels.shape[0] - crop) // 2, (pixels.shape[1] - crop) // 2
        pixels = pixels[top : top + crop, left : left + crop]
    return {"size": image.size, "pixels": base64.b64encode(pixels.tobytes()).decode()}


def main() -> None:
    json.dump([reference(job) for job in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
