"""The file beside the model that says how it is fed and what its answers mean, in PaddleClas' form."""

from __future__ import annotations

from .labels import LABELS
from .render import INPUT_SIZE

__all__ = ["inference_yml"]


def inference_yml() -> str:
    """The text of `inference.yml`: what `render.prepare` does, and the names of the classes."""
    # In quotes: YAML would take 0 for a number and N for a no.
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
