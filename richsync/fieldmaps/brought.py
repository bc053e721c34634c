"""Joins, bound: what is matched with the rows of other files, and the names of what they bring."""

from collections.abc import Callable, Sequence
from typing import Any

from richsync.fieldmaps.columns import Brought, Fetch, Names, OtherRows, Paths
from richsync.fieldmaps.conditions import written
from richsync.fieldmaps.model import Column, Constant, Join
from richsync.fieldmaps.unfolding import Rename


def matched_by(columns: Sequence[Column | Constant], names: Names) -> Callable[[Any], str]:
    """The values of all columns as one text; "" when one of them is empty: then nothing is matched."""
    fetches = [_fetch(column, names) for column in columns]

    def key(row: Any) -> str:
        parts = [written(fetch(row)) for fetch in fetches]
        return "\x1f".join(parts) if all(parts) else ""

    return key


def _fetch(column: Column | Constant, names: Names) -> Fetch:
    return names.fetch(column) if isinstance(column, Column) else lambda _row: column.text


def bring(joins: Sequence[Join], names: Names, rename: Rename = lambda column: column) -> None:
    """Make the columns of joined rows known, `$name.column`; a join may be matched by an earlier one's.

    In a block of columns the map's own are those that `rename` gives.
    """
    for join in joins:
        rows = names.others[join]
        key = matched_by([rename(ours) for _, ours in join.file.match], names)
        names.brought[join.name.name] = Brought(_of(join, rows, names), _row(rows, key))


def _row(rows: OtherRows, key: Callable[[Any], str]) -> Fetch:
    return lambda row: rows.find(key(row))


def _of(join: Join, rows: OtherRows, names: Names) -> Paths:
    """The names in a joined row; what is wrong with them is told with all else."""
    theirs = Paths([dict.fromkeys(rows.columns, "")] if rows.columns else rows.sample)
    theirs.complete, theirs.what = bool(rows.columns), f"rows of {join.file.column.name!r}"
    theirs.mistakes, theirs.notes = names.mistakes, names.notes
    return theirs
