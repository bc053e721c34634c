"""How an import ended: the account, and what to do next."""

import shlex
from collections.abc import Iterator
from pathlib import Path

from richsync.accounts import Account, Held, Tally
from richsync.display.screen import Screen, Styled
from richsync.model import ERRORS_COLUMN, Disposition
from richsync.pipeline.imports import Imported
from richsync.pipeline.outlooks import Job, Outlook
from richsync.pipeline.readings import Source
from richsync.reports import skip_reasons
from richsync.shown import counted, duration


def show_account(made: Imported, screen: Screen, resume: str) -> None:
    """The last lines of an import: the equation, then what to do next."""
    account = made.account
    screen.result(f"{_tally(account.read)} read =")
    for disposition in Disposition:
        tally = account.of(disposition)
        why = _why(disposition, account)
        style = "bold green" if disposition is Disposition.ACCEPTED else ""
        screen.result(Styled(f"  {tally.orders:>9,} {disposition}", style), f"{_records(tally)}{why}")
    for line in (*_took(made), *_next(made, resume)):
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


def _took(made: Imported) -> Iterator[str]:
    """How long the sending took, and what had to be sent again."""
    requests, retries, _ = made.effort
    if requests and made.seconds >= 1:
        rate = made.account.of(Disposition.ACCEPTED).orders / made.seconds
        yield f"{counted(requests, 'request')} in {duration(made.seconds)}, {rate:,.0f} orders/s"
    if retries:
        reasons = ", ".join(f"{_reason(reason)}: {count:,}" for reason, count in retries.items())
        yield f"{counted(sum(retries.values()), 'request')} had to be sent again ({reasons})"


def _reason(reason: str) -> str:
    return f"HTTP {reason}" if reason.isdecimal() else reason


def _mended(path: Path, source: Source, job: Job) -> str:
    """The command that imports mended rejects like the export: same map, same ledger, same receiver."""
    named = f"./{path}" if str(path).startswith("-") else str(path)
    return f"once mended: {shlex.join(['richsync', 'import', named, *source.map_option, *job.options])}"


def _next(made: Imported, resume: str) -> Iterator[str]:
    """Advice, only when it applies."""
    yield from _refused(made)
    yield from _mending(made.outlook)
    yield from _held(made, resume)
    if made.account.of(Disposition.ACCEPTED).orders and made.account.held is Held.NONE:
        yield f"accepted means that a 2xx was read back; look at the orders {_where(made.outlook.job)}"
        yield from _reading_back(made.outlook.job)


def _mending(outlook: Outlook) -> Iterator[str]:
    for source, written in zip(outlook.job.sources, outlook.rejects, strict=True):
        if written.orders:
            where = f"rejected orders are in {written.path}, the reason in {ERRORS_COLUMN}"
            yield f"{where}; {_mended(written.path, source, outlook.job)}"
        if written.raw_orders:
            where = f"records that cannot carry a reason are in {written.raw_path}"
            yield f"{where}; {_mended(written.raw_path, source, outlook.job)}"


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
            yield f"look at them {_where(outlook.job)}"
            yield from _reading_back(outlook.job)
            yield f"then the next {outlook.job.limit:,}: {resume}; all the rest: the same without --limit"
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


def _reading_back(job: Job) -> Iterator[str]:
    """Where a key for Richpanel's REST API exists, it can be asked for the orders."""
    if not job.is_rehearsal:
        asked = shlex.join(["richsync", "verify", "--checkpoint", str(job.ledger), "--wait", "30m"])
        yield f"or read some of them back: {asked}"


def _where(job: Job) -> str:
    """Where the orders can be looked at."""
    if job.is_rehearsal:
        return f"at {job.destination.origin}"
    return "in Richpanel, which shows them after 5 to 30 minutes"
