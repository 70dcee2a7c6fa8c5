"""Collects the inputs and outputs of operators for hooks in Node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from paddle import version

from paddle_worker.errors import WorkerError

if TYPE_CHECKING:
    from paddle_worker.protocol.runs import HookedTensor

__all__ = ["Hooks"]


class Hooks:
    """Paddle calls a hook during a run; the tensors are collected and sent with the reply."""

    def __init__(self, native: Any) -> None:
        self._native = native
        self._registered: set[str] = set()
        self._seen: list[tuple[HookedTensor, NDArray[np.generic]]] = []

    def register(self, kind: str) -> None:
        """Collects the inputs (`input`) or outputs (`output`) of operators from the next run on."""
        if kind in self._registered:
            return
        register = getattr(self._native, f"register_{kind}_hook", None)
        if register is None:
            raise WorkerError(
                "CONFIG_UNSUPPORTED",
                f"paddle {version.full_version} has no register_{kind}_hook(); paddle 3.2.2 and 3.3.1 have it.\n"
                "Install one of those: paddle-ts setup --paddle-version 3.3.1",
            )
        self._registered.add(kind)

        def hook(operator: str, name: str, tensor: Any) -> None:
            self._see(kind, operator, name, tensor)

        register(hook)

    def _see(self, kind: str, operator: str, name: str, tensor: Any) -> None:
        try:
            # Copied, because paddle reuses the memory within the run.
            array = np.array(tensor.numpy(), order="C")
        except Exception:
            # Not everything that paddle passes is a tensor with elements, and a hook that raises would end
            # the run.
            return
        # numpy has no bfloat16, so paddle returns its bits.
        dtype = "bfloat16" if array.dtype == np.uint16 else array.dtype.name
        described: HookedTensor = {
            "hook": kind,
            "operator": operator,
            "name": name,
            "dtype": dtype,
            "shape": list(array.shape),
            "offset": 0,
        }
        self._seen.append((described, array))

    def take(self) -> list[tuple[HookedTensor, NDArray[np.generic]]]:
        """Returns the tensors collected since the last call."""
        seen, self._seen = self._seen, []
        return seen
