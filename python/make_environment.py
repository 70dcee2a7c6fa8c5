"""Install the managed Python: a venv with the wheel, under a lock, published only when it is complete.

Driven by paddle-ts: reads a request, and reports steps and the result. On a signal it kills pip, removes everything
unfinished, and exits. Runs on the base Python, with only the standard library.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import sys
import threading
import uuid
import venv
from pathlib import Path
from typing import Any

from child_process import Child
from environment_messages import MakingError, failure_of, step, tell
from pip_install import Pip, PipError, base_pip, install, own_pip
from script_channel import read_request

__all__ = ["Maker", "main"]

_INTERRUPTED = 130


class Maker:
    """One installation, from the lock to the published manifest."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.order = order
        self.home = Path(order["home"])
        self.environments = self.home / "environments"
        self.pointer = self.home / "environment.json"
        self.child = Child()
        self._half_made: Path | None = None
        # Held while files are moved, and permanently once the installation is aborted.
        self._guard = threading.Lock()

    def run(self) -> None:
        """Install the environment, unless another process has installed it meanwhile."""
        try:
            self.environments.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            # Places such as /proc fail with "No such file or directory", which is not specific.
            raise failure_of(error, self.home, otherwise="unwritable") from error
        with (self.home / "lock").open("a") as lock:
            self._wait_for(lock.fileno())
            made = self._read_pointer()
            if self._is_wanted(made):
                tell("ready", id=made["id"], made=False)
                return
            self._sweep(keep=made.get("id"))
            tell("ready", id=self._make(), made=True)

    def store_choice(self) -> None:
        """Store what the device `auto` chose with the environment that Node has seen, unless it was replaced."""
        # Without permission to write, the environment works all the same.
        with contextlib.suppress(OSError), (self.home / "lock").open("a") as lock:
            self._wait_for(lock.fileno())
            made = self._read_pointer()
            if made.get("id") == self.order["seen"]:
                self._write_pointer({**made, "choice": self.order["choice"]})

    def give_up(self) -> None:
        """Stop everything at once, from another thread."""
        self._guard.acquire()
        self.child.kill()
        if self._half_made:
            _remove(self._half_made)
        os._exit(_INTERRUPTED)

    def _wait_for(self, lock: int) -> None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            step("Waiting for another process that installs the managed Python")
            fcntl.flock(lock, fcntl.LOCK_EX)

    def _read_pointer(self) -> dict[str, Any]:
        try:
            found = json.loads(self.pointer.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) and found.get("format") == 1 else {}

    def _is_wanted(self, made: dict[str, Any]) -> bool:
        """Whether another process has installed the current one since Node looked, and it matches the request."""
        return made.get("id") not in (None, self.order["seen"]) and made.get("key") == self.order["key"]

    def _sweep(self, keep: str | None) -> None:
        """Remove the leftovers of processes that were killed."""
        for folder in self.environments.iterdir():
            if folder.name != keep:
                step("Removing leftovers of an earlier installation")
                _remove(folder)

    def _make(self) -> str:
        name = f"{self.order['name']}-{uuid.uuid4().hex[:8]}"
        folder = self.environments / name
        with self._guard:
            self._half_made = folder
        try:
            python = self._make_venv(folder)
            pip = base_pip(python) or self._ensure_pip(python)
            try:
                install(self.child, pip, self.order["pip_arguments"], folder / "tmp", step)
            except PipError as error:
                raise MakingError("pip", output=error.output, reason=error.reason) from None
            facts = self._probe(python)
            old = self._publish(folder, python, facts)
        except BaseException:
            with self._guard:
                _remove(folder)
            raise
        if old:
            _remove(self.environments / old)
        return name

    def _make_venv(self, folder: Path) -> Path:
        step(f"Creating a venv with Python {sys.version.split()[0]}")
        with self._guard:
            venv.EnvBuilder(symlinks=True).create(folder)
            (folder / "tmp").mkdir()
        return folder / "bin" / "python"

    def _ensure_pip(self, python: Path) -> Pip:
        ensured = self.child.run([str(python), "-I", "-m", "ensurepip", "--upgrade", "--default-pip"])
        if ensured.code != 0:
            raise MakingError("ensurepip", output=ensured.tail())
        return own_pip(python)

    def _probe(self, python: Path) -> dict[str, Any]:
        """Import paddle in the new environment."""
        step("Importing paddle")
        script = Path(__file__).with_name("probe_environment.py")
        answer: list[str] = []
        flags = self.order["interpreter_arguments"]
        probed = self.child.run([str(python), *flags, str(script), "1"], stdout=answer.append)
        try:
            result = json.loads(answer[-1])
        except (IndexError, ValueError):
            ended: dict[str, object] = {"exit_code": probed.code}
            if probed.code < 0:
                ended = {"signal": signal.Signals(-probed.code).name}
            raise MakingError("import", python=str(python), output=probed.tail(), **ended) from None
        if not result["ok"]:
            raise MakingError("import", python=str(python), **result["error"])
        facts: dict[str, Any] = result["facts"]
        return facts

    def _publish(self, folder: Path, python: Path, facts: dict[str, Any]) -> str | None:
        """Make the new environment current, atomically; return the previous one."""
        shutil.rmtree(folder / "tmp", ignore_errors=True)
        old = self._read_pointer().get("id")
        pointer = {
            "format": 1,
            "id": folder.name,
            **{name: self.order[name] for name in ("wish", "choice", "key", "requirements")},
            "interpreter": str(python.relative_to(self.home)),
            "executable": python.resolve().name,
            "files": [os.path.relpath(path, self.home) for path in facts["files"]],
            "versions": {
                "python": facts["python"],
                "paddle": facts["paddle"]["version"],
                "numpy": facts["numpy"],
            },
        }
        self._write_pointer(pointer)
        return old

    def _write_pointer(self, pointer: dict[str, Any]) -> None:
        """Replace the manifest, atomically."""
        # Written in the environment's folder, so that a killed process leaves nothing outside it.
        draft = self.environments / pointer["id"] / "environment.json"
        with draft.open("w", encoding="utf-8") as file:
            json.dump(pointer, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        with self._guard:
            draft.replace(self.pointer)
            self._half_made = None


def _remove(folder: Path) -> None:
    """Remove a folder, even while a killed pip still writes its last file."""
    for _ in range(3):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return


def _watch(maker: Maker) -> None:
    """Abort on signals, which the end of Node sends too."""

    def on_signal(*_: object) -> None:
        # In another thread: the main thread, which the signal interrupts, may hold the guard.
        threading.Thread(target=maker.give_up).start()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)


def main() -> int:
    """Process the request on stdin; return 0 if the environment is installed."""
    order = read_request()
    if order is None:
        return _INTERRUPTED
    maker = Maker(order)
    _watch(maker)
    if not order["install"]:
        maker.store_choice()
        return 0
    try:
        try:
            maker.run()
        except OSError as error:
            raise failure_of(error, maker.home) from error
    except MakingError as failure:
        tell("failure", kind=failure.kind, **failure.details)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
