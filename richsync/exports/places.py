"""Where the cells of a CSV record stand in its raw text."""

import re
from collections.abc import Iterator
from itertools import islice, pairwise

from richsync.exports.lines import LONGEST

# Possessive: an unclosed quote must not match up to a doubled one inside it.
_QUOTED = re.compile(r'"[^"]*+(?:""[^"]*+)*+"')
_LINE_END = re.compile(r"\r\n?|\n")


def locate(raw: str, cell: int, delimiter: str) -> tuple[int, int]:
    """Where a cell, counted from 0, starts: line offset from the record's first, column from 1.

    A cell the record does not have is looked for at its last; without a delimiter (JSONL) at its start.
    """
    return place_of(raw, max(islice(_starts(raw, delimiter), cell + 1), default=0))


def spans(raw: str, delimiter: str) -> list[tuple[int, int]]:
    """Where each cell of a record begins and ends in its raw text, quotes and all."""
    starts = [*_starts(raw, delimiter), len(raw.rstrip("\r\n")) + len(delimiter)]
    return [(start, end - len(delimiter)) for start, end in pairwise(starts)]


def filled(raw: str, delimiter: str) -> list[bool]:
    """Which cells of a record hold anything."""
    return [bool(raw[start:end].strip(' "')) for start, end in spans(raw, delimiter)]


def opening(raw: str, delimiter: str) -> tuple[int, int]:
    """Where the quote opened that is not closed, or not within the longest cell; like `locate`."""
    starts = [*_starts(raw, delimiter), len(raw) + LONGEST + 1]
    return place_of(raw, next(start for start, end in pairwise(starts) if end - start > LONGEST))


def stray(raw: str, delimiter: str) -> int:
    """Where the cell begins that goes on after its closing quote."""
    for start in _starts(raw, delimiter):
        quoted = _QUOTED.match(raw, start)
        if quoted and raw[quoted.end() : quoted.end() + 1] not in (delimiter, "\r", "\n", ""):
            return start
    return 0


def start_of(raw: str, cell: int, delimiter: str) -> int:
    """Where a cell, counted from 0, begins."""
    return next(islice(_starts(raw, delimiter), cell, None), 0)


def _starts(raw: str, delimiter: str) -> Iterator[int]:
    """Where each cell starts; a quoted cell that is not closed is the last."""
    start = end = 0
    while delimiter and end >= 0:
        yield start
        quoted = _QUOTED.match(raw, start)
        if quoted is None and raw.startswith('"', start):
            return
        end = raw.find(delimiter, quoted.end() if quoted else start)
        start = end + 1


def place_of(raw: str, position: int) -> tuple[int, int]:
    """A position in a record's raw text, from 0, as line offset from its first and column from 1."""
    ends = [match.end() for match in _LINE_END.finditer(raw, 0, position)]
    return len(ends), position - (ends[-1] if ends else 0) + 1
