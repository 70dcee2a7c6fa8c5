"""Makes a small image classifier: `python make_classifier.py FOLDER CLASSES [N,C,H,W pdmodel|json [broken]]`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Set before paddle is imported: only the old program format produces .pdmodel.
os.environ.update(FLAGS_enable_pir_api="1" if sys.argv[4:5] == ["json"] else "0")

import paddle
from paddle.static import InputSpec

__all__: list[str] = []


class Classifier(paddle.nn.Layer):  # type: ignore[misc]
    """Takes float32 [-1, 3, -1, -1], or what is declared; returns probabilities that distinguish images by colour."""

    def __init__(self, classes: int, channels: int) -> None:
        super().__init__()
        self.linear = paddle.nn.Linear(channels, classes)

    def forward(self, image: paddle.Tensor) -> paddle.Tensor:
        means = paddle.mean(image, axis=[2, 3])
        return paddle.nn.functional.softmax(self.linear(means))


def main() -> None:
    paddle.seed(1)
    declared = [int(size) for size in (sys.argv[3] if sys.argv[3:] else "-1,3,-1,-1").split(",")]
    layer = Classifier(int(sys.argv[2]), declared[1])
    if sys.argv[5:] == ["broken"]:
        # As after a training that diverged.
        layer.linear.bias.set_value(paddle.full([int(sys.argv[2])], float("nan")))
    layer.eval()
    specs = [InputSpec([None if size < 0 else size for size in declared], "float32", "image")]
    static = paddle.jit.to_static(layer, input_spec=specs, full_graph=True)
    paddle.jit.save(static, str(Path(sys.argv[1]) / "inference"))


if __name__ == "__main__":
    main()
