"""Columns to fields: by name first, and by what their cells look like."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

from richsync.drafts.contents import fits
from richsync.drafts.meanings import meaning
from richsync.drafts.rules import RULES, Rule
from richsync.drafts.samples import Column, Sample
from richsync.drafts.words import Concepts, Meaning, Reader, words
from richsync.drafts.yamltext import listed, source


class Level(IntEnum):
    """How sure a guess is."""

    SURE = 0
    LIKELY = 1
    GUESS = 2


class Guess(NamedTuple):
    """A column that a field may be made of, what is to be done to it, and what its name was taken for."""

    path: str
    column: Column
    level: Level
    note: str = ""
    do: tuple[str, ...] = ()
    reading: Concepts = frozenset()
    aggregate: str = ""

    @property
    def source(self) -> str:
        """The column as YAML."""
        return source(self.column.name)

    def value(self, *verbs: str) -> str:
        """The field as YAML: the column, and what is done to it."""
        every = (*self.do, *verbs)
        said = [f"from: {self.source}"]
        said += [f"do: {listed(every)}"] if every else []
        said += [f"aggregate: {self.aggregate}"] if self.aggregate else []
        return f"{{{', '.join(said)}}}" if len(said) > 1 else self.source

    def less_sure(self, note: str) -> "Guess":
        """The same, to be checked, and why."""
        return self._replace(level=Level.GUESS, note=note)


class _Candidate(NamedTuple):
    """In order: strong names before weak ones, then the table's order, then the export's.

    What is called only `id` and has gaps comes last: below it stand the further rows of orders.
    """

    tier: int
    rank: int
    is_near: bool
    is_empty: bool
    is_implied: bool
    size: int
    """The words in its name: the plainest name first, and the second of one name last."""
    at: int
    column: Column
    meaning: Meaning
    reading: Concepts


_BARE, _LAST = 2, 3
_NEARLY_ALL = 0.8
_FEW = 3
_MONEY = re.compile(r"\D*\d+(?:[.,]\d{3})*[.,]\d{2}\D*")


def matches(
    sample: Sample, reader: Reader, inside: str = "", rules: Iterable[Rule] = RULES.values()
) -> dict[str, Guess]:
    """The best column for each field; `inside` is the scope that the columns stand in, `item`."""
    meanings = [(column, meaning(column.name, reader, sample, inside)) for column in sample.columns]
    found = {}
    for rule in rules:
        if inside and not rule.path.startswith("items."):
            continue
        candidates = sorted(_candidates(rule, meanings), key=lambda each: each[:7])
        if candidates:
            found[rule.path] = _guess(rule, candidates)
    return _of_one_reading(found)


def _of_one_reading(found: Mapping[str, Guess]) -> dict[str, Guess]:
    """A column that means one thing or another means the likelier one only."""
    kept: dict[str, Guess] = {}
    for path, each in found.items():
        rivals = [other for other in found.values() if other.column.name == each.column.name]
        best = min(rivals, key=lambda other: other.level)
        if each.reading == best.reading:
            is_clear = all(other.reading == each.reading for other in rivals)
            kept[path] = each if is_clear else each._replace(level=max(each.level, Level.LIKELY))
    return kept


def _candidates(rule: Rule, meanings: Sequence[tuple[Column, Meaning]]) -> Iterator[_Candidate]:
    """The columns whose names mean the field, and whose cells, if there are any, look like it."""
    for at, (column, found) in enumerate(meanings):
        place = _place(rule, found)
        if place is None or (suits := _suits(rule, column, place[0])) is False:
            continue
        tier, rank, reading = place
        if rule.path == "orderId" and tier and not all(column.cells):
            tier = _LAST
        doubts = (found.near, suits is None, found.is_implied)
        size = len(words(column.name)) + len(column.name) * ("#" in column.name)
        yield _Candidate(tier, rank, *doubts, size, at, column, found, reading)


def _suits(rule: Rule, column: Column, tier: int) -> bool | None:
    """Whether the cells look like the field; None without any, which does where the name tells it."""
    may_be_key = could_be_key(column) and (tier < _BARE or is_numbered(column))
    if rule.path == "orderId" and not may_be_key:
        return False
    found = fits(column, rule.looks)
    return False if found is None and tier == _BARE else found


def _place(rule: Rule, found: Meaning) -> tuple[int, int, Concepts] | None:
    """Where a name stands in a rule: strong, weak or bare, and how far down."""
    for tier, names in enumerate((rule.strong, rule.weak, rule.bare)):
        for rank, name in enumerate(names):
            if name in found.readings:
                return tier, rank, name
    return None


def _guess(rule: Rule, candidates: Sequence[_Candidate]) -> Guess:
    """The best of them, and how sure it is."""
    best, *others = candidates
    do = ('minor_units: "2"',) if best.meaning.is_minor and rule.looks == "number" else ()
    guess = Guess(rule.path, best.column, Level.GUESS, "", do, best.reading)
    if best.is_near:
        return guess._replace(note="its name is only like it")
    alike = [each for each in others if each[:5] == best[:5]]
    alike = [each for each in alike if each.size == best.size or rule.looks == "email"]
    rivals = [each.column.name for each in alike if each.column.cells != best.column.cells or best.is_empty]
    if rivals:
        return guess._replace(note=f"or {', '.join(rivals)}")
    level = Level(min(best.tier + best.is_empty + bool(do), Level.GUESS))
    return guess._replace(level=level, note="by its name alone" if best.is_empty else "")


def could_be_key(column: Column) -> bool:
    """Whether it may tell orders apart: filled nearly everywhere, not always the same, no money, no zeros."""
    cells = column.filled
    if not column.cells:
        return True
    is_filled = len(cells) >= _NEARLY_ALL * len(column.cells)
    differs = len(set(cells)) > 1 or len(cells) <= _FEW
    return is_filled and differs and not all(map(_MONEY.fullmatch, cells)) and any(map(_is_set, cells))


def _is_set(cell: str) -> bool:
    """Whether it is more than the 0 that stands for no id."""
    return bool(cell.strip("0"))


def is_numbered(column: Column) -> bool:
    """Whether nearly all cells hold a digit, as ids do whose name does not tell that they are."""
    cells = column.filled
    return sum(any(map(str.isdigit, each)) for each in cells) >= _NEARLY_ALL * len(cells)


def paths(found: Mapping[str, Guess], prefix: str) -> dict[str, Guess]:
    """The guesses below a prefix, `items.`, by their bare names."""
    return {path.removeprefix(prefix): each for path, each in found.items() if path.startswith(prefix)}
