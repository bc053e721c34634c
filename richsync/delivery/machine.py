"""When to send which batch: a state machine that knows neither clock nor network.

Ask `next` what to do, do it, tell `answered` what came back, write down what is `settled`, ask again. All
moments are seconds of one monotonic clock of the caller's.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from richsync.delivery.guard import Guard
from richsync.delivery.moves import Done, Effort, Move, Policy, Send, Settled, Wait
from richsync.delivery.pace import Pace, back_off
from richsync.delivery.patience import Patience
from richsync.delivery.queue import Pack, Queue
from richsync.delivery.replies import RESUME, ReplyClass, classify, left_over, overran, too_long, verdict
from richsync.errors import InterruptedRunError, RichsyncError
from richsync.model import Batch, Reply

LONGEST_RETRY_AFTER = 600.0
"""Seconds a receiver may ask us to wait before the run is better resumed later."""

_NO_REPLY = Reply(None)


@dataclass(slots=True)
class _Lane:
    """A batch under way: in flight, or waiting for its next try at `due`.

    `failures` make the wait longer; `blows` are those that may be the batch's own.
    """

    batch: Batch
    failures: int = 0
    blows: int = 0
    due: float | None = None
    reply: Reply = _NO_REPLY


class Delivery:
    """Brings batches to the receiver in their order, until every order is accepted or refused, or it stops.

    For the screen: `waiting` is the reason of the last wait, "" while something is being sent.
    """

    def __init__(
        self, batches: Iterator[Batch], pack: Pack, policy: Policy, *, now: float, random: Callable[[], float]
    ) -> None:
        self.policy = policy
        self.waiting = ""
        self._requests = 0
        self._ambiguous = 0
        self._retries: Counter[str] = Counter()
        self._queue = Queue(batches, pack)
        self._lanes: dict[int, _Lane] = {}
        self._busy: set[int] = set()
        self._pace = Pace(policy.rate)
        self._random = random
        self._patience = Patience(give_up=policy.give_up, first_reply=policy.first_reply, now=now)
        self._guard = Guard()
        self._settled: list[Settled] = []
        self._left: list[Settled] = []
        self._ending: RichsyncError | None = None

    @property
    def in_flight(self) -> int:
        """Requests sent and not yet answered."""
        return sum(lane.due is None for lane in self._lanes.values())

    @property
    def effort(self) -> Effort:
        """What it took so far."""
        return Effort(self._requests, dict(self._retries), self._ambiguous)

    def next(self, now: float) -> Move:
        """What to do now. A `Send` counts as sent; an error of the batches' iterator stops the run."""
        if self._patience.ran_out(now):
            self._stop(self._patience.ending())
        try:
            move = self._chosen(now)
        except RichsyncError as error:
            self._stop(error)
            move = self._chosen(now)
        self.waiting = move.reason if isinstance(move, Wait) else ""
        return move

    def answered(self, batch: Batch, reply: Reply, now: float) -> ReplyClass:
        """Take note of what came back for a batch that was sent."""
        lane = self._lanes.pop(batch.number)
        self._busy -= batch.customers
        self._ambiguous += reply.ambiguous
        lane.reply = reply
        meaning = classify(reply)
        match meaning:
            case ReplyClass.ACCEPTED:
                self._accept(lane, now)
            case ReplyClass.AGAIN if not reply.hopeless:
                self._again(lane, now)
            case ReplyClass.ORDERS_FAULT:
                self._refuse(lane, now)
            case _:
                self._settle(lane, None)
                self._stop(verdict(meaning, reply))
        return meaning

    def settled(self) -> list[Settled]:
        """What was settled since it was asked last; each batch that was sent is, once, before `Done`."""
        settled, self._settled = self._settled, []
        return settled

    def departed(self, now: float) -> None:
        """What `next` gave last leaves only now, after it was written down: the pace counts from here."""
        self._pace.dispatched(now)

    def interrupt(self, signal_number: int) -> None:
        """Send nothing more; `Done` follows when nothing is in flight."""
        message = "interrupted: the orders that were not answered are pending"
        self._stop(InterruptedRunError(message, RESUME, signal_number=signal_number))

    # what to do next

    def _chosen(self, now: float) -> Move:
        if self._ending is not None:
            return self._finish(self._ending)
        if self._guard.is_full:
            return Wait(None, "answers") if self.in_flight else self._judged(now)
        if now < self._patience.held_until:
            return self._wait(self._patience.held_until, "the receiver asked to wait")
        lane = self._ready(now)
        if lane is None:
            return self._idle(now)
        if now < self._pace.free_at:
            return self._wait(self._pace.free_at, "pace")
        return self._dispatch(lane, now)

    def _finish(self, ending: RichsyncError) -> Move:
        if self.in_flight:
            return Wait(None, "finishing")
        self._settled += [refusal._replace(state=None) for refusal in self._guard.dropped()]
        return Done(ending)

    def _judged(self, now: float) -> Move:
        """Nothing was accepted so far: either the request is at fault, or each order that was refused."""
        ending = self._guard.verdict(left_over(self._left))
        if ending is None:
            self._settled += self._guard.opened()
        else:
            self._stop(ending)
        return self._chosen(now)

    def _ready(self, now: float) -> _Lane | None:
        """The lane to send next: a retry that is due, else the head of the queue unless it must wait."""
        due, retry = self._first_retry()
        if retry is not None and due <= now:
            return retry
        head = self._queue.head()
        if head is None or len(self._lanes) >= self.policy.lanes or not self._busy.isdisjoint(head.customers):
            return None
        return _Lane(head)

    def _first_retry(self) -> tuple[float, _Lane | None]:
        waiting = ((lane.due, lane) for lane in self._lanes.values() if lane.due is not None)
        return min(waiting, key=lambda retry: retry[0], default=(math.inf, None))

    def _idle(self, now: float) -> Move:
        due, retry = self._first_retry()
        if retry is not None:
            return self._wait(due, "retry")
        if self._lanes:
            return Wait(None, "answers")
        return self._judged(now) if self._guard.holds else Done(left_over(self._left))

    def _wait(self, until: float, reason: str) -> Wait:
        ends_at = self._patience.ends_at
        return Wait(until if ends_at is None else min(until, ends_at), reason)

    def _dispatch(self, lane: _Lane, now: float) -> Send:
        if not self._lanes:
            self._patience.begin(now)
        if lane.due is None:
            self._queue.pop()
            self._hold(lane)
        lane.due = None
        self._pace.dispatched(now)
        self._requests += 1
        return Send(lane.batch, lane.failures + 1)

    def _hold(self, lane: _Lane) -> None:
        self._lanes[lane.batch.number] = lane
        self._busy |= lane.batch.customers

    # what a reply does

    def _accept(self, lane: _Lane, now: float) -> None:
        self._patience.decided(now)
        self._pace.accepted()
        self._settle(lane, "accepted")
        self._settled += self._guard.opened()

    def _refuse(self, lane: _Lane, now: float) -> None:
        """Halve the batch until the order that is at fault is alone."""
        self._patience.decided(now)
        if len(lane.batch.orders) == 1:
            self._settled += self._guard.refused(Settled(lane.batch, lane.reply, "refused"))
            return
        self._settle(lane, None)
        self._queue.halve(lane.batch)

    def _again(self, lane: _Lane, now: float) -> None:
        reply = lane.reply
        self._patience.failed(reply)
        if (reply.retry_after or 0.0) > LONGEST_RETRY_AFTER:
            self._stop(too_long(reply))
        if self._ending is not None:
            self._settle(lane, None)
            return
        self._retries[reply.failure or str(reply.status)] += 1
        lane.failures += 1
        lane.blows += not overran(reply)
        if lane.blows >= self._queue.tries(lane.batch):
            self._put_aside(lane)
            return
        lane.due = self._due(lane, now)
        self._hold(lane)

    def _put_aside(self, lane: _Lane) -> None:
        self._settle(lane, None)
        if not self._queue.put_aside(lane.batch):
            self._left.append(Settled(lane.batch, lane.reply, None))

    def _due(self, lane: _Lane, now: float) -> float:
        # A Retry-After of 0 says no more than none at all.
        asked = lane.reply.retry_after
        if asked:
            self._patience.hold(now + asked, now)
            return now + asked
        if lane.reply.status in {429, 503}:
            self._pace.slow_down()
        return now + back_off(lane.failures, self._random)

    def _settle(self, lane: _Lane, state: str | None) -> None:
        self._settled.append(Settled(lane.batch, lane.reply, state))

    def _stop(self, ending: RichsyncError) -> None:
        """Send nothing more: what waits for another try stays pending."""
        self._ending = self._ending or ending
        for lane in [lane for lane in self._lanes.values() if lane.due is not None]:
            del self._lanes[lane.batch.number]
            self._settle(lane, None)
