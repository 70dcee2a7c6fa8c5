"""Checks that a combined parameters file is whole.

Paddle reads past a short end in silence when only the last tensor is cut, and computes with what it finds there.
The format is paddle's own (`SerializeToStream`, paddle/phi/core/framework/dense_tensor_tostream.cc): for each tensor a
uint32 version, the LoD (a uint64 count, then each level's bytes behind a uint64 length), a uint32 version, an int32 length, a
`TensorDesc` of that length, and the elements.
"""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import BinaryIO

from paddle_worker.errors import WorkerError

__all__ = ["check_params_file", "check_separate_file"]

_ELEMENT_BYTES = {
    "BOOL": 1,
    "INT8": 1,
    "UINT8": 1,
    "INT16": 2,
    "FP16": 2,
    "BF16": 2,
    "INT32": 4,
    "FP32": 4,
    "INT64": 8,
    "FP64": 8,
    "COMPLEX64": 8,
    "COMPLEX128": 16,
    "FP8_E4M3FN": 1,
    "FP8_E5M2": 1,
}


def check_params_file(file: Path, parameters: int) -> None:
    """Walks over the `parameters` tensors of `file` without reading their elements.

    Raises `WorkerError` MODEL_LOAD_FAILED when the file ends inside one of them.
    """
    size = file.stat().st_size
    with file.open("rb") as stream:
        for index in range(parameters):
            end = _end_of_tensor(stream)
            if end is None or end > size:
                raise WorkerError(
                    "MODEL_LOAD_FAILED",
                    f"{file} is cut off: it ends at byte {size}, inside tensor {index + 1} of {parameters}.\n"
                    "Copy or export the model again.",
                )
            stream.seek(end)


def check_separate_file(file: Path) -> None:
    """The same for a file that holds one tensor, as old models have them.

    Raises `WorkerError` MODEL_PARAMS_NOT_FOUND when it is not there.
    """
    if not file.is_file():
        raise WorkerError(
            "MODEL_PARAMS_NOT_FOUND",
            f"{file.parent} lacks {file.name}, the file of a parameter that its program has.\n"
            "Copy or export the model again.",
        )
    check_params_file(file, 1)


def _end_of_tensor(stream: BinaryIO) -> int | None:
    """Where the tensor that starts here ends, or None when the file ends inside its header."""
    from paddle.base.proto import framework_pb2 as proto

    try:
        _version, levels = _unpack(stream, "<IQ")
        for _ in range(min(levels, 16)):
            stream.seek(_unpack(stream, "<Q")[0], 1)
        _tensor_version, length = _unpack(stream, "<Ii")
    except struct.error:
        return None
    header = stream.read(max(length, 0))
    if len(header) < length:
        return None
    description = proto.VarType.TensorDesc()
    description.ParseFromString(header)
    width = _ELEMENT_BYTES.get(proto.VarType.Type.Name(description.data_type), 1)
    elements = math.prod(int(size) for size in description.dims)
    return stream.tell() + elements * width


def _unpack(stream: BinaryIO, layout: str) -> tuple[int, ...]:
    return struct.unpack(layout, stream.read(struct.calcsize(layout)))
