"""Recognises the small text that Git LFS leaves in place of a large file."""

from __future__ import annotations

import shlex
from pathlib import Path

__all__ = ["git_lfs_advice", "is_git_lfs_pointer"]

_START = b"version https://gi"


def is_git_lfs_pointer(file: Path) -> bool:
    """Whether the file is a pointer; False for one that cannot be read."""
    try:
        with file.open("rb") as stream:
            return stream.read(len(_START)) == _START
    except OSError:
        return False


def git_lfs_advice(file: Path) -> str:
    """How to replace a pointer by its file."""
    folder = shlex.quote(str(file.parent))
    return f"In a clone of its repository, get the file itself: git -C {folder} lfs pull"
