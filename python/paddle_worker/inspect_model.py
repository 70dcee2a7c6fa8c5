"""Inspects a model without loading it."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from paddle_worker.model_files import program_file, read_model_program

if TYPE_CHECKING:
    from paddle_worker.program import Program
    from paddle_worker.protocol.control import ModelPaths
    from paddle_worker.protocol.one_shot import FileSize, InspectReply, ParameterCount

__all__ = ["inspect_model"]


def inspect_model(model: ModelPaths) -> InspectReply:
    """Raises `WorkerError` MODEL_LOAD_FAILED if the program is damaged; missing parameter files are skipped."""
    program = read_model_program(model)
    return {
        "files": _files(model, program),
        "writtenBy": program.version,
        "inputs": program.inputs,
        "outputs": program.outputs,
        "operators": dict(sorted(program.operators.items(), key=lambda entry: (-entry[1], entry[0]))),
        "parameters": _parameters(program),
    }


def _files(model: ModelPaths, program: Program) -> list[FileSize]:
    file = program_file(model)
    paths = [file]
    if model["params"] is not None:
        paths.append(Path(model["params"]))
    elif model["format"] == "__model__":
        paths += sorted(file.with_name(parameter["name"]) for parameter in program.parameters)
    return [{"file": str(path), "bytes": path.stat().st_size} for path in paths if path.is_file()]


def _parameters(program: Program) -> ParameterCount:
    elements: Counter[str] = Counter()
    for parameter in program.parameters:
        elements[parameter["dtype"]] += math.prod(parameter["shape"])
    return {
        "tensors": len(program.parameters),
        "elements": sum(elements.values()),
        "bytes": {dtype: count * _width(dtype) for dtype, count in elements.most_common()},
    }


def _width(dtype: str) -> int:
    """Bytes per element; numpy does not have bfloat16 and 8-bit floats."""
    if dtype == "bfloat16":
        return 2
    return 1 if dtype.startswith(("float8", "fp8")) else np.dtype(dtype).itemsize
