"""Writes a wheel with one module, whose source is on stdin: `make_wheel.py NAME-VERSION-TAG.whl`."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

__all__ = ["main"]

# The package paddlepaddle contains the module paddle.
MODULES = {"paddlepaddle": "paddle", "paddlepaddle_gpu": "paddle"}


def main() -> None:
    path, source = Path(sys.argv[1]), sys.stdin.read()
    name, version, *tag = path.stem.split("-")
    info = f"{name}-{version}.dist-info"
    files = {
        f"{MODULES.get(name, name)}/__init__.py": f"__version__ = {version!r}\n{source}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {'-'.join(tag)}\n",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
        listed = "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"])
        archive.writestr(f"{info}/RECORD", listed)


if __name__ == "__main__":
    main()
