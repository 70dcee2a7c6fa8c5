from __future__ import annotations

import os
import struct
from pathlib import Path

import numpy as np
import pytest
from paddle_worker.errors import WorkerError, describe_error
from paddle_worker.params_file import check_params_file
from paddle_worker.shared_memory import Region, aligned


def tensor_bytes(array: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> bytes:
    """A tensor as paddle writes it: versions, no LoD, its description, its elements."""
    from paddle.base.proto import framework_pb2 as proto

    description: bytes = proto.VarType.TensorDesc(
        data_type=proto.VarType.FP32, dims=array.shape
    ).SerializeToString()
    return struct.pack("<IQIi", 0, 0, 0, len(description)) + description + array.tobytes()


def test_a_whole_params_file_passes(tmp_path: Path) -> None:
    file = tmp_path / "inference.pdiparams"
    file.write_bytes(tensor_bytes(np.zeros((3, 4), np.float32)) + tensor_bytes(np.zeros((), np.float32)))
    check_params_file(file, 2)


@pytest.mark.parametrize("missing", [1, 4, 40])
def test_a_params_file_that_is_cut_off_is_told_with_the_place(tmp_path: Path, missing: int) -> None:
    file = tmp_path / "inference.pdiparams"
    first, second = tensor_bytes(np.zeros((3, 4), np.float32)), tensor_bytes(np.zeros(2, np.float32))
    whole = first + second
    file.write_bytes(whole[:-missing])
    number = 1 if missing > len(second) else 2
    with pytest.raises(WorkerError) as failure:
        check_params_file(file, 2)
    assert failure.value.code == "MODEL_LOAD_FAILED"
    assert str(failure.value) == (
        f"{file} is cut off: it ends at byte {len(whole) - missing}, inside tensor {number} of 2.\n"
        "Copy or export the model again."
    )


def test_an_error_crosses_with_its_type_and_without_paths_of_the_build_machine() -> None:
    text = (
        "\n\n--------------------------------------\nC++ Traceback (most recent call last):\n"
        "--------------------------------------\n0   paddle::frame()\n\n"
        "----------------------\nError Message Summary:\n----------------------\n"
        "InvalidArgumentError: Wrong shape.\n  [Hint: 1 != 2] (at /paddle/paddle/phi/a.cc:12)\n"
    )
    described = describe_error(ValueError(text))
    assert described["code"] is None
    assert described["type"] == "ValueError"
    assert described["message"] == "InvalidArgumentError: Wrong shape.\n  [Hint: 1 != 2]"
    assert "ValueError" in described["traceback"]


def test_an_error_without_a_text_has_its_type() -> None:
    assert describe_error(MemoryError())["message"] == "MemoryError"


def test_a_region_grows_and_keeps_what_lies_in_it(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path / "region", os.O_RDWR | os.O_CREAT)
    try:
        region = Region(descriptor)
        region.grow(100)
        small = region.array("int64", [2], 64)
        small[:] = [3, 2**62]
        region.grow(1_000_000)
        assert region.size >= 1_000_000
        assert region.array("int64", [2], 64).tolist() == [3, 2**62]
        # The shorter mapping is the same memory, and stays for as long as an array looks into it.
        small[0] = 4
        assert region.array("int64", [2], 64).tolist() == [4, 2**62]
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_growing_never_cuts_off_what_another_worker_has_grown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    descriptor = os.open(tmp_path / "region", os.O_RDWR | os.O_CREAT)
    try:
        first = Region(descriptor)
        first.grow(1_000_000)
        first.array("uint8", [1], 999_999)[0] = 7
        monkeypatch.setattr("sys.platform", platform)
        Region(descriptor).grow(10)
        assert os.fstat(descriptor).st_size == first.size
        assert first.array("uint8", [1], 999_999).tolist() == [7]
        taken_over = Region(descriptor)
        taken_over.grow(2_000_000)
        assert taken_over.array("uint8", [1], 999_999).tolist() == [7]
    finally:
        os.close(descriptor)


def test_bfloat16_lies_in_its_bits(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path / "region", os.O_RDWR | os.O_CREAT)
    try:
        region = Region(descriptor)
        region.grow(100)
        assert region.array("bfloat16", [2, 3], 64).dtype == np.uint16
        assert region.array("bfloat16", [0], 0).dtype == np.uint16
    finally:
        os.close(descriptor)


def test_a_tensor_without_elements_takes_no_memory(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path / "region", os.O_RDWR | os.O_CREAT)
    try:
        assert Region(descriptor).array("float32", [0, 6], 0).shape == (0, 6)
    finally:
        os.close(descriptor)


def test_aligned() -> None:
    assert [aligned(offset) for offset in (0, 1, 64, 65)] == [0, 64, 64, 128]
