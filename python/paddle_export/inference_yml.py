"""The `inference.yml` beside a model, in the form of PaddleX: preprocessing and class names."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from .failure import ExportError
from .networks import Network

__all__ = ["HEADER", "inference_yml"]

HEADER = "# Written by paddle-ts export; the next export into this folder replaces or removes it."
"""The first line of each file that an export writes, by which a later export recognises it."""

_USUAL_SIZE = 224
_USUAL_RESIZE = 256


def inference_yml(network: Network, labels: Sequence[str] | None) -> str | None:
    """Return the text of the file, or None if it is not needed: photos of the usual size, unnamed classes.

    The preprocessing is that of Paddle's MobileNetV3 tutorial, with the shorter side scaled like the crop. It is
    omitted for
    a network that does not take RGB photos.
    """
    resized = network.photos and network.img_size != _USUAL_SIZE
    if not resized and labels is None:
        return None
    if labels is not None and len(labels) != network.num_classes:
        raise ExportError(
            "LABELS_INVALID",
            f"{network.name} has {network.num_classes} classes, but there are {len(labels)} labels.\n"
            "Pass one label for each class, or the number of classes: --num-classes",
        )
    parts = [HEADER, f"Global:\n  model_name: {_quoted(network.name)}"]
    if network.photos:
        parts.append(_preprocess(network.img_size))
    if labels is not None:
        names = "\n".join(f"    - {_quoted(label)}" for label in labels)
        parts.append(f"PostProcess:\n  Topk:\n    topk: 1\n    label_list:\n{names}")
    return "\n".join(parts) + "\n"


def _preprocess(img_size: int) -> str:
    return f"""PreProcess:
  transform_ops:
  - ResizeImage:
      resize_short: {round(img_size * _USUAL_RESIZE / _USUAL_SIZE)}
      backend: pil
      interpolation: bilinear
  - CropImage:
      size: {img_size}
  - NormalizeImage:
      scale: {1 / 255!r}
      mean: [0.485, 0.456, 0.406]
      std: [0.229, 0.224, 0.225]
      order: ''
  - ToCHWImage: null"""


def _quoted(text: str) -> str:
    """Quote a YAML scalar: JSON's quoting, and escapes for characters that YAML does not allow."""
    quoted = json.dumps(text, ensure_ascii=False)
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff]", lambda match: f"\\u{ord(match[0]):04x}", quoted)
