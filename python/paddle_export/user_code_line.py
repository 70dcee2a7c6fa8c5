"""Find the line of the user's own code that an error refers to."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

__all__ = ["blamed_line"]

_FRAME = re.compile(r'^\s*File "(?P<file>[^"]+)", line (?P<line>\d+), in (?P<function>\S+)', re.MULTILINE)


def blamed_line(error: BaseException, folder: Path) -> str:
    """Return ` (net.py, line 12, in forward)`: the last frame below `folder`, or "" without one.

    For code that Paddle has traced, its message contains the frames from before the tracing.
    """
    traced = [(found["file"], int(found["line"]), found["function"]) for found in _FRAME.finditer(str(error))]
    raised = [
        (frame.filename, frame.lineno or 0, frame.name) for frame in traceback.extract_tb(error.__traceback__)
    ]
    if isinstance(error, SyntaxError) and error.filename is not None:
        raised.append((error.filename, error.lineno or 0, ""))
    root = folder.resolve()
    for file, line, function in reversed([*raised, *traced]):
        path = Path(file).resolve()
        if root in path.parents and not _is_foreign(path.relative_to(root)):
            within = f", in {function}" if function not in ("", "<module>") else ""
            return f" ({path.relative_to(root)}, line {line}{within})"
    return ""


def _is_foreign(path: Path) -> bool:
    """Whether it is a package of an environment below the folder, or code that Paddle generates while tracing."""
    return any(part == "site-packages" or part.startswith((".", "<")) for part in path.parts)
