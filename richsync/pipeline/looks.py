"""The first look at an export: its first records as a sample, from which a map is drafted."""

from richsync.checks import CHECKS
from richsync.drafts import Sample, of_objects, of_table, parent_of
from richsync.errors import UnusableError
from richsync.exports import Export, open_export
from richsync.findings import told
from richsync.gathering import Gathering
from richsync.model import Odd, Problem, ReadAs, Row

_NO_RECORDS = frozenset({"RS103", "RS207"})
"""What is found where records are missing: the header can be looked at all the same."""


def look(name: str, read_as: ReadAs, called: str = "") -> Sample:
    """At most the first 1,000 records of an export, however large it is; `called` is its name in a map.

    Raises:
        UnusableError: nothing can be read of it.
    """
    with open_export(name, read_as) as export:
        rows = [row for _, row, _ in export.sample if isinstance(row, list | dict)]
        if not rows:
            _refuse_faulty(export)
        if export.columns:
            cells = [row for row in rows if isinstance(row, list)]
            return of_table(called or name, export.columns, cells, export.encoding, export.delimiter)
        parent = parent_of(rows)
        return of_objects(called or name, _gathered(export, parent) if parent else rows, parent=parent)


def _gathered(export: Export, parent: str) -> list[Row]:
    """The sampled records with those that name them as their parent."""
    with Gathering() as gathering:
        families = gathering.families(export.sample, parent)
        return [row for _, row, _ in families if isinstance(row, dict)]


def _refuse_faulty(export: Export) -> None:
    """A header without records will do; a file that cannot be read will not."""
    odd = next((row for _, row, _ in export.sample if isinstance(row, Odd)), Odd("RS102"))
    if odd.code in _NO_RECORDS and export.columns:
        return
    problem = Problem(odd.code, note=odd.note)
    raise UnusableError(f"{export.name}: {told(problem)}", CHECKS[odd.code].mend)
