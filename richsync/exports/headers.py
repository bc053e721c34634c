"""The top of a CSV export: delimiter, header, column names; told, or found by looking."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from richsync.exports.rows import broken
from richsync.model import Odd, Record

DELIMITERS = ",;\t|"
EMPTY = DELIMITERS + '" \r\n'
"""What a line holds that holds no value."""

ENOUGH = 200
"""Lines to judge the delimiter by."""
_SEPARATOR_LINE = re.compile(r'"?sep=([^"\r\n])"?\s*', re.IGNORECASE)


class Header(NamedTuple):
    """`cells` as they stand, `columns` named apart; `lines` is how many lines they and what precedes take."""

    delimiter: str
    cells: list[str]
    columns: tuple[str, ...]
    lines: int


def find_header(lines: Sequence[str], told: str | None) -> Header | Record:
    """Find the header in the first lines, of which one is not blank; or the fault that stands there."""
    start = next(index for index, line in enumerate(lines) if line.strip(EMPTY))
    separator = _SEPARATOR_LINE.fullmatch(lines[start])
    start += separator is not None
    below = lines[start:]
    delimiter = told or (separator[1] if separator else _delimiter(below))
    if told and (better := _better(told, below)):
        return start + 1, Odd("RS201", better), ""
    return _header(lines, start, delimiter)


def _header(lines: Sequence[str], start: int, delimiter: str) -> Header | Record:
    reader = csv.reader(lines[start:], delimiter=delimiter, strict=True)
    end = start
    try:
        for cells in reader:
            end = start + reader.line_num
            if any(map(str.strip, cells)):
                extra = _nameless(len(cells), _rows(delimiter, lines[end:]))
                return Header(delimiter, cells, _columns([*cells, *[""] * extra]), end)
    except csv.Error as error:
        return broken(error, end + 1, "".join(lines[end : start + reader.line_num]), delimiter)
    return start + 1, Odd("RS102"), ""


def _columns(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells' names, stripped; a repeated one is told apart by `#2`, `#3`."""
    names: dict[str, None] = {}
    repeats: Counter[str] = Counter()
    for cell in cells:
        name = apart = cell.strip()
        while apart in names:
            repeats[name] += 1
            apart = f"{name}#{repeats[name] + 1}"
        names[apart] = None
    return tuple(names)


def _nameless(width: int, rows: Sequence[list[str]]) -> int:
    """How many cells every row has beyond the header, all of them empty: rows that end in delimiters.

    One row alone proves nothing: a delimiter in an unquoted cell looks the same when the last is empty.
    """
    widths = {len(row) for row in rows}
    if len(rows) == 1 or len(widths) != 1 or any(any(row[width:]) for row in rows):
        return 0
    return max(widths.pop() - width, 0)


def _delimiter(lines: Sequence[str]) -> str:
    """The one that cuts the header, and the rows most consistently like it."""
    shares = {each: _share(_rows(each, lines)) for each in DELIMITERS}
    return max(DELIMITERS, key=lambda each: shares[each])


def _share(rows: Sequence[list[str]]) -> tuple[float, int]:
    """(share of rows as wide as the first, that width), nothing when that is a single cell."""
    widths = [len(row) for row in rows]
    if not widths or widths[0] == 1:
        return 0, 0
    return widths.count(widths[0]) / len(widths), widths[0]


def _better(told: str, lines: Sequence[str]) -> str:
    """Why the delimiter told cannot be meant: it cuts nothing, and another cuts every row alike."""
    if _share(_rows(told, lines)) != (0, 0):
        return ""
    for each in DELIMITERS:
        share, width = _share(_rows(each, lines))
        if share == 1:
            return f"with {told!r} the header is one column; with {each!r} header and rows have {width}"
    return ""


def _rows(delimiter: str, lines: Sequence[str]) -> list[list[str]]:
    """The first rows that hold anything; the last looked at may be cut, and does not count."""
    looked = lines[:ENOUGH]
    rows: list[list[str]] = []
    with suppress(csv.Error):
        rows.extend(csv.reader(looked, delimiter=delimiter))
    whole = rows[:-1] if len(lines) > len(looked) else rows
    return [row for row in whole if any(map(str.strip, row))]
