"""The target folder: either all files of an export appear in it, or none does."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from .failure import ExportError
from .inference_yml import HEADER

__all__ = ["CONFIG_NAME", "Staging", "Target"]

CONFIG_NAME = "inference.yml"

_PROGRAMS = ("inference.pdmodel", "inference.json")
_OURS = (*_PROGRAMS, "inference.pdiparams", "inference.pdiparams.info")


class Staging(NamedTuple):
    """Temporary folders inside the target folder."""

    files: Path
    scratch: Path
    previous: Path


class Target:
    """A folder for exported files. Checked on creation; only `commit()` writes to it."""

    def __init__(self, folder: Path, writes_config: bool) -> None:
        self._folder = folder
        self._writes_config = writes_config
        self._check()

    def stage(self, name: str | None, leftovers: ExitStack) -> Staging:
        """Create the folder with temporary folders inside; `leftovers` removes them at the end."""
        try:
            for made in self._missing_folders():
                made.mkdir(exist_ok=True)
                leftovers.callback(_remove_if_empty, made)
            root = self._folder / (name or f".paddle-ts-export-{secrets.token_hex(6)}")
            leftovers.callback(shutil.rmtree, root, ignore_errors=True)
            staging = Staging(root / "files", root / "scratch", root / "previous")
            for made in (root, *staging):
                made.mkdir()
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from error
        return staging

    def commit(self, staging: Staging, names: Sequence[str]) -> None:
        """Move the files `names` of `staging` to the folder, in place of those of an earlier export.

        The old program is moved out first and the new one in last: if the machine stops in between, the folder
        contains no model
        rather than halves of two.
        """
        self._check()
        moves = [(self._folder / name, staging.previous / name) for name in (*_OURS, *self._own_config())]
        program_last = sorted(names, key=lambda name: name in _PROGRAMS)
        moves += [(staging.files / name, self._folder / name) for name in program_last]
        done: list[tuple[Path, Path]] = []
        try:
            with _locked(self._folder):
                for source, place in moves:
                    if os.path.lexists(source):
                        source.rename(place)
                        done.append((source, place))
        except OSError as error:
            for source, place in reversed(done):
                place.rename(source)
            raise self._unusable(error.strerror or str(error)) from error

    def _check(self) -> None:
        above = self._folder.absolute().parents
        try:
            existing = next(folder for folder in (self._folder, *above) if folder.exists())
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from error
        if not existing.is_dir():
            raise self._unusable(f"{existing} is a file")
        for name in (*_OURS, CONFIG_NAME):
            if (self._folder / name).is_dir():
                raise self._unusable(f"{self._folder / name} is a folder")
        if self._writes_config and (self._folder / CONFIG_NAME).exists() and not self._own_config():
            raise ExportError(
                "EXPORT_TARGET_UNUSABLE",
                f"The export must write {self._folder / CONFIG_NAME}, but a file of your own exists there.\n"
                "Move it, or export into another folder.",
            )

    def _own_config(self) -> tuple[str, ...]:
        """The inference.yml in the folder, if an export wrote it."""
        try:
            text = (self._folder / CONFIG_NAME).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ()
        return (CONFIG_NAME,) if text.splitlines()[:1] == [HEADER] else ()

    def _missing_folders(self) -> list[Path]:
        missing = [folder for folder in (self._folder, *self._folder.parents) if not folder.exists()]
        return missing[::-1]

    def _unusable(self, why: str) -> ExportError:
        return ExportError(
            "EXPORT_TARGET_UNUSABLE",
            f"The export cannot write into {self._folder}: {why}.\n"
            "Use another folder, or check its free space and permissions.",
        )


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Prevent two exports to one folder from mixing their files; locks the folder itself."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _remove_if_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()
