"""What is doubtful about a header, when a map is bound to it."""

import re
from collections.abc import Iterator, Sequence

from richsync.fieldmaps.columns import Header, names_are
from richsync.model import Mistake, Problem, Row

_DATA = r"(?s)[^\w]*\d[\d\W]*|\d{4}-\d\d-\d\d.*|[^@\s]+@[^@\s]+\.\w+"
_FEWEST, _MANY = 2, 3
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


def strange(header: Header, mistakes: Sequence[Mistake]) -> Sequence[Mistake]:
    """One mistake in place of every RS303, where the header has none of the names that the map asks for."""
    absent = [each for each in mistakes if each.code == "RS303"]
    if not absent or len({each.message for each in absent}) < len(header.asked):
        return mistakes
    cells = [name for name in header.columns if re.fullmatch(_DATA, name)]
    if len(cells) >= _FEWEST:
        code, message = "RS210", f"the first line looks like an order, not like names: {_first_of(cells)}"
        help_text = "say the names under `export:`, `columns: [id, date, total]`, in the order of the file"
    elif len(header.asked) >= _MANY:
        names = [repr(name) for name in sorted(header.asked)]
        code, message = "RS303", f"the export has none of the map's columns: {_first_of(names)}"
        help_text = f"is the map of another export? {names_are(header.columns)}"
    else:
        return mistakes
    told = Mistake(code, absent[0].line, absent[0].column, message, help_text)
    return [told, *(each for each in mistakes if each.code != "RS303")]


def _first_of(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return f"{', '.join(names[:_SHOWN])}{f' and {more} more' if more > 0 else ''}"
