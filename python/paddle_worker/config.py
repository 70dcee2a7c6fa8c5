"""Builds a `paddle.inference.Config` from what Node recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from paddle_worker.errors import WorkerError

if TYPE_CHECKING:
    from paddle_worker.protocol import CreateRequest

__all__ = ["build_config"]


def build_config(request: CreateRequest) -> Any:
    """The native Config, with the recorded calls replayed in their order."""
    from paddle import inference

    config = (
        inference.Config(request["program"])
        if request["format"] == "__model__" and request["params"] is None
        else inference.Config(request["program"], request["params"] or "")
    )
    config.disable_glog_info()
    if request["format"] == "json":
        if not hasattr(config, "enable_new_ir"):
            raise WorkerError(
                "MODEL_LOAD_FAILED",
                f"{request['program']} is in the format of Paddle 3, which this version of paddle cannot read.\n"
                "Export it with --format pdmodel, or get a newer wheel: paddle-ts setup --paddle-version 3.3.1",
            )
        # Without both, enable_memory_optim() fails on a PIR program for want of its analysis pass.
        config.enable_new_ir(True)
        config.enable_new_executor(True)
    for name, arguments in request["calls"]:
        getattr(config, name)(*arguments)
    return config
