"""The promise: every record and every order read has exactly one disposition, and the sums say so.

Screen, report and exit code read only an `Account`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from richsync.errors import BugError
from richsync.model import Disposition, SkipReason


@dataclass(frozen=True, slots=True)
class Tally:
    """So many orders, made of so many records."""

    orders: int = 0
    records: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.orders + other.orders, self.records + other.records)


class Held(StrEnum):
    """Why valid orders stayed pending."""

    NONE = ""
    LIMIT = "beyond --limit"
    DRY_RUN = "a dry run sends nothing"
    INVALID_EXPORT = "the export has errors"
    RENAMED = "order ids changed"
    CHANGED = "more orders changed than --max-changed allows"
    DECLINED = "not confirmed"
    ENDED = "the run ended early"

    @property
    def is_failure(self) -> bool:
        """Whether orders were held back that were meant to be sent."""
        return self in (Held.INVALID_EXPORT, Held.RENAMED, Held.CHANGED, Held.DECLINED)


class Account(NamedTuple):
    """What became of everything that was read. `skipped` is by reason."""

    read: Tally
    by_disposition: Mapping[Disposition, Tally]
    skipped: Mapping[SkipReason, Tally] = field(default_factory=dict)
    held: Held = Held.NONE

    def of(self, disposition: Disposition) -> Tally:
        """The orders and records of a disposition."""
        return self.by_disposition.get(disposition, Tally())

    def check(self, accepted_in_ledger: int | None = None) -> None:
        """Raise BugError unless everything read is accounted for, and the ledger agrees."""
        total = sum((self.of(each) for each in Disposition), Tally())
        if total != self.read:
            raise BugError(f"the account does not add up: read {self.read}, accounted for {total}")
        accepted = self.of(Disposition.ACCEPTED).orders
        if accepted_in_ledger is not None and accepted_in_ledger != accepted:
            raise BugError(f"{accepted} orders were accepted, and the ledger holds {accepted_in_ledger}")


_DISPOSITIONS = {
    "new": Disposition.PENDING,
    "changed": Disposition.PENDING,
    "in doubt": Disposition.PENDING,
    "refused before": Disposition.PENDING,
    "unchanged": Disposition.UNCHANGED,
    "accepted": Disposition.ACCEPTED,
    "rejected": Disposition.REJECTED,
    "refused": Disposition.REJECTED,
    "duplicate": Disposition.SKIPPED,
    "scope": Disposition.SKIPPED,
}
_REASONS = {"duplicate": SkipReason.DUPLICATE, "scope": SkipReason.SCOPE}


def account(
    read: Tally,
    states: Mapping[str, tuple[int, int]],
    skipped: Mapping[SkipReason, int],
    held: Held,
) -> Account:
    """The account of a run.

    `read` is what the reader and the assembler counted; `states` the plan's (orders, records) by state;
    `skipped` the records passed over before they were part of an order.
    """
    sums: dict[Disposition, Tally] = dict.fromkeys(Disposition, Tally())
    for state, (orders, records) in states.items():
        disposition = _DISPOSITIONS[state]
        sums[disposition] += Tally(orders, records)
    reasons = {reason: Tally(0, records) for reason, records in skipped.items() if records}
    reasons |= {reason: Tally(*states[state]) for state, reason in _REASONS.items() if state in states}
    sums[Disposition.SKIPPED] += Tally(0, sum(skipped.values()))
    return Account(read, sums, reasons, held if sums[Disposition.PENDING].orders else Held.NONE)
