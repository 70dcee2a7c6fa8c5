"""The Python side of the bridge: one process, which runs its predictors on the main thread."""

from __future__ import annotations

__all__: list[str] = []
