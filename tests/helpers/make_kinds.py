"""Writes small images of all kinds that OpenCV and Pillow decode, differently or alike, into a folder."""

from __future__ import annotations

import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["main"]

HEIGHT, WIDTH = 23, 31
EXTRA_SAMPLES = 338


def png16(pixels: NDArray[np.uint16], kind: int, transparent: bytes = b"") -> bytes:
    """A 16-bit PNG; Pillow does not write them with colours."""

    def chunk(name: bytes, content: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + checksum

    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 16, kind, 0, 0, 0)
    rows: bytes = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    extra = chunk(b"tRNS", transparent) if transparent else b""
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra
    return start + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def tiff16(pixels: NDArray[np.uint16]) -> bytes:
    """A TIFF of 16-bit RGB in one strip."""
    data: bytes = pixels.astype("<u2").tobytes()
    at = 8 + len(data)
    entries = [
        (256, 3, 1, WIDTH),
        (257, 3, 1, HEIGHT),
        (258, 3, 3, at),
        (259, 3, 1, 1),
        (262, 3, 1, 2),
        (273, 4, 1, 8),
        (277, 3, 1, 3),
        (278, 3, 1, HEIGHT),
        (279, 4, 1, len(data)),
    ]
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return (
        b"II*\0" + struct.pack("<I", at + 6) + data + struct.pack("<HHH", 16, 16, 16) + directory + b"\0" * 4
    )


def main() -> None:
    folder = Path(sys.argv[1])
    rng = np.random.default_rng(7)
    four = rng.integers(0, 256, (HEIGHT, WIDTH, 4), dtype=np.uint8)
    sixteen = rng.integers(0, 65536, (HEIGHT, WIDTH, 4), dtype=np.uint16)
    rgba, rgb, grey = (
        Image.fromarray(four),
        Image.fromarray(four[:, :, :3].copy()),
        Image.fromarray(four[:, :, 0].copy()),
    )
    cmyk = Image.frombytes("CMYK", (WIDTH, HEIGHT), four.tobytes())
    profile = b"no profile that anyone follows"

    for name in ("png", "tif", "webp"):
        rgb.save(folder / f"rgb.{name}", lossless=True)
        rgba.save(folder / f"alpha.{name}", lossless=True)
        rgb.save(folder / f"profile.{name}", lossless=True, icc_profile=profile)
    grey.save(folder / "grey.png")
    Image.merge("LA", [grey, rgba.getchannel("A")]).save(folder / "grey-alpha.png")
    palette = rgb.quantize(32)
    palette.save(folder / "palette.png")
    palette.save(folder / "palette-transparent.png", transparency=bytes(range(0, 256, 8)))
    palette.save(folder / "palette.gif")
    rgb.save(folder / "colour.jpg", quality=90)
    rgb.save(folder / "profile.jpg", quality=90, icc_profile=profile)
    grey.save(folder / "grey.jpg", quality=90)
    cmyk.save(folder / "cmyk.jpg", quality=90)
    cmyk.save(folder / "cmyk.tif")
    for name in ("jpg", "png", "webp"):
        exif = Image.Exif()
        exif[0x0112] = 6
        rgb.save(folder / f"turned.{name}", lossless=True, exif=exif)

    (folder / "grey-16.png").write_bytes(png16(sixteen[:, :, :1], 0))
    (folder / "grey-alpha-16.png").write_bytes(png16(sixteen[:, :, :2], 4))
    (folder / "grey-transparent-16.png").write_bytes(
        png16(sixteen[:, :, :1], 0, sixteen[0, 0, :1].astype(">u2").tobytes())
    )
    (folder / "rgb-16.png").write_bytes(png16(sixteen[:, :, :3], 2))
    (folder / "alpha-16.png").write_bytes(png16(sixteen, 6))
    (folder / "rgb-16.tif").write_bytes(tiff16(sixteen[:, :, :3]))
    Image.fromarray(sixteen[:, :, 0].copy()).save(folder / "grey-16.tif")


if __name__ == "__main__":
    main()
