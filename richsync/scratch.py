"""A database for what a run must remember: on disk, so that memory stays flat, and gone when it ends."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from richsync.errors import UnusableError

_SETTINGS = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000;"
"""Nothing to take back, and 8 MB of memory: more is not faster."""


class Scratch:
    """A temporary SQLite database without a name; `fails` says what could not be done when it fails."""

    def __init__(self, schema: str, fails: str) -> None:
        self._fails = fails
        self._connection = sqlite3.connect("", uri=True, isolation_level=None)
        self._connection.executescript(_SETTINGS + schema)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    @property
    def connection(self) -> sqlite3.Connection:
        """For another database to attach itself to it."""
        return self._connection

    @contextmanager
    def door(self) -> Iterator[None]:
        """Turn what SQLite raises into richsync's error."""
        try:
            yield
        except sqlite3.Error as error:
            message = f"{self._fails} in the system's temporary folder: {error}"
            raise UnusableError(message, "free space there, or name another folder in TMPDIR") from None
