"""Which record stands on a line, without holding every line of a large export."""

from array import array
from bisect import bisect_right

from richsync.model import Record

_MOST = 100_000


class Numbering:
    """Counts records, and notes only where a record's number and its line grow apart.

    After very many of those places it gives up, and so it does for records that share a line.
    """

    def __init__(self) -> None:
        self.count = 0
        self._lines = array("q")
        self._records = array("q")  # less than 0 where several records share the line
        self._distance: int | None = None

    def take(self, batch: list[Record]) -> None:
        """The next records of the export."""
        if not batch:
            return
        first, last = batch[0][0], batch[-1][0]
        if last - first == len(batch) - 1:
            self._note(first, self.count + 1)
        else:
            for number, (line, _, _) in enumerate(batch, self.count + 1):
                self._note(line, number)
        self.count += len(batch)

    def _note(self, line: int, record: int) -> None:
        if line - record == self._distance or len(self._lines) == _MOST:
            return
        if self._lines and self._lines[-1] == line:
            self._records[-1] = -abs(self._records[-1])
            self._distance = None
            return
        self._distance = line - record
        self._lines.append(line)
        self._records.append(record)

    def at(self, line: int) -> int | None:
        """The number, from 1, of the record that a line belongs to; None when it is not known."""
        place = bisect_right(self._lines, line) - 1
        is_last = place + 1 == len(self._lines)
        if place < 0 or self._records[place] < 0 or (is_last and place + 1 == _MOST):
            return None
        before_next = self.count if is_last else abs(self._records[place + 1]) - 1
        return min(self._records[place] + line - self._lines[place], before_next)
