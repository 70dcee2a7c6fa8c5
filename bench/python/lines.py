"""The Python side of `bench/peers/serve.js`: says what it is, then answers each line on stdin with a line on stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

__all__ = ["serve"]


def serve(ready: dict[str, Any], does: dict[str, Callable[[dict[str, Any]], Any]]) -> None:
    tell({"ready": ready})
    for line in sys.stdin:
        request = json.loads(line)
        tell({"answer": does[request["do"]](request)})


def tell(message: dict[str, Any]) -> None:
    print(json.dumps(message), flush=True)
