"""What the runs of a ledger left undone, export by export."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from richsync.ledger import Run
from richsync.model import Disposition
from richsync.rejects import default_path

BETWEEN_SOURCES = ", "
"""Stands between the sources of one run."""


class Leftover(NamedTuple):
    """The orders of an export that its latest run left pending or rejected."""

    source: str
    pending: int
    rejected: int


def leftovers(runs: Sequence[Run]) -> list[Leftover]:
    """By the latest run of each export that came to its end; rejects that were imported since are none.

    A run that found no order in its files has settled nothing.
    """
    ended = (run for run in runs if any(run.counts.values()))
    latest = {source: run for run in ended for source in run.source.split(BETWEEN_SOURCES)}
    found = (
        Leftover(run.source, _count(run, Disposition.PENDING), _rejected(run, latest))
        for run in {run.id: run for run in latest.values()}.values()
    )
    return [each for each in found if each.pending or each.rejected]


def _rejected(run: Run, latest: Mapping[str, Run]) -> int:
    """None when all the files that hold the rejects of the run were imported later on."""
    usual = (str(default_path(source)) for source in run.source.split(BETWEEN_SOURCES))
    mended = map(latest.get, run.rejects.split(BETWEEN_SOURCES) if run.rejects else usual)
    is_mended = all(later is not None and later.id > run.id for later in mended)
    return 0 if is_mended else _count(run, Disposition.REJECTED)


def _count(run: Run, disposition: Disposition) -> int:
    return run.counts.get(str(disposition), 0)
