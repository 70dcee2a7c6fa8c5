"""The command line of `train_demo_model.py`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Arguments", "parse_arguments"]

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Arguments:
    """The output folder, the length of the training, and its data."""

    out: Path
    seed: int
    samples: int
    judged: int
    evaluate: Path | None
    fonts: Path
    own_fonts: Path | None

    @property
    def size(self) -> int:
        """Number of samples rendered for a round of training."""
        return min(self.samples, 2048)

    @property
    def rounds(self) -> int:
        """Number of rounds of training."""
        return self.samples // self.size


def parse_arguments(argv: Sequence[str] | None = None) -> Arguments:
    """Parse the command line; invalid arguments end the process with exit code 2, as in argparse."""
    parser = argparse.ArgumentParser(description="Train the model of printed characters.", allow_abbrev=False)
    add = parser.add_argument
    add("--out", type=Path, default=_ROOT / "models" / "characters", help="folder to write into")
    add("--seed", type=int, default=1, help="seed of images, weights and order (default: 1)")
    add("--samples", type=_positive, default=80 * 2048, help="images to train on (default: %(default)s)")
    add(
        "--judged", type=_positive, default=200, help="images of each character to evaluate on (default: 200)"
    )
    add("--evaluate", type=Path, metavar="MODEL", help="only measure the accuracy of an exported model")
    add("--fonts", type=Path, default=_ROOT / ".cache" / "fonts", help="cache folder of Debian's packages")
    add(
        "--own-fonts",
        type=Path,
        metavar="FOLDER",
        help="use the fonts in FOLDER/training and FOLDER/held-out instead",
    )
    return Arguments(**vars(parser.parse_args(argv)))


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is less than 1")
    return number
