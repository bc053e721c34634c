"""The top of a CSV export: what precedes the header, delimiter, column names; told, or found by looking."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from io import StringIO
from typing import NamedTuple

from richsync.exports.rows import Shape, broken
from richsync.model import Odd, ReadAs, Record

DELIMITERS = ",;\t|"
EMPTY = DELIMITERS + '" \r\n'
"""What a line holds that holds no value."""

ENOUGH = 200
"""Lines to judge the delimiter by."""
_SEPARATOR_LINE = re.compile(r'"?sep=([^"\r\n])"?\s*', re.IGNORECASE)
_NUMBER_OR_DATE = re.compile(r"[^\w]*\d[\d\W]*|\d{4}-\d\d-\d\d.*", re.DOTALL)


class Header(NamedTuple):
    """`shape` is what rows are judged by, `columns` the names, told apart.

    `text` is the header with all that precedes it, in so many `lines`; `preamble` is how many precede it.
    A header that was told is written as it would stand, and takes no lines.
    """

    shape: Shape
    columns: tuple[str, ...]
    text: str
    lines: int
    preamble: int


class _Line(NamedTuple):
    """A row at the top, and the lines it takes, counted from 0."""

    cells: list[str]
    start: int
    end: int


def find_header(lines: Sequence[str], told: ReadAs) -> Header | Record:
    """Find the header in the first lines, of which one is not blank; or the fault that stands there."""
    top = next(index for index, line in enumerate(lines) if line.strip(EMPTY))
    separator = _SEPARATOR_LINE.fullmatch(lines[top])
    top += separator is not None
    below = lines[top:]
    meant = separator[1] if separator and not _better(separator[1], below) else ""
    delimiter = told.delimiter or meant or _delimiter(below)
    if told.delimiter and (better := _better(told.delimiter, below)):
        return top + 1, Odd("RS201", better), ""
    rows = _rows(delimiter, below)
    if told.columns and (not rows or not _names_first(rows[0].cells, told.columns)):
        return _told(told.columns, delimiter, rows, lines[:top] if separator else ())
    start = top + rows[_header_at(rows)].start if rows else top
    return _header(lines, start, delimiter)


def _header(lines: Sequence[str], start: int, delimiter: str) -> Header | Record:
    reader = csv.reader(lines[start:], delimiter=delimiter, strict=True)
    begin = end = start
    try:
        for cells in reader:
            begin, end = end, start + reader.line_num
            if any(map(str.strip, cells)):
                rows = _rows(delimiter, lines[end:])
                named = _without_ends(cells, rows)
                columns = _columns([*named, *[""] * _nameless(len(named), rows)])
                shape = _shape(cells, len(columns), delimiter, rows)
                return Header(shape, columns, "".join(lines[:end]), end, begin)
    except csv.Error as error:
        return broken(error, end + 1, "".join(lines[end : start + reader.line_num]), delimiter)
    return start + 1, Odd("RS102"), ""


def _shape(header: Sequence[str], width: int, delimiter: str, rows: Sequence[_Line]) -> Shape:
    return Shape(header, width, delimiter, [row.cells for row in rows])


def _told(told: Sequence[str], delimiter: str, rows: Sequence[_Line], above: Sequence[str]) -> Header:
    columns = _columns([*told, *[""] * _nameless(len(told), rows)])
    text = StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerow(told)
    shape = _shape(told, len(columns), delimiter, rows)
    return Header(shape, columns, text.getvalue(), len(above), len(above))


def _names_first(cells: Sequence[str], columns: Sequence[str]) -> bool:
    """Whether a row is the header after all, in a file where none was to be: all names, perhaps one more."""
    return [cell.strip() for cell in cells[: len(columns)]] == [name.strip() for name in columns]


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


def _without_ends(header: list[str], rows: Sequence[_Line]) -> list[str]:
    """The header without the empty names at its end that no row has a cell for: it alone has them."""
    width = max((len(row.cells) for row in rows), default=0)
    return header[:width] if len(rows) > 1 and not any(map(str.strip, header[width:])) else header


def _nameless(width: int, rows: Sequence[_Line]) -> int:
    """How many cells every row has beyond the header, all of them empty: rows that end in delimiters.

    One row alone proves nothing: a delimiter in an unquoted cell looks the same when the last is empty.
    """
    widths = {len(row.cells) for row in rows}
    if len(rows) == 1 or len(widths) != 1 or any(any(row.cells[width:]) for row in rows):
        return 0
    return max(widths.pop() - width, 0)


def _header_at(rows: Sequence[_Line]) -> int:
    """Which row is the header: the first as wide as the rows below it, if all above are half as wide at most.

    The width of the rows is the one that most cells are in. What holds a number or a date is no header: then
    the first row is, whatever its width, so that no order is taken for one.
    """
    widths = Counter(len(row.cells) for row in rows)
    width = max(widths, key=lambda each: each * widths[each])
    at = next((index for index, row in enumerate(rows) if 2 * sum(map(bool, row.cells)) > width), 0)
    is_wide = len(rows[at].cells) == width and widths[width] > 1
    return at if is_wide and not any(map(_NUMBER_OR_DATE.fullmatch, rows[at].cells)) else 0


def _delimiter(lines: Sequence[str]) -> str:
    """The one that cuts the header, and the rows most consistently like it."""
    shares = {each: _share(_rows(each, lines)) for each in DELIMITERS}
    return max(DELIMITERS, key=lambda each: shares[each])


def _share(rows: Sequence[_Line]) -> tuple[float, int]:
    """(share of rows as wide as the header, that width), nothing when that is a single cell."""
    widths = [len(row.cells) for row in rows]
    width = widths[_header_at(rows)] if rows else 1
    return (widths.count(width) / len(widths), width) if width > 1 else (0, 0)


def _better(told: str, lines: Sequence[str]) -> str:
    """Why the delimiter told cannot be meant: it cuts nothing, and another cuts every row alike."""
    if _share(_rows(told, lines)) != (0, 0):
        return ""
    for each in DELIMITERS:
        share, width = _share(_rows(each, lines))
        if share == 1:
            return f"with {told!r} the header is one column; with {each!r} header and rows have {width}"
    return ""


def _rows(delimiter: str, lines: Sequence[str]) -> list[_Line]:
    """The first rows that hold anything; the last looked at may be cut, and does not count."""
    looked = lines[:ENOUGH]
    reader = csv.reader(looked, delimiter=delimiter)
    rows: list[_Line] = []
    end = 0
    with suppress(csv.Error):
        for cells in reader:
            rows.append(_Line(cells, end, reader.line_num))
            end = reader.line_num
    whole = rows[:-1] if len(lines) > len(looked) else rows
    return [row for row in whole if any(map(str.strip, row.cells))]
