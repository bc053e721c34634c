"""The lines of a list: what makes one, what is missing from it, and what joins those that are one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from richsync.fieldmaps.celltexts import Members
from richsync.fieldmaps.columns import ORDER, Fetch, Names
from richsync.fieldmaps.filling import Chunk, Filling, Put, one_by_one
from richsync.fieldmaps.model import Lines
from richsync.fieldmaps.puts import shown
from richsync.model import Problem
from richsync.values import is_empty

Line: TypeAlias = Callable[[Lines, Names], Filling]
"""Makes what reads one line of a list, from a row or from a member of the list, with its names."""


class Need(NamedTuple):
    """A field that must be there: its name and path, the finding when it is not, and its column.

    Where the `sources` tell, the column is the first of them that is empty.
    """

    name: str
    path: str
    code: str
    column: str
    sources: tuple[tuple[str, Fetch], ...] = ()

    def in_row(self, row: Any) -> "Need":
        """The same with the column that is empty there."""
        empty = next((name for name, fetch in self.sources if is_empty(fetch(row))), self.column)
        return self if empty == self.column else self._replace(column=empty)


def missing(
    needs: Sequence[Need], out: dict[str, Any], problems: list[Problem], known: Sequence[Problem] = ()
) -> None:
    """Say what is missing, but not what has a finding already: one cause, one finding."""
    lacking = [need for need in needs if need.name not in out]
    if lacking:
        said = (*problems, *known)
        fields, columns = {each.field for each in said}, {each.column for each in said}
        for need in lacking:
            if need.path not in fields and not (need.column and need.column in columns):
                problems.append(Problem(need.code, need.column, need.path))
                columns.add(need.column)


def _lacking(needs: Sequence[Need], out: dict[str, Any], found: Sequence[Problem]) -> list[Need]:
    """What is missing and was not found to be bad."""
    told = {each.field for each in found}
    return [need for need in needs if need.name not in out and need.path not in told]


class LineRules(NamedTuple):
    """What makes a line of a list.

    Fields that are not `strong` (constants, defaults) do not make one by themselves; `needs` must be in
    it; of `distinct` lists an equal line is kept once, and lines with one id are one. Equal lines that
    are `per_row` may hold equal items, which add up.
    """

    strong: frozenset[str]
    needs: tuple[Need, ...]
    distinct: bool
    per_row: bool


def one_line(name: str, fields: Filling, rules: LineRules) -> Filling:
    """Append the line that a row holds to the list `name`; a row with empty columns for it holds none."""
    strong, needs, distinct = rules.strong, rules.needs, rules.distinct
    required = frozenset(need.name for need in needs)
    makes_one = not distinct and not strong.isdisjoint(required)

    def keep(
        row: Any, line: dict[str, Any], found: list[Problem], out: dict[str, Any], problems: list[Problem]
    ) -> None:
        if not found and strong and strong.isdisjoint(line):
            return
        if found or not required <= line.keys():
            spoiled = [each for each in problems if each.code in ("RS108", "RS513")]
            missing([need.in_row(row) for need in _lacking(needs, line, found)], line, found, spoiled)
        lines = out.setdefault(name, _Distinct() if distinct else [])
        known = lines.alike(line) if isinstance(lines, _Distinct) else None
        if known is None:
            lines.append(line)
        elif rules.per_row or known != line:
            found += _more_of(known, line, name)
        problems += found

    def put(row: Any, out: dict[str, Any], problems: list[Problem]) -> None:
        line: dict[str, Any] = {}
        found: list[Problem] = []
        fields.row(row, line, found)
        keep(row, line, found, out, problems)

    def fill(chunk: Chunk, outs: Sequence[dict[str, Any]], said: Sequence[list[Problem]]) -> None:
        lines: list[dict[str, Any]] = [{} for _ in outs]
        found: list[list[Problem]] = [[] for _ in outs]
        fields.chunk(chunk, lines, found)
        for made in zip(chunk.rows, lines, found, outs, said, strict=True):
            _, line, wrong, out, _ = made
            if makes_one and not wrong and required <= line.keys():
                out.setdefault(name, []).append(line)
            else:
                keep(*made)

    return Filling(put, fill)


class _Distinct(list[dict[str, Any]]):
    """Lines of which no two are one; there may be thousands, so they are found by what tells them apart."""

    def __init__(self) -> None:
        super().__init__()
        self._marked: dict[str, dict[str, Any]] = {}

    def append(self, line: dict[str, Any]) -> None:
        """One more, which is like no other."""
        super().append(line)
        self._marked[_mark(line)] = line

    def alike(self, line: dict[str, Any]) -> dict[str, Any] | None:
        """The one with the line's id; without an id the one that is still as the line is."""
        known = self._marked.get(_mark(line))
        return known if known is not None and ("id" in line or known == line) else None


def _mark(line: dict[str, Any]) -> str:
    return f"id {line['id']}" if "id" in line else repr(line)


def _more_of(known: dict[str, Any], line: dict[str, Any], name: str) -> list[Problem]:
    """Take what a line adds to one with its id: the first that has a field decides it, lists grow."""
    for field, value in line.items():
        if isinstance(value, list):
            held = known.get(field, [])
            known[field] = held + [each for each in value if field == "items" or each not in held]
    differing = [field for field, value in line.items() if known.setdefault(field, value) != value]
    return [
        Problem("RS704", field=f"{name}.{field}", value=shown(line[field]))
        for field in differing
        if not isinstance(line[field], list)
    ]


class Inside(NamedTuple):
    """The members of a list in a record: `take` gives them, `lent` what each gets of the record.

    `column` holds them; in a `cell` they are text, and findings about them point at the cell.
    """

    take: Callable[[Any], Members]
    lent: Mapping[str, Fetch]
    column: str
    cell: bool

    def told(self, problem: Problem) -> Problem:
        """A problem of a member, at its place in the export."""
        if problem.column.startswith(ORDER):
            return problem._replace(column=problem.column.removeprefix(ORDER))
        return problem._replace(column=self.column) if self.cell else problem


def member_lines(name: str, inside: Inside, each_member: Put) -> Filling:
    """Append a line for each member of a list."""
    take, lent = inside.take, tuple(inside.lent.items())

    def put(row: Any, out: dict[str, Any], problems: list[Problem]) -> None:
        members = take(row)
        if isinstance(members, Problem):
            problems.append(members._replace(column=inside.column, field=name))
            return
        found: list[Problem] = []
        if lent:
            shared = {lent_name: fetch(row) for lent_name, fetch in lent}
            members = [{**member, **shared} for member in members]
        for member in members:
            each_member(member, out, found)
        if found:
            problems += map(inside.told, found)

    return one_by_one(put)
