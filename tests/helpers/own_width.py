"""A module next to `own_net.py`, which imports it."""

from __future__ import annotations

__all__ = ["WIDTH"]

WIDTH = 8
