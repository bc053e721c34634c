"""Findings and mistakes as people read them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from richsync.accounts import Account
from richsync.checks import CHECKS, Severity
from richsync.display.screen import Screen, counted, safe, styled
from richsync.errors import BadMapError
from richsync.findings import Group
from richsync.model import Disposition
from richsync.pipeline.surveys import Survey
from richsync.pipeline.validations import Surveyed
from richsync.plans import Overview
from richsync.reports import place, shown

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_MOST_VALUES = 3
_LONGEST = 80


Write = Callable[..., None]
"""A line of text to one of the streams."""


def show_findings(survey: Survey, write: Write, *, show_values: bool) -> None:
    """Every group of findings: what, where, and how to mend it."""
    for group in survey.findings:
        _show_group(group, survey, write, show_values=show_values)


def _show_group(group: Group, survey: Survey, write: Write, *, show_values: bool) -> None:
    problem = group.problem
    check = CHECKS[problem.code]
    head = styled(f"{group.severity} {problem.code} ", _STYLES[group.severity])
    column = f" [{problem.column}]" if problem.column and problem.column not in group.message else ""
    about = f" ({counted(group.count, 'time')})" if group.count > 1 else ""
    write(head, f"{group.message}{column}{about}")
    for sample in group.samples if problem.line else ():
        line, at = place(sample.problem, survey)
        value = shown(sample.problem, sample.problem.value, show_values=show_values)
        order = f"  order {_cut(sample.order_id)}" if sample.order_id else ""
        note = f"  ({_cut(_added(sample.problem.note))})" if sample.problem.note != problem.note else ""
        quoted = f'  "{_cut(value)}"' if value else ""
        write(f"  {survey.export.name}:{line}:{at}{order}{quoted}{note}")
    if group.count > len(group.samples):
        write(f"  … {group.count - len(group.samples):,} more, the last on line {group.last:,}")
    if len(group.values) > 1:
        common = group.values.most_common(_MOST_VALUES)
        values = ", ".join(f'"{_cut(shown(problem, v, show_values=show_values))}" x{n}' for v, n in common)
        write(f"  most often: {values}")
    write(styled("  mend: ", "dim"), check.mend)


def _added(note: str) -> str:
    """A note without what joins it to the message that it ends."""
    return note.rpartition(": ")[2].strip(" ()") if note.startswith((" ", ":")) else note


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def show_export(survey: Survey, screen: Screen) -> None:
    """What was read, how, and with which map."""
    export = survey.export
    delimiter = {"\t": "tab", "": ""}.get(export.delimiter, repr(export.delimiter))
    how = ", ".join(
        part
        for part in (export.format, export.encoding, delimiter, export.compression)
        if part not in ("", "none")
    )
    screen.note(f"{export.name}: {how}; map {survey.field_map.name}")
    if export.preamble:
        screen.note(f"  {counted(export.preamble, 'line')} above the header passed over")
    if survey.grouped:
        which = "rows" if survey.field_map.export.scattered else "rows next to each other"
        screen.note(f"  {which} with the same key are one order")
    if survey.field_map.derived:
        screen.note(f"  taken from other fields: {'; '.join(survey.field_map.derived)}")


def show_verdict(found: Surveyed, screen: Screen) -> None:
    """The last lines of `validate`: the totals, and whether it can be imported."""
    account, overview = found.account, found.overview
    rejected = account.of(Disposition.REJECTED)
    read = f"{counted(account.read.orders, 'order')} in {counted(account.read.records, 'record')}"
    skipped = f"{account.of(Disposition.SKIPPED).orders:,} skipped{skip_reasons(account)}"
    screen.result(f"{read}: {overview.orders:,} valid, {rejected.orders:,} rejected, {skipped}")
    if overview.orders:
        customers = counted(overview.customers, "customer")
        screen.result(f"{customers}, {days(overview, found.surveys)}, {money(overview)}")
    if any(survey.faults for survey in found.surveys):
        screen.result(styled("not valid: ", "bold red"), "the file as a whole cannot be trusted, see above")
        return
    errors, warnings = (
        sum(survey.findings.count(severity) for survey in found.surveys)
        for severity in (Severity.ERROR, Severity.WARNING)
    )
    if errors:
        screen.result(
            styled("not valid: ", "bold red"), f"{counted(errors, 'error')}, {counted(warnings, 'warning')}"
        )
    else:
        screen.result(styled("valid", "bold green"), f": {counted(warnings, 'warning')}")


def days(overview: Overview, surveys: Sequence[Survey]) -> str:
    """From which day to which the orders are, in the time zone of the map: as the shop shows them."""
    zone = next((each.field_map.export.zone for each in surveys if each.field_map.export.zone), UTC)
    ends = (
        datetime.fromtimestamp((each or 0) / 1000, zone).date() for each in (overview.first, overview.last)
    )
    return " to ".join(map(str, ends))


def money(overview: Overview) -> str:
    """The sums of the orders, by currency."""
    return ", ".join(f"{each.amount:,.2f} {each.currency}".rstrip() for each in overview.money)


def skip_reasons(account: Account) -> str:
    """` (duplicate: 1 order, where: 12 records)`; nothing when nothing was skipped."""
    reasons = (
        f"{reason}: {counted(tally.orders, 'order') if tally.orders else counted(tally.records, 'record')}"
        for reason, tally in account.skipped.items()
    )
    return f" ({', '.join(reasons)})" if account.skipped else ""


def show_mistakes(error: BadMapError, screen: Screen) -> None:
    """Every mistake of a field map, at its place."""
    for each in error.mistakes:
        place = styled(f"{error.name}:{each.line}:{each.column} ", "bold")
        screen.err.print(place, styled(f"{each.code} ", "red"), safe(each.message), sep="")
        if each.help:
            screen.err.print("  ", safe(each.help), sep="")
    screen.error(error.message, error.hint)
