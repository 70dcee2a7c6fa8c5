"""The Python side of the bridge: one process, one predictor, on the main thread."""

from __future__ import annotations

__all__: list[str] = []
