"""A draft as a value: what is known of an export, before it is written as a map."""

from collections.abc import Mapping
from typing import NamedTuple

from richsync.drafts.matching import Guess, Level
from richsync.drafts.samples import Column, Sample


class Entry(NamedTuple):
    """A line of the map: `value` is YAML, `columns` made it; without `level` it is no guess."""

    name: str
    value: str
    level: Level | None = None
    columns: tuple[Column, ...] = ()
    note: str = ""


def entry(guess: Guess, name: str = "") -> Entry:
    """The line of a field that one column makes."""
    name = name or guess.path.rpartition(".")[2]
    return Entry(name, guess.value(), guess.level, (guess.column,), guess.note)


TODO = "TODO"


def todo(name: str, note: str) -> Entry:
    """A line that is left to be decided."""
    return Entry(name, TODO, None, (), note)


class Key(NamedTuple):
    """What tells orders apart: `ordinals` gives for each record the order it belongs to.

    `is_per_row` says that records next to each other are one order, `is_scattered` that they stand anywhere.
    """

    column: Column | None
    ordinals: tuple[int, ...]
    is_per_row: bool = False
    is_scattered: bool = False


class Lines(NamedTuple):
    """Where the lines of an order are: the words of a layout, as YAML, and the columns of a line.

    `within` gives for each line the ordinal of its order; `used` are the columns that they take.
    """

    words: Mapping[str, str]
    sample: Sample
    within: tuple[int, ...]
    found: Mapping[str, Guess]
    note: str = ""
    level: Level = Level.SURE
    used: frozenset[str] = frozenset()


class Draft(NamedTuple):
    """A whole map to be. `items` are the lines of the list, or one line that says what is missing."""

    source: str
    size: int
    export: tuple[Entry, ...] = ()
    order: tuple[Entry, ...] = ()
    items: tuple[Entry, ...] = ()
    fulfillment: tuple[Entry, ...] = ()
    customer: tuple[Entry, ...] = ()
    unmapped: tuple[Column, ...] = ()
    hints: tuple[str, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every line."""
        return (*self.export, *self.order, *self.items, *self.fulfillment, *self.customer)

    @property
    def levels(self) -> Mapping[str, int]:
        """How many lines are how sure."""
        known = [each.level for each in self.entries if each.level is not None]
        return {level.name.lower(): known.count(level) for level in Level}

    @property
    def left(self) -> tuple[str, ...]:
        """What is left to be decided."""
        named = {id(each): f"items.{each.name}" for each in self.items}
        left = [named.get(id(each), each.name) for each in self.entries if each.value == TODO]
        return (*left, *(() if self.items else ("items",)))
