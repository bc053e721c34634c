"""Where a row with too many cells shifts: at the value that is cut, told by what other rows have there."""

import re
from collections.abc import Iterable, Sequence

_LOOKS = (
    re.compile(r"\d+|\d{1,3}(?:,\d{3})+"),
    re.compile(r"[^\d\s,;|]{0,3}(?:\d+|\d{1,3}(?:[,.']\d{3})+)(?:[.,]\d{1,2})?[^\d,;|]{0,3}"),
    re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?!\d)[^,;|\t]*"),
    re.compile(r"[^\s,;|@]+@[^\s,;|@]+"),
)
"""Whole numbers, amounts, dates and addresses, the strictest first: what can be told from other values."""


class Shifts:
    """Knows what the columns of a file look like, by some of its rows that have the right width."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self._looks = [_look([cell for cell in cells if cell]) for cells in zip(*rows, strict=True)]

    def shifted(self, row: Sequence[str], delimiter: str) -> int | None:
        """The column whose value stands in several cells of a row; None when more than one may be it."""
        looks = self._looks
        if not any(looks):
            return None
        end = len(row) - len(looks) + 1
        first = len(looks) - 1 - _run(zip(reversed(looks), reversed(row), strict=False))
        last = _run(zip(looks, row, strict=False))
        places = [
            at
            for at in range(max(first, 0), min(last, len(looks) - 1) + 1)
            if _fits(looks[at], delimiter.join(row[at : at + end]))
        ]
        spaced = [at for at in places if all(cell[:1] == " " for cell in row[at + 1 : at + end])]
        looking = [at for at in places if looks[at]]
        return next((each[0] for each in (places, spaced, looking) if len(each) == 1), None)


def _look(cells: Sequence[str]) -> re.Pattern[str] | None:
    return next((look for look in _LOOKS if cells and all(map(look.fullmatch, cells))), None)


def _run(cells: Iterable[tuple[re.Pattern[str] | None, str]]) -> int:
    """How many of the cells look as they should before one does not."""
    count = 0
    for look, cell in cells:
        if not _fits(look, cell):
            break
        count += 1
    return count


def _fits(look: re.Pattern[str] | None, cell: str) -> bool:
    return look is None or not cell or look.fullmatch(cell) is not None
