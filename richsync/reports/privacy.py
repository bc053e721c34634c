"""Which columns of an export may be read in a log: those whose fields tell nothing of a customer."""

from collections.abc import Iterator

from richsync.fieldmaps import FieldMap
from richsync.fieldmaps.columns import fold
from richsync.fieldmaps.model import Block, Column, Mapped, Source, Text
from richsync.schema import is_personal


def readable_columns(field_map: FieldMap) -> frozenset[str]:
    """Their names, folded; a column that also feeds a personal field is none, nor is one that feeds none."""
    readable, hidden = set[str](), set[str]()
    for mapped in (*_of_rows(field_map.order), *_of_rows(field_map.customer)):
        names = {fold(name) for pipe in mapped.pipes for name in _columns(pipe.source)}
        (hidden if is_personal(mapped.path) else readable).update(names)
    return frozenset(readable - hidden)


def _of_rows(block: Block) -> Iterator[Mapped]:
    """The fields whose names are the export's own: not those of the members of a list."""
    yield from (each for each in (*block.fields, *block.custom) if each.within is None)
    for _, inner in block.objects:
        yield from _of_rows(inner)
    for lines in block.lists:
        if lines.layout is None:
            yield from _of_rows(lines.block)


def _columns(source: Source) -> Iterator[str]:
    match source:
        case Column(name=name):
            yield name
        case Text(parts=parts):
            yield from (part.column.name for part in parts if not isinstance(part, str))
