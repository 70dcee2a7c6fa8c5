"""The inputs of a network: their form on the command line, and their parameters of `forward`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from typing import Any, Callable, NamedTuple

from .failure import ExportError

__all__ = ["DTYPES", "Input", "fit_inputs", "parse_input"]

DTYPES = ("float32", "float64", "float16", "bfloat16", "int64", "int32", "int8", "uint8", "bool")
"""The dtypes of an input, which are those that paddle.inference accepts."""

_FORM = re.compile(r"(?P<name>[^:\s]+):(?P<dtype>\w+)\[(?P<shape>[^\]]*)\]")


class Input(NamedTuple):
    """One input; `None` for a free dimension."""

    name: str
    dtype: str
    shape: tuple[int | None, ...]


def parse_input(text: str) -> Input:
    """Parse `x:float32[-1,3]`; a free dimension is -1 or ?. Raises ValueError."""
    found = _FORM.fullmatch(text.replace(" ", ""))
    if found is None:
        raise ValueError(f"expected NAME:DTYPE[SHAPE], such as x:float32[-1,3], got {text!r}")
    if found["dtype"] not in DTYPES:
        raise ValueError(f"expected a dtype of {', '.join(DTYPES)}, got {found['dtype']!r} in {text!r}")
    sizes = found["shape"].split(",") if found["shape"] else []
    if not all(re.fullmatch(r"-1|\?|[1-9][0-9]*", size) for size in sizes):
        raise ValueError(f"expected positive sizes, -1 or ?, got [{found['shape']}] in {text!r}")
    shape = tuple(None if size in ("-1", "?") else int(size) for size in sizes)
    return Input(found["name"], found["dtype"], shape)


def fit_inputs(inputs: Sequence[Input], forward: Callable[..., Any], name: str) -> list[Input]:
    """Return the inputs in the order of `forward`: by name if all names are parameters, else as given."""
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    every = inspect.signature(forward).parameters.values()
    taken = [parameter for parameter in every if parameter.kind in positional]
    names = [parameter.name for parameter in taken]
    needed = [parameter.name for parameter in taken if parameter.default is inspect.Parameter.empty]
    boundless = any(parameter.kind is inspect.Parameter.VAR_POSITIONAL for parameter in every)
    if all(given.name in names for given in inputs):
        inputs = sorted(inputs, key=lambda given: names.index(given.name))
        missing = [name for name in names[: len(inputs)] if name not in {given.name for given in inputs}]
    else:
        missing = []
    missing = missing or needed[len(inputs) :]
    if missing or (len(inputs) > len(names) and not boundless):
        described = ", ".join(given.name for given in inputs) or "none"
        wanted = ", ".join(names) or "no inputs"
        remedy = " ".join(f"--input-spec '{other}:float32[-1,3]'" for other in missing)
        raise ExportError(
            "EXPORT_INPUTS_INVALID",
            f"The forward of {name} takes {wanted}, but {described} {'is' if len(inputs) < 2 else 'are'} described.\n"
            + (f"Describe it with its own dtype and shape: {remedy}" if missing else "Omit the others."),
        )
    return list(inputs)
