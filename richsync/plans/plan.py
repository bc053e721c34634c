"""One row an order in a temporary SQLite table.

Duplicates and conflicts are found by its index, new / changed / unchanged by one join with the ledger.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from richsync.events import Event, digest_of
from richsync.findings import reason
from richsync.model import Batch, Order, Planned, Reject
from richsync.plans.spool import Spool
from richsync.plans.values import Money, Occurrence, Older, Overview, Refused, RejectedRows, Renamed, Repeat
from richsync.scratch import Scratch

_FLUSH_AT = 1000
_PAGE = 250

_SCHEMA = """
CREATE TABLE plan (
    seq INTEGER PRIMARY KEY, source INTEGER, order_id TEXT, line INTEGER, records INTEGER,
    digest BLOB, customer INTEGER, created INTEGER, updated INTEGER, amount REAL, currency TEXT,
    fingerprint BLOB, at INTEGER DEFAULT 0, event INTEGER DEFAULT 0, raw INTEGER DEFAULT 0,
    tabular INTEGER DEFAULT 1, state TEXT DEFAULT 'new', why TEXT
);
CREATE TABLE queue (turn INTEGER PRIMARY KEY, seq INTEGER);
"""
_ORDER = "seq, source, order_id, line, records"
_VALID_ORDER = f"{_ORDER}, digest, customer, created, updated, amount, currency"
_SPOOLED_ORDER = f"{_VALID_ORDER}, fingerprint, at, event, raw"
_REJECTED_ORDER = f"{_ORDER}, at, raw, tabular, state, why"
_LEFT_OUT = f"{_ORDER}, created, state"
_REPEATED = """
SELECT order_id FROM plan WHERE order_id <> '' GROUP BY order_id HAVING count(*) > 1 ORDER BY min(seq)
"""
_COMPARE = """
UPDATE plan SET state = CASE
    WHEN known.state = 'sending' THEN 'in doubt'
    WHEN known.state = 'refused' THEN 'refused before'
    WHEN known.state = 'accepted' AND known.digest = plan.digest THEN 'unchanged'
    ELSE 'changed' END
FROM ledger.orders AS known WHERE known.order_id = plan.order_id AND plan.state = 'new'
"""
_RENAMED = """
SELECT plan.source, plan.order_id, known.order_id, plan.line
FROM ledger.orders AS known CROSS JOIN plan USING (fingerprint)
WHERE plan.state = 'new' AND known.state <> 'refused' ORDER BY plan.seq
"""
_OLDER = """
SELECT plan.seq, plan.source, plan.order_id, plan.line, known.updated
FROM plan JOIN ledger.orders AS known USING (order_id)
WHERE plan.state = 'changed' AND known.state = 'accepted' AND known.updated > plan.updated ORDER BY plan.seq
"""
_TO_SEND = "state IN ('new', 'changed', 'in doubt', 'refused before')"
_REJECTED = "state IN ('rejected', 'refused')"
_VALID = "state NOT IN ('rejected', 'duplicate', 'scope')"
_OF = "(:source IS NULL OR source = :source)"
_STATES = f"SELECT state, count(*), sum(records) FROM plan WHERE {_OF} GROUP BY state"
_OVERVIEW = f"""
SELECT count(*), count(DISTINCT customer), min(created), max(created) FROM plan WHERE {_VALID} AND {_OF}
"""
_MONEY = f"""
SELECT coalesce(currency, ''), count(*), sum(amount) FROM plan WHERE {_VALID} AND {_OF}
GROUP BY 1 ORDER BY 2 DESC, 1
"""
_REJECTS = f"""
SELECT at + event, raw, tabular, why FROM plan WHERE {_REJECTED} AND {_OF} ORDER BY seq
"""
_NEWEST_FIRST = f"""
WITH ends AS (SELECT source, min(seq) AS top, max(seq) AS bottom FROM plan WHERE {_VALID} GROUP BY source)
SELECT ends.source FROM ends JOIN plan AS first ON first.seq = top JOIN plan AS last ON last.seq = bottom
WHERE first.created > last.created
"""
_OLDEST_FIRST = "created, source, CASE WHEN source IN ({newest_first}) THEN -seq ELSE seq END"
_QUEUE = """
INSERT INTO queue (seq) SELECT seq FROM plan WHERE {states} AND (:limit IS NULL OR seq IN (
    SELECT seq FROM plan WHERE {states} ORDER BY state = 'refused before', {oldest_first} LIMIT :limit
)) ORDER BY {oldest_first}
"""
_PLANNED = """
SELECT turn, plan.seq, order_id, digest, customer, updated, fingerprint, at, event, state = 'refused before'
FROM queue JOIN plan USING (seq) WHERE turn > ? ORDER BY turn LIMIT ?
"""


class Plan(Scratch):
    """What is known of every order of the run.

    A valid order is `new` until it is compared with the ledger; then new, changed, unchanged, in doubt (put
    on the wire and never answered) or refused before. It ends accepted or refused, or stays as it is:
    pending. The others are rejected, or `duplicate`, or out of `scope`. A source is told by its number, from
    0; None: all of them.
    """

    def __init__(self, spool: Spool | None = None) -> None:
        self._spool = spool
        self._source = 0
        super().__init__(_SCHEMA, "the plan of the run could not be kept")
        self._seq = 0
        self._held: defaultdict[str, list[tuple[object, ...]]] = defaultdict(list)

    # filling it

    def begin(self, source: int) -> None:
        """What is added from now on is of this source."""
        self._source = source

    def add(self, order: Order, event: Event) -> None:
        """An order that can be sent, with its event."""
        # Hashes that differ from process to process will do for what only this run compares.
        own = hash(order.customer["uid"])
        properties = order.properties
        dates = (properties["createdAt"], properties.get("updatedAt"))
        money = (properties["amount"], properties.get("currency"))
        if self._spool is None:
            self._hold(_VALID_ORDER, order, (hash(event), own, *dates, *money))
            return
        body, raw = event.body, _encoded(order.raw)
        place = (self._spool.add(body, raw), len(body), len(raw))
        self._hold(_SPOOLED_ORDER, order, (digest_of(body), own, *dates, *money, order.fingerprint, *place))

    def reject(self, reject: Reject) -> None:
        """An order that cannot be sent; its rows, and why, only where they may be written to a file."""
        if self._spool is None:
            self._hold(_REJECTED_ORDER, reject, (0, 0, reject.tabular, "rejected", ""))
            return
        raw = _encoded(reject.raw)
        place = (self._spool.add(raw), len(raw))
        self._hold(_REJECTED_ORDER, reject, (*place, reject.tabular, "rejected", reason(reject.problems)))

    def leave_out(self, found: Order | Reject) -> None:
        """An order that this run is not about; it counts only where its id comes back."""
        self._hold(_LEFT_OUT, found, (found.created, "scope"))

    def _hold(self, columns: str, found: Order | Reject, rest: tuple[object, ...]) -> None:
        self._seq += 1
        row = (self._seq, self._source, found.order_id, found.line, found.records, *rest)
        self._held[columns].append(row)
        if self._seq % _FLUSH_AT == 0:
            self._flush()

    def _flush(self) -> None:
        with self._door():
            self._connection.execute("BEGIN")
            for columns, rows in self._held.items():
                places = ", ".join("?" * len(columns.split(", ")))
                self._connection.executemany(f"INSERT INTO plan ({columns}) VALUES ({places})", rows)
                rows.clear()
            self._connection.execute("COMMIT")

    def complete(self) -> None:
        """All orders are there: everything is on disk and indexed."""
        self._flush()
        if self._spool:
            self._spool.flush()
        with self._door():
            self._connection.execute("CREATE INDEX plan_ids ON plan (order_id)")

    # what it knows

    def repeats(self) -> Iterator[Repeat]:
        """The ids that stand several times, in the order of their first occurrence."""
        moment = "coalesce(updated, created)"
        query = f"SELECT seq, source, line, digest, state, {moment} FROM plan WHERE order_id = ? ORDER BY seq"
        with self._door():
            for (order_id,) in self._connection.execute(_REPEATED).fetchall():
                rows = self._connection.execute(query, (order_id,)).fetchall()
                yield Repeat(order_id, tuple(Occurrence(*row) for row in rows))

    def mark(self, seq: int, state: str, why: str = "") -> None:
        """One order is rejected, refused or a duplicate."""
        with self._door():
            self._connection.execute("UPDATE plan SET state = ?, why = ? WHERE seq = ?", (state, why, seq))

    def compare(self) -> None:
        """Tell new, changed, unchanged and in doubt apart, by the ledger that is attached."""
        with self._door():
            self._connection.execute(_COMPARE)

    def renamed(self) -> Iterator[Renamed]:
        """New orders whose source cells the attached ledger knows under another id."""
        with self._door():
            yield from (Renamed(*row) for row in self._connection.execute(_RENAMED))

    def older(self) -> Iterator[Older]:
        """Changed orders that the attached ledger knows as they were later."""
        with self._door():
            yield from (Older(*row) for row in self._connection.execute(_OLDER))

    def unknown(self, ids: Iterable[str]) -> Iterator[str]:
        """The ids of which there is no order."""
        query = "SELECT 1 FROM plan WHERE order_id = ? LIMIT 1"
        with self._door():
            yield from (each for each in ids if self._connection.execute(query, (each,)).fetchone() is None)

    def states(self, source: int | None = None) -> Mapping[str, tuple[int, int]]:
        """(orders, records) by state."""
        with self._door():
            rows = self._connection.execute(_STATES, {"source": source})
            return {state: (orders, records) for state, orders, records in rows}

    def overview(self, source: int | None = None) -> Overview:
        """The orders that can be sent, whether they need it or not."""
        with self._door():
            orders, customers, first, last = self._connection.execute(
                _OVERVIEW, {"source": source}
            ).fetchone()
            money = tuple(Money(*each) for each in self._connection.execute(_MONEY, {"source": source}))
        return Overview(orders, customers, first, last, money)

    def rejects(self, source: int | None = None) -> Iterator[RejectedRows]:
        """The rejected orders, in the order of the export, with their rows."""
        with self._door():
            for at, size, tabular, why in self._connection.execute(_REJECTS, {"source": source}):
                raw = self._spool.read(at, size) if self._spool else b""
                yield RejectedRows(raw.decode(errors="surrogatepass"), bool(tabular), why)

    # sending it

    def queue(self, limit: int | None, *, resend: bool = False) -> int:
        """Line up the orders to be sent, oldest first; gives how many.

        A limit takes the oldest, but those that were refused before only after all others: asked for the
        next ones again and again, a run would otherwise never get past them.
        Orders of the same moment keep their source's order, or its reverse when it runs from new to old.
        """
        with self._door():
            newest_first = ", ".join(str(source) for (source,) in self._connection.execute(_NEWEST_FIRST))
            oldest_first = _OLDEST_FIRST.format(newest_first=newest_first)
            query = _QUEUE.format(states=_VALID if resend else _TO_SEND, oldest_first=oldest_first)
            self._connection.execute(query, {"limit": limit})
            (count,) = self._connection.execute("SELECT count(*) FROM queue").fetchone()
        return int(count)

    def queued(self) -> Iterator[Planned]:
        """The orders to be sent, oldest first, each with its event."""
        turn = 0
        while rows := self._page(turn):
            for _, seq, order_id, digest, customer, updated, fingerprint, at, size, refused in rows:
                body = self._spool.read(at, size) if self._spool else b""
                yield Planned(seq, order_id, digest, customer, updated, fingerprint, body, bool(refused))
            turn = rows[-1][0]

    def _page(self, after: int) -> list[Any]:
        with self._door():
            return self._connection.execute(_PLANNED, (after, _PAGE)).fetchall()

    def accepted(self, batch: Batch) -> None:
        """The orders of a batch were accepted, and the ledger holds it."""
        query = "UPDATE plan SET state = 'accepted' WHERE seq = ?"
        with self._door():
            self._connection.execute("BEGIN")
            self._connection.executemany(query, [(order.seq,) for order in batch.orders])
            self._connection.execute("COMMIT")

    def refuse(self, batch: Batch, why: str) -> None:
        """The orders of a batch were refused, and the ledger holds it."""
        for order in batch.orders:
            self.mark(order.seq, "refused", why)

    def refused(self, most: int) -> list[Refused]:
        """The first orders that were refused, in the order of the export."""
        query = "SELECT source, order_id, line, why FROM plan WHERE state = 'refused' ORDER BY seq LIMIT ?"
        with self._door():
            return [Refused(*row) for row in self._connection.execute(query, (most,))]


def _encoded(raw: str) -> bytes:
    return raw.encode(errors="surrogatepass")
