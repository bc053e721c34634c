"""An order as Richpanel's order event. Source: Richpanel's page "Order Event Structure"."""

from richsync.jsontext import dumps
from richsync.model import Event, Order

LARGE = 256 * 1024


def express(order: Order) -> Event:
    """The event as it goes over the wire, but for `appClientId`.

    `time.sentAt` is the order's own date, as the documentation asks for old orders. Nothing in it comes from
    the clock or the run: the same order always gives the same bytes.
    """
    body = dumps(
        {
            "event": "order",
            "properties": order.properties,
            "userProperties": order.customer,
            "time": order.time or {"sentAt": order.properties["createdAt"]},
        }
    )
    return Event(body)
