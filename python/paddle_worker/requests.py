"""What Node rings for, parsed and checked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Callable

if TYPE_CHECKING:
    from paddle_worker.protocol import AskRequest, RunRequest

__all__ = ["Requests"]

_KEPT = 16
_LONGEST = 4096


class Requests:
    """Remembers the last ones: runs like those before have the same text, and then the very same request."""

    def __init__(self, check: Callable[[Any], None]) -> None:
        """`check` raises when a request is none; one that was checked is not checked again."""
        self._check = check
        self._known: dict[bytes, RunRequest | AskRequest] = {}

    def parse(self, text: bytes) -> RunRequest | AskRequest:
        """The request that the JSON text stands for; it must not be changed. Raises what `json.loads` and the check do."""
        request = self._known.get(text)
        if request is None:
            request = json.loads(text)
            self._check(request)
            if len(self._known) == _KEPT:
                self._known.clear()
            if len(text) <= _LONGEST:
                self._known[text] = request
        return request
