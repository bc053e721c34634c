"""Whether the dates of an order can be."""

from collections.abc import Sequence
from datetime import UTC, datetime

from richsync.model import Order
from richsync.senses.sense import Clues, Mapped, Sense

DAY = 86_400_000
EARLIEST = int(datetime(1995, 1, 1, tzinfo=UTC).timestamp() * 1000)
"""Before it nobody sold anything on the web."""


def dates(fields: Mapped, clues: Clues) -> Sense:
    """RS603: in the future; RS604: before there were web shops; RS605: updated before it was created."""
    latest = clues.now + DAY  # the day may have begun elsewhere
    others = fields.having("updatedAt", "processedAt")

    def sense(orders: Sequence[Order]) -> None:
        for order in orders:
            properties = order.properties
            created = properties["createdAt"]
            if not EARLIEST <= created <= latest:
                tell(order, "createdAt", created)
            for name in others:
                moment = properties.get(name, created)
                if not created - DAY <= moment <= latest:
                    tell(order, name, moment)

    def tell(order: Order, name: str, moment: int) -> None:
        code = "RS604" if moment < EARLIEST else "RS603" if moment > latest else "RS605"
        if name in order.properties and (code != "RS605" or name == "updatedAt"):
            order.problems.append(fields.problem(code, order, name, note=_day(moment)))

    return sense


def _day(moment: int) -> str:
    try:
        return datetime.fromtimestamp(moment / 1000, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return "far away"
