"""When to send which batch: a state machine that knows neither clock nor network.

Ask `next` what to do, do it, tell `answered` what came back, ask again. All moments are seconds of one
monotonic clock of the caller's.
"""

import math
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import NamedTuple, TypeAlias

from richsync.delivery.pace import PUBLISHED_RATE, Pace, Rate, back_off
from richsync.delivery.patience import Patience
from richsync.delivery.replies import RESUME, ReplyClass, classify, too_long, verdict
from richsync.errors import InterruptedRunError, RichsyncError
from richsync.model import Batch, Reply

LONGEST_RETRY_AFTER = 600.0
"""Seconds a receiver may ask us to wait before the run is better resumed later."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How hard to try; `give_up` and `first_reply` are the seconds of `Patience`.

    Raises:
        ValueError: without a lane nothing could ever be sent.
    """

    rate: Rate = PUBLISHED_RATE
    lanes: int = 4
    give_up: float = 300.0
    first_reply: float = 20.0

    def __post_init__(self) -> None:
        if self.lanes < 1:
            raise ValueError("at least one lane is needed")


class Send(NamedTuple):
    """Send this batch now; `attempt` counts from 1."""

    batch: Batch
    attempt: int


class Wait(NamedTuple):
    """Ask again at `until`, or as soon as something is answered; None: only then."""

    until: float | None
    reason: str


class Done(NamedTuple):
    """Nothing is in flight and nothing will be; without an ending every batch was accepted."""

    ending: RichsyncError | None


Move: TypeAlias = Send | Wait | Done


class Outcome(StrEnum):
    """What became of an attempt."""

    ACCEPTED = "accepted"
    AGAIN = "again"
    STOPPED = "stopped"


@dataclass(slots=True)
class _Lane:
    """A batch under way: in flight, or waiting for its next try at `due`."""

    batch: Batch
    failures: int = 0
    due: float | None = None


class Delivery:
    """Brings batches to the receiver in their order, each until it is accepted or the run stops.

    For the screen: `accepted` counts orders, `retries` counts repeated attempts by their reason, `waiting`
    is the reason of the last wait, "" while something is being sent.
    """

    def __init__(
        self, batches: Iterator[Batch], policy: Policy, *, now: float, random: Callable[[], float]
    ) -> None:
        self.policy = policy
        self.accepted = 0
        self.retries: Counter[str] = Counter()
        self.waiting = ""
        self._batches = batches
        self._ahead: deque[Batch] = deque()
        self._lanes: dict[int, _Lane] = {}
        self._pace = Pace(policy.rate)
        self._random = random
        self._patience = Patience(give_up=policy.give_up, first_reply=policy.first_reply, now=now)
        self._ending: RichsyncError | None = None

    @property
    def in_flight(self) -> int:
        """Requests sent and not yet answered."""
        return sum(lane.due is None for lane in self._lanes.values())

    def next(self, now: float) -> Move:
        """What to do now. A `Send` counts as sent; an error of the batches' iterator stops the run."""
        if self._patience.ran_out(now):
            self._stop(self._patience.ending())
        try:
            move = self._chosen(now) if self._ending is None else self._finish(self._ending)
        except RichsyncError as error:
            self._stop(error)
            move = self._finish(error)
        self.waiting = move.reason if isinstance(move, Wait) else ""
        return move

    def answered(self, batch: Batch, reply: Reply, now: float) -> Outcome:
        """Take note of what came back for a batch that was sent."""
        lane = self._lanes.pop(batch.number)
        match classify(reply):
            case ReplyClass.ACCEPTED:
                self._accept(batch, now)
                return Outcome.ACCEPTED
            case ReplyClass.AGAIN if not reply.hopeless:
                self._again(lane, reply, now)
            case meaning:
                self._stop(verdict(meaning, batch, reply))
        return Outcome.AGAIN if self._ending is None else Outcome.STOPPED

    def interrupt(self, signal_number: int) -> None:
        """Send nothing more; `Done` follows when nothing is in flight."""
        message = "interrupted: what was in flight is settled, the other orders are pending"
        self._stop(InterruptedRunError(message, RESUME, signal_number=signal_number))

    def _chosen(self, now: float) -> Move:
        if now < self._patience.held_until:
            return self._wait(self._patience.held_until, "the receiver asked to wait")
        lane = self._ready(now)
        if lane is None:
            return self._idle()
        if now < self._pace.free_at:
            return self._wait(self._pace.free_at, "pace")
        return self._dispatch(lane, now)

    def _finish(self, ending: RichsyncError) -> Move:
        return Wait(None, "finishing") if self.in_flight else Done(ending)

    def _ready(self, now: float) -> _Lane | None:
        """The lane to send next: a retry that is due, else the head of the queue unless it must wait."""
        due, retry = self._first_retry()
        if retry is not None and due <= now:
            return retry
        head = self._head()
        if head is None or len(self._lanes) >= self.policy.lanes or self._overtakes(head):
            return None
        return _Lane(head)

    def _head(self) -> Batch | None:
        if not self._ahead:
            self._ahead.extend(islice(self._batches, 1))
        return self._ahead[0] if self._ahead else None

    def _overtakes(self, head: Batch) -> bool:
        return any(not head.customers.isdisjoint(lane.batch.customers) for lane in self._lanes.values())

    def _first_retry(self) -> tuple[float, _Lane | None]:
        waiting = ((lane.due, lane) for lane in self._lanes.values() if lane.due is not None)
        return min(waiting, key=lambda retry: retry[0], default=(math.inf, None))

    def _idle(self) -> Move:
        if not self._lanes:
            return Done(None)
        due, retry = self._first_retry()
        return Wait(None, "answers") if retry is None else self._wait(due, "retry")

    def _wait(self, until: float, reason: str) -> Wait:
        ends_at = self._patience.ends_at
        return Wait(until if ends_at is None else min(until, ends_at), reason)

    def _dispatch(self, lane: _Lane, now: float) -> Send:
        if not self._lanes:
            self._patience.begin(now)
        if lane.due is None:
            self._ahead.popleft()
            self._lanes[lane.batch.number] = lane
        lane.due = None
        self._pace.dispatched(now)
        return Send(lane.batch, lane.failures + 1)

    def _accept(self, batch: Batch, now: float) -> None:
        self.accepted += len(batch.orders)
        self._patience.accepted(now)
        self._pace.accepted()

    def _again(self, lane: _Lane, reply: Reply, now: float) -> None:
        self._patience.failed(reply)
        if (reply.retry_after or 0.0) > LONGEST_RETRY_AFTER:
            self._stop(too_long(reply))
        if self._ending is not None:
            return
        lane.failures += 1
        lane.due = self._due(lane, reply, now)
        self._lanes[lane.batch.number] = lane
        self.retries[reply.failure or str(reply.status)] += 1

    def _due(self, lane: _Lane, reply: Reply, now: float) -> float:
        # A Retry-After of 0 says no more than none at all.
        if reply.retry_after:
            self._patience.hold(now + reply.retry_after, now)
            return now + reply.retry_after
        if reply.status in {429, 503}:
            self._pace.slow_down()
        return now + back_off(lane.failures, self._random)

    def _stop(self, ending: RichsyncError) -> None:
        self._ending = self._ending or ending
