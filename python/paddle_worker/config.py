"""Builds a `paddle.inference.Config` from what Node recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from paddle_worker.errors import WorkerError
from paddle_worker.replay import replay, turns_onednn_on

if TYPE_CHECKING:
    from paddle_worker.protocol import CreateRequest

__all__ = ["begin_config", "build_config"]


def build_config(request: CreateRequest) -> Any:
    """The native Config, with the recorded calls replayed in their order."""
    from paddle import inference

    program, params = request["program"], request["params"]
    config = (
        inference.Config(program)
        if request["format"] == "__model__" and params is None
        else inference.Config(program, params or "")
    )
    begin_config(config, request["format"], program)
    for recorded in request["calls"]:
        if not (request["withoutOneDnn"] and turns_onednn_on(recorded)):
            replay(config, recorded)
    if request["withoutOneDnn"]:
        config.disable_mkldnn()
    return config


def begin_config(config: Any, form: str, program: str) -> None:
    """What every Config begins with."""
    config.disable_glog_info()
    if form != "json":
        return
    if not hasattr(config, "enable_new_ir"):
        raise WorkerError(
            "MODEL_LOAD_FAILED",
            f"{program} is in the format of Paddle 3, which this version of paddle cannot read.\n"
            "Export it with --format pdmodel, or get a newer wheel: paddle-ts setup --paddle-version 3.3.1",
        )
    # Without both, enable_memory_optim() fails on a PIR program for want of its analysis pass.
    config.enable_new_ir(True)
    config.enable_new_executor(True)
