"""Checks that a combined parameters file is complete.

If only the last tensor is truncated, paddle silently reads past the end and computes with what it finds
there. The format is paddle's own (`SerializeToStream`, paddle/phi/core/framework/dense_tensor_tostream.cc):
for each tensor a uint32 version, the LoD (a uint64 count, then each level as a uint64 length and its bytes),
a uint32 version, an int32 length, a `TensorDesc` of that length, and the elements.
"""

from __future__ import annotations

import errno
import math
import struct
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from git_lfs import git_lfs_advice, is_git_lfs_pointer

from paddle_worker.errors import WorkerError

if TYPE_CHECKING:
    from paddle_worker.protocol.control import TensorInfo

__all__ = ["check_params_file", "check_separate_file", "other_params", "surplus_of", "unreadable"]

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


def check_params_file(file: Path, parameters: Sequence[TensorInfo]) -> None:
    """Checks the tensors of `file` without reading their elements.

    Raises `WorkerError` MODEL_LOAD_FAILED if the file is truncated, damaged, or belongs to another program:
    paddle would take the shapes from the file and compute with them.
    """
    count = len(parameters)
    found: Counter[int] = Counter()
    is_whole = False
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            while sum(found.values()) < count and not is_whole:
                tensor = _tensor_at(stream)
                if tensor is None or tensor.end > size:
                    raise WorkerError(
                        "MODEL_LOAD_FAILED",
                        f"{file} is cut off: it ends at byte {size}, inside tensor {sum(found.values()) + 1} of {count}.\n"
                        "Copy or export the model again.",
                    )
                found[tensor.elements] += 1
                stream.seek(tensor.end)
                is_whole = tensor.end == size
    except WorkerError:
        raise
    except Exception as error:
        # EINVAL means that an offset is invalid, and so the file is damaged.
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise unreadable(file, error) from error
        raise WorkerError(
            "MODEL_LOAD_FAILED",
            f"{file} is damaged: tensor {sum(found.values()) + 1} of {count} is invalid.\n"
            "Copy or export the model again.",
        ) from error
    # If the file contains more tensors, paddle reports it: see `surplus_of`.
    if is_whole:
        _check_sizes(file, found, parameters)


def _check_sizes(file: Path, found: Counter[int], parameters: Sequence[TensorInfo]) -> None:
    if sum(found.values()) < len(parameters):
        raise other_params(file, _counts(sum(found.values()), len(parameters)))
    if any(size < 0 for each in parameters for size in each["shape"]):
        return
    missing = Counter(math.prod(parameter["shape"]) for parameter in parameters) - found
    unmatched = next((each for each in parameters if math.prod(each["shape"]) in missing), None)
    if unmatched is not None:
        raise other_params(
            file,
            "the sizes of its tensors do not match the program: none is left for "
            f"{unmatched['name']} [{','.join(str(size) for size in unmatched['shape'])}]",
        )


def surplus_of(file: Path, parameters: Sequence[TensorInfo]) -> str | None:
    """What an intact file contains beside as many tensors as the program has parameters; None if nothing."""
    found = 0
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            while stream.tell() < size:
                tensor = _tensor_at(stream)
                if tensor is None or tensor.end > size:
                    return None
                found += 1
                stream.seek(tensor.end)
    except Exception:
        return None
    return _counts(found, len(parameters)) if found > len(parameters) else None


def _counts(tensors: int, parameters: int) -> str:
    return (
        f"it has {tensors} {'tensor' if tensors == 1 else 'tensors'}, "
        f"and the program {parameters} {'parameter' if parameters == 1 else 'parameters'}"
    )


def other_params(file: Path, why: str, paddles: str | None = None) -> WorkerError:
    """The error for parameters that do not belong to the program; `paddles` is what paddle says of them."""
    words = "" if paddles is None else f"{paddles}\n"
    return WorkerError(
        "MODEL_LOAD_FAILED",
        f"{file} belongs to another model: {why}.\n{words}"
        "Pass the parameters that were exported with the program, or export the model again.",
    )


def check_separate_file(file: Path, parameter: TensorInfo) -> None:
    """Same as `check_params_file`, for the file of a single parameter in old models.

    Raises `WorkerError` MODEL_PARAMS_NOT_FOUND if the file does not exist.
    """
    if not file.is_file():
        raise WorkerError(
            "MODEL_PARAMS_NOT_FOUND",
            f"{file.parent} does not contain {file.name}, the file of a parameter of its program.\n"
            "Copy or export the model again.",
        )
    if is_git_lfs_pointer(file):
        raise WorkerError(
            "MODEL_PARAMS_NOT_FOUND",
            f"{file} is a pointer of Git LFS, not a parameter of the model.\n{git_lfs_advice(file)}",
        )
    check_params_file(file, [parameter])


def unreadable(file: Path, error: OSError) -> WorkerError:
    """The error for an existing file that cannot be read."""
    return WorkerError(
        "MODEL_LOAD_FAILED",
        f"{file} cannot be read: {error.strerror}.\nCheck that it is a file with read permission.",
    )


class _Tensor(NamedTuple):
    elements: int
    end: int


def _tensor_at(stream: BinaryIO) -> _Tensor | None:
    """Reads the header of the next tensor; None if the file ends inside it."""
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
    dims = [int(size) for size in description.dims]
    if any(size < 0 for size in dims):
        raise ValueError(dims)
    elements = math.prod(dims)
    return _Tensor(elements, stream.tell() + elements * width)


def _unpack(stream: BinaryIO, layout: str) -> tuple[int, ...]:
    return struct.unpack(layout, stream.read(struct.calcsize(layout)))
