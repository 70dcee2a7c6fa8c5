"""Encodes the arguments and return values of a Config's methods: values that are not plain JSON are wrapped in a tag."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any, Callable

if TYPE_CHECKING:
    from paddle_worker.protocol.control import ConfigArgument

__all__ = ["decode", "encode", "shown"]


def decode(argument: ConfigArgument) -> Any:
    """Converts an argument to the type that paddle expects."""
    if isinstance(argument, list):
        return [decode(item) for item in argument]
    if not isinstance(argument, dict):
        return argument
    ((tag, value),) = argument.items()
    if tag == "$set":
        return set(value)
    if tag == "$dict":
        return {name: decode(item) for name, item in value.items()}
    return _OBJECTS[tag](value)


def shown(argument: ConfigArgument) -> Any:
    """The argument as the user wrote it, for a message."""
    if not isinstance(argument, dict):
        return argument
    ((tag, value),) = argument.items()
    return "…" if tag == "$paddleTensor" else value


def encode(answer: Any) -> Any:
    """Converts a return value of paddle to JSON."""
    if isinstance(answer, (list, tuple)):
        return [encode(item) for item in answer]
    kind = type(answer).__name__
    if kind == "Precision":
        return answer.name
    if kind == "DistConfig":
        return {_camel(name): getattr(answer, name)() for name in _DIST_GETTERS}
    if kind in ("XpuConfig", "NativeConfig"):
        return {_camel(name): _member(answer, name) for name in dir(answer) if _is_value(answer, name)}
    return answer


_DIST_GETTERS = (
    "use_dist_model",
    "nranks",
    "rank",
    "trainer_endpoints",
    "current_endpoint",
    "carrier_id",
    "comm_init_config",
)
# Addresses in this process.
_POINTERS = ("context", "stream", "l3_ptr")


def _is_value(owner: Any, name: str) -> bool:
    return not name.startswith(("_", "set_")) and name not in _POINTERS


def _member(owner: Any, name: str) -> Any:
    member = getattr(owner, name)
    return member() if callable(member) else member


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _precision(name: str) -> Any:
    from paddle import inference

    return getattr(inference.PrecisionType, name)


def _xpu_config(fields: dict[str, Any]) -> Any:
    from paddle import inference

    config = inference.XpuConfig()
    for name, value in fields.items():
        setattr(config, _snake(name), decode(value))
    return config


def _dist_config(fields: dict[str, Any]) -> Any:
    from paddle import base

    config = base.core.DistConfig()
    if "useDistModel" in fields:
        config.enable_dist_model(fields["useDistModel"])
    if "nranks" in fields or "rank" in fields:
        config.set_ranks(fields.get("nranks", config.nranks()), fields.get("rank", config.rank()))
    if "trainerEndpoints" in fields or "currentEndpoint" in fields:
        endpoints = fields.get("trainerEndpoints", config.trainer_endpoints())
        config.set_endpoints(endpoints, fields.get("currentEndpoint", config.current_endpoint()))
    if "carrierId" in fields:
        config.set_carrier_id(fields["carrierId"])
    if "commInitConfig" in fields:
        config.set_comm_init_config(fields["commInitConfig"])
    return config


def _paddle_tensor(fields: dict[str, Any]) -> Any:
    import numpy as np
    from paddle.base import core

    array = np.frombuffer(base64.b64decode(fields["base64"]), fields["dtype"]).reshape(fields["shape"])
    return core.PaddleTensor(array, fields["name"])


_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "$precision": _precision,
    "$xpuConfig": _xpu_config,
    "$distConfig": _dist_config,
    "$paddleTensor": _paddle_tensor,
}
