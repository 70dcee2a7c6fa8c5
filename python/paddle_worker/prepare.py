"""Runs the user's Python function that changes the native Config (`prepare`)."""

from __future__ import annotations

import runpy
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from paddle_worker.errors import WorkerError

__all__ = ["prepare_config"]


def prepare_config(config: Any, file: str, name: str) -> None:
    """Runs `name(config)` of `file`, which may import modules from its folder.

    Raises `WorkerError` PREPARE_FAILED if the function does not exist or raises.
    """
    folder = str(Path(file).parent)
    sys.path.insert(0, folder)
    known = set(sys.modules)
    try:
        function = runpy.run_path(file).get(name)
        if not callable(function):
            raise WorkerError(
                "PREPARE_FAILED",
                f"{file} has no function {name}.\nName one: FILE.py:FUNCTION",
            )
        function(config)
    except WorkerError:
        raise
    except BaseException as error:
        raise WorkerError(
            "PREPARE_FAILED",
            f"{name} of {file} failed{_line_in(file, error)}: {type(error).__name__}: {error}\n"
            "It is called with paddle's native Config before the predictor is created.",
        ) from error
    finally:
        with suppress(ValueError):
            sys.path.remove(folder)
        # The function of another model may import modules with the same names.
        for neighbour in [name for name in sys.modules if name not in known]:
            if Path(getattr(sys.modules[neighbour], "__file__", None) or "/").parent == Path(folder):
                del sys.modules[neighbour]


def _line_in(file: str, error: BaseException) -> str:
    """The line of the user's file that raised."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return f" at line {lines[-1]}" if lines else ""
