"""Makes networks for bfloat16: `python make_bfloat16_nets.py FOLDER`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Set before paddle is imported: Paddle 3 fails in bfloat16 with programs in the old format.
os.environ.update(FLAGS_enable_pir_api="0")

import paddle
from paddle import nn
from paddle.nn.initializer import Constant
from paddle.static import InputSpec

__all__: list[str] = []


class Biased(nn.Layer):  # type: ignore[misc]
    """Takes float32 [-1, 3, -1, -1]; returns the sum of the channels, halved where it is negative, plus 1.

    Its second bias is added to the bfloat16 output of the first convolution, which Paddle 3 does not support.
    """

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2D(3, 8, 1, weight_attr=Constant(1.0), bias_attr=Constant(0.0))
        self.leaky = nn.LeakyReLU(0.5)
        self.second = nn.Conv2D(8, 1, 1, weight_attr=Constant(0.125), bias_attr=Constant(1.0))

    def forward(self, x: paddle.Tensor) -> paddle.Tensor:
        return self.second(self.leaky(self.first(x)))


class Joined(nn.Layer):  # type: ignore[misc]
    """Takes the input of `Biased` and float32 y [-1, 4, -1, -1] of the same height and width; returns the channels of both."""

    def __init__(self) -> None:
        super().__init__()
        self.biased = Biased()

    def forward(self, x: paddle.Tensor, y: paddle.Tensor) -> paddle.Tensor:
        return paddle.concat([self.biased(x), y], axis=1)


class Counting(nn.Layer):  # type: ignore[misc]
    """Takes float32 [-1, 2]; returns the number of its runs."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("runs", paddle.zeros([1]))

    def forward(self, x: paddle.Tensor) -> paddle.Tensor:
        paddle.assign(self.runs + 1.0, output=self.runs)
        return x * 0.0 + self.runs


def save(layer: nn.Layer, specs: list[InputSpec], folder: Path) -> None:
    layer.eval()
    static = paddle.jit.to_static(layer, input_spec=specs, full_graph=True)
    paddle.jit.save(static, str(folder / "inference"))


def main() -> None:
    folder = Path(sys.argv[1])
    image = InputSpec([None, 3, None, None], "float32", "x")
    save(Biased(), [image], folder / "biased")
    save(Joined(), [image, InputSpec([None, 4, None, None], "float32", "y")], folder / "joined")
    save(Counting(), [InputSpec([None, 2], "float32", "x")], folder / "counting")


if __name__ == "__main__":
    main()
