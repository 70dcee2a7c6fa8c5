"""The `inference.yml` of the model, in the format of PaddleClas: its preprocessing and its labels."""

from __future__ import annotations

from .labels import LABELS
from .render import INPUT_SIZE

__all__ = ["inference_yml"]


def inference_yml() -> str:
    """The text of `inference.yml`: the steps of `render.prepare` and the class names."""
    # Quoted: YAML would read 0 as a number and N as a no.
    labels = ", ".join(f"'{label}'" for label in LABELS)
    return f"""\
Global:
  model_name: printed_characters
PreProcess:
  transform_ops:
    - DecodeImage: {{ to_rgb: true, channel_first: false }}
    - ResizeImage: {{ size: {INPUT_SIZE}, interpolation: area, backend: cv2 }}
    - NormalizeImage: {{ scale: 1.0/255.0, mean: [0.0, 0.0, 0.0], std: [1.0, 1.0, 1.0], order: '' }}
    - ToCHWImage:
PostProcess:
  Topk:
    topk: 1
    label_list: [{labels}]
"""
