"""Makes a classifier whose result changes with the least change of an image: `python make_sensitive.py FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

import paddle
from paddle.static import InputSpec

__all__: list[str] = []


class Sensitive(paddle.nn.Layer):  # type: ignore[misc]
    """Takes float32 [-1, 3, 224, 224]; returns 1,000 sine waves of the image's brightness, of which the highest is the class."""

    def forward(self, image: paddle.Tensor) -> paddle.Tensor:
        brightness = paddle.mean(image * image, axis=[1, 2, 3]).unsqueeze(1)
        return paddle.sin(brightness * 1e5 + paddle.arange(1000, dtype="float32"))


def main() -> None:
    layer = Sensitive()
    layer.eval()
    specs = [InputSpec([None, 3, 224, 224], "float32", "image")]
    static = paddle.jit.to_static(layer, input_spec=specs, full_graph=True)
    paddle.jit.save(static, str(Path(sys.argv[1]) / "inference"))


if __name__ == "__main__":
    main()
