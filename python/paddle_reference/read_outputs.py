"""Convert the outputs of a network to the result of one image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .boxes import read_boxes
from .image import Picture, Pixels

__all__ = ["binarize", "read_answer", "read_scores"]


def read_answer(reading: Mapping[str, Any], outputs: list[Pixels], picture: Picture) -> list[list[float]]:
    """Return classes `[class, score]`, one vector of length 1, or boxes; best first.

    Boxes are those of `read_boxes`. A vector can be reduced to bytes.

    Raises `ValueError` if the outputs do not have the expected shape.
    """
    if reading["kind"] == "boxes":
        return read_boxes(reading, outputs, picture)
    scores = read_scores(outputs)
    if reading["kind"] == "features":
        normalised = _normalised(outputs[0])
        how = reading.get("binarize")
        rows: Pixels = normalised if how is None else binarize(normalised, how)
        return [[float(value) for value in rows[0]]]
    return _classes(reading, scores)


def read_scores(outputs: list[Pixels]) -> Pixels:
    """Return the values of one image.

    Raises `ValueError` if the first output has another shape than `[1, values]`.
    """
    if outputs[0].ndim != 2 or outputs[0].shape[0] != 1:
        raise ValueError(f"the first output has the shape {list(outputs[0].shape)}, not [1, values]")
    values: Pixels = outputs[0][0]
    return values


def _classes(reading: Mapping[str, Any], scores: Pixels) -> list[list[float]]:
    """As PaddleClas' deploy/python/postprocess.py (d178931f): Topk, the two thresholds, and ScoreOutput."""
    if reading["kind"] == "best":
        # Equal scores are sorted by class, and NaN comes first, as with argmax().
        order = np.lexsort((-scores, ~np.isnan(scores)))[: reading["topK"]]
        return [[int(index), float(scores[index])] for index in order]
    if reading["kind"] == "scores":
        return [[index, float(score)] for index, score in enumerate(np.around(scores, reading["decimals"]))]
    threshold = reading["threshold"]
    if reading["kind"] == "several":
        least = np.full(scores.shape, threshold, dtype=np.float64)
        for index, own in reading.get("ofClass", {}).items():
            least[int(index)] = own
        return [[int(index), float(scores[index])] for index in np.where(scores >= least)[0]]
    if len(scores) == 2:
        score = scores[1]
        return [[0, float(1 - score)]] if score < threshold else [[1, float(score)]]
    best = int(np.argmax(scores))
    chosen = best if scores[best] > threshold else int(reading.get("otherwise", 0))
    return [[chosen, float(scores[chosen])]]


def _normalised(vectors: Pixels) -> Pixels:
    """As PaddleClas' predict_rec.py and PaddleX's `NormalizeFeatures` have it."""
    normalised: Pixels = np.divide(vectors, np.sqrt(np.sum(np.square(vectors), axis=1, keepdims=True)))
    return normalised


def binarize(vectors: Pixels, method: str) -> Pixels:
    """Reduce each value to a bit, as `Binarize` of PaddleClas' deploy/python/postprocess.py (d178931f)."""
    bits = (
        np.round(vectors + 1).astype(np.uint8) - np.uint8(1)
        if method == "round"
        else ((np.sign(vectors) + 1) / 2).astype(np.uint8)
    )
    units = np.array([[128, 64, 32, 16, 8, 4, 2, 1]]).T
    if vectors.shape[1] % 8 != 0:
        raise ValueError("Binarize requires vectors of a multiple of 8 values")
    packed: Pixels = np.zeros([vectors.shape[0], vectors.shape[1] // 8], dtype=np.uint8)
    for byte in range(packed.shape[1]):
        packed[:, byte : byte + 1] = np.dot(bits[:, byte * 8 : (byte + 1) * 8], units)
    return packed
