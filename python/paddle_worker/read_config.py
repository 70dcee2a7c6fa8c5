"""Reads values from a Config without creating a predictor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from paddle_worker.config import begin_config
from paddle_worker.config_arguments import encode
from paddle_worker.model_files import check_readable
from paddle_worker.replay_calls import ask, replay

if TYPE_CHECKING:
    from paddle_worker.protocol.one_shot import ReadConfigReply, ReadConfigRequest

__all__ = ["read_config"]


def read_config(request: ReadConfigRequest) -> ReadConfigReply:
    """Returns one value per read, each after the first `after` calls."""
    from paddle import inference

    config = inference.Config()
    files = request["files"]
    if files is not None:
        check_readable(files)
        # Not with the constructor, which requires the files: settings can be read without them.
        if files["format"] == "__model__" and files["params"] is None:
            config.set_model(files["program"])
        else:
            config.set_model(files["program"], files["params"] or "")
    begin_config(config, None if files is None else files["format"])
    values: list[Any] = []
    done = 0
    for read in request["reads"]:
        for recorded in request["calls"][done : read["after"]]:
            replay(config, recorded)
        done = read["after"]
        values.append(encode(ask(config, read["call"])))
    return {"values": values}
