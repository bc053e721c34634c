"""Several files of one export: which holds the orders, and how the others belong to them."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from richsync.drafts.keys import key_of
from richsync.drafts.lines import is_of_items, of_members, score
from richsync.drafts.matching import Level, matches
from richsync.drafts.meanings import meaning
from richsync.drafts.model import Key, Lines
from richsync.drafts.rules import RULES
from richsync.drafts.samples import Column, Sample
from richsync.drafts.words import Reader, words
from richsync.drafts.yamltext import quoted

_OF_ORDERS = frozenset({"orderId", "createdAt", "amount", "status", "customer.email", "customer.name"})
_SCOPES = ("customer", "payment", "shipping", "billing")
_ID = frozenset({"id", "number", "code", "sku"})
_MOST = 0.5


class Match(NamedTuple):
    """A column of another file, the one of the orders that holds the same, and how sure that is."""

    theirs: Column
    ours: Column
    level: Level

    @property
    def text(self) -> str:
        """As `match:` says it."""
        return f"{{{quoted(self.theirs.name)}: {quoted(self.ours.name)}}}"


def with_orders_first(samples: Sequence[Sample], reader: Reader) -> list[Sample]:
    """The file of the orders, then the others: it has an id that does not repeat, and most of the fields."""

    def weight(sample: Sample) -> tuple[bool, int]:
        found = matches(sample, reader)
        key = key_of(sample, found.get("orderId"))
        return (key.column is not None and not key.is_per_row, len(_OF_ORDERS & found.keys()))

    return sorted(samples, key=weight, reverse=True)


def match(main: Sample, other: Sample, reader: Reader, *, of_lines: bool = False) -> Match | None:
    """The columns by which a file belongs to the orders: by what they hold, else by their names.

    The lines of an order are never those of its customer.
    """
    pairs = (each for each in _alike(main, other, reader) if not (of_lines and each[3]))
    shared = [(_share(theirs, ours), is_named, theirs, ours) for theirs, ours, is_named, _ in pairs]
    best = max(shared, key=lambda each: each[:2], default=None)
    if best is None:
        return None
    level = Level.SURE if best[0] >= _MOST else Level.GUESS
    return Match(best[2], best[3], level)


def _alike(main: Sample, other: Sample, reader: Reader) -> Iterator[tuple[Column, Column, bool, bool]]:
    """Columns with one name, or whose names both mean the order's id; whether they do, or mean a customer."""
    for theirs in other.columns:
        readings = meaning(theirs.name, reader, other, "").readings
        is_id = any(_ID & each for each in readings)
        for ours in main.columns:
            is_named = _both_mean(theirs, ours, main, reader)
            if is_named or (is_id and words(theirs.name) == words(ours.name)):
                yield theirs, ours, is_named, any("customer" in each for each in readings)


def _both_mean(theirs: Column, ours: Column, main: Sample, reader: Reader) -> bool:
    """Whether the order's id is meant: where the orders stand it may be called just `id`."""
    named, own = (set(meaning(each.name, reader, main, "").readings) for each in (theirs, ours))
    rule = RULES["orderId"]
    return bool(named & set(rule.strong)) and bool(own & {*rule.strong, *rule.weak})


def _share(theirs: Column, ours: Column) -> float:
    held = set(ours.filled)
    return sum(each in held for each in theirs.filled) / len(theirs.filled) if theirs.filled else 0.0


def lines_of(main: Sample, key: Key, other: Sample, reader: Reader) -> Lines | None:
    """The lines that another file holds, in its rows or in a list in each, if they look like an order's."""
    by = match(main, other, reader, of_lines=True)
    if by is None:
        return None
    orders = dict(zip(reversed(by.ours.cells), reversed(key.ordinals), strict=True))
    said = {"file": quoted(other.name), "match": by.text}
    note = (
        ""
        if by.level is Level.SURE
        else "the first rows share no value: see that these columns belong together"
    )
    for place, sample, records in _holders(other, reader):
        found = of_members(sample, reader)
        if score(found):
            found = {name: each for name, each in found.items() if each.column is not by.theirs}
            within = tuple(orders.get(by.theirs.cells[at], -1) for at in records)
            used = frozenset({by.ours.name})
            return Lines(said | place, sample, within, found, note, by.level, used)
    return None


def _holders(other: Sample, reader: Reader) -> Iterator[tuple[dict[str, str], Sample, Sequence[int]]]:
    """Where lines may be in a file, with the ordinals of the records they stand in."""
    yield {}, other, range(other.size)
    for path, inner in other.lists.items():
        if is_of_items(path, reader):
            yield {"path": quoted(path)}, inner, inner.within


class Brought(NamedTuple):
    """The orders with the columns that another file brings, and the line of `join:` that says so."""

    sample: Sample
    said: str


def brought(main: Sample, other: Sample, reader: Reader) -> Brought | None:
    """The columns of a file that has one row for each value: `$customer.email`."""
    by = match(main, other, reader)
    if by is None or len(set(by.theirs.filled)) < len(by.theirs.filled):
        return None
    named = reader.concepts(other.name.rpartition(".")[0])
    name = next((scope for scope in _SCOPES if scope in named), "other")
    rows = {cell: at for at, cell in enumerate(by.theirs.cells) if cell}
    places = [rows.get(cell) for cell in by.ours.cells]
    columns = [
        Column(f"${name}.{each.name}", tuple("" if at is None else each.cells[at] for at in places))
        for each in other.columns
        if each is not by.theirs
    ]
    said = f"{name}: {{file: {quoted(other.name)}, match: {by.text}}}"
    return Brought(main._replace(columns=(*main.columns, *columns)), said)
