"""The control calls of a worker, in the order in which Node makes them: hello, create, serve."""

from __future__ import annotations

import faulthandler
import json
import os
import socket
import sys
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, NoReturn

from paddle_worker.errors import WorkerError, describe_error

if TYPE_CHECKING:
    from paddle_worker.predictor import RegionPair, WorkerPredictor
    from paddle_worker.program import Program
    from paddle_worker.protocol import CreateRequest, Description, Failure, Hello, RunReply, ServeRequest

__all__ = ["create", "hello", "serve"]


def _call(function: Callable[[Any], Any]) -> Callable[[str], str]:
    """One JSON text in, one out, whatever happens."""

    @wraps(function)
    def answer(argument: str) -> str:
        try:
            result = {"ok": True, "value": function(json.loads(argument))}
        except BaseException as error:
            result = {"ok": False, "error": describe_error(error)}
        return json.dumps(result, allow_nan=False)

    return answer


class _Session:
    predictor: WorkerPredictor


@_call
def hello(_: None) -> Hello:
    """Imports paddle, the slow part of a start, and says what was found."""
    import paddle

    # With paddle's handler SIGTERM would wait for the end of a run. It takes faulthandler's away with its own.
    paddle.disable_signal_handler()
    faulthandler.enable()
    return {"paddle": paddle.version.full_version}


@_call
def create(request: CreateRequest) -> Description:
    """Makes the predictor and says what it is."""
    from paddle_worker.config import build_config
    from paddle_worker.predictor import WorkerPredictor

    program = _read_checked(request)
    config = build_config(request)
    if _asked_for_gpu(request) and not config.use_gpu():
        raise WorkerError(
            "DEVICE_UNAVAILABLE",
            "A GPU was asked for, but this paddle wheel is built without CUDA and would stay on the CPU.\n"
            "Install a GPU wheel: paddle-ts setup --device gpu --index-url URL, or leave the GPU out.",
        )
    device = f"gpu:{config.gpu_device_id()}" if config.use_gpu() else "cpu"
    description: Description = {
        "inputs": program.inputs,
        "outputs": program.outputs,
        "device": device,
        "oneDnn": config.mkldnn_enabled(),
        "cpuThreads": config.cpu_math_library_num_threads(),
    }
    _Session.predictor = predictor = WorkerPredictor(config, on_cpu=device == "cpu")
    # The predictor's own names are what it is fed by; the program only adds dtype and shape.
    _rename(description, predictor)
    return description


def _read_checked(request: CreateRequest) -> Program:
    """The program's description, once it and its parameters are known to be whole."""
    from paddle_worker.params_file import check_params_file, check_separate_file
    from paddle_worker.program import read_program

    file = Path(request["program"])
    if request["format"] == "__model__" and request["params"] is None:
        file = file / "__model__"
    try:
        program = read_program(file)
    except OSError:
        raise
    except Exception as error:
        raise WorkerError(
            "MODEL_LOAD_FAILED", f"{file} is not a complete Paddle program.\nCopy or export the model again."
        ) from error
    if request["params"] is not None:
        check_params_file(Path(request["params"]), len(program.parameters))
    elif request["format"] == "__model__":
        for name in program.parameters:
            check_separate_file(file.with_name(name))
    elif program.parameters:
        expected = file.with_suffix(".pdiparams")
        raise WorkerError(
            "MODEL_PARAMS_NOT_FOUND",
            f"{file} has {len(program.parameters)} parameters, but there is no {expected.name} beside it.\n"
            f"Put {expected.name} there, or export the model again.",
        )
    return program


def _asked_for_gpu(request: CreateRequest) -> bool:
    asked = False
    for name, _ in request["calls"]:
        asked = name == "enable_use_gpu" or (asked and name != "disable_gpu")
    return asked


def _rename(description: Description, predictor: WorkerPredictor) -> None:
    for infos, names in (
        (description["inputs"], predictor.input_names),
        (description["outputs"], predictor.output_names),
    ):
        if len(infos) == len(names):
            known = {info["name"]: info for info in infos}
            infos[:] = [{**known.get(name, info), "name": name} for info, name in zip(infos, names)]


@_call
def serve(request: ServeRequest) -> NoReturn:
    """Answers runs until the doorbell closes; then the process ends, without paddle's slow farewell."""
    from paddle_worker.predictor import RegionPair

    lanes = [RegionPair(lane["input"], lane["output"]) for lane in request["lanes"]]
    doorbell = socket.socket(fileno=request["doorbell"])
    try:
        for line in doorbell.makefile("rb"):
            doorbell.sendall(json.dumps(_run(line, lanes), allow_nan=False).encode() + b"\n")
    except OSError:
        pass  # Node closed its end while an answer was on its way.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _run(line: bytes, lanes: list[RegionPair]) -> RunReply | Failure:
    request = json.loads(line)
    try:
        return _Session.predictor.run(request, lanes[request["lane"]])
    except Exception as error:
        return {"id": request["id"], "error": describe_error(error)}
