"""A source, opened: an export, the map bound to it, and its orders as they are read."""

import shlex
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from richsync.errors import BadMapError, UnusableError
from richsync.exports import Export, filled, open_export
from richsync.fieldmaps import Bound, FieldMap, bind
from richsync.model import Problem, ReadAs, Record
from richsync.orders import Assembled, filled_down, in_chunks, join, key_of, size_of
from richsync.pipeline.fittings import fitted_map
from richsync.pipeline.joins import Joins, opened_joins
from richsync.ready import FIELDS, holds_events, is_of_events, taken
from richsync.senses import Clues, Senses

if TYPE_CHECKING:
    from richsync.fieldmaps.explaining import Sightings
    from richsync.gathering import Gathering

_TICK = 2000
_SAMPLE = 1000
_AT_ONCE = 100


class Ticker(Protocol):
    """Whoever shows how far the reading is."""

    def reading(self, export: Export, orders: int) -> None:
        """Called every few thousand orders."""


class Source(NamedTuple):
    """An export and the map that reads it. `read_as` is what the command line says over the map.

    `map_file` is where its map would stand if it is a `preset`, or has none.
    `as_of` is the moment that dates are judged by, in epoch milliseconds; None is now.
    """

    name: str
    field_map: FieldMap
    read_as: ReadAs
    map_file: Path
    preset: str = ""
    as_of: int | None = None

    @property
    def map_option(self) -> tuple[str, ...]:
        """The words of a command line that name its map, if any do."""
        if self.preset:
            return ("--preset", self.preset)
        return () if is_of_events(self.field_map) else ("--map", str(self.map_file))


def open_source(source: Source) -> Export:
    """Open an export as its map and the command line say."""
    told, mapped = source.read_as, source.field_map.export.read_as
    read_as = mapped._replace(
        format=told.format or mapped.format,
        encoding=told.encoding or mapped.encoding,
        delimiter=told.delimiter or mapped.delimiter,
    )
    return open_export(source.name, read_as)


def is_ready(name: str) -> bool:
    """Whether a file holds events, which need no map.

    Raises:
        UnusableError: it cannot be read.
    """
    with open_export(name, ReadAs()) as export:
        return holds_events(export.sample)


def names_of(name: str) -> Collection[str]:
    """A file's columns, or the members of its first record.

    Raises:
        UnusableError: it cannot be read.
    """
    with open_export(name, ReadAs()) as export:
        return export.columns or next(
            (tuple(row) for _, row, _ in export.sample if isinstance(row, dict)), ()
        )


class Reading(NamedTuple):
    """An export that is open, the map bound to it, and its orders as they are read from it, many at once."""

    export: Export
    field_map: FieldMap
    bound: Bound
    chunks: Iterable[Sequence[Assembled]]
    joins: Joins
    senses: Senses

    @property
    def orders(self) -> Iterator[Assembled]:
        """The same one by one."""
        return chain.from_iterable(self.chunks)


@contextmanager
def opened(
    source: Source, progress: Ticker | None = None, sightings: "Sightings | None" = None
) -> Iterator[Reading]:
    """Open an export; records that the map says stand apart are gathered. `sightings` see every field.

    Raises:
        BadMapError: the map does not fit the export.
        UnusableError: the export cannot be read.
    """
    field_map, passed_over = source.field_map, tuple[Problem, ...]()
    parent = field_map.export.parent
    with _mendable(source), ExitStack() as stack:
        export = stack.enter_context(open_source(source))
        if is_of_events(field_map) and not holds_events(export.sample):
            message = f"the records of {export.name} are no order events, and there is no field map for it"
            raise UnusableError(message, "name its map with --map FILE")
        records: Iterable[Record] = export
        sample = export.sample
        if parent is not None and not export.columns:
            records = _gathering(stack).families(_watched(export, export, progress), parent.name)
            sample, records = _looked_at(records)
        if source.preset:
            field_map, passed_over = fitted_map(field_map, source.preset, export)
        joins = opened_joins(field_map, source.map_file.parent, export, stack)
        columns = (*export.columns, *joins.columns) if export.columns else ()
        bound = bind(field_map, columns, joins.sample(sample), joins.columns, joins.others, sightings)
        bound = bound._replace(notes=(*passed_over, *bound.notes))
        records = filled_down(records, bound)
        if bound.scattered:
            gathering = _gathering(stack)
            goes_on = bool(bound.fill_down)
            records = gathering.scattered(_watched(records, export, progress), key_of(bound), goes_on=goes_on)
        chunks = (
            in_chunks(taken(records), _AT_ONCE, size_of)
            if is_of_events(field_map)
            else join(joins.joined(records, bound), bound)
        )
        now = round(time.time() * 1000) if source.as_of is None else source.as_of
        told = FIELDS._replace(weights=field_map.weights) if is_of_events(field_map) else field_map
        cells = partial(filled, delimiter=export.delimiter)
        senses = Senses(told, Clues(now, export.delimiter, export.columns, cells))
        yield Reading(export, field_map, bound, senses.judged(chunks), joins, senses)


def _gathering(stack: ExitStack) -> "Gathering":
    from richsync.gathering import Gathering

    return stack.enter_context(Gathering())


@contextmanager
def _mendable(source: Source) -> Iterator[None]:
    """A preset cannot be mended where it is."""
    try:
        yield
    except BadMapError as error:
        if source.preset and error.name == source.field_map.name:
            written = shlex.join(["richsync", "init", source.name, *source.map_option])
            error.hint = f"{written} writes it beside the export, to be mended"
        raise


def _looked_at(records: Iterator[Record]) -> tuple[tuple[Record, ...], Iterator[Record]]:
    """The first records, and all of them."""
    first = tuple(islice(records, _SAMPLE))
    return first, chain(first, records)


def _watched(records: Iterable[Record], export: Export, progress: Ticker | None) -> Iterator[Record]:
    """Shown while they are gathered, before there is any order."""
    for count, record in enumerate(records):
        if progress is not None and count % _TICK == 0:
            progress.reading(export, 0)
        yield record
