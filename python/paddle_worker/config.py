"""Builds a `paddle.inference.Config` from the calls that Node recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from paddle_worker.replay_calls import replay, turns_onednn_on

if TYPE_CHECKING:
    from paddle_worker.protocol.control import CreateRequest

__all__ = ["begin_config", "build_config"]


def build_config(request: CreateRequest) -> Any:
    """Builds the native Config and replays the recorded calls in order."""
    from paddle import inference

    program, params = request["program"], request["params"]
    config = (
        inference.Config(program)
        if request["format"] == "__model__" and params is None
        else inference.Config(program, params or "")
    )
    begin_config(config, request["format"])
    for recorded in request["calls"]:
        if not (request["withoutOneDnn"] and turns_onednn_on(recorded)):
            replay(config, recorded)
    if request["withoutOneDnn"]:
        config.disable_mkldnn()
    return config


def begin_config(config: Any, form: str | None) -> None:
    """Applies the initial settings of every Config. The caller checks that the wheel can read the format."""
    config.disable_glog_info()
    if form == "json":
        # enable_memory_optim() requires both for a PIR program; without them, its analysis pass is missing.
        config.enable_new_ir(True)
        config.enable_new_executor(True)
