"""Records into orders: the rows of one order joined, every problem of an order found in one pass.

An order that cannot be sent is a value too, a `Reject`; nothing here raises.
"""

from richsync.orders.assembly import (
    Assembled,
    assemble,
    filled_down,
    in_chunks,
    is_set_aside,
    join,
    set_aside,
    size_of,
)
from richsync.orders.keys import key_of, names

__all__ = [
    "Assembled",
    "assemble",
    "filled_down",
    "in_chunks",
    "is_set_aside",
    "join",
    "key_of",
    "names",
    "set_aside",
    "size_of",
]
