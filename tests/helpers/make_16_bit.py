"""Writes 16-bit images into a folder, and their values to stdout: {"grey": [...], "rgb": [...]}.

Pillow cannot write PNG files with 16-bit colours, so this script builds them.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["main"]

SIDE = 20
GREY, RGB = 0, 2
"""PNG's numbers of the colour types."""


def png(pixels: NDArray[np.uint16], colours: int) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    header = struct.pack(">IIBBBBB", SIDE, SIDE, 16, colours, 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def main() -> None:
    folder = Path(sys.argv[1])
    rng = np.random.default_rng(16)
    grey = rng.integers(0, 65536, (SIDE, SIDE), dtype=np.uint16)
    rgb = rng.integers(0, 65536, (SIDE, SIDE, 3), dtype=np.uint16)
    (folder / "grey-16.png").write_bytes(png(grey, GREY))
    (folder / "rgb-16.png").write_bytes(png(rgb, RGB))
    Image.fromarray(grey).save(folder / "grey-16.tif")
    json.dump({"grey": grey.ravel().tolist(), "rgb": rgb.ravel().tolist()}, sys.stdout)


if __name__ == "__main__":
    main()
