"""The commonest fields: a cell of a table, or the first of several that is filled, and nothing done to it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from richsync.fieldmaps.filling import Chunk, Fill, Filling, Put, one_by_one
from richsync.model import Problem
from richsync.values import AtOnce, Bad, Read, in_stretches

_SHOWN = 200


class Cell(NamedTuple):
    """A cell, and how it is read (None: as the text it is); `at_once` reads a whole column of them.

    Without a `path` a bad cell is not told: the field was derived from one that is.
    """

    at: int
    name: str
    read: Read | None
    at_once: AtOnce | None
    column: str
    path: str

    def spoiled(self, cell: str, bad: Bad, out: dict[str, Any], problems: list[Problem]) -> None:
        """Keep what can be kept of a bad cell, and say why it is bad."""
        if bad.value is not None:
            out[self.name] = bad.value
        if self.path:
            problems.append(Problem(bad.code, self.column, self.path, cell[:_SHOWN], bad.note))


def from_row(fields: Sequence[Cell]) -> Put:
    """Fields next to each other, from a row, in one loop: a call less for each is worth it here."""
    every = tuple((each.at, each.name, each.read, each.spoiled) for each in fields)

    def put(row: Any, out: dict[str, Any], problems: list[Problem]) -> None:
        for at, name, read, spoiled in every:
            cell = row[at]
            if cell:
                value = cell if read is None else read(cell)
                if type(value) is Bad:
                    spoiled(cell, value, out, problems)
                else:
                    out[name] = value

    return put


def from_chunk(field: Cell) -> Fill:
    """A field, from a chunk: the column at once as far as its cells are plain, the others one by one."""
    return _texts(field) if field.read is None else _values(field, field.read)


def _texts(field: Cell) -> Fill:
    at, name = field.at, field.name

    def fill(chunk: Chunk, outs: Sequence[dict[str, Any]], _said: Sequence[list[Problem]]) -> None:
        for out, cell in zip(outs, chunk.columns[at], strict=True):
            if cell:
                out[name] = cell

    return fill


def _never(_cells: Sequence[str]) -> Sequence[object]:
    """No column of some kinds can be read at once."""
    return ()


def _values(field: Cell, read: Read) -> Fill:
    at, name, at_once = field.at, field.name, field.at_once or _never

    def fill(chunk: Chunk, outs: Sequence[dict[str, Any]], said: Sequence[list[Problem]]) -> None:
        cells = chunk.columns[at]
        values = at_once(cells)
        if len(values) == len(cells):
            for out, value in zip(outs, values, strict=True):
                out[name] = value
            return
        values = in_stretches(cells, values, at_once, each)
        for out, cell, value, problems in zip(outs, cells, values, said, strict=True):
            if type(value) is Bad:
                field.spoiled(cell, value, out, problems)
            elif value is not None:
                out[name] = value

    def each(cells: Sequence[str]) -> list[object]:
        return [read(cell) if cell else None for cell in cells]

    return fill


def first_filled(fields: Sequence[Cell]) -> Filling:
    """One field, from the first of several cells that is filled."""
    puts = [(each.at, from_row([each])) for each in fields]
    first = fields[0]

    def put(row: Any, out: dict[str, Any], problems: list[Problem]) -> None:
        for at, put_cell in puts:
            if row[at]:
                put_cell(row, out, problems)
                return

    at_once, cell_by_cell = from_chunk(first), one_by_one(put).chunk

    def fill(chunk: Chunk, outs: Sequence[dict[str, Any]], said: Sequence[list[Problem]]) -> None:
        fill = cell_by_cell if "" in chunk.columns[first.at] else at_once
        fill(chunk, outs, said)

    return Filling(put, fill)
