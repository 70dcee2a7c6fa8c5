"""The command line of `export_model.py`: the flags of Paddle's tutorial and a few more."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Union

from .inputs import Input, parse_input

__all__ = ["Arguments", "parse_arguments"]


@dataclass(frozen=True)
class Arguments:
    """What to export, where and how; `None` for the network's own default."""

    model: str
    img_size: int | None
    save_inference_dir: Path
    pretrained: Union[str, bool]
    num_classes: int | None
    device: str
    format: str
    seed: int | None
    softmax: bool | None
    driven: bool
    model_args: Union[Mapping[str, Any], Sequence[Any], None] = None
    input_spec: Sequence[Input] = field(default_factory=list)

    @property
    def own(self) -> bool:
        """Whether the network is the user's own, not one of Paddle's."""
        return ".py:" in self.model or self.model.endswith(".py")

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats to write; the first one determines how paddle is imported."""
        return ("pdmodel", "json") if self.format == "both" else (self.format,)


def parse_arguments(argv: Sequence[str] | None = None) -> Arguments:
    """Parse the command line; an invalid one exits with code 2, as usual with argparse."""
    parser = argparse.ArgumentParser(
        description="Export a network of paddle.vision.models, or one of your own, for paddle.inference.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add(
        "--model",
        default="mobilenet_v3_small",
        help="network, by its name, or FILE.py:CLASS (default: %(default)s)",
    )
    add("--model-args", type=_json_arguments, metavar="JSON", help="what your own CLASS is called with")
    add(
        "--input-spec",
        action="append",
        default=[],
        type=_input,
        metavar="NAME:DTYPE[SHAPE]",
        help="an input of your own network, such as x:float32[-1,3]; repeated for several",
    )
    add("--img-size", type=_positive, help="height and width of the input (default: 224; 28 for LeNet)")
    add("--save-inference-dir", type=Path, default=Path(), help="folder to write into (default: %(default)s)")
    add(
        "--pretrained",
        nargs="?",
        const=True,
        default=False,
        metavar="FILE",
        help="weights: Paddle's own, downloaded, or those of a .pdparams FILE. Such a file can run code "
        "while it is read: give only one that you trust (default: random weights)",
    )
    add("--num-classes", type=_positive, help="size of the answer (default: 1000; 10 for LeNet)")
    add("--device", choices=["cpu", "gpu"], default="cpu", help="where to trace the network (default: cpu)")
    add(
        "--format",
        choices=["pdmodel", "json", "both"],
        default="pdmodel",
        help="pdmodel is read by Paddle 2.6 and 3; json by Paddle 3 only (default: %(default)s)",
    )
    add("--seed", type=_natural, help="make the random weights the same each time")
    add("--softmax", action="store_true", default=None, help="end with softmax (default, but for your own)")
    add("--no-softmax", action="store_false", dest="softmax", help="end with the network's own output")
    add("--driven", action="store_true", help=argparse.SUPPRESS)
    arguments = Arguments(**vars(parser.parse_args(argv)))
    contradiction = _contradiction(arguments)
    if contradiction is not None:
        parser.error(contradiction)
    return arguments


def _contradiction(arguments: Arguments) -> str | None:
    """Describe an option that does not apply to this kind of network; the user's own is sized by its inputs and
    arguments."""
    names = [spec.name for spec in arguments.input_spec]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        return f"--input-spec describes {twice[0]} twice"
    if not arguments.own:
        given = {"--model-args": arguments.model_args is not None, "--input-spec": bool(names)}
        whose = "networks of your own (--model FILE.py:CLASS)"
    else:
        given = {
            "--img-size": arguments.img_size is not None,
            "--num-classes": arguments.num_classes is not None,
            "--pretrained without a file": arguments.pretrained is True,
        }
        whose = "networks of paddle.vision.models"
    wrong = next((flag for flag, is_given in given.items() if is_given), None)
    return None if wrong is None else f"{wrong} applies to {whose} only, not to {arguments.model}"


def _input(text: str) -> Input:
    try:
        return parse_input(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _json_arguments(text: str) -> Union[Mapping[str, Any], Sequence[Any]]:
    try:
        arguments = json.loads(text)
    except ValueError:
        arguments = None
    if isinstance(arguments, (dict, list)):
        return arguments
    raise argparse.ArgumentTypeError(f"expected a JSON object or array, got {text!r}")


def _positive(text: str) -> int:
    return _integer(text, least=1, what="a positive integer")


def _natural(text: str) -> int:
    return _integer(text, least=0, what="a non-negative integer")


def _integer(text: str, least: int, what: str) -> int:
    if text.isascii() and text.isdigit() and int(text) >= least:
        return int(text)
    raise argparse.ArgumentTypeError(f"expected {what}, got {text!r}")
