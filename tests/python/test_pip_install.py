"""Parsing the output of pip."""

from __future__ import annotations

from pathlib import Path

import pytest
from pip_install import Pip, _reporter, base_pip, reason_of


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "no_space"),
        ("broken by 'NewConnectionError(…)'\nERROR: No matching distribution found for x", "no_network"),
        ("WARNING: Retrying … 'ReadTimeoutError(\"…\")': /simple/x/", "no_network"),
        ("ERROR: Could not find a version that satisfies the requirement x", "no_version"),
        ("ERROR: x-1-py3-none-win_amd64.whl is not a supported wheel on this platform.", "wrong_wheel"),
        ("ERROR: Wheel 'x' located at /x.whl is invalid.", "bad_wheel"),
        ("ERROR: Could not install packages: [Errno 13] Permission denied: '/x'", "unwritable"),
        ("ERROR: something new", "other"),
    ],
)
def test_reason(output: str, reason: str) -> None:
    assert reason_of(output) == reason


def test_steps_are_reported_with_their_bytes() -> None:
    told: list[tuple[object, ...]] = []
    report = _reporter(lambda *step: told.append(step))
    for line in (
        "Collecting paddlepaddle==3.3.1 (from -r requirements.txt (line 3))",
        "  Downloading paddlepaddle-3.3.1-cp311-cp311-manylinux1_x86_64.whl (194.8 MB)",
        "Progress 0 of 194800000",
        "Progress 97400000 of 194800000",
        "  Using cached https://example.org/numpy-2.2.6-cp311-cp311-linux_x86_64.whl.metadata (62 kB)",
        "Installing collected packages: numpy, paddlepaddle",
    ):
        report(line)
    assert told == [
        ("Looking up packages",),
        ("Downloading paddlepaddle 3.3.1 (194.8 MB)",),
        ("Downloading paddlepaddle 3.3.1 (194.8 MB)", 0, 194800000),
        ("Downloading paddlepaddle 3.3.1 (194.8 MB)", 97400000, 194800000),
        ("Installing 2 packages",),
    ]


def test_progress_in_bytes_needs_pip_24_1(tmp_path: Path) -> None:
    for version, tells in (("23.2.1", False), ("24.0", False), ("24.1", True), ("26.0.dev0", True)):
        (tmp_path / "__init__.py").write_text(f'from typing import List\n\n__version__ = "{version}"\n')
        assert Pip([], tmp_path).tells_bytes() is tells


def test_base_pip_is_the_one_that_pip_runs_for_another_python() -> None:
    import pip

    found = base_pip(Path("/venv/bin/python"))
    runner = Path(pip.__file__).with_name("__pip-runner__.py")
    assert found == (Pip(["/venv/bin/python", "-I", str(runner)], runner.parent) if runner.exists() else None)
