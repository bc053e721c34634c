"""What fills dictionaries from an export: from a row, or a chunk of rows at once, column by column."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

from richsync.model import Problem

Put: TypeAlias = Callable[[Any, dict[str, Any], list[Problem]], None]
"""Fill a dictionary from a row; what is wrong is appended to the problems, and nothing is raised."""


class Chunk(NamedTuple):
    """Rows that are read at once. Only those of a table, all of one width, have columns."""

    rows: Sequence[Any]
    columns: Sequence[Sequence[str]] = ()


Fill: TypeAlias = Callable[[Chunk, Sequence[dict[str, Any]], Sequence[list[Problem]]], None]
"""The same for a chunk: a dictionary a row, and its problems."""


class Filling(NamedTuple):
    """A field, or several, filled from one row or from a chunk: the outcome is the same."""

    row: Put
    chunk: Fill


def one_by_one(put: Put) -> Filling:
    """A chunk is filled row by row: of what is more than a cell, nothing is gained by reading columns."""

    def fill(chunk: Chunk, outs: Sequence[dict[str, Any]], said: Sequence[list[Problem]]) -> None:
        for row, out, problems in zip(chunk.rows, outs, said, strict=True):
            put(row, out, problems)

    return Filling(put, fill)
