"""The ledger's file: how it is made, known again, checked and opened."""

import hashlib
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from richsync.errors import BugError, LedgerError, RichsyncError, UnusableError
from richsync.ledger.tables import APPLICATION_ID, COPY, MIGRATIONS, SCHEMA, VERSION

ANOTHER = "name another ledger with --checkpoint FILE"
_MAGIC = b"SQLite format 3\0"
_CHECKED_WHOLE = 200 * 2**20
_PATIENCE = 30.0  # seconds to wait for a reader


class Binding(NamedTuple):
    """The account a ledger belongs to; of the key only a hash and the last 4 characters are stored."""

    host: str
    api_key: str

    @property
    def key_hash(self) -> str:
        """BLAKE2b-128 of the key, hex."""
        return hashlib.blake2b(self.api_key.encode(), digest_size=16, person=b"richsync key").hexdigest()


def moment(seconds: float) -> str:
    """Epoch seconds as ISO 8601 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@contextmanager
def door(path: Path, verb: str = "written") -> Iterator[None]:
    """Turn what SQLite and the file system raise into richsync's errors."""
    try:
        yield
    except sqlite3.Error as error:
        raise _translated(error, path, verb) from error
    except OSError as error:
        raise _unusable(path, verb, error.strerror or str(error)) from error


def _translated(error: sqlite3.Error, path: Path, verb: str) -> RichsyncError:
    if isinstance(error, sqlite3.ProgrammingError):
        return BugError(f"the ledger {path} was used wrongly: {error}")
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code == sqlite3.SQLITE_READONLY_DBMOVED:
        return moved(path)
    match code & 0xFF:
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_ERROR:
            return damaged(path, str(error))
        case sqlite3.SQLITE_CONSTRAINT:
            return BugError(f"the ledger {path} does not take what it was given: {error}")
        case _:
            return _unusable(path, verb, str(error))


def _unusable(path: Path, verb: str, reason: str) -> UnusableError:
    if verb != "written":
        return UnusableError(f"the ledger {path} could not be {verb}: {reason}", ANOTHER)
    message = f"the ledger {path} could not be written: {reason}; nothing unrecorded was sent"
    return UnusableError(
        message,
        "see that its folder is there, may be written and has free space; then run the same command again",
    )


def damaged(path: Path, reason: str) -> LedgerError:
    """The error for a ledger whose content cannot be trusted."""
    journal = f"without the {path.name}-journal that may lie beside it"
    hint = f"restore it from a backup, {journal}, or {ANOTHER}: every order is then sent again, which is safe"
    return LedgerError(f"the ledger {path} is damaged: {reason}", hint)


def moved(path: Path) -> LedgerError:
    """The error for a ledger that was removed or replaced during the run."""
    message = f"the ledger {path} was removed or replaced during the run; nothing unrecorded was sent"
    return LedgerError(message, "put it back and run the same command again")


def recognised(path: Path) -> bool:
    """Whether a ledger stands at the path; False when nothing does. Reads the header, changes nothing.

    Raises:
        LedgerError: it is another kind of file, or a ledger of a newer richsync.
        UnusableError: it is not a regular file or cannot be read.
    """
    with door(path, "read"):
        try:
            kind = path.stat().st_mode
        except FileNotFoundError:
            return False
        if not stat.S_ISREG(kind):
            raise UnusableError(f"{path} is not a file, so it cannot be a ledger", ANOTHER)
        with path.open("rb") as file:
            header = file.read(100)
    _check_header(path, header)
    return True


def _check_header(path: Path, header: bytes) -> None:
    # https://www.sqlite.org/fileformat.html: user_version stands at byte 60, application_id at 68.
    application, version = (int.from_bytes(header[at : at + 4], "big") for at in (68, 60))
    if not header.startswith(_MAGIC) or application != APPLICATION_ID:
        raise LedgerError(f"{path} is not a richsync ledger; it was left as it is", ANOTHER)
    if version > VERSION:
        message = f"the ledger {path} has version {version}; this richsync knows up to {VERSION}"
        raise LedgerError(message, "update richsync")


def create(path: Path, binding: Binding, created: str) -> None:
    """Make an empty ledger, 0600: whole under its name, or not at all. The caller holds the lock."""
    fresh = path.with_name(f"{path.name}.new")
    with door(path):
        # The journal of a ledger that is gone would be played back into this one.
        path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
        fresh.unlink(missing_ok=True)
        try:
            os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            _fill(fresh, binding, created)
            fresh.rename(path)
        finally:
            fresh.unlink(missing_ok=True)
        _sync_folder(path.parent)


def _fill(path: Path, binding: Binding, created: str) -> None:
    with closing(_connected(path)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(SCHEMA)
        connection.execute("INSERT INTO meta VALUES ('created', ?)", (created,))
        bind(connection, binding)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=_PATIENCE)


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a ledger that exists, for the run that holds its lock: looked through, and of this version."""
    with door(path):
        connection = _connected(path)
    with closing(connection):
        with door(path):
            connection.execute("PRAGMA journal_mode = TRUNCATE").fetchall()
            connection.execute("PRAGMA synchronous = FULL")
            check_content(connection, path)
            _migrate(connection, path)
        yield connection


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a ledger to look at it, also while a run holds it.

    The connection may write only so that SQLite can take back what a killed run left half written.
    """
    with door(path, "read"), closing(_connected(path)) as connection:
        connection.execute("PRAGMA query_only = ON")
        yield connection


@contextmanager
def attached(path: Path, connection: sqlite3.Connection) -> Iterator[None]:
    """Attach a ledger read-only as schema `ledger` to a connection that was opened with `uri=True`."""
    with door(path, "read"):
        connection.execute("ATTACH DATABASE ? AS ledger", (f"{path.as_uri()}?mode=ro",))
    yield
    # Not where an error goes by: it ends the connection too, and must not be hidden by another one.
    with door(path, "read"):
        connection.execute("DETACH DATABASE ledger")


@contextmanager
def copied(path: Path, connection: sqlite3.Connection) -> Iterator[None]:
    """The same with a copy of the view `orders`: of one moment, and with an index over what is not folded."""
    with door(path, "read"):
        connection.execute("ATTACH DATABASE ? AS original", (f"{path.as_uri()}?mode=ro",))
        connection.executescript(COPY)
        connection.execute("DETACH DATABASE original")
    yield
    with door(path, "read"):
        connection.execute("DETACH DATABASE ledger")


def check_content(connection: sqlite3.Connection, path: Path) -> None:
    """Raise LedgerError if the file's pages do not fit together; of a large one it is not known."""
    if path.stat().st_size <= _CHECKED_WHOLE:
        (finding,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if finding != "ok":
            raise damaged(path, "its pages do not fit together")


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for older in range(version, VERSION):
        if older not in MIGRATIONS:
            raise damaged(path, f"there never was a version {older}")
        connection.executescript(f"BEGIN; {MIGRATIONS[older]}; PRAGMA user_version = {older + 1}; COMMIT;")


def meta_of(connection: sqlite3.Connection, path: Path) -> dict[str, str]:
    """The `meta` table, complete."""
    meta = dict(connection.execute("SELECT key, value FROM meta"))
    if missing := {"host", "key_hash", "key_tail"} - meta.keys():
        raise damaged(path, f"it does not say its {min(missing)}")
    return meta


def belongs(connection: sqlite3.Connection, binding: Binding, path: Path) -> bool:
    """Whether a ledger is this account's; False if it may become so: nothing in it was settled for another.

    Raises:
        LedgerError: it is another account's: what one account accepted, another does not have.
    """
    meta = meta_of(connection, path)
    if (meta["host"], meta["key_hash"]) == (binding.host, binding.key_hash):
        return True
    (is_used,) = connection.execute(
        "SELECT EXISTS (SELECT * FROM batches WHERE state <> 'sending')"
    ).fetchone()
    if is_used:
        raise _of_another(meta, binding, path)
    return False


def _of_another(meta: dict[str, str], binding: Binding, path: Path) -> LedgerError:
    bound, given = f"…{meta['key_tail']} at {meta['host']}", f"…{binding.api_key[-4:]} at {binding.host}"
    other = "host" if meta["host"] != binding.host else "API key"
    message = (
        f"the ledger {path} belongs to another {other}: it is bound to the key {bound}, this run has the "
        f"key {given}; what one account accepted, another does not have"
    )
    return LedgerError(message, f"use the key and endpoint it is bound to, or {ANOTHER}")


def bind(connection: sqlite3.Connection, binding: Binding) -> None:
    """Write down whose ledger it is."""
    meta = {"host": binding.host, "key_hash": binding.key_hash, "key_tail": binding.api_key[-4:]}
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta.items())
