"""What a plan tells."""

from typing import NamedTuple


class Occurrence(NamedTuple):
    """One of several orders with the same id; `state` is `new`, `rejected` or `scope`.

    Of one content the `digest` is the same. `moment` is when it was updated last, else created, in epoch
    milliseconds.
    """

    seq: int
    source: int
    line: int
    digest: bytes | int | None
    state: str
    moment: int | None


class Repeat(NamedTuple):
    """An order id that stands several times in the sources, in their order."""

    order_id: str
    occurrences: tuple[Occurrence, ...]


class Renamed(NamedTuple):
    """An order whose source cells were accepted under another id."""

    source: int
    order_id: str
    former: str
    line: int


class Older(NamedTuple):
    """An order that was accepted as it was later, `updated` in epoch milliseconds."""

    seq: int
    source: int
    order_id: str
    line: int
    updated: int


class RejectedRows(NamedTuple):
    """A rejected order's rows as their raw text stood, and why it was rejected."""

    raw: str
    tabular: bool
    why: str


class Refused(NamedTuple):
    """An order that the receiver refused, and what it said; `source` is the number of its source."""

    source: int
    order_id: str
    line: int
    why: str


class Money(NamedTuple):
    """The orders of one currency ("" when none is mapped) and their sum."""

    currency: str
    orders: int
    amount: float


class Overview(NamedTuple):
    """The orders that can be sent; the first and last are epoch milliseconds."""

    orders: int
    customers: int
    first: int | None
    last: int | None
    money: tuple[Money, ...]
