"""Checks that requests from Node conform to the protocol: with a wrong offset or LoD, paddle would read past its memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

__all__ = ["BadRequestError", "check_request"]

_WIDTHS = {
    "float64": 8,
    "float32": 4,
    "float16": 2,
    "bfloat16": 2,
    "int64": 8,
    "int32": 4,
    "int8": 1,
    "uint8": 1,
    "bool": 1,
}
_ASKS = ("clearIntermediateTensor", "tryShrinkMemory", "hookInputs", "hookOutputs")


class BadRequestError(ValueError):
    """The request is invalid."""


def check_request(request: Any, lanes: int, names: Sequence[tuple[Collection[str], Collection[str]]]) -> None:
    """Raises `BadRequestError`. `names` are the input and output names of each predictor."""
    _expect(isinstance(request, dict), "a request")
    model = request.get("model")
    _expect(_is_count(model) and model < len(names), "a model")
    inputs, outputs = names[model]
    if "ask" in request:
        _expect(request["ask"] in _ASKS, "a known `ask`")
        return
    lane, fetch, feeds = request.get("lane"), request.get("fetch"), request.get("feeds")
    _expect(_is_count(lane) and lane < lanes, "a lane")
    _expect(
        fetch is None or (isinstance(fetch, list) and all(_is_one_of(name, outputs) for name in fetch)),
        "outputs",
    )
    _expect(isinstance(feeds, list), "feeds")
    sizes = [request.get("inputBytes"), request.get("arenaBytes")]
    _expect(all(_is_count(size) for size in sizes), "the sizes of regions")
    for feed in feeds:
        _expect(isinstance(feed, dict) and _is_one_of(feed.get("name"), inputs), "feeds of the inputs")
        _check_feed(feed, sizes[1 if feed.get("arena") else 0])
    _expect(sorted(feed["name"] for feed in feeds) == sorted(inputs), "one feed for each input")


def _check_feed(feed: dict[str, Any], region_bytes: int) -> None:
    shape: Any
    offset: Any
    shape, offset, lod, strings = (feed.get(name) for name in ("shape", "offset", "lod", "strings"))
    _expect(isinstance(shape, list) and all(_is_count(dimension) for dimension in shape), "a shape")
    if strings is not None:
        _expect(isinstance(strings, list) and all(isinstance(each, str) for each in strings), "strings")
        return
    dtype = feed.get("dtype")
    _expect(
        isinstance(dtype, str) and dtype in _WIDTHS and _is_count(offset), "an element type and an offset"
    )
    size = _WIDTHS[str(dtype)]
    for dimension in shape:
        size *= dimension
    _expect(offset % 64 == 0 and offset + size <= region_bytes, "a feed within its region")
    _expect(lod is None or _fits(lod, shape), "a LoD that fits")


def _fits(lod: Any, shape: list[int]) -> bool:
    """Whether each level covers the one below it, and the last level covers the rows."""
    if not isinstance(lod, list) or not all(isinstance(level, list) and len(level) > 1 for level in lod):
        return False
    ends = [len(level) - 1 for level in lod[1:]] + shape[:1]
    return (not lod or len(shape) > 0) and all(
        all(_is_count(each) for each in level)
        and level[0] == 0
        and level[-1] == end
        and all(first <= second for first, second in zip(level, level[1:]))
        for level, end in zip(lod, ends)
    )


def _is_count(value: Any) -> bool:
    """Whether it is a size. JSON's true is an int in Python, so the exact type is compared."""
    return type(value) is int and 0 <= value < 2**53


def _is_one_of(value: Any, names: Collection[str]) -> bool:
    return isinstance(value, str) and value in names


def _expect(holds: bool, what: str) -> None:
    if not holds:
        raise BadRequestError(f"Expected {what}.")
