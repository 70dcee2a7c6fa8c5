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
    """Where to write, how long to train, and on what."""

    out: Path
    seed: int
    samples: int
    judged: int
    evaluate: Path | None
    fonts: Path
    own_fonts: Path | None

    @property
    def size(self) -> int:
        """Samples that are rendered for a round of training."""
        return min(self.samples, 2048)

    @property
    def rounds(self) -> int:
        """Rounds of training."""
        return self.samples // self.size


def parse_arguments(argv: Sequence[str] | None = None) -> Arguments:
    """Read the command line; a wrong one ends the process with exit code 2, as argparse has it."""
    parser = argparse.ArgumentParser(
        description="Make the model of printed characters again.", allow_abbrev=False
    )
    add = parser.add_argument
    add("--out", type=Path, default=_ROOT / "models" / "characters", help="folder to write into")
    add("--seed", type=int, default=1, help="another one: other pictures, weights and order (default: 1)")
    add("--samples", type=_positive, default=80 * 2048, help="pictures to learn from (default: %(default)s)")
    add("--judged", type=_positive, default=200, help="pictures of each character to judge by (default: 200)")
    add("--evaluate", type=Path, metavar="MODEL", help="only measure the accuracy of an exported model")
    add("--fonts", type=Path, default=_ROOT / ".cache" / "fonts", help="where Debian's packages are kept")
    add(
        "--own-fonts",
        type=Path,
        metavar="FOLDER",
        help="fonts in FOLDER/training and FOLDER/held-out instead",
    )
    return Arguments(**vars(parser.parse_args(argv)))


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is less than 1")
    return number
