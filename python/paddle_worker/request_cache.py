"""Parses, checks and caches requests from Node."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Callable

if TYPE_CHECKING:
    from paddle_worker.protocol.runs import AskRequest, RunRequest

__all__ = ["RequestCache"]

_KEPT = 16
_LONGEST = 4096


class RequestCache:
    """The last requests: repeated runs have the same text, and get the same request object."""

    def __init__(self, check: Callable[[Any], None]) -> None:
        """`check` raises for an invalid request; a cached request is not checked again."""
        self._check = check
        self._known: dict[bytes, RunRequest | AskRequest] = {}

    def parse(self, text: bytes) -> RunRequest | AskRequest:
        """Parses a request, which must not be modified. Raises the exceptions of `json.loads` and of the check."""
        request = self._known.get(text)
        if request is None:
            request = json.loads(text)
            self._check(request)
            if len(self._known) == _KEPT:
                self._known.clear()
            if len(text) <= _LONGEST:
                self._known[text] = request
        return request
