"""One-shot calls, each in a process of its own. The other side is `src/bridge/protocol/one-shot.ts`."""

from __future__ import annotations

from typing import Any, TypedDict

from paddle_worker.protocol.control import ModelPaths, RecordedCall, TensorInfo

__all__ = [
    "ConfigRead",
    "ConvertReply",
    "ConvertRequest",
    "FileSize",
    "InspectReply",
    "ParameterCount",
    "ReadConfigReply",
    "ReadConfigRequest",
    "Versions",
]


class ConfigRead(TypedDict):
    """A getter, called after the first `after` calls."""

    call: RecordedCall
    after: int


class ReadConfigRequest(TypedDict):
    """`files` is None if the Config has no model, or one in memory."""

    files: ModelPaths | None
    calls: list[RecordedCall]
    reads: list[ConfigRead]


class ReadConfigReply(TypedDict):
    values: list[Any]


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

    model: ModelPaths
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
    """The versions of the wheel. Those of TensorRT are zeros if it has none, `trtRuntime` also if the library is missing."""

    paddle: str
    description: str
    trtCompile: list[int]
    trtRuntime: list[int]
