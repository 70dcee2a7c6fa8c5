"""The NVIDIA driver is read from nvidia-smi or libcuda, whatever state it is in. Scripts simulate nvidia-smi."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "python" / "read_driver.py"
NO_LIBCUDA = "the library libcuda.so.1 is not found"

HEADER = """cat <<'END'
Mon Dec  1 09:00:00 2025
+-----------------------------------------------------------------------------------------+
| NVIDIA-SMI 550.54.14              Driver Version: 550.54.14      CUDA Version: 12.4     |
|-----------------------------------------+------------------------+----------------------+
END
"""


def _has_driver() -> bool:
    try:
        ctypes.CDLL("libcuda.so.1")
    except OSError:
        return Path("/usr/lib/wsl/lib/nvidia-smi").exists()
    return True


without_driver = pytest.mark.skipif(_has_driver(), reason="this machine has an NVIDIA driver")


def _read(folder: Path, seconds: float = 30) -> dict[str, Any]:
    """Run the script with `folder` first on the PATH; it writes its reply to descriptor 3."""
    reader, writer = os.pipe()
    code = (
        f"import os, sys; os.dup2({writer}, 3); sys.path.insert(0, {str(SCRIPT.parent)!r}); sys.argv = ['']; "
        f"import read_driver; read_driver._SECONDS = {seconds}; read_driver.main()"
    )
    environment = {**os.environ, "PATH": f"{folder}:/usr/bin:/bin"}
    subprocess.run([sys.executable, "-c", code], env=environment, pass_fds=[writer], check=True, timeout=60)
    os.close(writer)
    with os.fdopen(reader) as stream:
        reply: dict[str, Any] = json.load(stream)
    return reply


def _simulate(folder: Path, script: str) -> Path:
    program = folder / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}")
    program.chmod(0o755)
    return folder


def test_a_simulated_driver_with_two_gpus(tmp_path: Path) -> None:
    gpus = "printf '8.9, NVIDIA L4\\n9.0, NVIDIA H100 80GB HBM3\\n'"
    query = "--query-gpu=compute_cap,name --format=csv,noheader"
    _simulate(tmp_path, f'[ "$*" = "{query}" ] && {gpus} && exit\n{HEADER}')
    assert _read(tmp_path) == {
        "driver": "550.54.14",
        "cuda": [12, 4],
        "gpus": [
            {"name": "NVIDIA L4", "capability": [8, 9]},
            {"name": "NVIDIA H100 80GB HBM3", "capability": [9, 0]},
        ],
        "installed": True,
        "problem": None,
    }


def test_a_simulated_driver_that_does_not_know_the_compute_capability(tmp_path: Path) -> None:
    refusal = """echo 'Field "compute_cap" is not a valid field to query.'; exit 2"""
    script = f"case \"$*\" in *compute_cap*) {refusal};; *query*) echo 'Tesla T4'; exit;; esac\n{HEADER}"
    assert _read(_simulate(tmp_path, script))["gpus"] == [{"name": "Tesla T4", "capability": None}]


@without_driver
@pytest.mark.parametrize(
    ("script", "problem"),
    [
        (
            'echo "NVIDIA-SMI has failed because it couldn\'t communicate with the NVIDIA driver."; exit 9',
            "nvidia-smi failed: NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver",
        ),
        ("kill -SEGV $$", "nvidia-smi died with SIGSEGV"),
        ("echo Driver Version: 390.12", "nvidia-smi names no CUDA version"),
    ],
)
def test_a_simulated_driver_that_is_broken(tmp_path: Path, script: str, problem: str) -> None:
    reply = _read(_simulate(tmp_path, script))
    assert reply == {
        "driver": None,
        "cuda": None,
        "gpus": [],
        "installed": True,
        "problem": f"{problem}, and {NO_LIBCUDA}",
    }


@without_driver
def test_a_simulated_driver_whose_program_is_empty(tmp_path: Path) -> None:
    folder = _simulate(tmp_path, "")
    (folder / "nvidia-smi").write_bytes(b"")
    problem = _read(folder)["problem"]
    assert problem.startswith("nvidia-smi cannot be run (")
    assert problem.endswith(f"), and {NO_LIBCUDA}")
    assert "\n" not in problem


@without_driver
def test_a_simulated_driver_that_never_answers(tmp_path: Path) -> None:
    started = time.monotonic()
    reply = _read(_simulate(tmp_path, "exec sleep 1000"), seconds=0.3)
    assert reply["problem"].startswith("nvidia-smi did not answer within 0 s, and ")
    assert reply["installed"] is True
    assert time.monotonic() - started < 30


@without_driver
def test_no_driver_on_this_machine(tmp_path: Path) -> None:
    assert _read(tmp_path) == {
        "driver": None,
        "cuda": None,
        "gpus": [],
        "installed": False,
        "problem": f"nvidia-smi is not on the PATH, and {NO_LIBCUDA}",
    }


@without_driver
def test_a_library_of_the_driver_that_cannot_be_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "libcuda.so.1").write_bytes(b"")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    reply = _read(tmp_path)
    assert reply["installed"] is True
    assert reply["problem"].startswith("nvidia-smi is not on the PATH, and libcuda.so.1 cannot be loaded (")
