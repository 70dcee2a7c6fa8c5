"""Imports paddle as a worker does, and prints as JSON what its core is then: `python imported_paddle.py whole|part|hindered`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "python"))

from paddle_worker.import_paddle import import_paddle

__all__ = ["state"]


def state() -> dict[str, Any]:
    """What the core's flags are, what was put into the environment, and how much was imported."""
    from paddle import inference, version
    from paddle.base import core

    flags = core.globals()
    return {
        "version": version.full_version,
        "whole": "paddle.nn" in sys.modules,
        "flags": {name: str(flags[name]) for name in sorted(flags.keys())},
        # OpenCV, which paddle's datasets import, writes LD_LIBRARY_PATH.
        "environment": {name: os.environ[name] for name in sorted(os.environ) if name != "LD_LIBRARY_PATH"},
        "predictor": inference.Config is core.AnalysisConfig,
        "devices": list(core.get_all_custom_device_type()),
    }


if __name__ == "__main__":
    if sys.argv[1] == "hindered":
        # An import of a part fails at its end; paddle's own takes this away with the rest.
        sys.modules["paddle.inference"] = None  # type: ignore[assignment]
    import_paddle(whole=sys.argv[1] == "whole")
    print(json.dumps(state()))
