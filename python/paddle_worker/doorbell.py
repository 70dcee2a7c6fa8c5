"""The socket over which Node rings for runs, and is answered."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from paddle_worker.errors import WorkerError

if TYPE_CHECKING:
    from paddle_worker.protocol import AskReply, Failure, NeedReply, OutputRoom, RunReply

__all__ = ["Doorbell"]


class Doorbell:
    """Lines of a number and a JSON text; an answer has the number of its request."""

    def __init__(self, line: socket.socket) -> None:
        self._socket = line
        self._lines = line.makefile("rb")
        self._set_aside: list[bytes] = []
        self._number = b""

    def requests(self) -> Iterator[bytes]:
        """The texts of Node's requests, until it hangs up. Each is answered before the next one is taken."""
        while line := self._set_aside.pop(0) if self._set_aside else self._lines.readline():
            self._number, _, text = line.partition(b" ")
            if not self._number.isdigit():
                # Nothing that comes after it can be told apart either.
                print(f"The doorbell has brought {line[:80]!r}, which is no request.", file=sys.stderr)
                return
            yield text

    def answer(self, reply: RunReply | NeedReply | AskReply | Failure) -> None:
        self._socket.sendall(b"%s %s\n" % (self._number, json.dumps(reply, allow_nan=False).encode()))

    def ask_room(self, need: int) -> int:
        """Has Node make room for `need` bytes of outputs, and returns the size of their region then.

        Node may have rung for the next run already: that is set aside. Raises `WorkerError` SHARED_MEMORY_FAILED.
        """
        self.answer({"need": need})
        while line := self._lines.readline():
            number, _, text = line.partition(b" ")
            if number == self._number:
                room: OutputRoom = json.loads(text)
                if room["outputBytes"] < need:
                    raise WorkerError("SHARED_MEMORY_FAILED", "There is no room for the outputs.")
                return room["outputBytes"]
            self._set_aside.append(line)
        raise EOFError("Node has hung up.")
