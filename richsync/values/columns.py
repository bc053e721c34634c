"""Cells of a column read at once, at the speed of C, as far as they are as plain as can be.

What comes out is what the readers of single cells would give, of the first cells that are plain: of all of
them, mostly, or of none.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TypeAlias, TypeVar

from richsync.schema import Kind
from richsync.values.numbers import PLAIN_STYLE, NumberStyle

AtOnce: TypeAlias = Callable[[Sequence[str]], Sequence[object]]

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")

_LONG = 32
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WHOLE = re.compile(r"(?:[0-9]{1,15}+\n)++")
_DECIMAL = re.compile(r"(?:[+-]?[0-9]{1,10}+\.[0-9]{1,4}+\n)++")
_ISO = re.compile(r"(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)\n)++", re.ASCII)
_EMAIL = re.compile(r"(?:[\w.+-]++@(?:[\w-]++\.)++[a-zA-Z]{2,}+\n)++", re.ASCII)


def at_once(numbers: Sequence[NumberStyle], dates: Sequence[str]) -> Mapping[Kind, AtOnce]:
    """The kinds of which plain columns can be read at once, in an export that writes them so."""
    plain: dict[Kind, AtOnce] = {Kind.KEY: _keys, Kind.IDENTIFIER: _identifiers, Kind.UID: _uids}
    if tuple(numbers) == (PLAIN_STYLE,):
        plain |= {Kind.NUMBER: _numbers, Kind.QUANTITY: _quantities}
    return plain | {Kind.MOMENT: _moments} if tuple(dates) == ("iso",) else plain


def in_stretches(
    values: Sequence[_Given],
    made: Sequence[_Made],
    at_once: Callable[[Sequence[_Given]], Sequence[_Made]],
    each: Callable[[Sequence[_Given]], Iterable[_Made]],
) -> Sequence[_Made]:
    """Go on after what was `made` of the first values: one by one, then at once as far as that goes.

    After a short stretch it is more than one, and more every time: it is not worth while to try at each.
    """
    every = list(made)
    several = _LONG
    while len(every) < len(values):
        odd = 1 if len(made) >= _LONG else several
        several *= 1 if odd == 1 else 2
        every += each(values[len(every) : len(every) + odd])
        made = at_once(values[len(every) :])
        every += made
    return every


def _plain(form: re.Pattern[str], cells: Sequence[str]) -> int:
    """How many of the first cells have the form, which ends with a line break."""
    joined = "\n".join(cells) + "\n"
    found = form.match(joined)
    if found is None or joined.count("\n") != len(cells):
        return 0
    return joined.count("\n", 0, found.end())


def plain_emails(cells: Sequence[str]) -> int:
    """How many of the first cells are e-mail addresses of the commonest form."""
    return _plain(_EMAIL, cells)


def _numbers(cells: Sequence[str]) -> Sequence[object]:
    if count := _plain(_DECIMAL, cells):
        return list(map(float, cells[:count]))
    return list(map(int, cells[: _plain(_WHOLE, cells)]))


def _quantities(cells: Sequence[str]) -> Sequence[object]:
    found = list(map(int, cells[: _plain(_WHOLE, cells)]))
    return found[: found.index(0)] if 0 in found else found


def _moments(cells: Sequence[str]) -> Sequence[object]:
    moments: list[datetime] = []
    with suppress(ValueError):  # at a day that does not exist: those before it are there
        moments += map(datetime.fromisoformat, cells[: _plain(_ISO, cells)])
    since = [moment - _EPOCH for moment in moments]
    return [each.days * 86_400_000 + each.seconds * 1000 for each in since]


def _keys(cells: Sequence[str]) -> Sequence[object]:
    filled = cells[: cells.index("")] if "" in cells else cells
    # A word without a digit may be one for nothing.
    is_plain = "".join(filled).isalnum() and not any(map(str.isalpha, filled))
    return filled if is_plain else ()


def _uids(cells: Sequence[str]) -> Sequence[object]:
    found = [cell.strip().lower() for cell in cells if "@" in cell]
    return found if len(found) == len(cells) else ()


def _identifiers(cells: Sequence[str]) -> Sequence[object]:
    written = "".join(cells)
    return () if "" in cells or "+" in written or "#" in written else cells
