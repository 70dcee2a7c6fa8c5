"""Import paddle and report facts about it: `python probe_environment.py DESCRIPTOR`.

The reply is the last line of JSON on that descriptor: `{"ok": true, "facts": …}`, or with `"error"` instead.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import sys
from typing import Any

__all__ = ["facts", "main"]


def facts() -> dict[str, Any]:
    """Return facts about the interpreter, paddle and numpy, and what paddle was compiled with."""
    import paddle

    return {
        "python": platform.python_version(),
        "executable": str(getattr(sys, "_base_executable", None) or sys.executable),
        "paddle": _paddle(paddle),
        "numpy": _version_of("numpy"),
        "compiled_with": _compiled_with(paddle),
        "missing": _missing(paddle),
        "files": _files(paddle),
    }


def _paddle(paddle: object) -> dict[str, Any]:
    version = getattr(paddle, "version", None)
    return {
        "version": str(getattr(paddle, "__version__", "unknown")),
        "commit": getattr(version, "commit", None),
    }


def _version_of(module: str) -> str | None:
    try:
        return str(__import__(module).__version__)
    except ImportError:
        return None


def _compiled_with(paddle: object) -> dict[str, str | bool]:
    """Return the version, true or false for each library that a wheel may include; false if paddle does not report it."""
    version = getattr(paddle, "version", None)
    core = _core(paddle)

    def number(name: str) -> str | bool:
        value = _call(version, name)
        return False if value in (None, False, "False", "None", "") else str(value)

    return {
        "cuda": number("cuda"),
        "cudnn": number("cudnn"),
        "tensorrt": _tensorrt(paddle),
        "onednn": bool(_call(core, "is_compiled_with_onednn") or _call(core, "is_compiled_with_mkldnn")),
        "rocm": bool(_call(core, "is_compiled_with_rocm")),
        "xpu": bool(_call(core, "is_compiled_with_xpu")),
    }


def _tensorrt(paddle: object) -> str | bool:
    value = _call(getattr(paddle, "inference", None), "get_trt_compile_version")
    return ".".join(map(str, value)) if isinstance(value, tuple) and any(value) else False


def _missing(paddle: object) -> list[str]:
    """Return libraries that the wheel was compiled for but does not find."""
    compiled = _compiled_with(paddle)
    missing: list[str] = []
    if compiled["cuda"]:
        missing += [name for name in ("libcuda.so.1", *_of_cuda()) if not _loads(name)]
        # Paddle's own search, which knows the packages of NVIDIA and paddle's flags.
        if _call(getattr(paddle, "device", None), "get_cudnn_version") is None:
            missing.append("libcudnn.so")
    if isinstance(compiled["tensorrt"], str) and not _finds_tensorrt(paddle):
        missing.append("libnvinfer.so")
    return missing


def _of_cuda() -> tuple[str, ...]:
    """The library of CUDA that every GPU inference needs, unless it comes as a package of NVIDIA."""
    import importlib.util

    return () if importlib.util.find_spec("nvidia") else ("libcublas.so",)


def _loads(library: str) -> bool:
    # Like paddle: by the loader's own search, then in the usual folder.
    for path in (library, f"/usr/local/cuda/lib64/{library}"):
        try:
            ctypes.CDLL(path)
        except OSError:
            continue
        return True
    return False


def _finds_tensorrt(paddle: object) -> bool:
    try:
        version = _call(getattr(paddle, "inference", None), "get_trt_runtime_version")
    except RuntimeError:
        return False
    return isinstance(version, tuple) and any(version)


def _files(paddle: object) -> list[str]:
    """Return files without which the packages are damaged."""
    import importlib.util

    numpy = importlib.util.find_spec("numpy")
    found = [
        getattr(paddle, "__file__", None),
        getattr(getattr(_core(paddle), "libpaddle", None), "__file__", None),
        numpy.origin if numpy else None,
    ]
    return [str(path) for path in found if path]


def _core(paddle: object) -> object:
    return getattr(getattr(paddle, "base", None), "core", None)


def _call(owner: object, name: str) -> object:
    function = getattr(owner, name, None)
    return function() if callable(function) else None


def main() -> None:
    """Write the reply and exit at once, before loaded libraries can print anything."""
    try:
        result: dict[str, Any] = {"ok": True, "facts": facts()}
    except Exception as error:
        result = {"ok": False, "error": {"type": type(error).__name__, "message": str(error)}}
    sys.stdout.flush()
    os.write(int(sys.argv[1]), json.dumps(result).encode() + b"\n")
    os._exit(0)


if __name__ == "__main__":
    main()
