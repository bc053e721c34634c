"""One row an order in a temporary SQLite table: duplicates and conflicts are found by its index."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from richsync.events import Event
from richsync.model import Batch, Order, Planned, Reject
from richsync.plans.intake import Intake
from richsync.plans.spool import Spool
from richsync.plans.values import Money, Occurrence, Older, Overview, Refused, RejectedRows, Renamed, Repeat
from richsync.scratch import Scratch

_PAGE = 250
_MOST_ACCEPTED = 2000
"""Orders that are noted together: to note each batch by itself takes a sixth of the sending."""

_SCHEMA = """
CREATE TABLE plan (
    seq INTEGER PRIMARY KEY, source INTEGER, state TEXT DEFAULT 'new', order_id TEXT, line INTEGER,
    records INTEGER, currency TEXT, amount REAL, created INTEGER, updated INTEGER, customer INTEGER,
    digest BLOB, fingerprint BLOB, at INTEGER DEFAULT 0, event INTEGER DEFAULT 0, raw INTEGER DEFAULT 0,
    tabular INTEGER DEFAULT 1, why TEXT
);
CREATE TABLE sums (
    source INTEGER, state TEXT, currency TEXT, orders INTEGER, records INTEGER, amount REAL,
    first INTEGER, last INTEGER
);
CREATE TABLE queue (turn INTEGER PRIMARY KEY, seq INTEGER);
CREATE TABLE accepted (seq INTEGER PRIMARY KEY);
"""
_REPEATED = """
SELECT order_id FROM (
    SELECT order_id FROM plan WHERE order_id > '' GROUP BY order_id HAVING count(*) > 1
) AS repeated ORDER BY (SELECT min(seq) FROM plan WHERE plan.order_id = repeated.order_id)
"""
_VALID = "state NOT IN ('rejected', 'duplicate', 'scope')"
_OCCURRENCES = f"""
SELECT seq, source, line, digest, iif({_VALID}, 'new', state), coalesce(updated, created)
FROM plan WHERE order_id = ? ORDER BY seq
"""
_RENAMED = """
SELECT plan.source, plan.order_id, min(known.order_id), plan.line
FROM (SELECT 1 FROM plan WHERE state = 'new' LIMIT 1)
CROSS JOIN ledger.orders AS known CROSS JOIN plan USING (fingerprint)
WHERE plan.state = 'new' AND known.state <> 'refused' GROUP BY plan.seq ORDER BY plan.seq
"""
_OLDER = """
SELECT plan.seq, plan.source, plan.order_id, plan.line, known.updated
FROM plan JOIN ledger.orders AS known USING (order_id)
WHERE plan.state = 'changed' AND known.state = 'accepted' AND known.updated > plan.updated ORDER BY plan.seq
"""
_TO_SEND = "state IN ('new', 'changed', 'in doubt', 'refused before')"
_REJECTED = "state IN ('rejected', 'refused')"
_OF = "(:source IS NULL OR source = :source)"
_COUNT = """
INSERT INTO sums
SELECT source, iif(accepted.seq, 'accepted', state) AS state, coalesce(currency, ''), count(*), sum(records),
    sum(amount), min(created), max(created)
FROM plan LEFT JOIN accepted USING (seq) GROUP BY currency, 2, source
"""
_STATES = f"SELECT state, sum(orders), sum(records) FROM sums WHERE {_OF} GROUP BY state"
_ORDERS = f"SELECT coalesce(sum(orders), 0), min(first), max(last) FROM sums WHERE {_VALID} AND {_OF}"
# Sorted and counted in half the time that count(DISTINCT customer) takes for a million.
_CUSTOMERS = f"SELECT count(*) FROM (SELECT 1 FROM plan WHERE {_VALID} AND {_OF} GROUP BY customer)"
_MONEY = f"""
SELECT currency, sum(orders), sum(amount) FROM sums WHERE {_VALID} AND {_OF}
GROUP BY currency ORDER BY 2 DESC, 1
"""
_REJECTS = f"""
SELECT at + event, raw, tabular, why FROM plan WHERE {_REJECTED} AND {_OF} ORDER BY seq
"""
_TOP = f"SELECT created FROM plan WHERE {_VALID} AND source = ? ORDER BY seq LIMIT 1"
_BOTTOM = f"SELECT created FROM plan WHERE {_VALID} AND source = ? ORDER BY seq DESC LIMIT 1"
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
        super().__init__(_SCHEMA, "the plan of the run could not be kept")
        self._spool = spool
        self._intake = Intake(self, spool)
        self._sources = 1
        self._is_counted = False
        self._accepted: list[tuple[int]] = []
        self._resends = False

    # filling it

    def compare(self, *, resend: bool = False) -> None:
        """New, changed, unchanged and in doubt are told apart, by the ledger attached while orders are added.

        Of an unchanged order the event is not kept, unless `resend` says that it is sent again.
        """
        self._resends = resend
        self._intake.compare(resend=resend)

    def begin(self, source: int) -> None:
        """What is added from now on is of this source."""
        self._sources = source + 1
        self._intake.begin(source)

    def add(self, orders: Sequence[Order], events: Sequence[Event]) -> None:
        """Orders that can be sent, each with its event."""
        self._intake.add(orders, events)

    def reject(self, reject: Reject) -> None:
        """An order that cannot be sent; its rows, and why, only where they may be written to a file."""
        self._intake.reject(reject)

    def leave_out(self, found: Order | Reject) -> None:
        """An order that this run is not about; it counts only where its id comes back."""
        self._intake.leave_out(found)

    def complete(self) -> None:
        """All orders are there: everything is on disk and indexed."""
        self._intake.flush()
        if self._spool:
            self._spool.flush()
        with self.door():
            self._connection.execute("COMMIT")
            self._connection.execute("CREATE INDEX plan_ids ON plan (order_id)")

    # what it knows

    def repeats(self) -> Iterator[Repeat]:
        """The ids that stand several times, in the order of their first occurrence."""
        with self.door():
            for (order_id,) in self._connection.execute(_REPEATED).fetchall():
                rows = self._connection.execute(_OCCURRENCES, (order_id,)).fetchall()
                yield Repeat(order_id, tuple(Occurrence(*row) for row in rows))

    def mark(self, seq: int, state: str, why: str = "") -> None:
        """One order is rejected, refused or a duplicate."""
        with self.door():
            self._connection.execute("UPDATE plan SET state = ?, why = ? WHERE seq = ?", (state, why, seq))
        self._is_counted = False

    def renamed(self) -> Iterator[Renamed]:
        """New orders whose source cells the attached ledger knows under another id."""
        if "new" not in self.states():
            return
        with self.door():
            yield from (Renamed(*row) for row in self._connection.execute(_RENAMED))

    def older(self) -> Iterator[Older]:
        """Changed orders that the attached ledger knows as they were later."""
        if "changed" not in self.states():
            return
        with self.door():
            yield from (Older(*row) for row in self._connection.execute(_OLDER))

    def unknown(self, ids: Iterable[str]) -> Iterator[str]:
        """The ids of which there is no order."""
        query = "SELECT 1 FROM plan WHERE order_id = ? LIMIT 1"
        with self.door():
            yield from (each for each in ids if self._connection.execute(query, (each,)).fetchone() is None)

    def states(self, source: int | None = None) -> Mapping[str, tuple[int, int]]:
        """(orders, records) by state."""
        self._count()
        with self.door():
            rows = self._connection.execute(_STATES, {"source": source})
            return {state: (orders, records) for state, orders, records in rows}

    def overview(self, source: int | None = None) -> Overview:
        """The orders that can be sent, whether they need it or not."""
        self._count()
        of = {"source": source}
        with self.door():
            orders, first, last = self._connection.execute(_ORDERS, of).fetchone()
            (customers,) = self._connection.execute(_CUSTOMERS, of).fetchone()
            money = tuple(Money(*each) for each in self._connection.execute(_MONEY, of))
        return Overview(orders, customers, first, last, money)

    def _count(self) -> None:
        """The sums are those of the plan as it is now: one look at every order, unless nothing changed."""
        if not self._is_counted:
            self._note_accepted()
            with self.door():
                self._connection.execute("DELETE FROM sums")
                self._connection.execute(_COUNT)
        self._is_counted = True

    def rejects(self, source: int | None = None) -> Iterator[RejectedRows]:
        """The rejected orders, in the order of the export, with their rows."""
        with self.door():
            for at, size, tabular, why in self._connection.execute(_REJECTS, {"source": source}):
                raw = self._spool.read(at, size) if self._spool else b""
                yield RejectedRows(raw.decode(errors="surrogatepass"), bool(tabular), why)

    # sending it

    def queue(self, limit: int | None) -> int:
        """Line up the orders to be sent, oldest first; gives how many.

        A limit takes the oldest, but those that were refused before only after all others: asked for the
        next ones again and again, a run would otherwise never get past them.
        Orders of the same moment keep their source's order, or its reverse when it runs from new to old.
        """
        with self.door():
            newest_first = ", ".join(str(each) for each in range(self._sources) if self._runs_back(each))
            oldest_first = _OLDEST_FIRST.format(newest_first=newest_first)
            query = _QUEUE.format(states=_VALID if self._resends else _TO_SEND, oldest_first=oldest_first)
            self._connection.execute(query, {"limit": limit})
            (count,) = self._connection.execute("SELECT count(*) FROM queue").fetchone()
        return int(count)

    def _runs_back(self, source: int) -> bool:
        """Whether its first order is newer than its last one."""
        ends = [self._connection.execute(query, (source,)).fetchone() for query in (_TOP, _BOTTOM)]
        return None not in ends and ends[0] > ends[1]

    def queued(self) -> Iterator[Planned]:
        """The orders to be sent, oldest first, each with its event."""
        turn = 0
        while rows := self._page(turn):
            for _, seq, order_id, digest, customer, updated, fingerprint, at, size, refused in rows:
                body = self._spool.read(at, size) if self._spool else b""
                yield Planned(seq, order_id, digest, customer, updated, fingerprint, body, bool(refused))
            turn = rows[-1][0]

    def _page(self, after: int) -> list[Any]:
        with self.door():
            return self._connection.execute(_PLANNED, (after, _PAGE)).fetchall()

    def accepted(self, batch: Batch) -> None:
        """The orders of a batch were accepted, and the ledger holds it."""
        self._accepted += [(order.seq,) for order in batch.orders]
        self._is_counted = False
        if len(self._accepted) > _MOST_ACCEPTED:
            self._note_accepted()

    def _note_accepted(self) -> None:
        with self.door():
            self._connection.execute("BEGIN")
            self._connection.executemany("INSERT INTO accepted VALUES (?)", self._accepted)
            self._connection.execute("COMMIT")
        self._accepted.clear()

    def refuse(self, batch: Batch, why: str) -> None:
        """The orders of a batch were refused, and the ledger holds it."""
        for order in batch.orders:
            self.mark(order.seq, "refused", why)

    def refused(self, most: int) -> list[Refused]:
        """The first orders that were refused, in the order of the export."""
        query = "SELECT source, order_id, line, why FROM plan WHERE state = 'refused' ORDER BY seq LIMIT ?"
        with self.door():
            return [Refused(*row) for row in self._connection.execute(query, (most,))]
