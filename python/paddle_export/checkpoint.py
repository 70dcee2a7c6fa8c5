"""Find a network's weights in a checkpoint: a training loop wraps them in a dict, and a wrapper prefixes their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Checkpoint", "best_checkpoint"]

# {"state": {"model": {"conv.weight": …}}} has two.
_DEEPEST = 3

# The usual names of the weights, for a checkpoint in which other entries fit too, such as an average of the weights.
_USUAL = ("state_dict", "model_state_dict", "model", "net", "network")


@dataclass(frozen=True)
class Checkpoint:
    """The weights in a file, or in an entry of the dict that it contains."""

    state: Mapping[str, Any]
    entry: tuple[str, ...] = ()
    prefix: str = ""

    @property
    def part(self) -> str | None:
        """Which part of the file it is, in words; None for all of it."""
        words = [
            f"its entry `{'.'.join(self.entry)}`" if self.entry else "",
            f"without the prefix `{self.prefix}`" if self.prefix else "",
        ]
        return ", ".join(filter(None, words)) or None

    def matches(self, wanted: Collection[str]) -> int:
        """The number of wanted names in it."""
        return sum(name in self.state for name in wanted)


def best_checkpoint(whole: Checkpoint, wanted: Collection[str]) -> Checkpoint:
    """The part with most of the wanted names, the whole rather than an entry; without any, the largest part."""
    parts = [part for entry in _entries(whole) for part in (entry, *_without_prefix(entry, wanted))]
    best = max(parts, key=lambda part: (part.matches(wanted), not part.entry or part.entry[-1] in _USUAL))
    if best.matches(wanted) > 0:
        return best
    return max(parts, key=lambda part: sum(hasattr(value, "shape") for value in part.state.values()))


def _entries(outer: Checkpoint) -> Iterator[Checkpoint]:
    """It and the dicts in it, from the outside in."""
    yield outer
    if len(outer.entry) == _DEEPEST:
        return
    for name, value in outer.state.items():
        if isinstance(value, Mapping) and value and all(isinstance(key, str) for key in value):
            yield from _entries(Checkpoint(value, (*outer.entry, name)))


def _without_prefix(entry: Checkpoint, wanted: Collection[str]) -> Iterator[Checkpoint]:
    """The same without the most frequent prefix of wanted names: `module.`, `_layers.`, or any other."""
    prefixes = Counter(
        name[: len(name) - len(rest)] for name in entry.state for rest in _ends(name) if rest in wanted
    )
    for prefix, _ in prefixes.most_common(1):
        renamed = {name[len(prefix) :] if name.startswith(prefix) else name: name for name in entry.state}
        if len(renamed) == len(entry.state):
            state = {name: entry.state[old] for name, old in renamed.items()}
            yield Checkpoint(state, entry.entry, prefix)


def _ends(name: str) -> Iterator[str]:
    """`b.c` and `c` of `a.b.c`."""
    parts = name.split(".")
    for index in range(1, len(parts)):
        yield ".".join(parts[index:])
