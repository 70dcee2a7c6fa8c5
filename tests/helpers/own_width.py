"""What `own_net.py` imports from beside it."""

from __future__ import annotations

__all__ = ["WIDTH"]

WIDTH = 8
