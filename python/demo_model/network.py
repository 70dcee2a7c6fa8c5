"""The network: an image of one character in, a score for each class out."""

from __future__ import annotations

import paddle
from paddle import nn

__all__ = ["CharacterNet"]


class CharacterNet(nn.Layer):  # type: ignore[misc]
    """Takes float32 [-1, 3, 32, 32]: red, green and blue from 0 to 1."""

    def __init__(self, classes: int = 36) -> None:
        super().__init__()
        self.features = nn.Sequential(
            *_convolution(3, 20, kernel=5, stride=2),
            *_convolution(20, 40, stride=2),
            *_convolution(40, 64),
            _Residual(64),
            *_convolution(64, 96, stride=2),
            *_convolution(96, 96),
            nn.AdaptiveAvgPool2D(2),
            nn.Flatten(),
        )
        self.answer = nn.Linear(96 * 2 * 2, classes)

    def forward(self, image: paddle.Tensor) -> paddle.Tensor:
        # The brightness and contrast of a photo say nothing about its content.
        centred = image - paddle.mean(image, axis=[1, 2, 3], keepdim=True)
        variance = paddle.mean(centred * centred, axis=[1, 2, 3], keepdim=True)
        return self.answer(self.features(centred * (variance + 1e-4) ** -0.5))


class _Residual(nn.Layer):  # type: ignore[misc]
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.change = nn.Sequential(*_convolution(channels, channels))

    def forward(self, values: paddle.Tensor) -> paddle.Tensor:
        return values + self.change(values)


def _convolution(inputs: int, outputs: int, kernel: int = 3, stride: int = 1) -> list[nn.Layer]:
    convolution = nn.Conv2D(inputs, outputs, kernel, stride=stride, padding=kernel // 2, bias_attr=False)
    return [convolution, nn.BatchNorm2D(outputs), nn.ReLU()]
