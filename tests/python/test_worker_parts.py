from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from paddle_worker.errors import WorkerError, describe_error
from paddle_worker.model_files import read_model_program
from paddle_worker.params_file import check_params_file, check_separate_file, surplus_of
from paddle_worker.shared_memory import Region, aligned
from paddle_worker.wheel_support import lacking

if TYPE_CHECKING:
    from paddle_worker.protocol.control import ModelPaths, RecordedCall, TensorInfo


def tensor_bytes(array: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> bytes:
    """A tensor in paddle's file format: versions, no LoD, its description, its elements."""
    from paddle.base.proto import framework_pb2 as proto

    description: bytes = proto.VarType.TensorDesc(
        data_type=proto.VarType.FP32, dims=array.shape
    ).SerializeToString()
    return struct.pack("<IQIi", 0, 0, 0, len(description)) + description + array.tobytes()


def declared(*shape: int) -> TensorInfo:
    return {"name": "w", "dtype": "float32", "shape": list(shape)}


def refusal_of(file: Path, *parameters: TensorInfo) -> str:
    with pytest.raises(WorkerError) as failure:
        check_params_file(file, parameters)
    return f"{failure.value.code}: {str(failure.value).splitlines()[0]}"


def test_params_of_another_model_are_rejected_if_paddle_would_compute_with_them(tmp_path: Path) -> None:
    file = tmp_path / "inference.pdiparams"
    file.write_bytes(tensor_bytes(np.zeros((3, 4), np.float32)) + tensor_bytes(np.zeros(2, np.float32)))
    check_params_file(
        file, [declared(2, 1), declared(4, 3)]
    )  # In any order, and with shapes that paddle reshapes.
    check_params_file(file, [declared(7)])  # The file contains more: paddle reports that itself.
    check_params_file(file, [declared(-1, 7), declared(2)])
    belongs = f"MODEL_LOAD_FAILED: {file} belongs to another model:"
    assert refusal_of(file, declared(3, 4), declared(3)) == (
        f"{belongs} the sizes of its tensors do not match the program: none is left for w [3]."
    )
    assert refusal_of(file, declared(3, 4), declared(2), declared(2)) == (
        f"{belongs} it has 2 tensors, and the program 3 parameters."
    )


def test_surplus_parameters_are_counted_in_an_intact_file(tmp_path: Path) -> None:
    file = tmp_path / "inference.pdiparams"
    whole = tensor_bytes(np.zeros((3, 4), np.float32)) + tensor_bytes(np.zeros(2, np.float32))
    file.write_bytes(whole)
    assert surplus_of(file, [declared(3, 4)]) == "it has 2 tensors, and the program 1 parameter"
    assert surplus_of(file, [declared(3, 4), declared(2)]) is None
    for other in (whole[:-1], whole + b"\0", whole + b"\xff" * 100):
        file.write_bytes(other)
        assert surplus_of(file, [declared(3, 4)]) is None
    assert surplus_of(tmp_path, [declared(3, 4)]) is None


def test_a_pointer_of_git_lfs_in_place_of_a_separate_file(tmp_path: Path) -> None:
    (tmp_path / "w").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    with pytest.raises(WorkerError) as failure:
        check_separate_file(tmp_path / "w", declared(3, 4))
    assert (failure.value.code, str(failure.value)) == (
        "MODEL_PARAMS_NOT_FOUND",
        f"{tmp_path}/w is a pointer of Git LFS, not a parameter of the model.\n"
        f"In a clone of its repository, get the file itself: git -C {tmp_path} lfs pull",
    )


@pytest.mark.parametrize("seed", range(40))
def test_params_with_flipped_bits_or_random_bytes_are_rejected_or_complete(tmp_path: Path, seed: int) -> None:
    file = tmp_path / "inference.pdiparams"
    random = np.random.default_rng(seed)
    whole = bytearray(tensor_bytes(np.zeros((3, 4), np.float32)) * 2)
    for _ in range(1 + seed % 3):
        at = int(random.integers(0, 32 if seed % 2 else len(whole)))
        whole[at] ^= 1 << int(random.integers(0, 8))
    parameters = [declared(3, 4), declared(3, 4)]
    file.write_bytes(bytes(whole))
    try:
        check_params_file(file, parameters)
    except WorkerError as error:
        assert error.code == "MODEL_LOAD_FAILED"
    file.write_bytes(b"\xff" * 12 + random.bytes(200))
    assert refusal_of(file, *parameters).startswith(f"MODEL_LOAD_FAILED: {file} is ")


def test_a_negative_size_is_damage(tmp_path: Path) -> None:
    file = tmp_path / "inference.pdiparams"
    from paddle.base.proto import framework_pb2 as proto

    description = proto.VarType.TensorDesc(data_type=proto.VarType.FP32, dims=[-1, 4]).SerializeToString()
    file.write_bytes(struct.pack("<IQIi", 0, 0, 0, len(description)) + description)
    assert refusal_of(file, declared(1, 4)) == (
        f"MODEL_LOAD_FAILED: {file} is damaged: tensor 1 of 1 is invalid."
    )


def test_a_folder_in_place_of_params_is_reported(tmp_path: Path) -> None:
    assert (
        refusal_of(tmp_path, declared(1)) == f"MODEL_LOAD_FAILED: {tmp_path} cannot be read: Is a directory."
    )


@pytest.mark.parametrize("suffix", ["pdmodel", "json"])
@pytest.mark.parametrize(
    "content", [b"", b"\0", b"\xff" * 64, b"[" * 100_000, b'{"program": 1}', b'{"base_code":{}']
)
def test_a_program_file_with_other_content_is_rejected(tmp_path: Path, suffix: str, content: bytes) -> None:
    file = tmp_path / f"inference.{suffix}"
    file.write_bytes(content)
    model: ModelPaths = {"format": suffix, "program": str(file), "params": None}
    with pytest.raises(WorkerError) as failure:
        read_model_program(model)
    assert failure.value.code == "MODEL_LOAD_FAILED"
    assert str(failure.value) == f"{file} is not a complete Paddle program.\nCopy or export the model again."


def test_a_complete_params_file_passes(tmp_path: Path) -> None:
    file = tmp_path / "inference.pdiparams"
    file.write_bytes(tensor_bytes(np.zeros((3, 4), np.float32)) + tensor_bytes(np.zeros((), np.float32)))
    check_params_file(file, [declared(3, 4), declared()])


@pytest.mark.parametrize("missing", [1, 4, 40])
def test_a_truncated_params_file_is_reported_with_the_position(tmp_path: Path, missing: int) -> None:
    file = tmp_path / "inference.pdiparams"
    first, second = tensor_bytes(np.zeros((3, 4), np.float32)), tensor_bytes(np.zeros(2, np.float32))
    whole = first + second
    file.write_bytes(whole[:-missing])
    number = 1 if missing > len(second) else 2
    with pytest.raises(WorkerError) as failure:
        check_params_file(file, [declared(3, 4), declared(2)])
    assert failure.value.code == "MODEL_LOAD_FAILED"
    assert str(failure.value) == (
        f"{file} is cut off: it ends at byte {len(whole) - missing}, inside tensor {number} of 2.\n"
        "Copy or export the model again."
    )


def test_an_error_keeps_its_type_and_loses_paths_of_the_build_machine() -> None:
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


def test_an_error_without_a_message_has_its_type() -> None:
    assert describe_error(MemoryError())["message"] == "MemoryError"


def test_a_region_that_grew_keeps_its_content(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path / "region", os.O_RDWR | os.O_CREAT)
    try:
        region = Region(descriptor)
        os.truncate(descriptor, 1_000_000)
        region.map(100)
        small = region.array("int64", [2], 64)
        small[:] = [3, 2**62]
        region.map(1_000_000)
        assert region.size == 1_000_000
        assert region.array("int64", [2], 64).tolist() == [3, 2**62]
        # The shorter mapping is the same memory, and stays mapped as long as an array uses it.
        small[0] = 4
        assert region.array("int64", [2], 64).tolist() == [4, 2**62]
    finally:
        os.close(descriptor)


def test_bfloat16_is_stored_as_bits(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path / "region", os.O_RDWR | os.O_CREAT)
    try:
        region = Region(descriptor)
        os.truncate(descriptor, 100)
        region.map(100)
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


@pytest.mark.parametrize(
    ("method", "what", "on_linux"),
    [
        ("enable_use_gpu", "the GPU", "Install a GPU wheel: paddle-ts setup --device auto"),
        (
            "enable_tensorrt_engine",
            "TensorRT",
            "Install a wheel that has it: paddle-ts setup --device gpu --paddle-version 2.6.2",
        ),
        ("exp_enable_use_cutlass", "CUTLASS", "Install a GPU wheel: paddle-ts setup --device auto"),
    ],
)
@pytest.mark.parametrize(
    ("system", "machine"), [("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64")]
)
def test_a_gpu_wheel_is_only_advised_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch, method: str, what: str, on_linux: str, system: str, machine: str
) -> None:
    monkeypatch.setattr("paddle_worker.wheel_support.sys.platform", system)
    monkeypatch.setattr("paddle_worker.wheel_support.platform.machine", lambda: machine)
    elsewhere = "Run it on Linux x64, the only platform for which Paddle has GPU wheels"
    call: RecordedCall = {"name": method, "methods": [method], "args": [], "versions": ""}
    warning = lacking(call)
    assert warning is not None
    advice = on_linux if machine == "x86_64" else elsewhere
    assert warning["message"].splitlines()[1] == f"{advice}, or leave {what} out."
