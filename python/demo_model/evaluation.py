"""Evaluates an exported model through paddle.inference, as users run it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from paddle import inference

from .labels import LABELS
from .samples import Samples

__all__ = ["Judgement", "judge"]

_BATCH = 256


@dataclass(frozen=True)
class Judgement:
    """How often each class was taken for which, `confusion[true, predicted]`, and the accuracy of each family."""

    confusion: np.ndarray[Any, Any]
    by_family: dict[str, float]

    @property
    def accuracy(self) -> float:
        """The share of correct results, 0 to 1."""
        return float(np.trace(self.confusion) / self.confusion.sum())

    @property
    def mistakes(self) -> list[tuple[str, str, int]]:
        """The true class, the result and their count; the most frequent first."""
        wrong = self.confusion * (1 - np.eye(len(LABELS), dtype=np.int64))
        order = np.argsort(-wrong, axis=None, kind="stable")[: np.count_nonzero(wrong)]
        pairs = zip(*np.unravel_index(order, wrong.shape))
        return [(LABELS[shown], LABELS[answer], int(wrong[shown, answer])) for shown, answer in pairs]


def judge(model: Path, samples: Samples, families: Sequence[str]) -> Judgement:
    """Run the model in a folder on the samples."""
    answers = _answers(model, samples.pictures)
    confusion = np.zeros((len(LABELS), len(LABELS)), np.int64)
    np.add.at(confusion, (samples.classes, answers), 1)
    right = answers == samples.classes
    by_family = {
        name: float(right[samples.families == number].mean())
        for number, name in enumerate(families)
        if (samples.families == number).any()
    }
    return Judgement(confusion, by_family)


def _answers(model: Path, pictures: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    config = inference.Config(str(model / "inference.pdmodel"), str(model / "inference.pdiparams"))
    config.disable_gpu()
    config.disable_glog_info()
    predictor = inference.create_predictor(config)
    feed = predictor.get_input_handle(predictor.get_input_names()[0])
    fetch = predictor.get_output_handle(predictor.get_output_names()[0])
    answers = []
    for start in range(0, len(pictures), _BATCH):
        feed.copy_from_cpu(pictures[start : start + _BATCH].astype(np.float32) / 255)
        predictor.run()
        answers.append(fetch.copy_to_cpu().argmax(axis=1))
    return np.concatenate(answers).astype(np.int64)
