"""Control calls (`hello`, `create`, `serve`). The other side is `src/bridge/protocol/control.ts`.

They go through pythonia; each takes and returns one JSON text: `{"ok": true, "value": …}` or
`{"ok": false, "error": WorkerFailure}`.
"""

from __future__ import annotations

import sys
from typing import Any, TypedDict, Union

if sys.version_info >= (3, 11):
    from typing import NotRequired
else:
    from typing_extensions import NotRequired

__all__ = [
    "ConfigArgument",
    "ConfigRequest",
    "CreateRequest",
    "Description",
    "EffectiveState",
    "Hello",
    "HelloRequest",
    "ModelInMemory",
    "ModelPaths",
    "Prepare",
    "RecordedCall",
    "ServeLane",
    "ServeRequest",
    "TensorInfo",
    "WorkerFailure",
    "WorkerWarning",
]

ConfigArgument = Union[str, int, float, bool, None, "list[ConfigArgument]", "dict[str, Any]"]


class HelloRequest(TypedDict):
    """`whole`: whether to import all of paddle, for example for user code."""

    whole: bool


class Hello(TypedDict):
    """The versions of the wheel and of Python."""

    paddle: str
    python: str


class RecordedCall(TypedDict):
    """A call on the native Config: `methods` are paddle's names, newest first; `versions` are the wheels that have the method."""

    name: str
    methods: list[str]
    args: list[ConfigArgument]
    versions: str


class ModelPaths(TypedDict):
    """`params` is a file, or None for separate files beside the program or a program without parameters."""

    format: str
    program: str
    params: str | None


class ConfigRequest(ModelPaths):
    calls: list[RecordedCall]


class ModelInMemory(TypedDict):
    """A model in the memory of an inherited descriptor: the bytes of the program, then those of the parameters."""

    descriptor: int
    programBytes: int
    paramsBytes: int


class Prepare(TypedDict):
    file: str
    function: str


class CreateRequest(ConfigRequest):
    """With `memory`, the files come from there; `withoutOneDnn` skips the calls that enable oneDNN, and disables it."""

    memory: ModelInMemory | None
    withoutOneDnn: bool
    strict: bool
    prepare: Prepare | None


class TensorInfo(TypedDict):
    """An input, output or parameter: `dtype` is numpy's name, `shape` has -1 for a dynamic dimension.

    `lodLevel` is the number of LoD levels; omitted if there is none, and in a `.json`, which declares none.
    """

    name: str
    dtype: str
    shape: list[int]
    lodLevel: NotRequired[int]


class EffectiveState(TypedDict):
    """The effective settings of a predictor, read back from paddle."""

    device: str
    oneDnn: bool
    oneDnnInt8: bool
    tensorRt: bool
    openVino: bool
    precision: str
    irOptim: bool
    newIr: bool
    memoryOptim: bool
    cpuThreads: int


class WorkerWarning(TypedDict):
    """A problem that does not stop the work."""

    code: str
    message: str


class Description(TypedDict):
    inputs: list[TensorInfo]
    outputs: list[TensorInfo]
    state: EffectiveState
    warnings: list[WorkerWarning]


class ServeLane(TypedDict):
    """The descriptors of a run's memory: Node writes `input`, the worker `output`; Node grows both."""

    input: int
    output: int


class ServeRequest(TypedDict):
    """`arena` is the descriptor of the arena."""

    runChannel: int
    lanes: list[ServeLane]
    arena: int


class WorkerFailure(TypedDict):
    """An exception as it is sent; `code` is a code of `src/error-codes.ts`, or None if Node chooses it."""

    code: str | None
    type: str
    message: str
    traceback: str
