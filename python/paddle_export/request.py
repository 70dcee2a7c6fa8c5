"""What paddle-ts hands over beside the flags: {"staging": name, "labels": [name, …] | null}.

`src/export/export-model.ts` is the other end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import paddle_ts_driver

__all__ = ["Request", "read_request"]


@dataclass(frozen=True)
class Request:
    """Nothing of it for a process that runs alone."""

    staging: str | None = None
    labels: Sequence[str] | None = None


def read_request() -> Request:
    """The request of paddle-ts, which drives this process."""
    return Request(**(paddle_ts_driver.read_request() or {}))
