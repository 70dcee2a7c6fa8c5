"""Starts a worker: `python start_worker.py PARENT_PID PYTHONIA_INTERFACE`.

Ties its life to its parent's before anything slow is imported, then hands over to pythonia's own loop.
"""

from __future__ import annotations

import runpy
import signal
import sys
from pathlib import Path

from parent_death import end_with_parent

__all__ = ["main"]


def main() -> None:
    parent, interface = int(sys.argv[1]), Path(sys.argv[2])
    end_with_parent(parent)
    # Ctrl-C reaches the whole terminal group; it is for Node to say what happens then.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.path.insert(1, str(interface.parent))
    runpy.run_path(str(interface), run_name="__main__")


if __name__ == "__main__":
    main()
