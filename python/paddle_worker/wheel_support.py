"""What this wheel and machine support of what a Config may request."""

from __future__ import annotations

import platform
import sys
from typing import TYPE_CHECKING, Any, Callable, Optional

if TYPE_CHECKING:
    from paddle_worker.protocol.control import RecordedCall, WorkerWarning

__all__ = ["foremost", "has_pass", "lacking", "trt_runtime_version"]

Check = Callable[["RecordedCall"], Optional[str]]


def lacking(recorded: RecordedCall) -> WorkerWarning | None:
    """A warning for a call that the wheel or the machine does not support, with advice; None if it is supported."""
    code, check = _CHECKS.get(recorded["methods"][0], ("", None))
    message = check(recorded) if check is not None else None
    return None if message is None else {"code": code, "message": message}


def foremost(refused: list[WorkerWarning]) -> WorkerWarning:
    """The one whose advice is to be followed first: a wheel that has the engine has the device too."""
    return next((one for one in refused if one["code"] == "ENGINE_UNAVAILABLE"), refused[0])


def has_pass(name: str) -> bool:
    """Whether the wheel has a pass; a built-in engine adds one."""
    from paddle.base import core

    try:
        core.get_pass(name)
    except Exception:
        return False
    return True


def trt_runtime_version() -> tuple[int, ...]:
    """The version of TensorRT's library; zeros if the wheel has no TensorRT, or paddle does not find the library."""
    from paddle import inference

    try:
        version: tuple[int, ...] = inference.get_trt_runtime_version()
    except RuntimeError:
        return (0, 0, 0)
    return version


def _gpu_count() -> int:
    from paddle.base import core

    # Only wheels with CUDA have this function.
    count: int = getattr(core, "get_cuda_device_count", int)()
    return count


def _gpu(recorded: RecordedCall) -> str | None:
    from paddle.base import core

    if not core.is_compiled_with_cuda():
        return (
            "A GPU was requested, but this paddle wheel is built without CUDA and would stay on the CPU.\n"
            f"{_install_gpu_wheel()}, or leave the GPU out."
        )
    count = _gpu_count()
    if count == 0:
        return (
            "A GPU was requested, but the driver reports none.\n"
            "Check nvidia-smi and CUDA_VISIBLE_DEVICES, or leave the GPU out."
        )
    wanted = _at(recorded, 1, 0)
    if wanted >= count:
        return f"gpu:{wanted} was requested, but there are {count} GPUs.\nName one from gpu:0 to gpu:{count - 1}."
    return None


def _xpu(_: RecordedCall) -> str | None:
    from paddle.base import core

    if core.is_compiled_with_xpu():
        return None
    return (
        "An XPU was requested, but this paddle wheel is built without XPU and would stay on the CPU.\n"
        "Name a Python that has a wheel for XPU (PADDLE_TS_PYTHON), or leave the XPU out."
    )


def _ipu(_: RecordedCall) -> str | None:
    from paddle.base import core

    if core.is_compiled_with_ipu():
        return None
    return (
        "An IPU was requested, but this paddle wheel is built without IPU and would stay on the CPU.\n"
        "Name a Python that has a wheel for IPU (PADDLE_TS_PYTHON), or leave the IPU out."
    )


def _custom_device(recorded: RecordedCall) -> str | None:
    from paddle.base import core

    wanted, known = _at(recorded, 0, ""), core.get_all_custom_device_type() or []
    if wanted in known:
        return None
    return (
        f"The device {wanted} was requested, but paddle has no plugin for it: "
        f"{'it knows ' + ', '.join(known) if known else 'it has no plugins'}.\n"
        f"Install the plugin of {wanted} beside paddle, or leave the device out."
    )


def _tensorrt(_: RecordedCall) -> str | None:
    from paddle import inference

    built = inference.get_trt_compile_version()
    if not any(built):
        return (
            "TensorRT was requested, but this paddle wheel is built without it.\n"
            f"{_install_gpu_wheel('a wheel that has it', '--device gpu --paddle-version 2.6.2')}, or leave TensorRT out."
        )
    if not any(trt_runtime_version()):
        return (
            "TensorRT was requested, but its library, libnvinfer.so, is not found.\n"
            f"Install TensorRT {'.'.join(map(str, built))}, which this paddle wheel is built with, and add its folder to "
            "LD_LIBRARY_PATH, or leave TensorRT out."
        )
    return _without_gpu("TensorRT")


def _install_gpu_wheel(wheel: str = "a GPU wheel", flags: str = "--device auto") -> str:
    """The start of the advice, which is safe to follow only where there is such a wheel."""
    if (sys.platform, platform.machine()) == ("linux", "x86_64"):
        return f"Install {wheel}: paddle-ts setup {flags}"
    return "Run it on Linux x64, the only platform for which Paddle has GPU wheels"


def _cutlass(_: RecordedCall) -> str | None:
    from paddle.base import core

    if core.is_compiled_with_cuda():
        return _without_gpu("CUTLASS")
    return f"CUTLASS was requested, but this paddle wheel is built without CUDA.\n{_install_gpu_wheel()}, or leave CUTLASS out."


def _without_gpu(engine: str) -> str | None:
    if _gpu_count() > 0:
        return None
    return (
        f"{engine} was requested, but the driver reports no GPU.\n"
        f"Check nvidia-smi and CUDA_VISIBLE_DEVICES, or leave {engine} out."
    )


def _cinn(_: RecordedCall) -> str | None:
    from paddle.base import core

    return None if core.is_compiled_with_cinn() else _not_built_in("CINN", "WITH_CINN")


def _onnxruntime(_: RecordedCall) -> str | None:
    from paddle import inference

    config = inference.Config()
    config.enable_onnxruntime()
    return None if config.onnxruntime_enabled() else _not_built_in("ONNX Runtime", "WITH_ONNXRUNTIME")


def _of_pass(engine: str, name: str, option: str) -> Check:
    return lambda _: None if has_pass(name) else _not_built_in(engine, option)


def _not_built_in(engine: str, option: str) -> str:
    return (
        f"{engine} was requested, but this paddle wheel is built without it.\n"
        f"Name a Python whose paddle was built with {option}=ON (PADDLE_TS_PYTHON), or leave {engine} out."
    )


def _at(recorded: RecordedCall, index: int, default: Any) -> Any:
    arguments = recorded["args"]
    return arguments[index] if index < len(arguments) else default


_CHECKS: dict[str, tuple[str, Check]] = {
    "enable_use_gpu": ("DEVICE_UNAVAILABLE", _gpu),
    "enable_xpu": ("DEVICE_UNAVAILABLE", _xpu),
    "enable_ipu": ("DEVICE_UNAVAILABLE", _ipu),
    "enable_custom_device": ("DEVICE_UNAVAILABLE", _custom_device),
    "enable_tensorrt_engine": ("ENGINE_UNAVAILABLE", _tensorrt),
    "exp_enable_use_cutlass": ("ENGINE_UNAVAILABLE", _cutlass),
    "enable_cinn": ("ENGINE_UNAVAILABLE", _cinn),
    "enable_onnxruntime": ("ENGINE_UNAVAILABLE", _onnxruntime),
    "enable_ort_optimization": ("ENGINE_UNAVAILABLE", _onnxruntime),
    "enable_openvino_engine": (
        "ENGINE_UNAVAILABLE",
        _of_pass("OpenVINO", "openvino_subgraph_pass", "WITH_OPENVINO"),
    ),
    "enable_lite_engine": ("ENGINE_UNAVAILABLE", _of_pass("Paddle Lite", "lite_subgraph_pass", "WITH_LITE")),
    "enable_opencl": ("ENGINE_UNAVAILABLE", _of_pass("OpenCL", "lite_subgraph_pass", "WITH_LITE")),
    "enable_dlnne": ("ENGINE_UNAVAILABLE", _of_pass("DLNNE", "dlnne_subgraph_pass", "WITH_DLNNE")),
}
