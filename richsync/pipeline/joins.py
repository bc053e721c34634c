"""An export joined with other files: each order's first record brings the lines that match it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from richsync.errors import BadMapError
from richsync.exports import Export
from richsync.fieldmaps import Bound, FieldMap
from richsync.fieldmaps.brought import bring, matched_by
from richsync.fieldmaps.columns import OtherRows
from richsync.fieldmaps.joinedfiles import JoinedFile, joined_files
from richsync.fieldmaps.model import Join
from richsync.fieldmaps.otherfiles import all_joins
from richsync.joining import Joining
from richsync.model import Odd, Part, Problem, Record
from richsync.pipeline.otherfiles import OtherFiles, names_of


class LinesElsewhere(NamedTuple):
    """A file whose rows are lines of orders: on disk, with its columns, and what of a record they match."""

    file: JoinedFile
    rows: Joining
    columns: Sequence[str]
    key: Callable[[Any], str]


class Joins(NamedTuple):
    """All files that an export is joined with; `others` are the rows that joins bring."""

    lines: Sequence[LinesElsewhere]
    others: Mapping[Join, OtherRows]
    files: OtherFiles
    notes: Sequence[Problem]

    @property
    def columns(self) -> Mapping[str, Sequence[str]]:
        """The column that each brings, and the columns of the rows in it."""
        return {each.file.name: each.columns for each in self.lines}

    def sample(self, records: Sequence[Record]) -> Sequence[Record]:
        """Some records with their rows."""
        return tuple(self._joined(records, None)) if self.lines else records

    def joined(self, records: Iterable[Record], bound: Bound) -> Iterable[Record]:
        """Every record with its rows; those of one order bring the same rows once."""
        return self._joined(records, bound) if self.lines else records

    def _joined(self, records: Iterable[Record], bound: Bound | None) -> Iterator[Record]:
        last, brought = "", set[tuple[str, str]]()
        for line, row, raw in records:
            if isinstance(row, Odd | Part):
                yield line, row, raw
                continue
            if bound is not None and bound.wanted is not None and not bound.wanted(row):
                yield line, _with(row, dict.fromkeys(self.columns, "")), raw
                continue
            key = bound.key(row) if bound is not None and bound.grouped else ""
            if not key or key != last:
                last, brought = key, set()
            yield line, _with(row, self._texts(row, brought)), raw

    def _texts(self, row: Any, brought: set[tuple[str, str]]) -> dict[str, str]:
        """The rows that match a record, but for those that its order has already."""
        texts = {}
        for each in self.lines:
            asked = (each.file.name, each.key(row))
            texts[each.file.name] = "" if asked in brought else each.rows.found(asked[1])
            brought.add(asked)
        return texts

    def problems(self) -> list[Problem]:
        """What nothing was matched with, each file once, and what joins lacked."""
        found = [(each.file, *each.rows.left()) for each in self.lines]
        left = [
            Problem("RS711", each.column.name, note=f"{count:,} of them, the first on its line {line}")
            for each, count, line in found
            if count
        ]
        return [*self.notes, *left, *self.files.problems()]


def _with(row: list[str] | dict[str, Any], texts: dict[str, str]) -> list[str] | dict[str, Any]:
    return [*row, *texts.values()] if isinstance(row, list) else {**row, **texts}


def opened_joins(field_map: FieldMap, folder: Path, export: Export, stack: ExitStack) -> Joins:
    """Read the files that a map names; the stack closes what is kept of them.

    Raises:
        BadMapError: a file is not in the map's folder, or has not the columns that are matched.
        UnusableError: a file cannot be read to its end.
    """
    ours = names_of(export)
    files = OtherFiles(folder, stack, ours.mistakes)
    ours.others = others = {each: files.brought(each) for each in all_joins(field_map)}
    bring(field_map.export.joins, ours)
    ours.notes.clear()  # they are told when the map is bound
    lines = []
    for file in joined_files(field_map.order):
        key = matched_by([column for _, column in file.file.match], ours)
        rows, columns, _ = files.filled(file.file)
        lines.append(LinesElsewhere(file, rows, columns, key))
    if ours.mistakes:
        raise BadMapError(sorted(ours.mistakes, key=lambda each: (each.line, each.column)), field_map.name)
    return Joins(lines, others, files, ours.notes)
