"""The transforms of plain Python: sizes and values calculated by hand, not by the libraries that the transforms call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from paddle_reference.image import Picture, UnreadableImageError, read_picture
from paddle_reference.normalising import scale_of
from paddle_reference.paddle_seg import class_map
from paddle_reference.read_outputs import read_answer
from paddle_reference.transforms import Operator, apply_operators, library_of, tutorial_operators
from PIL import Image


def picture(width: int, height: int) -> Picture:
    """Each pixel contains its column, its row, and 7."""
    rows, columns = np.mgrid[0:height, 0:width]
    return Picture(np.stack([columns, rows, np.full_like(rows, 7)], axis=2).astype(np.uint8))


def applied(image: Picture, kind: str, *operators: tuple[str, dict[str, Any]]) -> Picture:
    apply_operators(image, kind, [Operator(name, parameters) for name, parameters in operators])
    return image


@pytest.mark.parametrize(
    ("kind", "operator", "size", "expected"),
    [
        # A fraction is rounded, half to even: 5 * 3 / 2 = 7.5.
        ("inference.yml", ("ResizeImage", {"resize_short": 3}), (5, 2), (8, 3)),
        ("inference.yml", ("ResizeImage", {"size": [4, 6]}), (10, 10), (4, 6)),
        ("inference.yml", ("ResizeImage", {"size": 4, "resize_short": 2}), (10, 20), (2, 4)),
        ("inference.yml", ("ResizeImage", {"size": 4, "resize_short": -1}), (10, 20), (4, 4)),
        ("inference.yml", ("ResizeImage", {"size": None, "resize_short": 2}), (10, 20), (2, 4)),
        # paddle.vision truncates it, and takes the height first.
        ("inference.yml", ("Resize", {"size": 3}), (5, 2), (7, 3)),
        ("inference.yml", ("Resize", {"size": [4, 6]}), (10, 10), (6, 4)),
        ("inference.yml", ("ResizeImage", {"size": [33, 64], "size_divisor": 32}), (10, 10), (64, 64)),
        ("infer_cfg.yml", ("Resize", {"target_size": [40, 60], "keep_ratio": False}), (100, 100), (60, 40)),
        # Resizes the shorter side to 40, or the longer one to 60 if it would be longer.
        ("infer_cfg.yml", ("Resize", {"target_size": [40, 60]}), (100, 80), (50, 40)),
        ("infer_cfg.yml", ("Resize", {"target_size": [40, 60]}), (200, 50), (60, 15)),
        ("infer_cfg.yml", ("Resize", {"target_size": [40, 60], "size_divisor": 16}), (200, 50), (64, 16)),
        ("tutorial", ("Resize", {"size": 3, "backend": "pil"}), (5, 2), (7, 3)),
    ],
)
def test_sizes_after_a_resize(
    kind: str, operator: tuple[str, dict[str, Any]], size: tuple[int, int], expected: tuple[int, int]
) -> None:
    resized = applied(picture(*size), kind, operator)
    assert resized.pixels.shape[1::-1] == expected
    assert resized.resized == expected[::-1]


def test_the_scale_that_a_detector_is_fed() -> None:
    """The requested scale; with a divisor, the resulting one."""
    resize: dict[str, Any] = {"target_size": [40, 60], "interp": "LINEAR"}
    assert applied(picture(99, 70), "infer_cfg.yml", ("Resize", resize)).scale == (40 / 70, 40 / 70)
    resize["size_divisor"] = 32
    assert applied(picture(99, 70), "infer_cfg.yml", ("Resize", resize)).scale == (64 / 70, 64 / 99)


@pytest.mark.parametrize(
    ("operator", "corner"),
    [
        (("CropImage", {"size": [4, 2]}), (0, 1)),
        # 1.5 is rounded half to even.
        (("CenterCrop", {"size": [2, 4]}), (0, 2)),
        (("CropImage", {"size": 2}), (1, 1)),
    ],
)
def test_the_corner_of_a_crop(operator: tuple[str, dict[str, Any]], corner: tuple[int, int]) -> None:
    cropped = applied(picture(5, 5), "inference.yml", operator)
    assert tuple(cropped.pixels[0, 0, :2]) == corner


def test_normalisation_of_both_dialects() -> None:
    pixels = np.full((1, 1, 3), 51, dtype=np.uint8)
    means = {"mean": [0.1, 0.2, 0.3], "std": [0.1, 0.2, 0.4]}
    clas = applied(
        Picture(pixels),
        "inference.yml",
        ("NormalizeImage", {"scale": "1.0/255.0", **means}),
        ("ToCHWImage", {}),
    )
    detection = applied(
        Picture(pixels),
        "infer_cfg.yml",
        ("NormalizeImage", {"is_scale": True, **means}),
        ("Permute", {"to_bgr": True}),
    )
    np.testing.assert_allclose(clas.pixels[:, 0, 0], [1, 0, -0.25], atol=1e-6)
    np.testing.assert_allclose(detection.pixels[:, 0, 0], [-0.25, 0, 1], atol=1e-6)
    assert (clas.pixels.dtype, detection.pixels.dtype) == (np.float32, np.float32)


def test_norm_type_none() -> None:
    given = ("NormalizeImage", {"mean": [1, 1, 1], "std": [1, 1, 1], "is_scale": False, "norm_type": "none"})
    assert applied(picture(1, 1), "infer_cfg.yml", given).pixels[0, 0, 2] == 7


def test_a_fourth_plane_is_zeros() -> None:
    four = ("NormalizeImage", {"channel_num": 4})
    assert applied(picture(2, 1), "inference.yml", four, ("ToCHWImage", {})).pixels[3].tolist() == [[0, 0]]


def test_padding() -> None:
    strided = applied(picture(3, 2), "infer_cfg.yml", ("Permute", {}), ("PadStride", {"stride": 4}))
    assert strided.pixels[2].tolist() == [[7, 7, 7, 0], [7, 7, 7, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    padded = applied(picture(1, 1), "infer_cfg.yml", ("Pad", {"size": [1, 2], "fill_value": [1, 2, 3]}))
    assert padded.pixels.tolist() == [[[0, 0, 7], [1, 2, 3]]]
    # A detector is fed the size before padding.
    assert strided.resized == (2, 3)


@pytest.mark.parametrize(
    ("operators", "message"),
    [
        ([("Blur", {})], "the operator Blur is unknown"),
        ([("CropImage", {"size": 9})], "5x5 is smaller than the crop of 9x9"),
        ([("ResizeImage", {})], "ResizeImage needs resize_short or size"),
        ([("ResizeImage", {"size": 2, "backend": "cairo"})], "the backend cairo is neither cv2 nor pil"),
        ([("ResizeImage", {"size": 2, "interpolation": "box"})], "cv2 has no interpolation box"),
        ([("PadStride", {"stride": 4})], "PadStride requires the channels first"),
        (
            [("NormalizeImage", {"order": "chw"})],
            "NormalizeImage has the order 'chw', which the image does not have",
        ),
        ([("ToCHWImage", {}), ("Permute", {})], "the channels already come first"),
        ([("DecodeImage", {"to_rgb": None})], "DecodeImage.to_rgb cannot be null"),
        ([("CropImage", {"size": None})], "CropImage.size cannot be null"),
    ],
)
def test_unsupported_transforms_are_rejected(
    operators: list[tuple[str, dict[str, Any]]], message: str
) -> None:
    with pytest.raises(ValueError) as raised:
        applied(picture(5, 5), "inference.yml", *operators)
    assert str(raised.value) == message


def test_a_scale_is_never_evaluated(tmp_path: Path) -> None:
    assert [scale_of(1), scale_of("0.5"), scale_of("1.0/255.0"), scale_of("1/5/2")] == [1, 0.5, 1 / 255, 0.1]
    trap = tmp_path / "trap"
    with pytest.raises(ValueError, match="could not convert string to float"):
        scale_of(f"__import__('pathlib').Path('{trap}').touch()")
    assert not trap.exists()


def test_the_library_that_decodes() -> None:
    resize = Operator("ResizeImage", {"size": 2, "backend": "pil"})
    assert library_of("inference.yml", [resize]) == "opencv"
    assert library_of("inference.yml", [Operator("DecodeImage", {}), resize]) == "opencv"
    for name in ("pil", "PIL"):
        assert library_of("inference.yml", [Operator("DecodeImage", {"backend": name})]) == "pillow"
    assert library_of("tutorial", tutorial_operators()) == "pillow"


def test_both_libraries_apply_the_exif_orientation_or_not(tmp_path: Path) -> None:
    file = str(tmp_path / "turned.jpg")
    exif = Image.Exif()
    exif[0x0112] = 6  # Rotated clockwise by 90°.
    Image.new("RGB", (32, 16)).save(file, exif=exif)
    sizes = {
        (library, orient): read_picture(file, library=library, orient=orient).original
        for library in ("opencv", "pillow")
        for orient in (True, False)
    }
    assert sizes == {
        ("opencv", True): (32, 16),
        ("opencv", False): (16, 32),
        ("pillow", True): (32, 16),
        ("pillow", False): (16, 32),
    }


def test_both_return_rgb(tmp_path: Path) -> None:
    file = str(tmp_path / "red.png")
    assert cv2.imwrite(file, np.full((2, 2, 3), (0, 0, 255), dtype=np.uint8))
    for library in ("opencv", "pillow"):
        red = read_picture(file, library=library, orient=True)
        assert red.pixels[0, 0].tolist() == [255, 0, 0]
    decode = ("DecodeImage", {"img_mode": "BGR"})
    assert applied(red, "inference.yml", decode).pixels[0, 0].tolist() == [0, 0, 255]


@pytest.mark.parametrize("library", ["opencv", "pillow"])
def test_files_that_are_not_images(library: str, tmp_path: Path) -> None:
    file = tmp_path / "no.jpg"
    file.write_text("no image")
    with pytest.raises(UnreadableImageError):
        read_picture(str(file), library=library, orient=True)


def test_more_columns_than_opencv_supports(tmp_path: Path) -> None:
    file = str(tmp_path / "wide.bmp")
    Image.new("L", (2**20 + 1, 1)).save(file)
    with pytest.raises(UnreadableImageError, match=r"^OpenCV cannot decode it: \S"):
        read_picture(file, library="opencv", orient=True)


def test_classes() -> None:
    scores = np.array([[0.1, 0.4, 0.1, 0.4]], dtype=np.float64)
    image = picture(1, 1)
    assert read_answer({"kind": "best", "topK": 3}, [scores], image) == [[1, 0.4], [3, 0.4], [0, 0.1]]
    assert read_answer({"kind": "several", "threshold": 0.4}, [scores], image) == [[1, 0.4], [3, 0.4]]
    two = np.array([[0.6, 0.4]], dtype=np.float64)
    assert read_answer({"kind": "either", "threshold": 0.5}, [two], image) == [[0, 0.6]]
    assert read_answer({"kind": "either", "threshold": 0.4}, [two], image) == [[1, 0.4]]
    more = {"kind": "either", "threshold": 0.4, "otherwise": 2}
    assert read_answer(more, [scores], image) == [[2, 0.1]]
    assert read_answer({**more, "threshold": 0.3}, [scores], image) == [[1, 0.4]]
    with pytest.raises(ValueError, match=r"the first output has the shape \[4\], not \[1, values\]"):
        read_answer({"kind": "best", "topK": 1}, [scores[0]], image)


def test_boxes() -> None:
    image = applied(
        picture(100, 50), "infer_cfg.yml", ("Resize", {"target_size": [25, 20], "keep_ratio": False})
    )
    rows = np.array(
        [[0, 0.6, 1, 2, 3, 4], [1, 0.9, 0, 0, 10, 5], [-1, 0.9, 0, 0, 1, 1], [0, 0.5, 0, 0, 1, 1]]
    )

    def boxes(unit: str) -> list[list[float]]:
        return read_answer({"kind": "boxes", "threshold": 0.5, "unit": unit}, [rows], image)

    assert boxes("original") == [[1, 0.9, 0, 0, 10, 5], [0, 0.6, 1, 2, 3, 4]]
    # 100 x 50 was fed as 20 x 25.
    assert boxes("fed") == [[1, 0.9, 0, 0, 50, 10], [0, 0.6, 5, 4, 15, 8]]
    assert boxes("fraction") == [[1, 0.9, 0, 0, 1000, 250], [0, 0.6, 100, 100, 300, 200]]
    reading = {"kind": "boxes", "threshold": 0.5, "unit": "original"}
    assert read_answer(reading, [np.array([[-1.0]])], image) == []
    with pytest.raises(ValueError, match=r"the first output has the shape \[1, 9\], not \[boxes, 6\]"):
        read_answer(reading, [np.zeros((1, 9))], image)


def segmented(image: Picture, *operators: tuple[str, dict[str, Any]]) -> Picture:
    return applied(image, "deploy.yaml", *operators)


@pytest.mark.parametrize(
    ("operator", "size", "expected"),
    [
        (("Resize", {}), (10, 20), (512, 512)),
        (("Resize", {"target_size": [4, 6]}), (10, 20), (4, 6)),
        (("Resize", {"target_size": [10, 60], "keep_ratio": True}), (30, 20), (15, 10)),
        (("Resize", {"target_size": [10, 60], "keep_ratio": True, "size_divisor": 8}), (30, 20), (16, 16)),
        # 5 * 3 / 2 = 7.5 is rounded to the even 8.
        (("ResizeByShort", {"short_size": 3}), (5, 2), (8, 3)),
        (("ResizeByShort", {"short_size": 3, "max_size": 7}), (5, 2), (5, 2)),
        (("ResizeByLong", {"long_size": 5}), (5, 10), (2, 5)),
        (("LimitLong", {"max_long": 15}), (30, 20), (15, 10)),
        (("LimitLong", {"min_long": 60, "max_long": 90}), (30, 20), (60, 40)),
        (("LimitLong", {}), (30, 20), (30, 20)),
        (("ResizeRangeScaling", {"min_value": 15, "max_value": 15}), (30, 20), (15, 10)),
        (("ResizeStepScaling", {"min_scale_factor": 2, "max_scale_factor": 2}), (3, 2), (6, 4)),
        (("Padding", {"target_size": [5, 6]}), (3, 2), (5, 6)),
        (("PaddingByAspectRatio", {}), (3, 2), (3, 3)),
        (("PaddingByAspectRatio", {"aspect_ratio": 1.5}), (20, 30), (45, 30)),
    ],
)
def test_sizes_of_segmentation(
    operator: tuple[str, dict[str, Any]], size: tuple[int, int], expected: tuple[int, int]
) -> None:
    prepared = segmented(picture(*size), operator)
    assert prepared.pixels.shape == (3, expected[1], expected[0])
    assert prepared.pixels.dtype == np.float32


def test_normalisation_and_padding_keep_their_order() -> None:
    """Padding before normalising is normalised too."""
    plain = {"mean": [0], "std": [0.5]}
    before = segmented(picture(1, 1), ("Padding", {"target_size": [2, 1]}), ("Normalize", plain))
    after = segmented(picture(1, 1), ("Normalize", plain), ("Padding", {"target_size": [2, 1]}))
    assert before.pixels[2].tolist() == [[pytest.approx(14 / 255), 1.0]]
    assert after.pixels[2].tolist() == [[pytest.approx(14 / 255), 127.5]]


@pytest.mark.parametrize(
    "operator",
    [
        ("ResizeRangeScaling", {}),
        ("ResizeStepScaling", {}),
        ("Resize", {"interp": "RANDOM"}),
        ("RandomNoise", {}),
        ("Normalize", {"std": [0.0]}),
        ("Padding", {"target_size": [1, 1]}),
    ],
)
def test_what_segmentation_rejects(operator: tuple[str, dict[str, Any]]) -> None:
    with pytest.raises(ValueError, match=r"random|interpolation|unknown|std of 0|larger than"):
        segmented(picture(3, 2), operator)


def test_the_map_of_classes_has_the_size_of_the_image() -> None:
    """Padding is cut off, and consecutive resizes are undone as one."""
    prepared = segmented(
        picture(4, 1),
        ("Resize", {"target_size": [1, 1]}),
        ("Normalize", {}),
        ("Resize", {"target_size": [2, 1]}),
        ("Padding", {"target_size": [3, 2]}),
    )
    ids = np.array([[[1, 2, 9], [9, 9, 9]]], dtype=np.int32)
    assert class_map([ids], prepared).tolist() == [[1, 1, 2, 2]]
    scores = np.stack([ids == 1, ids == 2], axis=1).astype(np.float32)
    assert class_map([scores], prepared).tolist() == [[0, 0, 1, 1]]
    assert class_map([ids[:, np.newaxis].astype(np.int64)], prepared).tolist() == [[1, 1, 2, 2]]
    for output in (ids[:, :1], ids.astype(np.float32), np.zeros((1, 2, 2, 3), np.int32)):
        with pytest.raises(ValueError, match=r"the first output"):
            class_map([output], prepared)
