"""Verbs of lists and of JSON in a cell."""

import re

from richsync.jsontext import JsonTextError, loads
from richsync.values import Bad, is_empty, text
from richsync.verbs.verb import Arguments, Context, Example, Step, Verb

_POSITION = re.compile(r"-?[1-9]\d{0,3}", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d")


def _item(arguments: Arguments, _context: Context) -> Step:
    word = arguments.words[0]
    if _POSITION.fullmatch(word):
        return _at(int(word))
    if not word.strip() or _NUMBER.match(word.strip()):
        raise ValueError("items are counted from 1, or from -1 at the end")
    return lambda value, _row: _member(value, word)


def _member(value: object, name: str) -> object:
    """A member by its name, or that of each object in a list."""
    if isinstance(value, list):
        found = [_member(each, name) for each in value]
        return next((each for each in found if isinstance(each, Bad)), found)
    if isinstance(value, dict):
        return value.get(name, "")
    return "" if is_empty(value) else Bad("RS310", f"a text, which has no member {name!r}")


def _at(position: int) -> Step:
    index = position - 1 if position > 0 else position

    def run(value: object, _row: object) -> object:
        members = value if isinstance(value, list) else [value]
        return members[index] if -len(members) <= index < len(members) else ""

    return run


def _join(arguments: Arguments, _context: Context) -> Step:
    def run(value: object, _row: object) -> object:
        if not isinstance(value, list):
            return value
        found = [text(member) for member in value if not is_empty(member)]
        return next((one for one in found if isinstance(one, Bad)), arguments.words[0].join(map(str, found)))

    return run


def _json(_arguments: Arguments, _context: Context) -> Step:
    def run(value: object, _row: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return loads(value)
        except JsonTextError:
            return Bad("RS310", "text that is not JSON")

    return run


LISTS = (
    Verb(
        "item",
        "one of a list, counted from 1, or from -1 at the end; or a member by name, in a list that of each",
        _item,
        Example(["A", "B"], "B", ("-1",)),
        1,
        1,
    ),
    Verb("join", "a list to one text", _join, Example(["A", "B"], "A, B", (", ",)), 1, 1),
    Verb("json", "read JSON that stands in a cell", _json, Example('["A", "B"]', ["A", "B"])),
)
