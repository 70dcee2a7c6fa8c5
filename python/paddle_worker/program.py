"""Reads a program file without running it.

Handles report shape [0] and float32 until the first run, so the shapes come from the file: a `.pdmodel` or
`__model__` is a `ProgramDesc` (paddle/fluid/framework/framework.proto), a `.json` a serialised PIR program of
Paddle 3.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from paddle_worker.protocol.control import TensorInfo

__all__ = ["Program", "operators_in", "read_program"]


class Program(NamedTuple):
    """`version` is the version of paddle that wrote it, if the file contains it: `3.3.1` or, from a `.json`,
    `3.3`.

    `operators` counts the operators of all blocks by type, without feed, fetch and parameters.
    """

    inputs: list[TensorInfo]
    outputs: list[TensorInfo]
    parameters: list[TensorInfo]
    version: str | None
    operators: Counter[str]


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

# The variables of faster_tokenizer, by their numbers in framework.proto: its input strings and its
# vocabulary.
_TEXTS = {26: "string", 27: "vocab"}

# Operators of either format that only pass tensors in and out.
_PLUMBING = frozenset(("feed", "fetch", "pd_op.data", "pd_op.feed", "pd_op.fetch", "builtin.parameter"))

# The abbreviations of operator dialects in a `.json`.
_DIALECTS = {"0": "builtin", "1": "pd_op", "2": "cf", "3": "custom_op", "4": "pd_dist"}

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
    """Reads the inputs and outputs in the order of the predictor's names."""
    return _read_pir(file) if file.suffix == ".json" else _read_proto(file)


def operators_in(file: Path, dtype: str) -> Counter[str]:
    """Counts the operators of a `.pdmodel` with an input or output of that dtype, by type, except casts."""
    found: Counter[str] = Counter()
    for block in _parsed(file).blocks:
        having = {variable.name for variable in block.vars if _tensor_info(variable)["dtype"] == dtype}
        for operator in block.ops:
            slots = (*operator.inputs, *operator.outputs)
            if operator.type != "cast" and any(name in having for slot in slots for name in slot.arguments):
                found[operator.type] += 1
    return _counted(found.elements())


def _parsed(file: Path) -> Any:
    from paddle.base.proto import framework_pb2 as proto

    program = proto.ProgramDesc()
    program.ParseFromString(file.read_bytes())
    return program


def _tensor_info(variable: Any) -> TensorInfo:
    from paddle.base.proto import framework_pb2 as proto

    kind = variable.type
    if kind.type in _TEXTS:
        return {"name": variable.name, "dtype": _TEXTS[kind.type], "shape": [-1]}
    # Paddle 3 renamed lod_tensor and lod_level.
    if hasattr(kind, "dense_tensor"):
        dense, levels = kind.dense_tensor, kind.dense_tensor.legacy_lod_level
    else:
        dense, levels = kind.lod_tensor, kind.lod_tensor.lod_level
    dtype = proto.VarType.Type.Name(dense.tensor.data_type)
    info: TensorInfo = {
        "name": variable.name,
        "dtype": _PROTO_DTYPES.get(dtype, dtype.lower()),
        "shape": list(dense.tensor.dims),
    }
    if levels > 0:
        info["lodLevel"] = levels
    return info


def _read_proto(file: Path) -> Program:
    from paddle.base.proto import framework_pb2 as proto

    program = _parsed(file)
    block = program.blocks[0]
    variables = {variable.name: variable for variable in block.vars}
    types = proto.VarType

    def info(name: str) -> TensorInfo:
        return _tensor_info(variables[name])

    def column(operator: Any) -> int:
        return next((int(attribute.i) for attribute in operator.attrs if attribute.name == "col"), 0)

    def ordered(kind: str) -> list[Any]:
        return sorted((operator for operator in block.ops if operator.type == kind), key=column)

    holders = (types.FEED_MINIBATCH, types.FETCH_LIST, types.RAW)
    return Program(
        inputs=[info(operator.outputs[0].arguments[0]) for operator in ordered("feed")],
        outputs=[info(operator.inputs[0].arguments[0]) for operator in ordered("fetch")],
        parameters=[
            _tensor_info(variable)
            for variable in block.vars
            if variable.persistable and variable.type.type not in holders
        ],
        version=_dotted(program.version.version),
        operators=_counted(operator.type for each in program.blocks for operator in each.ops),
    )


def _read_pir(file: Path) -> Program:
    content = json.loads(file.read_bytes())
    operators = content["program"]["regions"][0]["blocks"][0]["ops"]

    def info(name: str, value: dict[str, Any]) -> TensorInfo:
        element, dims = value["TT"]["D"][:2]
        kind = element["#"].split(".")[-1]
        return {"name": name, "dtype": _PIR_DTYPES.get(kind, kind), "shape": list(dims)}

    def attribute(operator: dict[str, Any], name: str) -> Any:
        return next(entry["AT"]["D"] for entry in operator["A"] if entry["N"] == name)

    def named(*names: str) -> list[dict[str, Any]]:
        return [operator for operator in operators if operator["#"].split(".")[-1] in names]

    def edge(operator: dict[str, Any]) -> TensorInfo:
        return info(attribute(operator, "name"), operator["O"][0])

    return Program(
        inputs=[edge(operator) for operator in named("data", "feed")],
        outputs=[edge(operator) for operator in named("fetch")],
        parameters=[
            info(operator["A"][-1], operator["O"]) for operator in named("p") if operator["OA"][:1] != [0]
        ],
        version=_pir_version(content["base_code"].get("version")),
        operators=_counted(_pir_name(operator) for operator in _all_operators(operators)),
    )


def _counted(names: Iterator[str]) -> Counter[str]:
    return Counter(name for name in names if name not in _PLUMBING)


def _dotted(version: int) -> str | None:
    """Converts 2006002 to 2.6.2; 0 is used by development builds and by versions before 1.8."""
    if version <= 0:
        return None
    return f"{version // 1_000_000}.{version // 1_000 % 1_000}.{version % 1_000}"


def _pir_version(version: Any) -> str | None:
    """Converts the version of a PIR program, which counts Paddle's minor releases from 1 for 3.0; 0 is a development build."""
    return f"3.{version - 1}" if isinstance(version, int) and version > 0 else None


def _all_operators(operators: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The operators, including those in nested blocks."""
    for operator in operators:
        yield operator
        for region in operator.get("regions", ()):
            for block in region["blocks"]:
                yield from _all_operators(block["ops"])


def _pir_name(operator: dict[str, Any]) -> str:
    """Paddle's name, such as `pd_op.conv2d`; the file contains `1.conv2d`, and `p` for a parameter."""
    dialect, dot, name = operator["#"].partition(".")
    return f"{_DIALECTS.get(dialect, dialect)}.{name}" if dot else "builtin.parameter"
