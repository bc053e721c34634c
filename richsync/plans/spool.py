"""The spool: every event with its raw source text, on disk until the run ends.

What was checked is, byte for byte, what is sent, whatever happens to the export in the hours between.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from richsync.errors import UnusableError


class Place(NamedTuple):
    """A folder for a spool, and what names another one: an option, or a variable of the environment."""

    folder: Path
    told_by: str


class Spool:
    """A file in a folder, readable by its owner only and unlinked as soon as it is open.

    `end` is the offset of what is added next.
    """

    def __init__(self, place: Place) -> None:
        from tempfile import mkstemp

        with _door(place):
            handle, name = mkstemp(dir=place.folder, prefix=".richsync-")
            Path(name).unlink()
        self._file = os.fdopen(handle, "w+b", buffering=1024 * 1024)
        self._place = place
        self.end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._file.close()

    def add(self, parts: Sequence[bytes]) -> None:
        """Append."""
        try:
            self._file.write(b"".join(parts))
        except OSError as error:
            raise _unusable(self._place, error) from None
        self.end += sum(map(len, parts))

    def flush(self) -> None:
        """Everything on disk: a full disk is found here, before anything is sent."""
        with _door(self._place):
            self._file.flush()

    def read(self, at: int, size: int) -> bytes:
        """The bytes at an offset, once flushed."""
        try:
            return os.pread(self._file.fileno(), size, at)
        except OSError as error:
            message = f"the orders set down in {self._place.folder} could not be read: {error.strerror}"
            raise UnusableError(message, "run the same command again") from None


@contextmanager
def _door(place: Place) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _unusable(place, error) from None


def _unusable(place: Place, error: OSError) -> UnusableError:
    message = f"the orders could not be set down in {place.folder}: {error.strerror}"
    return UnusableError(message, f"nothing was sent; free space, or name another place with {place.told_by}")
