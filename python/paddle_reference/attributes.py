"""Attributes of persons, vehicles, faces and tables, as PaddleClas' deploy/python/postprocess.py (d178931f) reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .image import Pixels

__all__ = ["read_attributes"]

Attribute = dict[str, Any]
"""`name`, `value` and `score`."""

_AGES = ["AgeLess18", "Age18-60", "AgeOver60"]
_DIRECTIONS = ["Front", "Side", "Back"]
_BAGS = ["HandBag", "ShoulderBag", "Backpack"]
_UPPERS = ["UpperStride", "UpperLogo", "UpperPlaid", "UpperSplice"]
_LOWERS = ["LowerStripe", "LowerPattern", "LongCoat", "Trousers", "Shorts", "Skirt&Dress"]
_COLORS = ["yellow", "orange", "green", "gray", "red", "blue", "white", "golden", "brown", "black"]
_TYPES = ["sedan", "suv", "van", "hatchback", "mpv", "pickup", "bus", "truck", "estate"]

_FACE = [
    "CheekWhiskers",
    "ArchedEyebrows",
    "Attractive",
    "BagsUnderEyes",
    "Bald",
    "Bangs",
    "BigLips",
    "BigNose",
    "BlackHair",
    "BlondHair",
    "Blurry",
    "BrownHair",
    "BushyEyebrows",
    "Chubby",
    "DoubleChin",
    "Eyeglasses",
    "Goatee",
    "GrayHair",
    "HeavyMakeup",
    "HighCheekbones",
    "Male",
    "MouthSlightlyOpen",
    "Mustache",
    "NarrowEyes",
    "NoBeard",
    "OvalFace",
    "PaleSkin",
    "PointyNose",
    "RecedingHairline",
    "RosyCheeks",
    "Sideburns",
    "Smiling",
    "StraightHair",
    "WavyHair",
    "WearingEarrings",
    "WearingHat",
    "WearingLipstick",
    "WearingNecklace",
    "WearingNecktie",
    "Young",
]

_FACE_IN_CHINESE = [
    "刚长出的双颊胡须",
    "柳叶眉",
    "吸引人的",
    "眼袋",
    "秃头",
    "刘海",
    "大嘴唇",
    "大鼻子",
    "黑发",
    "金发",
    "模糊的",
    "棕发",
    "浓眉",
    "圆胖的",
    "双下巴",
    "带眼镜",
    "山羊胡子",
    "灰发或白发",
    "浓妆",
    "高颧骨",
    "男性",
    "微微张开嘴巴",
    "胡子",
    "细长的眼睛",
    "无胡子",
    "椭圆形的脸",
    "苍白的皮肤",
    "尖鼻子",
    "发际线后移",
    "红润的双颊",
    "连鬓胡子",
    "微笑",
    "直发",
    "卷发",
    "戴着耳环",
    "戴着帽子",
    "涂了唇膏",
    "戴着项链",
    "戴着领带",
    "年轻人",
]


def read_attributes(reading: Mapping[str, Any], scores: Pixels) -> list[Attribute]:
    """Return the attributes of one image, in PaddleClas' order.

    Raises `ValueError` for another number of scores than the scheme has.
    """
    scheme = reading["scheme"]
    needed = {"person": 26, "vehicle": 19, "face": 40, "table": 6}[scheme]
    if len(scores) != needed:
        raise ValueError(f"the network returns {len(scores)} values, not {needed}")
    if scheme == "face":
        return _face(scores.tolist(), reading["thresholds"]["threshold"], bool(reading.get("inChinese")))
    readers: dict[str, Callable[..., list[Attribute]]] = {
        "person": _person,
        "vehicle": _vehicle,
        "table": _table,
    }
    return readers[scheme](scores.tolist(), **reading["thresholds"])


def _person(
    res: Sequence[float], *, threshold: float, glasses_threshold: float, hold_threshold: float
) -> list[Attribute]:
    bag = int(np.argmax(res[15:18]))
    lower = [_yes("Lower", _LOWERS[i], score) for i, score in enumerate(res[8:14]) if score > threshold]
    sleeve = ("LongSleeve", res[3]) if res[3] > res[2] else ("ShortSleeve", res[2])
    return [
        _either("Gender", "Female", "Male", res[22], threshold),
        _best("Age", _AGES, res[19:22]),
        _best("Direction", _DIRECTIONS, res[23:]),
        _either("Glasses", "True", "False", res[1], glasses_threshold),
        _either("Hat", "True", "False", res[0], threshold),
        _either("HoldObjectsInFront", "True", "False", res[18], hold_threshold),
        _either("Bag", _BAGS[bag], "No bag", res[15 + bag], threshold),
        _yes("Upper", *sleeve),
        *(_yes("Upper", _UPPERS[i], score) for i, score in enumerate(res[4:8]) if score > threshold),
        *(lower or [_best("Lower", _LOWERS, res[8:14])]),
        _either("Shoes", "Boots", "No boots", res[14], threshold),
    ]


def _vehicle(res: Sequence[float], *, color_threshold: float, type_threshold: float) -> list[Attribute]:
    found = []
    for name, values, part, least in (
        ("Color", _COLORS, res[:10], color_threshold),
        ("Type", _TYPES, res[10:], type_threshold),
    ):
        best = _best(name, values, part)
        found.append(best if best["score"] >= least else _no(name, "unknown", best["score"]))
    return found


def _table(
    res: Sequence[float],
    *,
    source_threshold: float,
    number_threshold: float,
    color_threshold: float,
    clarity_threshold: float,
    obstruction_threshold: float,
    angle_threshold: float,
) -> list[Attribute]:
    # PaddleClas compares the last two with the threshold of the number.
    return [
        _either("Source", "Scanned", "Photo", res[0], source_threshold),
        _either("Number", "Little", "Numerous", res[1], number_threshold),
        _either("Color", "Black-and-White", "Multicolor", res[2], color_threshold),
        _either("Clarity", "Clear", "Blurry", res[3], clarity_threshold),
        _either("Obstruction", "Without-Obstacles", "With-Obstacles", res[4], number_threshold),
        _either("Angle", "Horizontal", "Tilted", res[5], number_threshold),
    ]


def _face(res: Sequence[float], threshold: float, in_chinese: bool) -> list[Attribute]:
    names = _FACE_IN_CHINESE if in_chinese else _FACE
    found = []
    for index, score in enumerate(res):
        if index == 20:
            found.append(_either("Gender", names[20], "女性" if in_chinese else "Female", score, threshold))
        elif index == 39:
            found.append(_either("Age", names[39], "老年人" if in_chinese else "Old", score, threshold))
        elif score > threshold:
            found.append(_yes(names[index], "True", score))
    return found


def _either(name: str, above: str, below: str, score: float, threshold: float) -> Attribute:
    return _yes(name, above, score) if score > threshold else _no(name, below, score)


def _best(name: str, values: Sequence[str], scores: Sequence[float]) -> Attribute:
    index = int(np.argmax(scores))
    return _yes(name, values[index], scores[index])


def _yes(name: str, value: str, score: float) -> Attribute:
    return {"name": name, "value": value, "score": score}


def _no(name: str, value: str, score: float) -> Attribute:
    return {"name": name, "value": value, "score": float(np.float32(1) - np.float32(score))}
