"""All senses of an export, and orders weighed by what they say."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from richsync.checks import Severity, Weights
from richsync.fieldmaps import FieldMap
from richsync.model import Order, Problem, Reject
from richsync.orders import Assembled
from richsync.senses import columns, dates, money, people, shipments, words
from richsync.senses.sense import Clues, Mapped, Sense, Tally, mapped

_Value = TypeVar("_Value")

_FIRST, _EACH = 1000, 100
"""Tallies look at the first thousand orders and at every hundredth after: what they say of an export is as
true, and all of them would cost more than reading it."""


class Senses:
    """The senses that an export needs: those whose fields its map names."""

    def __init__(self, field_map: FieldMap, clues: Clues) -> None:
        fields = mapped(field_map, clues)
        self.weights = field_map.weights
        self.cards = words.Cards(fields)
        self.tallies = tuple(_tallies(fields))
        self.each: tuple[Sense, ...] = (*_senses(fields, clues), *([self.cards] if self.cards.names else []))
        self._notes = tuple(columns.secrets(fields))

    def judged(self, chunks: Iterable[Sequence[Assembled]]) -> Iterator[Sequence[Assembled]]:
        """The same, with what is odd about each order; one with an error is a reject."""
        seen = 0
        for chunk in chunks:
            orders = [found for found in chunk if isinstance(found, Order)]
            for sense in self.each:
                sense(orders)
            some = [found for found in _some(chunk, seen) if isinstance(found, Order)]
            for tally in self.tallies:
                tally(some)
            seen += len(chunk)
            yield [
                weighed(found, self.weights) if isinstance(found, Order) and found.problems else found
                for found in chunk
            ]

    def problems(self) -> Iterator[Problem]:
        """What is to be said once, when all orders were seen."""
        yield from self._notes
        for tally in (self.cards, *self.tallies):
            yield from tally.problems()


def _some(values: Sequence[_Value], before: int) -> Sequence[_Value]:
    """Those of the first thousand, and every hundredth; so many came before."""
    first = max(0, _FIRST - before)
    return [*values[:first], *values[first + -(before + first) % _EACH :: _EACH]]


def _senses(fields: Mapped, clues: Clues) -> Iterator[Sense]:
    yield money.signs(fields)
    yield dates.dates(fields, clues)
    yield words.letters(fields)
    if people.is_reached(fields):
        yield people.reachable(fields)
    if fields.having("currency"):
        yield money.currency(fields)
    if fields.having("billingPostcode", "shippingPostcode"):
        yield people.postcodes(fields)
    if fields.having("fulfillmentStatus"):
        yield shipments.states(fields)
    if fields.having("fulfillment.items.id", "fulfillment.items.quantity"):
        yield shipments.quantities(fields)
    if fields.having(*words.ADDRESSES):
        yield words.addresses(fields)
    if len(clues.columns) > 1:
        yield words.cells(fields, clues)


def _tallies(fields: Mapped) -> Iterator[Tally]:
    yield words.Nulls(fields)
    yield people.Conflicts(fields)
    if money.Totals.can_judge(fields):
        yield money.Totals(fields)


def weighed(order: Order, weights: Weights) -> Order | Reject:
    """The order, or a reject if one of its problems is an error by the weights."""
    raised = {each.code for each in order.problems if weights.of(each) is Severity.ERROR}
    if not raised:
        return order
    problems = [
        each._replace(severity=Severity.ERROR) if each.code in raised else each for each in order.problems
    ]
    return Reject(order.order_id, order.line, order.records, order.raw, problems, created=order.created)
