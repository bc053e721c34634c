"""What stands below the orders of a report: words about them, and their sums."""

import re
from collections.abc import Sequence

_WORD = re.compile(r"[^\W\d_]{2,}")
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"[^\w,;|]{0,3}\d[\d.,' ]*\D{0,4}")
_SUMS = (
    *("total", "totals", "grand total", "grand totals", "sub total", "subtotal", "sum"),
    *("summe", "gesamt", "gesamtsumme", "zwischensumme", "somme", "total général", "totale", "totaal"),
    *("suma", "soma", "total general", "total geral", "合計", "総計"),
)
_WRITTEN = frozenset(
    f"{form(word)}{end}"
    for word in _SUMS
    for form in (str.lower, str.capitalize, str.title, str.upper)
    for end in ("", ":")
)


class Summaries:
    """Knows by some rows of a file what in it can be no order, not even one that was cut.

    `suspicious` are first cells that a row is to be looked at for; `any_prose` asks for those with a space.
    """

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        firsts = [row[0] for row in rows if any(row[1:]) and not _names_sum(row[0])]
        self.any_prose = bool(firsts) and not any(map(is_prose, firsts))
        named = list(filter(None, firsts))
        self._any_sum = self.any_prose and bool(named) and all(map(_DIGIT.search, named))
        self.suspicious = _WRITTEN if self._any_sum else frozenset[str]()

    def holds(self, row: Sequence[str], width: int) -> bool:
        """Whether a row is no order: nothing but words, or a sum of few numbers."""
        first, *others = row
        filled = [cell for cell in others if cell]
        if not filled and self.any_prose and is_prose(first):
            return True
        is_sum = self._any_sum and len(row) == width and 0 < 2 * len(filled) <= len(others)
        return is_sum and _names_sum(first) and all(map(_NUMBER.fullmatch, filled))


def is_prose(cell: str) -> bool:
    """Whether it is words, like `3 record(s) downloaded`, and no id, number or name of an order."""
    return " " in cell and len(_WORD.findall(cell)) > 1


def _names_sum(cell: str) -> bool:
    return cell.strip(" :").lower() in _SUMS
