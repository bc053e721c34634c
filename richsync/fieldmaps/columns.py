"""A map's column names, resolved once against what an export holds."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, Protocol, TypeAlias

from richsync.fieldmaps.model import Column, Join
from richsync.fieldmaps.nearest import nearest
from richsync.fieldmaps.paths import SEVERAL, below, steps_of, walk
from richsync.model import Mistake, Problem
from richsync.values import CURRENCIES, SPREADSHEET_ERRORS, Bad, bad_characters, tidy

Fetch: TypeAlias = Callable[[Any], object]
"""A record (or a member of a list in it) to what one column holds; "" or None when there is nothing."""

ORDER = "$order."
"""Begins the name of a column of the order, in a list whose members have names of their own."""

_NAMES = "the names are: "
_SHOWN = 1000


class OtherRows(NamedTuple):
    """The rows of another file: their columns, or a sample of them when they are JSON, and how to find one.

    `find` takes what a row is matched by; it gives the first that fits, as an object, or None.
    """

    columns: Sequence[str]
    sample: Sequence[Any]
    find: Callable[[str], object]


class Names(Protocol):
    """The columns of an export, or of the members of a list in it; `sample` are some of their records.

    `files` are the columns in which the rows of other files stand, each with the names of those rows.
    `others` are the files of all joins, `brought` what those that are known here bring, by `$name`.
    """

    files: Mapping[str, Sequence[str]]
    others: Mapping[Join, OtherRows]
    brought: dict[str, "Brought"]
    sample: Sequence[Any]
    mistakes: list[Mistake]
    notes: list[Problem]

    def fetch(self, column: Column) -> Fetch:
        """How to get at a column; a name that is not there becomes a mistake."""
        ...


class Header:
    """The columns of a CSV header; `used` gathers the indexes that the map names, `asked` the names.

    Of two columns with one name the second is `Name#2`, and the first is `Name#1` as well.
    """

    def __init__(self, columns: Sequence[str], sample: Sequence[Any] = ()) -> None:
        self.columns = columns
        self.sample = sample
        self.files: Mapping[str, Sequence[str]] = {}
        self.others: Mapping[Join, OtherRows] = {}
        self.brought: dict[str, Brought] = {}
        self.mistakes: list[Mistake] = []
        self.notes: list[Problem] = []
        self.used: set[int] = set()
        self.asked: set[str] = set()
        self._exact = {name: i for i, name in reversed(list(enumerate(columns)))}
        self._exact |= {f"{name}#1": i for name, i in self._exact.items() if f"{name}#2" in self._exact}
        self._folded: dict[str, list[int]] = {}
        for i, name in enumerate(columns):
            self._folded.setdefault(fold(name), []).append(i)

    def has(self, column: Column) -> bool:
        """Whether the column is there, perhaps in another case."""
        return column.name in self._exact or len(self._folded.get(fold(column.name), ())) == 1

    def index(self, column: Column) -> int:
        """Where the column is; a name that is not there becomes a mistake, once."""
        self.asked.add(column.name)
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
        self.mistakes.append(_not_found(column, message, column.name.removeprefix(ORDER), self.columns))
        return 0

    def fetch(self, column: Column) -> Fetch:
        """The cell of a column, or what a joined row holds."""
        return of_joined_row(self, column) or itemgetter(self.index(column))


class Paths:
    """The paths of JSON records, known from a sample of them.

    A path that no sampled record has is a mistake when a name near it is there; else it may be a member
    that is left out when empty, and only noted. A `complete` sample shows every name there can be.
    """

    complete = False
    what = "records"

    def __init__(self, sample: Sequence[Any]) -> None:
        self.sample = sample
        self.files: Mapping[str, Sequence[str]] = {}
        self.others: Mapping[Join, OtherRows] = {}
        self.brought: dict[str, Brought] = {}
        self.mistakes: list[Mistake] = []
        self.notes: list[Problem] = []
        self.absent: set[str] = set()

    def fetch(self, column: Column) -> Fetch:
        """The value at a path, or at one in a joined row."""
        return of_joined_row(self, column) or self._at(column)

    def _at(self, column: Column) -> Fetch:
        steps = self._steps(column.name)
        self._check(column, steps)
        if len(steps) == 1 and isinstance(steps[0], str):
            return _member(steps[0])
        return lambda row: clean(walk(row, steps))

    def _steps(self, name: str) -> tuple[str | int, ...]:
        """A member of just this name wins over a path."""
        if any(isinstance(row, dict) and name in row for row in self.sample):
            return (name,)
        return steps_of(name)

    def _check(self, column: Column, steps: Sequence[str | int]) -> None:
        level: list[Any] = [row for row in self.sample if isinstance(row, dict)]
        for step in steps:
            if isinstance(step, str) and step not in SEVERAL:
                names = {name for each in level if isinstance(each, dict) for name in each}
                if names and step not in names:
                    self._missing(column, step, names)
                    return
                if not names and any(isinstance(each, list) and each for each in level):
                    self.mistakes.append(_through_a_list(column, step))
                    return
            level = [found for each in level for found in below(each, step)]

    def _missing(self, column: Column, step: str, names: Iterable[str]) -> None:
        if self.complete or nearest(step, names):
            message = f"the {self.what} have no {column.name!r}"
            self.mistakes.append(_not_found(column, message, step, sorted(names)))
        else:
            self.absent.add(column.name)
            self._absent(column.name)

    def _absent(self, name: str) -> None:
        """All names that are nowhere in one note: of the wrong file every one is."""
        says = f"none of the {self.what} looked at ({len(self.sample)}) has "
        at = next((i for i, each in enumerate(self.notes) if each.note.startswith(says)), None)
        if at is None:
            self.notes.append(Problem("RS303", name, note=f"{says}{name!r}", severity="warning"))
        elif repr(name) not in self.notes[at].note:
            self.notes[at] = self.notes[at]._replace(note=f"{self.notes[at].note}, {name!r}")


class Members(Paths):
    """The names of a list's members; `$order.x` is the column x of the record that the list stands in.

    The columns so named are `lent`: each member gets them from its record, under the name the map says.
    """

    def __init__(self, outer: Names, sample: Sequence[Any], held: str, *, complete: bool = False) -> None:
        super().__init__(sample)
        self.what = f"members of {held!r}"
        self.mistakes, self.notes, self.complete = outer.mistakes, outer.notes, complete
        self.outer, self.others = outer, outer.others
        self.lent: dict[str, Fetch] = {}

    def fetch(self, column: Column) -> Fetch:
        """The value at a path in a member, or of a column of its record."""
        if joined_name(column) in self.outer.brought:
            self.lent[column.name] = self.outer.fetch(column)
            return _member(column.name)
        if not column.name.startswith(ORDER):
            return super().fetch(column)
        in_order = column._replace(name=column.name.removeprefix(ORDER))
        self.lent[column.name] = self.outer.fetch(column if isinstance(self.outer, Members) else in_order)
        return _member(column.name)


class Brought(NamedTuple):
    """The row of another file that a row here brings: its names, and how to get from the one to the other."""

    names: Paths
    row: Fetch

    def fetch(self, column: Column) -> Fetch:
        """What the joined row holds in one of its own columns; it may not be fit to be sent."""
        row, inner = self.row, self.names.fetch(column)

        def run(here: Any) -> object:
            found = row(here)
            value = None if found is None else inner(found)
            if isinstance(value, str) and value in SPREADSHEET_ERRORS:
                return Bad("RS513")
            return Bad("RS108", bad) if (bad := bad_characters(value)) else value

        return run


def joined_name(column: Column) -> str:
    """The joined row that a column is of, as `$name`; "" when it is of none."""
    name, dot, _ = column.name.partition(".")
    return name if dot and name.startswith("$") else ""


def of_joined_row(names: Names, column: Column) -> Fetch | None:
    """How to get at a column of a joined row; None when it is a column of the row itself."""
    name = joined_name(column)
    found = names.brought.get(name)
    if found is not None:
        return found.fetch(column._replace(name=column.name.removeprefix(f"{name}.")))
    if not name or column.name.startswith(ORDER) or not names.brought:
        return None
    message = f"nothing is joined as {name!r}"
    help_text = nearest(name, names.brought) or f"one of {', '.join(names.brought)}"
    names.mistakes.append(Mistake("RS303", column.line, column.column, message, help_text))
    return lambda _row: None


def _not_found(column: Column, message: str, name: str, names: Iterable[str]) -> Mistake:
    help_text = _meant(name, names) or nearest(name, names) or names_are(names)
    return Mistake("RS303", column.line, column.column, message, help_text)


def _meant(name: str, names: Iterable[str]) -> str:
    """What a name that is no column was cut off from, or stands for."""
    whole = next((each for each in names if each.startswith(f"{name} #")), "")
    if whole:
        return f'a # after a space begins a comment: quote the name, "{whole}"'
    return f"for the text {name} itself say `={name}`" if name in CURRENCIES else ""


def _through_a_list(column: Column, step: str) -> Mistake:
    message = f"{column.name!r}: what should have {step!r} is a list"
    help_text = f"say `[].{step}` for that of each of its members, `[0].{step}` for that of the first"
    return Mistake("RS303", column.line, column.column, message, help_text)


def names_are(names: Iterable[str]) -> str:
    """All the names there are, or as many as can be read."""
    known = ", ".join(filter(None, names))
    return f"{_NAMES}{known[:_SHOWN]}{' …' if len(known) > _SHOWN else ''}"


def told_once(mistakes: Iterable[Mistake]) -> Iterator[Mistake]:
    """Each mistake once, the same long list of names told with the first of them only."""
    told, listed = set[tuple[str, str]](), set[str]()
    for each in mistakes:
        if (each.message, each.help) in told:
            continue
        again = each.help in listed and each.help.startswith(_NAMES)
        yield each._replace(help="the names are those above") if again else each
        told.add((each.message, each.help))
        listed.add(each.help)


def fold(name: str) -> str:
    """A name as it is compared when the exact one is not there: without case, outer space, Unicode form."""
    return unicodedata.normalize("NFC", tidy(name)).casefold()


def _member(name: str) -> Fetch:
    def fetch(row: Any) -> object:
        value = row.get(name) if isinstance(row, dict) else None
        return clean(value) if isinstance(value, str) else value

    return fetch


def clean(value: object) -> object:
    """A JSON text without what cannot be seen; anything else as it is."""
    if type(value) is str and (not value.isprintable() or value != value.strip() or value[:1] in "'="):
        return tidy(value)
    return value
