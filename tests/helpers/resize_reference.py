"""Resizes images with cv2.resize and Pillow's Image.resize, and reads files with both.

Reads JSON from stdin: {"source", "target", "images", "jobs"}. The file "source" holds RGB pixels; an image is
{"at", "width", "height"} there, or {"path", "decode", "orient"}. A job is {"image", "library", "method"} with "size" or
"scale"; without "method" the pixels stay unchanged. Writes the RGB pixels of each job consecutively to "target",
and a JSON list of their sizes to stdout.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageOps

__all__ = ["main"]

OPENCV = {
    "nearest": cv2.INTER_NEAREST,
    "linear": cv2.INTER_LINEAR,
    "cubic": cv2.INTER_CUBIC,
    "area": cv2.INTER_AREA,
    "lanczos4": cv2.INTER_LANCZOS4,
}


def load(image: dict[str, Any], source: Any) -> Any:
    if "at" in image:
        width, height = image["width"], image["height"]
        return source[image["at"] : image["at"] + 3 * width * height].reshape(height, width, 3)
    path, orient = image["path"], image.get("orient", True)
    if image["decode"] == "opencv":
        flags = cv2.IMREAD_COLOR if orient else cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
        pixels = cv2.imread(path, flags)
        if pixels is None:
            raise ValueError(f"cv2 cannot read {path}")
        return np.ascontiguousarray(pixels[:, :, ::-1])
    picture: Image.Image = Image.open(path)
    return np.array((ImageOps.exif_transpose(picture) if orient else picture).convert("RGB"))


def resize(pixels: Any, job: dict[str, Any]) -> Any:
    method = job.get("method")
    if method is None:
        return pixels
    if job["library"] == "pillow":
        filters = Image.Resampling[method.upper()]
        return np.array(Image.fromarray(pixels).resize(tuple(job["size"]), filters))
    if "scale" in job:
        return cv2.resize(pixels, None, fx=job["scale"][0], fy=job["scale"][1], interpolation=OPENCV[method])
    return cv2.resize(pixels, tuple(job["size"]), interpolation=OPENCV[method])


def main() -> None:
    cv2.setNumThreads(1)
    asked = json.load(sys.stdin)
    source = np.fromfile(asked["source"], np.uint8)
    images = [load(image, source) for image in asked["images"]]
    sizes = []
    with Path(asked["target"]).open("wb") as target:
        for job in asked["jobs"]:
            pixels = resize(images[job["image"]], job)
            sizes.append([pixels.shape[1], pixels.shape[0]])
            target.write(pixels.tobytes())
    json.dump(sizes, sys.stdout)


if __name__ == "__main__":
    main()
