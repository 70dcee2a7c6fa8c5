"""The control calls of a worker, in the order in which Node makes them: hello, create for each predictor, serve."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Callable, ClassVar, NoReturn

from paddle_worker.check_request import check_request
from paddle_worker.entry_points import call, hello
from paddle_worker.errors import WorkerError, describe_error
from paddle_worker.exit_work import do_exit_work, has_exit_work
from paddle_worker.request_cache import RequestCache
from paddle_worker.run_channel import RunChannel

if TYPE_CHECKING:
    from paddle_worker.predictor import RunMemory, WorkerPredictor
    from paddle_worker.protocol.control import CreateRequest, Description, ServeRequest, TensorInfo
    from paddle_worker.protocol.runs import AskReply, Failure, RunReply

__all__ = ["create", "hello", "serve"]


class _State:
    predictors: ClassVar[list[WorkerPredictor]] = []
    has_exit_work = False


@call
def create(request: CreateRequest) -> Description:
    """Creates a predictor and describes it. Its index in requests is the number of predictors before it."""
    with ExitStack() as staged:
        return _create(_with_files(request, staged))


def _create(request: CreateRequest) -> Description:
    from paddle_worker.config import build_config
    from paddle_worker.effective_settings import read_effective, refusals
    from paddle_worker.load_failure import explained
    from paddle_worker.model_files import read_checked
    from paddle_worker.predictor import WorkerPredictor
    from paddle_worker.wheel_support import foremost

    program = read_checked(request, in_memory=request["memory"] is not None)
    config = build_config(request)
    if not program.inputs:
        # The pass would fold the whole network if it has no inputs, and paddle then fails.
        config.delete_pass("constant_folding_pass")
    prepared = request["prepare"]
    if prepared is not None:
        from paddle_worker.prepare import prepare_config

        prepare_config(config, prepared["file"], prepared["function"])
    state = read_effective(config, request)
    refused = refusals(config, request, state)
    if refused and request["strict"]:
        first = foremost(refused)
        raise WorkerError(first["code"], first["message"])
    with explained(request, program):
        predictor = WorkerPredictor(config, on_cpu=state["device"] == "cpu")
    _State.predictors.append(predictor)
    _State.has_exit_work = has_exit_work(config) or _State.has_exit_work
    description: Description = {
        "inputs": program.inputs,
        "outputs": program.outputs,
        "state": state,
        "warnings": refused,
    }
    # Feeds use the predictor's own names; the program only adds dtype and shape.
    _rename(description, predictor)
    return description


def _with_files(request: CreateRequest, staged: ExitStack) -> CreateRequest:
    """Replaces a model in memory by its temporary files, which exist while paddle reads them."""
    memory = request["memory"]
    if memory is None:
        return request
    from paddle_worker.staging import stage_model

    files = staged.enter_context(stage_model(memory))
    return {**request, "format": files.format, "program": files.program, "params": files.params}


def _rename(description: Description, predictor: WorkerPredictor) -> None:
    for infos, names in (
        (description["inputs"], predictor.input_names),
        (description["outputs"], predictor.output_names),
    ):
        known = {info["name"]: info for info in infos}
        if len(infos) == len(names):
            infos[:] = [{**known.get(name, info), "name": name} for info, name in zip(infos, names)]
        elif infos is description["outputs"]:
            # Replies use the predictor's names; dtype and shape of an output are known after a run.
            unknown: TensorInfo = {"name": "", "dtype": "float32", "shape": []}
            infos[:] = [{**known.get(name, unknown), "name": name} for name in names]


@call
def serve(request: ServeRequest) -> NoReturn:
    """Replies to runs and other requests until the run channel closes; then exits without paddle's slow cleanup."""
    from paddle_worker.predictor import RunMemory

    run_channel = RunChannel(socket.socket(fileno=request["runChannel"]))
    memory = RunMemory(request, run_channel.ask_room)
    try:
        cache = RequestCache(_checker(memory))
        for text in run_channel.requests():
            run_channel.answer(_answer(cache, text, memory))
    except OSError:
        pass  # Node closed its end before a reply was sent.
    if _State.has_exit_work:
        do_exit_work(_State.predictors)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _checker(memory: RunMemory) -> Callable[[Any], None]:
    lanes = len(memory.lanes)
    names = [
        (frozenset(predictor.input_names), frozenset(predictor.output_names))
        for predictor in _State.predictors
    ]
    return lambda request: check_request(request, lanes, names)


def _answer(cache: RequestCache, text: bytes, memory: RunMemory) -> RunReply | AskReply | Failure:
    try:
        request: Any = cache.parse(text)
        predictor: WorkerPredictor = _State.predictors[request["model"]]
        return predictor.ask(request) if "ask" in request else predictor.run(request, memory)
    except Exception as error:
        return {"error": describe_error(error)}
