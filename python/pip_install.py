"""Find a pip, run it with its own settings (mirrors, proxies, certificates), and classify its failures."""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from child_process import Child

__all__ = ["Pip", "PipError", "base_pip", "install", "own_pip", "reason_of"]

Step = Callable[..., None]

# Settings of pip that would install the packages outside the venv.
_MISPLACING = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_DRY_RUN", "PIP_PYTHON")

# In this order: a full disk also breaks downloads, and without a network no distribution matches.
_REASONS = (
    (
        "no_space",
        re.compile(r"No space left on device|Disk quota exceeded|File too large|Errno (28|122|27)\b"),
    ),
    ("wrong_wheel", re.compile(r"is not a supported wheel on this platform")),
    ("bad_wheel", re.compile(r"Wheel .* is invalid|has an invalid wheel|BadZipFile|not a zip file")),
    (
        "no_network",
        re.compile(
            r"NewConnectionError|ConnectTimeoutError|ReadTimeoutError|ProxyError|NameResolutionError|SSLError"
            r"|Temporary failure in name resolution|Connection (aborted|reset|refused|broken)"
            r"|Network is unreachable"
        ),
    ),
    ("no_version", re.compile(r"No matching distribution found for|Could not find a version that satisfies")),
    ("unwritable", re.compile(r"Permission denied|Read-only file system")),
)


class PipError(Exception):
    """pip failed: the reason, as far as its output shows, and its last lines."""

    def __init__(self, reason: str, output: str) -> None:
        super().__init__(output)
        self.reason = reason
        self.output = output


def reason_of(output: str) -> str:
    """Classify pip's output as `no_network`, `no_space`, …; `other` if nothing matches."""
    return next((reason for reason, pattern in _REASONS if pattern.search(output)), "other")


@dataclass(frozen=True)
class Pip:
    """A pip that installs into the venv of a Python."""

    command: list[str]
    folder: Path

    def tells_bytes(self) -> bool:
        """Whether it supports `--progress-bar raw`, which requires 24.1."""
        text = (self.folder / "__init__.py").read_text(encoding="utf-8")
        version = re.search(r'^__version__ = "(\d+)\.(\d+)', text, re.MULTILINE)
        return version is not None and (int(version[1]), int(version[2])) >= (24, 1)


def base_pip(python: Path) -> Pip | None:
    """The pip of the running Python, used for another one like `pip --python`; None if there is none.

    This avoids installing pip in the venv, which takes longer than a small package.
    """
    spec = importlib.util.find_spec("pip")
    runner = Path(spec.origin).with_name("__pip-runner__.py") if spec and spec.origin else None
    return Pip([str(python), "-I", str(runner)], runner.parent) if runner and runner.exists() else None


def own_pip(python: Path) -> Pip:
    """The pip that ensurepip has installed in the venv of `python`."""
    folder = next(python.parent.parent.glob("lib/python*/site-packages/pip"))
    return Pip([str(python), "-I", "-m", "pip"], folder)


def install(child: Child, pip: Pip, arguments: list[str], temporary: Path, step: Step) -> None:
    """Run `pip install` and report each step; its temporary files are in a folder that is removed with the environment."""
    environment = {name: value for name, value in os.environ.items() if name not in _MISPLACING}
    environment["TMPDIR"] = str(temporary)
    progress = ["--progress-bar", "raw" if pip.tells_bytes() else "off"]
    flags = ["--no-input", "--disable-pip-version-check", "--no-color", "--no-user", *progress]
    command = [*pip.command, "install", *flags, *arguments]
    ended = child.run(command, environment=environment, line=_reporter(step))
    if ended.code != 0:
        lines = [line for line in ended.lines if line.strip() and not line.startswith("Progress ")]
        raise PipError(reason_of("\n".join(lines)), "\n".join(lines[-8:]))


def _reporter(step: Step) -> Callable[[str], None]:
    """Convert lines of pip to steps."""
    current = "Looking up packages"
    step(current)

    def report(line: str) -> None:
        nonlocal current
        bytes_done = re.match(r"Progress (\d+) of (\d+)", line)
        if bytes_done:
            step(current, int(bytes_done[1]), int(bytes_done[2]))
            return
        text = _step_of(line)
        if text:
            current = text
            step(text)

    return report


def _step_of(line: str) -> str | None:
    found = re.match(r"\s+(?:Downloading|Using cached) (?:\S*/)?([^/\s]+)\.whl(?![.\w])\S* (\(.*\))", line)
    if found:
        name, version = found[1].split("-")[:2]
        return f"Downloading {name} {version} {found[2]}"
    found = re.match(r"Installing collected packages: (.*)", line)
    if found:
        return f"Installing {found[1].count(',') + 1} packages"
    return None
