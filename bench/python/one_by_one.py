"""The same predictor inside Python, run by run: copy in, run, copy out. `one_by_one.py MODEL '{"shape": [1, 3, 224, 224]}'`"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from lines import serve
from predictor import make_predictor

__all__: list[str] = []


def main() -> None:
    shape = json.loads(sys.argv[2])["shape"]
    predictor = make_predictor(sys.argv[1], threads=1)
    image = predictor.get_input_handle(predictor.get_input_names()[0])
    output = predictor.get_output_handle(predictor.get_output_names()[0])
    size = int(np.prod(shape))
    # The same values as in bench/peers/bridge.js.
    pixels = (np.arange(size, dtype=np.float64) % 255 / 255).astype(np.float32).reshape(shape)

    def once() -> Any:
        image.copy_from_cpu(pixels)
        predictor.run()
        return output.copy_to_cpu()

    def answers(_: dict[str, Any]) -> list[float]:
        answer: list[float] = once().ravel()[:16].tolist()
        return answer

    def run(request: dict[str, Any]) -> list[float]:
        return [timed(once) for _ in range(request["times"])]

    def compute(request: dict[str, Any]) -> list[float]:
        """The run alone, on what was copied in before."""
        return [timed(predictor.run) for _ in range(request["times"])]

    def timed(what: Callable[[], Any]) -> float:
        start = time.perf_counter()
        what()
        return (time.perf_counter() - start) * 1000

    serve({}, {"answers": answers, "run": run, "compute": compute})


if __name__ == "__main__":
    main()
