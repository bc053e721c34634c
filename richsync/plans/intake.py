"""How orders come into the plan: a page at a time, compared with the ledger and written together."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TypeAlias

from richsync.events import Event
from richsync.findings import reason
from richsync.model import Order, Reject
from richsync.plans.spool import Spool
from richsync.scratch import Scratch

_PAGE = 100
_LARGE_PAGE = 1024 * 1024  # bytes of events

_ORDER = "seq, source, order_id, line, records"
_VALID_ORDER = f"{_ORDER}, digest, customer, created, updated, amount, currency"
_SPOOLED_ORDER = f"{_VALID_ORDER}, state, at, raw, event, fingerprint"
_KEPT_ORDER = f"{_VALID_ORDER}, state, at, raw"
_REJECTED_ORDER = f"{_ORDER}, state, tabular, at, raw, why"
_LEFT_OUT = f"{_ORDER}, state, created"
_KNOWN = "SELECT order_id, state, digest FROM ledger.orders WHERE order_id IN ({ids})"

_UNSETTLED = {"sending": "in doubt", "refused": "refused before"}

_Row: TypeAlias = tuple[object, ...]
_Known: TypeAlias = tuple[str, str, bytes]


class Intake:
    """What was found and is not in the plan yet: at most a page, so that memory stays flat."""

    def __init__(self, scratch: Scratch, spool: Spool | None) -> None:
        self._scratch = scratch
        self._spool = spool
        self._compares = False
        self._resends = False
        self._source = 0
        self._seq = 0
        self._written = 0
        self._size = 0
        self._page: list[tuple[int, Order, Event]] = []
        self._rows: defaultdict[str, list[_Row]] = defaultdict(list)

    def begin(self, source: int) -> None:
        """What is added from now on is of this source."""
        self.flush()
        self._source = source

    def compare(self, *, resend: bool) -> None:
        """What is added from now on is compared with the ledger; `resend`: what is unchanged is sent too."""
        self._compares = True
        self._resends = resend

    def add(self, orders: Sequence[Order], events: Sequence[Event]) -> None:
        """Orders that can be sent, each with its event."""
        each = zip(self._next(len(orders)), orders, events, strict=True)
        if self._spool is None:
            self._rows[_VALID_ORDER] += [self._valid(seq, order, hash(event)) for seq, order, event in each]
        else:
            self._page += each
            self._size += sum([len(event.text) for event in events])

    def reject(self, reject: Reject) -> None:
        """An order that cannot be sent; its rows, and why, only where they may be written to a file."""
        at, raw, why = 0, b"", ""
        if self._spool is not None:
            at, raw, why = self._spool.end, _encoded(reject.raw), reason(reject.problems)
            self._spool.add([raw])
        row = (*self._begun(self._next(1).start, reject), "rejected", reject.tabular, at, len(raw), why)
        self._rows[_REJECTED_ORDER].append(row)

    def leave_out(self, found: Order | Reject) -> None:
        """An order that this run is not about."""
        row = (*self._begun(self._next(1).start, found), "scope", found.created)
        self._rows[_LEFT_OUT].append(row)

    def flush(self) -> None:
        """Nothing is held any more."""
        if self._spool is not None:
            self._set_down(self._spool)
        self._page.clear()
        self._size = 0
        with self._scratch.door():
            connection = self._scratch.connection
            # One transaction for all: at the end of each, SQLite looks at every page it has not written yet.
            if not connection.in_transaction:
                connection.execute("BEGIN")
            for columns, rows in self._rows.items():
                connection.executemany(f"INSERT INTO plan ({columns}) VALUES ({_marks(columns)})", rows)
                rows.clear()

    def _next(self, count: int) -> range:
        """The numbers of so many more; what was held is written when it is enough for a page."""
        if self._seq - self._written >= _PAGE or self._size > _LARGE_PAGE:
            self.flush()
            self._written = self._seq
        self._seq += count
        return range(self._seq - count + 1, self._seq + 1)

    def _begun(self, seq: int, found: Order | Reject) -> _Row:
        return seq, self._source, found.order_id, found.line, found.records

    def _valid(self, seq: int, order: Order, digest: bytes | int, *more: object) -> _Row:
        # Hashes that differ from process to process will do for what only this run compares.
        customer = hash(order.customer["uid"])
        properties = order.properties
        return (
            seq, self._source, order.order_id, order.line, order.records,
            digest, customer,
            properties["createdAt"], properties.get("updatedAt"),
            properties["amount"], properties.get("currency"), *more,
        )  # fmt: skip

    def _set_down(self, spool: Spool) -> None:
        """The page's rows; in the spool, all that may be sent or written to a file."""
        known, spooled, kept = self._known(), self._rows[_SPOOLED_ORDER], self._rows[_KEPT_ORDER]
        parts: list[bytes] = []
        at = spool.end
        for seq, order, event in self._page:
            digest, raw = event.digest, _encoded(order.raw)
            state = _state(known.get(order.order_id), digest, event)
            if state != "unchanged" or self._resends:
                body = event.body
                more = state, at, len(raw), len(body), order.fingerprint
                spooled.append(self._valid(seq, order, digest, *more))
                parts += body, raw
                at += len(body) + len(raw)
            else:
                # What tells forms of an id apart will do for one that is not sent: a number is stored faster.
                kept.append(self._valid(seq, order, hash(digest), state, at, len(raw)))
                parts.append(raw)
                at += len(raw)
        spool.add(parts)

    def _known(self) -> dict[str, _Known]:
        """What the ledger says of the page's orders."""
        ids = [order.order_id for _, order, _ in self._page] if self._compares else []
        if not ids:
            return {}
        with self._scratch.door():
            rows = self._scratch.connection.execute(_KNOWN.format(ids=", ".join("?" * len(ids))), ids)
            return {known[0]: known for known in rows}


def _state(known: _Known | None, digest: bytes, event: Event) -> str:
    """What an order is beside the form of it that was put on the wire last."""
    if known is None:
        return "new"
    _, state, settled = known
    if state == "accepted":
        return "unchanged" if settled == digest or event.was_known_as(settled) else "changed"
    return _UNSETTLED[state]


def _marks(columns: str) -> str:
    return ", ".join("?" * len(columns.split(", ")))


def _encoded(raw: str) -> bytes:
    return raw.encode(errors="surrogatepass")
