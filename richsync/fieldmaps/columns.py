"""A map's column names, resolved once against what an export holds."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any, Protocol, TypeAlias

from richsync.fieldmaps.model import Column
from richsync.fieldmaps.nearest import nearest
from richsync.model import Mistake, Problem
from richsync.values import control_character, tidy

Fetch: TypeAlias = Callable[[Any], object]
"""A record (or a member of a list in it) to what one column holds; "" or None when there is nothing."""

_STEP = re.compile(r"([^.\[\]]+)|\[(\d{1,9})\]")


class Names(Protocol):
    """The columns of an export, or of the members of a list in it."""

    mistakes: list[Mistake]
    notes: list[Problem]

    def fetch(self, column: Column) -> Fetch:
        """How to get at a column; a name that is not there becomes a mistake."""
        ...

    def within(self, path: Column) -> "Names":
        """The names of the members of the list at `path`."""
        ...


class Header:
    """The columns of a CSV header; `used` gathers the indexes that the map names."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = columns
        self.mistakes: list[Mistake] = []
        self.notes: list[Problem] = []
        self.used: set[int] = set()
        self._exact = {name: i for i, name in reversed(list(enumerate(columns)))}
        self._folded: dict[str, list[int]] = {}
        for i, name in enumerate(columns):
            self._folded.setdefault(_fold(name), []).append(i)

    def index(self, column: Column) -> int:
        """Where the column is; a name that is not there becomes a mistake, once."""
        at = self._exact.get(column.name)
        if at is None:
            at = self._near(column)
        self.used.add(at)
        return at

    def _near(self, column: Column) -> int:
        alike = self._folded.get(_fold(column.name), [])
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

    def within(self, path: Column) -> "Names":
        """A table has no lists in its cells: a mistake."""
        message = "path: needs JSON, and this export is a table"
        self.mistakes.append(
            Mistake("RS301", path.line, path.column, message, "its rows are the lines: drop path:")
        )
        return self


class Paths:
    """The paths of JSON records, known from a sample of them.

    A path that no sampled record has is a mistake when a name near it is there; else it may be a member
    that is left out when empty, and only noted.
    """

    def __init__(self, sample: Sequence[Any]) -> None:
        self.sample = sample
        self.mistakes: list[Mistake] = []
        self.notes: list[Problem] = []

    def fetch(self, column: Column) -> Fetch:
        """The value at a path."""
        steps = self._steps(column.name)
        self._check(column, steps)
        if len(steps) == 1 and isinstance(steps[0], str):
            return _member(steps[0])
        return lambda row: clean(_walk(row, steps))

    def within(self, path: Column) -> "Paths":
        """The members of the list at a path, in all sampled records."""
        fetch = self.fetch(path)
        found = (fetch(row) for row in self.sample)
        members = [
            member for each in found if isinstance(each, list) for member in each if isinstance(member, dict)
        ]
        inner = Paths(members)
        inner.mistakes, inner.notes = self.mistakes, self.notes
        return inner

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
        if nearest(step, names):
            message = f"the records have no {column.name!r}"
            self.mistakes.append(_not_found(column, message, step, sorted(names)))
        else:
            note = f"none of the first {len(self.sample)} records has {column.name!r}"
            self.notes.append(Problem("RS303", column.name, note=note, severity="warning"))


def _not_found(column: Column, message: str, name: str, names: Iterable[str]) -> Mistake:
    known = ", ".join(filter(None, names))
    help_text = nearest(name, names) or f"the names are: {known[:1000]}"
    return Mistake("RS303", column.line, column.column, message, help_text)


def _fold(name: str) -> str:
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
    match value:
        case str():
            return "" if value.isprintable() else control_character(value)
        case dict():
            return next((bad for each in (*value, *value.values()) if (bad := bad_characters(each))), "")
        case list():
            return next((bad for each in value if (bad := bad_characters(each))), "")
        case _:
            return ""
