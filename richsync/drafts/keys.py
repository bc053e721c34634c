"""What tells the orders of an export apart, and whether its rows repeat it."""

from collections.abc import Sequence
from itertools import pairwise

from richsync.drafts.matching import Guess
from richsync.drafts.model import Key
from richsync.drafts.samples import Sample

_SCATTERED = 0.3


def key_of(sample: Sample, guess: Guess | None) -> Key:
    """The key; without a column for it every record is an order of its own."""
    if guess is None:
        return Key(None, tuple(range(sample.size)))
    cells = guess.column.cells
    seen: dict[str, int] = {}
    runs: list[int] = []
    for at, cell in enumerate(cells):
        is_next = at > 0 and cell and cell == cells[at - 1]
        runs.append(runs[-1] if is_next else at)
    for cell, run in zip(cells, runs, strict=True):
        seen.setdefault(cell, run)
    is_per_row = any(a == b for a, b in pairwise(runs)) and _differ(sample, runs)
    apart = len({run for cell, run in zip(cells, runs, strict=True) if cell and seen[cell] != run})
    is_scattered = bool(apart) and apart >= _SCATTERED * len(seen)
    ordinals = [seen[cell] if cell else run for cell, run in zip(cells, runs, strict=True)]
    return Key(guess.column, tuple(ordinals), is_per_row or is_scattered, is_scattered)


def _differ(sample: Sample, runs: Sequence[int]) -> bool:
    """Whether records that share a key are not all the same record again."""
    return any(
        runs[at] == runs[at - 1] and any(each.cells[at] != each.cells[at - 1] for each in sample.columns)
        for at in range(1, len(runs))
    )


def varies(key: Key, cells: Sequence[str]) -> bool:
    """Whether the records of one order hold different things in a column."""
    held: dict[int, set[str]] = {}
    for order, cell in zip(key.ordinals, cells, strict=True):
        if cell:
            held.setdefault(order, set()).add(cell)
    return sum(len(each) > 1 for each in held.values()) > 0.05 * len(held)


__all__ = ["key_of", "varies"]
