"""Findings, gathered: exact totals, capped samples, grouped by code and column.

Memory does not grow with their number.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from richsync.checks import CHECKS, Severity, Weights, severity_of
from richsync.model import Problem

SAMPLES = 5
_DISTINCT_VALUES = 1000


def told(problem: Problem) -> str:
    """The message of a finding, as the table words it."""
    return CHECKS[problem.code].says.format(
        field=problem.field or "a field",
        column=problem.column or problem.field or "a cell",
        note=problem.note,
    )


def reason(problems: Iterable[Problem]) -> str:
    """Why an order was rejected, in one line, as the rejects file carries it."""
    errors = (each for each in problems if severity_of(each) is Severity.ERROR)
    return "; ".join(dict.fromkeys(f"{each.code} {told(each)}" for each in errors))


@dataclass(slots=True)
class Sample:
    """One finding in full."""

    problem: Problem
    order_id: str


@dataclass(slots=True)
class Group:
    """All findings of one code about one column and field; `orders` counts the orders that have it."""

    problem: Problem
    severity: Severity
    count: int = 0
    orders: int = 0
    first: int = 0
    last: int = 0
    values: Counter[str] = field(default_factory=Counter)
    samples: list[Sample] = field(default_factory=list)
    _order: int = -1

    def add(self, problem: Problem, order_id: str, order: int) -> None:
        """One more; `order` is the ordinal of the order it is about."""
        self.count += 1
        self.orders += order != self._order
        self._order = order
        self.first = self.first or problem.line
        self.last = problem.line
        if problem.value and (problem.value in self.values or len(self.values) < _DISTINCT_VALUES):
            self.values[problem.value] += 1
        if len(self.samples) < SAMPLES:
            self.samples.append(Sample(problem, order_id))

    @property
    def message(self) -> str:
        """What is wrong, in the table's words; what differs from one to the next is in the samples."""
        return told(self.problem)


class Findings:
    """Every finding of a run, but for those that the weights ignore."""

    def __init__(self, weights: Weights | None = None) -> None:
        self._weights = weights or Weights()
        self._groups: dict[tuple[str, str, str, Severity], Group] = {}
        self._orders = 0

    def add(self, problems: Iterable[Problem], order_id: str = "") -> None:
        """The findings about one order, or about the export as a whole."""
        self._orders += 1
        for problem in problems:
            severity = self._weights.of(problem)
            if severity is None:
                continue
            key = (problem.code, problem.column, problem.field, severity)
            group = self._groups.get(key)
            if group is None:
                group = self._groups[key] = Group(problem, severity)
            group.add(problem, order_id, self._orders)

    def __iter__(self) -> Iterator[Group]:
        """The groups, errors first, then by the table's order and the place of the first."""
        weight = {severity: i for i, severity in enumerate(Severity)}
        codes = {code: i for i, code in enumerate(CHECKS)}
        order = sorted(
            self._groups.values(),
            key=lambda each: (weight[each.severity], codes[each.problem.code], each.first),
        )
        return iter(order)

    def count(self, severity: Severity) -> int:
        """How many findings of a severity."""
        return sum(group.count for group in self._groups.values() if group.severity is severity)
