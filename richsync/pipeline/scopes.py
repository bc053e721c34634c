"""Which part of an export is meant, and how much of what was accepted may change."""

import re
from datetime import date, timedelta, tzinfo
from math import inf
from typing import NamedTuple

from richsync.model import Order, Reject
from richsync.values import Bad, moment_reader

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CEILING = re.compile(r"(\d{1,9})(%?)", re.ASCII)


class Within(NamedTuple):
    """The orders created from `first` to `last`, both in it, in epoch milliseconds, and of these ids."""

    first: float = -inf
    last: float = inf
    ids: frozenset[str] | None = None

    def leaves_out(self, found: Order | Reject) -> bool:
        """Whether an order is known to be of another part: one whose date cannot be read may be of this."""
        if self.ids is not None and found.order_id not in self.ids:
            return True
        return found.created is not None and not self.first <= found.created <= self.last


class Scope(NamedTuple):
    """The part as it was asked for: ISO days or moments, both inclusive, and order ids as they are sent."""

    since: str = ""
    until: str = ""
    ids: frozenset[str] | None = None

    def within(self, zone: tzinfo | None) -> Within | None:
        """The same where the shop's days are those of a zone; None when everything is meant.

        Raises:
            ValueError: it is not a part of anything; the text says why.
        """
        if not (self.since or self.until or self.ids is not None):
            return None
        first = _moment("--since", self.since, zone) if self.since else -inf
        last = last_moment("--until", self.until, zone) if self.until else inf
        if first > last:
            raise ValueError(f"--since {self.since} is after --until {self.until}")
        return Within(first, last, self.ids)


EVERYTHING = Scope()


def last_moment(option: str, text: str, zone: tzinfo | None) -> int:
    """The last millisecond of a day, or the moment itself.

    Raises:
        ValueError: it is neither; the text names the option.
    """
    if not _DAY.fullmatch(text):
        return _moment(option, text, zone)
    try:
        following = date.fromisoformat(text) + timedelta(days=1)
    except (ValueError, OverflowError):
        raise _unread(option, text) from None
    return _moment(option, following.isoformat(), zone) - 1


def _moment(option: str, text: str, zone: tzinfo | None) -> int:
    found = moment_reader(("iso",), zone)(text)
    value = found.value if isinstance(found, Bad) else found
    if not isinstance(value, int):
        raise _unread(option, text)
    return value


def _unread(option: str, text: str) -> ValueError:
    return ValueError(
        f"{option} {text!r} is neither a day nor a moment: write 2024-03-31 or 2024-03-31T09:30"
    )


class Ceiling(NamedTuple):
    """So many orders at most, or so many in a hundred."""

    number: int
    is_share: bool = False

    def is_exceeded(self, changed: int, accepted: int) -> bool:
        """Whether of the orders that were accepted too many changed."""
        return changed * 100 > self.number * accepted if self.is_share else changed > self.number

    def __str__(self) -> str:
        return f"{self.number}{'%' * self.is_share}"


def parse_ceiling(text: str) -> Ceiling:
    """Read `100` or `5%`.

    Raises:
        ValueError: it is neither.
    """
    found = _CEILING.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"--max-changed {text!r} is not a number of orders: write 100 or 5%")
    return Ceiling(int(found.group(1)), bool(found.group(2)))
