"""Where the members of a JSON record stand in its raw text."""

import re
from collections.abc import Iterator

from richsync.exports.windows import STRING, nested, scalar
from richsync.jsontext import JsonTextError, loads

_STEP = re.compile(r"[^.\[\]]+|\[\]")
_NEXT = re.compile(r"[\s,]*+")
_KEY = re.compile(rf"[\s,]*+({STRING})\s*:\s*", re.DOTALL)


def member(raw: str, path: str) -> tuple[int, int] | None:
    """Where the value at a path like `billing.city` begins and ends; of a list the first member's."""
    place = (max(raw.find("{"), 0), len(raw))
    for step in _STEP.findall(path):
        below = _BELOW.get(raw[place[0] : place[0] + 1])
        found = dict(below(raw, place[0])) if below else {}
        inner = found.get("0" if step == "[]" else step)
        if inner is None:
            return None
        place = inner
    return place


def _members(raw: str, at: int) -> Iterator[tuple[str, tuple[int, int]]]:
    at += 1
    while key := _KEY.match(raw, at):
        start, at = key.end(), _end(raw, key.end())
        yield _named(key[1]), (start, at)


def _listed(raw: str, at: int) -> Iterator[tuple[str, tuple[int, int]]]:
    number, at = 0, at + 1
    while (start := _NEXT.match(raw, at)) and (end := _end(raw, start.end())) > start.end():
        yield str(number), (start.end(), end)
        number, at = number + 1, end


_BELOW = {"{": _members, "[": _listed}


def _end(raw: str, at: int) -> int:
    return nested(raw, at)[0] if raw[at : at + 1] in ("{", "[") else scalar(raw, at)


def _named(key: str) -> str:
    try:
        return str(loads(key))
    except JsonTextError:
        return key[1:-1]
