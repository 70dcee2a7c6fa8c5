"""Start a script of paddle-ts: `python start_script.py SIGNAL PARENT_PID SCRIPT [ARGUMENT …]`.

Ties this process to the life of its parent before any slow import, then runs the script in place of itself.
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
