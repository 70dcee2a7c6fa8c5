"""Starts a script of paddle-ts: `python start_script.py SIGNAL PARENT_PID SCRIPT [ARGUMENT …]`.

Ties its life to its parent's before anything slow is imported, then runs it in its own place.
"""

from __future__ import annotations

import runpy
import signal
import sys
from pathlib import Path

from parent_death import end_with_parent

__all__ = ["main"]


def main() -> None:
    how, parent, script = signal.Signals[sys.argv[1]], int(sys.argv[2]), sys.argv[3]
    end_with_parent(parent, how)
    del sys.argv[:3]
    sys.path.insert(1, str(Path(script).parent))
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    main()
