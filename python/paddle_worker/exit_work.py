"""Waits for what paddle does only when a predictor is destroyed, before the worker exits."""

from __future__ import annotations

import gc
import signal
from typing import Any

__all__ = ["do_exit_work", "has_exit_work"]


def has_exit_work(config: Any) -> bool:
    """Whether paddle writes a file when the predictor is destroyed. SIGTERM is then ignored; a worker that
    takes too long is killed.
    """
    waits: bool = config.shape_range_info_collected()
    if waits:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return waits


def do_exit_work(predictors: list[Any]) -> None:
    """Destroys the predictors; the list must hold the last references to them."""
    predictors.clear()
    gc.collect()
