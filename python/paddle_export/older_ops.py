"""Operators of the older program format, `.pdmodel`, for functions that Paddle only binds to the newer one.

Paddle 3.2 and 3.3 pass `paddle.matmul`, `paddle.sum`, `F.gelu` and some fifty more directly to C++, which only
supports
eager tensors and the newer format: tracing them for a `.pdmodel` fails with "must be Value, but got Variable". The
operators still exist; this module binds the functions to them again. Their names and parameters are in paddle's own
list
of operators.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Callable

__all__ = ["OLDER_OPS", "bind_older_ops"]

_Op = Callable[..., Any]
_ALIASES = {"input": "x", "other": "y", "dim": "axis"}
"""Names that Paddle 3 accepts in place of its own."""


def bind_older_ops() -> None:
    """Make these functions traceable for a `.pdmodel`; their effect on tensors does not change."""
    try:
        from paddle.base.dygraph import generated_tensor_methods_patch as bound
    except ImportError:  # Paddle 2 defines them in Python.
        return
    from paddle.base.framework import Variable

    native = vars(bound)["_C_ops"]
    vars(bound)["_C_ops"] = _Chooser(native)
    functions = dict([*bound.methods_map, *bound.funcs_map, *bound.nn_funcs_map])
    known = {name: function for name, function in functions.items() if name in OLDER_OPS}
    # Paddle's modules refer to the C++ functions by name, and its variables have them as methods.
    for module in [
        module for path, module in sys.modules.items() if re.match(r"paddle\.(tensor|nn)\b", path)
    ]:
        for name, function in known.items():
            if vars(module).get(name) is getattr(native, name):
                setattr(module, name, function)
    for name, function in known.items():
        if hasattr(Variable, name):
            setattr(Variable, name, function)


class _Chooser:
    """Chooses Paddle's C++ functions, or the ones below while a program of the older format is traced."""

    def __init__(self, native: object) -> None:
        self._native = native

    def __getattr__(self, name: str) -> _Op:
        from paddle.base.framework import in_dynamic_or_pir_mode

        native: _Op = getattr(self._native, name)
        older = OLDER_OPS.get(name)
        if older is None:
            return native

        def choose(*args: object, **named: object) -> object:
            if in_dynamic_or_pir_mode():
                return native(*args, **named)
            return older(*args, **{_ALIASES.get(key, key): value for key, value in named.items()})

        return choose


def _append(kind: str, inputs: Mapping[str, Any], of: Any, out: str = "Out", **attributes: Any) -> Any:
    """Append the operator `kind` to the traced program; return its result, of the dtype `of`."""
    from paddle.base.layer_helper import LayerHelper

    helper = LayerHelper(kind)
    result = helper.create_variable_for_type_inference(of)
    helper.append_op(type=kind, inputs=dict(inputs), outputs={out: [result]}, attrs=attributes)
    return result


def _dtype(x: Any) -> str:
    """Return the name of a dtype, for both of Paddle's kinds of dtypes."""
    from paddle.base.data_feeder import convert_dtype

    name: str = convert_dtype(x.dtype)
    return name


def _unary(kind: str, dtype: str | None = None) -> _Op:
    return lambda x, name=None: _append(kind, {"X": x}, dtype or x.dtype)


def _float(kind: str) -> _Op:
    """Integers give float32 results."""
    return lambda x, name=None: _unary(kind)(x if "float" in _dtype(x) else x.astype("float32"))


def _binary(kind: str, dtype: str | None = None) -> _Op:
    def binary(x: Any, y: Any, name: str | None = None) -> Any:
        if "float64" in (kinds := {_dtype(x), _dtype(y)}) and len(kinds) > 1:
            x, y = x.astype("float64"), y.astype("float64")
        return _append(kind, {"X": x, "Y": y}, dtype or x.dtype)

    return binary


def _axes(x: Any, axis: int | Sequence[int] | None) -> tuple[list[int], bool]:
    """Return the axes to reduce, and whether these are all."""
    axes = list(axis) if isinstance(axis, (list, tuple)) else [] if axis is None else [axis]
    return axes or list(range(len(x.shape))), len(axes) in (0, len(x.shape))


def _reduce(kind: str, dtype: str | None = None) -> _Op:
    def reduce(x: Any, axis: Any = None, keepdim: bool = False, name: str | None = None) -> Any:
        axes, every = _axes(x, axis)
        x = x.astype("bool") if dtype == "bool" else x
        return _append(kind, {"X": x}, x.dtype, dim=axes, keep_dim=keepdim, reduce_all=every)

    return reduce


def _sum(x: Any, axis: Any = None, dtype: Any = None, keepdim: bool = False, name: str | None = None) -> Any:
    if dtype is not None:
        x = x.astype(dtype)
    elif _dtype(x) in ("int32", "bool"):
        # Paddle sums these as int64.
        x = x.astype("int64")
    return _reduce("reduce_sum")(x, axis, keepdim)


def _logsumexp(x: Any, axis: Any = None, keepdim: bool = False, name: str | None = None) -> Any:
    axes, every = _axes(x, axis)
    return _append("logsumexp", {"X": x}, x.dtype, axis=axes, keepdim=keepdim, reduce_all=every)


def _arg(kind: str) -> _Op:
    def arg(
        x: Any, axis: int | None = None, keepdim: bool = False, dtype: Any = "int64", name: str | None = None
    ) -> Any:
        from paddle.base.framework import convert_np_dtype_to_dtype_

        kept = dtype if not isinstance(dtype, str) else convert_np_dtype_to_dtype_(dtype)
        where: dict[str, Any] = {"axis": axis or 0, "flatten": axis is None}
        return _append(kind, {"X": x}, kept, keepdims=keepdim, dtype=int(kept), **where)

    return arg


def _matmul(
    x: Any, y: Any, transpose_x: bool = False, transpose_y: bool = False, name: str | None = None
) -> Any:
    return _append("matmul_v2", {"X": x, "Y": y}, x.dtype, trans_x=transpose_x, trans_y=transpose_y)


def _triangle(lower: bool) -> _Op:
    return lambda x, diagonal=0, name=None: _append(
        "tril_triu", {"X": x}, x.dtype, diagonal=diagonal, lower=lower
    )


def _roll(x: Any, shifts: Any, axis: Any = None, name: str | None = None) -> Any:
    def listed(value: Any) -> list[int]:
        return list(value) if isinstance(value, (list, tuple)) else [value]

    return _append(
        "roll", {"X": x}, x.dtype, shifts=listed(shifts), axis=[] if axis is None else listed(axis)
    )


def _isclose(
    x: Any, y: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False, name: str | None = None
) -> Any:
    inputs = {"Input": x, "Other": y}
    return _append("isclose", inputs, "bool", rtol=str(rtol), atol=str(atol), equal_nan=equal_nan)


def _index_put(x: Any, indices: Any, value: Any, accumulate: bool = False, name: str | None = None) -> Any:
    inputs = {"x": x, "indices": list(indices), "value": value}
    return _append("index_put", inputs, x.dtype, out="out", accumulate=accumulate)


def _diagonal(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, name: str | None = None) -> Any:
    return _append("diagonal", {"Input": x}, x.dtype, offset=offset, axis1=axis1, axis2=axis2)


def _gelu(x: Any, approximate: bool | str = False, name: str | None = None) -> Any:
    return _append("gelu", {"X": x}, x.dtype, approximate=approximate in (True, "tanh"))


def _softplus(x: Any, beta: float = 1, threshold: float = 20, name: str | None = None) -> Any:
    return _append("softplus", {"X": x}, x.dtype, beta=float(beta), threshold=float(threshold))


def _grid_sample(
    x: Any,
    grid: Any,
    mode: str = "bilinear",
    padding_mode: str = "zeros",
    align_corners: bool = True,
    name: str | None = None,
) -> Any:
    inputs, how = {"X": x, "Grid": grid}, {"mode": mode, "padding_mode": padding_mode}
    return _append("grid_sampler", inputs, x.dtype, out="Output", align_corners=align_corners, **how)


_FLOAT = (
    *(
        "acos",
        "acosh",
        "asin",
        "atanh",
        "cos",
        "cosh",
        "exp",
        "expm1",
        "log",
        "log10",
        "log1p",
        "log2",
        "rsqrt",
    ),
    *("sigmoid", "sin", "sinh", "sqrt", "tanh"),
)

OLDER_OPS: Mapping[str, _Op] = {
    **{name: _float(name) for name in _FLOAT},
    **{name: _unary(name) for name in ("abs", "ceil", "floor", "sign")},
    **{name: _unary(f"{name}_v2", "bool") for name in ("isfinite", "isinf", "isnan")},
    **{name: _binary(name) for name in ("bmm", "dot")},
    **{name: _binary(name, "bool") for name in ("greater_than", "logical_and", "logical_or", "logical_xor")},
    **{name: _reduce(f"reduce_{name}") for name in ("amax", "amin")},
    **{name: _reduce(f"reduce_{name}", "bool") for name in ("all", "any")},
    "argmax": _arg("arg_max"),
    "argmin": _arg("arg_min"),
    "diagonal": _diagonal,
    "expand_as": lambda x, y, name=None: _append(
        "expand_as_v2", {"X": x, "Y": y}, x.dtype, target_shape=list(y.shape)
    ),
    "gelu": _gelu,
    "grid_sample": _grid_sample,
    "index_put": _index_put,
    "isclose": _isclose,
    "logical_not": _unary("logical_not", "bool"),
    "logsumexp": _logsumexp,
    "matmul": _matmul,
    "maximum": _binary("elementwise_max"),
    "minimum": _binary("elementwise_min"),
    "multiply": _binary("elementwise_mul"),
    "roll": _roll,
    "round": lambda x, decimals=0, name=None: _append("round", {"X": x}, x.dtype, decimals=decimals),
    "softplus": _softplus,
    "sum": _sum,
    "tril": _triangle(lower=True),
    "triu": _triangle(lower=False),
}
