"""What is exported, whoever made it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from .failure import ExportError
from .inputs import Input
from .layer import Layer

__all__ = ["Source"]


class Source(Protocol):
    """A network that can be made, and what has to be known of it to trace it."""

    @property
    def name(self) -> str:
        """What the user calls it."""

    @property
    def size(self) -> str:
        """What its weights depend on beside that, as words that follow its name; may be empty."""

    def build(self, seed: int | None) -> Layer:
        """The network with random weights, the same ones for the same seed."""

    def inputs(self, layer: Layer) -> Sequence[Input]:
        """Its inputs, as its `forward` takes them."""

    def whole(self, layer: Layer) -> Layer:
        """The layer with the answer that was asked for, ready to infer."""

    def untraceable(self, error: Exception, form: str) -> ExportError:
        """What to tell when it could not be traced for the format `form`."""
