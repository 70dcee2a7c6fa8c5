"""From a folder to answers with Pillow and paddle.inference in a loop: `loop.py MODEL '{"threads": 4, "batch": 1}'`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from lines import serve
from numpy.typing import NDArray
from predictor import make_predictor
from preprocess import preprocess

__all__: list[str] = []


def main() -> None:
    settings = json.loads(sys.argv[2])
    batch = settings["batch"]
    predictor = make_predictor(sys.argv[1], settings["threads"])
    image = predictor.get_input_handle(predictor.get_input_names()[0])
    output = predictor.get_output_handle(predictor.get_output_names()[0])

    def scores_of(paths: list[str]) -> NDArray[np.float32]:
        pictures = [preprocess(path) for path in paths]
        image.copy_from_cpu(pictures[0] if len(pictures) == 1 else np.concatenate(pictures))
        predictor.run()
        scores: NDArray[np.float32] = output.copy_to_cpu()
        return scores

    def answers(request: dict[str, Any]) -> list[dict[str, Any]]:
        (scores,) = scores_of([request["image"]])
        return [{"classId": int(each), "prob": float(scores[each])} for each in scores.argsort()[::-1][:5]]

    def run(request: dict[str, Any]) -> dict[str, Any]:
        names = sorted(Path(request["folder"]).iterdir())
        paths = [str(names[index % len(names)]) for index in range(request["images"])]
        start = time.perf_counter()
        for first in range(0, len(paths), batch):
            scores_of(paths[first : first + batch]).argmax(axis=1)
        seconds = time.perf_counter() - start
        come_to_rest()
        return {"images": len(paths), "seconds": seconds}

    serve({}, {"answers": answers, "run": run})


def come_to_rest() -> None:
    """Waits until the threads of OpenMP, which go on spinning for a while after a run, leave the cores to the other side."""
    used = -1.0
    while time.process_time() - used > 0.005:
        used = time.process_time()
        time.sleep(0.05)


if __name__ == "__main__":
    main()
