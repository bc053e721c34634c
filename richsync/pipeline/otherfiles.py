"""Files that an export is read together with, each read once, to its end, into a table on disk."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from richsync.checks import CHECKS, Severity
from richsync.errors import UnusableError
from richsync.exports import Export, open_export
from richsync.fieldmaps.brought import matched_by
from richsync.fieldmaps.columns import Header, Names, OtherRows, Paths
from richsync.fieldmaps.conditions import condition
from richsync.fieldmaps.mistakes import mistake_at
from richsync.fieldmaps.model import Column, Condition, Join, OtherFile
from richsync.findings import told
from richsync.joining import Joining, Row
from richsync.jsontext import dumps, loads
from richsync.model import Mistake, Odd, Problem, ReadAs

_REMEMBERED = 4096


class Filled(NamedTuple):
    """The rows of a file by what they are matched by, their columns (none in JSON), and some of them."""

    rows: Joining
    columns: Sequence[str]
    sample: Sequence[Any]


class _Asked(NamedTuple):
    """What tells the rows of joins apart: the file, how it is read, what is matched, and which rows count."""

    name: str
    read_as: ReadAs
    matched: tuple[str, ...]
    wanted: tuple[tuple[str, frozenset[str]], ...]


class OtherFiles:
    """Reads the files that a map in `folder` names; the stack closes what is kept of them."""

    def __init__(self, folder: Path, stack: ExitStack, mistakes: list[Mistake]) -> None:
        self.folder = folder
        self.stack = stack
        self.mistakes = mistakes
        self._of_joins: dict[_Asked, Filled] = {}

    def brought(self, join: Join) -> OtherRows:
        """The rows that a join brings; a file that several joins match alike is read once."""
        matched = tuple(theirs.name for theirs, _ in join.file.match)
        wanted = tuple((each.column.name, each.texts) for each in join.where)
        asked = _Asked(join.file.column.name, join.file.read_as, matched, wanted)
        if asked not in self._of_joins:
            self._of_joins[asked] = self.filled(join.file, join.where)
        rows, columns, sample = self._of_joins[asked]

        @lru_cache(_REMEMBERED)
        def find(key: str) -> object:
            found = rows.first(key)
            return loads(found) if found else None

        return OtherRows(columns, sample, find)

    def filled(self, file: OtherFile, where: Sequence[Condition] = ()) -> Filled:
        """The rows of a file that `where` wants, matched by its columns in `match:`; none after a mistake.

        Raises:
            UnusableError: it cannot be read to its end.
        """
        rows, name = self.stack.enter_context(Joining()), file.column.name
        path = _found(file.column, self.folder, self.mistakes)
        if path is None:
            return Filled(rows, (), ())
        with open_export(str(path), file.read_as) as export:
            names = names_of(export)
            key = matched_by([theirs for theirs, _ in file.match], names)
            met = condition(where, names.fetch)
            absent = (each for each in names.notes if each.code == "RS303")
            nowhere = (mistake_at(file.column, each.note, "check `match:`", "RS303") for each in absent)
            mistakes = (*names.mistakes, *nowhere)
            self.mistakes += [each._replace(message=f"{name}: {each.message}") for each in mistakes]
            if not self.mistakes:
                rows.fill(_rows(export, name, key, met))
            return Filled(rows, export.columns, names.sample)

    def problems(self) -> Iterator[Problem]:
        """What the rows that joins asked for lack, or have too much of, each file once."""
        for asked, filled in self._of_joins.items():
            if lacking := filled.rows.lacking():
                yield Problem("RS713", asked.name, note=_values(lacking))
            count, line = filled.rows.repeated()
            if count:
                yield Problem("RS714", asked.name, note=f"{_values(count)} (line {line} of it)")


def _values(count: int) -> str:
    return f"{count:,} value{'' if count == 1 else 's'}"


def names_of(export: Export) -> Names:
    """The names of an export's columns, or of its members, known from a sample."""
    rows = [row for _, row, _ in export.sample if isinstance(row, list | dict)]
    return Header(export.columns, rows) if export.columns else Paths(rows)


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


def _rows(
    export: Export, name: str, key: Callable[[Any], str], met: Callable[[Any], bool] | None
) -> Iterator[Row]:
    for line, row, raw in export:
        match row:
            case Odd() if CHECKS[row.code].severity is not Severity.ERROR:
                continue
            case Odd():
                what = told(Problem(row.code, note=row.note))
                message = f"{name}, line {line}: {row.code} {what}"
                raise UnusableError(message, f"nothing was sent; {CHECKS[row.code].mend}")
            case _ if met is not None and not met(row):
                continue
            case list():
                yield key(row), line, dumps(dict(zip(export.columns, row, strict=True)))
            case dict():
                yield key(row), line, raw[raw.index("{") : raw.rindex("}") + 1].encode(errors="surrogatepass")
