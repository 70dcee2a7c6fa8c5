"""Makes small networks for the tests: `python make_nets.py FOLDER`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Set before paddle is imported: only the old program format produces .pdmodel.
os.environ.update(FLAGS_enable_pir_api="0")

import paddle
from paddle.static import InputSpec

__all__: list[str] = []


class TwoInTwoOut(paddle.nn.Layer):  # type: ignore[misc]
    """Takes float32 [-1, 3] and int64 [-1]; returns their sum by row, and the int64 doubled. It has no parameters."""

    def forward(self, x: paddle.Tensor, n: paddle.Tensor) -> tuple[paddle.Tensor, paddle.Tensor]:
        return x + n.astype("float32").unsqueeze(1), n * 2


class Grow(paddle.nn.Layer):  # type: ignore[misc]
    """Takes float32 [-1, -1]; returns each element 16 times, so that the output outgrows its memory."""

    def forward(self, x: paddle.Tensor) -> paddle.Tensor:
        return paddle.tile(x, [1, 16])


class Heavy(paddle.nn.Layer):  # type: ignore[misc]
    """Takes float32 [-1, 1024] and computes for a good part of a second."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = paddle.nn.Linear(1024, 1024)

    def forward(self, x: paddle.Tensor) -> paddle.Tensor:
        for _ in range(60):
            x = paddle.nn.functional.relu(self.linear(x))
        return x


def save(layer: paddle.nn.Layer, specs: list[InputSpec], folder: Path) -> None:
    layer.eval()
    static = paddle.jit.to_static(layer, input_spec=specs, full_graph=True)
    paddle.jit.save(static, str(folder / "inference"))


def main() -> None:
    folder = Path(sys.argv[1])
    paddle.seed(1)
    save(
        TwoInTwoOut(),
        [InputSpec([None, 3], "float32", "x"), InputSpec([None], "int64", "n")],
        folder / "two-in-two-out",
    )
    save(Grow(), [InputSpec([None, None], "float32", "x")], folder / "grow")
    save(Grow(), [InputSpec([2, 3], "float32", "x")], folder / "fixed")
    save(Heavy(), [InputSpec([None, 1024], "float32", "x")], folder / "heavy")


if __name__ == "__main__":
    main()
