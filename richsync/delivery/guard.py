"""Whose fault a refusal is: until one order was accepted, perhaps the request's and not the order's."""

from richsync.delivery.moves import Settled
from richsync.delivery.replies import RESUME, described
from richsync.errors import GaveUpError

MOST_HELD = 25


class Guard:
    """Holds the refusals of single orders until an order was accepted; from then on each is certain."""

    def __init__(self) -> None:
        self._held: list[Settled] = []
        self._is_open = False

    @property
    def holds(self) -> bool:
        """Whether a verdict is owed."""
        return bool(self._held)

    @property
    def is_full(self) -> bool:
        """Whether so many were refused, and none accepted, that it is time for the verdict."""
        return len(self._held) >= MOST_HELD

    def refused(self, refusal: Settled) -> list[Settled]:
        """Take note of one; gives what is certain now, as it is of an order that was refused before."""
        if all(order.refused_before for order in refusal.batch.orders):
            return [refusal]
        self._held.append(refusal)
        return self.opened() if self._is_open else []

    def opened(self) -> list[Settled]:
        """The orders are at fault, each for itself; gives what was held."""
        self._is_open = True
        return self.dropped()

    def dropped(self) -> list[Settled]:
        """Hold nothing any longer; gives what was held."""
        held, self._held = self._held, []
        return held

    def verdict(self, left: GaveUpError | None) -> GaveUpError | None:
        """An ending when all were refused by the same reply, which is then about the request.

        `left` tells of the orders that came to neither end.
        """
        replies = {(refusal.reply.status, refusal.reply.head) for refusal in self._held}
        if len(replies) > 1:
            return None
        count = len(self._held)
        refused = f"{count} orders were refused the same way" if count > 1 else "an order was refused"
        said = f"nothing was accepted, and {refused}: {described(self._held[0].reply)}"
        hint = f"nothing was marked: check --signature and the map, or send other orders with these; {RESUME}"
        return GaveUpError(f"{said}; {left.message}" if left else said, hint)
