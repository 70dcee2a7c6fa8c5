"""Workers that fail: functions for `prepare`.

Files in the folder FAULTS of the environment, if it is set, count the deaths.
"""

from __future__ import annotations

import os
import select
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

from paddle_worker.predictor import WorkerPredictor
from paddle_worker.run_channel import RunChannel

if TYPE_CHECKING:
    from paddle_worker.predictor import RunMemory
    from paddle_worker.protocol.runs import RunReply, RunRequest

__all__ = [
    "asking_for_room",
    "at_start",
    "by_feed",
    "by_feed_with_one_dnn",
    "by_red_image",
    "failing_while_the_first_is_killed",
    "failing_with_one_dnn",
    "from_the_second_on",
    "stuck_behind_one_dnn",
    "stuck_without_one_dnn",
    "with_one_dnn",
    "without_grow_in_one_dnn",
    "without_grow_once_armed",
]


def _note() -> int:
    """Records a death and returns its number."""
    folder = Path(os.environ["FAULTS"])
    count = len(list(folder.iterdir())) + 1
    (folder / f"{count}-{os.getpid()}").touch()
    return count


def _end(how: int) -> None:
    if how == 0:
        os._exit(3)
    os.kill(os.getpid(), how)


def asking_for_room(_config: Any) -> None:
    """The first worker that requests room for its outputs dies of SIGSEGV before it gets any."""
    ask_room = RunChannel.ask_room

    def faulty(self: RunChannel, need: int) -> int:
        if _note() == 1:
            self.answer({"need": need})
            _end(signal.SIGSEGV)
        return ask_room(self, need)

    RunChannel.ask_room = faulty  # type: ignore[method-assign]


def at_start(_config: Any) -> None:
    """Dies of SIGKILL before it has a predictor."""
    _note()
    _end(signal.SIGKILL)


def from_the_second_on(_config: Any) -> None:
    """The first worker starts; all later ones die."""
    if _note() > 1:
        _end(signal.SIGKILL)


def by_feed(_config: Any) -> None:
    """A feed `x` that begins with [-1, SIGNAL, TIMES] kills the worker by that signal (0: exit code 3), the first TIMES times."""
    run = WorkerPredictor.run
    if run.__name__ == "faulty":
        return

    def faulty(self: WorkerPredictor, request: RunRequest, memory: RunMemory) -> RunReply:
        array = _first_feed(request, memory).ravel()
        if array.size >= 3 and array[0] == -1 and (array[2] < 0 or _note() <= array[2]):
            _end(int(array[1]))
        return run(self, request, memory)

    WorkerPredictor.run = faulty  # type: ignore[method-assign]


def by_feed_with_one_dnn(_config: Any) -> None:
    """A feed `x` that begins with [-1, SIGNAL] kills the worker by that signal if the model runs with oneDNN."""

    def end(request: RunRequest, memory: RunMemory) -> None:
        array = _first_feed(request, memory).ravel()
        if array.size >= 2 and array[0] == -1:
            _end(int(array[1]))

    _before_runs_with_one_dnn(end)


def failing_with_one_dnn(_config: Any) -> None:
    """Each run with oneDNN fails with an error of oneDNN."""

    def fail(_request: RunRequest, _memory: RunMemory) -> None:
        raise RuntimeError("could not create a primitive descriptor")

    _before_runs_with_one_dnn(fail)


def _before_runs_with_one_dnn(fault: Callable[[RunRequest, RunMemory], None]) -> None:
    """Calls `fault` before each run of a model with oneDNN, however many models the worker has."""
    make, run = WorkerPredictor.__init__, WorkerPredictor.run
    if make.__name__ == "faulty_make":
        return
    with_one_dnn = set()

    def faulty_make(self: WorkerPredictor, config: Any, on_cpu: bool) -> None:
        if config.mkldnn_enabled():
            with_one_dnn.add(self)
        make(self, config, on_cpu)

    def faulty(self: WorkerPredictor, request: RunRequest, memory: RunMemory) -> RunReply:
        if self in with_one_dnn:
            fault(request, memory)
        return run(self, request, memory)

    WorkerPredictor.__init__ = faulty_make  # type: ignore[method-assign]
    WorkerPredictor.run = faulty  # type: ignore[method-assign]


def without_grow_in_one_dnn(config: Any) -> None:
    """The network in the folder `grow` kills the worker by SIGSEGV when it loads with oneDNN."""
    if _is_grow_with_one_dnn(config):
        _end(signal.SIGSEGV)


def without_grow_once_armed(config: Any) -> None:
    """The same once FAULTS contains `armed`: the first worker dies at once, later ones when `go` is written to."""
    folder = Path(os.environ["FAULTS"])
    if not _is_grow_with_one_dnn(config) or not (folder / "armed").exists():
        return
    try:
        (folder / "first").touch(exist_ok=False)
    except FileExistsError:
        (folder / "go").read_bytes()
    _end(signal.SIGSEGV)


def _is_grow_with_one_dnn(config: Any) -> bool:
    return bool(config.mkldnn_enabled()) and Path(config.prog_file()).parent.name == "grow"


def failing_while_the_first_is_killed(_config: Any) -> None:
    """Every run fails with an error of oneDNN; that of the second worker, after it has killed the first worker."""
    others = [int(file.name.split("-")[1]) for file in Path(os.environ["FAULTS"]).iterdir()]
    _note()

    def faulty(self: WorkerPredictor, request: RunRequest, memory: RunMemory) -> RunReply:
        for pid in others:
            ended = os.pidfd_open(pid)
            os.kill(pid, signal.SIGKILL)
            select.select([ended], [], [])
            # Node has noticed the death once it has waited for the process.
            while Path(f"/proc/{pid}").exists():
                time.sleep(0.01)
        raise RuntimeError("could not create a primitive descriptor")

    WorkerPredictor.run = faulty  # type: ignore[method-assign]


def by_red_image(_config: Any) -> None:
    """A batch with a pure red image kills the worker by SIGKILL, or by the signal RED_SIGNAL of the environment."""
    run = WorkerPredictor.run

    def faulty(self: WorkerPredictor, request: RunRequest, memory: RunMemory) -> RunReply:
        images = _first_feed(request, memory)
        if any(image[0].min() > 2 and image[1:].max() < -1.7 for image in images):
            _end(signal.Signals[os.environ.get("RED_SIGNAL", "SIGKILL")])
        return run(self, request, memory)

    WorkerPredictor.run = faulty  # type: ignore[method-assign]


def with_one_dnn(config: Any) -> None:
    """Every run with oneDNN kills the worker by SIGSEGV."""
    if config.mkldnn_enabled():
        _end_in_run()


def stuck_behind_one_dnn(config: Any) -> None:
    """With oneDNN, the first run fails with an error of oneDNN, and later runs never end."""
    if config.mkldnn_enabled():

        def faulty(self: WorkerPredictor, request: RunRequest, memory: RunMemory) -> RunReply:
            if _note() > 1:
                reading, _writing = os.pipe()
                os.read(reading, 1)
            raise RuntimeError("could not create a primitive descriptor")

        WorkerPredictor.run = faulty  # type: ignore[method-assign]


def stuck_without_one_dnn(config: Any) -> None:
    """The first worker dies of SIGSEGV in its first run; one that starts without oneDNN stops before it is ready."""
    if not config.mkldnn_enabled():
        _end(signal.SIGSTOP)
    if _note() == 1:
        _end_in_run()


def _end_in_run() -> None:
    def faulty(self: WorkerPredictor, request: RunRequest, memory: RunMemory) -> RunReply:
        _end(signal.SIGSEGV)
        raise AssertionError

    WorkerPredictor.run = faulty  # type: ignore[method-assign]


def _first_feed(request: RunRequest, memory: RunMemory) -> Any:
    feed, region = request["feeds"][0], memory.lanes[request["lane"]].input
    region.map(request["inputBytes"])
    return region.array(feed["dtype"], feed["shape"], feed["offset"])
