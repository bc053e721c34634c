"""An import: an export is surveyed, compared with the ledger, sent, and accounted for."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from random import random
from typing import Protocol

from richsync import __version__
from richsync.accounts import Account, Held
from richsync.client import Watcher, deliver
from richsync.delivery import Delivery, ReplyClass, Wait
from richsync.errors import InterruptedRunError, RichsyncError
from richsync.ledger import Binding, Ledger, LedgerView, RunStart
from richsync.model import Batch, Disposition, Reply
from richsync.pipeline.outlooks import Job, Outlook, compared
from richsync.pipeline.surveys import Progress
from richsync.pipeline.validations import accounted, opened_all, survey_all
from richsync.plans import Plan, Spool
from richsync.wire import batches


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


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. `ending` is None when it came to its end; `seconds` is the time of sending."""

    outlook: Outlook
    account: Account
    ending: RichsyncError | None
    seconds: float

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
        Spool(job.ledger.parent) as spool,
        Plan(spool) as plan,
    ):
        surveys = survey_all(readings, plan, teller, job.scope)
        outlook = compared(job, surveys, plan, ledger)
        teller.compared(outlook)
        started = clock()
        held, ending = _sent(outlook, plan, ledger, teller)
        made = accounted(surveys, plan, held)
        if isinstance(ledger, Ledger):
            made.check(ledger.accepted_in_run())
            ledger.finish(_word(held, ending), _counts(made))
        return Imported(outlook, made, ending, clock() - started)


@contextmanager
def _ledger(job: Job) -> Iterator[Ledger | LedgerView | None]:
    """The ledger, held for the run; a dry run only looks at it, if there is one."""
    if job.dry_run:
        yield Ledger.look(job.ledger) if job.ledger.exists() else None
        return
    maps = dict.fromkeys(source.field_map.name for source in job.sources)
    run = RunStart(", ".join(source.name for source in job.sources), ", ".join(maps), __version__)
    with Ledger.open(job.ledger, Binding(job.host, job.sender.api_key), run) as ledger:
        try:
            yield ledger
        except InterruptedRunError as ending:
            ledger.finish(_word(Held.ENDED, ending), {})
            raise


def _sent(
    outlook: Outlook, plan: Plan, ledger: Ledger | LedgerView | None, teller: Teller
) -> tuple[Held, RichsyncError | None]:
    """Send what is lined up, unless it is held back; why the rest is pending, and how it ended."""
    if outlook.held or not isinstance(ledger, Ledger):
        return outlook.held, None
    if not outlook.to_send:
        return Held.LIMIT, None
    if not teller.confirm(outlook):
        return Held.DECLINED, None
    job = outlook.job
    queue = batches(plan.queued(), job.sender)
    delivery = Delivery(queue, job.policy, now=time.monotonic(), random=random)
    with teller.delivering(outlook) as watcher:
        ending = deliver(delivery, job.destination, ledger, _Settling(watcher, plan))
    return Held.LIMIT if ending is None else Held.ENDED, ending


class _Settling:
    """Notes in the plan what the ledger has made durable, and passes everything on."""

    def __init__(self, watcher: Watcher, plan: Plan) -> None:
        self._watcher = watcher
        self._plan = plan

    def sent(self, batch: Batch, attempt: int) -> None:
        self._watcher.sent(batch, attempt)

    def answered(self, batch: Batch, reply: Reply, reply_class: ReplyClass) -> None:
        self._watcher.answered(batch, reply, reply_class)

    def waiting(self, wait: Wait) -> None:
        self._watcher.waiting(wait)

    def interrupted(self, in_flight: int) -> None:
        self._watcher.interrupted(in_flight)

    def settled(self, batch: Batch, state: str | None) -> None:
        if state == "accepted":
            self._plan.accepted(batch)
        self._watcher.settled(batch, state)


def _word(held: Held, ending: RichsyncError | None) -> str:
    if ending is not None:
        return type(ending).__name__
    return "complete" if held in (Held.NONE, Held.LIMIT) else str(held)


def _counts(made: Account) -> dict[str, int]:
    return {str(each): made.of(each).orders for each in Disposition}
