"""Files that are there whole or not at all, and that only their owner can read."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from richsync.errors import UnusableError

_MARK = 271_828_000
"""Nanoseconds in the time of change of a file written here: whatever changes it later sets another time."""


def is_changed(path: Path) -> bool:
    """Whether something stands there that was not written here, or was changed since; a device never is."""
    return path.is_file() and path.stat().st_size > 0 and path.stat().st_mtime_ns % 10**9 != _MARK


@contextmanager
def written_whole(
    path: Path, what: str, hint: str, encoding: str = "utf-8", *, keeps_empty: bool = True
) -> Iterator[TextIO]:
    """A text file to write, 0600, that takes the path's place at the end; after an exception nothing does.

    Line ends and what the encoding lacks are written as they are, the latter as escapes. An empty file takes
    away what stood there unless `keeps_empty`. A device or a pipe is written directly.

    Raises:
        UnusableError: `what` could not be written; with the hint.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("w", encoding=encoding, errors="backslashreplace", newline="") as file:
                yield file
        else:
            with _beside(Path(os.path.realpath(path)), encoding, keeps_empty=keeps_empty) as file:
                yield file
    except OSError as error:
        raise UnusableError(f"{what} could not be written to {path}: {error.strerror}", hint) from None


@contextmanager
def _beside(path: Path, encoding: str, *, keeps_empty: bool) -> Iterator[TextIO]:
    from tempfile import mkstemp

    handle, name = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding=encoding, errors="backslashreplace", newline="") as file:
            yield file
            is_kept = keeps_empty or file.tell() > 0
        if is_kept:
            _mark(beside)
            beside.replace(path)
        else:
            beside.unlink()
            path.unlink(missing_ok=True)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _mark(path: Path) -> None:
    found = path.stat()
    second = 10**9
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns // second * second - second + _MARK))
