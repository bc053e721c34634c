"""What a reply of the receiver means, and how it is put into words.

The meanings are this project's choice: Richpanel publishes neither its error codes nor its limits, so the
worst of each is assumed. That its ingest sits on a Kinesis stream has been seen, hence the throttling that
comes as a 400.
"""

import re
from collections.abc import Callable, Collection, Sequence
from enum import StrEnum

from richsync.delivery.moves import Settled
from richsync.errors import GaveUpError, NotAllowedError, RichsyncError, WrongAddressError
from richsync.jsontext import dumps, members
from richsync.model import Reply
from richsync.shown import duration

RESUME = "nothing is lost: run the same command again"
_EXCERPT = 200
_FAILED = 500
_MOST_NAMED = 10


class ReplyClass(StrEnum):
    """What a reply means for the batch it answers."""

    ACCEPTED = "accepted"
    AGAIN = "again"
    ORDERS_FAULT = "an order's fault"
    NOT_ALLOWED = "not allowed"
    WRONG_ADDRESS = "wrong address or request"


def _anything(_: bytes) -> bool:
    return True


def _throttled(head: bytes) -> bool:
    return b"ProvisionedThroughputExceeded" in head


_MEANINGS: tuple[tuple[Collection[int | None], Callable[[bytes], bool], ReplyClass], ...] = (
    (range(200, 300), _anything, ReplyClass.ACCEPTED),
    ({None, 408, 425, 429, *range(500, 600)}, _anything, ReplyClass.AGAIN),
    ({400}, _throttled, ReplyClass.AGAIN),
    ({400, 413, 422}, _anything, ReplyClass.ORDERS_FAULT),
    ({401, 403}, _anything, ReplyClass.NOT_ALLOWED),
)


def classify(reply: Reply) -> ReplyClass:
    """What a reply means; a 2xx whose body denies it counts as 400, a status nobody expects as wrong."""
    denied = reply.status in range(200, 300) and _denies(reply.head)
    status = 400 if denied else reply.status
    fitting = (meaning for statuses, says, meaning in _MEANINGS if status in statuses and says(reply.head))
    return next(fitting, ReplyClass.WRONG_ADDRESS)


def _denies(head: bytes) -> bool:
    """Whether it says no, however sloppily: a denial that is not understood would count as accepted."""
    said = members(head.decode("utf-8-sig", errors="replace"))
    return any(
        value is False if name in ("success", "ok") else name in ("error", "errors") and value
        for name, value in said
    )


def overran(reply: Reply) -> bool:
    """Whether a failure says something about the receiver or the way to it, and nothing about the batch."""
    if reply.status is None:
        return not reply.ambiguous
    return reply.retry_after is not None or reply.status < _FAILED


def verdict(meaning: ReplyClass, reply: Reply) -> RichsyncError:
    """The ending of a run that got a reply which neither a retry nor halving mends."""
    said = described(reply)
    match meaning:
        case ReplyClass.NOT_ALLOWED:
            return NotAllowedError(f"the receiver refused the key: {said}", f"check the API key; {RESUME}")
        case ReplyClass.WRONG_ADDRESS:
            hint = f"check --endpoint; {RESUME}"
            return WrongAddressError(f"the receiver does not take this request: {said}", hint)
        case _:
            return GaveUpError(f"the receiver cannot be reached: {said}", RESUME)


def too_long(reply: Reply) -> GaveUpError:
    """The ending of a run that would have to pause longer than is sensible."""
    asked = duration(reply.retry_after or 0)
    return GaveUpError(f"the receiver asks to wait {asked}: {described(reply)}", RESUME)


def left_over(left: Sequence[Settled]) -> GaveUpError | None:
    """The ending of a run that came to its end but for a few orders, each alone in its batch."""
    if not left:
        return None
    ids = [order.order_id for settled in left for order in settled.batch.orders]
    named = ", ".join(ids[:_MOST_NAMED]) + (
        f" and {len(ids) - _MOST_NAMED} more" if ids[_MOST_NAMED:] else ""
    )
    count = f"{len(ids)} order{'s' if ids[1:] else ''}"
    last = described(left[-1].reply)
    return GaveUpError(
        f"the receiver failed at {count}, even sent alone: {named}; at last with {last}", RESUME
    )


_PRIVATE = re.compile(r"""[^\s"'<>@,;:]+@[^\s"'<>@,;:]+|[\w+/=-]{40,}|\+?\d[\d ().-]{6,}\d""")


_SHORT = 6
"""Characters below which a key or secret is looked for as a word: it may stand in others by chance."""


def described(reply: Reply) -> str:
    """A reply in one safe line: control characters escaped, what it may echo of an order or key masked."""
    if reply.status is None:
        return reply.failure
    text = _PRIVATE.sub("…", _discreet(reply))[:_EXCERPT].strip()
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return f"HTTP {reply.status}" + (f", {shown}" if shown else ", without a text")


def _discreet(reply: Reply) -> str:
    """The text of a reply without keys and secrets, as they are or as JSON writes them."""
    text = reply.head.decode(errors="replace")
    written = [(each, dumps(each).decode()[1:-1]) for each in reply.private]
    forms = {form for plain, json in written for form in (plain, json, json.replace("/", "\\/")) if form}
    if not forms:
        return text
    longest_first = sorted(forms, key=len, reverse=True)
    return re.sub("|".join(map(_sought, longest_first)), "…", text, flags=re.IGNORECASE)


def _sought(form: str) -> str:
    return re.escape(form) if len(form) >= _SHORT else rf"(?<!\w){re.escape(form)}(?!\w)"
