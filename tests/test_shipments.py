"""What orders lend their fulfillments."""

from pathlib import Path
from typing import Any

import pytest

from richsync.jsontext import dumps
from richsync.model import Order
from richsync.orders.shipments import complete
from richsync.pipeline.readings import opened
from tests.small import DAY, source

TEA = {"id": "7", "name": "Tea", "price": 5.0, "quantity": 2, "sku": "T", "contains": {"lineItemId": "70"}}
GIFT = {"id": "7", "name": "Tea, a gift", "price": 0, "quantity": 1, "contains": {"lineItemId": "71"}}


@pytest.mark.parametrize(
    ("item", "whole"),
    [
        ({"id": "7"}, {"id": "7", "name": "Tea", "price": 5.0}),
        ({"id": "7", "price": 4}, {"id": "7", "name": "Tea", "price": 4}),
        ({"sku": "T"}, {"id": "7", "name": "Tea", "price": 5.0, "sku": "T"}),
        ({"contains": {"lineItemId": "71"}}, {"id": "7", "name": "Tea, a gift", "price": 0}),
        ({"id": "0", "contains": {"lineItemId": "71"}}, {"id": "0", "name": "Tea, a gift", "price": 0}),
        ({"id": "7", "name": "Cup", "price": 1}, {"name": "Cup", "price": 1}),
    ],
)
def test_an_item_that_names_one_of_the_order_is_lent_the_rest(
    item: dict[str, Any], whole: dict[str, Any]
) -> None:
    shipped = item | {"quantity": 1}
    order: dict[str, Any] = {"items": [TEA, GIFT], "fulfillment": [{"id": "F1", "items": [shipped]}]}
    assert complete(order, []) == []
    (lent,) = order["fulfillment"][0]["items"]
    assert lent == shipped | whole
    assert list(lent)[:4] == ["id", "name", "price", "quantity"]


@pytest.mark.parametrize("item", [{"id": "8"}, {"sku": "U"}, {"contains": {"lineItemId": "7"}}, {}])
def test_what_no_line_says_is_missing(item: dict[str, Any]) -> None:
    order = {"items": [TEA], "fulfillment": [{"id": "F1", "items": [item | {"quantity": 1}]}]}
    told = [each.field.removeprefix("fulfillment.items.") for each in complete(order, [])]
    assert told == [name for name in ("id", "name", "price") if name not in item]


def test_what_is_lent_whole_must_be_whole() -> None:
    order = {"items": [{"id": "7", "price": 5.0, "quantity": 1}], "fulfillment": [{"id": "F1"}]}
    assert [each.field for each in complete(order, [])] == ["fulfillment.items.name"]


MAP = """\
richsync: 1
order:
  orderId: id
  amount: total
  createdAt: date
  items: {path: lines, id: product, name: title, price: price, quantity: =1, contains: {lineItemId: id}}
  fulfillment:
    file: shipments.jsonl
    match: {order: id}
    id: id
    items: {path: lines, contains: {lineItemId: line}, quantity: qty}
customer: {email: mail}
"""


def test_shipments_in_a_file_of_their_own_name_lines_only(tmp_path: Path) -> None:
    lines = [{"id": 70, "product": 7, "title": "Tea", "price": "5.00"}]
    order = {"id": 1, "total": 5, "date": DAY, "mail": "a@b.cc", "lines": lines}
    shipment = {"id": 9, "order": 1, "lines": [{"line": 70, "qty": 1}]}
    (tmp_path / "shipments.jsonl").write_bytes(dumps(shipment))
    with opened(source(tmp_path, dumps(order), MAP, "orders.jsonl")) as reading:
        (found,) = reading.orders
    assert isinstance(found, Order), found
    assert found.properties["fulfillment"] == [{"id": "9", "items": found.properties["items"]}]
