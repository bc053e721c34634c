"""A column of cells read at once, at the speed of C, where every cell of it is as plain as can be.

What comes out is what the readers of single cells would give; None when they are needed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias, TypeVar

from richsync.schema import Kind
from richsync.values.numbers import PLAIN_STYLE, NumberStyle

AtOnce: TypeAlias = Callable[[Sequence[str]], Sequence[object] | None]

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")

_PIECE = 32
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WHOLE = re.compile(r"(?:[0-9]{1,15}+\n)++")
_DECIMAL = re.compile(r"(?:[+-]?[0-9]{1,10}+\.[0-9]{1,4}+\n)++")
_ISO = re.compile(r"(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)\n)++", re.ASCII)


def at_once(numbers: Sequence[NumberStyle], dates: Sequence[str]) -> Mapping[Kind, AtOnce]:
    """The kinds of which plain columns can be read at once, in an export that writes them so."""
    plain: dict[Kind, AtOnce] = {Kind.KEY: _keys, Kind.IDENTIFIER: _identifiers, Kind.UID: _uids}
    if tuple(numbers) == (PLAIN_STYLE,):
        plain |= {Kind.NUMBER: _numbers, Kind.QUANTITY: _quantities}
    return plain | {Kind.MOMENT: _moments} if tuple(dates) == ("iso",) else plain


def in_pieces(
    values: Sequence[_Given],
    at_once: Callable[[Sequence[_Given]], Sequence[_Made] | None],
    one: Callable[[_Given], _Made],
) -> Sequence[_Made]:
    """What is made of all values at once; where that cannot be, in pieces: one odd value costs little."""
    made = at_once(values)
    if made is not None:
        return made
    if len(values) <= _PIECE:
        return [one(value) for value in values]
    pieces = (values[start : start + _PIECE] for start in range(0, len(values), _PIECE))
    return [each for piece in pieces for each in in_pieces(piece, at_once, one)]


def _are(form: re.Pattern[str], cells: Sequence[str]) -> bool:
    """Whether every cell has the form, which ends with a line break."""
    joined = "\n".join(cells) + "\n"
    return form.fullmatch(joined) is not None and joined.count("\n") == len(cells)


def _numbers(cells: Sequence[str]) -> Sequence[object] | None:
    if _are(_DECIMAL, cells):
        return list(map(float, cells))
    return list(map(int, cells)) if _are(_WHOLE, cells) else None


def _quantities(cells: Sequence[str]) -> Sequence[object] | None:
    found = list(map(int, cells)) if _are(_WHOLE, cells) else [0]
    return None if 0 in found else found


def _moments(cells: Sequence[str]) -> Sequence[object] | None:
    if not _are(_ISO, cells):
        return None
    try:
        since = [moment - _EPOCH for moment in map(datetime.fromisoformat, cells)]
    except ValueError:
        return None
    return [each.days * 86_400_000 + each.seconds * 1000 for each in since]


def _keys(cells: Sequence[str]) -> Sequence[object] | None:
    is_plain = "" not in cells and "".join(cells).isalnum() and not any(map(str.isalpha, cells))
    return cells if is_plain else None


def _uids(cells: Sequence[str]) -> Sequence[object] | None:
    found = [cell.strip().lower() for cell in cells if "@" in cell]
    return found if len(found) == len(cells) else None


def _identifiers(cells: Sequence[str]) -> Sequence[object] | None:
    written = "".join(cells)
    return None if "" in cells or "+" in written or "#" in written else cells
