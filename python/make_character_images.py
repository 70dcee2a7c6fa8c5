"""Draw images/characters: one printed character each, as from a camera or a program, in many file formats.

    python python/make_character_images.py [FOLDER]

The fonts are those that the tests install (npm ci); the model of printed characters was not trained on them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Callable

import cv2
import numpy as np
from demo_model.scenery import bricks, character, grain, hang, lit, plaster, sign, turned
from demo_model.surfaces import Pixels
from PIL import Image as Pictures

__all__ = ["draw_all"]

_ROOT = Path(__file__).parents[1]
_FONTS = _ROOT / "node_modules" / "@expo-google-fonts"
_SIDE = 280

_HEAVY = _FONTS / "archivo-black/400Regular/ArchivoBlack_400Regular.ttf"
_SANS = _FONTS / "atkinson-hyperlegible/400Regular/AtkinsonHyperlegible_400Regular.ttf"
_BOLD = _FONTS / "atkinson-hyperlegible/700Bold/AtkinsonHyperlegible_700Bold.ttf"
_SERIF = _FONTS / "dm-serif-text/400Regular/DMSerifText_400Regular.ttf"
_ITALIC = _FONTS / "crete-round/400Regular_Italic/CreteRound_400Regular_Italic.ttf"
_SLAB = _FONTS / "arvo/700Bold/Arvo_700Bold.ttf"
_MONO = _FONTS / "space-mono/700Bold/SpaceMono_700Bold.ttf"
_HAND = _FONTS / "patrick-hand/400Regular/PatrickHand_400Regular.ttf"


def draw_all(folder: Path) -> None:
    """Write the twelve images. Each has its own random generator, so that the files are reproducible."""
    folder.mkdir(parents=True, exist_ok=True)
    drawings: dict[str, Callable[[Path, np.random.Generator], None]] = {
        "K-blurred.jpg": _blurred,
        "7-rotated.png": _rotated,
        "R-street-sign.jpg": _street_sign,
        "4-house-number.webp": _house_number,
        "B-number-plate.jpg": _number_plate,
        "E-low-light.jpg": _low_light,
        "Q-grey.png": _grey,
        "G-transparent.png": _transparent,
        "2-turned-by-exif.jpg": _turned_by_exif,
        "X-16-bit.png": _sixteen_bit,
        "5-shadow.jpg": _shadow,
        "W-light-sign.webp": _light_sign,
    }
    for number, (name, drawing) in enumerate(drawings.items()):
        drawing(folder / name, np.random.default_rng([2024, number]))


def _blurred(file: Path, random: np.random.Generator) -> None:
    paper = plaster(_SIDE, (228, 222, 208), random)
    sheet = _inked(paper, character("K", _SERIF, 170, (_SIDE, _SIDE)), (48, 44, 52))
    _picture(grain(cv2.GaussianBlur(sheet, (0, 0), 7), 3, random)).save(file, quality=82)


def _rotated(file: Path, random: np.random.Generator) -> None:
    sheet = _inked(_plain((250, 214, 96)), character("7", _SLAB, 150, (_SIDE, _SIDE)), (30, 60, 140))
    _picture(turned(sheet, 17)).quantize(32).save(file, optimize=True)


def _street_sign(file: Path, random: np.random.Generator) -> None:
    board, cover = sign((420, 360), (24, 74, 150), (240, 240, 236), 40, 14)
    board = _inked(board, character("R", _BOLD, 210, (420, 360)), (244, 244, 240))
    corners = [(0.13, 0.2), (0.88, 0.1), (0.85, 0.86), (0.17, 0.8)]
    scene = lit(hang(bricks(_SIDE, random), board, cover, corners), 0.6, 0.6)
    _picture(grain(cv2.GaussianBlur(scene, (0, 0), 0.9), 4, random)).save(file, quality=80)


def _house_number(file: Path, random: np.random.Generator) -> None:
    board, cover = sign((300, 400), (244, 242, 232), (40, 40, 44), 24, 10)
    board = _inked(board, character("4", _SERIF, 250, (300, 400)), (26, 28, 34))
    corners = [(0.25, 0.08), (0.82, 0.14), (0.79, 0.93), (0.22, 0.88)]
    scene = lit(hang(plaster(_SIDE, (196, 170, 128), random), board, cover, corners), 0.5, 2.4)
    _picture(grain(scene, 4, random)).save(file, quality=75, method=6)


def _number_plate(file: Path, random: np.random.Generator) -> None:
    plate = grain(np.full((360, 300, 3), (246, 205, 40), np.float32), 5, random)
    plate[:14] = plate[-14:] = (30, 30, 30)
    plate = _inked(plate, character("B", _HEAVY, 230, (300, 360)), (24, 24, 26))
    source = np.array([(0, 0), (300, 0), (300, 360), (0, 360)], np.float32)
    seen = np.array([(-4, 6), (212, -8), (204, 266), (6, 256)], np.float32)
    view = cv2.getPerspectiveTransform(source, seen)
    plate = cv2.warpPerspective(plate, view, (210, 260), borderMode=cv2.BORDER_REPLICATE)
    _picture(lit(cv2.GaussianBlur(plate, (0, 0), 1.2), 0.55, 0.9)).save(file, quality=55)


def _low_light(file: Path, random: np.random.Generator) -> None:
    sheet = _inked(
        plaster(_SIDE, (120, 112, 96), random), character("E", _MONO, 150, (_SIDE, _SIDE)), (34, 32, 30)
    )
    dark = lit(sheet, 0.35, -0.7) * np.array([0.62, 0.55, 0.42], np.float32)
    _picture(grain(dark, 11, random)).save(file, quality=72)


def _grey(file: Path, random: np.random.Generator) -> None:
    sheet = _inked(
        plaster(_SIDE // 2, (150, 150, 150), random), character("Q", _SANS, 84, (140, 140)), (235, 235, 235)
    )
    _picture(grain(sheet, 4, random)).convert("L").save(file, optimize=True)


def _transparent(file: Path, random: np.random.Generator) -> None:
    """Only ink: transparent pixels are white, as most programs store them."""
    ink = character("G", _HAND, 130, (200, 200))
    colours = _inked(np.full((200, 200, 3), 255, np.float32), (ink > 0).astype(np.float32), (160, 30, 90))
    _picture(np.dstack([colours, ink * 255])).save(file, optimize=True)


def _turned_by_exif(file: Path, random: np.random.Generator) -> None:
    """A camera held upright: the pixels are rotated, and the file says so (orientation 6)."""
    sheet = _inked(
        plaster(_SIDE, (232, 230, 224), random), character("2", _ITALIC, 165, (_SIDE, _SIDE)), (140, 36, 30)
    )
    scene = _picture(grain(lit(sheet[:, 30:250], 0.6, 2.0), 3, random))
    exif = Pictures.Exif()
    exif[0x0112] = 6
    scene.transpose(Pictures.Transpose.ROTATE_90).save(file, quality=80, exif=exif)


def _sixteen_bit(file: Path, random: np.random.Generator) -> None:
    side = 160
    ramp = np.linspace(9000, 30000, side, dtype=np.float32)[None, :] + np.zeros((side, 1), np.float32)
    ink = character("X", _SANS, 96, (side, side))
    deep = (ramp + ink * (60000 - ramp)).astype(np.uint16)
    cv2.imwrite(str(file), deep, [cv2.IMWRITE_PNG_COMPRESSION, 9])


def _shadow(file: Path, random: np.random.Generator) -> None:
    wall = plaster(_SIDE, (206, 200, 190), random)
    sheet = _inked(wall, character("5", _BOLD, 170, (_SIDE, _SIDE)), (30, 84, 60))
    _picture(grain(lit(sheet, 0.38, 0.5, 40, 0.05), 4, random)).save(file, quality=80)


def _light_sign(file: Path, random: np.random.Generator) -> None:
    """Wider than high."""
    size = (360, 240)
    ink = character("W", _HEAVY, 120, size)
    night = grain(np.full((240, 360, 3), (14, 14, 26), np.float32), 3, random)
    for spread, strength in ((22, 0.9), (8, 0.6)):
        night += (
            cv2.GaussianBlur(ink, (0, 0), spread)[..., None] * np.array([230, 60, 120], np.float32) * strength
        )
    _picture(_inked(night, ink, (255, 214, 226))).save(file, quality=80, method=6)


def _plain(colour: tuple[int, int, int]) -> Pixels:
    return np.full((_SIDE, _SIDE, 3), colour, np.float32)


def _inked(pixels: Pixels, ink: Pixels, colour: tuple[int, int, int]) -> Pixels:
    return np.asarray(pixels + ink[..., None] * (np.array(colour, np.float32) - pixels), np.float32)


def _picture(pixels: Pixels) -> Pictures.Image:
    return Pictures.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


if __name__ == "__main__":
    draw_all(Path(sys.argv[1]) if len(sys.argv) > 1 else _ROOT / "images" / "characters")
