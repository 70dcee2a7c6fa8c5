"""A network of one's own: what a ride costs. `python fares.py` trains it, in a few seconds, and writes fares.pdparams."""

from __future__ import annotations

from pathlib import Path

import paddle

__all__ = ["Fares"]

# One list for both sides: infer.ts reads the same file, so a car has the same number here and there.
CARS = Path(__file__).with_name("cars.txt").read_text(encoding="utf-8").split()


class Fares(paddle.nn.Layer):  # type: ignore[misc]
    """km [N,1] and codes [N,2], the hour and the number of the car, give the price [N,1] and the rates [N,2]."""

    def __init__(self, width: int = 4) -> None:
        super().__init__()
        self.hours = paddle.nn.Embedding(24, width)
        self.cars = paddle.nn.Embedding(len(CARS), width)
        self.rates = paddle.nn.Sequential(
            paddle.nn.Linear(2 * width, 16), paddle.nn.Tanh(), paddle.nn.Linear(16, 2)
        )

    def forward(self, km: paddle.Tensor, codes: paddle.Tensor) -> tuple[paddle.Tensor, paddle.Tensor]:
        known = paddle.concat([self.hours(codes[:, 0]), self.cars(codes[:, 1])], axis=-1)
        rates = paddle.nn.functional.softplus(self.rates(known))
        # What a ride costs at the start, and for each kilometre.
        return rates[:, 0:1] + rates[:, 1:2] * km, rates


def true_price(km: paddle.Tensor, codes: paddle.Tensor) -> paddle.Tensor:
    """What stands in for a table of rides that were paid: it is dearer from 22 to 6 o'clock, and by the car."""
    hour, car = codes[:, 0:1], codes[:, 1:2]
    night = paddle.logical_or(hour >= 22, hour < 6).astype("float32")
    return (2.5 + 1.1 * km) * (1 + 0.25 * night) * (1 + 0.5 * car.astype("float32"))


def train() -> None:
    """Trains the network on rides that are made up anew for each step."""
    paddle.seed(1)
    network = Fares()
    steps = 300
    rate = paddle.optimizer.lr.CosineAnnealingDecay(0.05, steps)
    optimizer = paddle.optimizer.Adam(rate, parameters=network.parameters())
    for _ in range(steps):
        km = paddle.rand([256, 1]) * 40
        hours = paddle.randint(0, 24, [256, 1])
        codes = paddle.concat([hours, paddle.randint(0, len(CARS), [256, 1])], axis=1)
        price, _ = network(km, codes)
        true = true_price(km, codes)
        loss = paddle.mean(paddle.abs(price - true) / true)
        loss.backward()
        optimizer.step()
        optimizer.clear_grad()
        rate.step()
    print(f"trained: {float(loss):.1%} off on average")
    paddle.save(network.state_dict(), "fares.pdparams")


if __name__ == "__main__":
    train()
