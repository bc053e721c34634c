"""What one cell holds of a list: JSON, pairs of a name and a value, or texts that fit a pattern.

Nothing in a cell is passed over: what is no member of the list is a problem (RS310), and so the order's.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from richsync.jsontext import JsonTextError, loads
from richsync.model import Problem
from richsync.patterns import Match, Pattern
from richsync.values import Bad, bad_characters, is_empty, may_hide, text

Members: TypeAlias = list[dict[str, Any]] | Problem
"""The members of a list, or why they cannot be told; the problem has no place yet."""

Reader: TypeAlias = Callable[[object], Members]
"""A cell, or a JSON value, to the members in it."""

Cut: TypeAlias = Callable[[str], list[str] | Bad]

_BETWEEN_ITEMS = " \t\r\n,;|+&"
_NO_WORD_ENDS = r"(?<![^\W\d])"
"""`id:` does not begin an item in `product_id:`; after a price without a separator it may."""

_SHOWN = 200


def objects(value: object) -> Members:
    """The objects of a JSON list; a single object counts as a list of one."""
    if is_empty(value):
        return []
    members: list[Any] = value if isinstance(value, list) else [value]
    for member in members:
        if not isinstance(member, dict):
            return Problem("RS310", note="something other than objects")
    return members


def json_objects(value: object) -> Members:
    """The objects of a list that is written as JSON in a text."""
    if not isinstance(value, str) or is_empty(value):
        return objects(value)
    try:
        found = loads(value)
    except JsonTextError as error:
        at = f", at character {error.column}" if error.column else ""
        return Problem("RS310", note=f"broken JSON ({error}{at})")
    bad = bad_characters(found) if may_hide(value) else ""
    return Problem("RS108", note=bad) if bad else objects(found)


class Form(NamedTuple):
    """How the text of a cell is read: the settings it takes, and the reader made of them.

    `make` gives also the names that every member has, none if they are found by looking; it raises
    ValueError when the settings do not suit.
    """

    settings: tuple[str, ...]
    make: Callable[[Mapping[str, str]], tuple[Reader, tuple[str, ...]]]


def _json(_said: Mapping[str, str]) -> tuple[Reader, tuple[str, ...]]:
    return json_objects, ()


def _pairs(said: Mapping[str, str]) -> tuple[Reader, tuple[str, ...]]:
    """`Name: Tea, Quantity: 2`, and where one such item ends and the next begins."""
    pair = _sign(said.get("pair", ": "))
    items, between = _items(said), _between(said.get("between", ", "), pair)
    sign = re.compile(pair)
    return lambda value: _each(value, items, lambda item: _pairs_of(item, between, sign)), ()


def _pattern(said: Mapping[str, str]) -> tuple[Reader, tuple[str, ...]]:
    """`2x Tea`, by a pattern whose named groups are the columns of an item."""
    pattern = Pattern(said.get("pattern", ""))
    if not pattern.names:
        raise ValueError("the pattern names no groups: `(?P<quantity>\\d+)x (?P<name>.+)`")
    if "split" not in said:
        return lambda value: _all_matches(value, pattern), pattern.names
    cut = _cut(said["split"])
    return lambda value: _each(value, cut, lambda item: _match(item, pattern)), pattern.names


FORMS: Mapping[str, Form] = {
    "json": Form((), _json),
    "pairs": Form(("split", "split_before", "between", "pair"), _pairs),
    "pattern": Form(("pattern", "split"), _pattern),
}


def _each(value: object, cut: Cut, read: Callable[[str], dict[str, Any] | Problem]) -> Members:
    """The items of a text, one by one; the first that cannot be read is told."""
    written = text(value)
    items = written if isinstance(written, Bad) else cut(written)
    if isinstance(items, Bad):
        return Problem(items.code, note=items.note)
    members = []
    for item in filter(None, (each.strip() for each in items)):
        member = read(item)
        if isinstance(member, Problem):
            return member
        members.append(member)
    return members


def _pairs_of(item: str, between: Cut, sign: re.Pattern[str]) -> dict[str, Any] | Problem:
    pieces = between(item)
    if isinstance(pieces, Bad):
        return Problem(pieces.code, note=pieces.note)
    member: dict[str, Any] = {}
    for piece in pieces:
        found = sign.search(piece)
        name = piece[: found.start()].strip() if found else ""
        if found is None or not name:
            return _unread(piece, "text that is no pair of a name and a value")
        if name in member:
            return _unread(item, "one name twice in one item")
        member[name] = piece[found.end() :].strip()
    return member


def _match(item: str, pattern: Pattern) -> dict[str, Any] | Problem:
    match pattern.whole(item):
        case Match(named=named):
            return dict(named)
        case Bad(code=code, note=note):
            return Problem(code, note=note)
        case _:
            return _unread(item, "text that the pattern does not fit")


def _all_matches(value: object, pattern: Pattern) -> Members:
    """Every place where the pattern fits; between them may be separators only."""
    members: list[dict[str, Any]] = []

    def taken(match: Match) -> str:
        if match.whole.strip():
            members.append(dict(match.named))
        return ""

    written = text(value)
    left = written if isinstance(written, Bad) else pattern.replace(written, taken)
    if isinstance(left, Bad):
        return Problem(left.code, note=left.note)
    left = left.strip(_BETWEEN_ITEMS)
    return _unread(left, "text that the pattern does not fit") if left else members


def _unread(what: str, note: str) -> Problem:
    return Problem("RS310", value=what[:_SHOWN], note=note)


def _items(said: Mapping[str, str]) -> Cut:
    """Where items are cut: at a separator, or before the text that each begins with."""
    if "split" in said and "split_before" in said:
        raise ValueError("split: and split_before: are two ways to say one thing: keep one")
    if "split" in said:
        return _cut(said["split"])
    if "split_before" in said:
        begins = re.compile(rf"{_NO_WORD_ENDS}(?={re.escape(said['split_before'])})")
        return lambda written: [each.strip(_BETWEEN_ITEMS) for each in begins.split(written)]
    return lambda written: [written]


def _cut(separator: str) -> Cut:
    """A separator is a text, or a pattern between slashes."""
    inside = _between_slashes(separator)
    return Pattern(inside).split if inside else lambda written: written.split(separator)


def _between(separator: str, pair: str) -> Cut:
    """Pairs are cut where a name and its sign follow: `Name: Mug, blue, Size: 1` are two."""
    if inside := _between_slashes(separator):
        return Pattern(inside).split
    mark = re.escape(separator)
    return re.compile(rf"{mark}(?=(?:(?!{mark}|{pair}).)+{pair})", re.DOTALL).split


def _sign(pair: str) -> str:
    """What stands between a name and its value; a space that ends it is gone where the value is empty."""
    bare = pair.rstrip()
    return re.escape(pair) if bare in ("", pair) else rf"{re.escape(bare)}(?:\s|\Z)"


def _between_slashes(separator: str) -> str:
    is_pattern = len(separator) > len("//") and separator[0] == separator[-1] == "/"
    return separator[1:-1] if is_pattern else ""
