"""Errors as they cross the bridge: with an error code, or with the type and text of the exception."""

from __future__ import annotations

import re
import resource
import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from paddle_worker.protocol.control import WorkerFailure

__all__ = ["WorkerError", "address_space_limit", "describe_error", "without_stack"]


class WorkerError(Exception):
    """A failure that the worker itself detects."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


_SUMMARY = re.compile(r"-+\s*Error Message Summary:\s*-+\s*", re.MULTILINE)
_SOURCE = re.compile(r"\s*\(at /[^)]*\)")
# Old programs contain the lines of the code that built them.
_USER_CODE = re.compile(r"In user code:.*?(?=^\s*\w+Error: )", re.MULTILINE | re.DOTALL)


_NO_KERNEL = "There are no kernels which are registered in the "
_NO_KERNEL_HINT = (
    "\nThe device does not have this operator for the dtype of its tensors: "
    "a model converted to float16 or bfloat16 is for a GPU."
)


def without_stack(text: str) -> str:
    """Paddle's text without its C++ stack and the source paths of the build machine."""
    summary = _SUMMARY.split(text)[-1]
    plain = _SOURCE.sub("", _USER_CODE.sub("", summary)).strip()
    return plain + _NO_KERNEL_HINT if _NO_KERNEL in plain else plain


_NO_MEMORY = re.compile(
    r"ResourceExhausted|MemoryError|bad_alloc|[Cc]annot allocate|out of memory|Unable to allocate"
)


def address_space_limit() -> str | None:
    """`ulimit -v is 1000000 KiB`; None without a limit."""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if limit == resource.RLIM_INFINITY else f"ulimit -v is {limit // 1024} KiB"


def _with_limit(text: str) -> str:
    """The text of an error, with the limit that may be the cause if there was no more memory."""
    limit = address_space_limit() if _NO_MEMORY.search(text) else None
    if limit is None:
        return text
    return f"{text}\nThe address space is limited ({limit}): raise the limit, or feed smaller batches."


def describe_error(error: BaseException) -> WorkerFailure:
    """Describes any exception, including bugs of the worker; the traceback is sent separately."""
    message = without_stack(str(error)) or type(error).__name__
    return {
        "code": error.code if isinstance(error, WorkerError) else None,
        "type": type(error).__name__,
        "message": message if isinstance(error, WorkerError) else _with_limit(message),
        "traceback": "".join(traceback.format_exception(type(error), error, error.__traceback__)),
    }
