"""Orders weighed as the map says: one with a finding that it calls an error is a reject."""

from collections.abc import Iterable, Iterator

from richsync.checks import Severity, Weights
from richsync.model import Order, Reject
from richsync.orders import Assembled


def judged(assembled: Iterable[Assembled], weights: Weights) -> Iterator[Assembled]:
    """The same, each order with a problem weighed."""
    for found in assembled:
        yield weighed(found, weights) if isinstance(found, Order) and found.problems else found


def weighed(order: Order, weights: Weights) -> Order | Reject:
    """The order, or a reject if one of its problems is an error by the weights."""
    raised = {each.code for each in order.problems if weights.of(each) is Severity.ERROR}
    if not raised:
        return order
    problems = [
        each._replace(severity=Severity.ERROR) if each.code in raised else each for each in order.problems
    ]
    return Reject(order.order_id, order.line, order.records, order.raw, problems)
