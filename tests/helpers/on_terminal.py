"""Runs a command on a terminal, and prints what it writes there: `python on_terminal.py [--stdout] COLUMNS COMMAND …`.

Its stderr is the terminal; with --stdout, its stdout is, and stderr goes to ours.
"""

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
    is_stdout = sys.argv[1] == "--stdout"
    given, *command = sys.argv[2 if is_stdout else 1 :]
    columns = int(given)
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24 if columns else 0, columns, 0, 0))
    # An interactive terminal: neither CI nor a terminal that cannot move the cursor back.
    variables = {name: value for name, value in os.environ.items() if name != "CI"}
    with subprocess.Popen(
        command,
        env={**variables, "TERM": "xterm"},
        stdin=subprocess.DEVNULL,
        stdout=theirs if is_stdout else subprocess.DEVNULL,
        stderr=None if is_stdout else theirs,
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
    sys.exit(child.returncode)


if __name__ == "__main__":
    main()
