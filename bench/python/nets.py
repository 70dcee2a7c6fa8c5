"""Makes the networks that move much and compute little: `python nets.py FOLDER`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Set before paddle is imported: only the old program form gives .pdmodel.
os.environ.update(FLAGS_enable_pir_api="0")

import paddle
from paddle.static import InputSpec

__all__: list[str] = []


class Mean(paddle.nn.Layer):  # type: ignore[misc]
    """Takes float32 [-1, -1] and gives the mean of each row: much goes in, little comes out."""

    def forward(self, x: paddle.Tensor) -> paddle.Tensor:
        return x.mean(axis=1)


class Same(paddle.nn.Layer):  # type: ignore[misc]
    """Takes float32 [-1, -1] and gives it back: much goes in and comes out."""

    def forward(self, x: paddle.Tensor) -> paddle.Tensor:
        return x * 1.0


def main() -> None:
    folder = Path(sys.argv[1])
    for layer, name in ((Mean(), "mean"), (Same(), "same")):
        layer.eval()
        static = paddle.jit.to_static(
            layer, input_spec=[InputSpec([None, None], "float32", "x")], full_graph=True
        )
        paddle.jit.save(static, str(folder / name / "inference"))


if __name__ == "__main__":
    main()
