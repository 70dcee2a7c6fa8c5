"""The command line of `export_model.py`: the flags of Paddle's tutorial and a few more."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Union

__all__ = ["Arguments", "parse_arguments"]


@dataclass(frozen=True)
class Arguments:
    """What to export, where to and how; `None` where the network's own value holds."""

    model: str
    img_size: int | None
    save_inference_dir: Path
    pretrained: Union[str, bool]
    num_classes: int | None
    device: str
    format: str
    seed: int | None
    softmax: bool
    driven: bool


def parse_arguments(argv: Sequence[str] | None = None) -> Arguments:
    """Read the command line; a wrong one ends the process with exit code 2, as argparse has it."""
    parser = argparse.ArgumentParser(
        description="Export a classification network of paddle.vision.models for paddle.inference.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--model", default="mobilenet_v3_small", help="network, by its name (default: %(default)s)")
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
        choices=["pdmodel", "json"],
        default="pdmodel",
        help="pdmodel is read by Paddle 2.6 and 3; json by Paddle 3 only (default: %(default)s)",
    )
    add("--seed", type=_natural, help="make the random weights the same each time")
    add("--softmax", action="store_true", default=True, help="end with softmax (default)")
    add("--no-softmax", action="store_false", dest="softmax", help="end with the network's own output")
    add("--driven", action="store_true", help=argparse.SUPPRESS)
    return Arguments(**vars(parser.parse_args(argv)))


def _positive(text: str) -> int:
    return _integer(text, least=1, what="a positive integer")


def _natural(text: str) -> int:
    return _integer(text, least=0, what="an integer from 0 on")


def _integer(text: str, least: int, what: str) -> int:
    if text.isascii() and text.isdigit() and int(text) >= least:
        return int(text)
    raise argparse.ArgumentTypeError(f"expected {what}, got {text!r}")
