"""The files that a run writes, never in the place of one that it reads."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from richsync import rejects
from richsync.cli.texts import file_name
from richsync.errors import UnusableError
from richsync.pipeline.readings import Source


def rejects_of(sources: Sequence[Source], named: Path | None, others: Iterable[Path]) -> tuple[Path, ...]:
    """Where the rejects of each source go, which is written over, or taken away when there are none.

    Rejects that are being mended are kept: those of this run go beside them.

    Raises:
        UnusableError: a file that is read or written already, a source's or one of the `others`, is there; or
            one that is kept is named, or by a name that cannot be told.
    """
    if named and len(sources) > 1:
        message = f"--rejects names one file, and there are {len(sources)} sources"
        raise UnusableError(message, "leave it out: the rejects of each source go beside it")
    file_name(str(named or ""), "name another file")
    if named and named.is_dir():
        raise UnusableError(f"{named} is a folder", "name the file for the rejects: --rejects FILE")
    usual = (rejects.default_path(source.name) for source in sources)
    paths = (named,) if named else tuple(map(rejects.beside, usual))
    taken = dict.fromkeys(map(_real, others), "writes something else to")
    taken |= dict.fromkeys(read_by(sources), "reads")
    for path in paths:
        if use := taken.get(path.resolve()):
            message = f"the rejects cannot take the place of {path}, which this run {use}"
            raise UnusableError(message, "name another place with --rejects FILE, or leave that file out")
        taken[path.resolve()] = "writes for another source"
    if named and rejects.is_kept(named):
        message = f"{named} is no rejects file, or was changed after richsync wrote it: it is kept as it is"
        raise UnusableError(message, "take it away once it is done with, or name another: --rejects FILE")
    return paths


def read_by(sources: Sequence[Source]) -> frozenset[Path]:
    """Files that a run reads: exports and maps."""
    read = [path for source in sources for path in (Path(source.name), source.map_file)]
    return frozenset(map(_real, read))


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))
