"""The words of the domain, as values: record, order, reject, event, batch, disposition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

Json: TypeAlias = Mapping[str, Any]

Row: TypeAlias = list[str] | dict[str, Any]
"""What a record holds: the cells of a CSV row in the header's order, or one JSON object."""


ERRORS_COLUMN = "_richsync_errors"
"""The column that a rejects file adds to the export's own; maps need not and cannot name it."""


class Odd(NamedTuple):
    """What stands in an export where a record was expected: `code` says what it is."""

    code: str
    note: str = ""
    cells: tuple[str, ...] = ()
    at: int | None = None
    """Where in the raw text it stands, from 0."""
    begins: str = ""
    """The line on which it begins, where the raw text begins on another."""


class Part(NamedTuple):
    """A record that belongs to the one before it, which holds what it says; `odd` if it could not be read."""

    odd: Odd | None = None


Record: TypeAlias = tuple[int, Row | Odd | Part, str]
"""(physical line it starts on, counted from 1; what it holds; its raw text with its line end)."""


class ReadAs(NamedTuple):
    """How to read an export; None means: find out by looking.

    `columns` names the columns of a CSV export without a header, `path` the members of JSON that lead to the
    orders, from the outside in.
    """

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    columns: tuple[str, ...] = ()
    path: tuple[str, ...] = ()


class Problem(NamedTuple):
    """One thing wrong with an order, at a place in the export."""

    code: str
    column: str = ""
    """The export's column or path; empty when the whole record is meant."""
    field: str = ""
    """The Richpanel field, `amount` or `items.price`."""
    value: str = ""
    note: str = ""
    severity: str = ""
    """Set where it is not the table's own: a bad e-mail is an error only when it is the uid."""
    line: int = 0
    raw: str = ""
    """The raw text of the row, so that the cell can be pointed at."""
    at: int | None = None
    """Where in the raw text it stands, from 0, where no column says it."""


class Mistake(NamedTuple):
    """One thing wrong with a field map, at a place in the map's file (line and column from 1)."""

    code: str
    line: int
    column: int
    message: str
    help: str = ""


@dataclass(slots=True)
class Order:
    """An order whose every field was read: finished dictionaries, ready to be expressed as an event.

    `records` counts the rows it came from; `cells` are their texts; `problems` are warnings and notes only;
    `time` is the event's own, of one that was ready. Of an order of several rows `places` has for each item
    the row that it is from: the line and the raw text.
    """

    order_id: str
    properties: dict[str, Any]
    customer: dict[str, Any]
    line: int
    records: int
    raw: str
    cells: Sequence[str]
    problems: list[Problem] = field(default_factory=list)
    time: Json | None = None
    places: Sequence[tuple[int, str]] = ()

    @property
    def created(self) -> int:
        """When it was placed, in epoch milliseconds."""
        placed: int = self.properties["createdAt"]
        return placed

    @property
    def fingerprint(self) -> bytes:
        """A hash of the source cells."""
        return blake2b("|".join(self.cells).encode(errors="replace"), digest_size=16).digest()


@dataclass(slots=True)
class Reject:
    """An order that cannot be sent: every reason at once, and its rows as their raw text stood.

    `tabular` is False for records that cannot carry a further column (a broken line, a ragged row); `created`
    is in epoch milliseconds where it could be read. Half a character, which JSON can spell and nothing can
    hold, stands in what is told of it as its escape.
    """

    order_id: str
    line: int
    records: int
    raw: str
    problems: list[Problem]
    tabular: bool = True
    created: int | None = None

    def __post_init__(self) -> None:
        if not "".join(chain((self.order_id,), *map(_texts, self.problems))).isascii():
            self.order_id = _whole(self.order_id)
            self.problems = list(map(_all_whole, self.problems))


_texts = itemgetter(slice(1, 5))
"""What a problem says: column, field, value and note."""


def _all_whole(problem: Problem) -> Problem:
    column, field, value, note = map(_whole, _texts(problem))
    return problem._replace(column=column, field=field, value=value, note=note)


def _whole(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()


class SkipReason(StrEnum):
    """Why a record is not an order of this run."""

    WHERE = "where"
    DUPLICATE = "duplicate"
    SCOPE = "scope"
    NOT_A_RECORD = "not a record"


class Skipped(NamedTuple):
    """Records passed over, with the reason; `problem` is the finding that goes with it, if any."""

    reason: SkipReason
    line: int
    records: int = 1
    problem: Problem | None = None


class Fault(NamedTuple):
    """Something wrong with the file as a whole: nothing after it can be trusted. It is not a record."""

    problem: Problem


class Disposition(StrEnum):
    """What became of an order; every order read has exactly one."""

    ACCEPTED = "accepted"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    SKIPPED = "skipped"
    PENDING = "pending"


class Planned(NamedTuple):
    """An order of the plan that is to be sent. `seq` is its row in the plan, `customer` a hash of its uid.

    `refused_before`: an earlier run, in which others were accepted, found it at fault.
    """

    seq: int
    order_id: str
    digest: bytes
    customer: int
    updated: int | None
    fingerprint: bytes
    body: bytes
    refused_before: bool = False


MOST_ORDERS = 25
"""Of a batch. Source: Richpanel's documentation, "always sync orders in the batch of 25"."""


class Batch(NamedTuple):
    """At most 25 orders and the one request body that carries them, the same bytes on every try."""

    number: int
    orders: tuple[Planned, ...]
    body: bytes

    @property
    def customers(self) -> frozenset[int]:
        """The customers whose orders it carries."""
        return frozenset(order.customer for order in self.orders)


class Reply(NamedTuple):
    """What came back for a request. `status` is None when no whole reply was read; `failure` says why.

    `retry_after` is in seconds from now; `head` the first bytes of the body (at most 64 KiB); `length`
    the bytes read; `hopeless` marks failures that no retry mends (a certificate that does not verify), and
    `ambiguous` those after which the receiver may have taken the request (its reply was late, or cut).
    `private` are the keys and secrets that the head may say, and nobody may read in it.
    """

    status: int | None
    head: bytes = b""
    length: int = 0
    retry_after: float | None = None
    failure: str = ""
    hopeless: bool = False
    ambiguous: bool = False
    private: tuple[str, ...] = ()
