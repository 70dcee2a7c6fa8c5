"""Reads the outputs of a predictor and copies them into shared memory."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Callable

import numpy as np
from numpy.typing import NDArray
from paddle import inference, version

from paddle_worker.errors import WorkerError
from paddle_worker.shared_memory import Region, aligned

if TYPE_CHECKING:
    from paddle_worker.protocol.runs import PlacedTensor

__all__ = ["fetch", "place"]

# Paddle 2.6 does not have this dtype here.
_BFLOAT16 = getattr(inference.DataType, "BFLOAT16", None)

# The message of copy_to_cpu() for a dtype that it does not support and takes for float32.
_MISTAKEN = re.compile(r"does not match the type of data \((\w+)\)")


def fetch(native: Any, names: list[str] | None) -> list[tuple[PlacedTensor, NDArray[np.generic]]]:
    """The outputs with these names, or all, each with its elements; `offset` is not set yet."""
    read: list[tuple[PlacedTensor, NDArray[np.generic]]] = []
    for name in native.get_output_names() if names is None else names:
        # Get the handles again in each run, because their memory may change.
        handle = native.get_output_handle(name)
        dtype, array = _read(name, handle)
        tensor: PlacedTensor = {"name": name, "dtype": dtype, "shape": list(array.shape), "offset": 0}
        lod = handle.lod()
        if lod:
            tensor["lod"] = lod
        read.append((tensor, array))
    return read


def place(
    tensors: Sequence[tuple[PlacedTensor, NDArray[np.generic]]],
    region: Region,
    ask_room: Callable[[int], int],
) -> None:
    """Copies tensors one after another into the region and sets their offsets.

    If the region is too small, calls `ask_room` with the required size in bytes; it returns the new size.
    """
    end = 0
    for tensor, array in tensors:
        tensor["offset"] = end
        end = aligned(end + array.nbytes)
    if end > region.size:
        region.map(ask_room(end))
    for tensor, array in tensors:
        if array.size > 0:
            np.copyto(region.array(tensor["dtype"], tensor["shape"], tensor["offset"]), array)


def _read(name: str, handle: Any) -> tuple[str, NDArray[np.generic]]:
    """The dtype of an output and its elements; bfloat16 as bits."""
    try:
        array: NDArray[np.generic] = handle.copy_to_cpu()
    except Exception as error:
        unreadable = _unreadable(name, str(error))
        if unreadable is None:
            raise
        raise unreadable from error
    if _BFLOAT16 is None or handle.type() != _BFLOAT16:
        return array.dtype.name, array
    # Paddle allocates a float32 array, twice as long as the bits that it writes to its start.
    bits = array.reshape(-1).view(np.uint16)[: array.size]
    return "bfloat16", bits.reshape(array.shape)


def _unreadable(name: str, message: str) -> WorkerError | None:
    """The error for an output that paddle cannot return; None for any other failure."""
    mistaken = _MISTAKEN.search(message)
    if mistaken:
        dtype = mistaken.group(1)
        cast = "float32 of its real and imaginary part" if dtype.startswith("complex") else "int32"
        return WorkerError(
            "OUTPUT_UNSUPPORTED",
            f"Output `{name}` is {dtype}, which paddle cannot return.\n"
            f"Export the network with a cast of it to {cast}.",
        )
    if "Unsupported data type" in message:
        return WorkerError(
            "OUTPUT_UNSUPPORTED",
            f"Output `{name}` is bfloat16, or another type that paddle {version.full_version} cannot return.\n"
            "Read bfloat16 with paddle 3.2.2 or 3.3.1 (paddle-ts setup --paddle-version 3.3.1), or export the network with a "
            "cast of it to float32.",
        )
    return None
