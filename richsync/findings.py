"""Findings, gathered: exact totals, capped samples, grouped by code and column.

Memory does not grow with their number.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from richsync.checks import CHECKS, Severity, Weights, severity_of
from richsync.model import Problem

SAMPLES = 5
_DISTINCT_VALUES = 250


def told(problem: Problem) -> str:
    """The message of a finding, as the table words it."""
    return _worded(problem.code, problem.field, problem.column, problem.note)


@lru_cache(maxsize=1024)
def _worded(code: str, field: str, column: str, note: str) -> str:
    # The same is told of order after order, and a rejects file says it of each.
    return CHECKS[code].says.format(field=field or "a field", column=column or field or "a cell", note=note)


def reason(problems: Iterable[Problem]) -> str:
    """Why an order was rejected, in one line, as the rejects file carries it."""
    errors = [each for each in problems if severity_of(each) is Severity.ERROR]
    return "; ".join(dict.fromkeys([f"{each.code} {told(each)}" for each in errors]))


class Frequent:
    """The most frequent of any number of texts, in little memory.

    The counts are exact until more than a few hundred texts differ; from then on `is_exact` is False, and
    each count means at least so many.
    """

    __slots__ = ("counts", "is_exact")

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.is_exact = True

    def add(self, text: str) -> None:
        """One more."""
        counts = self.counts
        counts[text] = counts.get(text, 0) + 1
        if len(counts) > 2 * _DISTINCT_VALUES:
            self.counts = Counter(dict(counts.most_common(_DISTINCT_VALUES)))
            self.is_exact = False


class Sample(NamedTuple):
    """One finding in full."""

    problem: Problem
    order_id: str


@dataclass(slots=True)
class Group:
    """All findings of one code about one column and field; `orders` counts the orders that have it."""

    problem: Problem
    severity: Severity
    final: Problem
    count: int = 0
    orders: int = 0
    values: Frequent = field(default_factory=Frequent)
    samples: list[Sample] = field(default_factory=list)
    _order: int = 0

    def add(self, problem: Problem, order_id: str, order: int) -> None:
        """One more; `order` is the ordinal of the order it is about, 0 for none."""
        self.count += 1
        if order != self._order:
            self._order = order
            self.orders += 1
        if problem.value:
            self.values.add(problem.value)
        self.final = problem
        if self.count <= SAMPLES:
            self.samples.append(Sample(problem, order_id))

    @property
    def first(self) -> int:
        """The line of the first one."""
        return self.problem.line

    @property
    def last(self) -> int:
        """The line of the last one."""
        return self.final.line

    @property
    def message(self) -> str:
        """What is wrong, in the table's words; what differs from one to the next is in the samples."""
        return told(self.problem)


class Findings:
    """Every finding of a run, but for those that the weights ignore."""

    def __init__(self, weights: Weights | None = None) -> None:
        self._weights = weights or Weights()
        self._groups: dict[tuple[str, str, str, Severity], Group] = {}
        self._known: dict[tuple[str, str, str, str], Group | None] = {}
        self._orders = 0
        self._is_closed = False

    def add(self, problems: Iterable[Problem], order_id: str | None = None) -> None:
        """The findings about one order, whose id may be empty; without one, about the export as a whole."""
        order = 0
        if order_id is not None:
            order = self._orders = self._orders + 1
        for problem in problems:
            key = (problem.code, problem.column, problem.field, problem.severity)
            group = self._known[key] if key in self._known else self._begun(key, problem)
            if group is not None:
                group.add(problem, order_id or "", order)

    def add_alone(self, problem: Problem) -> None:
        """A finding that explains all others: none of them is told, whatever was or will be found."""
        self._groups.clear()
        self._known.clear()
        self.add((problem,))
        self._is_closed = True

    def _begun(self, key: tuple[str, str, str, str], problem: Problem) -> Group | None:
        severity = None if self._is_closed else self._weights.of(problem)
        if severity is None:
            self._known[key] = None
            return None
        group = self._groups.setdefault((*key[:3], severity), Group(problem, severity, problem))
        self._known[key] = group
        return group

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
