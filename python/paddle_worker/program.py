"""What a program file itself says about its inputs and outputs, before anything runs.

Handles report shape [0] and float32 until the first run, so the file is asked: a `.pdmodel` or `__model__` is
a `ProgramDesc` (paddle/fluid/framework/framework.proto), a `.json` is Paddle 3's serialised PIR program.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple, TypedDict

__all__ = ["Program", "TensorInfo", "read_program"]


class TensorInfo(TypedDict):
    """One input or output: `dtype` by numpy's name, `shape` with -1 where it is dynamic."""

    name: str
    dtype: str
    shape: list[int]


class Program(NamedTuple):
    inputs: list[TensorInfo]
    outputs: list[TensorInfo]
    parameters: list[str]


_PROTO_DTYPES = {
    "BOOL": "bool",
    "INT16": "int16",
    "INT32": "int32",
    "INT64": "int64",
    "FP16": "float16",
    "FP32": "float32",
    "FP64": "float64",
    "UINT8": "uint8",
    "INT8": "int8",
    "BF16": "bfloat16",
}

_PIR_DTYPES = {
    "t_bool": "bool",
    "t_i16": "int16",
    "t_i32": "int32",
    "t_i64": "int64",
    "t_f16": "float16",
    "t_f32": "float32",
    "t_f64": "float64",
    "t_ui8": "uint8",
    "t_i8": "int8",
    "t_bf16": "bfloat16",
}


def read_program(file: Path) -> Program:
    """Reads the inputs and outputs, in the order in which the predictor names them."""
    return _read_pir(file) if file.suffix == ".json" else _read_proto(file)


def _read_proto(file: Path) -> Program:
    from paddle.base.proto import framework_pb2 as proto

    program = proto.ProgramDesc()
    program.ParseFromString(file.read_bytes())
    block = program.blocks[0]
    variables = {variable.name: variable for variable in block.vars}
    types = proto.VarType

    def info(name: str) -> TensorInfo:
        kind = variables[name].type
        # Paddle 3 renamed lod_tensor to dense_tensor.
        dense = kind.dense_tensor if hasattr(kind, "dense_tensor") else kind.lod_tensor
        dtype = types.Type.Name(dense.tensor.data_type)
        return {
            "name": name,
            "dtype": _PROTO_DTYPES.get(dtype, dtype.lower()),
            "shape": list(dense.tensor.dims),
        }

    def column(operator: Any) -> int:
        return next((int(attribute.i) for attribute in operator.attrs if attribute.name == "col"), 0)

    def ordered(kind: str) -> list[Any]:
        return sorted((operator for operator in block.ops if operator.type == kind), key=column)

    holders = (types.FEED_MINIBATCH, types.FETCH_LIST, types.RAW)
    return Program(
        inputs=[info(operator.outputs[0].arguments[0]) for operator in ordered("feed")],
        outputs=[info(operator.inputs[0].arguments[0]) for operator in ordered("fetch")],
        parameters=[
            variable.name
            for variable in block.vars
            if variable.persistable and variable.type.type not in holders
        ],
    )


def _read_pir(file: Path) -> Program:
    operators = json.loads(file.read_bytes())["program"]["regions"][0]["blocks"][0]["ops"]

    def info(name: str, operator: dict[str, Any]) -> TensorInfo:
        element, dims = operator["O"][0]["TT"]["D"][:2]
        kind = element["#"].split(".")[-1]
        return {"name": name, "dtype": _PIR_DTYPES.get(kind, kind), "shape": list(dims)}

    def attribute(operator: dict[str, Any], name: str) -> Any:
        return next(entry["AT"]["D"] for entry in operator["A"] if entry["N"] == name)

    def named(*names: str) -> list[dict[str, Any]]:
        return [operator for operator in operators if operator["#"].split(".")[-1] in names]

    return Program(
        inputs=[info(attribute(operator, "name"), operator) for operator in named("data", "feed")],
        outputs=[info(attribute(operator, "name"), operator) for operator in named("fetch")],
        parameters=[operator["A"][-1] for operator in named("p")],
    )
