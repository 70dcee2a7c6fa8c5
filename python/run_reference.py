"""Plain Python for `paddle-ts verify`: `python run_reference.py PARENT_PID`.

Reads images with OpenCV or Pillow, prepares them as PaddleClas, PaddleX and PaddleDetection do, and runs them with
`paddle.inference`. Nothing of the worker of paddle-ts is in it.
"""

from __future__ import annotations

import json
import os
import signal
import sys

from parent_death import end_with_parent

__all__ = ["main"]

_NEEDED = ("numpy", "cv2", "PIL", "paddle")


def main() -> None:
    """Say whether all that is needed is there, and serve until stdin ends."""
    end_with_parent(int(sys.argv[1]))
    # Ctrl-C reaches the whole terminal group; it is for Node to say what happens then.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Libraries print on stdout too: the answers go out by another way.
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        missing = _missing()
        hello = {"ok": missing is None, **(missing or {}), "tensors": []}
        answers.write(json.dumps(hello).encode() + b"\n")
        answers.flush()
        if missing is None:
            from paddle_reference.serving import serve

            serve(sys.stdin.buffer, answers)


def _missing() -> dict[str, str] | None:
    for name in _NEEDED:
        try:
            __import__(name)
        except Exception as error:
            return {"module": name, "type": type(error).__name__, "message": str(error)}
    return None


if __name__ == "__main__":
    main()
