"""Runs and questions. The other side is `src/bridge/protocol/runs.ts`.

They go through the run channel, one line of JSON in each direction; tensors are in regions.
"""

from __future__ import annotations

import sys
from typing import TypedDict

from paddle_worker.protocol.control import WorkerFailure

if sys.version_info >= (3, 11):
    from typing import NotRequired
else:
    from typing_extensions import NotRequired

__all__ = [
    "AskReply",
    "AskRequest",
    "Failure",
    "HookedTensor",
    "NeedReply",
    "OutputRoom",
    "PlacedTensor",
    "RunReply",
    "RunRequest",
]


class PlacedTensor(TypedDict):
    """A tensor in a region, at `offset` bytes, C-contiguous, little-endian.

    The region is the lane's, or with `arena` the arena. A tensor of strings is not in a region, but in
    `strings`.
    """

    name: str
    dtype: str
    shape: list[int]
    offset: int
    lod: NotRequired[list[list[int]]]
    arena: NotRequired[bool]
    strings: NotRequired[list[str]]


class RunRequest(TypedDict):
    """`model` is the index of the predictor, in the order of creation; `arenaBytes` is 0 if no feed is in the
    arena.

    `fetch` contains the names of the outputs to return, None for all.
    """

    model: int
    lane: int
    inputBytes: int
    arenaBytes: int
    fetch: list[str] | None
    feeds: list[PlacedTensor]


class HookedTensor(PlacedTensor):
    """An input (`input`) or output (`output`) of an operator, as passed to a hook."""

    hook: str
    operator: str


class RunReply(TypedDict):
    """`hooked` contains the tensors for hooks, in order; omitted if there are none."""

    outputs: list[PlacedTensor]
    hooked: NotRequired[list[HookedTensor]]


class NeedReply(TypedDict):
    """A preliminary reply to a run: the lane's output region must grow to `need` bytes. The worker waits for `OutputRoom`."""

    need: int


class OutputRoom(TypedDict):
    """The size of the output region, under the ID of the run; less than needed if no more memory is available."""

    outputBytes: int


class AskRequest(TypedDict):
    model: int
    ask: str


class AskReply(TypedDict):
    value: int | None


class Failure(TypedDict):
    error: WorkerFailure
