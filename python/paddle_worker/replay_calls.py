"""Replays recorded calls on a native Config, and explains calls that fail."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Callable, cast

from paddle_worker.config_arguments import decode, shown
from paddle_worker.errors import WorkerError, describe_error
from paddle_worker.wheel_support import lacking

if TYPE_CHECKING:
    from paddle_worker.protocol.control import RecordedCall

__all__ = ["ask", "replay", "turns_onednn_on"]

_TURNS_ON = re.compile(r"(enable_(onednn|mkldnn|quantizer)|set_(onednn|mkldnn|bfloat16)_op)")

# Methods that raise if a call that the wheel does not support is missing.
_NEEDS = {
    "set_xpu_config": "enable_xpu",
    "set_xpu_device_id": "enable_xpu",
    "enable_tensorrt_memory_optim": "enable_tensorrt_engine",
    "enable_low_precision_io": "enable_use_gpu",
}


def turns_onednn_on(recorded: RecordedCall) -> bool:
    """Whether the call requests oneDNN, or a feature of it."""
    return _TURNS_ON.match(recorded["methods"][0]) is not None


def replay(config: Any, recorded: RecordedCall) -> None:
    """Makes the call, unless the wheel or the machine does not support it: `effective.refusals` reports that."""
    method = _find(config, recorded)
    needed = _NEEDS.get(recorded["methods"][0])
    if lacking(recorded) is None and (
        needed is None or lacking({**recorded, "methods": [needed], "args": []}) is None
    ):
        _call(method, config, recorded)


def ask(config: Any, recorded: RecordedCall) -> Any:
    """Makes the call and returns paddle's value."""
    return _call(_find(config, recorded), config, recorded)


def _call(method: Callable[..., Any], config: Any, recorded: RecordedCall) -> Any:
    _check_index(config, recorded)
    arguments = [decode(argument) for argument in recorded["args"]]
    try:
        return method(*arguments)
    except TypeError as error:
        raise _wrong_arguments(recorded) from error
    except Exception as error:
        raise _refused(recorded, _first_line(error)) from error


def _first_line(error: Exception) -> str:
    return describe_error(error)["message"].split("\n", 1)[0]


def _find(config: Any, recorded: RecordedCall) -> Callable[..., Any]:
    """The first of the methods that the wheel has; `pass_builder.append_pass` calls the method of what the first part returns."""
    for path in recorded["methods"]:
        *through, name = path.split(".")
        if through == ["InternalUtils"]:
            from paddle import inference

            function: Callable[..., Any] = getattr(inference.InternalUtils, name)
            return lambda *arguments: function(config, *arguments)
        owner = config
        for part in through:
            owner = _through(owner, part, recorded)
        if hasattr(owner, name):
            found: Callable[..., Any] = getattr(owner, name)
            return found
    raise _unsupported(recorded)


def _through(owner: Any, part: str, recorded: RecordedCall) -> Any:
    if not hasattr(owner, part):
        return None
    try:
        return getattr(owner, part)()
    except Exception as error:
        raise _refused(recorded, _first_line(error)) from error


def _unsupported(recorded: RecordedCall) -> WorkerError:
    from paddle import version

    versions = recorded["versions"]
    several = " and " in versions
    return WorkerError(
        "CONFIG_UNSUPPORTED",
        f"`{recorded['name']}` cannot be used: paddle {version.full_version} has no {_native(recorded)}; "
        f"{versions} {'have' if several else 'has'} it.\n"
        f"Install {'one of them' if several else 'that one'}: paddle-ts setup --paddle-version {versions.split()[-1]}, "
        "or leave it out.",
    )


def _wrong_arguments(recorded: RecordedCall) -> WorkerError:
    from paddle import version

    return WorkerError(
        "CONFIG_UNSUPPORTED",
        f"`{_written(recorded)}` cannot be used: {_native(recorded)} of paddle {version.full_version} "
        "does not accept these arguments.\n"
        "Omit those that the documentation marks as newer, or get a newer wheel: paddle-ts setup --paddle-version 3.3.1",
    )


def _refused(recorded: RecordedCall, reason: str) -> WorkerError:
    return WorkerError(
        "CONFIG_INVALID", f"Paddle rejected `{_written(recorded)}`: {reason}\nCorrect it, or leave it out."
    )


def _check_index(config: Any, recorded: RecordedCall) -> None:
    """Rejects an index beyond paddle's list: paddle would write there and crash."""
    if recorded["methods"] == ["pass_builder.insert_pass"]:
        passes = len(config.pass_builder().all_passes())
        if cast(int, recorded["args"][0]) > passes:
            raise _refused(recorded, f"there {_passes(passes)}, so the index must be from 0 to {passes}.")


def _native(recorded: RecordedCall) -> str:
    return f"{recorded['methods'][0].replace('.', '().')}()"


def _written(recorded: RecordedCall) -> str:
    arguments = ", ".join(json.dumps(shown(argument), ensure_ascii=False) for argument in recorded["args"])
    return f"{recorded['name']}({arguments})"


def _passes(count: int) -> str:
    return "is 1 pass" if count == 1 else f"are {count} passes"
