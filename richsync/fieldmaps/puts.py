"""The closures that run millions of times: each fetches, converts and stores one field.

A bad cell is appended to the problems and nothing is raised.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, TypeAlias, cast

from richsync.fieldmaps import cells
from richsync.fieldmaps.cells import Cell
from richsync.fieldmaps.columns import Fetch
from richsync.fieldmaps.filling import Chunk, Filling, Put, one_by_one
from richsync.fieldmaps.model import Column, Mapped, Source, Text
from richsync.fieldmaps.unfolding import as_said
from richsync.model import Problem
from richsync.values import Bad, Read, is_empty, text
from richsync.verbs import Lookup, Step

Pipeline: TypeAlias = Callable[[Any, list[Problem]], object]
"""A row to the value of one pipe of a field, not yet of the field's type."""

_SHOWN = 200


def column_of(source: Source) -> str:
    """The column that a finding about the source names: the first one in a text, as the map says it."""
    match source:
        case Column(name=name):
            return as_said(name)
        case Text(parts=parts):
            return next((as_said(part.column.name) for part in parts if not isinstance(part, str)), "")
        case _:
            return ""


def any_value(
    pipes: Sequence[tuple[Pipeline, str]], mapped: Mapped, read: Read, defaults: Counter[tuple[str, str]]
) -> Filling:
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
            said.append(Problem(typed.code, column, path, typed.text or shown(value), typed.note))
            typed = typed.value
        if not is_empty(typed):
            out[name] = typed

    return one_by_one(put)


def shown(value: object) -> str:
    """A value as a finding shows it: a scalar, and not too long."""
    if isinstance(value, bool):
        return "true" if value else "false"
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
                return value._replace(text=shown(value.text or before))
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


def in_turn(fields: Sequence[Filling | Cell]) -> Filling:
    """All of them, one after the other."""
    puts: list[Put] = []
    for is_cell, group in groupby(fields, lambda each: isinstance(each, Cell)):
        members = list(group)
        puts += (
            [cells.from_row(cast("list[Cell]", members))]
            if is_cell
            else [each.row for each in cast("list[Filling]", members)]
        )
    fills = [cells.from_chunk(each) if isinstance(each, Cell) else each.chunk for each in fields]

    def put(row: Any, out: dict[str, Any], problems: list[Problem]) -> None:
        for each in puts:
            each(row, out, problems)

    def fill(chunk: Chunk, outs: Sequence[dict[str, Any]], said: Sequence[list[Problem]]) -> None:
        for each in fills:
            each(chunk, outs, said)

    return Filling(puts[0] if len(puts) == 1 else put, fill)


def nested(name: str, inside: Filling) -> Filling:
    """An object in the object; an empty one is left out."""

    def put(row: Any, out: dict[str, Any], problems: list[Problem]) -> None:
        inner: dict[str, Any] = {}
        inside.row(row, inner, problems)
        if inner:
            out[name] = inner

    def fill(chunk: Chunk, outs: Sequence[dict[str, Any]], said: Sequence[list[Problem]]) -> None:
        inners: list[dict[str, Any]] = [{} for _ in outs]
        inside.chunk(chunk, inners, said)
        for out, inner in zip(outs, inners, strict=True):
            if inner:
                out[name] = inner

    return Filling(put, fill)


def only(met: Callable[[Any], bool], filling: Filling) -> Filling:
    """Only for rows, or members, that meet a condition."""
    put = filling.row

    def run(row: Any, out: dict[str, Any], problems: list[Problem]) -> None:
        if met(row):
            put(row, out, problems)

    return one_by_one(run)
