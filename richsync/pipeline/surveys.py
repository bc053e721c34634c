"""A survey: an export read once, every order in the plan, every finding told."""

import shlex
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from richsync.accounts import Account, Held, Tally, account
from richsync.checks import CHECKS, Severity
from richsync.errors import BadMapError, UnusableError
from richsync.events import express
from richsync.exports import Export, open_export
from richsync.fieldmaps import Bound, FieldMap, bind
from richsync.findings import Findings
from richsync.gathering import Gathering
from richsync.model import ERRORS_COLUMN, Fault, Order, Problem, ReadAs, Record, Reject, Skipped, SkipReason
from richsync.orders import Assembled, filled_down, join, key_of
from richsync.pipeline.fittings import fitted_map
from richsync.pipeline.joins import Joins, opened_joins
from richsync.pipeline.scopes import EVERYTHING, Scope, Within
from richsync.plans import Overview, Plan
from richsync.ready import FIELDS, holds_events, is_of_events, taken
from richsync.senses import Clues, Senses, weighed

if TYPE_CHECKING:
    from richsync.fieldmaps.explaining import Sightings

_TICK = 2000
_SAMPLE = 1000


class Progress(Protocol):
    """Whoever shows how far the reading is."""

    def reading(self, export: Export, orders: int) -> None:
        """Called every few thousand orders."""

    def checked(self, survey: "Survey") -> None:
        """The whole export was read."""


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


_NOTHING = Overview(0, 0, None, None, ())


@dataclass(slots=True)
class Survey:
    """What was found in an export.

    `read` counts what the reader and the assembler counted. `states` and `overview` are known when all
    sources of the run were read.
    """

    export: Export
    field_map: FieldMap
    findings: Findings
    grouped: bool
    within: Within | None = None
    orders: int = 0
    records: int = 0
    fault_records: int = 0
    skipped: Counter[SkipReason] = field(default_factory=Counter)
    states: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    overview: Overview = _NOTHING

    @property
    def read(self) -> Tally:
        """Everything read; the faults of a file are no records."""
        return Tally(self.orders, self.export.records - self.fault_records)

    def account(self, held: Held = Held.NONE) -> Account:
        """What became of everything read of this export alone."""
        return account(self.read, self.states, self.skipped, held)

    @property
    def repeats_code(self) -> str:
        """What an id that comes back means: the rows of one order apart, or another order."""
        apart = self.grouped and not self.field_map.export.scattered
        return "RS703" if apart else "RS702"

    @property
    def faults(self) -> int:
        """How many kinds of findings say that nothing of the export can be trusted."""
        return sum(CHECKS[group.problem.code].whole for group in self.findings)

    @property
    def is_sound(self) -> bool:
        """Whether the export has no error at all."""
        return not self.findings.count(Severity.ERROR)


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
    """An export that is open, the map bound to it, and its orders as they are read from it."""

    export: Export
    field_map: FieldMap
    bound: Bound
    orders: Iterable[Assembled]
    joins: Joins
    senses: Senses


@contextmanager
def opened(
    source: Source, progress: Progress | None = None, sightings: "Sightings | None" = None
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
            gathering = stack.enter_context(Gathering())
            records = gathering.families(_watched(export, export, progress), parent.name)
            sample, records = _looked_at(records)
        if source.preset:
            field_map, passed_over = fitted_map(field_map, source.preset, export)
        joins = opened_joins(field_map, source.map_file.parent, export, stack)
        columns = (*export.columns, *joins.columns) if export.columns else ()
        bound = bind(field_map, columns, joins.sample(sample), joins.columns, joins.others, sightings)
        bound = bound._replace(notes=(*passed_over, *bound.notes))
        records = filled_down(records, bound)
        if bound.scattered:
            gathering = stack.enter_context(Gathering())
            goes_on = bool(bound.fill_down)
            records = gathering.scattered(_watched(records, export, progress), key_of(bound), goes_on=goes_on)
        orders = taken(records) if is_of_events(field_map) else join(joins.joined(records, bound), bound)
        now = round(time.time() * 1000) if source.as_of is None else source.as_of
        told = FIELDS._replace(weights=field_map.weights) if is_of_events(field_map) else field_map
        senses = Senses(told, Clues(now, export.delimiter, len(export.columns)))
        yield Reading(export, field_map, bound, senses.judged(orders), joins, senses)


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


def _watched(records: Iterable[Record], export: Export, progress: Progress | None) -> Iterator[Record]:
    """Shown while they are gathered, before there is any order."""
    for count, record in enumerate(records):
        if progress is not None and count % _TICK == 0:
            progress.reading(export, 0)
        yield record


def check(reading: Reading, plan: Plan, progress: Progress, scope: Scope = EVERYTHING) -> Survey:
    """Read an export to its end: every order into the plan, every finding told, but of what is left out."""
    export, bound = reading.export, reading.bound
    within = scope.within(reading.field_map.export.zone)
    survey = Survey(export, reading.field_map, Findings(reading.field_map.weights), bound.grouped, within)
    survey.findings.add(bound.notes)
    for found in reading.orders:
        _take(found, survey, plan)
        if survey.orders % _TICK == 0:
            progress.reading(export, survey.orders)
    survey.findings.add(_of_the_whole(reading, survey.orders))
    progress.checked(survey)
    return survey


def _take(found: Assembled, survey: Survey, plan: Plan) -> None:
    if isinstance(found, Fault):
        survey.fault_records += 1
        survey.findings.add((found.problem,))
    elif isinstance(found, Skipped):
        survey.skipped[found.reason] += found.records
        survey.findings.add((found.problem,) if found.problem else ())
    else:
        survey.orders += 1
        if survey.within is not None and survey.within.leaves_out(found):
            plan.leave_out(found)
        else:
            _enter(found, survey, plan)


def _enter(found: Order | Reject, survey: Survey, plan: Plan) -> None:
    if isinstance(found, Order):
        event = express(found)
        if event.is_large:
            found.problems.append(Problem("RS801", line=found.line))
            found = weighed(found, survey.field_map.weights)
        if isinstance(found, Order):
            plan.add(found, event)
    if isinstance(found, Reject):
        plan.reject(found)
    if found.problems:
        survey.findings.add(found.problems, found.order_id)


def _of_the_whole(reading: Reading, orders: int) -> Iterator[Problem]:
    """What is known when an export was read to its end."""
    export, bound = reading.export, reading.bound
    if orders:
        yield from _unused(export, bound)
    yield from export.problems
    if not _holds_rejects(export):
        yield from reading.joins.problems()
    yield from bound.defaults_used()
    yield from reading.senses.problems()


def _holds_rejects(export: Export) -> bool:
    """Whether it is what an import left over: files that it is joined with have rows of all other orders."""
    rows = (row for _, row, _ in export.sample if isinstance(row, dict))
    return ERRORS_COLUMN in export.columns or any(ERRORS_COLUMN in row for row in rows)


def _unused(export: Export, bound: Bound) -> list[Problem]:
    unused = [name for at, name in enumerate(export.columns) if name and at not in bound.columns]
    doubled = {each.column for each in bound.notes if each.code == "RS208"}
    unused = [name for name in unused if name != ERRORS_COLUMN and name.partition("#")[0] not in doubled]
    return [Problem("RS307", note=f"not used by the map: {', '.join(unused)}")] if unused else []
