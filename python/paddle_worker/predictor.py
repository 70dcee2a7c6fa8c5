"""A predictor whose feeds and outputs are in shared memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from paddle import inference

from paddle_worker.feeding import Feeder
from paddle_worker.fetching import fetch, place
from paddle_worker.hooks import Hooks
from paddle_worker.shared_memory import Region

if TYPE_CHECKING:
    from paddle_worker.protocol.control import ServeRequest
    from paddle_worker.protocol.runs import AskReply, AskRequest, RunReply, RunRequest

__all__ = ["RunMemory", "WorkerPredictor"]


class _Lane:
    def __init__(self, input_descriptor: int, output_descriptor: int) -> None:
        self.input = Region(input_descriptor)
        self.output = Region(output_descriptor)


class RunMemory:
    """The memory for runs: one lane per pending run, and the arena."""

    def __init__(self, request: ServeRequest, ask_room: Callable[[int], int]) -> None:
        """`ask_room` lets Node grow the output region of the current run."""
        self.ask_room = ask_room
        self.lanes = [_Lane(lane["input"], lane["output"]) for lane in request["lanes"]]
        self.arena = Region(request["arena"])


class WorkerPredictor:
    def __init__(self, config: Any, on_cpu: bool) -> None:
        self._native = inference.create_predictor(config)
        self._inputs = {name: self._native.get_input_handle(name) for name in self._native.get_input_names()}
        self._feeder = Feeder(self._inputs, on_cpu)
        self._hooks = Hooks(self._native)

    @property
    def input_names(self) -> list[str]:
        return list(self._inputs)

    @property
    def output_names(self) -> list[str]:
        return list(self._native.get_output_names())

    def run(self, request: RunRequest, memory: RunMemory) -> RunReply:
        lane = memory.lanes[request["lane"]]
        lane.input.map(request["inputBytes"])
        memory.arena.map(request["arenaBytes"])
        for feed in request["feeds"]:
            self._feeder.feed(feed, lane.input, memory.arena)
        # Discard tensors that a failed run collected.
        self._hooks.take()
        self._native.run()
        outputs, seen = fetch(self._native, request["fetch"]), self._hooks.take()
        place([*outputs, *seen], lane.output, memory.ask_room)
        reply: RunReply = {"outputs": [tensor for tensor, _ in outputs]}
        if seen:
            reply["hooked"] = [tensor for tensor, _ in seen]
        return reply

    def ask(self, request: AskRequest) -> AskReply:
        ask = request["ask"]
        value: int | None = None
        if ask == "tryShrinkMemory":
            value = int(self._native.try_shrink_memory())
        elif ask == "clearIntermediateTensor":
            self._native.clear_intermediate_tensor()
        else:
            self._hooks.register("input" if ask == "hookInputs" else "output")
        return {"value": value}
