"""An export joined with other files: each order's first record brings the rows that match it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from richsync.checks import CHECKS
from richsync.errors import BadMapError, UnusableError
from richsync.exports import Export, open_export
from richsync.fieldmaps import Bound, FieldMap
from richsync.fieldmaps.columns import Header, Names, Paths
from richsync.fieldmaps.conditions import written
from richsync.fieldmaps.joinedfiles import JoinedFile, joined_files
from richsync.fieldmaps.mistakes import mistake_at
from richsync.fieldmaps.model import Column
from richsync.findings import told
from richsync.joining import Joining, Row
from richsync.jsontext import dumps
from richsync.model import Mistake, Odd, Part, Problem, ReadAs, Record
from richsync.orders import is_set_aside

KeyOf = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Join:
    """One joined file: its rows on disk, its columns (none in JSON), and what of a record they match."""

    file: JoinedFile
    rows: Joining
    columns: Sequence[str]
    key: KeyOf


class Joins:
    """All files that an export is joined with."""

    def __init__(self, joins: Sequence[Join]) -> None:
        self.joins = joins

    @property
    def columns(self) -> Mapping[str, Sequence[str]]:
        """The column that each brings, and the columns of the rows in it."""
        return {each.file.name: each.columns for each in self.joins}

    def sample(self, records: Sequence[Record]) -> Sequence[Record]:
        """Some records with their rows."""
        return tuple(self._joined(records, None)) if self.joins else records

    def joined(self, records: Iterable[Record], bound: Bound) -> Iterable[Record]:
        """Every record with its rows; those of one order bring the same rows once."""
        return self._joined(records, bound) if self.joins else records

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
        for each in self.joins:
            asked = (each.file.name, each.key(row))
            texts[each.file.name] = "" if asked in brought else each.rows.found(asked[1])
            brought.add(asked)
        return texts

    def problems(self) -> list[Problem]:
        """What nothing was matched with, each file once."""
        found = [(each.file, *each.rows.left()) for each in self.joins]
        return [
            Problem("RS711", each.column.name, note=f"{count:,} of them, the first on its line {line}")
            for each, count, line in found
            if count
        ]


def _with(row: list[str] | dict[str, Any], texts: dict[str, str]) -> list[str] | dict[str, Any]:
    return [*row, *texts.values()] if isinstance(row, list) else {**row, **texts}


def opened_joins(field_map: FieldMap, folder: Path, export: Export, stack: ExitStack) -> Joins:
    """Read the files that a map names; the stack closes what is kept of them.

    Raises:
        BadMapError: a file is not in the map's folder, or has not the columns that are matched.
        UnusableError: a file cannot be read to its end.
    """
    ours = _names(export)
    mistakes = ours.mistakes
    joins = []
    for file in joined_files(field_map.order):
        path = _found(file.column, folder, mistakes)
        if path is None:
            continue
        with open_export(str(path), ReadAs()) as other:
            theirs = _names(other)
            key = _key([column for column, _ in file.match], theirs)
            own = _key([column for _, column in file.match], ours)
            name = file.column.name
            mistakes += [each._replace(message=f"{name}: {each.message}") for each in theirs.mistakes]
            rows = stack.enter_context(Joining())
            if not mistakes:
                rows.fill(_rows(other, name, key))
            joins.append(Join(file, rows, other.columns, own))
    if mistakes:
        raise BadMapError(sorted(mistakes, key=lambda each: (each.line, each.column)), field_map.name)
    return Joins(joins)


def _names(export: Export) -> Names:
    rows = [row for _, row, _ in export.sample if isinstance(row, list | dict)]
    return Header(export.columns, rows) if export.columns else Paths(rows)


def _key(columns: Sequence[Column], names: Names) -> KeyOf:
    """The values of all columns; a row that lacks one matches nothing."""
    fetches = [names.fetch(column) for column in columns]

    def key(row: Any) -> str:
        parts = [written(fetch(row)) for fetch in fetches]
        return "\x1f".join(parts) if all(parts) else ""

    return key


def _found(column: Column, folder: Path, mistakes: list[Mistake]) -> Path | None:
    """Where a file is that a map names: beside the map or below it, links followed."""
    path = (folder / column.name).resolve()
    if Path(column.name).is_absolute() or not path.is_relative_to(folder.resolve()):
        help_text = "name it relative to the map, and put it beside the map or below"
        mistakes.append(mistake_at(column, f"the file {column.name!r} is not in the map's folder", help_text))
    elif not path.is_file():
        message = f"there is no file {column.name!r} beside the map"
        mistakes.append(mistake_at(column, message, "check its name"))
    else:
        return path
    return None


def _rows(export: Export, name: str, key: KeyOf) -> Iterator[Row]:
    for line, row, raw in export:
        match row:
            case Odd() if not CHECKS[row.code].whole and is_set_aside(row):
                continue
            case Odd():
                what = told(Problem(row.code, note=row.note))
                message = f"{name}, line {line}: {row.code} {what}"
                raise UnusableError(message, f"nothing was sent; {CHECKS[row.code].mend}")
            case list():
                yield key(row), line, dumps(dict(zip(export.columns, row, strict=True)))
            case dict():
                yield key(row), line, raw[raw.index("{") : raw.rindex("}") + 1].encode(errors="surrogatepass")
