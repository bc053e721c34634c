"""What tells the orders of records apart, of those that cannot be read, too."""

import re
from collections.abc import Callable

from richsync.fieldmaps import Bound
from richsync.model import Odd, Row


def key_of(bound: Bound) -> Callable[[Row | Odd], str]:
    """What tells the orders of rows apart, also of those with too many cells or too few."""
    return lambda row: key_of_odd(row, "", "", bound) if isinstance(row, Odd) else bound.key(row)


def key_of_odd(odd: Odd, above: str, raw: str, bound: Bound) -> str:
    """The order that a broken record belongs to, so that no order is sent without one of its lines.

    `above` is the key of the order of the record before it.
    """
    if odd.cells and bound.columns:
        width = max(bound.columns) + 1
        return bound.key([*odd.cells, *[""] * (width - len(odd.cells))])
    return above if bound.grouped and (bound.fill_down or names(raw, above)) else ""


def names(raw: str, key: str) -> bool:
    """Whether every part of a key stands in a record that could not be read."""
    parts = filter(None, key.split("\x1f"))
    return bool(key) and all(re.search(rf"(?<!\w){re.escape(part)}(?!\w)", raw) for part in parts)
