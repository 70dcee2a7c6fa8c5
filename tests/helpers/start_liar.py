"""Replaces `start_script.py`: a worker without paddle that breaks the protocol; see `lying_worker.py`."""

from __future__ import annotations

import runpy
import sys
import types
from pathlib import Path

import lying_worker

__all__: list[str] = []


def main() -> None:
    sys.path.append(str(Path(__file__).parents[2] / "python"))
    from parent_death import end_with_parent

    parent, interface = int(sys.argv[-2]), Path(sys.argv[-1])
    end_with_parent(parent)
    sys.modules["paddle_worker"] = types.ModuleType("paddle_worker")
    sys.modules["paddle_worker.serving"] = sys.modules["paddle_worker.one_shot"] = lying_worker
    sys.path.insert(1, str(interface.parent))
    runpy.run_path(str(interface), run_name="__main__")


if __name__ == "__main__":
    main()
