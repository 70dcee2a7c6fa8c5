"""A start that hangs: a function for `prepare`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

__all__ = ["for_ever"]


def for_ever(_config: Any) -> None:
    """Creates the file `loading` in the folder FAULTS of the environment, then waits forever."""
    (Path(os.environ["FAULTS"]) / "loading").touch()
    reading, _writing = os.pipe()
    os.read(reading, 1)
