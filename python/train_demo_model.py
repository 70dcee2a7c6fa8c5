"""Make models/characters from scratch: fetch fonts, render characters, train, export, evaluate.

    python python/train_demo_model.py --out models/characters
    python python/train_demo_model.py --evaluate models/characters

Requires paddle, Pillow and OpenCV (the managed Python of paddle-ts has them), and Debian's apt-get and dpkg-deb.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from demo_model.arguments import Arguments, parse_arguments
from demo_model.collection import Collection, collect_held_out, collect_training
from demo_model.debian import FontsMissingError, fetch
from demo_model.families import HELD_OUT, TRAINING
from demo_model.memory import keep_memory
from demo_model.samples import HELD_OUT_SPLIT, TRAINING_SPLIT, Samples, draw_samples, write_collections
from parent_death import end_with_parent

__all__ = ["main"]


def main() -> int:
    """Run the command line; return the exit code."""
    arguments = parse_arguments()
    # One thread trains while two processes render; for so small a network, more threads only wait for each
    # other.
    os.environ.update(OMP_NUM_THREADS="1", GLOG_minloglevel="2", FLAGS_enable_pir_api="0")
    keep_memory()
    with (
        tempfile.TemporaryDirectory(prefix="demo-model-") as scratch,
        ProcessPoolExecutor(2, get_context("spawn"), end_with_parent, (os.getpid(),)) as executor,
    ):
        try:
            _work(arguments, executor, Path(scratch))
        except FontsMissingError as error:
            _tell(str(error))
            return 1
    return 0


def _work(arguments: Arguments, executor: ProcessPoolExecutor, scratch: Path) -> None:
    collections = scratch / "collections.pickle"
    families = _prepare(arguments, executor, collections)
    if arguments.evaluate is None:
        _train(arguments, executor, collections, scratch / "weights.pdparams")
    model = arguments.evaluate or arguments.out
    # The images for the evaluation do not depend on those for training.
    jobs = [
        executor.submit(draw_samples, collections, HELD_OUT_SPLIT, 0, start * 36, 36)
        for start in range(arguments.judged)
    ]
    _judge(model, Samples.joined([job.result() for job in jobs]), families, draws=arguments.evaluate is None)


def _prepare(arguments: Arguments, executor: ProcessPoolExecutor, file: Path) -> list[str]:
    """Write the faces to a file; return the names of the held-out families."""
    started = time.monotonic()
    own, cache = arguments.own_fonts, arguments.fonts
    held_out = collect_held_out([own / "held-out"] if own else fetch(HELD_OUT, cache), executor)
    _tell(f"Held out: {_size_of(held_out)}")
    training = Collection([])
    if arguments.evaluate is None:
        training = collect_training([own / "training"] if own else fetch(TRAINING, cache), held_out, executor)
        _tell(f"To learn from: {_size_of(training)}")
    write_collections(file, training, held_out)
    _tell(f"Fonts ready in {time.monotonic() - started:.0f} s")
    return held_out.names


def _size_of(collection: Collection) -> str:
    return f"{len(collection.faces)} faces of {len(collection.names)} families"


def _train(arguments: Arguments, executor: ProcessPoolExecutor, collections: Path, weights: Path) -> None:
    from demo_model.model_folder import write_model
    from demo_model.training import train

    started, used = time.monotonic(), time.process_time()
    jobs = [
        executor.submit(draw_samples, collections, TRAINING_SPLIT, arguments.seed, start, arguments.size)
        for start in range(0, arguments.rounds * arguments.size, arguments.size)
    ]
    train(_results(jobs), arguments.rounds, arguments.size, arguments.seed, weights, _tell)
    write_model(weights, arguments.out)
    took, computed = time.monotonic() - started, time.process_time() - used
    _tell(f"Trained in {took:.0f} s; learning alone took {computed:.0f} s of a core")


def _results(jobs: list[Future[Samples]]) -> Iterator[Samples]:
    """Yield the results of the jobs in order, without keeping them."""
    while jobs:
        yield jobs.pop(0).result()


def _judge(model: Path, samples: Samples, families: list[str], draws: bool) -> None:
    from demo_model.confusion import draw_confusion
    from demo_model.evaluation import judge

    judgement = judge(model, samples, families)
    for name, accuracy in sorted(judgement.by_family.items(), key=lambda item: -item[1]):
        _tell(f"{100 * accuracy:6.1f} %  {name}")
    for shown, answer, times in judgement.mistakes[:12]:
        _tell(f"{shown} was taken for {answer} {times} times")
    if draws:
        draw_confusion(judgement.confusion, model.with_name(f"{model.name}-confusion.png"))
    print(f"Accuracy on fonts never used in training: {100 * judgement.accuracy:.2f} %")


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
