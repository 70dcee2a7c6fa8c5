"""The entry points for calls from Node, which take and return one JSON text, also for exceptions; and the first call, hello."""

from __future__ import annotations

import faulthandler
import json
import sys
from functools import wraps
from typing import TYPE_CHECKING, Any, Callable

from paddle_worker.errors import describe_error
from paddle_worker.import_paddle import import_paddle

if TYPE_CHECKING:
    from paddle_worker.protocol.control import Hello, HelloRequest

__all__ = ["call", "hello"]


def call(function: Callable[[Any], Any]) -> Callable[[str], str]:
    """Wraps a function on JSON values so that Node can call it through pythonia."""

    @wraps(function)
    def answer(argument: str) -> str:
        try:
            result = {"ok": True, "value": function(json.loads(argument))}
        except BaseException as error:
            result = {"ok": False, "error": describe_error(error)}
        return json.dumps(result, allow_nan=False)

    return answer


@call
def hello(request: HelloRequest) -> Hello:
    """Imports paddle, the slow part of a start, and returns the versions."""
    import_paddle(whole=request["whole"])
    from paddle import version
    from paddle.base import core

    # With paddle's handler, SIGTERM would wait for the end of a run. Disabling it also removes
    # faulthandler's.
    core.disable_signal_handler()
    faulthandler.enable()
    return {"paddle": version.full_version, "python": sys.version.split()[0]}
