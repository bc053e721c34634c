"""The closures that run millions of times: each fetches, converts and stores one field.

A bad cell is appended to the problems and nothing is raised.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple, TypeAlias, cast

from richsync.fieldmaps.celltexts import Members
from richsync.fieldmaps.columns import ORDER, Fetch, Names
from richsync.fieldmaps.model import Column, Lines, Mapped, Source, Text
from richsync.model import Problem
from richsync.values import Bad, Read, is_empty, text
from richsync.verbs import Lookup, Step

Put: TypeAlias = Callable[[Any, dict[str, Any], list[Problem]], None]
"""Fill a field of a dictionary from a row, or say why not."""

Pipeline: TypeAlias = Callable[[Any, list[Problem]], object]
"""A row to the value of one pipe of a field, not yet of the field's type."""

Line: TypeAlias = Callable[[Lines, Names], Put]
"""Makes what reads one line of a list, from a row or from a member of the list, with its names."""

_SHOWN = 200


def column_of(source: Source) -> str:
    """The column that a finding about the source names: the first one in a text."""
    match source:
        case Column(name=name):
            return name
        case Text(parts=parts):
            return next((part.column.name for part in parts if not isinstance(part, str)), "")
        case _:
            return ""


class Cell(NamedTuple):
    """The commonest field: a CSV cell, and how it is read (None: as the text it is).

    Without a `path` a bad cell is not told: the field was derived from one that is.
    """

    at: int
    name: str
    read: Read | None
    column: str
    path: str


def cells(fields: Sequence[Cell]) -> Put:
    """Fields next to each other that are cells, in one loop: a call less for each is worth it here."""
    every = tuple((each.at, each.name, each.read, each) for each in fields)

    def put(row: Any, out: dict[str, Any], problems: list[Problem]) -> None:
        for at, name, read, field in every:
            cell = row[at]
            if cell:
                if read is None:
                    out[name] = cell
                    continue
                value = read(cell)
                if type(value) is not Bad:
                    out[name] = value
                    continue
                if value.value is not None:
                    out[name] = value.value
                if field.path:
                    problems.append(Problem(value.code, field.column, field.path, cell[:_SHOWN], value.note))

    return put


def any_value(
    pipes: Sequence[tuple[Pipeline, str]], mapped: Mapped, read: Read, defaults: Counter[tuple[str, str]]
) -> Put:
    """A field in general: the first pipe that gives something, else the default, then its type.

    `defaults` counts how often the default of a field, by its path, was taken.
    """
    name, path = mapped.field.name, mapped.path

    def put(row: Any, out: dict[str, Any], problems: list[Problem]) -> None:
        value: object = mapped.default
        column = ""
        said = [] if mapped.derived else problems
        for run, named in pipes:
            found = run(row, said)
            if not is_empty(found):
                value, column = found, named
                break
        else:
            if mapped.default is None:
                return
            defaults[path, mapped.default] += 1
        if is_empty(value):
            return
        typed = value if type(value) is Bad else read(value)
        if type(typed) is Bad:
            said.append(Problem(typed.code, column, path, typed.text or _shown(value), typed.note))
            typed = typed.value
        if not is_empty(typed):
            out[name] = typed

    return put


def _shown(value: object) -> str:
    return str(value)[:_SHOWN] if isinstance(value, str | int) else ""


def pipeline(fetch: Fetch, steps: Sequence[Step]) -> Pipeline:
    """Fetch, then step by step, until nothing is left or a step fails."""
    if not steps:
        return lambda row, _problems: fetch(row)

    def run(row: Any, _problems: list[Problem]) -> object:
        value = fetch(row)
        for step in steps:
            if is_empty(value) or type(value) is Bad:
                return value
            before, value = value, step(value, row)
            if type(value) is Bad:
                return value._replace(text=_shown(value.text or before))
        return value

    return run


def looked_up(before: Pipeline, lookup: Lookup, column: str, mapped: Mapped) -> Pipeline:
    """The value's translation, and what the map says of values that the table does not list."""

    def find(value: object, problems: list[Problem]) -> object:
        if isinstance(value, list):
            return [found for each in value if not is_empty(found := find(each, problems))]
        written = text(value)
        if isinstance(written, Bad):
            return written
        found = lookup.find(written)
        if found is not None:
            return found
        return _unlisted(written, problems)

    def _unlisted(written: str, problems: list[Problem]) -> str:
        if lookup.otherwise in ("report", "reject"):
            severity = "error" if lookup.otherwise == "reject" else ""
            problems.append(Problem("RS309", column, mapped.path, written[:_SHOWN], severity=severity))
        if lookup.otherwise.startswith("="):
            return lookup.otherwise[1:]
        return "" if lookup.otherwise == "drop" else written

    def run(row: Any, problems: list[Problem]) -> object:
        value = before(row, problems)
        return value if is_empty(value) or type(value) is Bad else find(value, problems)

    return run


def in_turn(fields: Sequence[Put | Cell]) -> Put:
    """All of them, one after the other."""
    every: list[Put] = []
    for is_cell, group in groupby(fields, lambda each: isinstance(each, Cell)):
        members = list(group)
        every += [cells(cast("list[Cell]", members))] if is_cell else cast("list[Put]", members)
    if len(every) == 1:
        return every[0]

    def put(row: Any, out: dict[str, Any], problems: list[Problem]) -> None:
        for each in every:
            each(row, out, problems)

    return put


def nested(name: str, fill: Put) -> Put:
    """An object in the object; an empty one is left out."""

    def put(row: Any, out: dict[str, Any], problems: list[Problem]) -> None:
        inner: dict[str, Any] = {}
        fill(row, inner, problems)
        if inner:
            out[name] = inner

    return put


class Need(NamedTuple):
    """A field that must be there: its name and path, the finding when it is not, and its column."""

    name: str
    path: str
    code: str
    column: str


def missing(
    needs: Sequence[Need], out: dict[str, Any], problems: list[Problem], known: Sequence[Problem] = ()
) -> None:
    """Say what is missing, but not what has a finding already: one cause, one finding."""
    for need in needs:
        if need.name not in out and not any(_explains(each, need) for each in (*problems, *known)):
            problems.append(Problem(need.code, need.column, need.path))


def _explains(problem: Problem, need: Need) -> bool:
    return problem.field == need.path or (problem.column != "" and problem.column == need.column)


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


def one_line(name: str, fill: Put, rules: LineRules) -> Put:
    """Append the line that a row holds to the list `name`; a row with empty columns for it holds none."""
    strong, needs, distinct = rules.strong, rules.needs, rules.distinct
    required = {need.name for need in needs}

    def put(row: Any, out: dict[str, Any], problems: list[Problem]) -> None:
        line: dict[str, Any] = {}
        found: list[Problem] = []
        fill(row, line, found)
        if not found and strong and strong.isdisjoint(line):
            return
        if found or not required <= line.keys():
            spoiled = [each for each in problems if each.code in ("RS108", "RS513")]
            missing(needs, line, found, spoiled)
        lines = out.setdefault(name, [])
        known = next((each for each in lines if _is_one(each, line)), None) if distinct else None
        if known is None:
            lines.append(line)
        elif rules.per_row or known != line:
            found += _more_of(known, line, name)
        problems += found

    return put


def _is_one(known: dict[str, Any], line: dict[str, Any]) -> bool:
    return known["id"] == line["id"] if "id" in known and "id" in line else known == line


def _more_of(known: dict[str, Any], line: dict[str, Any], name: str) -> list[Problem]:
    """Take what a line adds to one with its id: the first that has a field decides it, lists grow."""
    for field, value in line.items():
        if isinstance(value, list):
            held = known.get(field, [])
            known[field] = held + [each for each in value if field == "items" or each not in held]
    differing = [field for field, value in line.items() if known.setdefault(field, value) != value]
    return [
        Problem("RS704", field=f"{name}.{field}", value=_shown(line[field]))
        for field in differing
        if not isinstance(line[field], list)
    ]


def only(met: Callable[[Any], bool], put: Put) -> Put:
    """Only for rows, or members, that meet a condition."""

    def run(row: Any, out: dict[str, Any], problems: list[Problem]) -> None:
        if met(row):
            put(row, out, problems)

    return run


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


def member_lines(name: str, inside: Inside, each_member: Put) -> Put:
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

    return put
