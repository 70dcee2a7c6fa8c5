"""The classification networks that the wheel brings, and how one becomes a layer to export."""

from __future__ import annotations

import difflib
import inspect
from dataclasses import dataclass

from .arguments import Arguments
from .failure import ExportError
from .layer import Layer

__all__ = ["Network", "build_layer", "describe_network", "network_names", "with_answer"]


@dataclass(frozen=True)
class Network:
    """One network as it is to be exported."""

    name: str
    img_size: int
    num_classes: int
    channels: int = 3

    @property
    def photos(self) -> bool:
        """Whether it takes RGB photos, rather than something else."""
        return self.channels == 3


def describe_network(arguments: Arguments) -> Network:
    """The sizes that the arguments ask for; needs no paddle. LeNet takes grey digits of one size."""
    if arguments.model != "LeNet":
        return Network(arguments.model, arguments.img_size or 224, arguments.num_classes or 1000)
    if arguments.img_size not in (None, 28):
        raise ExportError(
            "EXPORT_FAILED",
            f"LeNet takes images of 28 pixels, got an image size of {arguments.img_size}.\n"
            "Leave the image size out.",
        )
    return Network("LeNet", 28, arguments.num_classes or 10, channels=1)


def network_names() -> list[str]:
    """Each network that paddle.vision.models builds by a function, and LeNet, which is a class only."""
    from paddle.vision import models

    return [name for name in models.__all__ if inspect.isfunction(getattr(models, name)) or name == "LeNet"]


def build_layer(network: Network, seed: int | None) -> Layer:
    """The network with random weights, the same ones for the same seed, ready to infer."""
    import paddle
    from paddle.vision import models

    names = network_names()
    if network.name not in names:
        raise _unknown(network.name, names)
    if seed is not None:
        paddle.seed(seed)
    layer: Layer = getattr(models, network.name)(num_classes=network.num_classes)
    return layer


def with_answer(layer: Layer, softmax: bool) -> Layer:
    """The layer with one answer: the main output of several (GoogLeNet's first), softmax over it."""
    from paddle import nn

    layer.register_forward_post_hook(
        lambda _, __, outputs: outputs[0] if isinstance(outputs, (list, tuple)) else outputs
    )
    whole: Layer = nn.Sequential(layer, nn.Softmax()) if softmax else nn.Sequential(layer)
    whole.eval()
    return whole


def _unknown(name: str, names: list[str]) -> ExportError:
    def distance(other: str) -> float:
        return -difflib.SequenceMatcher(None, name.lower(), other.lower()).ratio()

    nearest = sorted(names, key=distance)
    return ExportError(
        "EXPORT_UNKNOWN_MODEL",
        f"paddle.vision.models has no classification network called {name}.\n"
        f"Take one of these, nearest first: {', '.join(nearest)}.",
    )
