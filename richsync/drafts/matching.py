"""Columns to fields: by name first, and by what their cells look like."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import NamedTuple

from richsync.drafts.contents import fits
from richsync.drafts.rules import RULES, Rule
from richsync.drafts.samples import Column, Sample
from richsync.drafts.words import Concepts, Meaning, Reader, words


class Level(IntEnum):
    """How sure a guess is."""

    SURE = 0
    LIKELY = 1
    GUESS = 2


@dataclass(frozen=True, slots=True)
class Guess:
    """A column that a field may be made of."""

    path: str
    column: Column
    level: Level
    note: str = ""

    def less_sure(self, note: str) -> "Guess":
        """The same, to be checked, and why."""
        return replace(self, level=Level.GUESS, note=note)


class _Candidate(NamedTuple):
    """In order: strong names before weak ones, then the table's order, then the export's."""

    tier: int
    rank: int
    is_near: bool
    is_empty: bool
    is_implied: bool
    size: int
    """The words in its name: the plainest name first, and the second of one name last."""
    at: int
    column: Column


_BARE = 2
_NEARLY_ALL = 0.8
_FEW = 3
_MONEY = re.compile(r"\D*\d+(?:[.,]\d{3})*[.,]\d{2}\D*")
_PLACES = frozenset({"city", "state", "country", "postcode", "first", "last", "name", "phone", "email"})
_NAMED = frozenset({"city", "state", "country", "method", "status", "item", "variant"})
_SIDES = frozenset({"billing", "shipping"})


def matches(
    sample: Sample, reader: Reader, inside: str = "", rules: Iterable[Rule] = RULES.values()
) -> dict[str, Guess]:
    """The best column for each field; `inside` is the scope that the columns stand in, `item`."""
    meanings = [(column, meaning(column.name, reader, sample, inside)) for column in sample.columns]
    found = {}
    for rule in rules:
        if inside and not rule.path.startswith("items."):
            continue
        candidates = sorted(_candidates(rule, meanings))
        if candidates:
            found[rule.path] = _guess(rule, candidates)
    return found


def meaning(name: str, reader: Reader, sample: Sample, inside: str) -> Meaning:
    """What a column's name means, where it stands."""
    found = reader.meaning(name)
    if not found.readings and sample.is_json and "." in name:
        found = _of_path(name, reader)
    is_implied = bool(inside) and not any(inside in each for each in found.readings)
    settled = (settle(each | {inside} if inside else each) for each in found.readings)
    return found._replace(readings=tuple(dict.fromkeys(settled)), is_implied=is_implied)


def _of_path(name: str, reader: Reader) -> Meaning:
    """A path's last name, with what is known of those before it."""
    outer, _, last = name.rpartition(".")
    found = reader.meaning(last)
    before = reader.concepts(outer)
    return Meaning(tuple(each | before for each in found.readings), near=True)


def settle(concepts: Concepts) -> Concepts:
    """Without the words that say nothing new beside others: `address` in `billing address city`."""
    dropped = set[str]()
    if concepts & _PLACES:
        dropped.add("street")
    if concepts & _NAMED:
        dropped |= {"name"} if concepts & {"city", "state", "country"} else set()
    if concepts & _SIDES:
        dropped |= {"customer", "order"} if concepts & (_PLACES | {"street"}) else set()
    if len(concepts) > 1:
        dropped.add("gross")
    return concepts - dropped


def _candidates(rule: Rule, meanings: Sequence[tuple[Column, Meaning]]) -> Iterator[_Candidate]:
    """The columns whose names mean the field, and whose cells, if there are any, look like it."""
    for at, (column, found) in enumerate(meanings):
        place = _place(rule, found)
        suits = fits(column, rule.looks) if place else False
        if place is None or suits is False or (rule.path == "orderId" and not could_be_key(column)):
            continue
        if suits or place[0] < _BARE:
            size = len(words(column.name)) + len(column.name) * ("#" in column.name)
            yield _Candidate(*place, found.near, suits is None, found.is_implied, size, at, column)


def _place(rule: Rule, found: Meaning) -> tuple[int, int] | None:
    """Where a name stands in a rule: strong, weak or bare, and how far down."""
    for tier, names in enumerate((rule.strong, rule.weak, rule.bare)):
        for rank, name in enumerate(names):
            if name in found.readings:
                return tier, rank
    return None


def _guess(rule: Rule, candidates: Sequence[_Candidate]) -> Guess:
    """The best of them, and how sure it is."""
    best, *others = candidates
    if best.is_near:
        return Guess(rule.path, best.column, Level.GUESS, "its name is only like it")
    alike = [
        each for each in others if each[:5] == best[:5] and (each.size == best.size or rule.looks == "email")
    ]
    rivals = [each for each in alike if each.column.cells != best.column.cells or best.is_empty]
    if rivals:
        return Guess(
            rule.path, best.column, Level.GUESS, f"or {', '.join(each.column.name for each in rivals)}"
        )
    level = Level(min(best.tier + best.is_empty, Level.GUESS))
    return Guess(rule.path, best.column, level, "by its name alone" if best.is_empty else "")


def could_be_key(column: Column) -> bool:
    """Whether it may tell orders apart: filled everywhere, not always with the same, and no money."""
    cells = column.filled
    if not column.cells:
        return True
    is_filled = len(cells) >= _NEARLY_ALL * len(column.cells)
    differs = len(set(cells)) > 1 or len(cells) <= _FEW
    return is_filled and differs and not all(map(_MONEY.fullmatch, cells))


def one_that_looks(sample: Sample, looks: str, taken: Iterable[str]) -> Column | None:
    """The one column that is not taken and looks so; None when there is none, or several."""
    left = [each for each in sample.columns if each.name not in set(taken) and fits(each, looks)]
    return left[0] if len(left) == 1 else None


def paths(found: Mapping[str, Guess], prefix: str) -> dict[str, Guess]:
    """The guesses below a prefix, `items.`, by their bare names."""
    return {path.removeprefix(prefix): each for path, each in found.items() if path.startswith(prefix)}


__all__ = ["Guess", "Level", "matches", "meaning", "one_that_looks", "paths", "settle", "words"]
