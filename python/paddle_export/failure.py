"""The exception whose message is meant for the user, and one-line reasons for other errors."""

from __future__ import annotations

import re

__all__ = ["ExportError", "ImportPaddleError", "reason_of"]


class ExportError(Exception):
    """A failure with a stable code of paddle-ts and a complete message: what failed, why, what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class ImportPaddleError(ExportError):
    """`import paddle` failed with `cause`. No advice: paddle-ts knows more about it than this script."""

    def __init__(self, executable: str, cause: Exception) -> None:
        self.cause = cause
        super().__init__("PADDLE_IMPORT_FAILED", f"{executable} cannot import paddle: {cause}.")


def reason_of(error: BaseException) -> str:
    """Return the reason in one line. Paddle's own errors have it below a stack of Python or C++."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror + (f": {error.filename}" if error.filename else "")
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    kind = re.escape(type(error).__name__)
    named = [
        line for line in lines if re.match(rf"\w*(Error|Exception): |\(\w+\) |([\w.]+\.)?{kind}: ", line)
    ]
    line = [type(error).__name__, *lines[:1], *named][-1]
    return re.sub(r"\s*\(at /[^)]*\)$", "", line).rstrip(".")
