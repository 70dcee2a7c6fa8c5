"""Trains the network on samples that other processes render meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Callable

import numpy as np

from .learner import Learner
from .samples import Samples

__all__ = ["train"]

_Numbers = np.ndarray[Any, Any]

_BATCH = 64

#: How often a sample is looked at, on average: when it is new, and later among older ones.
_LOOKS = 3


def train(
    rounds: Iterable[Samples], count: int, size: int, seed: int, weights: Path, tell: Callable[[str], None]
) -> None:
    """Train on `count` rounds of `size` new samples each, and write the weights to a `.pdparams` file."""
    random = np.random.default_rng([seed, count])
    batches = max(1, size * _LOOKS // _BATCH)
    learner = Learner(count * batches, seed)
    seen: list[Samples] = []
    for samples in rounds:
        seen.append(samples)
        numbers = np.array_split(_to_look_at(len(seen), size, random), batches)
        losses = [learner.learn(*_look_up(seen, batch, size)) for batch in numbers]
        tell(f"Round {len(seen)} of {count}: loss {np.mean(losses):.3f}")
    learner.save(weights)


def _to_look_at(rounds: int, size: int, random: np.random.Generator) -> _Numbers:
    """Sample numbers in random order: each new one once, and for the rest random ones of all rounds so far."""
    new = np.arange((rounds - 1) * size, rounds * size)
    any_seen = random.integers(0, rounds * size, size * (_LOOKS - 1))
    return random.permutation(np.concatenate([new, any_seen]))


def _look_up(seen: Sequence[Samples], numbers: _Numbers, size: int) -> tuple[_Numbers, _Numbers]:
    places = [(seen[number // size], number % size) for number in numbers]
    pictures = np.stack([samples.pictures[place] for samples, place in places])
    return pictures, np.array([samples.classes[place] for samples, place in places])
