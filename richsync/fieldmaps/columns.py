"""A map's column names, resolved once against what an export holds."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Protocol, TypeAlias

from richsync.fieldmaps.model import Column
from richsync.fieldmaps.nearest import nearest
from richsync.model import Mistake, Problem
from richsync.values import control_character, tidy

Fetch: TypeAlias = Callable[[Any], object]
"""A record (or a member of a list in it) to what one column holds; "" or None when there is nothing."""

ORDER = "$order."
"""Begins the name of a column of the order, in a list whose members have names of their own."""

_STEP = re.compile(r"([^.\[\]]+)|\[(\d{1,9})\]")


class Names(Protocol):
    """The columns of an export, or of the members of a list in it; `sample` are some of their records.

    `files` are the columns in which the rows of other files stand, each with the names of those rows.
    """

    files: Mapping[str, Sequence[str]]
    sample: Sequence[Any]
    mistakes: list[Mistake]
    notes: list[Problem]

    def fetch(self, column: Column) -> Fetch:
        """How to get at a column; a name that is not there becomes a mistake."""
        ...


class Header:
    """The columns of a CSV header; `used` gathers the indexes that the map names."""

    def __init__(self, columns: Sequence[str], sample: Sequence[Any] = ()) -> None:
        self.columns = columns
        self.sample = sample
        self.files: Mapping[str, Sequence[str]] = {}
        self.mistakes: list[Mistake] = []
        self.notes: list[Problem] = []
        self.used: set[int] = set()
        self._exact = {name: i for i, name in reversed(list(enumerate(columns)))}
        self._folded: dict[str, list[int]] = {}
        for i, name in enumerate(columns):
            self._folded.setdefault(fold(name), []).append(i)

    def has(self, column: Column) -> bool:
        """Whether the column is there, perhaps in another case."""
        return column.name in self._exact or len(self._folded.get(fold(column.name), ())) == 1

    def index(self, column: Column) -> int:
        """Where the column is; a name that is not there becomes a mistake, once."""
        at = self._exact.get(column.name)
        if at is None:
            at = self._near(column)
        self.used.add(at)
        return at

    def _near(self, column: Column) -> int:
        alike = self._folded.get(fold(column.name), [])
        if len(alike) == 1:
            right = self.columns[alike[0]]
            self.notes.append(
                Problem("RS304", right, note=f"the map says {column.name!r}, the header {right!r}")
            )
            return alike[0]
        message = f"the export has no column {column.name!r}"
        self.mistakes.append(_not_found(column, message, column.name, self.columns))
        return 0

    def fetch(self, column: Column) -> Fetch:
        """The cell of a column."""
        return itemgetter(self.index(column))


class Paths:
    """The paths of JSON records, known from a sample of them.

    A path that no sampled record has is a mistake when a name near it is there; else it may be a member
    that is left out when empty, and only noted. A `complete` sample shows every name there can be.
    """

    complete = False

    def __init__(self, sample: Sequence[Any]) -> None:
        self.sample = sample
        self.files: Mapping[str, Sequence[str]] = {}
        self.mistakes: list[Mistake] = []
        self.notes: list[Problem] = []

    def fetch(self, column: Column) -> Fetch:
        """The value at a path."""
        steps = self._steps(column.name)
        self._check(column, steps)
        if len(steps) == 1 and isinstance(steps[0], str):
            return _member(steps[0])
        return lambda row: clean(_walk(row, steps))

    def _steps(self, name: str) -> tuple[str | int, ...]:
        """A member of just this name wins over a path."""
        if any(isinstance(row, dict) and name in row for row in self.sample):
            return (name,)
        return tuple(int(at) if at else key for key, at in _STEP.findall(name)) or (name,)

    def _check(self, column: Column, steps: Sequence[str | int]) -> None:
        level: list[Any] = [row for row in self.sample if isinstance(row, dict)]
        for step in steps:
            names = {name for each in level if isinstance(each, dict) for name in each}
            if isinstance(step, str) and names and step not in names:
                self._missing(column, step, names)
                return
            level = [found for each in level if (found := _walk(each, (step,))) is not None]

    def _missing(self, column: Column, step: str, names: Iterable[str]) -> None:
        if self.complete or nearest(step, names):
            message = f"the records have no {column.name!r}"
            self.mistakes.append(_not_found(column, message, step, sorted(names)))
        else:
            note = f"none of the first {len(self.sample)} records has {column.name!r}"
            self.notes.append(Problem("RS303", column.name, note=note, severity="warning"))


class Members(Paths):
    """The names of a list's members; `$order.x` is the column x of the record that the list stands in.

    The columns so named are `lent`: each member gets them from its record, under the name the map says.
    """

    def __init__(self, outer: Names, sample: Sequence[Any], complete: bool = False) -> None:
        super().__init__(sample)
        self.mistakes, self.notes, self.complete = outer.mistakes, outer.notes, complete
        self.outer = outer
        self.lent: dict[str, Fetch] = {}

    def fetch(self, column: Column) -> Fetch:
        """The value at a path in a member, or of a column of its record."""
        if not column.name.startswith(ORDER):
            return super().fetch(column)
        in_order = column._replace(name=column.name.removeprefix(ORDER))
        self.lent[column.name] = self.outer.fetch(column if isinstance(self.outer, Members) else in_order)
        return _member(column.name)


def _not_found(column: Column, message: str, name: str, names: Iterable[str]) -> Mistake:
    known = ", ".join(filter(None, names))
    help_text = nearest(name, names) or f"the names are: {known[:1000]}"
    return Mistake("RS303", column.line, column.column, message, help_text)


def fold(name: str) -> str:
    """A name as it is compared when the exact one is not there: without case, outer space, Unicode form."""
    return unicodedata.normalize("NFC", tidy(name)).casefold()


def _member(name: str) -> Fetch:
    def fetch(row: Any) -> object:
        value = row.get(name) if isinstance(row, dict) else None
        return clean(value) if isinstance(value, str) else value

    return fetch


def _walk(value: Any, steps: Sequence[str | int]) -> Any:
    for step in steps:
        match value, step:
            case dict(), str():
                value = value.get(step)
            case list(), int() if step < len(value):
                value = value[step]
            case _:
                return None
    return value


def clean(value: object) -> object:
    """A JSON text without what cannot be seen; anything else as it is."""
    if type(value) is str and (not value.isprintable() or value != value.strip() or value[:1] in "'="):
        return tidy(value)
    return value


def bad_characters(value: object) -> str:
    """The first character anywhere in a JSON value that may not be sent, as `U+0000`."""
    left = [value]
    while left:
        match left.pop():
            case str() as found if not found.isprintable() and (bad := control_character(found)):
                return bad
            case dict() as members:
                left += [*reversed(members.values()), *reversed(members)]
            case list() as members:
                left += reversed(members)
    return ""
