"""A survey: an export read once, every order in the plan, every finding told."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple, Protocol

from richsync.accounts import Account, Held, Tally, account
from richsync.checks import Severity
from richsync.events import LARGE, express
from richsync.exports import Export, open_export
from richsync.fieldmaps import Bound, FieldMap, bind
from richsync.fieldmaps.explaining import Sightings
from richsync.findings import Findings, reason
from richsync.gathering import Gathering
from richsync.model import ERRORS_COLUMN, Fault, Order, Problem, ReadAs, Record, Reject, SkipReason
from richsync.orders import Assembled, filled_down, join, key_of
from richsync.pipeline.joins import Joins, opened_joins
from richsync.plans import Occurrence, Overview, Plan, Repeat

_TICK = 2000
_SAMPLE = 1000


class Progress(Protocol):
    """Whoever shows how far the reading is."""

    def reading(self, export: Export, orders: int) -> None:
        """Called every few thousand orders."""

    def checked(self, survey: "Survey") -> None:
        """The whole export was read."""


class Source(NamedTuple):
    """An export and the map that reads it. `read_as` is what the command line says over the map."""

    name: str
    field_map: FieldMap
    read_as: ReadAs
    map_file: Path


_NOTHING = Overview(0, 0, None, None, ())


@dataclass(slots=True)
class Survey:
    """What was found in an export. `read` counts what the reader and the assembler counted."""

    export: Export
    field_map: FieldMap
    findings: Findings
    grouped: bool
    orders: int = 0
    records: int = 0
    faults: int = 0
    skipped: Counter[SkipReason] = field(default_factory=Counter)
    states: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    overview: Overview = _NOTHING

    @property
    def read(self) -> Tally:
        """Everything read; the faults of a file are no records."""
        return Tally(self.orders, self.export.records - self.faults)

    @property
    def repeats_code(self) -> str:
        """What an id that comes back means: the rows of one order apart, or another order."""
        apart = self.grouped and not self.field_map.export.scattered
        return "RS703" if apart else "RS702"

    @property
    def is_sound(self) -> bool:
        """Whether the export has no error at all."""
        return not self.findings.count(Severity.ERROR)


def open_source(source: Source) -> Export:
    """Open an export as its map and the command line say."""
    told, mapped = source.read_as, source.field_map.export.read_as
    read_as = replace(
        mapped,
        format=told.format or mapped.format,
        encoding=told.encoding or mapped.encoding,
        delimiter=told.delimiter or mapped.delimiter,
    )
    return open_export(source.name, read_as)


class Reading(NamedTuple):
    """An export that is open, the map bound to it, and its records, those of an order next to each other."""

    export: Export
    field_map: FieldMap
    bound: Bound
    records: Iterable[Record]
    joins: Joins


@contextmanager
def opened(
    source: Source, progress: Progress | None = None, sightings: Sightings | None = None
) -> Iterator[Reading]:
    """Open an export; records that the map says stand apart are gathered. `sightings` see every field.

    Raises:
        BadMapError: the map does not fit the export.
        UnusableError: the export cannot be read.
    """
    field_map = source.field_map
    parent = field_map.export.parent
    with ExitStack() as stack:
        export = stack.enter_context(open_source(source))
        records: Iterable[Record] = export
        sample = export.sample
        if parent is not None and not export.columns:
            gathering = stack.enter_context(Gathering())
            records = gathering.families(_watched(export, export, progress), parent.name)
            sample, records = _looked_at(records)
        joins = opened_joins(field_map, source.map_file.parent, export, stack)
        columns = (*export.columns, *joins.columns) if export.columns else ()
        bound = bind(field_map, columns, joins.sample(sample), joins.columns, sightings)
        records = filled_down(records, bound)
        if bound.scattered:
            gathering = stack.enter_context(Gathering())
            goes_on = bool(bound.fill_down)
            records = gathering.scattered(_watched(records, export, progress), key_of(bound), goes_on=goes_on)
        yield Reading(export, field_map, bound, joins.joined(records, bound), joins)


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


def validate(source: Source, progress: Progress) -> tuple[Survey, Account]:
    """Everything that is wrong with an export; nothing is kept and nothing is sent.

    Raises:
        BadMapError: the map does not fit the export.
        UnusableError: the export cannot be read.
    """
    with opened(source, progress) as reading, Plan() as plan:
        survey = check(reading, plan, progress)
        return survey, accounted(survey, plan, Held.NONE)


def check(reading: Reading, plan: Plan, progress: Progress) -> Survey:
    """Read an export to its end: every order into the plan, every finding told."""
    export, bound = reading.export, reading.bound
    survey = Survey(export, reading.field_map, Findings(), bound.grouped)
    survey.findings.add(bound.notes)
    for found in join(reading.records, bound):
        _take(found, survey, plan)
        if survey.orders % _TICK == 0:
            progress.reading(export, survey.orders)
    unused = _unused(export, bound) if survey.orders else []
    survey.findings.add((*unused, *export.problems, *reading.joins.problems()))
    plan.complete()
    _settle_repeats(plan, survey)
    survey.states, survey.overview = plan.states(), plan.overview()
    progress.checked(survey)
    return survey


def _take(found: Assembled, survey: Survey, plan: Plan) -> None:
    match found:
        case Order():
            event = express(found)
            if len(event.body) > LARGE:
                found.problems.append(Problem("RS801", line=found.line))
            plan.add(found, event)
        case Reject():
            plan.reject(found, reason(found.problems))
        case Fault(problem=problem):
            survey.faults += 1
            survey.findings.add((problem,))
            return
        case skipped:
            survey.skipped[skipped.reason] += skipped.records
            survey.findings.add((skipped.problem,) if skipped.problem else ())
            return
    survey.orders += 1
    if found.problems:
        survey.findings.add(found.problems, found.order_id)


def _unused(export: Export, bound: Bound) -> list[Problem]:
    unused = [name for at, name in enumerate(export.columns) if name and at not in bound.columns]
    unused = [name for name in unused if name != ERRORS_COLUMN]
    return [Problem("RS307", note=f"not used by the map: {', '.join(unused)}")] if unused else []


def _settle_repeats(plan: Plan, survey: Survey) -> None:
    """One id, several orders: in one form they are skipped, else all rejected, unless the map takes one."""
    for repeat in plan.repeats():
        if all(each.state == "rejected" for each in repeat.occurrences):
            continue
        taken = _taken(repeat, survey)
        if len({(each.digest, each.state) for each in repeat.occurrences}) == 1:
            taken = taken or repeat.occurrences[0]
        if taken is None:
            _reject_all(repeat, plan, survey)
        else:
            _skip_others(repeat, taken, plan, survey)


def _taken(repeat: Repeat, survey: Survey) -> Occurrence | None:
    """The one that counts, as `repeats:` says; none when it is rejected itself, or cannot be known."""
    if survey.repeats_code == "RS703":
        return None
    occurrences = repeat.occurrences
    match survey.field_map.export.repeats:
        case "first":
            found = occurrences[0]
        case "last":
            found = occurrences[-1]
        case "newest" if all(each.moment is not None for each in occurrences):
            found = max(occurrences, key=lambda each: (each.moment, each.seq))
        case _:
            return None
    return found if found.state == "new" else None


def _skip_others(repeat: Repeat, taken: Occurrence, plan: Plan, survey: Survey) -> None:
    for each in repeat.occurrences:
        if each is taken or each.state != "new":
            continue
        if each.digest == taken.digest:
            first = f"{'first' if taken.line < each.line else 'again'} on line {taken.line}"
            problem = Problem("RS701", note=first, line=each.line)
        else:
            note = f"the one on line {taken.line} is taken"
            problem = Problem("RS702", note=note, line=each.line, severity=Severity.WARNING)
        survey.findings.add((problem,), repeat.order_id)
        plan.mark(each.seq, "duplicate")


def _reject_all(repeat: Repeat, plan: Plan, survey: Survey) -> None:
    """Each occurrence names its own line, so that a rejects file does not make one order of them."""
    code = survey.repeats_code
    first, *later = repeat.occurrences
    problems = [Problem(code, note=f"first on line {first.line}", line=each.line) for each in later]
    for problem in problems:
        survey.findings.add((problem,), repeat.order_id)
    for each in repeat.occurrences:
        if each.state == "new":
            others = ", ".join(str(other.line) for other in repeat.occurrences if other is not each)
            note = f"this one on line {each.line}, others on {others}"
            plan.mark(each.seq, "rejected", reason([Problem(code, note=note)]))


def accounted(survey: Survey, plan: Plan, held: Held) -> Account:
    """What became of everything, checked."""
    made = account(survey.read, plan.states(), survey.skipped, held)
    made.check()
    return made
