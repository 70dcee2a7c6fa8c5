"""Networks in a user's own file, for the tests of the export."""

from __future__ import annotations

import paddle
from own_width import WIDTH
from paddle import nn

__all__ = ["Attention", "Broken", "Recurrent", "Shy", "make_attention", "nothing"]


class Attention(nn.Layer):  # type: ignore[misc]
    """Takes float32 [-1, -1, width] and a float32 scalar; returns the same shape and int64 [-1, -1]."""

    def __init__(self, width: int = WIDTH, bias: bool = True) -> None:
        super().__init__()
        if width < 1:
            raise ValueError(f"width must be positive, not {width}")
        self.project = nn.Linear(width, width, bias_attr=None if bias else False)

    def forward(self, words: paddle.Tensor, sharpness: paddle.Tensor) -> tuple[paddle.Tensor, paddle.Tensor]:
        keys = self.project(words)
        scores = nn.functional.softmax(paddle.matmul(words, keys, transpose_y=True) * sharpness)
        return paddle.tanh(paddle.matmul(scores, words)), scores.argmax(axis=-1)


class Broken(nn.Layer):  # type: ignore[misc]
    """Its forward fails for any width but 8."""

    def forward(self, words: paddle.Tensor) -> paddle.Tensor:
        return words + paddle.ones([8])


class Recurrent(nn.Layer):  # type: ignore[misc]
    """Has a buffer without memory, like Paddle's recurrent layers."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(4, 2)

    def forward(self, x: paddle.Tensor) -> paddle.Tensor:
        answers, (_, _) = self.lstm(x)
        return answers


class Shy(nn.Layer):  # type: ignore[misc]
    """Has one output, which is not a probability yet."""

    def forward(self, x: paddle.Tensor) -> paddle.Tensor:
        return x * 2


class Plus(nn.Layer):  # type: ignore[misc]
    """Has an output that paddle names like its input in the newer format."""

    def forward(self, a: paddle.Tensor) -> paddle.Tensor:
        return a + 1


def make_attention(width: int) -> Attention:
    """A factory."""
    return Attention(width, bias=False)


def nothing() -> int:
    """Not a factory."""
    return 3
