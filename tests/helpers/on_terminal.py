"""Runs a command with stderr on a terminal, and prints its output there: `python on_terminal.py COLUMNS COMMAND …`."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

__all__ = ["main"]


def main() -> None:
    columns = int(sys.argv[1])
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24 if columns else 0, columns, 0, 0))
    # An interactive terminal: neither CI nor a terminal that cannot move the cursor back.
    variables = {name: value for name, value in os.environ.items() if name != "CI"}
    with subprocess.Popen(
        sys.argv[2:],
        env={**variables, "TERM": "xterm"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    ) as child:
        os.close(theirs)
        written = b""
        try:
            while chunk := os.read(ours, 65536):
                written += chunk
        except OSError:
            pass  # The other end is closed.
        child.wait()
    sys.stdout.buffer.write(written)


if __name__ == "__main__":
    main()
