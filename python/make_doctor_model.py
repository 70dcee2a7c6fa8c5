"""Make the tiny network with a known result that `paddle-ts doctor` runs: y = softmax(2x + [0, 1, 2]).

python python/make_doctor_model.py models/doctor
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["make"]


def make(folder: Path) -> None:
    """Write `inference.pdmodel` and `inference.pdiparams` to the folder."""
    # Every version from 2.6 reads the older format. Paddle reads this flag once, at import.
    os.environ.update({"FLAGS_enable_pir_api": "0"})
    import numpy as np
    import paddle

    paddle.enable_static()
    program = paddle.static.Program()
    with paddle.static.program_guard(program):
        x = paddle.static.data("x", [-1, 3], "float32")
        weight = paddle.static.create_parameter([3, 3], "float32", name="weight")
        bias = paddle.static.create_parameter([3], "float32", name="bias")
        y = paddle.nn.functional.softmax(paddle.nn.functional.linear(x, weight, bias))
    scope = paddle.static.global_scope()
    place = paddle.CPUPlace()
    scope.var("weight").get_tensor().set(2 * np.eye(3, dtype=np.float32), place)
    scope.var("bias").get_tensor().set(np.arange(3, dtype=np.float32), place)
    network = paddle.static.normalize_program(program, [x], [y])
    for operator in network.global_block().ops:
        # It contains the lines and path of this script on the machine that ran it.
        if operator.has_attr("op_callstack"):
            operator._remove_attr("op_callstack")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "inference.pdmodel").write_bytes(network.desc.serialize_to_string())
    executor = paddle.static.Executor(place)
    (folder / "inference.pdiparams").write_bytes(
        paddle.static.serialize_persistables([x], [y], executor, program=program)
    )


if __name__ == "__main__":
    make(Path(sys.argv[1]))
