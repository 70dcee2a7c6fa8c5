"""Convert a layer to a program: trace it with the shapes of its inputs, and save it in one of Paddle's formats."""

from __future__ import annotations

import filecmp
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from paddle_worker.params_file import check_params_file
from paddle_worker.program import read_program

from .failure import ExportError, reason_of
from .inputs import Input
from .paddle_types import Layer
from .source import Source

__all__ = ["files_of", "save_program", "share_parameters"]

_STEM = "inference"

_FILES = {
    "pdmodel": ("inference.pdmodel", "inference.pdiparams", "inference.pdiparams.info"),
    "json": ("inference.json", "inference.pdiparams"),
}


def files_of(form: str) -> tuple[str, ...]:
    """Return the file names of a model in the format `form`, the program first."""
    return _FILES[form]


def save_program(
    layer: Layer, source: Source, inputs: Sequence[Input], form: str, folder: Path, scratch: Path
) -> list[str]:
    """Trace `layer` and save it to `folder` in the format that paddle currently writes; return the names of the files."""
    import paddle
    from paddle.jit.dy2static import utils
    from paddle.static import InputSpec

    # Paddle writes traced code to a folder below the home folder, and leaves it there when killed.
    vars(utils)["get_temp_dir"] = lambda: str(scratch)

    specs = [InputSpec(list(given.shape), given.dtype, name=given.name) for given in inputs]
    names = _save(layer, specs, source, form, folder)
    program = read_program(folder / names[0])
    if {output["name"] for output in program.outputs} & {given["name"] for given in program.inputs}:
        # A .json whose output has the name of an input cannot be loaded; a copy has a name of its own.
        layer.register_forward_post_hook(
            lambda _, __, outputs: paddle.utils.map_structure(paddle.assign, outputs)
        )
        names = _save(layer, specs, source, form, folder)
    return names


def _save(layer: Layer, specs: list[Any], source: Source, form: str, folder: Path) -> list[str]:
    import paddle

    try:
        # Without full_graph, Paddle falls back to running Python and loses the input's shape.
        traced = paddle.jit.to_static(layer, input_spec=specs, full_graph=True)
        paddle.jit.save(traced, str(folder / _STEM), with_hook=True)
        traced.forward.rollback()
    except OSError as error:
        raise _cut_short(reason_of(error)) from error
    except Exception as error:
        raise source.untraceable(error, form) from error
    return _check_whole(form, folder)


def share_parameters(first: Path, second: Path) -> None:
    """Remove the parameters in `second`, if they equal those in `first` byte by byte."""
    file = second / f"{_STEM}.pdiparams"
    if not file.exists():
        return
    if not filecmp.cmp(first / file.name, file, shallow=False):
        raise ExportError(
            "EXPORT_FAILED",
            "Paddle gave the two formats of this network different parameters, so they cannot share a folder.\n"
            "Export each into its own: --format pdmodel, --format json",
        )
    file.unlink()


def _check_whole(form: str, folder: Path) -> list[str]:
    """Check the files: Paddle writes them from C++ and does not report a full disk."""
    import paddle

    program_name, *others = files_of(form)
    found = sorted(file.name for file in folder.iterdir())
    # A network without parameters only has a program.
    if set(found) not in ({program_name}, {program_name, *others}):
        raise ExportError(
            "EXPORT_FAILED",
            f"Paddle {paddle.__version__} wrote {', '.join(found) or 'nothing'} for the format {form}, "
            f"not {', '.join(sorted(files_of(form)))}.\nUse the other format, or a newer Paddle: --format",
        )
    try:
        program = read_program(folder / program_name)
        if program.parameters:
            check_params_file(folder / f"{_STEM}.pdiparams", program.parameters)
    except Exception as error:
        raise _cut_short(reason_of(error)) from error
    return [name for name in files_of(form) if name in found]


def _cut_short(why: str) -> ExportError:
    return ExportError(
        "EXPORT_FAILED", f"The files could not be written completely: {why}.\nFree disk space."
    )
