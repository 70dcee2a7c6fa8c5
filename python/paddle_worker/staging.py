"""Writes a model in memory to temporary files for as long as paddle reads them.

`Config.set_model_buffer` crashes the process if the program is a `.json`, so both formats use files.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from paddle_worker.errors import WorkerError
from paddle_worker.private_folder import private_folder

if TYPE_CHECKING:
    from paddle_worker.protocol.control import ModelInMemory

__all__ = ["StagedModel", "stage_model"]


class StagedModel(NamedTuple):
    format: str
    program: str
    params: str | None


@contextmanager
def stage_model(memory: ModelInMemory) -> Iterator[StagedModel]:
    """The model's files. In errors, their names are replaced by "the model in memory".

    Raises `WorkerError` MODEL_LOAD_FAILED if they cannot be written.
    """
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(private_folder("paddle-ts-model-"))
        except OSError as error:
            raise WorkerError(
                "MODEL_LOAD_FAILED",
                "The model in memory cannot be written to files: no temporary folder can be created.\n"
                "Set TMPDIR to a writable folder.",
            ) from error
        staged = _write(memory, folder)
        try:
            yield staged
        except Exception as error:
            error.args = tuple(_renamed(argument, staged) for argument in error.args)
            raise


def _write(memory: ModelInMemory, folder: Path) -> StagedModel:
    program_bytes, params_bytes = memory["programBytes"], memory["paramsBytes"]
    with mmap.mmap(memory["descriptor"], program_bytes + params_bytes, access=mmap.ACCESS_READ) as mapped:
        # The mapping is enough; the memory is freed with it.
        os.close(memory["descriptor"])
        view = memoryview(mapped)
        program, params = view[:program_bytes], view[program_bytes : program_bytes + params_bytes]
        try:
            is_json = bytes(program[:64]).lstrip()[:1] == b"{"
            file = folder / ("inference.json" if is_json else "inference.pdmodel")
            params_file = folder / "inference.pdiparams"
            _write_privately(file, program)
            if params_bytes:
                _write_privately(params_file, params)
        except OSError as error:
            raise WorkerError(
                "MODEL_LOAD_FAILED",
                f"The model in memory ({(program_bytes + params_bytes) / 1e6:.1f} MB) cannot be written to files in "
                f"{folder.parent}: {error.strerror}.\nFree space there, or set TMPDIR to another folder.",
            ) from error
        finally:
            for part in (program, params, view):
                part.release()
    return StagedModel(
        "json" if is_json else "pdmodel", str(file), str(params_file) if params_bytes else None
    )


def _write_privately(file: Path, content: memoryview) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb", buffering=0) as stream:
        written = 0
        while written < len(content):
            written += stream.write(content[written:])


def _renamed(argument: object, staged: StagedModel) -> object:
    if not isinstance(argument, str):
        return argument
    text = argument.replace(staged.program, "the model in memory")
    if staged.params is not None:
        text = text.replace(staged.params, "the `params` of the model in memory")
    return text[:1].upper() + text[1:]
