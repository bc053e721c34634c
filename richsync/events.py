"""An order as Richpanel's order event. Source: Richpanel's page "Order Event Structure"."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple

from richsync.jsontext import compact, in_ascii
from richsync.model import Order

_LARGE = 256 * 1024
_MOST_ESCAPED = 3


class Event(NamedTuple):
    """The order event, but for the key, as JSON in UTF-8: equal events are the same form of an order.

    It is escaped only where it is sent: most orders that are checked are not.
    """

    text: bytes

    @property
    def body(self) -> bytes:
        """As it goes over the wire: ASCII."""
        return in_ascii(self.text)

    @property
    def digest(self) -> bytes:
        """What a ledger knows the form by: BLAKE2b-128."""
        return blake2b(self.text, digest_size=16).digest()

    def was_known_as(self, digest: bytes) -> bool:
        """Whether a ledger before version 4 knows the form by this: the digest of its body."""
        return Event(self.body).digest == digest


def any_large(events: Iterable[Event]) -> bool:
    """Whether the body of one of them is longer than any order's should be."""
    return any(len(each.body) > _LARGE for each in events if len(each.text) * _MOST_ESCAPED > _LARGE)


def express(order: Order) -> Event:
    """The event; `time.sentAt` is the order's own date, as the documentation asks for old orders.

    Nothing in it comes from the clock or the run: the same order always gives the same bytes.
    """
    return Event(
        compact(
            {
                "event": "order",
                "properties": order.properties,
                "userProperties": order.customer,
                "time": order.time or {"sentAt": order.properties["createdAt"]},
            }
        )
    )
