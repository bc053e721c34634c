"""The rows of a CSV export: cells, the line they start on, their raw text; and what is odd about some."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, count
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from richsync.exports.lines import LONGEST, split
from richsync.exports.places import opening, start_of, stray
from richsync.exports.summaries import Summaries
from richsync.model import Odd, Record, Row
from richsync.shown import counted, cut

if TYPE_CHECKING:
    from richsync.exports.shifts import Shifts

csv.field_size_limit(LONGEST)

_STRAY = "expected after"
_MARK = "\ufeff"
_CASES = (str, str.lower, str.upper, str.title, str.capitalize)
_first_cell = itemgetter(0)


class Shape(NamedTuple):
    """What rows are judged by: the header's cells as they stand, the number of columns, the delimiter.

    `known` are some of the rows, to tell by them what is odd about others.
    """

    header: Sequence[str]
    width: int
    delimiter: str
    known: Sequence[Sequence[str]] = ()


class Rows:
    """Cuts lines into records, and judges each by the header.

    When all is read, `fault` is what kept the rest from being read, if anything did: a quote that is never
    closed, or a header of other columns.
    """

    def __init__(self, shape: Shape) -> None:
        self.fault: Record | None = None
        self._names = _names(shape.header)
        self._folded = list(map(str.casefold, self._names))
        self._width = shape.width
        self._delimiter = shape.delimiter
        self._summaries = Summaries(shape.known if shape.width > 1 else ())
        self._known = shape.known
        # A row of the right width is looked at closely only when its first cell is suspicious, or its only.
        self._plain_width = shape.width if shape.width > 1 else -1
        named = filter(None, (*shape.header, *self._names))
        written = {shape.header[0], *(form(name) for name in named for form in _CASES)}
        marked = (f"{_MARK}{mark}{name}{mark}" for name in written for mark in ("", '"'))
        self._headings = frozenset((*written, *marked))
        self._suspicious = self._headings | self._summaries.suspicious | {""}

    def batches(self, lists: Iterable[list[str]], line: int) -> Iterator[list[Record]]:
        """The records of each list of lines, of which the first is number `line`."""
        for batch in self._cut(lists, line):
            if self.fault is not None:
                end, _, _ = self.fault
                yield [record for record in batch if record[0] < end]
                return
            yield batch

    def _cut(self, lists: Iterable[list[str]], line: int) -> Iterator[list[Record]]:
        """A record may go on in the next list; one whose quote is never closed ends the reading."""
        held: list[str] = []
        below: list[bytes] = []  # what stands below an open quote, small while it waits
        unread = opened = 0
        closing = False
        for lines in lists:
            unread += _size(lines)
            closing = closing or not opened or any('"' in each for each in lines)
            if opened:
                below.append("".join(lines).encode(errors="surrogatepass"))
            else:
                held += lines
            if opened and opened + unread <= LONGEST and not (closing and unread >= opened):
                continue  # an open cell is read again when it may be closed and has doubled
            if not closing:
                break
            held += _taken(below)
            batch, taken = self._batch(held, line)
            del held[:taken]
            line += taken
            opened, unread, closing = _size(held), 0, False
            yield batch
            if opened > LONGEST:
                break
        if closing:
            held += _taken(below)
            batch, taken = self._batch(held, line)
            del held[:taken]
            line += taken
            yield batch
        if held:
            self.fault = unclosed(line, "".join(held), self._delimiter)

    def _batch(self, lines: list[str], line: int) -> tuple[list[Record], int]:
        """The records that end within the lines, and how many of the lines they take."""
        try:
            rows = list(csv.reader(lines, delimiter=self._delimiter, strict=True))
        except csv.Error:
            return self._one_by_one(lines, line)
        if len(rows) != len(lines):
            return self._one_by_one(lines, line)
        batch: list[Record] = list(zip(count(line), rows, lines))
        for at in self._suspects(rows):
            batch[at] = (line + at, self._judged(line + at, rows[at], lines[at]), lines[at])
        return batch, len(lines)

    def _suspects(self, rows: list[list[str]]) -> Iterable[int]:
        """Which rows are to be looked at closely, mostly none: the others are passed at the speed of C."""
        if set(map(len, rows)) != {self._plain_width}:
            return range(len(rows))
        firsts = list(map(_first_cell, rows))
        suspects = [] if self._suspicious.isdisjoint(firsts) else self._suspicious
        if self._summaries.any_prose and " " in "".join(firsts):
            return [at for at, first in enumerate(firsts) if first in suspects or " " in first]
        return [at for at, first in enumerate(firsts) if first in suspects] if suspects else ()

    def _one_by_one(self, lines: list[str], line: int) -> tuple[list[Record], int]:
        """The same where records are not lines: cells with line breaks, broken records, an open one."""
        batch: list[Record] = []
        source = iter(lines)
        start = 0
        while start < len(lines):
            reader, begun = csv.reader(source, delimiter=self._delimiter, strict=True), start
            try:
                for row in reader:
                    end = begun + reader.line_num
                    raw = lines[start] if end == start + 1 else "".join(lines[start:end])
                    batch.append((line + start, self._judged(line + start, row, raw), raw))
                    start = end
            except csv.Error as error:
                end = begun + reader.line_num
                read = self._mended(lines[start:end], source) if _STRAY in str(error) else None
                if read is None:
                    break
                mended, taken = read
                raw = "".join(lines[start : start + taken])
                judged = self._judged(line + start, mended, raw) if mended else self._stray(raw)
                batch.append((line + start, judged, raw))
                start += taken
        return batch, start

    def _mended(self, begun: list[str], rest: Iterator[str]) -> tuple[list[str], int] | None:
        """A record read without the spaces after its closing quotes, and its lines; None when it is open.

        It has no cells when that is not all that is wrong with it.
        """
        without = split(re.sub(_padded_cell(self._delimiter), r"\1\2", "".join(begun)))
        if without == begun:
            return [], len(begun)
        taken: list[str] = []
        reader = csv.reader(chain(without, _kept(rest, taken)), delimiter=self._delimiter, strict=True)
        try:
            return next(reader), len(begun) + len(taken)
        except csv.Error as error:
            if _STRAY not in str(error):
                return None
            return self._mended(begun + taken, rest) if taken else ([], len(begun))

    def _stray(self, raw: str) -> Odd:
        return Odd("RS205", at=stray(raw, self._delimiter))

    def _judged(self, line: int, row: list[str], raw: str) -> Row | Odd:
        first = row[0] if row else ""
        if len(row) == self._plain_width and first not in self._suspicious and " " not in first:
            return row
        if not any(row) or not raw.strip():
            return Odd("RS207", "only empty cells" if len(row) > 1 else "")
        if self._may_be_header(row) and (header := self._header(line, row, raw)):
            return header
        if self._summaries.holds(row, self._width):
            return Odd("RS212")
        return row if len(row) == self._width else self._ragged(row, raw)

    def _may_be_header(self, row: list[str]) -> bool:
        """A quick look: it begins with a name, or has another width, and a name anywhere."""
        if len(row) == self._width:
            return row[0] in self._headings
        return not self._headings.isdisjoint(map(str.strip, row))

    def _header(self, line: int, row: list[str], raw: str) -> Odd | None:
        """The header again, or one of other columns, below which nothing can be read."""
        names = _names(row)
        folded = list(map(str.casefold, names))
        if folded == self._folded:
            return Odd("RS211")
        if 1 < len(set(self._folded).intersection(folded)) > len(folded) / 2:
            other = Odd("RS213", _difference(self._names, names))
            self.fault = self.fault or (line, other, raw)
            return other
        return None

    @cached_property
    def _shifts(self) -> "Shifts":
        from richsync.exports.shifts import Shifts

        return Shifts([row for row in self._known if len(row) == self._width])

    def _ragged(self, row: list[str], raw: str) -> Odd:
        note, cells = f"{counted(len(row), 'cell')}, the header has {self._width}", tuple(row)
        if len(row) < self._width:
            return Odd("RS203", note, cells)
        at = self._shifts.shifted(row, self._delimiter)
        if at is None or at >= len(self._names):
            return Odd("RS202", note, cells, start_of(raw, self._width, self._delimiter))
        note += f": the value of {self._names[at]!r} stands in {len(row) - self._width + 1} of them"
        return Odd("RS202", note, cells, start_of(raw, at, self._delimiter))


def _names(header: Sequence[str]) -> list[str]:
    """What the cells of a header name, without the mark of another file and the empty cells at its end."""
    first, *others = header
    names = [first.removeprefix(_MARK).strip('"').strip(), *map(str.strip, others)]
    while names and not names[-1]:
        names.pop()
    return names


def _without(names: Sequence[str], others: Sequence[str]) -> str:
    """Those of some names that others do not have, in whatever case."""
    folded = set(map(str.casefold, others))
    return ", ".join(name for name in names if name.casefold() not in folded)


def _difference(known: Sequence[str], names: Sequence[str]) -> str:
    """What another header says otherwise."""
    lost, more = _without(known, names), _without(names, known)
    parts = [f"{word} {cut(which)}" for word, which in (("without", lost), ("with", more)) if which]
    return " and ".join(parts) or "with the columns in another order"


def broken(error: csv.Error, line: int, raw: str, delimiter: str) -> Record:
    """The fault of a record that the CSV reader gave up."""
    return (
        (line, Odd("RS205", at=stray(raw, delimiter)), raw)
        if _STRAY in str(error)
        else unclosed(line, raw, delimiter)
    )


def unclosed(line: int, raw: str, delimiter: str) -> Record:
    """The fault of a record whose quote stays open, at the line where it opened."""
    offset, column = opening(raw, delimiter)
    at = line + offset
    note = (
        f"the quote opened on line {at}, column {column} is never closed: lines {at} to the end were not read"
    )
    return at, Odd("RS204", note, at=column - 1, begins=raw.splitlines(keepends=True)[offset]), raw


def _size(lines: Iterable[str]) -> int:
    return sum(map(len, lines))


def _taken(below: list[bytes]) -> list[str]:
    lines = split(b"".join(below).decode(errors="surrogatepass"))
    below.clear()
    return lines


def _kept(lines: Iterator[str], taken: list[str]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        yield line


def _padded_cell(delimiter: str) -> str:
    """Every cell of a record in turn; the first group is a quoted one, without the spaces that follow it."""
    mark = re.escape(delimiter)
    padding = "" if delimiter == " " else " *+"
    return rf'("[^"]*+(?:""[^"]*+)*+"){padding}(?=[{mark}\r\n]|\Z)|([^{mark}]++|{mark})'
