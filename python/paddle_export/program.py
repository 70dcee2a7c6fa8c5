"""A layer becomes a program: traced with a dynamic batch, saved in one of Paddle's two formats."""

from __future__ import annotations

from pathlib import Path

from paddle_worker.params_file import check_params_file
from paddle_worker.program import read_program

from .failure import ExportError, reason_of
from .layer import Layer
from .networks import Network

__all__ = ["files_of", "save_program"]

_FILES = {
    "pdmodel": ("inference.pdmodel", "inference.pdiparams", "inference.pdiparams.info"),
    "json": ("inference.json", "inference.pdiparams"),
}


def files_of(form: str) -> tuple[str, ...]:
    """The names of the files that a model in the format `form` consists of, its program first."""
    return _FILES[form]


def save_program(layer: Layer, network: Network, form: str, folder: Path, scratch: Path) -> None:
    """Trace `layer` and save it into `folder`. The format itself was chosen before paddle was imported."""
    import paddle
    from paddle.jit.dy2static import utils
    from paddle.static import InputSpec

    # Paddle writes the code that it traces below the home folder, and leaves it there when it is killed.
    vars(utils)["get_temp_dir"] = lambda: str(scratch)

    shape = [None, network.channels, network.img_size, network.img_size]
    spec = InputSpec(shape, "float32", name="input")
    try:
        # Without full_graph Paddle falls back to running Python, and the input's shape is not kept.
        traced = paddle.jit.to_static(layer, input_spec=[spec], full_graph=True)
        paddle.jit.save(traced, str(folder / "inference"))
    except OSError as error:
        raise _cut_short(reason_of(error)) from error
    except Exception as error:
        raise ExportError(
            "EXPORT_FAILED",
            f"{network.name} cannot be exported at {network.img_size} pixels: {reason_of(error)}.\n"
            "Give another image size: each network has a smallest one, and some take one only.",
        ) from error
    _check_whole(form, folder)


def _check_whole(form: str, folder: Path) -> None:
    """Paddle writes from C++ and does not tell when the disk is full."""
    import paddle

    wanted, found = sorted(files_of(form)), sorted(file.name for file in folder.iterdir())
    if found != wanted:
        raise ExportError(
            "EXPORT_FAILED",
            f"Paddle {paddle.__version__} wrote {', '.join(found) or 'nothing'} for the format {form}, "
            f"not {', '.join(wanted)}.\nTake the other format, or a newer Paddle: --format",
        )
    try:
        program = read_program(folder / files_of(form)[0])
        check_params_file(folder / "inference.pdiparams", len(program.parameters))
    except Exception as error:
        raise _cut_short(reason_of(error)) from error


def _cut_short(why: str) -> ExportError:
    return ExportError(
        "EXPORT_FAILED", f"The files could not be written whole: {why}.\nMake room on the disk."
    )
