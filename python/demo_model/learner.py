"""The training of the network as a static program, which runs convolutions with oneDNN, twice as fast as Paddle's own."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import paddle
from paddle.nn import functional

from .network import CharacterNet
from .render import INPUT_SIZE

__all__ = ["Learner"]

_RATE = 2e-3

#: Steps until the full learning rate is reached.
_WARMING = 200


class Learner:
    """Trains batch by batch, for `steps` batches. Requires FLAGS_enable_pir_api=0 before paddle is imported."""

    def __init__(self, steps: int, seed: int) -> None:
        paddle.enable_static()
        paddle.seed(seed)
        program, start = paddle.static.Program(), paddle.static.Program()
        with paddle.static.program_guard(program, start):
            pictures = paddle.static.data("pictures", [-1, 3, INPUT_SIZE, INPUT_SIZE], "float32")
            classes = paddle.static.data("classes", [-1], "int64")
            self._network = CharacterNet()
            self._loss = functional.cross_entropy(self._network(pictures), classes)
            self._rate = paddle.optimizer.lr.LambdaDecay(_RATE, lambda step: _share(step, steps))
            paddle.optimizer.AdamW(self._rate, weight_decay=0.02).minimize(self._loss)
        for operator in program.global_block().ops:
            if operator.type in ("conv2d", "conv2d_grad"):
                operator._set_attr("use_mkldnn", True)
        self._program = program
        self._executor = paddle.static.Executor(paddle.CPUPlace())
        self._executor.run(start)

    def learn(self, pictures: np.ndarray[Any, Any], classes: np.ndarray[Any, Any]) -> float:
        """Run one step on uint8 images and their classes; return the loss before it."""
        feed = {"pictures": pictures.astype(np.float32) / 255, "classes": classes}
        (loss,) = self._executor.run(self._program, feed=feed, fetch_list=[self._loss])
        self._rate.step()
        return float(loss)

    def save(self, file: Path) -> None:
        """Write the weights as a `.pdparams` file."""
        scope = paddle.static.global_scope()
        names = {key: weight.name for key, weight in self._network.state_dict().items()}
        weights = {key: np.array(scope.find_var(name).get_tensor()) for key, name in names.items()}
        paddle.save(weights, str(file))


def _share(step: int, steps: int) -> float:
    """The factor of the learning rate: a short warm-up to 1, then down to 0 along half a cosine."""
    warm = min(1.0, (step + 1) / min(_WARMING, steps / 4))
    return warm * (0.5 + 0.5 * math.cos(math.pi * step / steps)) + 1e-4
