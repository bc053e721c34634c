"""Whether what was shipped fits what was ordered, and states fit each other."""

from collections import Counter
from collections.abc import Sequence

from richsync.model import Order
from richsync.senses.sense import Mapped, Sense

_CANCELLED = frozenset({"cancelled", "canceled", "voided"})
_NOT_SENT = _CANCELLED | {"failure", "failed", "error"}
_FULFILLED = frozenset({"fulfilled", "shipped", "delivered"})
_UNFULFILLED = frozenset({"unfulfilled", "unshipped", "not fulfilled", "not shipped"})


def quantities(fields: Mapped) -> Sense:
    """RS608: more shipped than ordered, of a product by its id."""

    def sense(orders: Sequence[Order]) -> None:
        for order in orders:
            if "fulfillment" in order.properties:
                compare(order)

    def compare(order: Order) -> None:
        ordered = _counted(order.properties["items"])
        shipped = _counted([item for each in order.properties["fulfillment"] for item in each["items"]])
        for product in sorted(shipped - ordered) if shipped.keys() <= ordered.keys() else ():
            note = f"{shipped[product]} of {ordered[product]}"
            order.problems.append(fields.problem("RS608", order, "fulfillment.items.quantity", product, note))

    return sense


def _counted(items: list[dict[str, object]]) -> Counter[str]:
    found = Counter[str]()
    for item in items:
        found[str(item["id"])] += int(str(item["quantity"]))
    return found


def states(fields: Mapped) -> Sense:
    """RS609: cancelled and fulfilled, or not fulfilled and on its way."""

    def sense(orders: Sequence[Order]) -> None:
        for order in orders:
            properties = order.properties
            state = properties.get("fulfillmentStatus", "").lower()
            if state in _FULFILLED and properties.get("status", "").lower() in _CANCELLED:
                tell(order, state, f"{properties['status']} and {state}")
            elif state in _UNFULFILLED and any(map(_is_sent, properties.get("fulfillment", ()))):
                tell(order, state, f"{state} and with a parcel")

    def tell(order: Order, state: str, note: str) -> None:
        order.problems.append(fields.problem("RS609", order, "fulfillmentStatus", state, note))

    return sense


def _is_sent(fulfillment: dict[str, object]) -> bool:
    return "tracking" in fulfillment and str(fulfillment.get("status", "")).lower() not in _NOT_SENT
