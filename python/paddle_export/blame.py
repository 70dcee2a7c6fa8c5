"""Which line of the user's own an error is about."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

__all__ = ["blamed_line"]

_FRAME = re.compile(r'^\s*File "(?P<file>[^"]+)", line (?P<line>\d+), in (?P<function>\S+)', re.MULTILINE)


def blamed_line(error: BaseException, folder: Path) -> str:
    """` (net.py, line 12, in forward)`: the last frame below `folder`, or nothing where there is none.

    Where Paddle has traced the code, its message holds the frames as they were before the tracing.
    """
    told = [(found["file"], int(found["line"]), found["function"]) for found in _FRAME.finditer(str(error))]
    raised = [
        (frame.filename, frame.lineno or 0, frame.name) for frame in traceback.extract_tb(error.__traceback__)
    ]
    if isinstance(error, SyntaxError) and error.filename is not None:
        raised.append((error.filename, error.lineno or 0, ""))
    root = folder.resolve()
    for file, line, function in reversed([*raised, *told]):
        path = Path(file).resolve()
        if root in path.parents and not _is_foreign(path.relative_to(root)):
            within = f", in {function}" if function not in ("", "<module>") else ""
            return f" ({path.relative_to(root)}, line {line}{within})"
    return ""


def _is_foreign(path: Path) -> bool:
    """Whether it is a package in an environment below the folder, or the code that Paddle makes while it traces."""
    return any(part == "site-packages" or part.startswith((".", "<")) for part in path.parts)
