"""Renders samples by number: the same number and seed give the same image, in any process."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from .collection import Collection
from .glyphs import Image
from .labels import LABELS
from .render import INPUT_SIZE, prepare, render

__all__ = ["HELD_OUT_SPLIT", "TRAINING_SPLIT", "Samples", "draw", "draw_samples", "write_collections"]

TRAINING_SPLIT = 0
HELD_OUT_SPLIT = 1


@dataclass(frozen=True)
class Samples:
    """Images as the network takes them, uint8 [N, 3, 32, 32], with their classes and families, int64 [N]."""

    pictures: np.ndarray[Any, Any]
    classes: np.ndarray[Any, Any]
    families: np.ndarray[Any, Any]

    @staticmethod
    def joined(parts: Sequence[Samples]) -> Samples:
        """Concatenate the samples of all parts."""
        return Samples(
            np.concatenate([part.pictures for part in parts]),
            np.concatenate([part.classes for part in parts]),
            np.concatenate([part.families for part in parts]),
        )


def draw_samples(collections: Path, split: int, seed: int, start: int, count: int) -> Samples:
    """The samples from number `start` on. Classes alternate, so that all are equally frequent."""
    collection = _read(collections)[split]
    pictures = np.empty((count, 3, INPUT_SIZE, INPUT_SIZE), np.uint8)
    families = np.empty(count, np.int64)
    classes = np.arange(start, start + count) % len(LABELS)
    for place in range(count):
        picture, families[place] = draw(collection, int(classes[place]), [seed, split, start + place])
        pictures[place] = prepare(picture).transpose(2, 0, 1)
    return Samples(pictures, classes, families)


def write_collections(file: Path, training: Collection, held_out: Collection) -> None:
    """Write the data that `draw_samples` reads, for the processes that run it."""
    file.write_bytes(pickle.dumps({TRAINING_SPLIT: training, HELD_OUT_SPLIT: held_out}))


@cache
def _read(file: Path) -> dict[int, Collection]:
    # An image is too small for more than one thread.
    cv2.setNumThreads(1)
    collections: dict[int, Collection] = pickle.loads(file.read_bytes())
    return collections


def draw(collection: Collection, label: int, seed: Any) -> tuple[Image, int]:
    """One image of a class, and the family that it was drawn from."""
    random = np.random.default_rng(seed)
    while True:
        family = int(random.integers(len(collection.families)))
        faces = collection.families[family]
        face = faces[int(random.integers(len(faces)))]
        if label not in face.unclear:
            return render(face.glyphs[label], random), family
