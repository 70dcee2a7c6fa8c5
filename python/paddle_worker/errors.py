"""How a failure crosses the bridge: a code of the interface, or the exception's own type and text."""

from __future__ import annotations

import re
import traceback
from typing import TypedDict

__all__ = ["ErrorMessage", "WorkerError", "describe_error", "without_stack"]


class ErrorMessage(TypedDict):
    """The error as it is sent; `code` is one of `src/errors.ts`, or None where Node is to choose it."""

    code: str | None
    type: str
    message: str
    traceback: str


class WorkerError(Exception):
    """A failure that the worker itself found."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


_SUMMARY = re.compile(r"-+\s*Error Message Summary:\s*-+\s*", re.MULTILINE)
_SOURCE = re.compile(r"\s*\(at /[^)]*\)")
# Old programs carry the lines of the code that once built them.
_USER_CODE = re.compile(r"In user code:.*?(?=^\s*\w+Error: )", re.MULTILINE | re.DOTALL)


_NO_KERNEL = "There are no kernels which are registered in the "
_NO_KERNEL_HINT = (
    "\nThe device has no such operator in the type of its tensors: "
    "a model converted to float16 or bfloat16 is for a GPU."
)


def without_stack(text: str) -> str:
    """Paddle's text without its C++ stack and the paths of the machine that built the wheel."""
    summary = _SUMMARY.split(text)[-1]
    plain = _SOURCE.sub("", _USER_CODE.sub("", summary)).strip()
    return plain + _NO_KERNEL_HINT if _NO_KERNEL in plain else plain


def describe_error(error: BaseException) -> ErrorMessage:
    """The message for anything raised, a bug of ours included: nothing is lost, the stack goes along apart."""
    return {
        "code": error.code if isinstance(error, WorkerError) else None,
        "type": type(error).__name__,
        "message": without_stack(str(error)) or type(error).__name__,
        "traceback": "".join(traceback.format_exception(type(error), error, error.__traceback__)),
    }
