"""An import: an export is surveyed, compared with the ledger, sent, and accounted for."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from random import random
from types import MappingProxyType
from typing import NamedTuple, Protocol

from richsync import __version__
from richsync.accounts import Account, Held
from richsync.client import Watcher
from richsync.delivery.machine import Delivery
from richsync.delivery.moves import NO_EFFORT, Effort, Wait
from richsync.delivery.replies import ReplyClass
from richsync.errors import BugError, LedgerError, RichsyncError, UnusableError
from richsync.ledger import Binding, Ledger, LedgerView, RunStart, refusal
from richsync.model import Batch, Disposition, Reply
from richsync.pipeline.latencies import Latencies
from richsync.pipeline.leftovers import BETWEEN_SOURCES
from richsync.pipeline.outlooks import Job, Outlook, compared
from richsync.pipeline.rejecting import written_rejects
from richsync.pipeline.surveys import Progress
from richsync.pipeline.validations import accounted, opened_all
from richsync.plans import Place, Plan, Refused, Spool
from richsync.rejects import Written
from richsync.wire import Packer

MOST_NAMED = 25
"""Orders that were refused and are named one by one; all of them are in the rejects file."""


class Teller(Progress, Protocol):
    """Whoever shows an import and asks its one question."""

    def compared(self, outlook: Outlook) -> None:
        """The ledger was asked: this is about to happen."""

    def confirm(self, outlook: Outlook) -> bool:
        """Ask once whether to send."""
        ...

    def delivering(self, outlook: Outlook) -> AbstractContextManager[Watcher]:
        """Show the sending while it lasts."""
        ...


class Imported(NamedTuple):
    """What an import did. `ending` is None when it came to its end; `seconds` is the time of sending.

    `refused` are the first orders that the receiver refused, `latencies` percentiles in seconds.
    """

    outlook: Outlook
    account: Account
    ending: RichsyncError | None
    seconds: float
    refused: Sequence[Refused] = ()
    effort: Effort = NO_EFFORT
    latencies: Mapping[str, float] = {}

    @property
    def exit_code(self) -> int:
        """0 when all that was to be sent is accepted or unchanged, 1 when orders were rejected or held."""
        if self.ending is not None:
            return self.ending.exit_status
        rejected = self.account.of(Disposition.REJECTED).records
        return 1 if rejected or self.account.held.is_failure or self.outlook.faults else 0


def import_orders(job: Job, teller: Teller, clock: Callable[[], float] = time.monotonic) -> Imported:
    """Check the exports to their end, show what is about to happen, ask once, send what the ledger lacks.

    Raises:
        RichsyncError: it ended before anything was sent.
        BugError: the account does not add up.
    """
    with (
        opened_all(job.sources, teller) as readings,
        _ledger(job) as ledger,
        Spool(Place(job.ledger.parent, "--checkpoint")) as spool,
        Plan(spool) as plan,
    ):
        outlook = compared(job, readings, plan, ledger, teller)
        teller.compared(outlook)
        sent = _sent(outlook, plan, ledger, teller, clock)
        made = accounted(outlook.surveys, plan, sent.held)
        ending, refused = sent.ending, plan.refused(MOST_NAMED)
        # Whatever cannot be noted now: what was sent is told all the same.
        if refused:
            try:
                outlook = outlook._replace(rejects=written_rejects(job.rejects, outlook.surveys, plan))
            except UnusableError as error:
                ending = ending or error
        if isinstance(ledger, Ledger):
            try:
                made.check(ledger.accepted_in_run())
                ledger.finish(_word(sent.held, ending), _counts(made), _files(outlook.rejects))
            except (UnusableError, LedgerError) as error:
                ending = ending or error
        return Imported(outlook, made, ending, sent.seconds, refused, sent.effort, sent.latencies)


@contextmanager
def _ledger(job: Job) -> Iterator[Ledger | LedgerView | None]:
    """The ledger, held for the run; a dry run only looks at it, if there is one."""
    binding = Binding(job.host, job.sender.api_key)
    if job.dry_run:
        yield _looked_at(job.ledger, binding) if job.ledger.exists() else None
        return
    maps = dict.fromkeys(source.field_map.name for source in job.sources)
    run = RunStart(BETWEEN_SOURCES.join(source.name for source in job.sources), ", ".join(maps), __version__)
    with Ledger.open(job.ledger, binding, run) as ledger:
        try:
            yield ledger
        except Exception as ending:
            kind = type(ending) if isinstance(ending, RichsyncError) else BugError
            with suppress(RichsyncError):  # why it ended is told, whether or not it can be noted
                ledger.finish(kind.__name__, {})
            raise


def _looked_at(path: Path, binding: Binding) -> LedgerView:
    view = Ledger.look(path)
    if binding.api_key:
        view.check(binding)
    return view


class _Sent(NamedTuple):
    """How the sending ended; `held` is why the rest is pending."""

    held: Held
    ending: RichsyncError | None = None
    effort: Effort = NO_EFFORT
    latencies: Mapping[str, float] = MappingProxyType({})
    seconds: float = 0.0


def _sent(
    outlook: Outlook,
    plan: Plan,
    ledger: Ledger | LedgerView | None,
    teller: Teller,
    clock: Callable[[], float],
) -> _Sent:
    """Send what is lined up, unless it is held back."""
    if outlook.held or not isinstance(ledger, Ledger):
        return _Sent(outlook.held)
    if not outlook.to_send:
        return _Sent(Held.LIMIT)
    if not teller.confirm(outlook):
        return _Sent(Held.DECLINED)
    from richsync.client.driver import deliver

    job, started = outlook.job, clock()
    packer = Packer(job.sender)
    queue = packer.batches(plan.queued())
    delivery = Delivery(queue, packer.pack, job.policy, now=time.monotonic(), random=random)
    with teller.delivering(outlook) as watcher:
        latencies = Latencies(time.monotonic)
        settling = _Settling(watcher, plan, latencies)
        private = (job.sender.api_key, job.sender.secret)
        ending = deliver(delivery, job.destination, ledger, settling, private)
    held = Held.LIMIT if ending is None else Held.ENDED
    return _Sent(held, ending, delivery.effort, latencies.percentiles(), clock() - started)


class _Settling:
    """Notes in the plan what the ledger has made durable, and passes everything on."""

    def __init__(self, watcher: Watcher, plan: Plan, latencies: Latencies) -> None:
        self._watcher = watcher
        self._plan = plan
        self._latencies = latencies

    def sent(self, batch: Batch, attempt: int) -> None:
        self._latencies.begin(batch.number)
        self._watcher.sent(batch, attempt)

    def answered(self, batch: Batch, reply: Reply, reply_class: ReplyClass) -> None:
        self._latencies.end(batch.number, is_whole=reply.status is not None)
        self._watcher.answered(batch, reply, reply_class)

    def waiting(self, wait: Wait) -> None:
        self._watcher.waiting(wait)

    def interrupted(self, in_flight: int) -> None:
        self._watcher.interrupted(in_flight)

    def settled(self, batch: Batch, reply: Reply, state: str | None) -> None:
        if state == "accepted":
            self._plan.accepted(batch)
        elif state == "refused":
            said = refusal(batch, reply)
            self._plan.refuse(
                batch, f"refused by the receiver: HTTP {reply.status}, {said or 'without a text'}"
            )
        self._watcher.settled(batch, reply, state)


def _word(held: Held, ending: RichsyncError | None) -> str:
    if ending is not None:
        return type(ending).__name__
    return "complete" if held in (Held.NONE, Held.LIMIT) else str(held)


def _files(rejects: Sequence[Written]) -> str:
    """The files that hold rejected orders."""
    return BETWEEN_SOURCES.join(str(path) for written in rejects for path in written.files)


def _counts(made: Account) -> dict[str, int]:
    return {str(each): made.of(each).orders for each in Disposition}
