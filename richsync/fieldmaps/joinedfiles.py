"""The layout of lists that stand in another file, whose rows name the order that they belong to."""

from typing import Any, NamedTuple

from richsync.fieldmaps import celltexts, puts
from richsync.fieldmaps.celltexts import Reader, json_objects, objects
from richsync.fieldmaps.columns import Fetch, Members, Names
from richsync.fieldmaps.filling import Filling
from richsync.fieldmaps.lines import Line
from richsync.fieldmaps.memberlists import InCell
from richsync.fieldmaps.mistakes import mistake_at
from richsync.fieldmaps.model import Block, Column, Lines, OtherFile
from richsync.fieldmaps.unfolding import Rename
from richsync.model import Problem


class JoinedFile(NamedTuple):
    """Rows of another file.

    They travel with the record, as JSON in one more column that is called `name`. With a `path` the lines
    are the members of the list that it leads to in each row.
    """

    file: OtherFile
    path: Column | None = None

    @property
    def column(self) -> Column:
        """The file's name, where the map says it."""
        return self.file.column

    @property
    def name(self) -> str:
        """The column that the rows are found in, told apart by how they are matched."""
        pairs = ", ".join(f"{theirs.name}={ours.name}" for theirs, ours in self.file.match)
        return f"{self.column.name} ({pairs}){f' {self.path.name}' if self.path else ''}"

    def bind(self, lines: Lines, names: Names, line: Line) -> Filling:
        """The members' names are the other file's columns, all of them known when it is a table."""
        if isinstance(names, Members):
            message = "file: stands only in a list of the order itself"
            names.mistakes.append(mistake_at(self.column, message, "map what the list's own members hold"))
            return puts.in_turn([])
        known = tuple(names.files.get(self.name, ()))
        column = self.column._replace(name=self.name)
        if self.path is None:
            return InCell(column, json_objects, known).bind(lines, names, line)
        if known:
            message = f"path: needs JSON, and {self.column.name} is a table"
            names.mistakes.append(mistake_at(self.path, message, "its rows are the lines: drop path:"))
            return puts.in_turn([])
        inside = _within(self._list(names, column, self.path))
        return InCell(column, inside).bind(lines, names, line)

    def _list(self, names: Names, column: Column, path: Column) -> Fetch:
        """How to get from a row to the list in it."""
        fetch = names.fetch(column)
        sampled = (json_objects(fetch(row)) for row in names.sample)
        rows = [row for found in sampled if isinstance(found, list) for row in found]
        return Members(names, rows, self.column.name).fetch(path)

    def renamed(self, _rename: Rename) -> "JoinedFile":
        """It is no column of the export."""
        return self


def _within(take: Fetch) -> Reader:
    """The members of the lists that stand in the rows."""

    def read(value: object) -> celltexts.Members:
        rows = json_objects(value)
        if isinstance(rows, Problem):
            return rows
        members: list[dict[str, Any]] = []
        for row in rows:
            found = objects(take(row))
            if isinstance(found, Problem):
                return found
            members += found
        return members

    return read


def joined_files(order: Block) -> tuple[JoinedFile, ...]:
    """The files that an order's lists are joined with, each way of joining once."""
    files: dict[str, JoinedFile] = {}
    totals = (each.within for each in (*order.fields, *order.custom) if each.within)
    for lines in (*order.lists, *totals):
        if isinstance(lines.layout, JoinedFile):
            files.setdefault(lines.layout.name, lines.layout)
    return tuple(files.values())
