"""What arrived at the sandbox, in SQLite: one connection for all threads, one commit a request."""

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from richsync.errors import UnusableError

_APPLICATION = 0x72737362
_TABLES = """
CREATE TABLE IF NOT EXISTS orders (
    order_id TEXT NOT NULL, api_key TEXT NOT NULL, received INTEGER NOT NULL, first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL, sequence INTEGER NOT NULL UNIQUE, uid TEXT NOT NULL, sent_at INTEGER NOT NULL,
    event TEXT NOT NULL, PRIMARY KEY (order_id, api_key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS requests (at INTEGER NOT NULL, status INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS faults (request INTEGER NOT NULL, fault TEXT NOT NULL);
"""
_UPSERT = """
INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (order_id, api_key) DO UPDATE SET
    received = received + 1, last_at = excluded.last_at, sequence = excluded.sequence, uid = excluded.uid,
    sent_at = excluded.sent_at, event = excluded.event
"""


class Stored(NamedTuple):
    """An order as it last arrived. `event` is its JSON; `first_at`, `last_at`, `sent_at` are milliseconds.

    `sequence` counts arrivals from 1: sorted by it, orders stand as they came; `received` counts its own.
    """

    order_id: str
    api_key: str
    received: int
    first_at: int
    last_at: int
    sequence: int
    uid: str
    sent_at: int
    event: str


class Arrived(NamedTuple):
    """An order to be stored."""

    order_id: str
    api_key: str
    uid: str
    sent_at: int
    event: str


class Totals(NamedTuple):
    """What the sandbox has seen; `updates` are arrivals of an order that was already there."""

    orders: int
    customers: int
    requests: int
    updates: int
    faults: int


class Store:
    """The sandbox's memory, in a file of its own (0600) or, without `path`, gone when closed.

    Raises:
        UnusableError: the file cannot be opened, or is not a sandbox's.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._connection = _opened(path)
        self._sequence: int = self._one("SELECT coalesce(max(sequence), 0) FROM orders")[0]

    def close(self) -> None:
        """Close the file; what was answered is in it."""
        with self._lock:
            self._connection.close()

    def keep(self, orders: Sequence[Arrived], faults: Sequence[str], status: int, at: int) -> None:
        """Store one request: its orders, its faults and how it was answered, all or nothing."""
        with self._lock, self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            request = self._connection.execute("INSERT INTO requests VALUES (?, ?)", (at, status)).lastrowid
            self._connection.executemany(
                "INSERT INTO faults VALUES (?, ?)", [(request, fault) for fault in faults]
            )
            rows = [
                (each.order_id, each.api_key, 1, at, at, place, each.uid, each.sent_at, each.event)
                for place, each in enumerate(orders, self._sequence + 1)
            ]
            self._connection.executemany(_UPSERT, rows)
            self._sequence += len(rows)

    def orders(self) -> list[Stored]:
        """Every order, as they last arrived."""
        return self._orders("SELECT * FROM orders ORDER BY sequence")

    def newest(self, count: int, part: str = "") -> list[Stored]:
        """The orders that arrived last, the last one first; only ids that contain `part`."""
        return self._orders(
            "SELECT * FROM orders WHERE instr(order_id, ?) ORDER BY sequence DESC LIMIT ?", part, count
        )

    def named(self, order_id: str, api_key: str | None = None) -> Stored | None:
        """One order; without a key the one that arrived last under this id."""
        found = self._orders(
            "SELECT * FROM orders WHERE order_id = ? AND api_key = coalesce(?, api_key)"
            " ORDER BY sequence DESC LIMIT 1",
            order_id,
            api_key,
        )
        return found[0] if found else None

    def faults(self, count: int) -> list[str]:
        """The newest faults, the last one first."""
        rows = self._rows("SELECT fault FROM faults ORDER BY rowid DESC LIMIT ?", count)
        return [fault for (fault,) in rows]

    def totals(self) -> Totals:
        """Count everything."""
        return Totals(
            *self._one(
                "SELECT count(*), count(DISTINCT uid), (SELECT count(*) FROM requests),"
                " coalesce(sum(received - 1), 0), (SELECT count(*) FROM faults) FROM orders"
            )
        )

    def _orders(self, query: str, *values: object) -> list[Stored]:
        return [Stored(*row) for row in self._rows(query, *values)]

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def _one(self, query: str) -> tuple[Any, ...]:
        return self._rows(query)[0]


def _opened(path: Path | None) -> sqlite3.Connection:
    try:
        if path:
            path.touch(mode=0o600)
        connection = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise UnusableError(f"the sandbox cannot open {path}: {error}", "name another file") from None
    try:
        _prepare(connection)
    except (sqlite3.Error, UnusableError) as error:
        connection.close()
        raise UnusableError(f"{path} is not a sandbox's store: {error}", "name another file") from None
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if tables and application != _APPLICATION:
        raise UnusableError("another program's tables are in it")
    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.executescript(_TABLES)
