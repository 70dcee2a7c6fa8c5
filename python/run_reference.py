"""Plain Python for `paddle-ts verify`.

Reads images with OpenCV or Pillow, prepares them as PaddleClas, PaddleX, PaddleDetection and PaddleSeg do, and runs them with
`paddle.inference`. Shares no code with the worker of paddle-ts.
"""

from __future__ import annotations

import json
import sys

from script_channel import open_messages

__all__ = ["main"]

_NEEDED = ("numpy", "cv2", "PIL", "paddle")


def main() -> None:
    """Report whether all packages can be imported, and serve until stdin ends."""
    with open_messages() as answers:
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
