"""The driver of a delivery: one asyncio loop, a task a request, httpx as the only door to the network.

Whatever was answered in one turn of the loop is settled in one commit, and the same commit writes down what
is sent next: no request leaves before its orders are recorded as being sent. All effects but the requests
happen on the loop's thread, one after the other.
"""

import asyncio
import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator

from richsync.client.destinations import Destination, Limits
from richsync.client.door import Door
from richsync.client.roles import Recorder, Watcher
from richsync.delivery.machine import Delivery
from richsync.delivery.moves import Done, Send, Settled, Wait
from richsync.errors import RichsyncError, UnusableError
from richsync.model import Batch, Reply

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

_TURNS_OF_A_REPLY = 16
"""Turns of the loop in which httpx makes a reply of the bytes that came in."""


def deliver(
    delivery: Delivery,
    destination: Destination,
    recorder: Recorder,
    watcher: Watcher,
    private: tuple[str, ...] = (),
) -> RichsyncError | None:
    """Run a delivery to its end and return its ending, None when every order was accepted or refused.

    What is `private` is shown and kept nowhere, though a reply say it.

    An error of the recorder ends the run at once and goes before any other ending.
    In the main thread SIGINT and SIGTERM end it politely, a second one at once. Once one came, those that
    follow are ignored for good: what is left then is to tell what was sent. The delivery's moments are those
    of `time.monotonic`.
    """
    try:
        door = Door(destination, delivery.policy.lanes)
    except UnusableError as error:
        return error
    run = _Run(delivery, destination.limits, recorder, watcher, private)
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        return asyncio.run(run.through(door))
    finally:
        if not run.is_interrupted and _hears_signals():
            for number, handler in before.items():
                signal.signal(number, handler)


class _Run:
    """One run of a delivery, and the little it must remember between its turns."""

    def __init__(
        self,
        delivery: Delivery,
        limits: Limits,
        recorder: Recorder,
        watcher: Watcher,
        private: tuple[str, ...],
    ) -> None:
        self._delivery = delivery
        self._limits = limits
        self._recorder = recorder
        self._watcher = watcher
        self._private = private
        self._changed = asyncio.Event()
        self._attempts: set[asyncio.Timeout] = set()
        self.is_interrupted = False
        self._broken: RichsyncError | None = None

    async def through(self, door: Door) -> RichsyncError | None:
        """Deliver through this door, and close it."""
        async with door:
            with _signals(self._on_signal):
                ending = await self._turns(door)
        return self._broken or ending

    async def _turns(self, door: Door) -> RichsyncError | None:
        try:
            async with asyncio.TaskGroup() as attempts:
                while True:
                    await self._gathered()
                    sends, move = self._turn()
                    if isinstance(move, Done):
                        return move.ending
                    for send in sends:
                        attempts.create_task(self._attempt(door, send))
                    self._watcher.waiting(move)
                    await self._pause(move.until)
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None

    async def _gathered(self) -> None:
        """Let the other replies that have come in arrive here, so that one commit settles them all."""
        for _ in range(_TURNS_OF_A_REPLY):
            if not self._delivery.in_flight:
                break
            await asyncio.sleep(0)
        self._changed.clear()

    def _turn(self) -> tuple[list[Send], Wait | Done]:
        """All that can be sent now, once what was answered and what is sent is on disk."""
        sends = []
        while isinstance(move := self._delivery.next(time.monotonic()), Send):
            sends.append(move)
        try:
            self._record(self._delivery.settled(), [send.batch for send in sends if send.attempt == 1])
        except RichsyncError as error:
            self._break(error)
        if sends:
            self._delivery.departed(time.monotonic())
        return ([], Done(self._broken)) if self._broken else (sends, move)

    def _record(self, settled: list[Settled], opening: list[Batch]) -> None:
        if not settled and not opening:
            return
        for each in settled:
            self._recorder.settle(*each)
        for batch in opening:
            self._recorder.opening(batch)
        self._recorder.commit()
        for each in settled:
            self._watcher.settled(*each)

    async def _attempt(self, door: Door, send: Send) -> None:
        self._watcher.sent(send.batch, send.attempt)
        reply = await self._reply(door, send.batch)
        reply_class = self._delivery.answered(send.batch, reply, time.monotonic())
        self._watcher.answered(send.batch, reply, reply_class)
        self._changed.set()

    async def _reply(self, door: Door, batch: Batch) -> Reply:
        deadline = asyncio.timeout(self._limits.whole)
        self._attempts.add(deadline)
        try:
            async with deadline:
                return (await door.post(batch.body))._replace(private=self._private)
        except TimeoutError:
            cut = self.is_interrupted or self._broken
            failure = "cut off by the end of the run" if cut else "no whole reply in time"
            return Reply(None, failure=failure, ambiguous=True)
        finally:
            self._attempts.discard(deadline)

    async def _pause(self, until: float | None) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(None if until is None else until - time.monotonic()):
                await self._changed.wait()

    def _break(self, error: RichsyncError) -> None:
        """Without a record nothing may be sent, and no answer counts."""
        self._broken = error
        self._hurry()

    def _hurry(self) -> None:
        for deadline in self._attempts:
            if not deadline.expired():
                deadline.reschedule(0)
        self._changed.set()

    def _on_signal(self, number: int) -> None:
        if self.is_interrupted:
            self._hurry()
            return
        self.is_interrupted = True
        self._delivery.interrupt(number)
        asyncio.get_running_loop().call_later(self._limits.drain, self._hurry)
        self._changed.set()
        self._watcher.interrupted(self._delivery.in_flight)


def _hears_signals() -> bool:
    """Another thread than the main one is never told of them."""
    return threading.current_thread() is threading.main_thread()


@contextlib.contextmanager
def _signals(handle: Callable[[int], None]) -> Iterator[None]:
    """Let `handle` have SIGINT and SIGTERM; afterwards they are ignored, also while the loop is closed."""
    if not _hears_signals():
        yield
        return
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, handle, number)
    try:
        yield
    finally:
        # The loop puts back Python's own handlers, which end the process.
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
