"""Writes small BMP images of all kinds into a folder."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["main"]

# No multiple of 32 pixels, so that every depth pads its rows.
HEIGHT, WIDTH = 9, 13
BITFIELDS = 3


def rows_of(values: NDArray[np.uint32], bits: int) -> bytes:
    """Packs one value a pixel into rows of whole words, from the first row given."""
    rows = b""
    for row in values:
        if bits < 8:
            per_byte = 8 // bits
            padded = np.zeros(-(-len(row) // per_byte) * per_byte, np.uint32)
            padded[: len(row)] = row
            shifts = np.arange(8 - bits, -1, -bits, dtype=np.uint32)
            packed = (padded.reshape(-1, per_byte) << shifts).sum(axis=1).astype(np.uint8).tobytes()
        else:
            packed = b"".join(int(value).to_bytes(bits // 8, "little") for value in row)
        rows += packed + b"\0" * (-len(packed) % 4)
    return rows


def bmp(
    values: NDArray[np.uint32],
    bits: int,
    *,
    palette: bytes = b"",
    colours: int = 0,
    masks: tuple[int, ...] = (),
    header: int = 40,
    is_top_down: bool = False,
    gap: int = 0,
) -> bytes:
    """A BMP with a header of 12, 40 or more bytes."""
    height, width = values.shape
    data = rows_of(values if is_top_down else values[::-1], bits)
    if header == 12:
        info = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        info = struct.pack(
            "<IiiHHIIiiII",
            header,
            width,
            -height if is_top_down else height,
            1,
            bits,
            BITFIELDS if masks else 0,
            len(data),
            0,
            0,
            colours,
            0,
        )
        fields = b"".join(struct.pack("<I", mask) for mask in masks)
        info += fields
        info += b"\0" * (header - len(info))
    start = 14 + len(info) + len(palette) + gap
    return struct.pack("<2sIHHI", b"BM", start + len(data), 0, 0, start) + info + palette + b"\0" * gap + data


def main() -> None:
    folder = Path(sys.argv[1])
    rng = np.random.default_rng(11)

    def values(bits: int, most: int | None = None) -> NDArray[np.uint32]:
        return rng.integers(0, most or 2**bits, (HEIGHT, WIDTH), dtype=np.uint64).astype(np.uint32)

    def palette(colours: int, size: int = 4) -> bytes:
        entries = rng.integers(0, 256, (colours, size), dtype=np.uint8)
        packed: bytes = entries.tobytes()
        return packed

    grey = bytes(value for index in range(256) for value in (index, index, index, 0))
    kinds = {
        "1": bmp(values(1), 1, palette=palette(2)),
        "1-one-colour": bmp(values(1, 1), 1, palette=palette(1), colours=1),
        "1-black-white": bmp(values(1), 1, palette=b"\0\0\0\0\xff\xff\xff\0"),
        "4": bmp(values(4), 4, palette=palette(16)),
        "4-few": bmp(values(4, 5), 4, palette=palette(5), colours=5),
        "8": bmp(values(8), 8, palette=palette(256)),
        "8-few": bmp(values(8, 20), 8, palette=palette(20), colours=20),
        "8-grey": bmp(values(8), 8, palette=grey),
        "8-top-down": bmp(values(8), 8, palette=palette(256), is_top_down=True),
        "8-os2": bmp(values(8), 8, palette=palette(256, 3), header=12),
        "16": bmp(values(16), 16),
        "16-555": bmp(values(16), 16, masks=(0x7C00, 0x3E0, 0x1F)),
        "16-565": bmp(values(16), 16, masks=(0xF800, 0x7E0, 0x1F)),
        "16-565-top-down": bmp(values(16), 16, masks=(0xF800, 0x7E0, 0x1F), is_top_down=True),
        "24": bmp(values(24), 24),
        "24-top-down": bmp(values(24), 24, is_top_down=True),
        "24-gap": bmp(values(24), 24, gap=7),
        "24-v5": bmp(values(24), 24, header=124),
        "24-os2": bmp(values(24), 24, header=12),
        "32": bmp(values(32), 32),
        "32-top-down": bmp(values(32), 32, is_top_down=True),
        "32-bitfields": bmp(values(32), 32, masks=(0xFF0000, 0xFF00, 0xFF)),
        "32-bitfields-v3": bmp(values(32), 32, masks=(0xFF0000, 0xFF00, 0xFF, 0xFF000000), header=56),
        "32-bitfields-v5": bmp(values(32), 32, masks=(0xFF0000, 0xFF00, 0xFF, 0xFF000000), header=124),
        "32-rgba-v5": bmp(values(32), 32, masks=(0xFF, 0xFF00, 0xFF0000, 0xFF000000), header=124),
        "32-xbgr-v5": bmp(values(32), 32, masks=(0xFF000000, 0xFF0000, 0xFF00, 0xFF), header=124),
    }
    for name, content in kinds.items():
        (folder / f"{name}.bmp").write_bytes(content)


if __name__ == "__main__":
    main()
