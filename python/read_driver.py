"""Read the NVIDIA driver: its version, the CUDA version that it supports, and the GPUs.

nvidia-smi answers, or libcuda if nvidia-smi is missing or fails. Each runs in a process of its own for a limited time: a
broken driver can crash or block any process that calls it. The reply has a `problem` if neither answers, and is not
`installed` if the machine has neither.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from parent_death import end_with_parent
from script_channel import send

__all__ = ["main"]

# A machine with eight GPUs may take this long to wake them all.
_SECONDS = 15.0
_NO_DEVICE = 100
# CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR and _MINOR of cuda.h.
_CAPABILITY = (75, 76)
# Where Windows puts nvidia-smi in WSL 2; it is not on the PATH of every shell.
_OF_WSL = "/usr/lib/wsl/lib/nvidia-smi"


class DriverError(Exception):
    """Why the driver cannot be read, as a clause."""

    def __init__(self, problem: str, *, is_missing: bool = False) -> None:
        super().__init__(problem)
        self.is_missing = is_missing


def read_driver() -> dict[str, Any]:
    """Return the driver, or the problem."""
    errors: list[DriverError] = []
    for ask in (_ask_nvidia_smi, _ask_libcuda):
        try:
            return {**ask(), "installed": True, "problem": None}
        except DriverError as error:
            errors.append(error)
    return {
        "driver": None,
        "cuda": None,
        "gpus": [],
        "installed": not all(error.is_missing for error in errors),
        "problem": ", and ".join(map(str, errors)),
    }


def _ask_nvidia_smi() -> dict[str, Any]:
    program = shutil.which("nvidia-smi") or (_OF_WSL if Path(_OF_WSL).exists() else None)
    if program is None:
        raise DriverError("nvidia-smi is not on the PATH", is_missing=True)
    # Its text is the only place that names the CUDA version.
    text = _output_of([program], "nvidia-smi")
    cuda = re.search(r"CUDA Version\s*:\s*(\d+)\.(\d+)", text)
    if cuda is None:
        raise DriverError("nvidia-smi names no CUDA version")
    driver = re.search(r"Driver Version\s*:\s*([\d.]+)", text)
    return {
        "driver": driver[1] if driver else None,
        "cuda": (int(cuda[1]), int(cuda[2])),
        "gpus": _gpus_of(program),
    }


def _gpus_of(program: str) -> list[dict[str, Any]]:
    # Drivers before 510 do not know the compute capability.
    for fields in ("compute_cap,name", "name"):
        try:
            text = _output_of([program, f"--query-gpu={fields}", "--format=csv,noheader"], "nvidia-smi")
        except DriverError:
            continue
        return [_gpu(line, with_capability="," in fields) for line in text.splitlines() if line.strip()]
    raise DriverError("nvidia-smi lists no GPUs")


def _gpu(line: str, *, with_capability: bool) -> dict[str, Any]:
    first, _, rest = line.partition(",")
    found = re.fullmatch(r"\s*(\d+)\.(\d+)\s*", first) if with_capability else None
    capability = (int(found[1]), int(found[2])) if found else None
    return {"name": (rest if with_capability else line).strip(), "capability": capability}


def _ask_libcuda() -> dict[str, Any]:
    command = [sys.executable, "-E", "-s", str(Path(__file__).resolve()), "libcuda"]
    output = _output_of(command, "libcuda.so.1")
    try:
        # The library may print lines of its own.
        answer = json.loads(output.rpartition("\n")[2])
    except ValueError:
        raise DriverError("libcuda.so.1 gives no answer") from None
    if "problem" in answer:
        raise DriverError(answer["problem"], is_missing=answer.get("is_missing", False))
    return {"driver": _module_version(), **answer}


def _module_version() -> str | None:
    try:
        return Path("/sys/module/nvidia/version").read_text(encoding="utf-8").strip()
    except OSError:
        return None


def _output_of(command: list[str], name: str) -> str:
    """Return the output of a program. Does not wait for one that cannot be killed."""
    parent = os.getpid()
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            preexec_fn=lambda: end_with_parent(parent),
        )
    except (OSError, subprocess.SubprocessError) as error:
        # Container images can hold an empty file in its place.
        raise DriverError(f"{name} cannot be run ({error})") from None
    try:
        output, _ = process.communicate(timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        raise DriverError(f"{name} did not answer within {_SECONDS:.0f} s") from None
    if process.returncode < 0:
        raise DriverError(f"{name} died with {signal.Signals(-process.returncode).name}")
    if process.returncode > 0:
        lines = [line.strip() for line in output.splitlines() if line.strip()]
        raise DriverError(f"{name} failed: {lines[0].rstrip('.') if lines else process.returncode}")
    return output


def libcuda() -> dict[str, Any]:
    """Return what libcuda reports, in this process."""
    try:
        cuda = ctypes.CDLL("libcuda.so.1")
    except OSError as error:
        if "cannot open shared object file" in str(error):
            return {"problem": "the library libcuda.so.1 is not found", "is_missing": True}
        return {"problem": f"libcuda.so.1 cannot be loaded ({error})"}
    version = ctypes.c_int()
    code = cuda.cuDriverGetVersion(ctypes.byref(version))
    found = (version.value // 1000, version.value % 1000 // 10)
    code = code or cuda.cuInit(0)
    if code == _NO_DEVICE:
        return {"cuda": found, "gpus": []}
    if code != 0:
        return {"problem": f"libcuda.so.1 does not start ({_name_of(cuda, code)})"}
    count = ctypes.c_int()
    cuda.cuDeviceGetCount(ctypes.byref(count))
    return {"cuda": found, "gpus": [_device(cuda, index) for index in range(count.value)]}


def _device(cuda: ctypes.CDLL, index: int) -> dict[str, Any]:
    device, part = ctypes.c_int(), ctypes.c_int()
    name = ctypes.create_string_buffer(256)
    cuda.cuDeviceGet(ctypes.byref(device), index)
    cuda.cuDeviceGetName(name, len(name), device)
    capability: list[int] = []
    for attribute in _CAPABILITY:
        cuda.cuDeviceGetAttribute(ctypes.byref(part), attribute, device)
        capability.append(part.value)
    return {"name": name.value.decode(errors="replace"), "capability": capability}


def _name_of(cuda: ctypes.CDLL, code: int) -> str:
    name = ctypes.c_char_p()
    cuda.cuGetErrorName(code, ctypes.byref(name))
    return name.value.decode() if name.value else f"error {code}"


def main() -> None:
    """Send the reply, or with `libcuda` print what that library reports."""
    if sys.argv[1:] == ["libcuda"]:
        sys.stdout.write("\n" + json.dumps(libcuda()))
        sys.stdout.flush()
    else:
        send(read_driver())
    # Without waiting for a driver that blocks its own cleanup.
    os._exit(0)


if __name__ == "__main__":
    main()
