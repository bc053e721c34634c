"""A list's fields written once and meant for several blocks of columns: the same fields with other columns.

Unfolding happens once, when the export is known; what is left are plain columns, as fast as any.
"""

from collections.abc import Callable
from typing import TypeAlias

from richsync.fieldmaps.document import Listing, Node, Scalar, Table
from richsync.fieldmaps.model import (
    Action,
    Block,
    Column,
    Condition,
    Constant,
    Lines,
    Mapped,
    Slot,
    Source,
    Text,
)
from richsync.verbs import Arguments

PLACE = "{n}"
"""Where a map says that a number stands in a column's name."""

HOLE = "\0"
"""What stands for it once the map is read: no map and no header can hold it."""

CELL = "$cell"
"""The cell of a product that is a column."""

Rename: TypeAlias = Callable[[Column], Column | Constant]
"""A column of the fields as written to the column of one block, or to a text."""


def with_holes(table: Table) -> Table:
    """The table with a hole wherever it says `{n}`: other braces in its texts are columns as always."""
    return table._replace(pairs=tuple((_text_with_holes(key), _holed(node)) for key, node in table.pairs))


def _holed(node: Node) -> Node:
    match node:
        case Scalar():
            return _text_with_holes(node)
        case Listing():
            return node._replace(items=tuple(map(_holed, node.items)))
        case Table():
            return with_holes(node)


def _text_with_holes(scalar: Scalar) -> Scalar:
    return scalar._replace(text=scalar.text.replace(PLACE, HOLE))


def as_said(name: str) -> str:
    """A column's name as it stands in the map."""
    return name.replace(HOLE, PLACE)


def unfolded(lines: Lines, rename: Rename) -> Lines:
    """The lines of one block: one in each row, from columns of their own."""
    where = tuple(_condition(each, rename) for each in lines.where)
    layout = lines.layout and lines.layout.renamed(rename)
    return lines._replace(block=_block(lines.block, rename), where=where, layout=layout)


def _block(block: Block, rename: Rename) -> Block:
    return Block(
        tuple(_mapped(each, rename) for each in block.fields),
        tuple((field, _block(inner, rename)) for field, inner in block.objects),
        tuple(unfolded(each, rename) for each in block.lists),
        tuple(_mapped(each, rename) for each in block.custom),
    )


def _mapped(mapped: Mapped, rename: Rename) -> Mapped:
    pipes = tuple(
        pipe._replace(
            source=_source(pipe.source, rename),
            actions=tuple(_action(each, rename) for each in pipe.actions),
        )
        for pipe in mapped.pipes
    )
    return mapped._replace(pipes=pipes)


def _source(source: Source, rename: Rename) -> Source:
    match source:
        case Column():
            return rename(source)
        case Text(parts=parts):
            return _text([_part(each, rename) for each in parts])
        case constant:
            return constant


def _text(parts: list[str | Slot | None]) -> Source:
    """Without its columns a text is a constant, and so does not make a line by itself."""
    if None in parts:
        return Constant("")
    if all(isinstance(each, str) for each in parts):
        return Constant("".join(map(str, parts)))
    return Text(tuple(each for each in parts if each is not None))


def _part(part: str | Slot, rename: Rename) -> str | Slot | None:
    if isinstance(part, str):
        return part
    found = rename(part.column)
    return part._replace(column=found) if isinstance(found, Column) else found.text or part.otherwise


def _action(action: Action, rename: Rename) -> Action:
    words, table = action.arguments
    renamed = Arguments(
        tuple(_word(each, rename) for each in words),
        tuple((_word(name, rename), tuple(_word(each, rename) for each in said)) for name, said in table),
    )
    return action._replace(arguments=renamed)


def _word(word: str, rename: Rename) -> str:
    """A verb's words are not all columns: only those that could not be anything else are renamed."""
    found = rename(Column(word, 0, 0)) if HOLE in word or word == CELL else None
    return found.name if isinstance(found, Column) else word


def _condition(condition: Condition, rename: Rename) -> Condition:
    return condition._replace(column=renamed_column(condition.column, rename))


def renamed_column(column: Column, rename: Rename) -> Column:
    """The column of a block, where only a column can stand; one that the block lacks is told by its name."""
    found = rename(column)
    return found if isinstance(found, Column) else column
