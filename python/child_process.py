"""Run child processes, one at a time, whose process group can be killed from another thread."""

from __future__ import annotations

import collections
import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from parent_death import end_with_parent

__all__ = ["Child", "Ended"]

_KEPT_LINES = 400


@dataclass
class Ended:
    """How a child ended: its exit code, or minus the signal number, and its last lines of output."""

    code: int
    lines: collections.deque[str] = field(default_factory=lambda: collections.deque(maxlen=_KEPT_LINES))

    def tail(self, count: int = 12) -> str:
        """Return the last lines as one text."""
        return "\n".join([line for line in self.lines if line.strip()][-count:])


class Child:
    """Runs commands one after another, and starts no more after `kill`."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._killed = False
        self._lock = threading.Lock()

    def run(
        self,
        command: list[str],
        *,
        environment: dict[str, str] | None = None,
        line: Callable[[str], None] = lambda _: None,
        stdout: Callable[[str], None] | None = None,
    ) -> Ended:
        """Run a command to its end. `line` receives each line of output; with `stdout`, lines of stdout go there instead."""
        with self._lock:
            if self._killed:
                return Ended(-signal.SIGKILL)
            process = self._process = self._start(command, environment, apart=stdout is not None)
        ended = Ended(0)
        kept = process.stderr if stdout else process.stdout

        def read_kept() -> None:
            for text in kept or ():
                ended.lines.append(text.rstrip("\n"))
                line(text.rstrip("\n"))

        reader = threading.Thread(target=read_kept)
        reader.start()
        if stdout:
            for text in process.stdout or ():
                stdout(text)
        reader.join()
        ended.code = process.wait()
        return ended

    def kill(self) -> None:
        """Kill the child and its descendants, and start no more."""
        with self._lock:
            self._killed = True
            process = self._process
        if process is None or process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    @staticmethod
    def _start(
        command: list[str], environment: dict[str, str] | None, *, apart: bool
    ) -> subprocess.Popen[str]:
        parent = os.getpid()
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if apart else subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=environment,
            cwd=str(Path(command[0]).parent),
            start_new_session=True,
            # The child must not outlive this process, even if that is killed.
            preexec_fn=lambda: end_with_parent(parent),
        )
