"""A child process and its children end together."""

from __future__ import annotations

import sys
import threading

from child_process import Child


def test_lines_arrive_as_written_and_the_last_are_kept() -> None:
    heard: list[str] = []
    script = "print('one'); print(); print('two'); raise SystemExit(3)"
    ended = Child().run([sys.executable, "-c", script], line=heard.append)
    assert (ended.code, heard, ended.tail()) == (3, ["one", "", "two"], "one\ntwo")


def test_stdout_apart_from_stderr() -> None:
    answer: list[str] = []
    script = "import sys; print('answer'); sys.stderr.write('noise')"
    ended = Child().run([sys.executable, "-c", script], stdout=answer.append)
    assert (answer, ended.tail()) == (["answer\n"], "noise")


def test_kill_ends_grandchildren_and_nothing_starts_afterwards() -> None:
    child = Child()
    started = threading.Event()
    # The grandchild holds the pipe: the run ends only when it has ended as well.
    script = (
        "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()']);"
        "print('started', flush=True); import signal; signal.pause()"
    )

    def kill_once_started() -> None:
        started.wait(60)
        child.kill()

    killer = threading.Thread(target=kill_once_started)
    killer.start()
    ended = child.run([sys.executable, "-c", script], line=lambda _: started.set())
    killer.join()
    assert started.is_set()
    assert ended.code == -9
    assert child.run([sys.executable, "-c", "print(1)"]).code == -9
