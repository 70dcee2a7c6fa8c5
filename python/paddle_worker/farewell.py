"""What paddle does only when a predictor is destroyed, which a worker that is ended otherwise never waits for."""

from __future__ import annotations

import gc
import signal
from typing import Any

__all__ = ["has_farewell", "say_farewell"]


def has_farewell(config: Any) -> bool:
    """Whether paddle writes a file at the end: then SIGTERM has to wait for it; who takes too long is killed all the same."""
    waits: bool = config.shape_range_info_collected()
    if waits:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return waits


def say_farewell(session: Any) -> None:
    """Destroys the predictors that the session holds."""
    session.predictors.clear()
    gc.collect()
