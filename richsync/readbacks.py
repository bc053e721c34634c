"""What a reply says of an order that is read back; pure.

The form of such a reply is not documented: what can be compared is compared, and no more is claimed.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from richsync.delivery.replies import described
from richsync.events import Event
from richsync.jsontext import JsonTextError, compact, loads
from richsync.model import Reply

_ABSENT = 404
_DEEPEST = 3


class Verdict(StrEnum):
    """What became of an accepted order, as far as can be seen."""

    VISIBLE = "visible"
    NOT_YET = "not yet"
    DIFFERS = "differs"
    UNKNOWN = "cannot tell"


class ReadBack(NamedTuple):
    """An order, the verdict, and why."""

    order_id: str
    verdict: Verdict
    note: str = ""


class Sent(NamedTuple):
    """An order as it was accepted: its digest, and its event where that is at hand."""

    order_id: str
    digest: bytes
    event: Mapping[str, Any] | None = None


def judged(reply: Reply, sent: Sent) -> ReadBack:
    """What a reply says of an order: 404 or an empty object is one that is not there yet."""
    if reply.status == _ABSENT:
        return ReadBack(sent.order_id, Verdict.NOT_YET)
    if reply.status is None or reply.status not in range(200, 300):
        return ReadBack(sent.order_id, Verdict.UNKNOWN, described(reply))
    try:
        value = loads(reply.head.decode(), exact=False)
    except (JsonTextError, UnicodeDecodeError):
        return ReadBack(sent.order_id, Verdict.UNKNOWN, "the reply is not JSON")
    if not value:
        return ReadBack(sent.order_id, Verdict.NOT_YET)
    stored = next(_named(value, sent.order_id, _DEEPEST), None)
    if stored is None:
        return ReadBack(sent.order_id, Verdict.UNKNOWN, "the reply does not name the order")
    differing = _differing(value, stored, sent)
    return ReadBack(sent.order_id, Verdict.DIFFERS if differing else Verdict.VISIBLE, differing)


def _named(value: object, order_id: str, depth: int) -> Iterator[Mapping[str, Any]]:
    """The objects, at any of the first depths, that name the order."""
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, dict) and any(str(each) == order_id for each in members if type(each) in (str, int)):
        yield value
    for member in members if depth else ():
        yield from _named(member, order_id, depth - 1)


def _differing(value: Any, stored: Mapping[str, Any], sent: Sent) -> str:
    """In what the stored order differs, "" in nothing that can be compared."""
    is_event = isinstance(value, dict) and value.get("properties") is stored
    if is_event and _is_form(value, sent.digest):
        return ""
    if sent.event is None:
        return "it is not the form that was accepted; name the export to see in what" if is_event else ""
    every = sent.event["properties"].items()
    names = [
        name for name, known in every if not (_same(known, stored[name]) if name in stored else not is_event)
    ]
    return f"in {', '.join(names)}" if names else ""


def _is_form(stored: Mapping[str, Any], digest: bytes) -> bool:
    event = Event(compact({name: member for name, member in stored.items() if name != "appClientId"}))
    return event.digest == digest or event.was_known_as(digest)


def _same(sent: object, stored: object) -> bool:
    """Whether two values say the same; numbers may be written as text."""
    match sent, stored:
        case (dict(), dict()):
            return all(name in stored and _same(known, stored[name]) for name, known in sent.items())
        case (list(), list()):
            return len(sent) == len(stored) and all(map(_same, sent, stored))
        case (int() | float(), str()) if not isinstance(sent, bool):
            return _is_number(stored, sent)
        case _:
            return sent == stored


def _is_number(text: str, number: float) -> bool:
    try:
        return float(text) == number
    except ValueError:
        return False
