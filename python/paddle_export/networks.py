"""The classification networks of the wheel, and how to create a layer to export."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Sequence
from dataclasses import dataclass

from .arguments import Arguments
from .failure import ExportError, reason_of
from .inputs import Input
from .paddle_types import Layer

__all__ = ["Network", "describe_network", "network_names"]


@dataclass(frozen=True)
class Network:
    """A network to export."""

    name: str
    img_size: int
    num_classes: int
    channels: int = 3
    softmax: bool = True

    @property
    def photos(self) -> bool:
        """Whether it takes RGB photos."""
        return self.channels == 3

    @property
    def size(self) -> str:
        """What its weights depend on, besides its name."""
        return f" with {self.num_classes} classes"

    def build(self, seed: int | None) -> Layer:
        """Create the network with random weights, reproducible with a seed."""
        import paddle
        from paddle.vision import models

        names = network_names()
        if self.name not in names:
            raise _unknown(self.name, names)
        if seed is not None:
            paddle.seed(seed)
        layer: Layer = getattr(models, self.name)(num_classes=self.num_classes)
        return layer

    def inputs(self, layer: Layer) -> Sequence[Input]:
        """Images, in batches of any size."""
        return [Input("input", "float32", (None, self.channels, self.img_size, self.img_size))]

    def whole(self, layer: Layer) -> Layer:
        """Return a layer with one output: the main one of several (GoogLeNet's first), with softmax."""
        from paddle import nn

        layer.register_forward_post_hook(
            lambda _, __, outputs: outputs[0] if isinstance(outputs, (list, tuple)) else outputs
        )
        whole: Layer = nn.Sequential(layer, nn.Softmax()) if self.softmax else nn.Sequential(layer)
        whole.eval()
        return whole

    def untraceable(self, error: Exception, form: str) -> ExportError:
        """Report the image size as the cause: the network is Paddle's own."""
        return ExportError(
            "EXPORT_FAILED",
            f"{self.name} cannot be exported at {self.img_size} pixels: {reason_of(error)}.\n"
            "Use another image size: each network has a minimum, and some support a single size.",
        )


def describe_network(arguments: Arguments) -> Network:
    """Determine the sizes from the arguments, without paddle. LeNet takes grey digits of one size."""
    softmax = arguments.softmax is not False
    if arguments.model != "LeNet":
        sizes = (arguments.img_size or 224, arguments.num_classes or 1000)
        return Network(arguments.model, *sizes, softmax=softmax)
    if arguments.img_size not in (None, 28):
        raise ExportError(
            "EXPORT_FAILED",
            f"LeNet takes images of 28 pixels, got an image size of {arguments.img_size}.\n"
            "Omit the image size.",
        )
    return Network("LeNet", 28, arguments.num_classes or 10, channels=1, softmax=softmax)


def network_names() -> list[str]:
    """The networks that paddle.vision.models builds by a function, and LeNet, which is only a class."""
    from paddle.vision import models

    return [name for name in models.__all__ if inspect.isfunction(getattr(models, name)) or name == "LeNet"]


# The least likeness of two names, from 0 to 1, of which one is the other with an error or two.
_TYPING_ERROR = 0.85


def _unknown(name: str, names: list[str]) -> ExportError:
    def distance(other: str) -> float:
        return -difflib.SequenceMatcher(None, name.lower(), other.lower()).ratio()

    nearest = sorted(names, key=distance)
    if -distance(nearest[0]) >= _TYPING_ERROR:
        hint = f"Did you mean {nearest[0]}?\n"
    elif "-" in name:
        hint = "Networks of PaddleClas and PaddleX are not among them: download the inference model, and pass its folder.\n"
    else:
        hint = ""
    return ExportError(
        "EXPORT_UNKNOWN_MODEL",
        f"paddle.vision.models has no classification network called {name}.\n"
        f"{hint}Use one of these, nearest first: {', '.join(nearest)}.",
    )
