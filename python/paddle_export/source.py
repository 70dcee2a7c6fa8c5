"""What to export, whatever its origin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from .failure import ExportError
from .inputs import Input
from .paddle_types import Layer

__all__ = ["Source"]


class Source(Protocol):
    """A network that can be created, and what tracing needs to know about it."""

    @property
    def name(self) -> str:
        """The name that the user gave."""

    @property
    def size(self) -> str:
        """What its weights depend on, in words that follow its name; may be empty."""

    def build(self, seed: int | None) -> Layer:
        """Create the network with random weights, reproducible with a seed."""

    def inputs(self, layer: Layer) -> Sequence[Input]:
        """Return its inputs in the order of `forward`."""

    def whole(self, layer: Layer) -> Layer:
        """Return the layer with the requested outputs, in inference mode."""

    def untraceable(self, error: Exception, form: str) -> ExportError:
        """Return the error for a failed trace for the format `form`."""
