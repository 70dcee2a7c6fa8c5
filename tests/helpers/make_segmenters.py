"""Makes small segmentation models: `python make_segmenters.py FOLDER`. Each is a folder with its configuration file.

The class of a pixel is its brightest channel, or for `many` a number from 0 to 306 by its red channel.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Set before paddle is imported: only the old program format produces .pdmodel.
os.environ.update(FLAGS_enable_pir_api="0")

import paddle
from paddle.static import InputSpec

sys.path.insert(0, str(Path(__file__).parents[2] / "python"))

from paddle_export.older_ops import bind_older_ops

__all__: list[str] = []

_PLAIN = "{type: Normalize, mean: [0, 0, 0], std: [1, 1, 1]}"

_FILES = {
    # Padding before normalising; the image is resized first.
    "scores": (
        "deploy.yaml",
        ["{type: ResizeByLong, long_size: 48}", "{type: Padding, target_size: [64, 64]}", _PLAIN],
    ),
    # Normalising first, then two resizes, of which only the last one counts.
    "ids32": (
        "deploy.yaml",
        [
            _PLAIN,
            "{type: Resize, target_size: [80, 60], keep_ratio: true, interp: AREA}",
            "{type: LimitLong, max_long: 56}",
            "{type: PaddingByAspectRatio, aspect_ratio: 1, im_padding_value: 0}",
        ],
    ),
    # Images of any size, which PaddleX exports.
    "ids64": ("inference.yml", [_PLAIN]),
    "bytes": ("deploy.yaml", [_PLAIN]),
    "many": ("deploy.yaml", [_PLAIN]),
    "fixed": ("deploy.yaml", ["{type: Resize, target_size: [48, 32], interp: NEAREST}", _PLAIN]),
    "half": ("deploy.yaml", [_PLAIN]),
    "vector": ("deploy.yaml", [_PLAIN]),
    "negative": ("deploy.yaml", [_PLAIN]),
    "logits": ("deploy.yaml", [_PLAIN]),
}


class Segmenter(paddle.nn.Layer):  # type: ignore[misc]
    """Takes float32 [-1, 3, -1, -1]; a convolution passes on the channels as the scores of three classes."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._convolution = paddle.nn.Conv2D(3, 3, 1, bias_attr=False)
        self._convolution.weight.set_value(paddle.eye(3).reshape([3, 3, 1, 1]))

    def forward(self, image: paddle.Tensor) -> paddle.Tensor:
        scores = self._convolution(image)
        if self._name == "scores":
            return scores
        if self._name == "ids64":
            return paddle.argmax(scores, axis=1, keepdim=True)
        if self._name == "many":
            return paddle.cast(paddle.round(scores[:, 0] * 306), "int32")
        if self._name == "half":
            return paddle.argmax(scores[:, :, ::2, ::2], axis=1, dtype="int32")
        if self._name == "vector":
            return paddle.mean(scores, axis=[2, 3])
        if self._name == "logits":
            return scores[:, :1]
        ids = paddle.argmax(scores, axis=1, dtype="int32")
        if self._name == "negative":
            return ids - 1
        return paddle.cast(ids, "uint8") if self._name == "bytes" else ids


def content_of(file: str, transforms: list[str]) -> str:
    lines = ["Deploy:", "  input_shape: [-1, 3, -1, -1]", "  model: model.pdmodel", "  output_op: argmax"]
    lines += ["  output_dtype: int32", "  params: model.pdiparams", "  transforms:"]
    lines += [f"  - {transform}" for transform in transforms]
    if file == "inference.yml":
        lines += ["Global: {model_name: PP-LiteSeg-T}", "Hpi: {}", "label_list: [red, green, blue]"]
    return "\n".join([*lines, ""])


def main() -> None:
    bind_older_ops()
    for name, (file, transforms) in _FILES.items():
        folder = Path(sys.argv[1], name)
        folder.mkdir(parents=True)
        layer = Segmenter(name)
        layer.eval()
        shape: list[int | None] = [1, 3, 32, 48] if name == "fixed" else [None, 3, None, None]
        spec = InputSpec(shape, "float32", "x")
        static = paddle.jit.to_static(layer, input_spec=[spec], full_graph=True)
        paddle.jit.save(static, str(folder / ("inference" if file == "inference.yml" else "model")))
        (folder / file).write_text(content_of(file, transforms))


if __name__ == "__main__":
    main()
