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


class Fed(paddle.nn.Layer):  # type: ignore[misc]
    """Returns boxes in pixels of the image as fed, without assigning them to images."""

    def forward(self, image: paddle.Tensor) -> paddle.Tensor:
        sides = [
            paddle.mean(paddle.ones_like(image), axis=[1, 2, 3]).unsqueeze(1) * float(side)
            for side in (40, 60)
        ]
        return boxes_of(image, paddle.concat(sides, axis=1))[0]


class Ordered(paddle.nn.Layer):  # type: ignore[misc]
    """Finds parts of a page, the last class first, in pixels of the original."""

    def forward(
        self, image: paddle.Tensor, im_shape: paddle.Tensor, scale_factor: paddle.Tensor
    ) -> tuple[paddle.Tensor, paddle.Tensor]:
        rows, counts = boxes_of(image, im_shape / scale_factor)
        order = 3.0 - rows[:, 0:1]
        return paddle.concat([rows, order, order], axis=1), counts


class Sized(paddle.nn.Layer):  # type: ignore[misc]
    """A YOLO before 2.0: takes the size of the original."""

    def forward(self, image: paddle.Tensor, im_size: paddle.Tensor) -> tuple[paddle.Tensor, paddle.Tensor]:
        return boxes_of(image, im_size.astype("float32"))


class Informed(paddle.nn.Layer):  # type: ignore[misc]
    """An R-CNN before 2.0: a fourth box shows what it is fed besides the image, as class, score and corners."""

    def forward(self, image: paddle.Tensor, im_info: paddle.Tensor, im_shape: paddle.Tensor) -> paddle.Tensor:
        shown = paddle.concat(
            [im_shape[:, 2:3], im_shape[:, 2:3] * 0.75, im_shape[:, 0:2], im_info[:, 0:2]], axis=1
        )
        rows, _ = boxes_of(image, im_shape[:, 0:2] * im_info[:, 2:3])
        return paddle.concat([rows, shown], axis=0)


class Scaled(paddle.nn.Layer):  # type: ignore[misc]
    """A TTFNet before 2.0: a box is the scale factor, as corners."""

    def forward(self, image: paddle.Tensor, scale_factor: paddle.Tensor) -> paddle.Tensor:
        class_and_score = paddle.mean(image, axis=[2, 3])[:, 0:2] * 0.0 + 1.0
        return paddle.concat([class_and_score, scale_factor], axis=1)


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
    save(
        Fed(),
        [image],
        folder / "centred",
        CENTRED.format(resize="WarpAffine, keep_res: true, input_h: 9, input_w: 9"),
    )
    save(
        Fed(),
        [image],
        folder / "letter-boxed",
        CENTRED.format(resize="LetterBoxResize, target_size: [64, 96]"),
    )
    save(Ordered(), [image, *pairs], folder / "layout", kept + LAYOUT)
    before_2(folder, image)


CENTRED = """arch: CenterNet
draw_threshold: 0.25
Preprocess:
- {{type: {resize}}}
- {{type: NormalizeImage, is_scale: true, mean: [0.0, 0.0, 0.0], std: [1.0, 1.0, 1.0]}}
- {{type: Permute}}
label_list: [red, green, blue]
"""

LAYOUT = """Global: {model_name: PP-DocLayoutV2}
layout_nms: true
layout_merge_bboxes_mode: {0: large, 1: union}
layout_unclip_ratio: [1.5, 1.1]
"""

BEFORE_2 = """mode: fluid
use_python_inference: false
draw_threshold: 0.25
metric: COCO
min_subgraph_size: 3
with_background: false
arch: {arch}
Preprocess:
- {{type: Resize, {resize}, resize_box: false}}
- {{type: Normalize, is_channel_first: false, is_scale: true, mean: [0.0, 0.0, 0.0], std: [1.0, 1.0, 1.0]}}
- {{type: Permute, channel_first: true, to_bgr: false}}
{stride}
label_list: [red, green, blue]
"""


def before_2(folder: Path, image: InputSpec) -> None:
    """Networks and files as PaddleDetection 0.5 exports them."""
    stretched = "target_size: 64, max_size: 0, use_cv2: true, interp: 2, image_shape: [64, 64]"
    size = InputSpec([None, 2], "int32", "im_size")
    save(Sized(), [image, size], folder / "sized", BEFORE_2.format(arch="YOLO", resize=stretched, stride=""))
    within = "target_size: 64, max_size: 96, use_cv2: true, interp: 1, image_shape: null"
    triples = [InputSpec([None, 3], "float32", name) for name in ("im_info", "im_shape")]
    for name, stride in (("strided", "- {type: PadStride, stride: 32}"), ("unstrided", "")):
        yml = BEFORE_2.format(arch="RCNN", resize=within, stride=stride)
        save(Informed(), [image, *triples], folder / name, yml)
    lines = BEFORE_2.format(arch="RCNN", resize=within, stride="- {type: PadStride, stride: 32}").split("\n")
    at = next(index for index, line in enumerate(lines) if "type: Resize" in line)
    lines[at : at + 2] = [lines[at + 1], lines[at]]
    save(Informed(), [image, *triples], folder / "normalised-first", "\n".join(lines))
    four = InputSpec([None, 4], "float32", "scale_factor")
    yml = BEFORE_2.format(arch="TTFNet", resize=stretched, stride="")
    save(Scaled(), [image, four], folder / "scaled", yml)
    pillow = "target_size: 30, max_size: 0, use_cv2: false, interp: 1, image_shape: [30, 30]"
    save(Plain(), [image], folder / "fractions", BEFORE_2.format(arch="SSD", resize=pillow, stride=""))


if __name__ == "__main__":
    main()
