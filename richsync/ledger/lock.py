"""One run at a time: the lock file beside the ledger, which names its holder and falls with the process."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from richsync.errors import LedgerError
from richsync.jsontext import JsonTextError, dumps, loads
from richsync.ledger.store import door

_LONGEST = 1000


@contextmanager
def held(path: Path, started: str) -> Iterator[None]:
    """Hold `<ledger>.lock`, one JSON line `{pid, host, started}`; it is emptied, never removed.

    Raises:
        LedgerError: another run holds it; the message names that run.
    """
    with door(path):
        descriptor = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with door(path):
            _take(descriptor, path)
            _write(descriptor, {"pid": os.getpid(), "host": socket.gethostname(), "started": started})
        try:
            yield
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _take(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = _described(os.pread(descriptor, _LONGEST, 0))
        raise LedgerError(f"another import{holder} holds {path}", "wait until it ends, or stop it") from None


def _write(descriptor: int, holder: dict[str, str | int]) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, dumps(holder) + b"\n", 0)


def _described(line: bytes) -> str:
    """` (pid …, host …, since …)`, or nothing in the moment before the holder has written it."""
    try:
        holder = loads(line.decode("ascii"))
        return f" (pid {holder['pid']}, host {holder['host']}, since {holder['started']})"
    except (UnicodeDecodeError, JsonTextError, KeyError, TypeError):
        return ""
