"""What an order lacks when all its rows were read: it is lent what others of its fields say, or told."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from richsync.checks import Severity
from richsync.fieldmaps import Bound
from richsync.fieldmaps.lines import missing
from richsync.model import Problem
from richsync.orders import shipments
from richsync.schema import Kind
from richsync.values import READERS, Bad, in_stretches, is_email, plain_emails, uid_of


def is_complete(bound: Bound, properties: dict[str, Any]) -> bool:
    """Whether properties need no completing and lack nothing: true of almost all, so it is in a hurry."""
    if "fulfillment" in properties or "deleteFulfillmentAndCreate" in properties:
        return False
    return bound.required <= properties.keys()


def known(customers: Sequence[dict[str, Any]]) -> Sequence[bool]:
    """Which of the customers have a uid, and no e-mail address that is none."""
    return in_stretches(customers, _all_known(customers), _all_known, partial(map, _is_known))


def _all_known(customers: Sequence[dict[str, Any]]) -> Sequence[bool]:
    """One look at the first customers who go by their e-mail addresses, all of them mostly."""
    emails = [customer.get("email", "") for customer in customers]
    emails = emails[: plain_emails(emails)]
    uids = [customer.get("uid") for customer in customers[: len(emails)]]
    return [True] * len(emails) if uids == [email.lower() for email in emails] else ()


def _is_known(customer: dict[str, Any]) -> bool:
    uid, email = customer.get("uid"), customer.get("email")
    if uid is None or not (email is None or is_email(email)):
        return False
    return "@" not in uid or is_email(uid)


def complete(
    bound: Bound, properties: dict[str, Any], customer: dict[str, Any], found: list[Problem]
) -> None:
    """Complete an order's properties; what they and the customer lack is appended to what was found."""
    missing(bound.needs, properties, found)
    if not properties.get("items") and not _about(found, "items"):
        found.append(Problem("RS402", field="items"))
    _check_customer(bound, customer, found)
    if "fulfillment" in properties:
        found += shipments.complete(properties, found)
    else:
        properties.pop("deleteFulfillmentAndCreate", None)


def _check_customer(bound: Bound, customer: dict[str, Any], found: list[Problem]) -> None:
    uid = customer.get("uid")
    email = customer.get("email", "")
    column = bound.email_column
    if uid is None and not (_about(found, "customer.") or _in_column(found, column)):
        found.append(Problem("RS403", column, "customer.uid"))
    is_nobody = uid is None and isinstance(READERS[Kind.UID](email), Bad)
    if email and not is_email(email) and not is_nobody:
        severity = Severity.ERROR if uid == uid_of(email) else ""
        found.append(Problem("RS511", column, "customer.email", email[:200], "", severity))
    elif uid and "@" in uid and not is_email(uid):
        found.append(Problem("RS511", "", "customer.uid", uid[:200], "", Severity.ERROR))


def _in_column(problems: list[Problem], column: str) -> bool:
    return bool(column) and any(each.column == column for each in problems)


def _about(problems: list[Problem], path: str) -> bool:
    return any(each.field.startswith(path) for each in problems)


def one_cause(problems: Sequence[Problem]) -> Sequence[Problem]:
    """The problems of a row; of a bad cell that several fields are read from, those of the first field."""
    if len({each.column for each in problems}) == len(problems):
        return problems
    first: dict[tuple[str, ...], str] = {}
    cells = [(each.code, each.column, each.value, each.note) for each in problems]
    return [
        each
        for each, cell in zip(problems, cells, strict=True)
        if not each.column or first.setdefault(cell, each.field) == each.field
    ]


def placed(problems: Iterable[Problem], line: int, raw: str) -> list[Problem]:
    """The same, those that have no place yet at this one."""
    place = (line, raw, None)
    # `_make` does the same behind another call: half of a bad export's findings come this way.
    return [each if each.line else tuple.__new__(Problem, each[:6] + place) for each in problems]
