"""A verification: what a ledger calls accepted is read back, as patiently as it is told to."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b
from heapq import nsmallest
from pathlib import Path
from random import random
from typing import NamedTuple, Protocol

from richsync.client import Destination
from richsync.client.reader import Reader
from richsync.delivery.machine import LONGEST_RETRY_AFTER
from richsync.delivery.pace import PUBLISHED_RATE, Pace, back_off
from richsync.delivery.replies import ReplyClass, classify, described, too_long
from richsync.errors import GaveUpError, NotAllowedError, UnusableError
from richsync.events import express
from richsync.jsontext import loads
from richsync.ledger import Accepted, Binding, Ledger, LedgerView
from richsync.model import Order, Reply
from richsync.pipeline.readings import Source, opened
from richsync.readbacks import ReadBack, Sent, Verdict, judged

SAMPLE = 20
_MOST_TRIES = 6
_MOST_SILENT = 3
_BETWEEN_ROUNDS = 20.0
_AGAIN = "run the same command again"


class Inquiry(NamedTuple):
    """What is asked for: one order, every one, or a sample; and for how many seconds to ask again.

    With a `source` the forms that it gives now are compared with those that are there.
    """

    ledger: Path
    binding: Binding
    destination: Destination
    rest_key: str
    source: Source | None = None
    order_id: str | None = None
    every: bool = False
    patience: float = 0.0


class Clock(NamedTuple):
    """The time, and how to let it pass; seconds."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Witness(Protocol):
    """Whoever shows a verification."""

    def asking(self, view: LedgerView, count: int, seconds: float) -> None:
        """So many orders are read back, in so many seconds at least."""

    def read_back(self, found: ReadBack) -> None:
        """One answer."""

    def waiting(self, missed: int, seconds: float) -> None:
        """So many are not there; they are asked for again after so many seconds."""


class Verified(NamedTuple):
    """What was found: how many of each verdict, and those that are not visible."""

    view: LedgerView
    counts: Counter[Verdict]
    missed: tuple[ReadBack, ...]


def verify(inquiry: Inquiry, witness: Witness, clock: Clock | None = None) -> Verified:
    """Read orders back until all are visible, or patience ends.

    Raises:
        UnusableError: the ledger calls nothing accepted that was asked for.
        LedgerError: it belongs to another host or key.
        NotAllowedError: the REST key was refused.
        GaveUpError: the receiver does not answer, or asks to wait for too long.
    """
    clock = clock or Clock()
    view = Ledger.look(inquiry.ledger)
    view.check(inquiry.binding)
    asked = _with_events(_asked(view, inquiry), inquiry)
    witness.asking(view, len(asked), len(asked) * PUBLISHED_RATE.interval)
    deadline = clock.now() + inquiry.patience
    with Reader(inquiry.destination, inquiry.binding.api_key, inquiry.rest_key) as reader:
        asking = _Asking(reader, clock, deadline, min(_MOST_SILENT, len(asked)))
        missed = list(_missed(asked, asking, witness))
        while missed and clock.now() < deadline:
            pause = min(_BETWEEN_ROUNDS, deadline - clock.now())
            witness.waiting(len(missed), pause)
            clock.sleep(pause)
            again = {each.order_id for each in missed}
            missed = list(_missed((each for each in asked if each.order_id in again), asking, witness))
    counts = Counter(each.verdict for each in missed)
    counts[Verdict.VISIBLE] = len(asked) - len(missed)
    return Verified(view, counts, tuple(missed))


def _missed(asked: Iterable[Sent], asking: "_Asking", witness: Witness) -> Iterator[ReadBack]:
    for each in asked:
        found = judged(asking.reply(each.order_id), each)
        witness.read_back(found)
        if found.verdict is not Verdict.VISIBLE:
            yield found


def _asked(view: LedgerView, inquiry: Inquiry) -> Sequence[Accepted]:
    """The one that is named, all, or the first, the last, and others at random, always the same."""
    if inquiry.order_id is not None or inquiry.every:
        found = list(view.accepted(inquiry.order_id))
    else:
        count = view.counts["accepted"]
        others = range(1, count - 1)
        chosen = {0, count - 1, *nsmallest(SAMPLE - 2, others, key=_shuffled)}
        found = [each for at, each in enumerate(view.accepted()) if at in chosen]
    if not found:
        what = "no order" if inquiry.order_id is None else f"no order {inquiry.order_id}"
        raise UnusableError(
            f"the ledger {view.path} calls {what} accepted", "see what it knows: richsync status"
        )
    return found


def _shuffled(place: int) -> bytes:
    """A place in an order without sense, the same in every run."""
    return blake2b(str(place).encode(), digest_size=8).digest()


def _with_events(asked: Sequence[Accepted], inquiry: Inquiry) -> Sequence[Sent]:
    """The accepted forms with the events that the export gives, where those are still of this form."""
    events = {}
    if inquiry.source is not None:
        digests = dict(asked)
        with opened(inquiry.source) as reading:
            for order in reading.orders:
                if isinstance(order, Order) and order.order_id in digests:
                    event = express(order)
                    digest = digests[order.order_id]
                    if event.digest == digest or event.was_known_as(digest):
                        events[order.order_id] = loads(event.body.decode(), exact=False)
    return [Sent(*each, events.get(each.order_id)) for each in asked]


class _Asking:
    """One request after the other, at the published pace, as often as the receiver asks.

    When so many orders got no reply at all, and patience is over, the receiver is given up.
    """

    def __init__(self, reader: Reader, clock: Clock, deadline: float, most_silent: int) -> None:
        self._reader = reader
        self._clock = clock
        self._deadline = deadline
        self._most_silent = most_silent
        self._pace = Pace(PUBLISHED_RATE)
        self._silent = 0

    def reply(self, order_id: str) -> Reply:
        """The first reply that is not to be asked for again, or the last of several tries."""
        reply = self._one(order_id)
        for failures in range(1, _MOST_TRIES):
            if classify(reply) is not ReplyClass.AGAIN:
                break
            self._pause(reply, failures)
            reply = self._one(order_id)
        self._silent = self._silent + 1 if reply.status is None else 0
        if self._silent >= self._most_silent and self._clock.now() >= self._deadline:
            raise GaveUpError(f"the receiver does not answer: {reply.failure}", _AGAIN)
        return reply

    def _one(self, order_id: str) -> Reply:
        self._wait_until(self._pace.free_at)
        self._pace.dispatched(self._clock.now())
        reply = self._reader.read(order_id)
        if classify(reply) is ReplyClass.NOT_ALLOWED:
            hint = "check it; not every plan of Richpanel has the REST API"
            raise NotAllowedError(f"the receiver refused the REST key: {described(reply)}", hint)
        return reply

    def _pause(self, reply: Reply, failures: int) -> None:
        if reply.retry_after is not None and reply.retry_after > LONGEST_RETRY_AFTER:
            raise too_long(reply)
        asked = reply.retry_after if reply.retry_after is not None else back_off(failures, random)
        self._wait_until(self._clock.now() + asked)

    def _wait_until(self, moment: float) -> None:
        if (left := moment - self._clock.now()) > 0:
            self._clock.sleep(left)
