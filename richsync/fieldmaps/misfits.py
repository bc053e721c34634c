"""Exports that are not of the kind that a map is for: told as mistakes, before every order has an error."""

from collections.abc import Iterator

from richsync.fieldmaps.columns import Header, Names, Paths, names_are
from richsync.fieldmaps.mistakes import mistake_at
from richsync.fieldmaps.model import Column, FieldMap
from richsync.model import Mistake

_PARENT = "__parentId"
"""How Shopify's bulk exports name the record that a line belongs to."""


def misfits(field_map: FieldMap, names: Names) -> Iterator[Mistake]:
    """What the map expects of the export as a whole, and it has not."""
    parent = field_map.export.parent
    match names:
        case Header() if parent:
            message = "parent: needs JSON, and this export is a table"
            yield mistake_at(parent, message, "say `group: <column>`")
        case Paths():
            yield from _no_order_id(field_map, names)
            if parent is None and any(_PARENT in row for row in names.sample):
                yield from _loose_children(field_map)


def _no_order_id(field_map: FieldMap, names: Paths) -> Iterator[Mistake]:
    """Without an id no record is an order: it is another file, or the orders stand deeper in it."""
    mapped = field_map.order.get("orderId")
    columns = [pipe.source for pipe in mapped.pipes if isinstance(pipe.source, Column)] if mapped else []
    if mapped and len(columns) == len(mapped.pipes) and all(each.name in names.absent for each in columns):
        message = f"none of the records looked at ({len(names.sample)}) has {columns[0].name!r}"
        known = dict.fromkeys(name for row in names.sample for name in row)
        yield mistake_at(columns[0], message, names_are(known), "RS303")


def _loose_children(field_map: FieldMap) -> Iterator[Mistake]:
    """Lines that belong to others would be read as orders of their own."""
    wanted = {each.column.name for each in field_map.export.where}
    mapped = field_map.order.get("orderId")
    if mapped and _PARENT not in wanted:
        message = f"the export has lines that belong to others, by {_PARENT!r}"
        place = Column(_PARENT, mapped.line, mapped.column)
        yield mistake_at(place, message, f"say `parent: {_PARENT}` under export:; lines are `path: LineItem`")
