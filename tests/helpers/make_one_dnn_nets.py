"""Makes networks that some wheels cannot run with oneDNN: `python make_one_dnn_nets.py FOLDER`.

They are written in the wheel's default format (`.json` with Paddle 3), since the failures depend on it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import paddle
from paddle import nn
from paddle.nn.initializer import Assign, Constant
from paddle.static import InputSpec

__all__: list[str] = []


class Upsample(nn.Layer):  # type: ignore[misc]
    """Takes float32 [-1, 1, -1, -1]; returns each pixel four times."""

    def forward(self, x: paddle.Tensor) -> paddle.Tensor:
        return nn.functional.interpolate(x, scale_factor=2, mode="nearest")


class Leaky(nn.Layer):  # type: ignore[misc]
    """Takes float32 [-1, 1, -1, -1]; returns 2x - 1, halved where it is negative."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2D(1, 1, 1, weight_attr=Constant(2.0), bias_attr=Constant(-1.0))
        self.leaky = nn.LeakyReLU(0.5)

    def forward(self, x: paddle.Tensor) -> paddle.Tensor:
        return self.leaky(self.conv(x))


class Classifier(nn.Layer):  # type: ignore[misc]
    """Takes float32 images [-1, 3, -1, -1]; the second of its two classes is always the likelier one."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2D(3, 2, 1, weight_attr=Constant(1.0), bias_attr=Assign([0.0, 1.0]))
        self.leaky = nn.LeakyReLU(0.5)

    def forward(self, x: paddle.Tensor) -> paddle.Tensor:
        means = self.leaky(self.conv(x)).mean(axis=[2, 3])
        return nn.functional.softmax(means)


class Split(nn.Layer):  # type: ignore[misc]
    """Takes float32 [-1, 3, -1, -1]; returns its three channels."""

    def forward(self, x: paddle.Tensor) -> Any:
        return paddle.split(x, 3, axis=1)


class Linear(nn.Layer):  # type: ignore[misc]
    """Takes float32 [-1, -1, 2]; returns a + b of each pair, twice."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(2, 2, weight_attr=Constant(1.0))

    def forward(self, x: paddle.Tensor) -> paddle.Tensor:
        return self.linear(x)


def save(layer: nn.Layer, shape: list[int | None], folder: Path) -> None:
    layer.eval()
    static = paddle.jit.to_static(layer, input_spec=[InputSpec(shape, "float32", "x")], full_graph=True)
    paddle.jit.save(static, str(folder / "inference"))


def main() -> None:
    folder = Path(sys.argv[1])
    save(Upsample(), [None, 1, None, None], folder / "upsample")
    save(Leaky(), [None, 1, None, None], folder / "leaky")
    save(Classifier(), [None, 3, None, None], folder / "classifier")
    save(Split(), [None, 3, None, None], folder / "split")
    save(Linear(), [None, None, 2], folder / "linear")


if __name__ == "__main__":
    main()
