"""Runs a model as any Python script would: `plain_inference.py PROGRAM PARAMS INPUT OUTPUT SHAPE...`.

INPUT and OUTPUT are files of raw float32.
"""

from __future__ import annotations

import sys

import numpy as np
from paddle import inference

__all__: list[str] = []


def main() -> None:
    program, params, source, target = sys.argv[1:5]
    config = inference.Config(program, params)
    config.disable_gpu()
    config.enable_memory_optim()
    predictor = inference.create_predictor(config)
    handle = predictor.get_input_handle(predictor.get_input_names()[0])
    handle.copy_from_cpu(np.fromfile(source, np.float32).reshape([int(size) for size in sys.argv[5:]]))
    predictor.run()
    predictor.get_output_handle(predictor.get_output_names()[0]).copy_to_cpu().tofile(target)


if __name__ == "__main__":
    main()
