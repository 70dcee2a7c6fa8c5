"""One-shot calls, each in its own process: hello, then one of these. Each delegates to its own module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paddle_worker.entry_points import call, hello

if TYPE_CHECKING:
    from paddle_worker.protocol.control import ModelPaths
    from paddle_worker.protocol.one_shot import (
        ConvertReply,
        ConvertRequest,
        InspectReply,
        ReadConfigReply,
        ReadConfigRequest,
        Versions,
    )

__all__ = ["convertModel", "hello", "inspectModel", "readConfig", "versions"]


@call
def inspectModel(request: ModelPaths) -> InspectReply:  # noqa: N802 the name that Node calls it by
    from paddle_worker.inspect_model import inspect_model

    return inspect_model(request)


@call
def convertModel(request: ConvertRequest) -> ConvertReply:  # noqa: N802 the same
    from paddle_worker.convert import convert_model

    return convert_model(request)


@call
def readConfig(request: ReadConfigRequest) -> ReadConfigReply:  # noqa: N802 the same
    from paddle_worker.read_config import read_config

    return read_config(request)


@call
def versions(_: None) -> Versions:
    import paddle
    from paddle import inference

    from paddle_worker.wheel_support import trt_runtime_version

    return {
        "paddle": paddle.version.full_version,
        "description": inference.get_version(),
        "trtCompile": list(inference.get_trt_compile_version()),
        "trtRuntime": list(trt_runtime_version()),
    }
