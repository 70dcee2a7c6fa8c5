"""What is said over the bridge. The other side of the same contract is `src/bridge/protocol.ts`.

Control calls (hello, create, serve) go through pythonia, each taking and returning one JSON text: `{"ok": true, "value": …}`
or `{"ok": false, "error": ErrorMessage}`. Runs go over the doorbell, one JSON text a line each way.
"""

from __future__ import annotations

import sys
from typing import TypedDict, Union

from paddle_worker.errors import ErrorMessage
from paddle_worker.program import TensorInfo

if sys.version_info >= (3, 11):
    from typing import NotRequired
else:
    from typing_extensions import NotRequired

__all__ = [
    "CreateRequest",
    "Description",
    "Failure",
    "Hello",
    "Lane",
    "PlacedTensor",
    "RunReply",
    "RunRequest",
    "ServeRequest",
]

Argument = Union[str, int, float, bool, None, "list[Argument]"]


class Hello(TypedDict):
    paddle: str


class CreateRequest(TypedDict):
    """`params` is a file, or None for separate files beside the program or a program without any."""

    format: str
    program: str
    params: str | None
    calls: list[tuple[str, list[Argument]]]


class Description(TypedDict):
    inputs: list[TensorInfo]
    outputs: list[TensorInfo]
    device: str
    oneDnn: bool
    cpuThreads: int


class Lane(TypedDict):
    """Descriptors of the memory that one run uses: Node writes and grows `input`, the worker `output`."""

    input: int
    output: int


class ServeRequest(TypedDict):
    doorbell: int
    lanes: list[Lane]


class PlacedTensor(TypedDict):
    """A tensor in a region, at `offset` bytes, C-contiguous, little-endian."""

    name: str
    dtype: str
    shape: list[int]
    offset: int
    lod: NotRequired[list[list[int]]]


class RunRequest(TypedDict):
    id: int
    lane: int
    inputBytes: int
    feeds: list[PlacedTensor]


class RunReply(TypedDict):
    id: int
    outputs: list[PlacedTensor]
    outputBytes: int
    microseconds: int


class Failure(TypedDict):
    id: int
    error: ErrorMessage
