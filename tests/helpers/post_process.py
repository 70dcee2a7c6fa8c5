"""Post-processes scores as PaddleClas' deploy/python/postprocess.py does, by the reference of `paddle-ts verify`.

Reads [{"reading": …, "scores": base64 of float32}] from stdin and writes the answer to each as JSON.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "python"))

from paddle_reference.attributes import read_attributes
from paddle_reference.image import Picture
from paddle_reference.read_outputs import read_answer

__all__ = ["main"]


def main() -> None:
    picture = Picture(np.zeros((1, 1, 3), dtype=np.uint8))
    answers: list[Any] = []
    for case in json.load(sys.stdin):
        scores = np.frombuffer(base64.b64decode(case["scores"]), dtype=np.float32)
        reading = case["reading"]
        if reading["kind"] == "attributes":
            answers.append(read_attributes(reading, scores))
        else:
            answers.append(read_answer(reading, [scores[np.newaxis]], picture))
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
