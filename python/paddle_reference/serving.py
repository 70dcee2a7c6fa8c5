"""Serve the requests of paddle-ts, one line of JSON each. A reply is a line, and the bytes of the tensors it lists."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np

from .attributes import read_attributes
from .image import Picture, Pixels, UnreadableImageError, read_picture
from .network import Network
from .paddle_seg import class_map
from .read_outputs import read_answer, read_scores
from .transforms import Operator, apply_operators, library_of, tutorial_operators

__all__ = ["serve"]

Tensors = list[tuple[str, Pixels]]


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Reply to requests until there are no more: first `load`, then one image each."""
    network: Network | None = None
    for line in requests:
        tensors: Tensors = []
        try:
            request = json.loads(line)
            reply: dict[str, Any] = {"ok": True}
            if "load" in request:
                network = _load(request["load"])
            else:
                assert network is not None
                picture = _prepared(request)
                outputs = network.run(picture)
                tensors = [("", picture.pixels), *outputs.items()]
                restored = request["reading"].get("restoredBy")
                if request["reading"]["kind"] == "segments":
                    reply["map"] = True
                    tensors.append(("", class_map(list(outputs.values()), picture, restored)))
                elif request["reading"]["kind"] == "attributes":
                    attributes = read_attributes(request["reading"], read_scores(list(outputs.values())))
                    reply["attributes"] = [{**one, "score": _finite(one["score"])} for one in attributes]
                else:
                    answer = read_answer(request["reading"], list(outputs.values()), picture)
                    reply["answer"] = [[_finite(value) for value in row] for row in answer]
        except Exception as error:
            tensors = []
            # Paddle raises OSError too.
            kind = "unreadable" if isinstance(error, UnreadableImageError) else "failed"
            reply = {"ok": False, "kind": kind, "message": f"{error}" or type(error).__name__}
        _answer(answers, reply, tensors)


def _load(model: Mapping[str, Any]) -> Network:
    return Network(model["program"], model["params"], separate=model["separate"], one_dnn=model["oneDnn"])


def _prepared(request: Mapping[str, Any]) -> Picture:
    kind = request["kind"]
    if kind == "tutorial":
        operators = tutorial_operators(request["declared"], request["short"], request["crop"])
    else:
        operators = [Operator(item["name"], item["parameters"]) for item in request["operators"]]
    picture = read_picture(request["image"], library=library_of(kind, operators), orient=request["orient"])
    apply_operators(picture, kind, operators)
    return picture


def _answer(answers: BinaryIO, reply: dict[str, Any], tensors: Tensors) -> None:
    """Write the reply. The first tensor is the network's input, the others the outputs; each as its `dtype`,
    little-endian. With `map`, the last one is the map of classes."""
    arrays = [(name, _as_floats(array)) for name, array in tensors]
    reply["tensors"] = [
        {"name": name, "dtype": array.dtype.name, "shape": array.shape} for name, array in arrays
    ]
    answers.write(json.dumps(reply).encode() + b"\n")
    for _, array in arrays:
        answers.write(array.tobytes())
    answers.flush()


def _finite(value: float) -> float | None:
    """JSON has no NaN."""
    return value if math.isfinite(value) else None


def _as_floats(array: Pixels) -> Pixels:
    """Keep float32, and convert anything else to double precision."""
    kept: Pixels = np.ascontiguousarray(array, dtype="<f4" if array.dtype == np.float32 else "<f8")
    return kept
