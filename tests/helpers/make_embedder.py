"""Makes a small feature model: `python make_embedder.py FOLDER VALUES`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Set before paddle is imported: only the old program format produces .pdmodel.
os.environ.update(FLAGS_enable_pir_api="0")

import paddle
from paddle.static import InputSpec

__all__: list[str] = []

_YML = """\
Global:
  model_name: PP-ShiTuV2_rec
PreProcess:
  transform_ops:
  - ResizeImage: {resize_short: 40}
  - CropImage: {size: 32}
  - NormalizeImage: {mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], scale: 1.0/255.0, order: ''}
  - ToCHWImage: null
PostProcess:
  NormalizeFeatures: null
"""


class Embedder(paddle.nn.Layer):  # type: ignore[misc]
    """Takes float32 [-1, 3, 32, 32]; returns a convolution of it, averaged over the image: float32 [-1, values]."""

    def __init__(self, values: int) -> None:
        super().__init__()
        self.convolution = paddle.nn.Conv2D(3, values, 8, stride=4)

    def forward(self, image: paddle.Tensor) -> paddle.Tensor:
        return paddle.mean(self.convolution(image), axis=[2, 3])


def main() -> None:
    folder = Path(sys.argv[1])
    paddle.seed(1)
    layer = Embedder(int(sys.argv[2]))
    layer.eval()
    specs = [InputSpec([None, 3, 32, 32], "float32", "image")]
    static = paddle.jit.to_static(layer, input_spec=specs, full_graph=True)
    paddle.jit.save(static, str(folder / "inference"))
    (folder / "inference.yml").write_text(_YML)


if __name__ == "__main__":
    main()
