"""The request of paddle-ts, in addition to the flags: {"staging": name, "labels": [name, …] | null}.

`src/export/export-model.ts` is the other end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import script_channel

__all__ = ["Request", "read_request"]


@dataclass(frozen=True)
class Request:
    """Empty for a process that runs on its own."""

    staging: str | None = None
    labels: Sequence[str] | None = None


def read_request() -> Request:
    """Read the request of paddle-ts, which drives this process."""
    return Request(**(script_channel.read_request() or {}))
