"""Explains failures to load a model: parameters of another model, and programs that a newer version of paddle wrote."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from paddle_worker.errors import WorkerError, without_stack
from paddle_worker.params_file import other_params, surplus_of

if TYPE_CHECKING:
    from paddle_worker.program import Program
    from paddle_worker.protocol.control import ModelPaths

__all__ = ["NewerProgramError", "explained", "is_newer"]


class NewerProgramError(WorkerError):
    """Paddle's own failure, explained. A separate class, because the cause may still be another one, such as oneDNN."""


@contextmanager
def explained(model: ModelPaths, program: Program) -> Iterator[None]:
    """Converts exceptions of paddle to `WorkerError` MODEL_LOAD_FAILED if the parameters are of another model,
    and to `NewerProgramError` if a newer version wrote the program.
    """
    try:
        yield
    except WorkerError:
        raise
    except Exception as error:
        import paddle

        params = model["params"]
        surplus = None if params is None else surplus_of(Path(params), program.parameters)
        if params is not None and surplus is not None:
            words = f"{type(error).__name__}: {without_stack(str(error))}"
            raise other_params(Path(params), surplus, words) from error

        own: str = paddle.version.full_version
        written = program.version
        if written is None or not is_newer(written, own):
            raise
        wanted = written if written.count(".") > 1 else f"{written}.0"
        raise NewerProgramError(
            "MODEL_LOAD_FAILED",
            f"{model['program']} was written by paddle {written}, and paddle {own} cannot read all of it: "
            f"{type(error).__name__}: {without_stack(str(error))}\n"
            f"Get that version (paddle-ts setup --paddle-version {wanted}), or export the model again with paddle {own}.",
        ) from error


def is_newer(written: str, own: str) -> bool:
    """Whether 3.3 or 3.3.1 is newer than 3.2.2; false for a wheel without a version (0.0.0)."""
    try:
        parts = [int(part) for part in own.split(".")[:3]]
    except ValueError:
        return False
    wanted = [int(part) for part in written.split(".")]
    return any(parts) and wanted > parts[: len(wanted)]
