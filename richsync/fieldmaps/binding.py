"""A field map bound to an export: names resolved once, one closure a mapped field."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from richsync.errors import BadMapError
from richsync.fieldmaps import puts
from richsync.fieldmaps.columns import Header, Names, Paths
from richsync.fieldmaps.model import (
    Block,
    Column,
    Constant,
    ExportSettings,
    FieldMap,
    Lines,
    Mapped,
)
from richsync.fieldmaps.pipes import Pipes
from richsync.fieldmaps.puts import Cell, LineRules, Need, Put
from richsync.model import ERRORS_COLUMN, Problem, Record, Row
from richsync.schema import PROPERTIES, Field, Kind
from richsync.values import (
    READERS,
    Bad,
    Read,
    is_empty,
    is_local_iso,
    moment_reader,
    number_reader,
    text,
    tidy,
)

KeyOf = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Bound:
    """A field map that knows its export.

    `order`, `lines` and `custom` fill the properties, in this order. `key` gives what tells a row's order
    from others; `grouped` says whether rows next to each other with the same key are one order. `columns`
    are the CSV columns that the map reads, by index, each with the first field it feeds. `derived` are the
    paths of the fields that the map does not name. `wanted` is the `where:` of the map.
    """

    order: Put
    lines: Put
    custom: Put
    customer: Put
    needs: tuple[Need, ...]
    email_column: str
    derived: frozenset[str]
    names: tuple[str, ...]
    key: KeyOf
    grouped: bool
    columns: Mapping[int, tuple[str, str]]
    fill_down: tuple[int, ...]
    wanted: Callable[[Any], bool] | None
    notes: tuple[Problem, ...]


def bind(field_map: FieldMap, columns: Sequence[str], sample: Sequence[Record]) -> Bound:
    """Resolve the map's names against a header (CSV), or a sample of records (JSON, `columns` empty).

    Raises:
        BadMapError: with every name that is not there.
    """
    rows = [row for _, row, _ in sample if isinstance(row, list | dict)]
    names: Names = Header(columns) if columns else Paths(rows)
    bound = _Binder(field_map.export, names).bound(field_map, rows)
    if names.mistakes:
        mistakes = sorted(names.mistakes, key=lambda each: (each.line, each.column))
        once = {(each.message, each.help): each for each in reversed(mistakes)}
        raise BadMapError(list(once.values())[::-1], field_map.name)
    return bound


class _Binder:
    """Makes the closures; `names` collects on the way what is not found."""

    def __init__(self, settings: ExportSettings, names: Names) -> None:
        self.settings = settings
        self.names = names
        self.pipes = Pipes(settings)
        self.readers: Mapping[Kind, Read] = {
            **READERS,
            Kind.NUMBER: number_reader(settings.numbers),
            Kind.MOMENT: moment_reader(settings.dates, settings.zone),
        }

    def bound(self, field_map: FieldMap, rows: Sequence[Row]) -> Bound:
        order = field_map.order
        key = self.key(order)
        header = self.names if isinstance(self.names, Header) else None
        fill_down = [header.index(column) for column in self.settings.fill_down] if header else []
        per_row = bool(self.settings.group or self.settings.fill_down) or (
            any(each.path is None for each in order.lists)
            and _repeats(key, [] if self.names.mistakes else rows)
        )
        return Bound(
            order=self.block(replace(order, lists=(), custom=()), self.names),
            lines=puts.in_turn([self.lines(each, self.names) for each in order.lists]),
            custom=puts.in_turn([self.put(each, self.names) for each in order.custom]),
            customer=self.block(field_map.customer, self.names),
            needs=_needs(order, PROPERTIES),
            email_column=_column(field_map.customer.get("email")),
            derived=frozenset(
                each.path for each in (*order.every, *field_map.customer.every) if each.derived
            ),
            names=_names(order),
            key=key,
            grouped=per_row,
            wanted=self.wanted(),
            fill_down=tuple(fill_down),
            notes=self.notes(field_map, rows),
            columns=_read_columns(header, (*order.every, *field_map.customer.every)) if header else {},
        )

    def key(self, order: Block) -> KeyOf:
        """What tells orders apart; in a rejects file also the conflict a row is in, until it is cleared."""
        key = self.own_key(order)
        if not (isinstance(self.names, Header) and ERRORS_COLUMN in self.names.columns):
            return key
        at = list(self.names.columns).index(ERRORS_COLUMN)
        return lambda row: f"{key(row)}\x1f{row[at]}" if _CONFLICT in row[at] else key(row)

    def own_key(self, order: Block) -> KeyOf:
        """What `group:` says tells orders apart, else the order id."""
        if self.settings.group:
            fetches = [self.pipes.fetch(column, self.names) for column in self.settings.group]
            return lambda row: _joined([_text(fetch(row)) for fetch in fetches])
        mapped = order.get("orderId")
        pipes = [self.pipes.pipe(each, mapped, self.names) for each in mapped.pipes] if mapped else []
        if len(pipes) == 1:
            return lambda row: _text(pipes[0](row, []))
        return lambda row: next((found for run in pipes if (found := _text(run(row, [])))), "")

    def wanted(self) -> Callable[[Any], bool] | None:
        tests = [(self.names.fetch(column), values) for column, values in self.settings.where]
        return (lambda row: all(_text(fetch(row)) in values for fetch, values in tests)) if tests else None

    def notes(self, field_map: FieldMap, rows: Sequence[Row]) -> tuple[Problem, ...]:
        """What is worth saying once about the whole export."""
        notes = list(dict.fromkeys(self.names.notes))
        if self.settings.zone is None and "iso" in self.settings.dates and not self.names.mistakes:
            dates = [each for each in field_map.order.fields if each.field.kind is Kind.MOMENT]
            sources = [
                pipe.source for mapped in dates for pipe in mapped.pipes if isinstance(pipe.source, Column)
            ]
            cells = (
                (_text(self.names.fetch(source)(row)), source.name) for source in sources for row in rows
            )
            found = next(((cell, name) for cell, name in cells if is_local_iso(cell)), None)
            notes += [Problem("RS509", found[1], value=found[0])] if found else []
        return tuple(notes)

    def block(self, block: Block, names: Names) -> Put:
        """One closure for an object: its fields in the order of the table, then its own custom ones."""
        made: list[Put | Cell] = [self.put(mapped, names) for mapped in block.fields]
        made += [puts.nested(field.name, self.block(inner, names)) for field, inner in block.objects]
        made += [self.lines(each, names) for each in block.lists]
        made += [self.put(mapped, names) for mapped in block.custom]
        return puts.in_turn(made)

    def lines(self, lines: Lines, names: Names) -> Put:
        name = lines.field.name
        strong = frozenset(mapped.field.name for mapped in lines.block.fields if not _is_weak(mapped))
        rules = LineRules(strong, _needs(lines.block, lines.field.parts), distinct=name != "items")
        if lines.path is None:
            return puts.one_line(name, self.block(lines.block, names), rules)
        line = puts.one_line(name, self.block(lines.block, names.within(lines.path)), rules)
        return puts.member_lines(name, lines.path.name, names.fetch(lines.path), line)

    def put(self, mapped: Mapped, names: Names) -> Put | Cell:
        kind = mapped.field.kind
        source = mapped.pipes[0].source if mapped.pipes else None
        if isinstance(names, Header) and isinstance(source, Column) and self.is_plain(mapped):
            at = names.index(source)
            read = None if kind in (Kind.TEXT, Kind.EMAIL, Kind.ANY) else self.readers[kind]
            path = "" if mapped.derived else mapped.path
            return Cell(at, mapped.field.name, read, names.columns[at], path)
        pipes = [(self.pipes.pipe(each, mapped, names), puts.column_of(each.source)) for each in mapped.pipes]
        return puts.any_value(pipes, mapped, self.readers[kind])

    def is_plain(self, mapped: Mapped) -> bool:
        """Whether it is one column and nothing is done to it: the way to the fast closures."""
        pipe = mapped.pipes[0]
        untouched = not pipe.actions and pipe.lookup is None and mapped.default is None
        return len(mapped.pipes) == 1 and untouched and not self.settings.empty


def _text(value: object) -> str:
    """A key as text; what has none is told when the order is assembled."""
    if type(value) is str:
        return tidy(value)
    found = "" if is_empty(value) else text(value)
    return "" if isinstance(found, Bad) else found


def _joined(parts: Sequence[str]) -> str:
    """A key of several parts; without any of them there is no key."""
    return "\x1f".join(parts) if any(parts) else ""


def _column(mapped: Mapped | None) -> str:
    return next((puts.column_of(pipe.source) for pipe in mapped.pipes), "") if mapped else ""


_CONFLICT = "RS703"

_NEED_CODES = {"createdAt": "RS404"}


def _needs(block: Block, fields: Sequence[Field]) -> tuple[Need, ...]:
    """The required plain fields, one for each source: `orderDbKey` taken from `orderId` is no second need."""
    mapped = [found for each in fields if each.required and (found := block.get(each.name))]
    return tuple(
        Need(each.field.name, each.path, _NEED_CODES.get(each.field.name, "RS401"), _column(each))
        for i, each in enumerate(mapped)
        if all(each.pipes != earlier.pipes for earlier in mapped[:i])
    )


def _read_columns(header: Header, every: Sequence[Mapped]) -> dict[int, tuple[str, str]]:
    fed: dict[str, str] = {}
    for mapped in every:
        for pipe in mapped.pipes:
            fed.setdefault(puts.column_of(pipe.source), mapped.path)
    named = {at: header.columns[at] for at in sorted(header.used)}
    return {at: (name, fed.get(name, "")) for at, name in named.items()}


def _is_weak(mapped: Mapped) -> bool:
    return mapped.default is not None or all(isinstance(pipe.source, Constant) for pipe in mapped.pipes)


def _names(order: Block) -> tuple[str, ...]:
    """The names of an order's properties, in the order of the table, custom ones last."""
    plain = [mapped.field.name for mapped in order.fields]
    lists = [lines.field.name for lines in order.lists]
    return (*plain, *lists, *(mapped.field.name for mapped in order.custom))


def _repeats(key: KeyOf, rows: Sequence[Row]) -> bool:
    """Whether rows next to each other share a key without being the same row twice."""
    keyed = ((key(row), row) for row in rows)
    return any(a == b != "" and first != second for (a, first), (b, second) in pairwise(keyed))
