"""The network of the benchmark: `paddle-ts export --model bench/python/network.py:mobilenet --input-spec … --softmax`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import paddle
from PIL import Image

__all__ = ["mobilenet"]

PICTURE = Path(__file__).parents[2] / "images" / "demo.jpg"


def mobilenet() -> paddle.nn.Layer:
    """
    MobileNetV3-small of paddle.vision with random weights. Its normalisations have the statistics that training would have left
    them: without, it gives each class of every picture 0.001, and nobody could tell right answers from wrong ones.
    """
    paddle.seed(11)
    network = paddle.vision.models.mobilenet_v3_small()
    for layer in network.sublayers():
        if isinstance(layer, paddle.nn.BatchNorm2D):
            layer._momentum = 0.0
    pictures = crops(16)
    network.train()
    network(pictures)
    network.eval()
    spread = 2 / float(network(pictures).std())
    last = network.classifier[-1].weight
    last.set_value(last * spread)
    return network


def crops(count: int) -> paddle.Tensor:
    """Parts of the picture as the network sees pictures, float32 [count, 3, 224, 224]."""
    picture = np.asarray(Image.open(PICTURE).convert("RGB").resize((448, 448)), np.float32)
    normalised = ((picture / 255 - 0.45) / 0.225).transpose(2, 0, 1)
    corners = np.random.default_rng(1).integers(0, 224, (count, 2))
    return paddle.to_tensor(np.stack([normalised[:, y : y + 224, x : x + 224] for y, x in corners]))
