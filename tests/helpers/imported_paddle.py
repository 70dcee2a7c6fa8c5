"""Imports paddle as a worker does, and prints the state of its core as JSON.

`python imported_paddle.py whole|part|hindered [FOLDER]`: looks for paddle in the folder first. With `fingerprint`,
imports nothing and prints the fingerprint of paddle's files and the version that it is known for.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "python"))

from paddle_worker.import_paddle import KNOWN, fingerprint, import_paddle

__all__ = ["found", "state"]


def found() -> dict[str, Any]:
    """The fingerprint of the wheel's files, without importing them."""
    spec = importlib.util.find_spec("paddle")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent
    return {"folder": str(folder), "fingerprint": fingerprint(folder), "known": KNOWN}


def state() -> dict[str, Any]:
    """The flags of the core, the changes of the environment, and how much was imported."""
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
    sys.path[:0] = sys.argv[2:]
    if sys.argv[1] == "fingerprint":
        print(json.dumps(found()))
        sys.exit()
    if sys.argv[1] == "hindered":
        # A partial import fails at its end; paddle's own import removes this with the rest.
        sys.modules["paddle.inference"] = None  # type: ignore[assignment]
    import_paddle(whole=sys.argv[1] == "whole")
    print(json.dumps(state()))
