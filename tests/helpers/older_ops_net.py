"""Networks with each function that `paddle_export/older_ops.py` has an operator for, in all ways that it can be called."""

from __future__ import annotations

import paddle
from paddle import nn
from paddle.nn import functional

__all__ = ["EveryOp"]

_UNARY = (
    *(
        "abs",
        "acos",
        "asin",
        "atanh",
        "ceil",
        "cos",
        "cosh",
        "exp",
        "expm1",
        "floor",
        "log",
        "log10",
        "log1p",
    ),
    *(
        "log2",
        "rsqrt",
        "sigmoid",
        "sign",
        "sin",
        "sinh",
        "sqrt",
        "tanh",
        "isfinite",
        "isinf",
        "isnan",
        "round",
    ),
)


class EveryOp(nn.Layer):  # type: ignore[misc]
    """Takes x and y, float32 [-1, 3, 4, 4] between 0 and 1, and grid, float32 [-1, 4, 4, 2]."""

    def forward(self, x: paddle.Tensor, y: paddle.Tensor, grid: paddle.Tensor) -> list[paddle.Tensor]:
        whole = (x * 10).astype("int32")
        big, other = whole > 5, y > 0.5
        answers = [getattr(paddle, name)(x) for name in _UNARY]
        answers += [paddle.acosh(x + 1), paddle.bmm(x[0], y[0]), paddle.dot(x[0, 0], y[0, 0])]
        answers += [
            getattr(paddle, name)(x, y) for name in ("greater_than", "maximum", "minimum", "multiply")
        ]
        answers += [
            getattr(paddle, name)(big, other) for name in ("logical_and", "logical_or", "logical_xor")
        ]
        answers += [paddle.logical_not(big), big.logical_not(), paddle.maximum(input=x, other=y)]
        for name in ("amax", "amin", "sum", "logsumexp"):
            reduce = getattr(paddle, name)
            answers += [reduce(x), reduce(x, axis=1), reduce(x, [1, -1], keepdim=True), reduce(x, dim=2)]
        for reduce in (paddle.all, paddle.any):
            answers += [reduce(big), reduce(big, axis=1), reduce(big, axis=[1, -1], keepdim=True)]
        answers += [paddle.sum(whole), big.sum(axis=1), paddle.sum(x, dtype="float64"), x.sum(-1)]
        answers += [
            paddle.argmax(x),
            x.argmax(axis=1),
            paddle.argmin(x, axis=-1, keepdim=True, dtype="int32"),
        ]
        answers += [paddle.diagonal(x, 1, 2, 3), paddle.expand_as(x[:1], y), functional.gelu(x)]
        answers += [functional.gelu(x, approximate=True), functional.softplus(x, beta=2)]
        answers += [
            functional.grid_sample(x, grid),
            functional.grid_sample(x, grid, "nearest", "border", False),
        ]
        answers += [paddle.isclose(x, y, rtol=0.1), paddle.matmul(x, y, transpose_y=True), x @ y]
        answers += [
            paddle.roll(x, 1),
            paddle.roll(x, [1, 2], axis=[0, -1]),
            paddle.tril(x, -1),
            paddle.triu(x),
        ]
        answers += [paddle.index_put(x[0], (whole[0, :, 0, 0] * 0,), y[0, 0])]
        answers += [paddle.exp(whole), paddle.multiply(x, y.astype("float64")), paddle.all(whole)]
        answers.append(nn.functional.glu(x))  # Paddle's own code calls these functions too.
        return answers
