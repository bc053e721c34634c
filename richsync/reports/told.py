"""A survey's findings as they are told, whatever the format: places found, values masked, mends at hand."""

import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from richsync.checks import CHECKS, Severity
from richsync.exports import place_of, spans
from richsync.fieldmaps.columns import fold
from richsync.findings import Group, Sample
from richsync.model import Problem
from richsync.pipeline.surveys import Survey
from richsync.reports.excerpts import (
    Excerpt,
    Span,
    excerpt,
    masked,
    masked_object,
    masked_row,
    without_addresses,
)
from richsync.reports.mends import mend
from richsync.reports.privacy import readable_columns
from richsync.schema import is_personal
from richsync.shown import counted, cut

_MOST_VALUES = 5
_SHOWN_VALUES = 3
_OF_NOBODY = frozenset({"RS406"})
"""Findings whose values are words for nothing, whatever the field."""
_SHIFTED = frozenset({"RS202", "RS203"})
"""Rows whose cells may stand in other columns: what is taken for the order's id may be anybody's address."""
_LIKE_AN_ID = re.compile(r"(?=.*\d)[\w#./-]{1,40}")


class Place(NamedTuple):
    """Physical line and column from 1; the number of the record from 1, None where it is not known."""

    line: int
    column: int
    record: int | None


class ToldSample(NamedTuple):
    """One finding of a group. `added` is what its note says and the first one's does not."""

    place: Place
    order_id: str
    value: str
    note: str
    added: str
    excerpt: Callable[[int], Excerpt | None]

    @property
    def about(self) -> str:
        """What stands after its place in a list."""
        order = f"  order {cut(self.order_id)}" if self.order_id else ""
        value = f'  "{cut(self.value)}"' if self.value else ""
        return f"{order}{value}{f'  ({cut(self.added)})' if self.added else ''}"


class ToldGroup(NamedTuple):
    """All findings of one kind. Its texts are from the export, as they stand or masked, and not escaped.

    `first` and `last` are None for what is said of the export as a whole. The counts of `values` mean at
    least so many where they are not exact.
    """

    code: str
    name: str
    severity: Severity
    column: str
    field: str
    message: str
    mend: str
    times: int = 1
    orders: int = 0
    first: Place | None = None
    last: Place | None = None
    values: tuple[tuple[str, int], ...] = ()
    values_exact: bool = True
    samples: tuple[ToldSample, ...] = ()

    @property
    def title(self) -> str:
        """`RS502 locale-number [Total]`."""
        return f"{self.code} {self.name}{f' [{self.column}]' if self.column else ''}"

    @property
    def sentence(self) -> str:
        """The message, with how many there are and the column, if that is not in it."""
        many = counted(self.orders or self.times, "order" if self.orders else "time")
        column = f" [{self.column}]" if self.column and self.column not in self.message else ""
        return f"{f'{many}: ' if self.times > 1 else ''}{self.message}{column}"

    @property
    def common(self) -> str:
        """The most frequent values; nothing when none is found again, or the samples show all there are."""
        is_shown = self.times <= len(self.samples) and len(self.values) <= 1
        if is_shown or all(count == 1 for _, count in self.values):
            return ""
        more = "" if self.values_exact else " or more"
        return ", ".join(f'"{cut(value)}" x{count:,}{more}' for value, count in self.values[:_SHOWN_VALUES])

    def lines(self, path: str) -> list[str]:
        """All that is to be said of it, without its severity."""
        places = [f"{path}:{each.place.line}:{each.place.column}{each.about}" for each in self.samples]
        more = self.times - len(self.samples)
        if self.last and more:
            places.append(f"… {more:,} more, the last at {path}:{self.last.line}:{self.last.column}")
        values = [f"most often: {self.common}"] if self.common else []
        return [self.sentence, *places, *values, f"mend: {self.mend}"]


class Told(NamedTuple):
    """A source, or a map, and what is told of it."""

    path: str
    groups: tuple[ToldGroup, ...]


class Teller:
    """Tells the findings of a survey; what may be personal is masked unless `show_values`."""

    def __init__(self, survey: Survey, *, show_values: bool) -> None:
        self._findings = survey.findings
        self._export = survey.export
        self._show_values = show_values
        self._cells = {fold(name): at for at, name in enumerate(survey.export.columns)}
        self._columns = readable_columns(survey.field_map)
        self._readable = [at for name, at in self._cells.items() if name in self._columns]

    @property
    def told(self) -> Told:
        """All groups, errors first."""
        return Told(self._export.name, tuple(map(self._group, self._findings)))

    def _group(self, group: Group) -> ToldGroup:
        problem, check = group.problem, CHECKS[group.problem.code]
        has_place = problem.line > 0
        return ToldGroup(
            code=problem.code,
            name=check.name,
            severity=group.severity,
            column=problem.column,
            field=problem.field,
            message=group.message,
            mend=mend(group, readable=self._is_open(problem)),
            times=group.count,
            orders=group.orders,
            first=self._place(problem) if has_place else None,
            last=self._place(group.final) if has_place else None,
            values=tuple(self._values(group).most_common(_MOST_VALUES)),
            values_exact=group.values.is_exact,
            samples=tuple(self._sample(each, problem) for each in (group.samples if has_place else ())),
        )

    def _sample(self, sample: Sample, first: Problem) -> ToldSample:
        problem = sample.problem
        return ToldSample(
            self._place(problem),
            self._order_id(sample),
            self._value(problem, problem.value),
            problem.note,
            _added(problem.note) if problem.note != first.note else "",
            partial(self._excerpt, problem),
        )

    def _order_id(self, sample: Sample) -> str:
        order_id = sample.order_id
        if self._show_values:
            return order_id
        if sample.problem.code in _SHIFTED and not _LIKE_AN_ID.fullmatch(order_id):
            return ""
        return without_addresses(order_id)

    def _values(self, group: Group) -> Counter[str]:
        """The values as they can be told: of two that are masked alike nobody sees the difference."""
        told = Counter[str]()
        for value, count in group.values.counts.items():
            told[self._value(group.problem, value)] += count
        return told

    def _value(self, problem: Problem, value: str) -> str:
        if self._show_values:
            return value
        return without_addresses(value) if self._is_open(problem) else masked(value)

    def _is_open(self, problem: Problem) -> bool:
        """Whether its values can be read; of a column that feeds no field nothing is known."""
        known = fold(problem.column) in self._columns
        return (
            self._show_values
            or problem.code in _OF_NOBODY
            or (not is_personal(problem.field) if problem.field else known)
        )

    def _place(self, problem: Problem) -> Place:
        record = self._export.record_at(problem.line)
        cell = self._cell(problem)
        if cell is None or not self._export.lines_kept:
            return Place(problem.line, 1, record)
        offset, column = place_of(problem.raw, cell[0])
        return Place(problem.line + offset, column, record)

    def _cell(self, problem: Problem) -> Span | None:
        """Where the cell stands in the raw text of its record."""
        if problem.at is not None:
            return problem.at, problem.at + 1
        if not (problem.raw and problem.column):
            return None
        if not self._export.columns:
            from richsync.exports.members import member

            return member(problem.raw, problem.column)
        at = self._cells.get(fold(problem.column))
        cells = spans(problem.raw, self._export.delimiter)
        return None if at is None or at >= len(cells) else cells[at]

    def _excerpt(self, problem: Problem, width: int) -> Excerpt | None:
        """The surroundings of the cell that a finding is about; nothing when it is about no cell."""
        cell = self._cell(problem)
        if cell is None:
            return None
        return excerpt(self._shown(problem.raw), cell, width)

    def _shown(self, raw: str) -> str:
        """A record's text with all masked that may be personal: also a cell of which nothing is known."""
        if self._show_values:
            return raw
        if not self._export.columns:
            return masked_object(raw)
        cells = spans(raw, self._export.delimiter)
        return masked_row(raw, cells, self._readable if len(cells) == len(self._export.columns) else ())


def _added(note: str) -> str:
    """A note without what joins it to the message that it ends."""
    return note.rpartition(": ")[2].strip(" ()") if note.startswith((" ", ":")) else note
