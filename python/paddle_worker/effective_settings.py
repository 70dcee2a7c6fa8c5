"""The effective settings of a Config with this wheel on this machine, and the requests that it cannot meet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from paddle_worker.replay_calls import turns_onednn_on
from paddle_worker.wheel_support import lacking

if TYPE_CHECKING:
    from paddle_worker.protocol.control import CreateRequest, EffectiveState, RecordedCall, WorkerWarning

__all__ = ["read_effective", "refusals"]

_PRECISIONS = {"Float32": "fp32", "Half": "fp16", "Bfloat16": "bf16", "Int8": "int8"}
# Calls, and the later calls that undo them.
_UNDONE_BY = {"enable_use_gpu": "disable_gpu", "enable_onnxruntime": "disable_onnxruntime"}


def read_effective(config: Any, request: CreateRequest) -> EffectiveState:
    """Reads the settings back from paddle. Without a getter, a setting is the requested value, if it is available."""
    calls = _Calls(request)
    device = _device(config, calls)
    open_vino = calls.had("enable_openvino_engine") is not None
    one_dnn = config.mkldnn_enabled() and device == "cpu" and not open_vino
    return {
        "device": device,
        "oneDnn": one_dnn,
        "oneDnnInt8": one_dnn and config.mkldnn_int8_enabled(),
        "tensorRt": config.tensorrt_engine_enabled(),
        "openVino": open_vino,
        "precision": _precision(config, calls, one_dnn),
        "irOptim": config.ir_optim(),
        "newIr": hasattr(config, "new_ir_enabled") and config.new_ir_enabled(),
        "memoryOptim": re.search(r"\| memory_optim +\| true ", config.summary()) is not None,
        "cpuThreads": config.cpu_math_library_num_threads(),
    }


def refusals(config: Any, request: CreateRequest, state: EffectiveState) -> list[WorkerWarning]:
    """Warnings for requests that cannot be met, each with advice."""
    calls = _Calls(request)
    found = [lacking(call) for call in calls.standing()]
    found += [_bfloat16(calls, config), _int8(calls, config), _onednn(calls, config)]
    found += [_tensorrt(calls, state), _passes(calls, request["format"], state)]
    messages: dict[str, WorkerWarning] = {
        warning["message"]: warning for warning in found if warning is not None
    }
    return list(messages.values())


class _Calls:
    """The recorded calls, identified by paddle's newest name."""

    def __init__(self, request: CreateRequest) -> None:
        # Without oneDNN, its calls count as not made.
        self._calls = [
            call for call in request["calls"] if not (request["withoutOneDnn"] and turns_onednn_on(call))
        ]

    def last(self, *methods: str) -> RecordedCall | None:
        """The last call of any of these methods."""
        return next((call for call in reversed(self._calls) if call["methods"][0] in methods), None)

    def standing(self) -> list[RecordedCall]:
        """The calls that no later call undoes."""
        return [call for call in self._calls if not self._undone(call)]

    def had(self, method: str) -> RecordedCall | None:
        """The last call of this method, unless it is undone or not available."""
        call = self.last(method)
        return None if call is None or self._undone(call) or lacking(call) else call

    def _undone(self, call: RecordedCall) -> bool:
        undoing = _UNDONE_BY.get(call["methods"][0])
        if undoing is None:
            return False
        last = self.last(call["methods"][0], undoing)
        return last is not None and last["methods"][0] == undoing


def _device(config: Any, calls: _Calls) -> str:
    custom = calls.had("enable_custom_device")
    if custom is not None:
        number = custom["args"][1] if len(custom["args"]) > 1 else 0
        return f"{custom['args'][0]}:{number}"
    if config.use_gpu():
        return f"gpu:{config.gpu_device_id()}"
    if config.use_xpu():
        return f"xpu:{config.xpu_device_id()}"
    return "cpu" if calls.had("enable_ipu") is None else "ipu"


def _precision(config: Any, calls: _Calls, one_dnn: bool) -> str:
    if config.tensorrt_engine_enabled():
        return _PRECISIONS[config.tensorrt_precision_mode().name]
    for method, index in (("enable_use_gpu", 2), ("enable_custom_device", 2), ("enable_openvino_engine", 0)):
        call = calls.had(method)
        if call is not None:
            return _precision_at(call, index)
    if one_dnn and calls.last(*_BFLOAT16) is not None and _supports_bfloat16():
        return "bf16"
    return "int8" if one_dnn and config.mkldnn_int8_enabled() else "fp32"


def _precision_at(call: RecordedCall, index: int) -> str:
    argument = call["args"][index] if index < len(call["args"]) else None
    return _PRECISIONS[argument["$precision"]] if isinstance(argument, dict) else "fp32"


_BFLOAT16 = ("enable_onednn_bfloat16", "enable_mkldnn_bfloat16", "set_bfloat16_op")
_INT8 = ("enable_onednn_int8", "enable_mkldnn_int8")
_ONEDNN = ("enable_onednn", "enable_mkldnn", "set_onednn_op", "set_mkldnn_op")


def _bfloat16(calls: _Calls, config: Any) -> WorkerWarning | None:
    from paddle.base import core

    if calls.last(*_BFLOAT16) is None:
        return None
    if not config.mkldnn_enabled():
        return _unavailable(
            "bf16 was requested, but oneDNN, which bf16 requires on a CPU, is off.\nLeave oneDNN on, or bf16 out."
        )
    if core.supports_bfloat16_fast_performance():
        return None
    does = "would only simulate it, slower than fp32" if _supports_bfloat16() else "would compute in fp32"
    return _unavailable(
        f"bf16 was requested, but this CPU has neither avx512_bf16 nor amx_bf16: paddle {does}.\n"
        "Use a CPU that has one (Intel from Cooper Lake and Sapphire Rapids, AMD from Zen 4), or leave bf16 out."
    )


def _supports_bfloat16() -> bool:
    from paddle.base import core

    supports: bool = core.supports_bfloat16()
    return supports


def _int8(calls: _Calls, config: Any) -> WorkerWarning | None:
    if calls.last(*_INT8) is None:
        return None
    if not config.mkldnn_enabled():
        return _unavailable(
            "int8 was requested, but oneDNN, which int8 requires on a CPU, is off.\nLeave oneDNN on, or int8 out."
        )
    if config.mkldnn_int8_enabled():
        return None
    return _unavailable("int8 was requested, but oneDNN does not support it on this CPU.\nLeave int8 out.")


def _onednn(calls: _Calls, config: Any) -> WorkerWarning | None:
    last = calls.last(*_ONEDNN, "disable_onednn", "disable_mkldnn")
    if last is None or last["methods"][0].startswith("disable_") or config.mkldnn_enabled():
        return None
    return {
        "code": "ENGINE_UNAVAILABLE",
        "message": "oneDNN was requested, but this paddle wheel is built without it.\n"
        "Name a Python whose paddle has it (PADDLE_TS_PYTHON), or leave oneDNN out.",
    }


def _tensorrt(calls: _Calls, state: EffectiveState) -> WorkerWarning | None:
    """Paddle ignores TensorRT without a GPU, and before one."""
    if calls.had("enable_tensorrt_engine") is None or state["tensorRt"]:
        return None
    return {
        "code": "ENGINE_UNAVAILABLE",
        "message": "TensorRT was requested, but no GPU before it, and paddle runs TensorRT on a GPU only.\n"
        "Call enableUseGpu() before enableTensorrtEngine(), or leave TensorRT out.",
    }


# Calls that paddle silently drops when it creates a predictor; it keeps deletions.
_ADDED_PASSES = ("pass_builder.set_passes", "pass_builder.insert_pass", "pass_builder.append_pass")


def _passes(calls: _Calls, form: str, state: EffectiveState) -> WorkerWarning | None:
    call = calls.last(*_ADDED_PASSES)
    if call is None:
        return None
    if form == "json":
        why = "paddle ignores that list for a program in the format of Paddle 3"
        remedy = "Add custom passes instead, or export the network with --format pdmodel."
    elif state["device"] == "cpu" and not state["oneDnn"]:
        why = "without oneDNN, paddle rebuilds its list of passes when it creates the predictor"
        remedy = "Leave oneDNN on, or only delete passes."
    else:
        return None
    return {
        "code": "CONFIG_UNSUPPORTED",
        "message": f"`{call['name']}` would have no effect: {why}.\n{remedy}",
    }


def _unavailable(message: str) -> WorkerWarning:
    return {"code": "PRECISION_UNAVAILABLE", "message": message}
