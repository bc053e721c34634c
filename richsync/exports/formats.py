"""The formats an export may have, and which one it has."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple, TypeAlias

from richsync.errors import UnusableError
from richsync.exports.headers import EMPTY, ENOUGH, Header, find_header
from richsync.exports.lines import LONGEST, LOOKED_AT, Lines, split
from richsync.exports.rows import Rows
from richsync.model import Odd, ReadAs, Record

_JSON = re.compile(r"\{|\[\s*(?:[\[{\]]|\Z)")
"""How JSON begins; a CSV header may begin with a bracket as well, `[id],[name]`."""


class Reading(NamedTuple):
    """What an export was found to be, and its records still to be read, a list for each block.

    `lines_kept` says whether the raw text of a record is its lines as they stand.
    """

    format: str
    batches: Iterator[list[Record]]
    delimiter: str = ""
    columns: tuple[str, ...] = ()
    header: str = ""
    newline: str = "\n"
    preamble: int = 0
    lines_kept: bool = True


_Read: TypeAlias = Callable[[Lines, ReadAs], Reading]


def begin(lines: Lines, read_as: ReadAs) -> Reading:
    """Look at the first characters, decide what they are, and read on from there."""
    opening = lines.opening(LOOKED_AT)
    found = read_as.format or ("json" if _JSON.match(opening) else "csv")
    return FORMATS[found](lines, read_as)


def check(read_as: ReadAs) -> None:
    """See that the export can be read as told.

    Raises:
        UnusableError: there is no such format, or it is no delimiter.
    """
    if read_as.format not in (None, *FORMATS):
        raise UnusableError(f"there is no format {read_as.format!r}", f"use one of: {', '.join(FORMATS)}")
    told = read_as.delimiter
    if told is not None and (len(told) != 1 or told in '"\r\n'):
        raise UnusableError(f"{told!r} cannot be a delimiter", "name one character, or leave it to be found")


def _top(lines: Lines) -> list[str]:
    """Enough lines to judge by, and all the blank ones above them, within the longest line's length."""
    top: list[str] = []
    size, found = 0, False
    for some in lines:
        top += some
        size += sum(map(len, some))
        found = found or _any_value(some)
        if (found and len(top) > ENOUGH) or size > LONGEST:
            break
    return top


def _any_value(lines: Iterable[str]) -> bool:
    return any(line.strip(EMPTY) for line in lines)


def _nothing(lines: Lines, top: list[str]) -> Reading:
    if sum(map(len, top)) > LONGEST:
        return _whole("csv", (1, Odd("RS106", "the file begins with millions of blank lines"), ""))
    return _whole("csv", lines.fault or (1, Odd("RS102"), ""))


def _whole(found: str, fault: Record) -> Reading:
    return Reading(found, iter([[fault]]))


def _csv(lines: Lines, told: ReadAs) -> Reading:
    top = _top(lines)
    if not _any_value(top):
        return _nothing(lines, top)
    header = find_header(top, told)
    if not isinstance(header, Header):
        return _whole("csv", header)
    rows = Rows(header.shape)
    batches = rows.batches(chain([top[header.lines :]], lines), header.lines + 1)
    return Reading(
        "csv",
        _rows_to_end(rows, batches, lines),
        header.shape.delimiter,
        header.columns,
        header.text,
        _newline(header.text),
        header.preamble,
    )


def _rows_to_end(rows: Rows, batches: Iterator[list[Record]], lines: Lines) -> Iterator[list[Record]]:
    """The batches, then what kept the reader from going on: a fault of the file explains an open quote."""
    any_row = False
    for batch in batches:
        any_row = any_row or not _all_blank(batch)
        yield batch
    fault = lines.fault or rows.fault
    if fault is not None:
        yield [fault]
    elif not any_row:
        yield [(lines.number + 1, Odd("RS103"), "")]


def _json(lines: Lines, told: ReadAs) -> Reading:
    from richsync.exports.objects import is_one_a_line, object_batches

    opening = lines.opening(LOOKED_AT)
    if is_one_a_line(opening, told.path):
        newline = _newline(next(iter(split(opening)), ""))
        return Reading("jsonl", _objects_to_end(object_batches(lines), lines), newline=newline)
    return Reading("json", _objects_to_end(_found_batches(lines, told.path), lines), lines_kept=False)


def _found_batches(lines: Lines, path: Sequence[str]) -> Iterator[list[Record]]:
    from richsync.exports.objects import found_objects
    from richsync.exports.windows import LostError, Window

    window = Window(lines.pieces())
    try:
        for record in found_objects(window, path):
            yield [record]
    except LostError as lost:
        if lines.fault is None:
            yield [(window.line, lost.odd, "")]


def _objects_to_end(batches: Iterator[list[Record]], lines: Lines) -> Iterator[list[Record]]:
    any_object = False
    for batch in batches:
        any_object = any_object or not all(
            isinstance(row, Odd) and row.code == "RS207" for _, row, _ in batch
        )
        yield batch
    if lines.fault is not None:
        yield [lines.fault]
    elif not any_object:
        yield [(1, Odd("RS102"), "")]


def _all_blank(batch: list[Record]) -> bool:
    return all(isinstance(row, Odd) and row.code == "RS207" for _, row, _ in batch)


def _newline(text: str) -> str:
    end = text[len(text.rstrip("\r\n")) :]
    return "\r\n" if end.startswith("\r\n") else end[:1] or "\n"


FORMATS: Mapping[str, _Read] = {"csv": _csv, "json": _json, "jsonl": _json}
