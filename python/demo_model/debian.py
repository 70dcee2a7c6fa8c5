"""Downloads font packages of Debian into a folder, without installing anything."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

__all__ = ["FontsMissingError", "fetch", "font_files"]

_SUFFIXES = (".otf", ".ttf")


class FontsMissingError(Exception):
    """The fonts are not available; the message says why and what to do."""


def fetch(packages: Iterable[str], cache: Path) -> list[Path]:
    """Download and unpack the missing packages; return the folder of each, in their order."""
    folders = {package: cache / package for package in packages}
    absent = [package for package, folder in folders.items() if not folder.is_dir()]
    if absent:
        _check_tools()
        downloads = cache / "downloads"
        downloads.mkdir(parents=True, exist_ok=True)
        _run(["apt-get", "download", *absent], downloads)
        for package in absent:
            _unpack(package, downloads, folders[package])
    return list(folders.values())


def font_files(folder: Path) -> list[Path]:
    """The fonts in an unpacked package, always in the same order."""
    found = (file for file in folder.rglob("*") if file.suffix.lower() in _SUFFIXES and not file.is_symlink())
    return sorted(found)


def _check_tools() -> None:
    missing = [tool for tool in ("apt-get", "dpkg-deb") if shutil.which(tool) is None]
    if missing:
        raise FontsMissingError(
            f"{' and '.join(missing)} cannot be found: the fonts come from Debian's packages.\n"
            "Run this on Debian or Ubuntu, or in a container of theirs."
        )


def _unpack(package: str, downloads: Path, folder: Path) -> None:
    archive = next(iter(sorted(downloads.glob(f"{package}_*.deb"))), None)
    if archive is None:
        raise FontsMissingError(f"apt-get downloaded no {package}.\nRefresh its lists: apt-get update")
    # An existing folder is complete: it is renamed to its final name last.
    partial = folder.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    _run(["dpkg-deb", "--extract", str(archive), str(partial)], downloads)
    partial.rename(folder)


def _run(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        reason = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:] or ["no reason given"]
        raise FontsMissingError(
            f"{' '.join(command[:2])} ended with {done.returncode}: {reason[0]}\n"
            "Refresh its lists, and look at the network: apt-get update"
        )
