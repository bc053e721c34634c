"""Layouts of lists that are spread over the columns of a table: a block of columns for each line."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from richsync.fieldmaps import puts
from richsync.fieldmaps.brought import bring
from richsync.fieldmaps.columns import Header, Names, fold, names_are
from richsync.fieldmaps.conditions import FILLED
from richsync.fieldmaps.filling import Filling
from richsync.fieldmaps.lines import Line
from richsync.fieldmaps.mistakes import mistake_at
from richsync.fieldmaps.model import Column, Condition, Constant, Lines
from richsync.fieldmaps.unfolding import CELL, HOLE, PLACE, Rename, unfolded
from richsync.model import Mistake
from richsync.patterns import Match, Pattern


class ProductColumns(NamedTuple):
    """Columns that are products: those whose name fits the pattern; its named groups are columns too."""

    column: Column
    pattern: Pattern

    def bind(self, lines: Lines, names: Names, line: Line) -> Filling:
        """One line for each of them whose cell is filled."""
        if not isinstance(names, Header):
            names.mistakes.append(_needs_table(self.column, "columns:"))
            return puts.in_turn([])
        fits = ((name, self.pattern.whole(name)) for name in names.columns)
        products = [(name, fit.named) for name, fit in fits if isinstance(fit, Match)]
        if not products:
            message = f"no column fits {self.column.name!r}"
            names.mistakes.append(mistake_at(self.column, message, names_are(names.columns), "RS303"))
        before = len(names.mistakes)
        cell = Condition(self.column._replace(name=CELL), frozenset({FILLED}))
        filled = lines._replace(where=(*lines.where, cell))
        made = _blocks(filled, [_of_product(name, groups) for name, groups in products], names, line)
        groups = ", ".join((*map(repr, self.pattern.names), repr(CELL)))
        also = f"of {self.column.name!r} there are {groups}"
        names.mistakes[before:] = [
            each._replace(help=f"{also}; {each.help}") for each in names.mistakes[before:]
        ]
        return made

    def renamed(self, _rename: Rename) -> "ProductColumns":
        """It stands in no block of columns."""
        return self


class Repeat(NamedTuple):
    """Blocks of numbered columns: `column` has a hole where the number stands."""

    column: Column

    def bind(self, lines: Lines, names: Names, line: Line) -> Filling:
        """One line for each number in the header; an empty block holds none, wherever it stands."""
        if not isinstance(names, Header):
            names.mistakes.append(_needs_table(self.column, "repeat:"))
            return puts.in_turn([])
        numbers = self._numbers(names)
        if not numbers:
            names.index(self.column._replace(name=self.column.name.replace(HOLE, PLACE)))
        return _blocks(lines, [_of_block(names, numbers, each) for each in numbers], names, line)

    def renamed(self, _rename: Rename) -> "Repeat":
        """It stands in no other block."""
        return self

    def _numbers(self, header: Header) -> list[str]:
        """As they are written in the header, from 0, from 1 or with gaps."""
        pattern = re.compile(r"(\d{1,9})".join(map(re.escape, fold(self.column.name).split(HOLE))), re.ASCII)
        found = {match[1] for name in header.columns if (match := pattern.fullmatch(fold(name)))}
        return sorted(found, key=lambda number: (int(number), number))


def _blocks(lines: Lines, renames: Sequence[Rename], names: Names, line: Line) -> Filling:
    """One line for each block of columns, each with the rows of other files that its own columns match."""
    plain, made, known = lines._replace(layout=None), [], names.brought
    for rename in renames:
        names.brought = dict(known)
        bring(lines.joins, names, rename)
        made.append(line(unfolded(plain, rename), names))
    names.brought = known
    return puts.in_turn(made)


def _of_product(name: str, groups: Mapping[str, str]) -> Rename:
    """The columns of one product: its cell, and what the pattern finds in its name."""

    def rename(column: Column) -> Column | Constant:
        if column.name == CELL:
            return column._replace(name=name)
        return Constant(groups[column.name]) if column.name in groups else column

    return rename


def _of_block(header: Header, numbers: Sequence[str], number: str) -> Rename:
    """The columns of one number; one that only other blocks have is empty in it."""

    def numbered(column: Column, at: str) -> Column:
        return column._replace(name=column.name.replace(HOLE, at))

    def rename(column: Column) -> Column | Constant:
        if header.has(numbered(column, number)):
            return numbered(column, number)
        elsewhere = any(header.has(numbered(column, each)) for each in numbers)
        return Constant("") if elsewhere else numbered(column, PLACE)

    return rename


def _needs_table(column: Column, word: str) -> Mistake:
    return mistake_at(column, f"{word} needs a table, and this export is JSON", "name the list: path:")
