"""Renders characters in held-out fonts that npm installs: `python render_characters.py FONTS FOLDER COUNT`.

Writes FOLDER/N-LABEL-FAMILY.png, COUNT of each character, and prints the family names of the faces as JSON.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "python"))

import numpy as np
from demo_model.collection import Collection
from demo_model.faces import is_hairline, unclear
from demo_model.glyphs import Face, load_face
from demo_model.labels import LABELS
from demo_model.samples import draw
from PIL import Image as Pictures

__all__: list[str] = []


def fit_faces(fonts: Path) -> list[Face]:
    """The faces that pass the rules of training, always in the same order."""
    faces = (load_face(file) for file in sorted(fonts.rglob("*.ttf")))
    return [
        replace(face, unclear=unclear(face)) for face in faces if face is not None and not is_hairline(face)
    ]


def main() -> None:
    families: dict[str, list[Face]] = {}
    for face in fit_faces(Path(sys.argv[1])):
        families.setdefault(face.family, []).append(face)
    collection = Collection(list(families.values()))
    for number in range(int(sys.argv[3]) * len(LABELS)):
        label = number % len(LABELS)
        # No other set of images is drawn from these numbers.
        picture, family = draw(collection, label, [7, 2, number])
        name = f"{number}-{LABELS[label]}-{collection.names[family]}.png"
        Pictures.fromarray(np.ascontiguousarray(picture)).save(Path(sys.argv[2]) / name, compress_level=1)
    print(json.dumps(collection.names))


if __name__ == "__main__":
    main()
