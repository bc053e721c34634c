"""Rows that are an order each: a chunk of them is read at once."""

from collections.abc import Sequence
from typing import Any

from richsync.checks import has_error
from richsync.fieldmaps import Bound
from richsync.model import Order, Problem, Reject, Row
from richsync.orders.cleaning import all_cleaned, unsendable
from richsync.orders.completion import complete, is_complete, known, one_cause, placed


def alone(
    lines: Sequence[int], rows: Sequence[Row], raws: Sequence[str], bound: Bound
) -> list[Order | Reject]:
    """The orders of rows next to each other, or everything that is wrong with one."""
    found: list[Order | Reject] = []
    said: list[list[Problem]] = [[] for _ in rows]
    orders: list[dict[str, Any]] = [{} for _ in rows]
    customers: list[dict[str, Any]] = [{} for _ in rows]
    chunk, texts = all_cleaned(rows, raws, bound, said)
    for filling in (bound.order, bound.lines, bound.custom):
        filling.chunk(chunk, orders, said)
    bound.customer.chunk(chunk, customers, said)
    if not isinstance(chunk.rows[0], list):
        for cells, properties, customer, problems in zip(texts, orders, customers, said, strict=True):
            problems.extend(unsendable("".join(cells), properties, customer))
    each = zip(lines, chunk.rows, raws, texts, orders, customers, known(customers), said, strict=True)
    for line, row, raw, cells, properties, customer, is_known, problems in each:
        told = problems
        if problems or not (is_known and is_complete(bound, properties)):
            every = list(one_cause(problems))
            complete(bound, properties, customer, every)
            told = placed(every, line, raw)
        if told and has_error(told):
            order_id = properties.get("orderId") or bound.key(row)
            found.append(Reject(order_id, line, 1, raw, told, created=properties.get("createdAt")))
        else:
            found.append(Order(properties["orderId"], properties, customer, line, 1, raw, cells, told))
    return found
