"""The ledger as a run writes it: what is about to be sent, then what was answered, each made durable."""

import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from richsync.errors import BugError, RichsyncError
from richsync.jsontext import dumps
from richsync.ledger import store, tables
from richsync.ledger.lock import held
from richsync.ledger.masking import refusal
from richsync.ledger.store import Binding, door, moment
from richsync.ledger.view import LedgerView, look
from richsync.model import Batch, Reply

_MOST_SENT = 100_000
"""Orders after which those sent are folded: a reader sorts them, and a commit waits for a reader."""


class RunStart(NamedTuple):
    """What a run says of itself: its sources, its map and richsync's version, as text."""

    source: str
    map: str
    version: str


class Ledger:
    """A ledger held by one run, from `open` to the end of its `with` block.

    Nothing is durable before `commit`; several openings and settlements may share one. A batch's number is
    its own within the run. Leaving the block drops what was not committed: its orders stay `sending`.
    Every method raises UnusableError when the file cannot be written, LedgerError when it is damaged, gone
    or replaced.
    """

    def __init__(
        self, path: Path, connection: sqlite3.Connection, binding: Binding, clock: Callable[[], float]
    ) -> None:
        self._path = path
        self._connection = connection
        self._binding = binding
        self._clock = clock
        self._identity = _identity(path)
        self._stack = ExitStack()
        self._run = 0
        self._before = 0
        self._sent = 0
        self._opened = False
        self._open: dict[int, Batch] = {}

    @classmethod
    def open(
        cls, path: Path, binding: Binding, run: RunStart, *, clock: Callable[[], float] = time.time
    ) -> "Ledger":
        """Take the lock, make the file when there is none, and note the start of the run.

        Raises:
            LedgerError: held by another run, damaged, newer, no ledger, or bound to another host or key.
            UnusableError: the file or its folder cannot be written.
        """
        path = Path(os.path.realpath(path))
        store.recognised(path)  # before the lock, so that nothing is left beside a file that is no ledger
        with ExitStack() as stack:
            started = moment(clock())
            stack.enter_context(held(path, started))
            if not store.recognised(path):
                store.create(path, binding, started)
            connection = stack.enter_context(store.writing(path))
            with door(path):
                is_bound = store.belongs(connection, binding, path)
                ledger = cls(path, connection, binding, clock)
            if not is_bound:
                ledger._bind()
            ledger._start(run, started)
            ledger._stack = stack.pop_all()
        return ledger

    @classmethod
    def look(cls, path: Path) -> LedgerView:
        """Read a ledger without its lock, from a process that does not hold it.

        Raises:
            UnusableError: there is none, or it cannot be read.
            LedgerError: it is damaged, newer or no ledger.
        """
        return look(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with door(self._path):
            self._stack.close()

    def attached(self, connection: sqlite3.Connection) -> AbstractContextManager[None]:
        """While in its block, the file is readable as schema `ledger` of a connection opened with `uri=True`.

        Leave it before the next commit: a statement still reading there would make the commit wait.
        """
        return store.attached(self._path, connection)

    def opening(self, batch: Batch) -> None:
        """Write a batch's orders as `sending`, in the form about to be sent."""
        number = self._number(batch)
        orders = [
            (each.order_id, each.digest, number, each.updated, each.fingerprint) for each in batch.orders
        ]
        with self._written():
            self._connection.execute(tables.OPEN_BATCH, (number, self._run, moment(self._clock())))
            self._connection.executemany(tables.OPEN_ORDER, orders)
        self._open[batch.number] = batch
        self._opened = True
        self._sent += len(orders)

    def settle(self, batch: Batch, reply: Reply, state: str | None) -> None:
        """Record the reply to a batch that was opened, and its orders as `accepted` or `refused`.

        None means that it is not known whether they were taken: its orders stay `sending`.
        """
        if self._open.pop(batch.number, None) != batch:
            raise BugError(f"batch {batch.number} was settled without having been opened as it is")
        note = refusal(batch, reply) if state == "refused" else None
        answer = (moment(self._clock()), reply.status, _class(reply), reply.length, _hash(reply.head), note)
        with self._written():
            self._connection.execute(tables.ANSWERED, (state or "sending", *answer, self._number(batch)))

    def commit(self) -> None:
        """Make what was written durable, in the very file that was opened."""
        with self._written():
            if self._sent >= _MOST_SENT:
                self._fold()
            self._check_identity()
            self._connection.execute("COMMIT")

    def finish(self, ending: str, counts: Mapping[str, int], rejects: str = "") -> None:
        """Note the end of the run, and which files hold what it rejected, and commit."""
        row = (moment(self._clock()), ending, dumps(dict(counts)).decode(), rejects, self._run)
        query = "UPDATE runs SET ended = ?, ending = ?, counts = ?, rejects = ? WHERE id = ?"
        with self._written():
            self._connection.execute(query, row)
        self.commit()
        with self._written():
            self._fold()
        self.commit()

    def accepted_in_run(self) -> int:
        """The orders whose row this run left as `accepted`, as a reader of the file finds them."""
        query = "SELECT count(*) FROM orders WHERE batch > ? AND state = 'accepted'"
        self._check_identity()
        if not self._opened:
            return 0
        # Not over the run's own connection: its cache would hide what happened to the file.
        with store.reading(self._path) as connection:
            store.check_content(connection, self._path)
            (count,) = connection.execute(query, (self._before,)).fetchone()
        return int(count)

    def _bind(self) -> None:
        with self._written():
            store.bind(self._connection, self._binding)

    def _start(self, run: RunStart, started: str) -> None:
        query = "INSERT INTO runs (started, source, map, version, pid) VALUES (?, ?, ?, ?, ?)"
        with self._written():
            self._fold()  # what a run that was killed has left
            (self._before,) = self._connection.execute("SELECT coalesce(max(id), 0) FROM batches").fetchone()
            self._run = self._connection.execute(query, (started, *run, os.getpid())).lastrowid or 0
        self.commit()

    def _fold(self) -> None:
        for statement in tables.FOLD:
            self._connection.execute(statement)
        self._sent = 0

    @contextmanager
    def _written(self) -> Iterator[None]:
        """In a transaction that is taken back when it fails: what counts is what is on disk."""
        with door(self._path):
            if not self._connection.in_transaction:
                self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except (sqlite3.Error, RichsyncError):
                with suppress(sqlite3.Error):
                    self._connection.rollback()
                raise

    def _check_identity(self) -> None:
        if _identity(self._path) != self._identity:
            raise store.moved(self._path)

    def _number(self, batch: Batch) -> int:
        return self._before + batch.number


def _identity(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        raise store.moved(path) from None
    return found.st_dev, found.st_ino


def _class(reply: Reply) -> str:
    return "no reply" if reply.status is None else f"{reply.status // 100}xx"


def _hash(head: bytes) -> bytes:
    return hashlib.blake2b(head, digest_size=16).digest()
