"""What is said over the bridge. The other side of the same contract is `src/bridge/protocol.ts`.

Control calls (hello, create, serve, or one of `tools.py`) go through pythonia, each taking and returning one JSON text:
`{"ok": true, "value": …}` or `{"ok": false, "error": ErrorMessage}`. Runs go over the doorbell, one JSON text a line each way.
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
    """`whole`: whether all of paddle is to be imported, for a user's own code say."""

    whole: bool


class Hello(TypedDict):
    """The versions of the wheel and of Python."""

    paddle: str
    python: str


class RecordedCall(TypedDict):
    """A call on the native Config: `methods` are paddle's own names of it, newest first; `versions` the wheels that have it."""

    name: str
    methods: list[str]
    args: list[Argument]
    versions: str


class ModelInMemory(TypedDict):
    """A model in an inherited descriptor's memory: the program's bytes, then those of the parameters."""

    descriptor: int
    programBytes: int
    paramsBytes: int


class ModelFiles(TypedDict):
    """`params` is a file, or None for separate files beside the program or a program without any."""

    format: str
    program: str
    params: str | None


class ConfigRequest(ModelFiles):
    calls: list[RecordedCall]


class Read(TypedDict):
    """A getter, asked after so many of the calls."""

    call: RecordedCall
    after: int


class ReadConfigRequest(TypedDict):
    """`files` is None where the Config has no model, or one in memory."""

    files: ModelFiles | None
    calls: list[RecordedCall]
    reads: list[Read]


class FileSize(TypedDict):
    file: str
    bytes: int


class ParameterCount(TypedDict):
    """`bytes` by dtype."""

    tensors: int
    elements: int
    bytes: dict[str, int]


class InspectReply(TypedDict):
    """`writtenBy` is the version of paddle, where the file says it; `operators` counts by type, the most frequent first."""

    files: list[FileSize]
    writtenBy: str | None
    inputs: list[TensorInfo]
    outputs: list[TensorInfo]
    operators: dict[str, int]
    parameters: ParameterCount


class ConvertRequest(TypedDict):
    """`folder` is where to write, `staging` the name of a folder to be made in it for the time of the work."""

    model: ModelFiles
    folder: str
    staging: str
    precision: str
    backend: str
    keepIoTypes: bool
    blackList: list[str]
    whiteList: list[str]


class ConvertReply(TypedDict):
    """`operators` is how many now compute in the precision; `params` whether there is a file of them."""

    operators: int
    inputs: list[TensorInfo]
    outputs: list[TensorInfo]
    params: bool


class Versions(TypedDict):
    """What the wheel says of itself: `trtCompile` and `trtRuntime` are zeros where it has no TensorRT."""

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
    """With `memory` the files are staged from there; `withoutOneDnn` leaves out what turns it on, and turns it off."""

    memory: ModelInMemory | None
    withoutOneDnn: bool
    strict: bool
    prepare: Prepare | None


class EffectiveState(TypedDict):
    """What a predictor turned out to be, read back from paddle."""

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
    """Something that the user should know, and that did not stop the work."""

    code: str
    message: str


class Description(TypedDict):
    inputs: list[TensorInfo]
    outputs: list[TensorInfo]
    state: EffectiveState
    warnings: list[Warning]


class Lane(TypedDict):
    """Descriptors of the memory that one run uses: Node writes `input`, the worker `output`; Node grows both."""

    input: int
    output: int


class ServeRequest(TypedDict):
    """`arena` is the descriptor of the memory that tensors are allocated in for any run."""

    doorbell: int
    lanes: list[Lane]
    arena: int


class PlacedTensor(TypedDict):
    """A tensor in a region, at `offset` bytes, C-contiguous, little-endian.

    The region is the lane's, or with `arena` the arena. One of strings lies in no region: it brings them in `strings`.
    """

    name: str
    dtype: str
    shape: list[int]
    offset: int
    lod: NotRequired[list[list[int]]]
    arena: NotRequired[bool]
    strings: NotRequired[list[str]]


class RunRequest(TypedDict):
    """`model` numbers the predictors as they were made; `arenaBytes` is the size of the arena, 0 when no feed lies there.

    `fetch` names the outputs to read, None all.
    """

    model: int
    lane: int
    inputBytes: int
    feeds: list[PlacedTensor]
    arenaBytes: int
    fetch: list[str] | None


class HookedTensor(PlacedTensor):
    """What an operator took (`input`) or gave (`output`), as a hook saw it."""

    hook: str
    operator: str


class RunReply(TypedDict):
    """`hooked` is what hooks saw, in their order; left out where they saw nothing."""

    outputs: list[PlacedTensor]
    hooked: NotRequired[list[HookedTensor]]


class NeedReply(TypedDict):
    """Not yet the answer to a run: the lane's output region must have `need` bytes. The worker waits for `OutputRoom`."""

    need: int


class OutputRoom(TypedDict):
    """The size of the output region, under the run's number; less than was needed where no more memory could be had."""

    outputBytes: int


class AskRequest(TypedDict):
    model: int
    ask: str


class AskReply(TypedDict):
    value: int | None


class Failure(TypedDict):
    error: ErrorMessage
