"""The socket that carries requests from Node and replies back."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from paddle_worker.errors import WorkerError

if TYPE_CHECKING:
    from paddle_worker.protocol.runs import AskReply, Failure, NeedReply, OutputRoom, RunReply

__all__ = ["RunChannel"]


class RunChannel:
    """Reads and writes lines of an ID and a JSON text; a reply has the ID of its request."""

    def __init__(self, line: socket.socket) -> None:
        self._socket = line
        self._lines = line.makefile("rb")
        self._set_aside: list[bytes] = []
        self._number = b""

    def requests(self) -> Iterator[bytes]:
        """Yields the texts of Node's requests until it closes the socket. Each gets its reply before the next one is read."""
        while line := self._set_aside.pop(0) if self._set_aside else self._lines.readline():
            self._number, _, text = line.partition(b" ")
            if not self._number.isdigit():
                # Without an ID, later lines cannot be trusted either.
                print(f"The run channel received an invalid request: {line[:80]!r}.", file=sys.stderr)
                return
            yield text

    def answer(self, reply: RunReply | NeedReply | AskReply | Failure) -> None:
        self._socket.sendall(b"%s %s\n" % (self._number, json.dumps(reply, allow_nan=False).encode()))

    def ask_room(self, need: int) -> int:
        """Requests `need` bytes for outputs from Node, and returns the new size of the region.

        Sets aside the request for the next run, which Node may have sent already. Raises `WorkerError`
        SHARED_MEMORY_FAILED.
        """
        self.answer({"need": need})
        while line := self._lines.readline():
            number, _, text = line.partition(b" ")
            if number == self._number:
                room: OutputRoom = json.loads(text)
                if room["outputBytes"] < need:
                    raise WorkerError("SHARED_MEMORY_FAILED", "There is no memory for the outputs.")
                return room["outputBytes"]
            self._set_aside.append(line)
        raise EOFError("Node has closed the run channel.")
