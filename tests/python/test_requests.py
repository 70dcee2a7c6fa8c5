from __future__ import annotations

import copy
import json
import os
import resource
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from paddle_worker.check_request import BadRequestError, check_request
from paddle_worker.errors import WorkerError
from paddle_worker.request_cache import RequestCache
from paddle_worker.run_channel import RunChannel
from paddle_worker.shared_memory import Region

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
def test_a_valid_request_passes(request_: Any) -> None:
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
        ({"model": 0, "ask": "everything"}, "a known `ask`"),
        ({"model": 0, "ask": ["tryShrinkMemory"]}, "a known `ask`"),
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
def test_invalid_requests_are_reported(request_: Any, expected: str) -> None:
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
def test_an_impossible_feed_is_reported(change: dict[str, Any], expected: str) -> None:
    request = copy.deepcopy(GOOD)
    request["feeds"][0].update(change)
    with pytest.raises(BadRequestError, match=f"^Expected {expected}\\.$"):
        check(request)


def test_a_request_is_checked_once_and_an_invalid_one_is_not_cached() -> None:
    checked: list[Any] = []

    def refuse_lane_9(request: Any) -> None:
        checked.append(request)
        if request["lane"] == 9:
            raise BadRequestError("no")

    cache = RequestCache(refuse_lane_9)
    assert cache.parse(b'{"lane": 1}') is cache.parse(b'{"lane": 1}')
    for _ in range(2):
        with pytest.raises(BadRequestError):
            cache.parse(b'{"lane": 9}')
    assert [request["lane"] for request in checked] == [1, 9, 9]


@pytest.mark.parametrize(
    "text", [b"", b"\xff\xfe", b"{", b"[" * 100_000, b"9" * 5000, json.dumps("x" * 9)[:4].encode()]
)
def test_a_text_that_is_not_json_only_raises(text: bytes) -> None:
    def check_nothing(_: Any) -> None:
        raise AssertionError("There is nothing to check.")

    with pytest.raises((ValueError, RecursionError)) as raised:
        RequestCache(check_nothing).parse(text)
    assert not isinstance(raised.value, AssertionError)


@pytest.fixture
def descriptor(tmp_path: Path) -> Iterator[int]:
    descriptor = os.open(tmp_path / "region", os.O_RDWR | os.O_CREAT, 0o600)
    yield descriptor
    os.close(descriptor)


def test_memory_beyond_the_end_is_not_mapped(descriptor: int) -> None:
    region = Region(descriptor)
    os.truncate(descriptor, 4096)
    region.map(4096)
    with pytest.raises(ValueError, match="mmap length is greater than file size"):
        region.map(8192)
    assert region.size == 4096


def test_a_limit_of_the_address_space_is_reported(descriptor: int) -> None:
    size = 2**40
    os.truncate(descriptor, size)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (2**36, hard))
    try:
        with pytest.raises(WorkerError) as failure:
            Region(descriptor).map(size)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    assert failure.value.code == "SHARED_MEMORY_FAILED"
    assert str(failure.value) == (
        "1048576.0 MiB of shared memory could not be mapped in the worker "
        "(Cannot allocate memory; ulimit -v is 67108864 KiB).\n"
        "Feed smaller batches, or free memory (in a container: raise its memory limit)."
    )


@pytest.fixture
def sockets() -> Iterator[tuple[socket.socket, RunChannel]]:
    """Both ends of a run channel: that of Node and that of the worker."""
    node, worker = socket.socketpair()
    with node, worker:
        yield node, RunChannel(worker)


def test_a_run_without_room_is_answered_before_the_next_ones(
    sockets: tuple[socket.socket, RunChannel],
) -> None:
    node, run_channel = sockets
    node.sendall(b'1 "a"\n2 "b"\n3 "c"\n1 {"outputBytes": 4096}\n4 "d"\n2 {"outputBytes": 8192}\n')
    node.shutdown(socket.SHUT_WR)
    needs = {b'"a"\n': 100, b'"b"\n': 5000}
    rooms: list[int] = []
    for text in run_channel.requests():
        if text in needs:
            rooms.append(run_channel.ask_room(needs[text]))
        run_channel.answer({"value": len(rooms)})
    assert rooms == [4096, 8192]
    assert node.recv(4096).decode().splitlines() == [
        '1 {"need": 100}',
        '1 {"value": 1}',
        '2 {"need": 5000}',
        '2 {"value": 2}',
        '3 {"value": 2}',
        '4 {"value": 2}',
    ]


@pytest.mark.parametrize(
    ("said", "expected", "message"),
    [
        (b'{"outputBytes": 99}', WorkerError, "There is no memory for the outputs."),
        (b'{"outputBytes": "all"}', TypeError, "not supported between instances of 'str' and 'int'"),
        (b"{}", KeyError, "outputBytes"),
        (b"", ValueError, "Expecting value"),
    ],
)
def test_an_invalid_room_is_an_error_and_the_next_request_follows(
    sockets: tuple[socket.socket, RunChannel], said: bytes, expected: type[Exception], message: str
) -> None:
    node, run_channel = sockets
    node.sendall(b"7 a\n8 b\n7 %s\n" % said)
    requests = run_channel.requests()
    assert next(requests) == b"a\n"
    with pytest.raises(expected, match=message):
        run_channel.ask_room(100)
    assert next(requests) == b"b\n"


def test_a_connection_that_ends_while_room_is_requested_is_an_error(
    sockets: tuple[socket.socket, RunChannel],
) -> None:
    node, run_channel = sockets
    node.sendall(b"7 a\n")
    node.shutdown(socket.SHUT_WR)
    next(run_channel.requests())
    with pytest.raises(EOFError, match=r"^Node has closed the run channel\.$"):
        run_channel.ask_room(100)
