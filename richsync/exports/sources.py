"""The bytes of an export, from a file or from standard input, counted and hashed as they pass."""

import hashlib
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from richsync.errors import UnusableError

BLOCK = 64 * 1024
STDIN = "-"

_MENDS: dict[type[OSError], str] = {
    FileNotFoundError: "check the path; `-` reads standard input",
    IsADirectoryError: "name a file in it",
    PermissionError: "check who may read it with `ls -l`",
}
_NOT_OPENED, _NOT_READ = "check the path", "copy the file again"


class Source:
    """An open export. `size` is None where it is not known beforehand: standard input, pipes."""

    def __init__(self, name: str, file: BinaryIO, size: int | None, *, owned: bool) -> None:
        self.name = name
        self.size = size
        self.bytes_read = 0
        self._file = file
        self._owned = owned
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Of the bytes read so far."""
        return self._hash.hexdigest()

    def blocks(self) -> Iterator[bytes]:
        """The rest of the bytes, a block at a time.

        Raises:
            UnusableError: the disk or the pipe fails.
        """
        while block := self._read():
            self.bytes_read += len(block)
            self._hash.update(block)
            yield block

    def _read(self) -> bytes:
        try:
            return self._file.read(BLOCK)
        except OSError as error:
            raise _unreadable(self.name, error, _NOT_READ) from None

    def drain(self) -> None:
        """Read to the end, so that the hash is the whole file's; a pipe, which may have none, is left."""
        if self.size is not None:
            for _ in self.blocks():
                pass

    def close(self) -> None:
        """Close what was opened here; standard input is its owner's."""
        if self._owned:
            self._file.close()


def open_source(source: str, stdin: BinaryIO | None) -> Source:
    """Open a path, or take standard input for `-`.

    Raises:
        UnusableError: it cannot be read, with the reason and what to do.
    """
    if source == STDIN:
        return Source("<stdin>", _standard_input(stdin), None, owned=False)
    try:
        file = Path(source).open("rb")  # noqa: SIM115 - closed by the export
    except OSError as error:
        raise _unreadable(source, error, _NOT_OPENED) from None
    except ValueError as error:
        raise UnusableError(f"cannot read {source!r}: {error}", _NOT_OPENED) from None
    status = os.fstat(file.fileno())
    return Source(source, file, status.st_size if stat.S_ISREG(status.st_mode) else None, owned=True)


def _standard_input(stdin: BinaryIO | None) -> BinaryIO:
    found: BinaryIO | None = stdin or getattr(sys.stdin, "buffer", None)
    if found is None:
        raise UnusableError("cannot read <stdin>: it is closed", "name a file, or pipe the export in")
    return found


def _unreadable(name: str, error: OSError, otherwise: str) -> UnusableError:
    reason = error.strerror or type(error).__name__
    return UnusableError(f"cannot read {name}: {reason}", _MENDS.get(type(error), otherwise))
