"""What a run comes to, in a few lines of text: for the end of a screen, and for the summary of a CI step."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from richsync.accounts import Account
from richsync.checks import Severity
from richsync.delivery.pace import PUBLISHED_RATE, UNLIMITED, Rate
from richsync.model import MOST_ORDERS, Disposition
from richsync.pipeline.surveys import Survey
from richsync.pipeline.validations import Surveyed
from richsync.plans import Overview
from richsync.shown import counted, duration
from richsync.values import minor_digits

_USUAL = 2
"""Digits of an amount without a currency."""


def totals(found: Surveyed) -> Iterator[str]:
    """Orders by what would become of them, whose they are and from when, their money, what to send needs."""
    account, overview = found.account, found.overview
    read = f"{counted(account.read.orders, 'order')} in {counted(account.read.records, 'record')}"
    rejected, skipped = (account.of(each).orders for each in (Disposition.REJECTED, Disposition.SKIPPED))
    reasons = skip_reasons(account)
    yield f"{read}: {overview.orders:,} valid, {rejected:,} rejected, {skipped:,} skipped{reasons}"
    if overview.orders:
        customers = counted(overview.customers, "customer")
        yield f"{customers}, {days(overview, found.surveys)}, {money(overview)}"
    if overview.orders and not _any_fault(found):
        how = (
            "an import"
            if all(survey.is_sound for survey in found.surveys)
            else "with --skip-invalid an import"
        )
        yield f"{how} would send {needed(overview.orders, PUBLISHED_RATE)}"


def verdict(found: Surveyed) -> tuple[str, str]:
    """`valid` or `not valid`, and why."""
    if _any_fault(found):
        return "not valid", "the file as a whole cannot be trusted, see above"
    errors, warnings = (
        sum(survey.findings.count(severity) for survey in found.surveys)
        for severity in (Severity.ERROR, Severity.WARNING)
    )
    if errors:
        return "not valid", f"{counted(errors, 'error')}, {counted(warnings, 'warning')}"
    return "valid", counted(warnings, "warning")


def _any_fault(found: Surveyed) -> bool:
    return any(survey.faults for survey in found.surveys)


def needed(orders: int, rate: Rate) -> str:
    """`30 orders in 2 requests, at least 1 s at 50 requests in 30 s`."""
    requests = -(-orders // MOST_ORDERS)
    seconds = 0 if rate == UNLIMITED else requests * rate.seconds / rate.requests
    pace = f"{rate.requests} requests in {rate.seconds:g} s"
    at_least = f", at least {duration(seconds)} at {pace}" if seconds >= 1 else ""
    return f"{counted(orders, 'order')} in {counted(requests, 'request')}{at_least}"


def days(overview: Overview, surveys: Sequence[Survey]) -> str:
    """From which day to which the orders are, in the time zone of the map: as the shop shows them."""
    zone = next((each.field_map.export.zone for each in surveys if each.field_map.export.zone), UTC)
    ends = (
        datetime.fromtimestamp((each or 0) / 1000, zone).date() for each in (overview.first, overview.last)
    )
    return " to ".join(map(str, ends))


def money(overview: Overview) -> str:
    """The sums of the orders, by currency."""
    return ", ".join(_sum(each.amount, each.currency) for each in overview.money)


def _sum(amount: float, currency: str) -> str:
    digits = minor_digits(currency)
    return f"{amount:,.{_USUAL if digits is None else digits}f} {currency}".rstrip()


def skip_reasons(account: Account) -> str:
    """` (duplicate: 1 order, where: 12 records)`; nothing when nothing was skipped."""
    reasons = (
        f"{reason}: {counted(tally.orders, 'order') if tally.orders else counted(tally.records, 'record')}"
        for reason, tally in account.skipped.items()
    )
    return f" ({', '.join(reasons)})" if account.skipped else ""
