"""What a ledger tells: its runs, its totals, the trace of one order."""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from richsync.errors import UnusableError
from richsync.jsontext import JsonTextError, loads
from richsync.ledger import store
from richsync.ledger.tables import STATES


class Run(NamedTuple):
    """One import. `ended` and `ending` are None while it runs, and for good when it was killed."""

    id: int
    started: str
    ended: str | None
    ending: str | None
    source: str
    map: str
    version: str
    counts: Mapping[str, int]
    rejects: str = ""


class OrderTrace(NamedTuple):
    """The form of an order last put on the wire, and the last reply to the batch that carried it.

    `digest` is hex, `updated` epoch milliseconds. `reply_class` is None before a reply, `no reply` when none
    could be read, else `2xx` to `5xx`; `note` is the masked beginning of a refusal.
    """

    order_id: str
    digest: str
    state: str
    updated: int | None
    batch: int
    run: int
    sent: str
    answered: str | None
    status: int | None
    reply_class: str | None
    note: str | None


class Accepted(NamedTuple):
    """An order whose form with this digest was accepted."""

    order_id: str
    digest: bytes


_ACCEPTED = """
SELECT order_id, digest FROM orders WHERE state = 'accepted' AND order_id = coalesce(?, order_id)
ORDER BY batch, order_id
"""
_TRACE = """
SELECT order_id, lower(hex(digest)), orders.state, updated, batch, run, sent, answered, status, class, note
FROM orders JOIN batches ON batches.id = orders.batch WHERE order_id = ?
"""


class LedgerView(NamedTuple):
    """A ledger as it was when looked at; `order` looks again. `counts` are orders by state."""

    path: Path
    host: str
    key_tail: str
    runs: tuple[Run, ...]
    counts: Mapping[str, int]

    def order(self, order_id: str) -> OrderTrace | None:
        """The trace of an order; None when the ledger does not know it."""
        with suppress(UnicodeEncodeError), store.reading(self.path) as connection:
            row = connection.execute(_TRACE, (order_id,)).fetchone()
            return OrderTrace(*row) if row else None
        return None  # a lone surrogate, from an argument that is not UTF-8: no order has it

    def accepted(self, order_id: str | None = None) -> Iterator[Accepted]:
        """The orders that were accepted, in the order of their batches; of all, or the one with this id."""
        with suppress(UnicodeEncodeError), store.reading(self.path) as connection:
            yield from (Accepted(*row) for row in connection.execute(_ACCEPTED, (order_id,)))

    def check(self, binding: store.Binding) -> None:
        """Raise LedgerError if it belongs to another host or key, for which something was settled."""
        with store.reading(self.path) as connection:
            store.belongs(connection, binding, self.path)

    def attached(self, connection: sqlite3.Connection) -> AbstractContextManager[None]:
        """While in its block, the orders are readable as schema `ledger` of an `uri=True` connection.

        They are those of its beginning: another run may be writing the file.
        """
        return store.copied(self.path, connection)


def look(path: Path) -> LedgerView:
    """Read a ledger without taking its lock."""
    path = Path(os.path.realpath(path))
    if not store.recognised(path):
        hint = "name it with --checkpoint FILE; by default orders.map.yaml has orders.richsync beside it"
        raise UnusableError(f"there is no ledger at {path}", hint)
    with store.reading(path) as connection:
        meta = store.meta_of(connection, path)
        runs = connection.execute("SELECT * FROM runs ORDER BY id").fetchall()
        counts = dict(connection.execute("SELECT state, count(*) FROM orders GROUP BY state"))
    told = tuple(_run(row, path) for row in runs)
    return LedgerView(path, meta["host"], meta["key_tail"], told, dict.fromkeys(STATES, 0) | counts)


def _run(row: Sequence[Any], path: Path) -> Run:
    """A row of `runs`; without `rejects` in a ledger of an older version, which a look does not migrate."""
    number, started, ended, ending, source, field_map, version, counts, _, *rejects = row
    said = _counts(counts, path)
    return Run(number, started, ended, ending, source, field_map, version, said, "".join(rejects))


def _counts(text: str, path: Path) -> dict[str, int]:
    try:
        return dict(loads(text))
    except (JsonTextError, TypeError, ValueError):
        raise store.damaged(path, "the counts of a run cannot be read") from None
