"""Convert the outputs of a network to the result of one image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .image import Picture, Pixels

__all__ = ["read_answer"]


def read_answer(reading: Mapping[str, Any], outputs: list[Pixels], picture: Picture) -> list[list[float]]:
    """Return classes `[class, score]`, one vector of length 1, or boxes `[class, score, x1, y1, x2, y2]`; best first.

    Boxes are in pixels of the original image.

    Raises `ValueError` if the outputs do not have the expected shape.
    """
    if reading["kind"] == "boxes":
        return _boxes(reading, outputs, picture)
    if outputs[0].ndim != 2 or outputs[0].shape[0] != 1:
        raise ValueError(f"the first output has the shape {list(outputs[0].shape)}, not [1, values]")
    if reading["kind"] == "features":
        return [_normalised(outputs[0][0])]
    return _classes(reading, outputs[0][0])


def _classes(reading: Mapping[str, Any], scores: Pixels) -> list[list[float]]:
    if reading["kind"] == "best":
        # Equal scores are sorted by class, and NaN comes first, as with argmax().
        order = np.lexsort((-scores, ~np.isnan(scores)))[: reading["topK"]]
        return [[int(index), float(scores[index])] for index in order]
    threshold = reading["threshold"]
    if reading["kind"] == "several":
        return [[int(index), float(scores[index])] for index in np.where(scores >= threshold)[0]]
    score = scores[1]
    return [[0, float(1 - score)]] if score < threshold else [[1, float(score)]]


def _normalised(vector: Pixels) -> list[float]:
    """As PaddleX's `NormalizeFeatures` has it."""
    values: list[float] = (vector / np.sqrt(np.sum(np.square(vector)))).tolist()
    return values


def _boxes(reading: Mapping[str, Any], outputs: list[Pixels], picture: Picture) -> list[list[float]]:
    rows = outputs[0]
    if rows.ndim == 2 and rows.shape[1] == 1:
        # Older networks return this if they find nothing.
        return []
    if rows.ndim != 2 or rows.shape[1] != 6:
        raise ValueError(f"the first output has the shape {list(rows.shape)}, not [boxes, 6]")
    kept = rows[(rows[:, 1] > reading["threshold"]) & (rows[:, 0] > -1)].astype(np.float64)
    down, across = picture.scale
    if reading["unit"] == "fraction":
        # A fraction of the network's input.
        height, width = picture.size
        kept[:, 2:] *= [width / across, height / down] * 2
    elif reading["unit"] == "fed":
        kept[:, 2:] /= [across, down] * 2
    order = np.argsort(-kept[:, 1], kind="stable")
    boxes: list[list[float]] = kept[order].tolist()
    return boxes
