"""The control calls of a worker, and the faults that `LIE` selects: a name from here, or `say:` and the reply to a run."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
from typing import Any, Callable

__all__ = ["convertModel", "create", "hello", "inspectModel", "readConfig", "serve", "versions"]

_LIE = os.environ["LIE"]
_CHANNEL = int(os.environ["NODE_CHANNEL_FD"])
_MIB = b"x" * 2**20

_STATE = {
    "device": "cpu",
    "oneDnn": False,
    "oneDnnInt8": False,
    "tensorRt": False,
    "openVino": False,
    "precision": "fp32",
    "irOptim": True,
    "newIr": False,
    "memoryOptim": True,
    "cpuThreads": 1,
}
_INFO = {"name": "out", "dtype": "float32", "shape": [-1]}
_DESCRIPTION = {"inputs": [{**_INFO, "name": "x"}], "outputs": [_INFO], "state": _STATE, "warnings": []}
_OUTPUT = {"name": "out", "dtype": "float32", "shape": [1], "offset": 0}


def hello(_: str) -> str:
    if _LIE == "hello":
        return json.dumps({"ok": True, "value": {"paddle": 3}})
    return json.dumps({"ok": True, "value": {"paddle": "3.3.1", "python": "3.11.7"}})


def create(_: str) -> Any:
    if _LIE == "create":
        return json.dumps({"ok": True, "value": {**_DESCRIPTION, "inputs": [{"name": "x"}]}})
    if _LIE == "create-precision":
        return json.dumps({"ok": True, "value": {**_DESCRIPTION, "state": {**_STATE, "precision": "fp7"}}})
    if _LIE == "create-warning":
        warning = {"code": "NO_CODE", "message": ""}
        return json.dumps({"ok": True, "value": {**_DESCRIPTION, "warnings": [warning]}})
    if _LIE == "create-number":
        return 7
    if _LIE == "create-object":
        return [_DESCRIPTION]
    return json.dumps({"ok": True, "value": _DESCRIPTION})


def serve(text: str) -> str:
    request = json.loads(text)
    if _LIE == "serve":
        return json.dumps(
            {
                "ok": False,
                "error": {"code": None, "type": "OSError", "message": "no run channel", "traceback": ""},
            }
        )
    run_channel = socket.socket(fileno=request["runChannel"])
    output = request["lanes"][0]["output"]
    lines = run_channel.makefile("rb")
    for line in lines:
        number = line.partition(b" ")[0].decode()
        if _LIE.startswith("say:"):
            run_channel.sendall(_LIE[4:].replace("{id}", number).encode("utf-8", "surrogateescape"))
            continue
        lie = _LIES.get(_LIE)
        if lie is not None:
            lie(run_channel, output)
        run_channel.sendall(f'{number} {{"need": 4}}\n'.encode())
        lines.readline()
        os.pwrite(output, b"\0\0\x80\x3f", 0)
        reply = json.dumps({"outputs": [_OUTPUT]})
        run_channel.sendall(f"{number} {reply}\n".encode())
    os._exit(0)


def _tool(_: str) -> str:
    """A one-shot call: `value:` and the value that it returns."""
    return json.dumps({"ok": True, "value": json.loads(_LIE.partition(":")[2])})


convertModel = inspectModel = readConfig = versions = _tool  # noqa: N816 the names that Node calls it by


def _endless(run_channel: socket.socket, _: int) -> None:
    for _mib in range(100):
        run_channel.sendall(_MIB)


def _flood(_: socket.socket, __: int) -> None:
    for _mib in range(50):
        os.write(1, _MIB)
        os.write(2, b"\xff" + _MIB[1:])
    os.write(2, b"\nthe last line\n")


def _flood_and_die(run_channel: socket.socket, output: int) -> None:
    _flood(run_channel, output)
    os._exit(3)


def _close_run_channel(run_channel: socket.socket, _: int) -> None:
    run_channel.shutdown(socket.SHUT_RDWR)
    _sleep()


def _grandchild_and_die(_: socket.socket, __: int) -> None:
    os.write(2, b"before the end\n")
    # The child holds stdout and stderr; the test ends it.
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    print(child.pid, file=sys.stderr, flush=True)
    os._exit(4)


def _shrink(_: socket.socket, output: int) -> None:
    os.posix_fallocate(output, 0, 4096)
    try:
        os.ftruncate(output, 0)
    except PermissionError:
        return
    os._exit(5)


def _channel(text: bytes) -> Callable[[socket.socket, int], None]:
    def write(_: socket.socket, __: int) -> None:
        os.write(_CHANNEL, text)
        _sleep()

    return write


def _unknown(_: socket.socket, __: int) -> None:
    """A reply to a call that was never made."""
    os.write(_CHANNEL, b'{"r": 99999, "key": "string", "val": 1}\n')


def _require(run_channel: socket.socket, _output: int) -> None:
    """Requests Node's `require` as pythonia's Python side would; a reply would allow running anything there."""
    os.write(
        _CHANNEL,
        json.dumps({"c": "jsi", "r": 1, "action": "get", "ffid": 0, "key": "require"}).encode() + b"\n",
    )
    answered = select.select([_CHANNEL], [], [], 0.3)[0]
    if answered:
        os._exit(6)


def _sleep() -> None:
    while True:
        socket.socketpair()[0].recv(1)


_LIES: dict[str, Callable[[socket.socket, int], None]] = {
    "endless": _endless,
    "flood": _flood,
    "flood-and-die": _flood_and_die,
    "close-run-channel": _close_run_channel,
    "grandchild-and-die": _grandchild_and_die,
    "shrink": _shrink,
    "channel-garbage": _channel(b"\x00\xff no json\n"),
    "channel-list": _channel(b"[1]\n"),
    "channel-unknown": _unknown,
    "require": _require,
}
