"""Stand-ins for paddle's detection of bfloat16 on the CPU: functions for `prepare`. The actual CPU still computes."""

from __future__ import annotations

from typing import Any

from paddle.base import core

__all__ = ["has_it", "lacks_it", "simulates_it"]


def has_it(_config: Any) -> None:
    """A CPU with avx512_bf16."""
    _say(fast=True, at_all=core.supports_bfloat16())


def simulates_it(_config: Any) -> None:
    """A CPU with avx512bw only."""
    _say(fast=False, at_all=True)


def lacks_it(_config: Any) -> None:
    """A CPU with neither."""
    _say(fast=False, at_all=False)


def _say(*, fast: bool, at_all: bool) -> None:
    core.supports_bfloat16_fast_performance = lambda: fast
    core.supports_bfloat16 = lambda: at_all
