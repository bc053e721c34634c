"""Fields that are made of the values of all rows of an order: a total that no column gives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any, NamedTuple, TypeAlias

from richsync.fieldmaps.filling import Put
from richsync.model import Problem
from richsync.schema import Kind
from richsync.values import PLAIN_STYLE, Bad, number_reader

Fold: TypeAlias = Callable[[Sequence[Any]], object]
"""The typed values of an order's rows, at least one, to the value of the order; `Bad` when there is none."""

_DIGITS = 100
_plain = number_reader((PLAIN_STYLE,))


class Aggregate(NamedTuple):
    """One aggregate: the kinds of fields it is for, how it is made, and as what a row's value is read."""

    kinds: frozenset[Kind]
    fold: Fold
    read_as: Callable[[Kind], Kind]


def _sum(values: Sequence[Any]) -> object:
    with localcontext(prec=_DIGITS):
        total = sum((Decimal(str(each)) for each in values), Decimal(0))
    return _plain(format(total, "f"))


def _list(values: Sequence[Any]) -> object:
    """Every different value once: rows of an order repeat what is of all of it."""
    found: list[Any] = []
    for value in values:
        found += [each for each in (value if isinstance(value, list) else [value]) if each not in found]
    return found


def _as_it_is(kind: Kind) -> Kind:
    return kind


def _ordered(kind: Kind) -> Kind:
    return Kind.NUMBER if kind is Kind.ANY else kind


def _anything(_kind: Kind) -> Kind:
    return Kind.ANY


_NUMBERS = frozenset({Kind.NUMBER, Kind.ANY})
_ORDERED = _NUMBERS | {Kind.MOMENT}
_PLAIN = _ORDERED | {Kind.TEXT, Kind.TEXTS, Kind.BOOLEAN}
_LISTS = frozenset({Kind.TEXTS, Kind.ANY})

AGGREGATES: Mapping[str, Aggregate] = {
    "sum": Aggregate(_NUMBERS, _sum, _ordered),
    "count": Aggregate(_NUMBERS, len, _anything),
    "first": Aggregate(_PLAIN, lambda values: values[0], _as_it_is),
    "last": Aggregate(_PLAIN, lambda values: values[-1], _as_it_is),
    "min": Aggregate(_ORDERED, min, _ordered),
    "max": Aggregate(_ORDERED, max, _ordered),
    "list": Aggregate(_LISTS, _list, _as_it_is),
}


Values: TypeAlias = Callable[[Any, list[Problem]], Sequence[Any]]
"""What a row gives to a total, and what is wrong with it."""


def in_row(name: str, put: Put) -> Values:
    """The field as the row itself has it, if it has."""

    def values(row: Any, problems: list[Problem]) -> Sequence[Any]:
        out: dict[str, Any] = {}
        put(row, out, problems)
        return [out[name]] if name in out else ()

    return values


def in_lines(name: str, put: Put) -> Values:
    """The field of each line that stands in the row and has it."""

    def values(row: Any, problems: list[Problem]) -> Sequence[Any]:
        out: dict[str, list[dict[str, Any]]] = {}
        put(row, out, problems)
        return [line[name] for line in out.get(name, ()) if name in line]

    return values


class Total(NamedTuple):
    """An aggregated field: `values` are those of one row; column and path are for findings."""

    name: str
    values: Values
    fold: Fold
    column: str
    path: str


@dataclass(slots=True)
class Totals:
    """What the rows of an order gave so far, by field; rows in which it is empty give nothing."""

    values: dict[str, list[Any]]

    def __init__(self) -> None:
        self.values = {}

    def take(self, totals: Sequence[Total], row: Any, problems: list[Problem]) -> None:
        """One more row."""
        for each in totals:
            if found := each.values(row, problems):
                self.values.setdefault(each.name, []).extend(found)

    def finish(self, totals: Sequence[Total], properties: dict[str, Any], problems: list[Problem]) -> None:
        """Fill the order's fields."""
        for each in totals:
            if values := self.values.get(each.name):
                found = each.fold(values)
                if isinstance(found, Bad):
                    problems.append(Problem(found.code, each.column, each.path, note=found.note))
                else:
                    properties[each.name] = found
