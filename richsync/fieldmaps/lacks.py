"""What a map that is made for many exports asks of one that lacks some columns, and can do without."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from richsync.fieldmaps.columns import Fetch, Header
from richsync.fieldmaps.model import Block, Column, FieldMap, Lines, Mapped, Pipe, Text
from richsync.fieldmaps.nearest import nearest
from richsync.fieldmaps.pipes import Pipes
from richsync.schema import Field


class Lack(NamedTuple):
    """A field, or a list, that names columns which an export lacks: all of it, or sources it can spare."""

    path: str
    columns: tuple[Column, ...]
    is_whole: bool = True


def lacks(field_map: FieldMap, columns: Sequence[str]) -> tuple[Lack, ...]:
    """What can be left out for an export with these columns, and the map says the same of the others.

    A required field cannot, nor a column that may only be called otherwise: a near name of as many words is
    there, and the map does not ask for it.
    """
    header = _Asked(columns)
    pipes = Pipes(field_map.export)
    found = [
        lack
        for block, path in ((field_map.order, ""), (field_map.customer, "customer."))
        for field, lack in _of_block(block, path, header, pipes)
        if not (field.required and lack.is_whole)
    ]
    unused = [name for at, name in enumerate(columns) if at not in header.used]
    return tuple(each for each in found if not any(_renamed(column.name, unused) for column in each.columns))


def _renamed(name: str, unused: Sequence[str]) -> bool:
    return bool(nearest(name, [each for each in unused if len(each.split()) == len(name.split())]))


class _Asked(Header):
    """A header that notes which of the columns asked for it lacks, and calls none a mistake."""

    def __init__(self, columns: Sequence[str]) -> None:
        super().__init__(columns)
        self.lacking: list[Column] = []

    def fetch(self, column: Column) -> Fetch:
        if self.has(column):
            return super().fetch(column)
        self.lacking.append(column)
        return lambda _row: ""


def _of_block(block: Block, path: str, header: _Asked, pipes: Pipes) -> Iterator[tuple[Field, Lack]]:
    for mapped in (*block.fields, *block.custom):
        if not mapped.derived and (lack := _of_field(mapped, header, pipes)):
            yield mapped.field, lack
    for lines in block.lists:
        if lines.layout is None:
            inside = tuple(_of_block(lines.block, f"{path}{lines.field.name}.", header, pipes))
            yield from _of_lines(lines, f"{path}{lines.field.name}", inside, header)


def _of_lines(
    lines: Lines, path: str, inside: Sequence[tuple[Field, Lack]], header: _Asked
) -> Iterator[tuple[Field, Lack]]:
    """Without what each of its lines needs there are none."""
    missed = [each.column for each in lines.where if not header.has(each.column)]
    missed += [
        column for field, lack in inside if field.required and lack.is_whole for column in lack.columns
    ]
    if missed and not lines.field.required:
        yield lines.field, Lack(path, tuple(missed))
    else:
        yield from inside


def _of_field(mapped: Mapped, header: _Asked, pipes: Pipes) -> Lack | None:
    every, missed = list[Column](), list[Column]()
    for number, pipe in enumerate(mapped.pipes):
        header.lacking.clear()
        pipes.pipe(pipe, mapped, header)
        spared = _spared(pipe, is_first=number == 0)
        every += header.lacking
        missed += [each for each in header.lacking if each not in spared]
    return Lack(mapped.path, tuple(dict.fromkeys(every)), is_whole=bool(missed)) if every else None


def _spared(pipe: Pipe, *, is_first: bool) -> Collection[Column]:
    """What a field can do without: columns in braces that say what stands in, `{Size|}`, and later ones."""
    match pipe:
        case Pipe(source=Text(parts=parts)):
            slots = (part for part in parts if not isinstance(part, str))
            return [slot.column for slot in slots if slot.otherwise is not None]
        case Pipe(source=Column() as column, actions=()) if not is_first:
            return [column]
        case _:
            return []
