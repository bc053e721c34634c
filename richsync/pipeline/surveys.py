"""A survey: an export read once, every order in the plan, every finding told."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol, cast

from richsync.accounts import Account, Held, Tally, account
from richsync.checks import CHECKS, Severity
from richsync.events import any_large, express
from richsync.exports import Export
from richsync.fieldmaps import Bound, FieldMap
from richsync.findings import Findings
from richsync.model import ERRORS_COLUMN, Order, Problem, Reject, Skipped, SkipReason
from richsync.orders import Assembled
from richsync.pipeline.readings import Reading, Ticker
from richsync.pipeline.scopes import EVERYTHING, Scope, Within
from richsync.plans import Overview, Plan
from richsync.senses import weighed
from richsync.shown import counted

_TICK = 2000
_SPOILED = "RS107"
"""An archive that is not whole: what was read of it may be what nobody wrote."""


class Progress(Ticker, Protocol):
    """Whoever shows how far a survey is."""

    def checked(self, survey: "Survey") -> None:
        """The whole export was read."""


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

    def leaves_out(self, found: Order | Reject) -> bool:
        """Whether the run is not about an order."""
        return self.within is not None and self.within.leaves_out(found)

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


def check(reading: Reading, plan: Plan, progress: Progress, scope: Scope = EVERYTHING) -> Survey:
    """Read an export to its end: every order into the plan, every finding told, but of what is left out."""
    export, bound = reading.export, reading.bound
    within = scope.within(reading.field_map.export.zone)
    survey = Survey(export, reading.field_map, Findings(reading.field_map.weights), bound.grouped, within)
    survey.findings.add(bound.notes)
    shown = 0
    for chunk in reading.chunks:
        _take(chunk, survey, plan)
        if survey.orders >= shown:
            progress.reading(export, survey.orders)
            shown += _TICK
    survey.findings.add(_of_the_whole(reading, survey.orders, survey.skipped[SkipReason.WHERE]))
    progress.checked(survey)
    return survey


def _take(chunk: Sequence[Assembled], survey: Survey, plan: Plan) -> None:
    """Everything that was found; orders that stand next to each other go into the plan together."""
    for kind, run in groupby(chunk, type):
        if kind is not Order:
            for found in run:
                _set_aside(found, survey, plan)
        elif survey.within is None:
            _enter(cast("list[Order]", list(run)), survey, plan)
        else:
            _enter_within(cast("Iterator[Order]", run), survey, plan)


def _enter_within(orders: Iterable[Order], survey: Survey, plan: Plan) -> None:
    for is_left_out, run in groupby(orders, survey.leaves_out):
        if is_left_out:
            for order in run:
                _set_aside(order, survey, plan)
        else:
            _enter(list(run), survey, plan)


def _enter(orders: Sequence[Order], survey: Survey, plan: Plan) -> None:
    events = [express(order) for order in orders]
    is_large = any_large(events)
    if is_large and len(orders) > 1:
        for order in orders:
            _enter([order], survey, plan)
        return
    if is_large:
        (order,) = orders
        order.problems.append(Problem("RS801", line=order.line))
        found = weighed(order, survey.field_map.weights)
        if isinstance(found, Reject):
            _set_aside(found, survey, plan)
            return
    survey.orders += len(orders)
    plan.add(orders, events)
    for order in orders:
        if order.problems:
            survey.findings.add(order.problems, order.order_id)


def _set_aside(found: Assembled, survey: Survey, plan: Plan) -> None:
    """What is not to be sent."""
    if isinstance(found, Order | Reject):
        survey.orders += 1
        if survey.leaves_out(found):
            plan.leave_out(found)
        elif isinstance(found, Reject):
            plan.reject(found)
            survey.findings.add(found.problems, found.order_id)
    elif isinstance(found, Skipped):
        survey.skipped[found.reason] += found.records
        survey.findings.add((found.problem,) if found.problem else ())
    else:
        survey.fault_records += 1
        if found.problem.code == _SPOILED:
            survey.findings.add_alone(found.problem)
        else:
            survey.findings.add((found.problem,))


def _of_the_whole(reading: Reading, orders: int, left_out: int) -> Iterator[Problem]:
    """What is known when an export was read to its end; so many records `where:` left out."""
    export, bound = reading.export, reading.bound
    if orders:
        yield from _unused(export, bound)
    elif left_out:
        asked = ", ".join(each.column.name for each in reading.field_map.export.where)
        yield Problem("RS311", asked, note=counted(left_out, "record"))
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
