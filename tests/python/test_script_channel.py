"""A script receives its request in UTF-8 and ends with its driver."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

_SCRIPT = """
import os, signal
os.dup2(1, 3)
from script_channel import read_request, send
send(read_request())
signal.pause()
"""


def test_the_request_is_utf8_whatever_the_locale_and_the_end_of_stdin_ends_the_script() -> None:
    request = {"home": "Käse/画"}
    # In this locale, UTF-8 mode would be enabled by default.
    script = subprocess.Popen(
        [sys.executable, "-X", "utf8=0", "-c", _SCRIPT],
        cwd=Path(__file__).parents[2] / "python",
        env={"LC_ALL": "C"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert script.stdin is not None
    assert script.stdout is not None
    script.stdin.write(json.dumps(request, ensure_ascii=False).encode() + b"\n")
    script.stdin.flush()
    assert json.loads(script.stdout.readline()) == request
    script.stdin.close()
    assert script.wait(timeout=60) == -signal.SIGTERM
    script.stdout.close()
