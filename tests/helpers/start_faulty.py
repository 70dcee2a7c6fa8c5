"""Replaces `start_script.py`: a worker that fails as the function of `faulty.py` named by `FAULT` defines.

As `prepare` would run it, but with the short import of paddle, which takes a third of the time.
"""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path
from typing import Any

__all__: list[str] = []

_START = Path(__file__).parents[2] / "python" / "start_script.py"


def main() -> None:
    sys.path[:0] = [str(_START.parent), str(Path(__file__).parent)]
    from paddle_worker import serving

    create = serving._create

    def faulty_create(request: Any) -> Any:
        import faulty
        from paddle_worker import config

        # The changes here apply to every later model.
        serving._create = create
        build = config.build_config

        def build_faulty(request: Any) -> Any:
            built = build(request)
            getattr(faulty, os.environ["FAULT"])(built)
            return built

        config.build_config = build_faulty
        return create(request)

    serving._create = faulty_create
    sys.argv = [str(_START), *sys.argv[-3:]]
    runpy.run_path(str(_START), run_name="__main__")


if __name__ == "__main__":
    main()
