"""A field map bound to an export: names resolved once, one closure a mapped field."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from richsync.errors import BadMapError
from richsync.fieldmaps import puts
from richsync.fieldmaps.aggregates import AGGREGATES, Total, Values, in_lines, in_row
from richsync.fieldmaps.bound import Bound, KeyOf
from richsync.fieldmaps.brought import bring
from richsync.fieldmaps.cells import Cell, first_filled
from richsync.fieldmaps.columns import Header, Names, OtherRows, Paths, told_once
from richsync.fieldmaps.conditions import condition, written
from richsync.fieldmaps.doubts import doubled, strange
from richsync.fieldmaps.filling import Filling
from richsync.fieldmaps.lines import LineRules, Need, one_line
from richsync.fieldmaps.misfits import misfits
from richsync.fieldmaps.model import (
    Block,
    Column,
    Condition,
    Constant,
    ExportSettings,
    FieldMap,
    Join,
    Lines,
    Mapped,
    Source,
)
from richsync.fieldmaps.pipes import Pipes
from richsync.fieldmaps.readers import Readers
from richsync.fieldmaps.zoneless import zoneless
from richsync.model import ERRORS_COLUMN, Record, Row
from richsync.schema import PROPERTIES, Field, Kind
from richsync.verbs.numbers import FACTORS

if TYPE_CHECKING:
    from richsync.fieldmaps.explaining import Sightings


def bind(
    field_map: FieldMap,
    columns: Sequence[str],
    sample: Sequence[Record],
    files: Mapping[str, Sequence[str]] | None = None,
    others: Mapping[Join, OtherRows] | None = None,
    sightings: "Sightings | None" = None,
) -> Bound:
    """Resolve the map's names against a header (CSV), or a sample of records (JSON, `columns` empty).

    `files` are the columns that hold the rows of joined files, each with the names of those rows, `others`
    the rows that joins bring. With `sightings` every field is seen while it is read.

    Raises:
        BadMapError: with every name that is not there, and all that is still to be decided.
    """
    rows = [row for _, row, _ in sample if isinstance(row, list | dict)]
    names: Names = Header(columns, rows) if columns else Paths(rows)
    names.files, names.others = files or {}, others or {}
    names.mistakes += field_map.undecided
    bring(field_map.export.joins, names)
    bound = _Binder(field_map.export, names, sightings).bound(field_map, rows)
    names.mistakes += misfits(field_map, names)
    if names.mistakes:
        found = strange(names, names.mistakes) if isinstance(names, Header) else names.mistakes
        mistakes = sorted(found, key=lambda each: (each.line, each.column))
        raise BadMapError(list(told_once(mistakes)), field_map.name)
    return bound


class _Binder:
    """Makes the closures; `names` collects what is not found on the way, `fed` what a column feeds first."""

    def __init__(self, settings: ExportSettings, names: Names, sightings: "Sightings | None") -> None:
        self.settings = settings
        self.names = names
        self.sightings = sightings
        self.pipes = Pipes(settings)
        self.fed: dict[str, str] = {}
        self.defaults = Counter[tuple[str, str]]()
        self.readers = Readers(settings)

    def bound(self, field_map: FieldMap, rows: Sequence[Row]) -> Bound:
        order = field_map.order
        key = self.key(order)
        header = self.names if isinstance(self.names, Header) else None
        fill_down = [header.index(column) for column in self.settings.fill_down] if header else []
        told = bool(self.settings.group or self.settings.fill_down or self.settings.scattered)
        per_row = told or (
            self.settings.parent is None
            and any(each.layout is None for each in order.lists)
            and _repeats(key, [] if self.names.mistakes else rows)
        )
        aggregated = [each for each in (*order.fields, *order.custom) if each.aggregate]
        fields, custom = (
            [each for each in every if not each.aggregate] for every in (order.fields, order.custom)
        )
        person = field_map.customer
        needs = self.needs(order, PROPERTIES, self.names)
        own = [*fields, *custom, *person.fields, *person.custom]
        return Bound(
            order=self.block(order._replace(fields=tuple(fields), lists=(), custom=()), self.names),
            custom=puts.in_turn([self.put(each, self.names) for each in custom]),
            customer=self.block(person, self.names),
            own=self.own(header, own),
            totals=self.totals(aggregated),
            lines=puts.in_turn([self.lines(each, self.names) for each in order.lists]),
            needs=needs,
            required=frozenset({"items", *(each.name for each in needs)}),
            email_column=_column(person.get("email")),
            derived=frozenset(each.path for each in (*order.every, *person.every) if each.derived),
            ranks={
                each.path: self.pipes.rank(each, self.names)
                for each in own
                if len(each.pipes) > 1 or each.default is not None
            },
            names=_names(order),
            key=key,
            grouped=per_row,
            scattered=self.settings.scattered,
            alone=not per_row and self.settings.parent is None and not aggregated,
            wanted=self.wanted(self.settings.where, self.names),
            fill_down=tuple(fill_down),
            joined=() if header else tuple(self.names.files),
            notes=(
                *dict.fromkeys(self.names.notes),
                *(doubled(header, rows) if header else ()),
                *zoneless(order, self.settings, self.names, rows),
            ),
            at_once=1 if self.sightings else _AT_ONCE,
            defaults=self.defaults,
            columns=self.read_columns(header) if header else {},
        )

    def own(self, header: Header | None, fields: Sequence[Mapped]) -> Callable[[Any], object] | None:
        """What tells whether two rows say the same of an order itself: all cells that were named so far."""
        has_more = self.names.brought or self.sightings or any(each.default is not None for each in fields)
        return itemgetter(*sorted(header.used)) if header and header.used and not has_more else None

    def totals(self, every: Sequence[Mapped]) -> tuple[Total, ...]:
        """The fields that are made of the values of all rows."""
        made = []
        for each in every:
            aggregate = AGGREGATES[each.aggregate]
            kind = aggregate.read_as(each.field.kind)
            values = self.values(each._replace(field=each.field._replace(kind=kind)))
            made.append(Total(each.field.name, values, aggregate.fold, _column(each), each.path))
        return tuple(made)

    def values(self, mapped: Mapped) -> Values:
        """What one row gives to a total."""
        name = mapped.field.name
        if mapped.within is None:
            return in_row(name, puts.in_turn([self.put(mapped, self.names)]).row)
        return in_lines(name, self.lines(mapped.within._replace(block=Block((mapped,))), self.names).row)

    def key(self, order: Block) -> KeyOf:
        """What tells orders apart; in a rejects file also the conflict a row is in, until it is cleared."""
        key = self.own_key(order)
        if not (isinstance(self.names, Header) and ERRORS_COLUMN in self.names.columns):
            return key
        at = list(self.names.columns).index(ERRORS_COLUMN)
        return lambda row: f"{key(row)}\x1f{row[at]}" if _CONFLICT in "".join(row[at : at + 1]) else key(row)

    def own_key(self, order: Block) -> KeyOf:
        """What `group:` says tells orders apart, else the order id."""
        if self.settings.group:
            fetches = [self.pipes.fetch(column, self.names) for column in self.settings.group]
            return lambda row: _joined([written(fetch(row)) for fetch in fetches])
        mapped = order.get("orderId")
        pipes = [self.pipes.pipe(each, mapped, self.names) for each in mapped.pipes] if mapped else []
        if len(pipes) == 1:
            return lambda row: written(pipes[0](row, []))
        return lambda row: next((found for run in pipes if (found := written(run(row, [])))), "")

    def wanted(self, where: Sequence[Condition], names: Names) -> Callable[[Any], bool] | None:
        """Whether a row, or a member of a list, is one that `where:` asks for."""
        return condition(where, lambda column: self.pipes.fetch(column, names))

    def block(self, block: Block, names: Names) -> Filling:
        """One closure for an object: its fields in the order of the table, then its own custom ones."""
        made: list[Filling | Cell] = [self.put(mapped, names) for mapped in block.fields]
        made += [puts.nested(field.name, self.block(inner, names)) for field, inner in block.objects]
        made += [self.lines(each, names) for each in block.lists]
        made += [self.put(mapped, names) for mapped in block.custom]
        return puts.in_turn(made)

    def lines(self, lines: Lines, names: Names) -> Filling:
        """What appends to a list what a row holds of it."""
        if lines.layout is None:
            return self.line(lines, names, per_row=True)
        self.feed(lines.layout.column, lines.field.name, names)
        return lines.layout.bind(lines, names, self.line)

    def line(self, lines: Lines, names: Names, *, per_row: bool = False) -> Filling:
        """What appends one line, from a row or from a member of a list."""
        name = lines.field.name
        is_distinct = lines.field.kind is Kind.LIST and name != "items"
        strong = frozenset(mapped.field.name for mapped in lines.block.fields if not _is_weak(mapped))
        rules = LineRules(strong, self.needs(lines.block, lines.field.parts, names), is_distinct, per_row)
        put = one_line(name, self.block(lines.block, names), rules)
        met = self.wanted(lines.where, names)
        return puts.only(met, put) if met else put

    def needs(self, block: Block, fields: Sequence[Field], names: Names) -> tuple[Need, ...]:
        """The required plain fields, one for each source: `orderDbKey` from `orderId` is no second need."""
        mapped = [found for each in fields if each.required and (found := block.get(each.name))]
        return tuple(
            Need(
                each.field.name,
                each.path,
                _NEED_CODES.get(each.field.name, "RS401"),
                _column(each),
                tuple((column.name, self.pipes.fetch(column, names)) for column in _factors(each)),
            )
            for i, each in enumerate(mapped)
            if all(each.pipes != earlier.pipes for earlier in mapped[:i])
        )

    def feed(self, source: Source, path: str, names: Names) -> None:
        """Note what a column of the export feeds; inside a list the names are not the export's."""
        if names is self.names:
            self.fed.setdefault(puts.column_of(source), path)

    def read_columns(self, header: Header) -> dict[int, tuple[str, str]]:
        """The columns that the map reads, each with the first field it feeds."""
        named = {at: header.columns[at] for at in sorted(header.used)}
        return {at: (name, self.fed.get(name, "")) for at, name in named.items()}

    def put(self, mapped: Mapped, names: Names) -> Filling | Cell:
        made = self.made(mapped, names)
        return self.sightings.watched(made, mapped, self.pipes, names) if self.sightings else made

    def made(self, mapped: Mapped, names: Names) -> Filling | Cell:
        for each in mapped.pipes:
            self.feed(each.source, mapped.path, names)
        if cells := self.readers.cells(mapped, names):
            return cells[0] if len(cells) == 1 else first_filled(cells)
        pipes = [(self.pipes.pipe(each, mapped, names), puts.column_of(each.source)) for each in mapped.pipes]
        return puts.any_value(pipes, mapped, self.readers.reader(mapped, names), self.defaults)


def _joined(parts: Sequence[str]) -> str:
    """A key of several parts; without any of them there is no key."""
    return "\x1f".join(parts) if any(parts) else ""


def _column(mapped: Mapped | None) -> str:
    return next((puts.column_of(pipe.source) for pipe in mapped.pipes), "") if mapped else ""


_AT_ONCE = 256
_CONFLICT = "RS703"

_NEED_CODES = {"createdAt": "RS404"}


def _factors(mapped: Mapped) -> Iterator[Column]:
    """A field's column and those that it is multiplied with, or divided by: without one there is nothing."""
    for pipe in mapped.pipes[:1]:
        verbs = [each for each in pipe.actions if each.verb in FACTORS]
        if verbs and isinstance(pipe.source, Column):
            yield pipe.source
            yield from (Column(each.arguments.words[0], each.line, each.column) for each in verbs)


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
