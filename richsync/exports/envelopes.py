"""What a JSON object is: an order, or an envelope around orders, like `{"orders": […], "total": 2}`."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from richsync.exports.windows import STRING, nested, scalar

_NAME = re.compile(rf"\s*[{{,]\s*({STRING})\s*:\s*", re.DOTALL)
_LISTS = ((re.compile(r"\[\s*\]"), "empty"), (re.compile(r"\[\s*(?:\{|\Z)"), "objects"))
_OF_AN_ORDER = re.compile(
    r"(?:\b|_)(?:id|at)$|[a-z](?:Id|ID|At)$|number|e-?mail|date|created|currency|amount", re.IGNORECASE
)


class Member(NamedTuple):
    """A member of an object, by its name as it is written and by how its value begins."""

    name: str
    kind: str


def members(text: str) -> Iterator[Member]:
    """The members of the object that a text begins with, as many as the text holds."""
    at = 0
    while name := _NAME.match(text, at):
        at = name.end()
        yield Member(name[1][1:-1], kind(text, at))
        end, is_open = nested(text, at) if text[at : at + 1] in ("{", "[") else (scalar(text, at), 0)
        if is_open or end == at:
            return
        at = end


def kind(text: str, at: int) -> str:
    """What begins here: "objects" (a list of them), "empty" (a list), "list", "object" or "plain"."""
    if text.startswith("[", at):
        return next((name for pattern, name in _LISTS if pattern.match(text, at)), "list")
    return "object" if text.startswith("{", at) else "plain"


def wrapped(text: str, path: Sequence[str]) -> list[str]:
    """The members of an envelope that may hold the orders; none when the object is an order itself.

    An order is known by an id, a date and the like among its plain members, or by not having what the path
    names first. An envelope holds a list of objects, or it is one member and that is an object.
    """
    found = list(members(text))
    if path:
        return [path[0]] if any(each.name == path[0] for each in found) else []
    if any(each.kind == "plain" and _OF_AN_ORDER.search(each.name) for each in found):
        return []
    lists = _of_kind("objects", found) or _of_kind("empty", found)[:1]
    return lists or (_of_kind("object", found) if len(found) == 1 else [])


def _of_kind(wanted: str, found: Sequence[Member]) -> list[str]:
    return [each.name for each in found if each.kind == wanted]
