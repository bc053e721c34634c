"""The driver of a delivery: one asyncio loop, a task a lane, httpx as the only door to the network.

Before a request leaves, its orders are written down as being sent; the commit that settles one batch also
opens the lane's next. All effects but the requests happen on the loop's thread, one after the other.
"""

import asyncio
import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Protocol

from richsync.client.door import Destination, Door, Limits
from richsync.delivery import Delivery, Done, Move, Outcome, ReplyClass, Send, Wait, classify
from richsync.errors import RichsyncError, UnusableError
from richsync.model import Batch, Reply


class Recorder(Protocol):
    """The ledger's part: what it opens and settles is durable once `commit` returns."""

    def opening(self, batch: Batch) -> None:
        """Write the batch's orders down as being sent."""

    def settle(self, batch: Batch, reply: Reply, state: str | None) -> None:
        """Write down how it ended: "accepted", or None when it stays unanswered."""

    def commit(self) -> None:
        """Make everything since the last commit durable."""


class Watcher(Protocol):
    """Whoever shows progress and keeps the account."""

    def sent(self, batch: Batch, attempt: int) -> None:
        """A request is about to leave."""

    def answered(self, batch: Batch, reply: Reply, reply_class: ReplyClass) -> None:
        """An attempt ended."""

    def waiting(self, wait: Wait) -> None:
        """A lane has nothing to send for now."""

    def interrupted(self, in_flight: int) -> None:
        """The first signal came; so many requests are still to be answered."""

    def settled(self, batch: Batch, state: str | None) -> None:
        """What `Recorder.settle` was told has been committed."""


def deliver(
    delivery: Delivery, destination: Destination, recorder: Recorder, watcher: Watcher
) -> RichsyncError | None:
    """Run a delivery to its end and return its ending, None when every batch was accepted.

    An error of the recorder ends the run at once and goes before any other ending.
    In the main thread SIGINT and SIGTERM end it politely, a second one at once. The delivery's moments are
    those of `time.monotonic`.
    """
    try:
        door = Door(destination, delivery.policy.lanes)
    except UnusableError as error:
        return error
    return asyncio.run(_Run(delivery, destination.limits, recorder, watcher).through(door))


class _Run:
    """One run of a delivery, and the little it must remember between its steps."""

    def __init__(self, delivery: Delivery, limits: Limits, recorder: Recorder, watcher: Watcher) -> None:
        self._delivery = delivery
        self._limits = limits
        self._recorder = recorder
        self._watcher = watcher
        self._changed = asyncio.Event()
        self._attempts: set[asyncio.Timeout] = set()
        self._unsettled: dict[int, tuple[Batch, Reply]] = {}
        self._uncommitted: list[tuple[Batch, str | None]] = []
        self._interrupted = False
        self._ending: RichsyncError | None = None
        self._broken = False

    async def through(self, door: Door) -> RichsyncError | None:
        """Deliver through this door, and close it."""
        async with door:
            with _signals(self._on_signal):
                await self._all_lanes(door)
                self._leave_unsettled()
        return self._ending

    async def _all_lanes(self, door: Door) -> None:
        try:
            async with asyncio.TaskGroup() as lanes:
                for _ in range(self._delivery.policy.lanes):
                    lanes.create_task(self._lane(door))
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None

    async def _lane(self, door: Door) -> None:
        while not isinstance(move := self._next(), Done):
            if isinstance(move, Send):
                self._answered(move.batch, await self._attempt(door, move))
            else:
                self._watcher.waiting(move)
                await self._pause(move.until)
        self._ending = move.ending

    def _next(self) -> Move:
        if self._broken:
            return Done(self._ending)
        move = self._delivery.next(time.monotonic())
        try:
            self._record(move)
        except RichsyncError as error:
            self._break(error)
            return Done(error)
        return move

    def _record(self, move: Move) -> None:
        match move:
            case Send(batch, attempt=1):
                self._recorder.opening(batch)
                self._unsettled[batch.number] = (batch, Reply(None, failure="not answered"))
                self._commit()
            case _ if self._uncommitted:
                self._commit()

    def _commit(self) -> None:
        self._recorder.commit()
        settled, self._uncommitted = self._uncommitted, []
        for batch, state in settled:
            self._watcher.settled(batch, state)

    async def _attempt(self, door: Door, send: Send) -> Reply:
        self._watcher.sent(send.batch, send.attempt)
        deadline = asyncio.timeout(self._limits.whole)
        self._attempts.add(deadline)
        try:
            async with deadline:
                return await door.post(send.batch.body)
        except TimeoutError:
            cut = self._interrupted or self._broken
            return Reply(None, failure="cut off by the end of the run" if cut else "no whole reply in time")
        finally:
            self._attempts.discard(deadline)

    def _answered(self, batch: Batch, reply: Reply) -> None:
        outcome = self._delivery.answered(batch, reply, time.monotonic())
        self._watcher.answered(batch, reply, classify(reply))
        self._unsettled[batch.number] = (batch, reply)
        if outcome is Outcome.ACCEPTED:
            self._settle(batch, reply, "accepted")
        self._wake()

    def _settle(self, batch: Batch, reply: Reply, state: str | None) -> None:
        if self._broken:
            return
        try:
            self._recorder.settle(batch, reply, state)
        except RichsyncError as error:
            self._break(error)
            return
        del self._unsettled[batch.number]
        self._uncommitted.append((batch, state))

    def _leave_unsettled(self) -> None:
        """Note of every batch that was sent and not accepted what was heard last."""
        for batch, reply in list(self._unsettled.values()):
            self._settle(batch, reply, None)
        if self._uncommitted and not self._broken:
            try:
                self._commit()
            except RichsyncError as error:
                self._break(error)

    async def _pause(self, until: float | None) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(None if until is None else until - time.monotonic()):
                await self._changed.wait()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _break(self, error: RichsyncError) -> None:
        """Without a record nothing may be sent, and no answer counts."""
        self._broken, self._ending = True, error
        self._hurry()

    def _hurry(self) -> None:
        for deadline in self._attempts:
            if not deadline.expired():
                deadline.reschedule(0)
        self._wake()

    def _on_signal(self, number: int) -> None:
        if self._interrupted:
            self._hurry()
            return
        self._interrupted = True
        self._delivery.interrupt(number)
        asyncio.get_running_loop().call_later(self._limits.drain, self._hurry)
        self._wake()
        self._watcher.interrupted(self._delivery.in_flight)


@contextlib.contextmanager
def _signals(handle: Callable[[int], None]) -> Iterator[None]:
    """Let `handle` have SIGINT and SIGTERM; another thread than the main one is never told of them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        loop.add_signal_handler(number, handle, number)
    try:
        yield
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)
