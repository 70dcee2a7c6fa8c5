"""A predictor as the tutorial makes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from paddle import inference

__all__ = ["make_predictor"]


def make_predictor(folder: str, threads: int) -> Any:
    params = Path(folder, "inference.pdiparams")
    # A network without parameters has no file of them.
    config = inference.Config(str(Path(folder, "inference.pdmodel")), str(params) if params.exists() else "")
    config.disable_gpu()
    config.disable_glog_info()
    config.enable_memory_optim()
    config.set_cpu_math_library_num_threads(threads)
    return inference.create_predictor(config)
