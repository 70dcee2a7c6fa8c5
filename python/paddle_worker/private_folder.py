"""A temporary folder that is removed even if this process is killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["private_folder", "private_folder_at"]


@contextmanager
def private_folder(prefix: str) -> Iterator[Path]:
    """A new temporary folder that only this user can access.

    Raises `OSError` if it cannot be created.
    """
    with _kept_by_janitor("--temporary", prefix) as folder:
        yield folder


@contextmanager
def private_folder_at(path: Path) -> Iterator[Path]:
    """Same as `private_folder`, at a path that does not exist yet."""
    with _kept_by_janitor(str(path)) as folder:
        yield folder


@contextmanager
def _kept_by_janitor(*arguments: str) -> Iterator[Path]:
    command = [sys.executable, "-I", "-S", str(Path(__file__).with_name("janitor.py")), *arguments]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as janitor:
        assert janitor.stdout is not None
        folder = os.fsdecode(janitor.stdout.read())
        if folder == "":
            raise OSError("no folder can be created there")
        # Leaving the block closes the pipe and waits for the janitor, which removes the folder.
        yield Path(folder)
