"""Reports for machines: what a run found and did, as JSON values. Versioned by `schema`."""

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from richsync import __version__
from richsync.accounts import Account, Tally
from richsync.checks import Severity
from richsync.model import Disposition
from richsync.pipeline.scopes import EVERYTHING
from richsync.pipeline.surveys import Survey
from richsync.pipeline.validations import Surveyed
from richsync.reports.told import Teller, Told, ToldGroup

if TYPE_CHECKING:
    from richsync.pipeline.imports import Imported
    from richsync.pipeline.outlooks import Outlook
    from richsync.plans import Refused

VERSION = 1


def ended(message: str, hint: str, exit_code: int) -> dict[str, Any]:
    """The report of a run that ended before it had anything to report, version 1."""
    return {
        "schema": VERSION,
        "tool": "richsync",
        "version": __version__,
        "ending": message,
        "hint": hint,
        "exit_code": exit_code,
        "complete": False,
    }


def validated(found: Surveyed, *, show_values: bool) -> dict[str, Any]:
    """The report of `validate`, version 1; of several sources each its own under `sources`."""
    surveys = found.surveys
    each = [validation(survey, survey.account(), show_values=show_values) for survey in surveys]
    return _of_all(each, found.account)


def _of_all(reports: list[dict[str, Any]], account: Account) -> dict[str, Any]:
    if len(reports) == 1:
        return reports[0]
    return {
        "schema": VERSION,
        "tool": "richsync",
        "version": __version__,
        "sources": reports,
        "account": accounted(account),
        "complete": all(report["complete"] for report in reports),
    }


def validation(survey: Survey, account: Account, *, show_values: bool) -> dict[str, Any]:
    """The report of `validate`, version 1."""
    export = survey.export
    overview = survey.overview
    return {
        "schema": VERSION,
        "tool": "richsync",
        "version": __version__,
        "source": {
            "path": export.name,
            "bytes": export.size if export.size is not None else export.bytes_read,
            "sha256": export.sha256,
            "format": export.format,
            "encoding": export.encoding,
            "bom": export.bom,
            "delimiter": export.delimiter,
            "newline": export.newline,
            "compression": export.compression,
            "preamble": export.preamble,
            "records": account.read.records,
            "lines": export.line,
        },
        "map": {
            "path": survey.field_map.name,
            "sha256": survey.field_map.sha256 or None,
            "derived": list(survey.field_map.derived),
        },
        "counts": {
            **{str(severity): survey.findings.count(severity) for severity in Severity},
            "orders": account.read.orders,
            "valid_orders": overview.orders,
            "bad_orders": account.of(Disposition.REJECTED).orders,
            "records": account.read.records,
            "skipped": account.of(Disposition.SKIPPED).records,
        },
        "summary": {
            "first_order": iso(overview.first),
            "last_order": iso(overview.last),
            "customers": overview.customers,
            "amount_by_currency": {each.currency: round(each.amount, 3) for each in overview.money},
        },
        "groups": [_group(group) for group in Teller(survey, show_values=show_values).told.groups],
        "complete": not survey.faults,
    }


def unread(told: Told) -> dict[str, Any]:
    """The same when the map has mistakes, which are its findings: nothing was read."""
    counts = ("orders", "valid_orders", "bad_orders", "records", "skipped")
    severities = Counter(group.severity for group in told.groups)
    return {
        "schema": VERSION,
        "tool": "richsync",
        "version": __version__,
        "source": None,
        "map": {"path": told.path, "sha256": None, "derived": []},
        "counts": {str(each): severities[each] for each in Severity} | dict.fromkeys(counts, 0),
        "summary": {"first_order": None, "last_order": None, "customers": 0, "amount_by_currency": {}},
        "groups": [_group(group) for group in told.groups],
        "complete": False,
    }


def imported(made: "Imported", *, show_values: bool) -> dict[str, Any]:
    """The report of `import`, version 1: the account in numbers, the same that the screen shows."""
    outlook, account = made.outlook, made.account
    job = outlook.job
    reports = [
        validation(survey, survey.account(), show_values=show_values)
        | {
            "rejects": str(written.path) if written.orders else None,
            "rejects_raw": str(written.raw_path) if written.raw_orders else None,
        }
        for survey, written in zip(outlook.surveys, outlook.rejects, strict=True)
    ]
    return _of_all(reports, account) | {
        "destination": {"origin": job.destination.origin, "signature": str(job.sender.signature)},
        "ledger": str(job.ledger),
        "scope": _scope(outlook),
        "planned": {
            "new": outlook.orders("new"),
            "changed": outlook.orders("changed"),
            "in_doubt": outlook.orders("in doubt"),
            "refused_before": outlook.orders("refused before"),
            "unchanged": outlook.orders("unchanged"),
            "to_send": 0 if outlook.held else outlook.to_send,
        },
        "account": accounted(account),
        "refused": [
            {"source": outlook.surveys[each.source].export.name, **_refused(each)} for each in made.refused
        ],
        "requests": {
            "sent": made.effort.requests,
            "sent_again_by_reason": dict(made.effort.retries),
            "without_a_whole_reply": made.effort.ambiguous,
            "answered_after_ms": {name: round(taken * 1000, 1) for name, taken in made.latencies.items()},
        },
        "seconds": round(made.seconds, 3),
        "ending": made.ending.message if made.ending else None,
        "hint": made.ending.hint if made.ending else None,
        "exit_code": made.exit_code,
    }


def _scope(outlook: "Outlook") -> dict[str, Any] | None:
    """The part that was asked for; None when it was everything."""
    scope = outlook.job.scope
    if scope == EVERYTHING:
        return None
    ids = {"ids": len(scope.ids), "ids_without_order": list(outlook.unknown)} if scope.ids else {}
    return {"since": scope.since or None, "until": scope.until or None, **ids}


def _refused(refused: "Refused") -> dict[str, Any]:
    return {"order_id": refused.order_id, "line": refused.line, "why": refused.why}


def accounted(account: Account) -> dict[str, Any]:
    """The promise in numbers: what was read is the sum of the rest."""
    return {
        "read": _tally(account.read),
        **{str(each): _tally(account.of(each)) for each in Disposition},
        "skipped_by_reason": {str(reason): _tally(tally) for reason, tally in account.skipped.items()},
        "pending_because": str(account.held) or None,
    }


def _tally(tally: Tally) -> dict[str, int]:
    return {"orders": tally.orders, "records": tally.records}


def _group(group: ToldGroup) -> dict[str, Any]:
    return {
        "code": group.code,
        "name": group.name,
        "severity": str(group.severity),
        "column": group.column or None,
        "field": group.field or None,
        "count": group.times,
        "orders": group.orders,
        "first": group.first and group.first._asdict(),
        "last": group.last and group.last._asdict(),
        "values": [{"value": value, "count": count} for value, count in group.values],
        "values_exact": group.values_exact,
        "samples": [
            {
                **sample.place._asdict(),
                "order_id": sample.order_id or None,
                "value": sample.value,
                "note": sample.note or None,
            }
            for sample in group.samples
        ],
        "message": group.message,
        "help": group.mend,
    }


def iso(milliseconds: int | None) -> str | None:
    """A moment as ISO 8601 in UTC."""
    if milliseconds is None:
        return None
    return (
        datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    )
