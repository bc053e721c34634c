"""The first records of an export as columns, whatever its format; lists in JSON are samples in it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from richsync.jsontext import Digits
from richsync.values import Moment, control_character, tidy
from richsync.values.wrappers import unwrapped

NOTHING = frozenset(
    {"-", "--", "NULL", "null", "N/A", "n/a", "NA", "None", "none", "nan", "NaN", "(null)", "NONE"}
)
"""Cells that mean nothing in many exports."""

_DEEPEST = 6
_NUMBERS = (int, float, Digits)
_LONGEST_CELL = 2000


class Column(NamedTuple):
    """A column, or a path into JSON, with its cells: one a record, "" where there is nothing.

    `is_number` says that JSON has numbers there, which no setting of the map changes; `is_list`, lists of
    text.
    """

    name: str
    cells: tuple[str, ...] = ()
    is_number: bool = False
    is_list: bool = False

    @property
    def filled(self) -> tuple[str, ...]:
        """The cells that mean something."""
        return tuple(each for each in self.cells if each and each not in NOTHING)


class Sample(NamedTuple):
    """What was seen of an export, or of the members of a list in it.

    `lists` are the lists of objects in JSON, by path; `within` gives for each record of such a list the
    ordinal of the record that it stands in. `parent` is the member by which records name one another.
    """

    name: str
    columns: tuple[Column, ...]
    size: int
    lists: Mapping[str, "Sample"] = {}
    is_json: bool = False
    encoding: str = "utf-8"
    delimiter: str = ""
    within: tuple[int, ...] = ()
    parent: str = ""


def of_table(
    name: str, columns: Sequence[str], rows: Sequence[list[str]], encoding: str, delimiter: str
) -> Sample:
    """A sample of a CSV export; columns that a map cannot name are left out."""
    told = (
        Column(each, tuple(tidy(row[at])[:_LONGEST_CELL] if at < len(row) else "" for row in rows))
        for at, each in enumerate(columns)
        if each.strip() and not control_character(each)
    )
    return Sample(name, tuple(told), len(rows), encoding=encoding, delimiter=delimiter)


def parent_of(rows: Sequence[object]) -> str:
    """The member by which records name the `id` of another record; "" when there is none."""
    objects = [row for row in rows if isinstance(row, dict)]
    ids = {row["id"] for row in objects if isinstance(row.get("id"), str)}
    for name in dict.fromkeys(name for row in objects for name in row if "parent" in name.lower()):
        named = [row[name] for row in objects if isinstance(row.get(name), str)]
        if named and ids.issuperset(named):
            return str(name)
    return ""


def of_objects(name: str, rows: Sequence[object], within: Sequence[int] = (), parent: str = "") -> Sample:
    """A sample of JSON records, or of the members of a list."""
    values: dict[str, dict[int, Any]] = {}
    lists: dict[str, list[tuple[int, Any]]] = {}
    for at, row in enumerate(rows):
        for path, value in _leaves(row, "", 0):
            if isinstance(value, list):
                lists.setdefault(path, []).extend((at, each) for each in value if isinstance(each, dict))
            else:
                values.setdefault(path, {})[at] = value
    columns = tuple(_column(path, held, len(rows)) for path, held in values.items())
    inner = {
        path: of_objects(path, [each for _, each in members], [at for at, _ in members])
        for path, members in lists.items()
    }
    return Sample(name, columns, len(rows), inner, is_json=True, within=tuple(within), parent=parent)


def _column(path: str, held: Mapping[int, Any], size: int) -> Column:
    """What records have at a path."""
    is_number = all(isinstance(each, _NUMBERS) and not isinstance(each, bool) for each in held.values())
    is_list = any(isinstance(each, tuple) for each in held.values())
    cells = tuple(_text(held.get(at, "")) for at in range(size))
    return Column(path, cells, is_number, is_list)


def _text(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return tidy(text)[:_LONGEST_CELL]


def _leaves(value: Any, path: str, depth: int) -> Iterator[tuple[str, Any]]:
    """The paths of an object to its scalars, to its lists of objects, and to its lists of text."""
    found = unwrapped(value)
    if isinstance(found, Moment):
        yield path, datetime.fromtimestamp(found / 1000, UTC).isoformat()
    elif isinstance(found, dict):
        for name, member in found.items() if depth < _DEEPEST else ():
            if _can_be_named(name):
                yield from _leaves(member, f"{path}.{name}" if path else name, depth + 1)
    elif isinstance(found, list):
        if any(isinstance(each, dict) for each in found):
            yield path, found
        elif found:
            yield path, tuple(each for each in found if not isinstance(each, list))
    elif found is not None and path:
        yield path, "true" if found is True else "false" if found is False else found


def _can_be_named(name: str) -> bool:
    return bool(name.strip()) and not control_character(name) and not set(".[]") & set(name)
