"""Layouts of lists that stand in a record: in JSON, or in the text of one cell."""

from typing import NamedTuple

from richsync.fieldmaps import puts
from richsync.fieldmaps.brought import bring
from richsync.fieldmaps.celltexts import Reader, objects
from richsync.fieldmaps.columns import Header, Members, Names
from richsync.fieldmaps.filling import Filling
from richsync.fieldmaps.lines import Inside, Line, member_lines
from richsync.fieldmaps.mistakes import mistake_at
from richsync.fieldmaps.model import Column, Lines
from richsync.fieldmaps.unfolding import Rename, renamed_column


class Path(NamedTuple):
    """Each member of a list in JSON; a single object counts as a list of one."""

    column: Column

    def bind(self, lines: Lines, names: Names, line: Line) -> Filling:
        """The members' names are paths in them."""
        if isinstance(names, Header):
            message = "path: needs JSON, and this export is a table"
            names.mistakes.append(mistake_at(self.column, message, "its rows are the lines: drop path:"))
            return puts.in_turn([])
        return _members(lines, names, line, InCell(self.column, objects), cell=False)

    def renamed(self, rename: Rename) -> "Path":
        """The path of one block."""
        return Path(renamed_column(self.column, rename))


class InCell(NamedTuple):
    """The text of one cell; `groups` are the names of every member, if they are known."""

    column: Column
    read: Reader
    groups: tuple[str, ...] = ()

    def bind(self, lines: Lines, names: Names, line: Line) -> Filling:
        """The members' names are those that the text gives them."""
        return _members(lines, names, line, self, cell=True)

    def renamed(self, rename: Rename) -> "InCell":
        """The cell of one block."""
        return self._replace(column=renamed_column(self.column, rename))


def _members(lines: Lines, names: Names, line: Line, held: InCell, *, cell: bool) -> Filling:
    """What appends a line for each member of a list that a column holds."""
    before = len(names.mistakes)
    fetch, read = names.fetch(held.column), held.read
    found = [read(fetch(row)) for row in names.sample] if len(names.mistakes) == before else []
    seen = [member for members in found if isinstance(members, list) for member in members]
    known = [dict.fromkeys(held.groups, "")] if held.groups else []
    inner = Members(names, known or seen, held.column.name, complete=bool(known))
    bring(lines.joins, inner)
    each_member = line(lines, inner)
    inside = Inside(lambda row: read(fetch(row)), inner.lent, held.column.name, cell)
    return member_lines(lines.field.name, inside, each_member.row)
