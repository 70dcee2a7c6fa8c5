"""Makes networks with every kind of input and output: `python make_more_nets.py FOLDER pdmodel|json`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Set before paddle is imported: it selects the program format.
os.environ.update(FLAGS_enable_pir_api="0" if sys.argv[2] == "pdmodel" else "1")

import paddle
from paddle import static

__all__: list[str] = []

Variables = list[Any]
Network = Callable[[], tuple[Variables, Variables]]


def data(name: str, shape: list[int], dtype: str = "float32", levels: int = 0) -> Any:
    """An input, with `levels` levels of LoD."""
    if levels == 0:
        return static.data(name, shape, dtype)
    return static.data(name, shape, dtype, lod_level=levels)


def total(images: Any) -> Any:
    """The sum of each image of ones; `paddle.sum` does not make programs in the old format."""
    return paddle.max(paddle.cumsum(paddle.flatten(images, 1), axis=1), axis=1)


def no_inputs() -> tuple[Variables, Variables]:
    """Takes nothing; returns int32 0, 1, … 5."""
    return [], [paddle.arange(0, 6, dtype="int32") * 1]


def one_input() -> tuple[Variables, Variables]:
    """Takes float32 [-1, -1]; returns it doubled."""
    x = data("x", [-1, -1])
    return [x], [x * 2.0]


def three_inputs() -> tuple[Variables, Variables]:
    """Takes float32 a [-1, 2], int32 b [-1, 2] and bool c [-1, 2]; returns a where c is true, else b."""
    a, b, c = data("a", [-1, 2]), data("b", [-1, 2], "int32"), data("c", [-1, 2], "bool")
    return [a, b, c], [paddle.where(c, a, b.astype("float32"))]


def many_inputs() -> tuple[Variables, Variables]:
    """Takes float32 x0 … x26, each [-1, 2]; returns 0·x0 + 1·x1 + … + 26·x26."""
    inputs = [data(f"x{index}", [-1, 2]) for index in range(27)]
    total = inputs[0] * 0.0
    for index, x in enumerate(inputs):
        total = total + x * float(index)
    return inputs, [total]


def kinds() -> tuple[Variables, Variables]:
    """Takes float32 [-1, 6]; returns the rows with a positive mean, whether each has one, their indices, and the maximum."""
    x = data("x", [-1, 6])
    positive = paddle.mean(x, axis=1) > 0
    rows = paddle.nonzero(positive)
    chosen = paddle.gather_nd(x, rows)
    return [x], [chosen, positive, rows.astype("int32"), paddle.max(x)]


def blur() -> tuple[Variables, Variables]:
    """Takes float32 [-1, 1, -1, -1]; returns the sum of each 3x3 neighbourhood."""
    x = data("x", [-1, 1, -1, -1])
    return [x], [paddle.nn.functional.conv2d(x, paddle.ones([1, 1, 3, 3]), padding=1)]


def strip() -> tuple[Variables, Variables]:
    """Takes float32 [-1, 3, 48, -1], as a recogniser of text lines; returns the sum of each image of ones, whatever its size."""
    x = data("x", [-1, 3, 48, -1])
    return [x], [total(x)]


def channels_last() -> tuple[Variables, Variables]:
    """Takes float32 [-1, -1, -1, 3]; returns the sum of each image of ones."""
    x = data("x", [-1, -1, -1, 3])
    return [x], [total(x)]


def one_level() -> tuple[Variables, Variables]:
    """Takes float32 [-1, 1] with a LoD of one level; returns the sum of each sequence, and each sequence scaled to sum to 1."""
    x = data("x", [-1, 1], levels=1)
    return [x], [static.nn.sequence_pool(x, "sum"), static.nn.sequence_softmax(x)]


def two_levels() -> tuple[Variables, Variables]:
    """Takes float32 [-1, 1] with a LoD of two levels; returns the sums of the inner sequences, and the input doubled."""
    x = data("x", [-1, 1], levels=2)
    return [x], [static.nn.sequence_pool(x, "sum"), x * 2.0]


def save(network: Network, folder: Path) -> None:
    main, startup = static.Program(), static.Program()
    with static.program_guard(main, startup):
        inputs, outputs = network()
        executor = static.Executor(paddle.CPUPlace())
        executor.run(startup)
        static.save_inference_model(str(folder / "inference"), inputs, outputs, executor, program=main)


def main() -> None:
    folder = Path(sys.argv[1])
    paddle.enable_static()
    networks: list[Network] = [
        no_inputs,
        one_input,
        three_inputs,
        many_inputs,
        kinds,
        blur,
        strip,
        channels_last,
    ]
    # Paddle has its sequence operators in the old format only.
    if sys.argv[2] == "pdmodel":
        networks += [one_level, two_levels]
    for network in networks:
        save(network, folder / network.__name__.replace("_", "-"))


if __name__ == "__main__":
    main()
