"""Makes networks that take and return every element type: `python make_tensor_nets.py FOLDER`.

The operators are appended directly: paddle's own functions reject some types that its kernels accept.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

# Set before paddle is imported: only the old program format produces .pdmodel.
os.environ.update(FLAGS_enable_pir_api="0")

import paddle
from paddle.base import core

__all__: list[str] = []

_TYPES = core.VarDesc.VarType
_NUMBERS = {
    "float64": _TYPES.FP64,
    "float32": _TYPES.FP32,
    "float16": _TYPES.FP16,
    "bfloat16": _TYPES.BF16,
    "int64": _TYPES.INT64,
    "int32": _TYPES.INT32,
    "int16": _TYPES.INT16,
    "int8": _TYPES.INT8,
    "uint8": _TYPES.UINT8,
    "bool": _TYPES.BOOL,
    "complex64": _TYPES.COMPLEX64,
}
_FED = [dtype for dtype in _NUMBERS if dtype not in ("int16", "complex64")]


class Network:
    """A program that is built operator by operator."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._program = paddle.static.Program()
        self._inputs: list[Any] = []
        self._outputs: list[Any] = []

    def data(self, name: str, shape: list[int], dtype: str) -> Any:
        with paddle.static.program_guard(self._program):
            variable = paddle.static.data(name, shape, dtype)
        self._inputs.append(variable)
        return variable

    def variable(self, dtype: str, **options: Any) -> Any:
        return self._program.global_block().create_var(dtype=dtype, **options)

    def append(self, kind: str, inputs: dict[str, Any], outputs: dict[str, Any], **attributes: Any) -> None:
        self._program.global_block().append_op(type=kind, inputs=inputs, outputs=outputs, attrs=attributes)

    def cast(self, source: Any, before: str, after: str) -> Any:
        result = self.variable(after, shape=source.shape)
        numbers = {"in_dtype": int(_NUMBERS[before]), "out_dtype": int(_NUMBERS[after])}
        self.append("cast", {"X": [source]}, {"Out": [result]}, **numbers)
        return result

    def twice(self, source: Any, dtype: str) -> Any:
        result = self.variable(dtype, shape=source.shape)
        self.append("concat", {"X": [source, source]}, {"Out": [result]}, axis=0)
        return result

    def save(self, *outputs: Any, inputs: list[Any] | None = None) -> None:
        with paddle.static.program_guard(self._program):
            paddle.static.save_inference_model(
                str(self._folder / "inference"),
                inputs or self._inputs,
                list(outputs),
                paddle.static.Executor(paddle.CPUPlace()),
                program=self._program,
            )


def every_type(folder: Path) -> None:
    """Takes a matrix of every type; returns, for each in order, its numbers as float64, and itself twice."""
    net = Network(folder)
    outputs: list[Any] = []
    for dtype in _FED:
        matrix = net.data(dtype, [-1, -1], dtype)
        outputs += [net.cast(matrix, dtype, "float64"), net.twice(matrix, dtype)]
    net.save(*outputs)


def scalars(folder: Path) -> None:
    """Takes a scalar of every type; returns their numbers as float64, in order."""
    net = Network(folder)
    net.save(*[net.cast(net.data(dtype, [], dtype), dtype, "float64") for dtype in _FED])


def takes(folder: Path, dtype: str) -> None:
    """Takes a row of that type; returns its numbers as float32."""
    net = Network(folder)
    net.save(net.cast(net.data("x", [-1], dtype), dtype, "float32"))


def gives(folder: Path, dtype: str) -> None:
    """Takes a row of float32; returns its numbers as that type."""
    net = Network(folder)
    net.save(net.cast(net.data("x", [-1], "float32"), "float32", dtype))


def in_place(folder: Path) -> None:
    """Takes float32 [-1, 4]; returns relu of its flat form, which paddle may compute in the memory of the input."""
    net = Network(folder)
    x = net.data("x", [-1, 4], "float32")
    flat, shape, result = (net.variable("float32", shape=[-1]) for _ in range(3))
    net.append("reshape2", {"X": [x]}, {"Out": [flat], "XShape": [shape]}, shape=[-1])
    net.append("relu", {"X": [flat]}, {"Out": [result]})
    net.save(result)


def tokenizer(folder: Path) -> None:
    """Takes strings; returns the ids of their words in a vocabulary, and their segments."""
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "hello", "world", "pad", "##dle", "我", "爱"]
    net = Network(folder)
    text = net.variable(
        "float32", name="text", shape=[-1], type=_TYPES.STRINGS, is_data=True, need_check_feed=False
    )
    vocabulary = net.variable(
        "float32", name="vocabulary", shape=[len(words)], type=_TYPES.VOCAB, persistable=True
    )
    ids, segments = (net.variable("int64", shape=[-1, -1]) for _ in range(2))
    net.append(
        "faster_tokenizer",
        {"Vocab": [vocabulary], "Text": [text]},
        {"InputIds": [ids], "SegmentIds": [segments]},
        do_lower_case=True,
        is_split_into_words=False,
        max_seq_len=0,
        pad_to_max_seq_len=False,
    )
    paddle.static.global_scope().var("vocabulary").set_vocab(
        {word: index for index, word in enumerate(words)}
    )
    net.save(ids, segments, inputs=[text])


def main() -> None:
    folder = Path(sys.argv[1])
    paddle.enable_static()
    every_type(folder / "every-type")
    scalars(folder / "scalars")
    takes(folder / "takes-int16", "int16")
    gives(folder / "gives-int16", "int16")
    gives(folder / "gives-bfloat16", "bfloat16")
    gives(folder / "gives-complex64", "complex64")
    in_place(folder / "in-place")
    tokenizer(folder / "tokenizer")


if __name__ == "__main__":
    main()
