"""Convert the boxes that a network outputs to those of one image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .image import Picture, Pixels

__all__ = ["read_boxes"]


def read_boxes(reading: Mapping[str, Any], outputs: list[Pixels], picture: Picture) -> list[list[float]]:
    """Return boxes `[class, score, x1, y1, x2, y2]` in pixels of the original image.

    They are best first, or in the reading order that a seventh and an eighth column give.

    Raises `ValueError` if the first output does not have the expected shape.
    """
    rows = outputs[0]
    if rows.ndim == 2 and rows.shape[1] == 1:
        # Older networks return this if they find nothing.
        return []
    if rows.ndim != 2 or rows.shape[1] not in (6, 7, 8):
        raise ValueError(f"the first output has the shape {list(rows.shape)}, not [boxes, 6]")
    kept = _in_original_pixels(rows[_are_above(reading, rows)], reading["unit"], picture)
    if reading.get("ofClass"):
        # PaddleX goes through the classes.
        kept = kept[np.argsort(kept[:, 0], kind="stable")]
    if "paddleX" in reading:
        height, width = picture.original
        kept = _by_paddlex(kept, reading["paddleX"], (width, height), reading["labels"])
    else:
        kept = _sorted(kept)
    if rows.shape[1] == 6:
        kept = kept[np.argsort(-kept[:, 1], kind="stable")]
    boxes: list[list[float]] = kept[: reading.get("most"), :6].astype(np.float64).tolist()
    return boxes


def _are_above(reading: Mapping[str, Any], rows: Pixels) -> Pixels:
    scores = rows[:, 1]
    least = np.full(scores.shape, reading["threshold"], dtype=scores.dtype)
    for index, threshold in reading.get("ofClass", {}).items():
        least[rows[:, 0] == int(index)] = threshold
    above: Pixels = scores >= least if reading.get("keepsThreshold") else scores > least
    kept: Pixels = above & (rows[:, 0] > -1)
    return kept


def _in_original_pixels(rows: Pixels, unit: str, picture: Picture) -> Pixels:
    if unit == "original":
        return rows
    kept: Pixels = rows.astype(np.float64)
    down, across = picture.scale
    top, left = picture.corner
    if unit == "fraction":
        # A fraction of the network's input.
        height, width = picture.size
        kept[:, 2:6] *= [width, height] * 2
    kept[:, 2:6] -= [left, top] * 2
    kept[:, 2:6] /= [across, down] * 2
    return kept


def _sorted(rows: Pixels) -> Pixels:
    """By the columns of the reading order."""
    if rows.shape[1] == 6:
        return rows
    keys = (rows[:, 6],) if rows.shape[1] == 7 else (-rows[:, 7], rows[:, 6])
    ordered: Pixels = rows[np.lexsort(keys)]
    return ordered


def _by_paddlex(rows: Pixels, how: Mapping[str, Any], size: tuple[int, int], labels: Sequence[str]) -> Pixels:
    """As `DetPostProcess` of PaddleX 3.7.2 (paddlex/inference/models/object_detection/processors.py).

    With `isLayoutAnalysis` as `LayoutAnalysisProcess` (layout_analysis/processors.py) with the shape `rect`.
    """
    analyses = how.get("isLayoutAnalysis", False)
    if analyses:
        rows = rows.copy()
        rows[:, 2:6] = np.round(rows[:, 2:6]).astype(int)
    if how.get("layoutNms"):
        rows = rows[_best_of_duplicates(rows)]
    if "image" in labels:
        rows = _without_whole_pages(rows, labels.index("image"), size)
    rows = rows[_kept_by_merging(rows, how.get("layoutMerge", "union"), labels)]
    rows = _sorted(rows)
    rows = _unclipped(rows, how.get("layoutUnclip"))
    rows = rows.copy()
    rows[:, 2:4] = np.maximum(rows[:, 2:4], 0)
    rows[:, 4:6] = np.minimum(rows[:, 4:6], np.array(size, dtype=rows.dtype))
    if analyses:
        rows[:, 2:6] = rows[:, 2:6].astype(int)
    rows = rows[(rows[:, 4] > rows[:, 2]) & (rows[:, 5] > rows[:, 3])]
    return _without_overlaps(rows, labels) if analyses else rows


def _best_of_duplicates(rows: Pixels) -> list[int]:
    left = list(np.argsort(rows[:, 1], kind="stable")[::-1])
    kept: list[int] = []
    while left:
        best, *others = left
        kept.append(int(best))
        left = [
            other
            for other in others
            if _coverage(rows[best], rows[other]) < (0.6 if rows[best][0] == rows[other][0] else 0.98)
        ]
    return kept


def _coverage(one: Pixels, other: Pixels) -> Any:
    x1, y1 = max(one[2], other[2]), max(one[3], other[3])
    x2, y2 = min(one[4], other[4]), min(one[5], other[5])
    shared = max(0, x2 - x1 + 1) * max(0, y2 - y1 + 1)
    areas = [(box[4] - box[2] + 1) * (box[5] - box[3] + 1) for box in (one, other)]
    # NaN of boxes without an area: their coverage is below no limit.
    with np.errstate(invalid="ignore"):
        return np.float32(shared) / float(areas[0] + areas[1] - shared)


def _without_whole_pages(rows: Pixels, image: int, size: tuple[int, int]) -> Pixels:
    if len(rows) < 2:
        return rows
    width, height = size
    most = (0.82 if width > height else 0.93) * (width * height)

    across = np.minimum(rows.dtype.type(width), rows[:, 4]) - np.maximum(rows.dtype.type(0), rows[:, 2])
    down = np.minimum(rows.dtype.type(height), rows[:, 5]) - np.maximum(rows.dtype.type(0), rows[:, 3])
    kept = (rows[:, 0] != image) | (across * down <= most)
    return rows[kept] if kept.any() else rows


def _kept_by_merging(rows: Pixels, merging: str | Mapping[str, str], labels: Sequence[str]) -> Pixels:
    formula = labels.index("formula") if "formula" in labels else None
    kept: Pixels = np.ones(len(rows), dtype=bool)
    rules: list[tuple[int | None, str]] = (
        [(None, merging)] if isinstance(merging, str) else [(int(key), mode) for key, mode in merging.items()]
    )
    for named, mode in rules:
        if mode == "union":
            continue
        containing, contained = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
        for i, inner in enumerate(rows):
            for j, outer in enumerate(rows):
                if i == j or (formula is not None and inner[0] == formula and outer[0] != formula):
                    continue
                if named is not None and (outer if mode == "large" else inner)[0] != named:
                    continue
                if _is_inside(inner, outer):
                    contained[i] = containing[j] = True
        kept &= ~contained if mode == "large" else ~containing | contained
    return kept


def _is_inside(inner: Pixels, outer: Pixels) -> bool:
    area = (inner[4] - inner[2]) * (inner[5] - inner[3])
    across = max(0, min(inner[4], outer[4]) - max(inner[2], outer[2]))
    down = max(0, min(inner[5], outer[5]) - max(inner[3], outer[3]))
    return bool(area > 0 and across * down / area >= 0.9)


def _unclipped(rows: Pixels, ratios: Sequence[float] | Mapping[str, Sequence[float]] | None) -> Pixels:
    if ratios is None:
        return rows
    rows = rows.copy()
    for row in rows:
        ratio = ratios.get(str(int(row[0]))) if isinstance(ratios, Mapping) else ratios
        if ratio is None:
            continue
        for near, far, factor in ((2, 4, ratio[0]), (3, 5, ratio[1])):
            side = row[far] - row[near]
            new = side * factor
            centre = row[near] + side / 2
            row[near], row[far] = centre - new / 2, centre + new / 2
    return rows


def _without_overlaps(rows: Pixels, labels: Sequence[str]) -> Pixels:
    """As `filter_boxes` there."""
    names = [labels[int(row[0])] for row in rows]
    left = [index for index, name in enumerate(names) if name != "reference"]
    dropped: set[int] = set()
    for place, one in enumerate(left):
        if rows[one][4] - rows[one][2] < 6 or rows[one][5] - rows[one][3] < 6:
            dropped.add(one)
        for other in left[place + 1 :]:
            if one not in dropped and other not in dropped:
                dropped.update(_dropped_of(one, other, rows, names))
    return rows[[index for index in left if index not in dropped]]


def _dropped_of(one: int, other: int, rows: Pixels, names: Sequence[str]) -> list[int]:
    boxes: Pixels = rows[[one, other], 2:6].astype(np.float64)
    sides = np.maximum(0, np.minimum(*boxes[:, 2:]) - np.maximum(*boxes[:, :2]))
    areas = np.abs((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]))
    covered = sides[0] * sides[1] / areas.min() if areas.min() > 0 else 0.0
    formulas = [index for index in (one, other) if names[index] == "inline_formula"]
    if formulas and covered > 0.5:
        return formulas
    if covered <= 0.7:
        return []
    kinds = {names[one], names[other]}
    pictures = {"image", "table", "seal", "chart"}
    if kinds & pictures and len(kinds) > 1 and ("table" not in kinds or kinds <= pictures):
        return []
    return [other if areas[0] >= areas[1] else one]
