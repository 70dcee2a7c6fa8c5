"""Creates a private folder, prints its path, and removes it when its standard input ends.

`python janitor.py PATH` creates that folder, `python janitor.py --temporary PREFIX` a temporary one.

It runs as its own process in its own session, so that the folder is removed even if the process that
requested it is killed.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

__all__ = ["main"]


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if sys.argv[1] == "--temporary":
        folder = tempfile.mkdtemp(prefix=sys.argv[2])
    else:
        folder = sys.argv[1]
        Path(folder).mkdir(0o700)
    try:
        os.write(1, os.fsencode(folder))
        os.close(1)
        sys.stdin.buffer.read()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
