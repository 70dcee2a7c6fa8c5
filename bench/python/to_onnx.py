"""Converts a network for onnxruntime: `to_onnx.py PROGRAM PARAMS TARGET`."""

from __future__ import annotations

import sys

import paddle2onnx

__all__: list[str] = []


def main() -> None:
    program, params, target = sys.argv[1:]
    # onnxruntime folds constants itself; paddle2onnx would install packages to do it.
    paddle2onnx.export(program, params, target, opset_version=17, optimize_tool="None")


if __name__ == "__main__":
    main()
