"""What fulfillments leave out because the order says it: it is lent to them, each field as the order has it.

Richpanel wants id, name, price and quantity of every item of a fulfillment; shops often name only the line
of the order that was shipped.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from richsync.model import Problem
from richsync.schema import PROPERTIES

Item: TypeAlias = Mapping[str, Any]

_FULFILLMENT = next(field for field in PROPERTIES if field.name == "fulfillment")
_FIELDS = next(part.parts for part in _FULFILLMENT.parts if part.name == "items")
_LENT = ("id", "name", "price")
_ITEMS = "fulfillment.items"


def complete(properties: Mapping[str, Any], found: Sequence[Problem]) -> list[Problem]:
    """Lend an order's fulfillments what they leave out; what they lack nevertheless is returned."""
    shipments, items = properties["fulfillment"], properties.get("items", [])
    own = [each for each in shipments if "items" in each]
    for shipment in own:
        shipment["items"] = [_lent(each, items) for each in shipment["items"]]
    if len(shipments) == 1:
        shipments[0].setdefault("items", items)
    shipped = [item for each in shipments for item in each.get("items", [])]
    lacking = [*_without_items(shipments), *_incomplete(shipped)]
    told = [each.field for each in found]
    return [each for each in lacking if not any(field.startswith(each.field) for field in told)]


def _lent(item: Item, items: Sequence[Item]) -> Item:
    """The item, with what the line of the order that it names says of it; in the order of the table."""
    lender = _line_of(item, items) if any(name not in item for name in _LENT) else None
    if lender is None:
        return item
    whole = {name: lender[name] for name in _LENT if name in lender} | dict(item)
    known = {part.name: whole[part.name] for part in _FIELDS if part.name in whole}
    return known | whole


def _line_of(item: Item, items: Sequence[Item]) -> Item | None:
    """The line with the item's line id; only when it has none the one with its id, or its SKU."""
    named = _names(item)[:1]
    return next((line for line in items if set(named) & set(_names(line))), None)


def _names(item: Item) -> list[tuple[str, str]]:
    """What tells an item from others, the narrowest first."""
    line = item.get("contains", {}).get("lineItemId")
    names = (("line", line), ("id", item.get("id")), ("sku", item.get("sku")))
    return [(kind, name) for kind, name in names if name is not None]


def _without_items(shipments: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    if any("items" not in each for each in shipments):
        yield Problem("RS407", field=_ITEMS)


def _incomplete(items: Sequence[Item]) -> Iterator[Problem]:
    for field in _LENT:
        bare = next((item for item in items if field not in item), None)
        if bare is not None:
            named = "".join(name for _, name in _names(bare)[:1])
            yield Problem("RS401", field=f"{_ITEMS}.{field}", value=named)
