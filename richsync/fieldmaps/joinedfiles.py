"""The layout of lists that stand in another file, whose rows name the order that they belong to."""

from dataclasses import dataclass

from richsync.fieldmaps import puts
from richsync.fieldmaps.celltexts import json_objects
from richsync.fieldmaps.columns import Members, Names
from richsync.fieldmaps.memberlists import InCell
from richsync.fieldmaps.mistakes import mistake_at
from richsync.fieldmaps.model import Block, Column, Lines
from richsync.fieldmaps.puts import Line, Put
from richsync.fieldmaps.unfolding import Rename


@dataclass(frozen=True, slots=True)
class JoinedFile:
    """Rows of another file; `match` are pairs of its column and the one of the export that holds the same.

    The rows travel with the record, as JSON in one more column that is called `name`.
    """

    column: Column
    match: tuple[tuple[Column, Column], ...]

    @property
    def name(self) -> str:
        """The column that the rows are found in, told apart by how they are matched."""
        pairs = ", ".join(f"{theirs.name}={ours.name}" for theirs, ours in self.match)
        return f"{self.column.name} ({pairs})"

    def bind(self, lines: Lines, names: Names, line: Line) -> Put:
        """The members' names are the other file's columns, all of them known when it is a table."""
        if isinstance(names, Members):
            message = "file: stands only in a list of the order itself"
            names.mistakes.append(mistake_at(self.column, message, "map what the list's own members hold"))
            return puts.in_turn([])
        known = tuple(names.files.get(self.name, ()))
        held = InCell(self.column._replace(name=self.name), json_objects, known)
        return held.bind(lines, names, line)

    def renamed(self, _rename: Rename) -> "JoinedFile":
        """It is no column of the export."""
        return self


def joined_files(order: Block) -> tuple[JoinedFile, ...]:
    """The files that an order's lists are joined with, each way of joining once."""
    layouts = (lines.layout for lines in order.lists)
    return tuple(dict.fromkeys(each for each in layouts if isinstance(each, JoinedFile)))
