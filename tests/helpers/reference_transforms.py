"""Transforms images in plain Python: `python reference_transforms.py FOLDER`, cases on stdin, one JSON object a line.

    {"image": "a.jpg", "kind": "inference.yml", "operators": [{"name": "ResizeImage", "parameters": {"size": 32}}]}

`kind` is `inference.yml` (the operators as PaddleClas and PaddleX do them), `infer_cfg.yml` (PaddleDetection) or `tutorial` (with
`short` and `crop` instead of operators). `orient` (default true): whether to apply the EXIF orientation. `library` (`opencv`
or `pillow`): the decoder; the default is the library that the operators name.

The result of case N (from 0), as it is fed to the network, is in FOLDER/N.f32: float32, little-endian, in the order of
`shape`. Each case prints a line:

    {"shape": [3, 224, 224], "original": [480, 640], "resized": [224, 299], "scale": [0.4667, 0.4671]}

All sizes are [height, width]; `resized` and `scale` are fed to a detector as `im_shape` and `scale_factor`. A case that fails
prints {"error": "…"}, and the next ones continue.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "python"))

from paddle_reference.image import read_picture
from paddle_reference.transforms import Operator, apply_operators, library_of, tutorial_operators

__all__ = ["main"]


def answer(case: dict[str, Any], file: Path) -> dict[str, Any]:
    kind = case["kind"]
    if kind == "tutorial":
        operators = tutorial_operators(case.get("declared"), case.get("short"), case.get("crop"))
    else:
        operators = [Operator(item["name"], item.get("parameters") or {}) for item in case["operators"]]
    library = case.get("library") or library_of(kind, operators)
    picture = read_picture(case["image"], library=library, orient=case.get("orient", True))
    apply_operators(picture, kind, operators)
    np.ascontiguousarray(picture.pixels, dtype="<f4").tofile(file)
    return {
        "shape": picture.pixels.shape,
        "original": picture.original,
        "resized": picture.resized,
        "scale": picture.scale,
    }


def main() -> None:
    for index, line in enumerate(sys.stdin):
        try:
            reply = answer(json.loads(line), Path(sys.argv[1], f"{index}.f32"))
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
