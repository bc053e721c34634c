"""A survey: an export read once, every order in the plan, every finding told."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from richsync.accounts import Account, Held, Tally, account
from richsync.checks import Severity
from richsync.events import LARGE, express
from richsync.exports import Export, open_export
from richsync.fieldmaps import Bound, FieldMap, bind
from richsync.findings import Findings, reason
from richsync.model import ERRORS_COLUMN, Event, Fault, Order, Problem, ReadAs, Reject, SkipReason
from richsync.orders import Assembled, assemble
from richsync.plans import Overview, Plan, Repeat

_TICK = 2000


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
    def is_sound(self) -> bool:
        """Whether the export has no error at all."""
        return not self.findings.count(Severity.ERROR)


def open_source(source: Source) -> Export:
    """Open an export as its map and the command line say."""
    told, mapped = source.read_as, source.field_map.export.read_as
    read_as = ReadAs(
        told.format or mapped.format, told.encoding or mapped.encoding, told.delimiter or mapped.delimiter
    )
    return open_export(source.name, read_as)


def validate(source: Source, progress: Progress) -> tuple[Survey, Account]:
    """Everything that is wrong with an export; nothing is kept and nothing is sent.

    Raises:
        BadMapError: the map does not fit the export.
        UnusableError: the export cannot be read.
    """
    with open_source(source) as export, Plan() as plan:
        bound = bind(source.field_map, export.columns, export.sample)
        survey = check(export, source.field_map, bound, plan, progress)
        return survey, accounted(survey, plan, Held.NONE)


def preview(source: Source, count: int) -> Iterator[tuple[Order, Event] | Reject]:
    """The first orders as the events they become, and those that cannot be sent."""
    with open_source(source) as export:
        bound = bind(source.field_map, export.columns, export.sample)
        orders = (each for each in assemble(export, bound) if isinstance(each, Order | Reject))
        for _, found in zip(range(count), orders, strict=False):
            yield (found, express(found)) if isinstance(found, Order) else found


def check(export: Export, field_map: FieldMap, bound: Bound, plan: Plan, progress: Progress) -> Survey:
    """Read an export to its end: every order into the plan, every finding told."""
    survey = Survey(export, field_map, Findings(), bound.grouped)
    survey.findings.add((*bound.notes, *_unused(export, bound)))
    for found in assemble(export, bound):
        _take(found, survey, plan)
        if survey.orders % _TICK == 0:
            progress.reading(export, survey.orders)
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
    """One id, several orders: the same form is skipped, other forms reject every occurrence."""
    for repeat in plan.repeats():
        if all(each.state == "rejected" for each in repeat.occurrences):
            continue
        if len({(each.digest, each.state) for each in repeat.occurrences}) == 1:
            _skip_later(repeat, plan, survey)
        else:
            _reject_all(repeat, plan, survey)


def _skip_later(repeat: Repeat, plan: Plan, survey: Survey) -> None:
    first, *later = repeat.occurrences
    for each in later:
        problem = Problem("RS701", note=f"first on line {first.line}", line=each.line)
        survey.findings.add((problem,), repeat.order_id)
        plan.mark(each.seq, "duplicate")


def _reject_all(repeat: Repeat, plan: Plan, survey: Survey) -> None:
    """Each occurrence names its own line, so that a rejects file does not make one order of them."""
    code = "RS703" if survey.grouped else "RS702"
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
