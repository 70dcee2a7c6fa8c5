from __future__ import annotations

import copy
import json
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from paddle_worker.check_request import BadRequestError, check_request
from paddle_worker.errors import WorkerError
from paddle_worker.requests import Requests
from paddle_worker.shared_memory import Region, write_zeros

GOOD: dict[str, Any] = {
    "model": 1,
    "lane": 1,
    "inputBytes": 4096,
    "arenaBytes": 128,
    "fetch": ["out"],
    "feeds": [
        {"name": "x", "dtype": "float32", "shape": [2, 3], "offset": 64, "lod": [[0, 1, 2]]},
        {"name": "y", "dtype": "int64", "shape": [16], "offset": 0, "arena": True},
        {"name": "s", "dtype": "string", "shape": [1], "offset": 0, "strings": ["a"]},
    ],
}


def check(request: Any) -> None:
    check_request(request, lanes=2, names=[(["a"], []), (["x", "y", "s"], ["out"])])


@pytest.mark.parametrize("request_", [GOOD, {**GOOD, "fetch": None}, {"model": 0, "ask": "tryShrinkMemory"}])
def test_a_good_request_passes(request_: Any) -> None:
    check(request_)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (None, "a request"),
        ([], "a request"),
        ({}, "a model"),
        ({**GOOD, "model": 2}, "a model"),
        ({**GOOD, "model": -1}, "a model"),
        ({**GOOD, "model": True}, "a model"),
        ({**GOOD, "model": 0}, "outputs"),
        ({"model": 0}, "a lane"),
        ({"model": 0, "ask": "everything"}, "a question"),
        ({"model": 0, "ask": ["tryShrinkMemory"]}, "a question"),
        ({**GOOD, "lane": 2}, "a lane"),
        ({**GOOD, "lane": -1}, "a lane"),
        ({**GOOD, "lane": True}, "a lane"),
        ({**GOOD, "fetch": "out"}, "outputs"),
        ({**GOOD, "fetch": ["in"]}, "outputs"),
        ({**GOOD, "feeds": None}, "feeds"),
        ({**GOOD, "inputBytes": 10**400}, "the sizes of regions"),
        ({**GOOD, "feeds": [{"name": "z"}]}, "feeds of the inputs"),
        ({**GOOD, "feeds": GOOD["feeds"][1:]}, "one feed for each input"),
        ({**GOOD, "feeds": [GOOD["feeds"][0], *GOOD["feeds"]]}, "one feed for each input"),
    ],
)
def test_what_is_no_request_is_told(request_: Any, expected: str) -> None:
    with pytest.raises(BadRequestError, match=f"^Expected {expected}\\.$"):
        check(request_)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"shape": None}, "a shape"),
        ({"shape": [2, -3]}, "a shape"),
        ({"shape": [2, 1.5]}, "a shape"),
        ({"shape": [float("nan")]}, "a shape"),
        ({"shape": [2**70, 0]}, "a shape"),
        ({"dtype": "object"}, "an element type and an offset"),
        ({"dtype": ["float32"]}, "an element type and an offset"),
        ({"offset": -64}, "an element type and an offset"),
        ({"offset": 1}, "a feed within its region"),
        ({"offset": 4096}, "a feed within its region"),
        ({"shape": [2, 505]}, "a feed within its region"),
        ({"shape": [2**52, 2**52]}, "a feed within its region"),
        ({"lod": [[0, 1]]}, "a LoD that fits"),
        ({"lod": [[1, 2]]}, "a LoD that fits"),
        ({"lod": [[0, 3, 2]]}, "a LoD that fits"),
        ({"lod": [[0, 3], [0, 1, 2]]}, "a LoD that fits"),
        ({"lod": [[0, 9**99]]}, "a LoD that fits"),
        ({"lod": [[]]}, "a LoD that fits"),
        ({"lod": {}}, "a LoD that fits"),
        ({"strings": "abc"}, "strings"),
    ],
)
def test_a_feed_that_cannot_be_is_told(change: dict[str, Any], expected: str) -> None:
    request = copy.deepcopy(GOOD)
    request["feeds"][0].update(change)
    with pytest.raises(BadRequestError, match=f"^Expected {expected}\\.$"):
        check(request)


def test_a_request_is_checked_once_and_a_bad_one_is_not_remembered() -> None:
    checked: list[Any] = []

    def refuse_lane_9(request: Any) -> None:
        checked.append(request)
        if request["lane"] == 9:
            raise BadRequestError("no")

    requests = Requests(refuse_lane_9)
    assert requests.parse(b'{"lane": 1}') is requests.parse(b'{"lane": 1}')
    for _ in range(2):
        with pytest.raises(BadRequestError):
            requests.parse(b'{"lane": 9}')
    assert [request["lane"] for request in checked] == [1, 9, 9]


@pytest.mark.parametrize(
    "text", [b"", b"\xff\xfe", b"{", b"[" * 100_000, b"9" * 5000, json.dumps("x" * 9)[:4].encode()]
)
def test_a_text_that_is_no_json_raises_and_nothing_else(text: bytes) -> None:
    def check_nothing(_: Any) -> None:
        raise AssertionError("There is nothing to check.")

    with pytest.raises((ValueError, RecursionError)) as raised:
        Requests(check_nothing).parse(text)
    assert not isinstance(raised.value, AssertionError)


@pytest.fixture
def descriptor(tmp_path: Path) -> Iterator[int]:
    descriptor = os.open(tmp_path / "region", os.O_RDWR | os.O_CREAT, 0o600)
    yield descriptor
    os.close(descriptor)


@pytest.fixture
def limited() -> Iterator[None]:
    """Files of 64 KiB at most, of this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65536, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture(params=["linux", "darwin"])
def limited_region(
    descriptor: int, limited: None, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Region:
    """A region of 64 KiB at most, as each platform grows it."""
    monkeypatch.setattr("sys.platform", request.param)
    return Region(descriptor)


def test_a_region_that_may_not_grow_is_an_error_with_the_size_and_the_limit(limited_region: Region) -> None:
    limited_region.grow(4096)
    with pytest.raises(WorkerError) as failure:
        limited_region.grow(100_000)
    assert failure.value.code == "SHARED_MEMORY_FAILED"
    assert str(failure.value) == (
        "0.1 MiB of shared memory could not be had in the worker (File too large; ulimit -f is 64 KiB).\n"
        "Feed smaller batches, or free memory (in a container: raise its memory limit)."
    )
    assert limited_region.size == 4096


def test_a_region_grows_by_what_is_needed_where_twice_as_much_cannot_be_had(limited_region: Region) -> None:
    limited_region.grow(40_960)
    limited_region.grow(50_000)
    assert limited_region.size == 53_248


def test_memory_beyond_the_end_is_not_mapped(descriptor: int) -> None:
    region = Region(descriptor)
    region.grow(4096)
    with pytest.raises(ValueError, match="mmap length is greater than file size"):
        region.map(8192)
    assert region.size == 4096


def test_zeros_leave_no_holes_and_what_was_there(descriptor: int) -> None:
    os.pwrite(descriptor, b"there", 0)
    write_zeros(descriptor, 100_000)
    state = os.fstat(descriptor)
    assert state.st_size == 100_000
    assert state.st_blocks * 512 >= 100_000
    assert os.pread(descriptor, 6, 0) == b"there\0"
