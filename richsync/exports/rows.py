"""The rows of a CSV export: cells, the line they start on, their raw text; and what is odd about some."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from richsync.exports.lines import LONGEST
from richsync.exports.places import opening
from richsync.model import Odd, Record, Row

csv.field_size_limit(LONGEST)

_STRAY = "expected after"
_MARK = "\ufeff"


class Rows:
    """Cuts lines into records, and judges each by the header.

    `header` is the header's cells as they stand, `width` the number of columns.
    """

    def __init__(self, header: Sequence[str], width: int, delimiter: str) -> None:
        self.open: Record | None = None
        self._header = list(header)
        self._width = width
        self._delimiter = delimiter
        # A row of the right width is looked at closely only when its first cell is suspicious, or its only.
        self._plain_width = width if width > 1 else -1
        self._firsts = (header[0], _MARK + header[0], f'{_MARK}"{header[0]}"')
        self._suspicious = frozenset(("", *self._firsts))

    def batches(self, lists: Iterable[list[str]], line: int) -> Iterator[list[Record]]:
        """The records of each list of lines, of which the first is number `line`.

        A record may go on in the next list; one whose quote is never closed ends the reading, and is `open`.
        """
        held: list[str] = []
        unread = opened = 0
        for lines in lists:
            held += lines
            unread += _size(lines)
            if unread < opened <= LONGEST - unread:
                continue  # an open cell is read again when it has doubled, not with every list
            batch, taken = self._batch(held, line)
            del held[:taken]
            line += taken
            opened, unread = _size(held), 0
            yield batch
            if opened > LONGEST:
                break
        batch, taken = self._batch(held, line)
        yield batch
        if held[taken:]:
            self.open = unclosed(line + taken, "".join(held[taken:]), self._delimiter)

    def _batch(self, lines: list[str], line: int) -> tuple[list[Record], int]:
        """The records that end within the lines, and how many of the lines they take."""
        batch: list[Record] = []
        add, plain_width, suspicious = batch.append, self._plain_width, self._suspicious
        reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
        start = 0
        while start < len(lines):
            try:
                for row in reader:
                    end = reader.line_num
                    raw = lines[start] if end == start + 1 else "".join(lines[start:end])
                    good = len(row) == plain_width and row[0] not in suspicious
                    add((line + start, row if good else self._judged(row, raw), raw))
                    start = end
            except csv.Error as error:
                if _STRAY not in str(error):
                    break
                add((line + start, Odd("RS205"), "".join(lines[start : reader.line_num])))
                start = reader.line_num
        return batch, start

    def _judged(self, row: list[str], raw: str) -> Row | Odd:
        if not any(row) or not raw.strip():
            return Odd("RS207", "only empty cells" if len(row) > 1 else "")
        if row[0] in self._firsts and row[1:] == self._header[1:]:
            return Odd("RS211")
        if len(row) == self._width:
            return row
        code = "RS202" if len(row) > self._width else "RS203"
        return Odd(code, f"{len(row)} cells, the header has {self._width}", tuple(row))


def broken(error: csv.Error, line: int, raw: str, delimiter: str) -> Record:
    """The fault of a record that the CSV reader gave up."""
    return (line, Odd("RS205"), raw) if _STRAY in str(error) else unclosed(line, raw, delimiter)


def unclosed(line: int, raw: str, delimiter: str) -> Record:
    """The fault of a record whose quote stays open, at the line where it opened."""
    offset, column = opening(raw, delimiter)
    at = line + offset
    note = (
        f"the quote opened on line {at}, column {column} is never closed: lines {at} to the end were not read"
    )
    return at, Odd("RS204", note), raw


def _size(lines: Iterable[str]) -> int:
    return sum(map(len, lines))
