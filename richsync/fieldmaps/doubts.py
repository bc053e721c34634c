"""What is doubtful about a header, when a map is bound to it."""

import re
from collections.abc import Iterator, Sequence

from richsync.fieldmaps.columns import Header
from richsync.model import Mistake, Problem, Row

_DATA = re.compile(r"[^\w]*\d[\d\W]*|\d{4}-\d\d-\d\d.*|[^@\s]+@[^@\s]+\.\w+", re.DOTALL)
_FEWEST = 2
_SHOWN = 3


def doubled(header: Header, rows: Sequence[Row]) -> Iterator[Problem]:
    """RS208: a name that stands twice, with other cells below, and the map does not say which is meant."""
    columns = list(header.columns)
    for name in columns:
        if name in header.asked and f"{name}#2" in columns and f"{name}#2" not in header.asked:
            first, second = columns.index(name), columns.index(f"{name}#2")
            other = next((row for row in rows if isinstance(row, list) and row[first] != row[second]), None)
            if other:
                yield Problem("RS208", name, note=f"{other[first]!r} and {other[second]!r}")


def headerless(header: Header, mistakes: Sequence[Mistake]) -> Sequence[Mistake]:
    """RS210 in place of every RS303, where no name is found and the header looks like an order."""
    absent = [each for each in mistakes if each.code == "RS303"]
    cells = [name for name in header.columns if _DATA.fullmatch(name)]
    if len(cells) < _FEWEST or not absent or len({each.message for each in absent}) < len(header.asked):
        return mistakes
    message = f"the first line looks like an order, not like names: {', '.join(cells[:_SHOWN])}"
    help_text = "say the names under `export:`, `columns: [id, date, total]`, in the order of the file"
    told = Mistake("RS210", absent[0].line, absent[0].column, message, help_text)
    return [told, *(each for each in mistakes if each.code != "RS303")]
