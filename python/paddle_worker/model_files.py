"""Reads a model's program and checks that its files are complete, before paddle reads them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from paddle_worker.errors import WorkerError
from paddle_worker.params_file import check_params_file, check_separate_file, unreadable
from paddle_worker.program import Program, read_program

if TYPE_CHECKING:
    from paddle_worker.protocol.control import ModelPaths

__all__ = ["check_readable", "program_file", "read_checked", "read_model_program"]

# The oldest wheel that reads `.json`, and the one to install.
_JSON_SINCE = 3
_JSON_WHEEL = "3.3.1"


def program_file(model: ModelPaths) -> Path:
    """The program file. For a `__model__` with separate parameter files, `program` is the folder."""
    file = Path(model["program"])
    separate = model["format"] == "__model__" and model["params"] is None
    return file / "__model__" if separate else file


def check_readable(model: ModelPaths) -> None:
    """Raises `WorkerError` MODEL_LOAD_FAILED for a format that this wheel cannot read."""
    import paddle

    version = paddle.version.full_version
    if model["format"] == "json" and int(version.split(".")[0]) in range(1, _JSON_SINCE):
        raise WorkerError(
            "MODEL_LOAD_FAILED",
            f"{model['program']} is in the format of Paddle 3, which paddle {version} cannot read.\n"
            f"Export it with --format pdmodel, or get a newer wheel: paddle-ts setup --paddle-version {_JSON_WHEEL}",
        )


def read_model_program(model: ModelPaths) -> Program:
    """Reads the program without checking the parameters.

    Raises `WorkerError` MODEL_LOAD_FAILED if it is damaged.
    """
    file = program_file(model)
    try:
        return read_program(file)
    except OSError as error:
        raise unreadable(file, error) from error
    except Exception as error:
        raise WorkerError(
            "MODEL_LOAD_FAILED", f"{file} is not a complete Paddle program.\nCopy or export the model again."
        ) from error


def read_checked(model: ModelPaths, *, in_memory: bool = False) -> Program:
    """Reads the program, and checks that it and its parameters are complete.

    Raises `WorkerError` MODEL_LOAD_FAILED, MODEL_PARAMS_NOT_FOUND.
    """
    check_readable(model)
    program = read_model_program(model)
    file = program_file(model)
    if model["params"] is not None and any(parameter["dtype"] == "vocab" for parameter in program.parameters):
        pass  # A vocabulary is stored among the tensors without its length.
    elif model["params"] is not None:
        check_params_file(Path(model["params"]), program.parameters)
    elif model["format"] == "__model__":
        for parameter in program.parameters:
            check_separate_file(file.with_name(parameter["name"]), parameter)
    elif program.parameters:
        expected = file.with_suffix(".pdiparams").name
        missing, remedy = (
            ("no `params` were given", "Pass them too: { program, params }")
            if in_memory
            else (f"there is no {expected} beside it", f"Put {expected} there, or export the model again")
        )
        raise WorkerError(
            "MODEL_PARAMS_NOT_FOUND",
            f"{file} has {len(program.parameters)} parameters, but {missing}.\n{remedy}.",
        )
    return program
