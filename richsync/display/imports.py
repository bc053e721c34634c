"""An import on the screen: the outlook, the one question, the sending, the account."""

import shlex
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.prompt import Confirm

from richsync.accounts import Account, Held, Tally
from richsync.client import Watcher
from richsync.delivery import ReplyClass, Wait
from richsync.display.findings import show_export, show_findings
from richsync.display.progress import PLAIN_EVERY, Reading
from richsync.display.screen import Screen, safe, styled
from richsync.model import ERRORS_COLUMN, Batch, Disposition, Reply
from richsync.pipeline.imports import Imported
from richsync.pipeline.outlooks import Job, Outlook
from richsync.pipeline.surveys import Source, Survey
from richsync.rejects import Written
from richsync.reports import Teller, days, money, needed, skip_reasons
from richsync.shown import counted
from richsync.wire import RICHPANEL, Signature

_PLAIN_SHARE = 0.1
_FEW = 5


class ScreenTeller(Reading):
    """Shows an import as it goes, live on a terminal and in plain lines elsewhere."""

    def __init__(self, screen: Screen, *, yes: bool, show_values: bool) -> None:
        super().__init__(screen)
        self._yes = yes
        self._show_values = show_values

    def checked(self, survey: Survey) -> None:
        """What was read, how, and with which map."""
        super().checked(survey)
        show_export(survey, self._screen)

    # before sending

    def compared(self, outlook: Outlook) -> None:
        """The findings, then what is about to happen."""
        for survey in outlook.surveys:
            told = Teller(survey, show_values=self._show_values).told
            show_findings(told, self._screen.note, self._screen.width)
        for label, text in _outlook(outlook):
            self._screen.note(styled(f"{label:>12}  ", "bold"), text)

    def confirm(self, outlook: Outlook) -> bool:
        """Ask once."""
        if self._yes:
            return True
        orders, origin = counted(outlook.to_send, "order"), outlook.job.destination.origin
        undone = "" if outlook.job.is_rehearsal else " It cannot be undone"
        question = f"Send {orders} to {origin}?{undone}"
        ask = partial(Confirm.ask, question, console=self._screen.err, default=False)
        return bool(self._screen.ask(ask))

    # while sending

    @contextmanager
    def delivering(self, outlook: Outlook) -> Iterator[Watcher]:
        """A bar of what is to be sent, or plain lines."""
        if not self._screen.is_live:
            yield _PlainSending(self._screen, outlook.to_send)
            return
        columns = (
            TextColumn("sending"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[status]}"),
        )
        with Progress(*columns, console=self._screen.err) as bar:
            task = bar.add_task("", total=outlook.to_send, status="")
            yield _LiveSending(bar, task, self._screen)


class _Sending:
    """What both ways of showing the sending have in common."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._retrying: set[int] = set()

    def sent(self, batch: Batch, attempt: int) -> None:
        """Nothing to show: the answer is what counts."""

    def answered(self, batch: Batch, reply: Reply, reply_class: ReplyClass) -> None:
        """Remember which batches wait for another try."""
        if reply_class is ReplyClass.AGAIN:
            self._retrying.add(batch.number)
        else:
            self._retrying.discard(batch.number)

    def waiting(self, wait: Wait) -> None:
        """Shown by the live bar only."""

    def interrupted(self, in_flight: int) -> None:
        """The first signal."""
        if in_flight:
            self._screen.note(f"finishing {counted(in_flight, 'request')} in flight; again to stop now")

    def settled(self, batch: Batch, reply: Reply, state: str | None) -> None:
        """Whatever its orders wait for now, it is another batch that carries them."""
        self._retrying.discard(batch.number)


class _LiveSending(_Sending):
    def __init__(self, bar: Progress, task: TaskID, screen: Screen) -> None:
        super().__init__(screen)
        self._bar = bar
        self._task = task

    def answered(self, batch: Batch, reply: Reply, reply_class: ReplyClass) -> None:
        super().answered(batch, reply, reply_class)
        retrying = counted(len(self._retrying), "batch").replace("batchs", "batches")
        self._bar.update(self._task, status=f"retrying {retrying}" if self._retrying else "")

    def waiting(self, wait: Wait) -> None:
        if wait.until is not None and wait.reason:
            left = max(0.0, wait.until - time.monotonic())
            if left > 1:
                self._bar.update(self._task, status=safe(f"waiting {left:.0f} s: {wait.reason}").plain)

    def settled(self, batch: Batch, reply: Reply, state: str | None) -> None:
        super().settled(batch, reply, state)
        if state is not None:
            self._bar.update(self._task, advance=len(batch.orders), status="")


class _PlainSending(_Sending):
    def __init__(self, screen: Screen, total: int) -> None:
        super().__init__(screen)
        self._total = total
        self._accepted = 0
        self._said = 0
        self._last = time.monotonic()

    def settled(self, batch: Batch, reply: Reply, state: str | None) -> None:
        super().settled(batch, reply, state)
        if state == "accepted":
            self._accepted += len(batch.orders)
        self._tell()

    def answered(self, batch: Batch, reply: Reply, reply_class: ReplyClass) -> None:
        super().answered(batch, reply, reply_class)
        if reply_class is ReplyClass.AGAIN:
            self._tell()

    def _tell(self) -> None:
        now = time.monotonic()
        if now - self._last < PLAIN_EVERY and self._accepted - self._said < self._total * _PLAIN_SHARE:
            return
        self._last, self._said = now, self._accepted
        retrying = f", retrying {len(self._retrying)}" if self._retrying else ""
        self._screen.note(f"accepted {self._accepted:,} of {counted(self._total, 'order')}{retrying}")


def _outlook(outlook: Outlook) -> Iterator[tuple[str, str]]:
    """What is about to happen, a line each."""
    job, overview = outlook.job, outlook.overview
    words = (
        ("new", "new"),
        ("changed", "changed"),
        ("in doubt", "never answered, sent again"),
        ("refused before", "refused before, sent again"),
        ("unchanged", "unchanged"),
        ("scope", "out of scope"),
    )
    states = [
        f"{outlook.orders(state):,} {word}"
        for state, word in words
        if outlook.orders(state) or state == "new"
    ]
    yield "orders", ", ".join([*states, f"{outlook.orders('rejected'):,} rejected"])
    if overview.orders:
        customers = counted(overview.customers, "customer")
        yield "history", f"{days(overview, outlook.surveys)}, {customers}, {money(overview)}"
    if outlook.unknown:
        few = ", ".join(outlook.unknown[:_FEW]) + " …" * (len(outlook.unknown) > _FEW)
        yield "not there", f"{counted(len(outlook.unknown), 'id')} of --only-ids: {few}"
    yield "destination", f"{job.destination.origin}, signature {job.sender.signature}"
    yield "ledger", str(job.ledger)
    if outlook.held:
        yield "to send", f"nothing: {outlook.held}"
        return
    yield "to send", needed(outlook.to_send, job.policy.rate)


def show_account(made: Imported, screen: Screen, resume: str) -> None:
    """The last lines of an import: the equation, then what to do next."""
    account = made.account
    screen.result(f"{_tally(account.read)} read =")
    for disposition in Disposition:
        tally = account.of(disposition)
        why = _why(disposition, account)
        style = "bold green" if disposition is Disposition.ACCEPTED else ""
        screen.result(styled(f"  {tally.orders:>9,} {disposition}", style), f"{_records(tally)}{why}")
    for line in _next(made, resume):
        screen.note(line)


def _tally(tally: Tally) -> str:
    return f"{counted(tally.orders, 'order')} ({counted(tally.records, 'record')})"


def _records(tally: Tally) -> str:
    return f" ({counted(tally.records, 'record')})" if tally.records != tally.orders else ""


def _why(disposition: Disposition, account: Account) -> str:
    if disposition is Disposition.SKIPPED:
        return skip_reasons(account)
    if disposition is Disposition.PENDING and account.held:
        return f": {account.held}"
    return ""


def _again(job: Job, source: Source, written: Written) -> list[str]:
    """The command that imports the mended rejects like the export: same map, same ledger, same receiver."""
    read_as = source.read_as
    options = {
        "--checkpoint": (str(job.ledger), ""),
        "--endpoint": (job.destination.origin, RICHPANEL),
        "--signature": (str(job.sender.signature), Signature.NONE),
        "--encoding": (read_as.encoding, None),
        "--delimiter": (read_as.delimiter, None),
    }
    given = [(name, value) for name, (value, usual) in options.items() if value and value != usual]
    words = [*source.map_option, *(word for pair in given for word in pair)]
    return ["richsync", "import", str(written.path), *words]


def _next(made: Imported, resume: str) -> Iterator[str]:
    """Advice, only when it applies."""
    yield from _refused(made)
    yield from _mending(made.outlook)
    yield from _held(made, resume)
    if made.account.of(Disposition.ACCEPTED).orders and made.account.held is Held.NONE:
        yield f"accepted means that a 2xx was read back; look at the orders {_where(made.outlook.job)}"


def _mending(outlook: Outlook) -> Iterator[str]:
    for source, written in zip(outlook.job.sources, outlook.rejects, strict=True):
        if written.orders:
            again = shlex.join(_again(outlook.job, source, written))
            where = f"rejected orders are in {written.path}, the reason in {ERRORS_COLUMN}"
            yield f"{where}; once mended: {again}"
        if written.raw_orders:
            yield f"records that cannot carry a reason are in {written.raw_path}"


def _held(made: Imported, resume: str) -> Iterator[str]:
    """What to do about orders that are pending."""
    outlook = made.outlook
    match made.account.held:
        case Held.INVALID_EXPORT if not outlook.faults:
            yield f"nothing was sent: mend the export, or import the valid orders: {resume} --skip-invalid"
        case Held.INVALID_EXPORT:
            yield f"nothing was sent: mend the export, then: {resume}"
        case Held.RENAMED:
            yield "nothing was sent: restore `orderId:` in the map"
            yield f"only if the new ids are meant: {resume} --new-ids"
        case Held.CHANGED:
            changed = outlook.orders("changed")
            yield f"nothing was sent: look at what changed; if it is meant, say --max-changed {changed}"
        case Held.LIMIT:
            yield f"look at them {_where(outlook.job)}; then"
            yield f"the next {outlook.job.limit:,}: {resume}; all the rest: the same without --limit"
        case Held.DRY_RUN | Held.DECLINED:
            yield f"nothing was sent; to send: {resume}"
        case _:
            pass


def _refused(made: Imported) -> Iterator[str]:
    """The orders that the receiver refused, named, and what else happened on the way."""
    for each in made.refused:
        where = f"{made.outlook.surveys[each.source].export.name}:{each.line}"
        yield f"{where}  order {each.order_id} was {each.why}"
    rejected = made.account.of(Disposition.REJECTED).orders
    more = rejected - made.outlook.orders("rejected") - len(made.refused)
    if more:
        yield f"and {counted(more, 'more order')}"
    if made.effort.ambiguous:
        ended = f"{counted(made.effort.ambiguous, 'request')} ended without a whole reply"
        yield f"{ended}: the receiver may have taken their orders, which counts only once it says so"


def _where(job: Job) -> str:
    """Where the orders can be looked at."""
    if job.is_rehearsal:
        return f"at {job.destination.origin}"
    return "in Richpanel, which shows them after 5 to 30 minutes"
