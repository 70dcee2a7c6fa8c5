"""The protocol between Node and a worker. The other side of the contract is `src/bridge/protocol.ts`.

Control calls (hello, create, serve, or one of `tools.py`) go through pythonia; each takes and returns one
JSON text: `{"ok": true, "value": …}` or `{"ok": false, "error": ErrorMessage}`. Runs go through the doorbell,
one line of JSON in each direction.
"""

from __future__ import annotations

import sys
from typing import Any, TypedDict, Union

from paddle_worker.errors import ErrorMessage
from paddle_worker.program import TensorInfo

if sys.version_info >= (3, 11):
    from typing import NotRequired
else:
    from typing_extensions import NotRequired

__all__ = [
    "AskReply",
    "AskRequest",
    "ConfigRequest",
    "ConvertReply",
    "ConvertRequest",
    "CreateRequest",
    "Description",
    "EffectiveState",
    "Failure",
    "FileSize",
    "Hello",
    "HelloRequest",
    "HookedTensor",
    "InspectReply",
    "Lane",
    "ModelFiles",
    "ModelInMemory",
    "ParameterCount",
    "PlacedTensor",
    "ReadConfigReply",
    "ReadConfigRequest",
    "RecordedCall",
    "RunReply",
    "RunRequest",
    "ServeRequest",
    "Versions",
    "Warning",
]

Argument = Union[str, int, float, bool, None, "list[Argument]", "dict[str, Any]"]


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
    args: list[Argument]
    versions: str


class ModelInMemory(TypedDict):
    """A model in the memory of an inherited descriptor: the bytes of the program, then those of the parameters."""

    descriptor: int
    programBytes: int
    paramsBytes: int


class ModelFiles(TypedDict):
    """`params` is a file, or None for separate files beside the program or a program without parameters."""

    format: str
    program: str
    params: str | None


class ConfigRequest(ModelFiles):
    calls: list[RecordedCall]


class Read(TypedDict):
    """A getter, called after the first `after` calls."""

    call: RecordedCall
    after: int


class ReadConfigRequest(TypedDict):
    """`files` is None if the Config has no model, or one in memory."""

    files: ModelFiles | None
    calls: list[RecordedCall]
    reads: list[Read]


class FileSize(TypedDict):
    file: str
    bytes: int


class ParameterCount(TypedDict):
    """`bytes` per dtype."""

    tensors: int
    elements: int
    bytes: dict[str, int]


class InspectReply(TypedDict):
    """`writtenBy` is the version of paddle, if the file contains it; `operators` counts per type, in descending order."""

    files: list[FileSize]
    writtenBy: str | None
    inputs: list[TensorInfo]
    outputs: list[TensorInfo]
    operators: dict[str, int]
    parameters: ParameterCount


class ConvertRequest(TypedDict):
    """`folder` is the target, `staging` the name of a temporary folder to create in it."""

    model: ModelFiles
    folder: str
    staging: str
    precision: str
    backend: str
    keepIoTypes: bool
    blackList: list[str]
    whiteList: list[str]


class ConvertReply(TypedDict):
    """`operators` is the number that compute in the precision; `params` is whether there is a parameters file."""

    operators: int
    inputs: list[TensorInfo]
    outputs: list[TensorInfo]
    params: bool


class Versions(TypedDict):
    """The versions of the wheel; `trtCompile` and `trtRuntime` are zeros if it has no TensorRT."""

    paddle: str
    description: str
    trtCompile: list[int]
    trtRuntime: list[int]


class ReadConfigReply(TypedDict):
    values: list[Any]


class Prepare(TypedDict):
    file: str
    function: str


class CreateRequest(ConfigRequest):
    """With `memory`, the files come from there; `withoutOneDnn` skips the calls that enable oneDNN, and disables it."""

    memory: ModelInMemory | None
    withoutOneDnn: bool
    strict: bool
    prepare: Prepare | None


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


class Warning(TypedDict):
    """A problem that does not stop the work."""

    code: str
    message: str


class Description(TypedDict):
    inputs: list[TensorInfo]
    outputs: list[TensorInfo]
    state: EffectiveState
    warnings: list[Warning]


class Lane(TypedDict):
    """The descriptors of a run's memory: Node writes `input`, the worker `output`; Node grows both."""

    input: int
    output: int


class ServeRequest(TypedDict):
    """`arena` is the descriptor of the arena."""

    doorbell: int
    lanes: list[Lane]
    arena: int


class PlacedTensor(TypedDict):
    """A tensor in a region, at `offset` bytes, C-contiguous, little-endian.

    The region is the lane's, or with `arena` the arena. A tensor of strings is not in a region, but in
    `strings`.
    """

    name: str
    dtype: str
    shape: list[int]
    offset: int
    lod: NotRequired[list[list[int]]]
    arena: NotRequired[bool]
    strings: NotRequired[list[str]]


class RunRequest(TypedDict):
    """`model` is the index of the predictor, in the order of creation; `arenaBytes` is 0 if no feed is in the
    arena.

    `fetch` contains the names of the outputs to return, None for all.
    """

    model: int
    lane: int
    inputBytes: int
    feeds: list[PlacedTensor]
    arenaBytes: int
    fetch: list[str] | None


class HookedTensor(PlacedTensor):
    """An input (`input`) or output (`output`) of an operator, as passed to a hook."""

    hook: str
    operator: str


class RunReply(TypedDict):
    """`hooked` contains the tensors for hooks, in order; omitted if there are none."""

    outputs: list[PlacedTensor]
    hooked: NotRequired[list[HookedTensor]]


class NeedReply(TypedDict):
    """A preliminary reply to a run: the lane's output region must grow to `need` bytes. The worker waits for `OutputRoom`."""

    need: int


class OutputRoom(TypedDict):
    """The size of the output region, under the ID of the run; less than needed if no more memory is available."""

    outputBytes: int


class AskRequest(TypedDict):
    model: int
    ask: str


class AskReply(TypedDict):
    value: int | None


class Failure(TypedDict):
    error: ErrorMessage
