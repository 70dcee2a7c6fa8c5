"""Types for the parts of Paddle's layers and tensors that the export uses: paddle itself has no types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Callable, Protocol

__all__ = ["Layer", "Values"]


class Values(Protocol):
    """A parameter or a buffer."""

    @property
    def shape(self) -> Sequence[int]: ...

    def element_size(self) -> int:
        """The bytes of one element."""


class Layer(Protocol):
    """A network, `paddle.nn.Layer`."""

    forward: Callable[..., Any]

    def eval(self) -> None: ...

    def named_buffers(self) -> Iterable[tuple[str, Any]]: ...

    def state_dict(self) -> Mapping[str, Values]: ...

    def set_state_dict(self, state_dict: Mapping[str, object]) -> object: ...

    def register_forward_post_hook(self, hook: Callable[[object, object, object], object]) -> object: ...
