"""The sending while it lasts: a bar on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from richsync.client import Watcher
from richsync.delivery.moves import Wait
from richsync.delivery.replies import ReplyClass
from richsync.display.progress import PLAIN_EVERY
from richsync.display.screen import Screen
from richsync.model import Batch, Reply
from richsync.shown import counted, duration

_PLAIN_SHARE = 0.1
_SHORT = 1.0
"""Seconds that nobody needs to be told of."""


class Sending:
    """How far the sending is at a moment, and what it waits for; both ways of showing it read this.

    `unchanged` orders are not sent, and are told beside those that are.
    """

    def __init__(self, total: int, unchanged: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = total
        self.accepted = 0
        self.refused = 0
        self._unchanged = unchanged
        self._clock = clock
        self._began = clock()
        self._retrying: set[int] = set()
        self._wait = Wait(None, "")

    @property
    def done(self) -> int:
        """Orders that are accepted or refused."""
        return self.accepted + self.refused

    @property
    def waits(self) -> float:
        """Seconds for which nothing will be sent."""
        return 0.0 if self._wait.until is None else max(0.0, self._wait.until - self._clock())

    def answered(self, batch: Batch, reply_class: ReplyClass) -> None:
        """A batch that is to be sent again is retrying until it is settled."""
        if reply_class is ReplyClass.AGAIN:
            self._retrying.add(batch.number)
        else:
            self._retrying.discard(batch.number)

    def waiting(self, wait: Wait) -> None:
        """What is waited for now."""
        self._wait = wait

    def settled(self, batch: Batch, state: str | None) -> None:
        """Whatever the orders of a batch without a state wait for now, it is another batch that has them."""
        self._retrying.discard(batch.number)
        self.accepted += len(batch.orders) * (state == "accepted")
        self.refused += len(batch.orders) * (state == "refused")

    def told(self) -> str:
        """What it waits for, the rate, the time left and the rest: `12/s, 40 s left, 3 refused`."""
        return ", ".join(self._parts())

    def _parts(self) -> Iterator[str]:
        if self.waits > _SHORT:
            yield f"waiting {duration(self.waits)}: {self._wait.reason}"
        rate = self.done / max(self._clock() - self._began, _SHORT)
        if self.done and self.done < self.total:
            yield f"{rate:,.0f}/s" if rate >= 1 else f"{rate * 60:,.0f}/min"
            yield f"{duration((self.total - self.done) / rate)} left"
        if self.refused:
            yield f"{self.refused:,} refused"
        if self._retrying:
            yield f"retrying {len(self._retrying)} {'batch' if len(self._retrying) == 1 else 'batches'}"
        if self._unchanged:
            yield f"{self._unchanged:,} unchanged"


@contextmanager
def shown(sending: Sending, screen: Screen) -> Iterator[Watcher]:
    """Show it as the screen can."""
    if not screen.is_live:
        yield _Lines(sending, screen)
        return
    from richsync.display.imports.bar import moving

    with moving(sending, screen.err.console) as moves:
        yield _Bar(sending, screen, moves)


class _Watching:
    """Tells the sending what happens, and shows it."""

    def __init__(self, sending: Sending, screen: Screen) -> None:
        self._sending = sending
        self._screen = screen

    def show(self) -> None:
        """Something happened."""

    def sent(self, batch: Batch, attempt: int) -> None:
        """The answer is what counts."""

    def answered(self, batch: Batch, reply: Reply, reply_class: ReplyClass) -> None:
        self._sending.answered(batch, reply_class)
        self.show()

    def waiting(self, wait: Wait) -> None:
        self._sending.waiting(wait)
        self.show()

    def interrupted(self, in_flight: int) -> None:
        if in_flight:
            self._screen.note(f"finishing {counted(in_flight, 'request')} in flight; again to stop now")

    def settled(self, batch: Batch, reply: Reply, state: str | None) -> None:
        self._sending.settled(batch, state)
        self.show()


class _Bar(_Watching):
    def __init__(self, sending: Sending, screen: Screen, moves: Callable[[], None]) -> None:
        super().__init__(sending, screen)
        self._moves = moves

    def show(self) -> None:
        self._moves()


class _Lines(_Watching):
    """A line every 10 % or 10 seconds, and one when a longer wait begins."""

    def __init__(self, sending: Sending, screen: Screen) -> None:
        super().__init__(sending, screen)
        self._said = 0
        self._next = time.monotonic() + PLAIN_EVERY
        self._waits_until = 0.0

    def show(self) -> None:
        now, sending = time.monotonic(), self._sending
        waits_until = now + sending.waits
        begins_to_wait = sending.waits >= PLAIN_EVERY and waits_until > self._waits_until + _SHORT
        is_due = now >= self._next or sending.done - self._said >= sending.total * _PLAIN_SHARE
        if not (is_due or begins_to_wait):
            return
        self._said, self._next = sending.done, now + PLAIN_EVERY
        self._waits_until = waits_until
        told = sending.told()
        self._screen.note(
            f"accepted {sending.accepted:,} of {counted(sending.total, 'order')}{f', {told}' * bool(told)}"
        )
