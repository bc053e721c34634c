"""What is to be sent next, so that no order overtakes an older one of its customer.

Only the head of the queue is ever sent, and only while none of its customers has an order under way. Halves
take the place of their batch. When a batch is put aside, the later orders of its customers go with it.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TypeAlias

from richsync.model import Batch, Planned

Pack: TypeAlias = Callable[[Sequence[Planned]], Batch]
"""Makes orders a batch with a number of its own."""

WHOLE_TRIES = 8
PART_TRIES = 3
MOST_ASIDE = 1000
_PART = 12


class Queue:
    """Batches in the order of sending; those put aside come last, in parts, or when they are too many."""

    def __init__(self, batches: Iterator[Batch], pack: Pack) -> None:
        self._batches = batches
        self._pack = pack
        self._ahead: deque[Batch] = deque()
        self._aside: list[Planned] = []
        self._shy: set[int] = set()
        self._parts: set[int] = set()

    def head(self) -> Batch | None:
        """The batch to send next; None when there is none."""
        while batch := self._first():
            if batch.customers.isdisjoint(self._shy):
                return batch
            self._part_with(self._ahead.popleft())
        return None

    def pop(self) -> None:
        """The head is being sent."""
        self._ahead.popleft()

    def halve(self, batch: Batch) -> None:
        """Send the halves of a batch in its place."""
        middle = len(batch.orders) // 2
        halves = [self._pack(part) for part in (batch.orders[:middle], batch.orders[middle:])]
        if batch.number in self._parts:
            self._parts.update(half.number for half in halves)
        self._ahead.extendleft(reversed(halves))

    def tries(self, batch: Batch) -> int:
        """How often a batch may fail: a part less often, as its halves are still to come."""
        is_part = batch.number in self._parts and len(batch.orders) > 1
        return PART_TRIES if is_part else WHOLE_TRIES

    def put_aside(self, batch: Batch) -> bool:
        """A batch failed too often; False when it is an order alone that had been put aside before."""
        if batch.number not in self._parts:
            self._keep(batch.orders)
        elif len(batch.orders) > 1:
            self.halve(batch)
        else:
            return False
        return True

    def _first(self) -> Batch | None:
        if not self._ahead and len(self._aside) < MOST_ASIDE:
            self._ahead.extend(islice(self._batches, 1))
        if not self._ahead:
            self._bring_back()
        return self._ahead[0] if self._ahead else None

    def _part_with(self, batch: Batch) -> None:
        """Put aside the orders of those customers that wait there."""
        others = [order for order in batch.orders if order.customer not in self._shy]
        self._keep([order for order in batch.orders if order.customer in self._shy])
        if others:
            self._ahead.appendleft(self._pack(others))

    def _keep(self, orders: Sequence[Planned]) -> None:
        self._aside.extend(orders)
        self._shy.update(order.customer for order in orders)

    def _bring_back(self) -> None:
        aside = iter(self._aside)
        while part := list(islice(aside, _PART)):
            batch = self._pack(part)
            self._parts.add(batch.number)
            self._ahead.append(batch)
        self._aside = []
        self._shy.clear()
