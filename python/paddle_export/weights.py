"""Load weights from a .pdparams file into a network: all of them, or an error that lists the differences."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from git_lfs import git_lfs_advice, is_git_lfs_pointer

from .checkpoint import Checkpoint, best_checkpoint
from .failure import ExportError, reason_of
from .paddle_types import Layer
from .source import Source

__all__ = ["load_weights"]

_NAMED_AT_MOST = 3


def load_weights(layer: Layer, network: Source, file: Path) -> str | None:
    """Load `file` into `layer`. Reading it unpickles it, which can execute code in it.

    Return which part of the file was used, if not all of it.
    """
    wanted = {name: list(value.shape) for name, value in layer.state_dict().items()}
    found = best_checkpoint(_read(file), wanted)
    state = found.state
    weights = f"The weights in {file}" + (f" ({found.part})" if found.part else "")
    if wanted and not any(name in state for name in wanted):
        raise _invalid(
            f"{weights} do not fit {network.name}{network.size}: they are called {_some(state)}; "
            f"those of the network are {_some(wanted)}.",
            "Use the weights of this network.",
        )
    problems = [
        *_listed(
            f"{name} is {_shape(state[name])}, the network has {_shape_text(shape)}"
            for name, shape in wanted.items()
            if name in state and list(getattr(state[name], "shape", [])) != shape
        ),
        *_listed(f"{name} is missing" for name in wanted if name not in state),
        *_listed(f"{name} is not in the network" for name in state if name not in wanted),
    ]
    if problems:
        raise _invalid(
            f"{weights} do not fit {network.name}{network.size}: {'; '.join(problems)}.",
            "Use the weights of this network"
            + (", and the number of classes they were trained for." if network.size else "."),
        )
    try:
        layer.set_state_dict(state)
    except Exception as error:
        raise _unreadable(file, reason_of(error)) from error
    return found.part


def _read(file: Path) -> Checkpoint:
    import paddle

    if re.match(r"https?:/", str(file)):
        raise _invalid(
            "The weights cannot be read from a URL.",
            "Download them, and give the file: --pretrained FILE.pdparams",
        )
    if not file.is_file():
        what = "it is a folder" if file.is_dir() else "there is no such file"
        raise _unreadable(file, what)
    if is_git_lfs_pointer(file):
        raise _invalid(
            f"The weights in {file} cannot be read: it is a pointer of Git LFS.", git_lfs_advice(file)
        )
    if file.suffix == ".pdiparams":
        raise _invalid(
            f"The weights in {file} cannot be read: they are those of an exported model, without names.",
            "Use that model as it is, or give the .pdparams file that it was exported with.",
        )
    try:
        state = paddle.load(str(file), return_numpy=True)
    except Exception as error:
        raise _unreadable(file, f"it is not a .pdparams file ({reason_of(error)})") from error
    if not isinstance(state, dict) or not all(isinstance(name, str) for name in state):
        raise _unreadable(file, f"it contains a {type(state).__name__}, not named parameters")
    return Checkpoint(state)


def _some(names: Iterable[str]) -> str:
    every = list(names)
    more = len(every) - _NAMED_AT_MOST
    shown = every if more <= 1 else [*every[:_NAMED_AT_MOST], f"and {more} more"]
    return ", ".join(shown) or "nothing"


def _listed(problems: Iterable[str]) -> list[str]:
    every = list(problems)
    more = len(every) - _NAMED_AT_MOST
    return every if more <= 1 else [*every[:_NAMED_AT_MOST], f"and {more} more like it"]


def _shape(value: object) -> str:
    shape = getattr(value, "shape", None)
    return f"a {type(value).__name__}" if shape is None else _shape_text(shape)


def _shape_text(shape: Iterable[int]) -> str:
    return f"[{','.join(str(size) for size in shape)}]"


def _unreadable(file: Path, why: str) -> ExportError:
    return _invalid(
        f"The weights in {file} cannot be read: {why}.", "Give a .pdparams file made by paddle.save()."
    )


def _invalid(message: str, remedy: str) -> ExportError:
    return ExportError("EXPORT_WEIGHTS_INVALID", f"{message}\n{remedy}")
