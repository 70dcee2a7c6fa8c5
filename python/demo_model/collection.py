"""The two collections of faces: for training and for evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from .debian import FontsMissingError, font_files
from .faces import is_hairline, legible, unclear, without_twins
from .glyphs import Face, family_of, load_face
from .labels import LABELS

__all__ = ["Collection", "collect_held_out", "collect_training"]

#: Of a family with more faces only so many are taken.
_FACES = 8


@dataclass(frozen=True)
class Collection:
    """Faces of fonts by family; each family is drawn equally often."""

    families: Sequence[Sequence[Face]]

    @property
    def faces(self) -> list[Face]:
        """All faces."""
        return [face for family in self.families for face in family]

    @property
    def names(self) -> list[str]:
        """The family names."""
        return [family[0].family for family in self.families]


def collect_held_out(folders: Iterable[Path], executor: Executor) -> Collection:
    """The faces in folders of fonts, for evaluation. Raise FontsMissingError if they lack a character."""
    return _by_family(_load(folders, executor))


def collect_training(folders: Iterable[Path], held_out: Collection, executor: Executor) -> Collection:
    """The faces in folders of fonts that qualify for training. Raise FontsMissingError if they lack a character."""
    loaded = _load(folders, executor)
    return _by_family(without_twins(legible(loaded, loaded), held_out.faces))


def _load(folders: Iterable[Path], executor: Executor) -> list[Face]:
    files = [file for folder in folders for file in font_files(folder)]
    families: dict[str, list[Path]] = {}
    for file, family in zip(files, executor.map(family_of, files, chunksize=32)):
        if family is not None:
            families.setdefault(family, []).append(file)
    some = [file for members in families.values() for file in _some(members)]
    return [face for face in executor.map(_fit_face, some, chunksize=8) if face is not None]


def _some(files: Sequence[Path]) -> list[Path]:
    """Evenly spaced by name: names range from bold to thin and from roman to italic."""
    step = max(1.0, len(files) / _FACES)
    return [files[int(place * step)] for place in range(min(len(files), _FACES))]


def _fit_face(file: Path) -> Face | None:
    face = load_face(file)
    return None if face is None or is_hairline(face) else replace(face, unclear=unclear(face))


def _by_family(faces: Iterable[Face]) -> Collection:
    families: dict[str, list[Face]] = {}
    for face in faces:
        families.setdefault(face.family, []).append(face)
    collection = Collection([families[name] for name in sorted(families)])
    unclear_in_all = frozenset(range(len(LABELS))).intersection(*(face.unclear for face in collection.faces))
    if unclear_in_all:
        lacking = " ".join(LABELS[place] for place in sorted(unclear_in_all))
        names = ", ".join(collection.names) or "none that is fit"
        raise FontsMissingError(
            f"No face of these fonts can be used for {lacking}: {names}.\nGive more fonts."
        )
    return collection
