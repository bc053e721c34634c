"""What a sense is: a look at finished orders."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias

from richsync.fieldmaps import FieldMap
from richsync.fieldmaps.columns import fold
from richsync.fieldmaps.model import Block, Constant, Text
from richsync.fieldmaps.puts import column_of
from richsync.model import Order, Problem

Sense: TypeAlias = Callable[[Sequence[Order]], None]
"""Looks at some orders, and appends what is odd about one to its problems: mostly nothing."""

_SHOWN = 200


class Tally(Protocol):
    """A sense that knows only at the end what to say of the export."""

    def __call__(self, orders: Sequence[Order]) -> None:
        """Some more orders."""
        ...

    def problems(self) -> Iterable[Problem]:
        """What is to be said of all of them."""
        ...


class Clues(NamedTuple):
    """What senses know of an export: the delimiter and the columns of a row ("" and none in JSON).

    `now` is the moment that dates are judged by, in epoch milliseconds. `filled` tells of a row's raw text
    which of its cells hold anything.
    """

    now: int
    delimiter: str = ""
    columns: Sequence[str] = ()
    filled: Callable[[str], Sequence[bool]] = lambda _raw: ()


class Mapped(NamedTuple):
    """What a map maps: the column of each field, by its path.

    `custom` are the paths of custom fields, `made_up` those of fields that a text or a default can stand for.
    `several` are the columns of a table of which the first that is filled has a field, each with its place.
    """

    columns: Mapping[str, str]
    custom: frozenset[str] = frozenset()
    made_up: frozenset[str] = frozenset()
    several: Mapping[str, Sequence[tuple[str, int]]] = {}
    filled: Callable[[str], Sequence[bool]] = lambda _raw: ()

    def having(self, *paths: str) -> tuple[str, ...]:
        """Those of the fields that are mapped."""
        return tuple(path for path in paths if path in self.columns)

    def problem(self, code: str, order: Order, path: str, value: object = "", note: str = "") -> Problem:
        """A finding about a field, at the row of the first item that has the value, else at the first row."""
        (found,) = self.problems(code, order, path, (value,), note)
        return found

    def problems(
        self, code: str, order: Order, path: str, values: Iterable[object], note: str = ""
    ) -> Sequence[Problem]:
        """The same of several values of a field: an order may have thousands of items."""
        first, places = _first_place(order, path), _places(order, path)
        column = self._column(path, first[1])
        return [
            Problem(code, column, path, _shown(value), note, "", *places.get(value, first))
            for value in values
        ]

    def _column(self, path: str, raw: str) -> str:
        """The column that a row has a field in: of several the first that is filled."""
        several = self.several.get(path, ())
        filled = self.filled(raw) if several else ()
        having = (name for name, at in several if any(filled[at : at + 1]))
        return next(having, self.columns.get(path, ""))


def _places(order: Order, path: str) -> Mapping[object, tuple[int, str]]:
    """The line and the row of the first item that has a text."""
    name = path.removeprefix("items.")
    found: dict[object, tuple[int, str]] = {}
    if name != path and order.records > 1:
        for item, place in zip(order.properties["items"], order.places, strict=False):
            match item.get(name):
                case [str(text)] | str(text):
                    found.setdefault(text, place)
    return found


def _first_place(order: Order, path: str) -> tuple[int, str]:
    """The order's first line and row; of lists other than the items it is not known which row is meant."""
    if order.records == 1:
        return order.line, order.raw
    return order.line, "" if "." in path.removeprefix("customer.") else _first_row(order.raw)


def _first_row(raw: str) -> str:
    """The first line, if it is a row: no quoted cell goes on after it."""
    line = raw[: raw.find("\n") + 1]
    return "" if line.count('"') % 2 else line


def _shown(value: object) -> str:
    return str(value)[:_SHOWN]


def mapped(field_map: FieldMap, clues: Clues) -> Mapped:
    """What a map names and derives."""
    columns: dict[str, str] = {}
    several: dict[str, Sequence[tuple[str, int]]] = {}
    made_up = set()
    places = {fold(name): at for at, name in enumerate(clues.columns)}
    for each in (*field_map.order.every, *field_map.customer.every):
        names = [name for pipe in each.pipes if (name := column_of(pipe.source))]
        columns[each.path] = next(iter(names), "")
        if len(names) > 1 and places:
            several[each.path] = [(name, places[fold(name)]) for name in names if fold(name) in places]
        if each.default is not None or any(isinstance(pipe.source, Text | Constant) for pipe in each.pipes):
            made_up.add(each.path)
    custom = (*_custom(field_map.order), *_custom(field_map.customer))
    return Mapped(columns, frozenset(custom), frozenset(made_up), several, clues.filled)


def _custom(block: Block) -> Iterable[str]:
    inner = [each for _, each in block.objects] + [lines.block for lines in block.lists]
    return (*(each.path for each in block.custom), *(path for each in inner for path in _custom(each)))


def every_text(order: Order) -> Iterable[tuple[str, str]]:
    """Every text of an order and its customer, with the path of its field."""
    yield from _texts(order.properties.items())
    yield from _texts((f"customer.{name}", value) for name, value in order.customer.items())


def _texts(values: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, str]]:
    for path, value in values:
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, dict):
            yield from _texts((f"{path}.{name}", member) for name, member in value.items())
        elif isinstance(value, list):
            yield from _texts((path, member) for member in value)


def texts_at(order: Order, path: str) -> Iterable[str]:
    """The texts of one field, of every member of the lists on the way to it."""
    found: list[Any] = [order.properties]
    for name in path.split("."):
        values = [each[name] for each in found if name in each]
        found = [each for value in values for each in (value if isinstance(value, list) else (value,))]
    return found
