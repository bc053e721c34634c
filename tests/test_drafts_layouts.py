"""Where drafts find the lines of an order, in each layout of an export; and what they cost."""

from collections.abc import Sequence
from typing import Any

import pytest
from ruamel.yaml import YAML

from richsync.drafts import Draft, Sample, draft, of_objects, of_table, parent_of, written
from richsync.fieldmaps import load


def table(*lines: str, name: str = "orders.csv") -> Sample:
    """A table whose cells stand between bars."""
    header, *rows = ([cell.strip() for cell in line.split("|")] for line in lines)
    return of_table(name, header, rows, "utf-8", ",")


def said(drawn: Draft) -> dict[str, Any]:
    text = written(drawn, "schema.json", "richsync validate orders.csv")
    load(text, "draft")
    return dict(YAML(typ="safe", pure=True).load(text))


ORDERS = ("id|total|date|email", "1|29.00|2024-05-03|anna@example.com", "2|7.50|2024-05-17|ben@example.com")


def with_cells(header: str, *cells: str) -> Sample:
    """Two orders with some more columns."""
    lines = zip(ORDERS, (header, *cells), strict=True)
    return table(*(f"{order}|{more}" for order, more in lines))


LAYOUTS = [
    (
        "numbered columns",
        with_cells(
            "Item 1 Name|Item 1 Price|Item 1 Qty|Item 2 Name|Item 2 Price|Item 2 Qty",
            "Tea|9.50|2|Mug|10.00|1",
            "Cake|7.50|1|||",
        ),
        {
            "repeat": "Item {n} Name",
            "name": "Item {n} Name",
            "price": "Item {n} Price",
            "quantity": "Item {n} Qty",
        },
    ),
    (
        "JSON in a cell",
        with_cells(
            "items_json",
            '[{"sku": "T", "qty": 2, "price": 9.5}, {"sku": "M", "qty": 1, "price": 10}]',
            '[{"sku": "C", "qty": 1, "price": 7.5}]',
        ),
        {"cell": "items_json", "as": "json", "sku": "sku", "price": "price", "quantity": "qty"},
    ),
    (
        "pairs in a cell",
        with_cells(
            "Details",
            "Product: Tea, Qty: 2, Unit price: 9.50; Product: Mug, Qty: 1, Unit price: 10.00",
            "Product: Cake, Qty: 1, Unit price: 7.50",
        ),
        {
            "cell": "Details",
            "as": "pairs",
            "split_before": "Product:",
            "name": "Product",
            "price": "Unit price",
            "quantity": "Qty",
        },
    ),
    (
        "a pattern in a cell",
        with_cells("Products", "Green tea x 2, Mug x 1", "Cake x 1"),
        {
            "cell": "Products",
            "as": "pattern",
            "pattern": "(?P<name>.*\\D) ?[xX\u00d7*] ?(?P<quantity>\\d+)",
            "split": ", ",
            "name": "name",
            "price": "TODO",
            "quantity": "quantity",
        },
    ),
    (
        "products as columns",
        with_cells("How many Teas?|How many Mugs?|How many Cakes?", "2|1|", "||1"),
        {"columns": r"How many (?P<name>.+?)\??", "name": "name", "price": "TODO", "quantity": "$cell"},
    ),
    (
        "a row for each order",
        with_cells("Product|Quantity", "Tea|2", "Cake|1"),
        {
            "name": "Product",
            "price": {"from": "total", "do": [{"divide_by": "Quantity"}]},
            "quantity": "Quantity",
        },
    ),
]


@pytest.mark.parametrize(
    ("sample", "items"), [each[1:] for each in LAYOUTS], ids=[each[0] for each in LAYOUTS]
)
def test_lines_are_found(sample: Sample, items: dict[str, Any]) -> None:
    assert said(draft([sample]))["order"]["items"] == items


def rows(*lines: str) -> dict[str, Any]:
    return said(draft([table(*lines)]))


def test_rows_that_share_an_id_are_one_order() -> None:
    mapped = rows(
        "Order|Date|Item|Price|Qty|Total",
        "1|2024-05-03|Tea|9.50|2|29.00",
        "1|2024-05-03|Mug|10.00|1|29.00",
        "2|2024-05-17|Cake|7.50|1|7.50",
    )
    assert mapped["export"]["group"] == "Order"
    assert mapped["order"]["items"] == {"name": "Item", "price": "Price", "quantity": "Qty"}


LINE_TOTAL = {"from": "item-price", "do": [{"divide_by": "quantity"}]}


def test_rows_that_stand_apart_are_gathered() -> None:
    mapped = rows("Order|Item|Price", "1|Tea|9.50", "2|Cake|7.50", "1|Mug|10.00", "2|Pie|3.00")
    assert mapped["export"] == {"group": "Order", "scattered": True}


@pytest.mark.parametrize(
    ("lines", "price", "level"),
    [
        (("1|Tea|9.50|2|19.00", "2|Mug|10.00|3|30.00"), "Price", "sure"),
        (
            ("1|Tea|19.00|2|19.00", "2|Mug|30.00|3|30.00"),
            {"from": "Price", "do": [{"divide_by": "Qty"}]},
            "likely",
        ),
        (("1|Tea|9.50|1|9.50", "2|Mug|10.00|1|10.00"), "Price", "likely"),
    ],
)
def test_arithmetic_tells_a_units_price_from_a_lines(lines: Sequence[str], price: Any, level: str) -> None:
    drawn = draft([table("Order|Item|Price|Qty|Total", *lines)])
    assert said(drawn)["order"]["items"]["price"] == price
    (found,) = (each for each in drawn.items if each.name == "price")
    assert found.level is not None
    assert found.level.name.lower() == level


@pytest.mark.parametrize(
    ("lines", "price", "level"),
    [
        (("1|T|9.50|1", "1|M|4.00|3", "2|T|19.00|2", "3|M|2.66|2"), LINE_TOTAL, "likely"),
        (("1|T|9.50|1", "2|T|28.50|3", "3|M||", "4|M|0|5", "4||7.00|7"), LINE_TOTAL, "likely"),
        (("1|T|9.50|1", "2|T|9.50|2", "3|M|4.00|3"), "item-price", "sure"),
        (("1|T|9.50|1", "2|T|19.00|2", "1|M|4.00|1", "2|M|4.00|5"), "item-price", "likely"),
        (("1|T|9.50|1", "2|T|15.00|2", "3|M|4.00|3"), "item-price", "likely"),
    ],
    ids=["in proportion", "cells without a price tell nothing", "the same", "both", "neither"],
)
def test_quantities_of_a_product_tell_a_units_price_where_orders_have_no_total(
    lines: Sequence[str], price: Any, level: str
) -> None:
    drawn = draft([table("order-id|sku|item-price|quantity", *lines)])
    assert said(drawn)["order"]["items"]["price"] == price
    (found,) = (each for each in drawn.items if each.name == "price")
    assert found.level is not None
    assert found.level.name.lower() == level
    times = [] if price is LINE_TOTAL else [{"times": "quantity"}]
    assert said(drawn)["order"]["amount"].get("do", []) == times


def test_a_total_that_differs_in_an_order_is_a_lines() -> None:
    mapped = rows("Order|Item|Qty|Total", "1|Tea|2|19.00", "1|Mug|1|10.00", "2|Cake|1|7.50")
    assert mapped["order"]["amount"] == {"from": "Total", "aggregate": "sum"}
    assert mapped["order"]["items"]["totalPrice"] == "Total"


def test_cents_are_divided_and_whole_totals_not_trusted() -> None:
    mapped = rows("id|total_cents", "1|2900", "2|750")
    assert mapped["order"]["amount"] == {"from": "total_cents", "do": [{"minor_units": "2"}]}
    drawn = draft([table("id|total", *(f"{at}|{at}900" for at in range(1, 9)))])
    (amount,) = (each for each in drawn.order if each.name == "amount")
    assert "cents" in amount.note


NESTED = [
    {
        "id": "A1",
        "total": 29,
        "created_at": "2024-05-03T10:00:00Z",
        "customer": {"email": "anna@example.com", "first_name": "Anna"},
        "line_items": [
            {"sku": "T", "price": "9.50", "quantity": 2},
            {"sku": "M", "price": "10", "quantity": 1},
        ],
        "fees": [{"id": 1, "price": 1, "quantity": 1, "name": "card"}],
        "tags": ["a", "b"],
    }
]


def test_paths_of_json() -> None:
    mapped = said(draft([of_objects("orders.jsonl", NESTED * 2)]))
    assert mapped["order"]["items"] == {
        "path": "line_items",
        "sku": "sku",
        "price": "price",
        "quantity": "quantity",
    }
    assert mapped["customer"] == {"email": "customer.email", "firstName": "customer.first_name"}


def test_records_that_name_their_parent() -> None:
    flat = [
        {"id": "gid://x/Order/1", "name": "#1"},
        {"id": "gid://x/LineItem/2", "__parentId": "gid://x/Order/1"},
    ]
    assert parent_of(flat) == "__parentId"
    assert parent_of([{"id": "1", "parent_id": "0"}, {"id": 2}]) == ""
    drawn = draft([of_objects("orders.jsonl", NESTED, parent="__parentId")])
    assert said(drawn)["export"]["parent"] == "__parentId"


LINES = table("order_id|sku|price|qty", "1|T|9.50|2", "1|M|10.00|1", "2|C|7.50|1", name="items.csv")
HEADS = table("order_id|customer_id|total|date", "1|c1|29.00|2024-05-03", "2|c2|7.50|2024-05-17")


def test_files_are_joined_by_what_they_share() -> None:
    drawn = draft([LINES, HEADS])
    assert drawn.source == "orders.csv"
    assert said(drawn)["order"]["items"] == {
        "file": "items.csv",
        "match": {"order_id": "order_id"},
        "sku": "sku",
        "price": "price",
        "quantity": "qty",
    }


def test_the_lines_of_another_file_may_be_a_list_in_its_records() -> None:
    """A list that does not say that it holds items is none; nothing of the file is joined as one row."""
    items = [{"sku": "T", "price": "9.50", "quantity": 2}]
    records = [{"order_id": "1", "OrderItems": items}, {"order_id": "2", "OrderItems": items, "Fees": items}]
    mapped = said(draft([HEADS, of_objects("items.json", records)]))
    place = {"file": "items.json", "match": {"order_id": "order_id"}, "path": "OrderItems"}
    assert mapped["order"]["items"] == place | {name: name for name in ("sku", "price", "quantity")}
    assert "export" not in mapped or "join" not in mapped["export"]
    renamed = [{"order_id": each["order_id"], "Fees": items} for each in records]
    assert "file" not in said(draft([HEADS, of_objects("fees.json", renamed)]))["order"]["items"]


@pytest.mark.parametrize(
    ("ours", "theirs", "ids", "expected"),
    [
        ("Transaction ID", "Transaction ID", ("T1", "T9"), {"Transaction ID": "Transaction ID"}),
        ("id", "order_id", ("7", "8"), {"order_id": "id"}),
    ],
)
def test_lines_are_those_of_the_order_and_not_of_its_customer(
    ours: str, theirs: str, ids: tuple[str, str], expected: dict[str, str]
) -> None:
    heads = table(f"{ours}|Customer ID|Total|Date", "T1|C1|9.50|2024-05-17", "T2|C2|9.50|2024-05-18")
    rows = (f"{row}|C1|{at}|T|9.50|1" for row, at in zip(ids, ids, strict=True))
    own = table(f"id|Customer ID|{theirs}|SKU|Price|Qty", *rows, name="items.csv")
    assert said(draft([heads, own]))["order"]["items"]["match"] == expected


def test_what_a_file_says_of_the_customer_is_brought() -> None:
    buyers = of_table(
        "customers.csv", ["customer_id", "email"], [["c1", "a@x.com"], ["c2", "b@x.com"]], "utf-8", ","
    )
    mapped = said(draft([HEADS, LINES, buyers]))
    assert mapped["export"]["join"] == {
        "customer": {"file": "customers.csv", "match": {"customer_id": "customer_id"}}
    }
    assert mapped["customer"]["email"] == "$customer.email"


def test_halves_of_names_find_each_other() -> None:
    mapped = rows("Bestellnr|Vorname|Name|Menge", "1|Anna|Berg|1", "2|Ben|Holm|2")
    assert mapped["customer"] == {"uid": "guest-{Bestellnr}", "firstName": "Vorname", "lastName": "Name"}


def test_a_bare_name_beside_a_products_number_is_the_products() -> None:
    mapped = rows("Order|SKU|Name|Qty", "1|T-1|#1|1", "2|M-1|#2|2")
    assert mapped["order"]["items"]["name"] == "Name"


def test_a_state_apart_from_the_address_is_the_orders() -> None:
    order = {"id": "1", "state": "SHIPPED", "ship_to": {"city": "Berlin", "zip": "10115"}}
    mapped = said(draft([of_objects("orders.jsonl", [order, order | {"id": "2"}])]))
    assert mapped["order"]["status"] == "state"


@pytest.mark.parametrize(
    ("column", "cells", "field", "source"),
    [
        ("Payment", "paid|pending", "financialStatus", "Payment"),
        ("Payment", "card|PayPal", "paymentMethod", "Payment"),
        ("Waehrung 1", "EUR|USD", "currency", "Waehrung 1"),
        ("Coupons", "A,B|C", "coupons", {"from": "Coupons", "do": [{"split": ","}]}),
        ("Ship to", "Anna Berg|Ben Holm", "shippingFirstName", None),
        (
            "Shipping name",
            "Anna Berg|Ben Holm",
            "shippingLastName",
            {"from": "Shipping name", "do": ["last_name"]},
        ),
    ],
)
def test_what_cells_decide(column: str, cells: str, field: str, source: Any) -> None:
    first, second = cells.split("|")
    assert said(draft([with_cells(column, first, second)]))["order"].get(field) == source


def test_a_currency_beside_the_amounts() -> None:
    assert rows("id|total", "1|250 AED", "2|30 AED")["order"]["currency"]["from"] == "total"
    assert rows("id|total", "1|2,50 €", "2|30 €")["order"]["currency"] == "=EUR"
    assert "currency" not in rows("id|total", "1|$2.50", "2|$3.00")["order"]


def test_a_time_of_day_of_its_own_is_added() -> None:
    mapped = rows("id|Date|Time", "1|2024-05-03|10:20", "2|2024-05-17|11:00")
    assert mapped["order"]["createdAt"] == "{Date} {Time}"


def test_parcels_are_a_fulfillment() -> None:
    mapped = rows("id|Tracking number|Carrier", "1|Z9|DHL", "2||")
    assert mapped["order"]["fulfillment"] == {
        "where": {"Tracking number": "filled"},
        "id": "{id}-{Tracking number}",
        "tracking": {"trackingNumber": "Tracking number", "trackingCompany": "Carrier"},
    }


def test_a_word_is_no_order_id_and_a_price_may_be_an_object() -> None:
    mapped = rows(
        "Name|Qty - Tea|Qty - Mug|Qty - Pot|Amount due", "Anna|1|2||2.00", "Ben|||1|3.00", "Eve|1|||4.00"
    )
    assert (mapped["order"]["orderId"], mapped["order"]["amount"]) == ("TODO", "Amount due")
    assert mapped["order"]["items"]["columns"] == r"Qty - (?P<name>.+?)\??"
    order = {"id": "1", "items": [{"name": "Tea", "quantity": 2, "price": {"amount": "9.50"}}]}
    mapped = said(draft([of_objects("orders.jsonl", [order, order | {"id": "2"}])]))
    assert mapped["order"]["items"]["price"] == "price.amount"


def test_nothing_known_is_all_to_be_decided() -> None:
    drawn = draft([table("foo|bar", "x y z|q w e", "x y z|q w e")])
    assert drawn.left == ("orderId", "amount", "createdAt", "uid", "items")
    assert said(drawn)["order"]["items"] == "TODO"
