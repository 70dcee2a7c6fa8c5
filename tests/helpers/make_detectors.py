"""Makes small object detectors: `python make_detectors.py FOLDER`. Each is a folder with an `infer_cfg.yml`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Set before paddle is imported: only the old program format produces .pdmodel.
os.environ.update(FLAGS_enable_pir_api="0")

import paddle
from paddle.static import InputSpec

__all__: list[str] = []

YML = """arch: {arch}
draw_threshold: 0.25
Preprocess:
- type: Resize
  target_size: [{height}, {width}]
  keep_ratio: {keep_ratio}
  interp: 1
- type: NormalizeImage
  is_scale: true
  mean: [0.0, 0.0, 0.0]
  std: [1.0, 1.0, 1.0]
- type: Permute
- type: PadStride
  stride: 16
label_list: [red, green, blue]
"""


def boxes_of(image: paddle.Tensor, size: paddle.Tensor) -> tuple[paddle.Tensor, paddle.Tensor]:
    """A box for each channel that is bright on average.

    The box ends at a quarter, a half or three quarters of `size` [N, (height, width)].
    """
    scores = paddle.mean(image, axis=[2, 3])
    classes = paddle.zeros_like(scores) + paddle.arange(3, dtype="float32")
    share = (classes + 1.0) / 4.0
    right = share * size[:, 1:2]
    bottom = share * size[:, 0:1]
    rows = paddle.stack([classes, scores, share * 0.0, share * 0.0, right, bottom], axis=2)
    kept = scores > 0.1
    counts = paddle.mean(kept.astype("float32"), axis=1) * 3.0 + 0.5
    return paddle.gather_nd(rows, paddle.nonzero(kept)), counts.astype("int32")


class Counted(paddle.nn.Layer):  # type: ignore[misc]
    """Takes the scale of the images; returns boxes in pixels of the original, and the number of boxes of each image."""

    def forward(
        self, image: paddle.Tensor, im_shape: paddle.Tensor, scale_factor: paddle.Tensor
    ) -> tuple[paddle.Tensor, paddle.Tensor]:
        return boxes_of(image, im_shape / scale_factor)


class Plain(paddle.nn.Layer):  # type: ignore[misc]
    """Returns boxes in fractions of the image, without assigning them to images."""

    def forward(self, image: paddle.Tensor) -> paddle.Tensor:
        ones = paddle.mean(image, axis=[1, 2, 3]).unsqueeze(1) * 0.0 + 1.0
        return boxes_of(image, paddle.concat([ones, ones], axis=1))[0]


class Classes(paddle.nn.Layer):  # type: ignore[misc]
    """Not a detector: returns a score for each of three classes."""

    def forward(self, image: paddle.Tensor) -> paddle.Tensor:
        return paddle.mean(image, axis=[2, 3])


def save(layer: paddle.nn.Layer, specs: list[InputSpec], folder: Path, yml: str) -> None:
    layer.eval()
    static = paddle.jit.to_static(layer, input_spec=specs, full_graph=True)
    paddle.jit.save(static, str(folder / "model"))
    (folder / "infer_cfg.yml").write_text(yml)


def main() -> None:
    folder = Path(sys.argv[1])
    image = InputSpec([None, 3, None, None], "float32", "image")
    pairs = [InputSpec([None, 2], "float32", name) for name in ("im_shape", "scale_factor")]
    kept = YML.format(arch="YOLO", height=64, width=96, keep_ratio="true")
    save(Counted(), [image, *pairs], folder / "counted", kept)
    stretched = YML.format(arch="SSD", height=32, width=64, keep_ratio="false")
    save(Plain(), [image], folder / "plain", stretched)
    save(Classes(), [image], folder / "classes", kept)


if __name__ == "__main__":
    main()
