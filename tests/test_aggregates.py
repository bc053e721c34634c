"""Fields made of all rows of an order: a total that no column gives."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.errors import BadMapError
from richsync.fieldmaps import load
from richsync.fieldmaps.aggregates import AGGREGATES
from richsync.jsontext import dumps, loads
from richsync.model import Order, Reject
from richsync.pipeline.readings import opened
from richsync.values import Bad
from tests.small import DAY, HEADER, MILLISECONDS, brief, map_text, read, row, table
from tests.small import source as source_of

LATER = "2024-03-05T10:00:01Z"


def summed(field: str, source: str, export: str = "group: id") -> str:
    """The map, with one more field, or another source of one."""
    text = map_text(export).replace("  amount: total\n", "") if field == "amount" else map_text(export)
    return text.replace("  orderId: id\n", f"  orderId: id\n  {field}: {{{source}}}\n")


def found(folder: Path, mapped: str, *rows: str) -> Order | Reject:
    (only,) = read(folder, table(*rows), mapped)
    assert isinstance(only, Order | Reject)
    return only


@pytest.mark.parametrize(
    ("field", "source", "rows", "expected"),
    [
        ("amount", "from: price, aggregate: sum", [{"price": "0.10"}, {"price": "0.20"}], 0.3),
        ("amount", "from: price, aggregate: sum", [{"price": "99999999.99"}, {"price": "-1"}], 99999998.99),
        ("amount", "from: price, aggregate: sum", [{"price": "7.5"}], 7.5),
        ("amount", "from: note, aggregate: sum", [{"note": "1"}, {}, {"note": "2"}], 3),
        ("amount", "from: sku, aggregate: count", [{}, {"sku": "B"}, {"sku": "", "price": "", "qty": ""}], 2),
        ("amount", "from: price, aggregate: min", [{"price": "9"}, {"price": "10"}], 9),
        ("amount", "from: price, aggregate: max", [{"price": "9"}, {"price": "10"}], 10),
        ("amount", "from: total, aggregate: first", [{"total": ""}, {"total": "2"}, {"total": "3"}], 2),
        ("amount", "from: total, aggregate: last", [{"total": "2"}, {"total": "3"}, {"total": ""}], 3),
        ("amount", 'first_of: [note, "=1"], aggregate: sum', [{}, {"note": "5"}, {}], 7),
        ("amount", 'from: note, do: [strip: "$"], aggregate: sum', [{"note": "$5"}, {"note": "$6"}], 11),
        ("amount", "from: note, aggregate: sum, default: 2", [{"note": "5"}, {}], 7),
        ("updatedAt", "from: date, aggregate: max", [{"date": LATER}, {}], MILLISECONDS + 1000),
        ("processedAt", "from: date, aggregate: min", [{"date": LATER}, {}], MILLISECONDS),
        ("status", "from: note, aggregate: last", [{"note": "paid"}, {"note": "sent"}], "sent"),
        ("coupons", "from: note, aggregate: list", [{"note": "B"}, {"note": "A"}, {}], ["B", "A"]),
    ],
)  # fmt: skip
def test_what_the_rows_of_an_order_make(
    tmp_path: Path, field: str, source: str, rows: list[dict[str, str]], expected: object
) -> None:
    mapped = summed(field, source).replace("  custom: {note: note}\n", "")
    order = found(tmp_path, mapped, *(row("1", **{"total": "9", **each}) for each in rows))
    assert isinstance(order, Order), brief(order)
    assert order.properties[field] == expected
    assert type(order.properties[field]) is type(expected)
    assert field == "status" or not any(each.field == field for each in order.problems)


def test_a_custom_total_is_read_as_numbers_are_written(tmp_path: Path) -> None:
    mapped = map_text('group: id, numbers: "1.234,5"').replace(
        "note: note", "paid: {from: note, aggregate: sum}"
    )
    rows = (row("1", total='"9,5"', price='"9,5"', note=f'"{note}"') for note in ("1.000,25", "0,5"))
    order = found(tmp_path, mapped, *rows)
    assert isinstance(order, Order)
    assert (order.properties["paid"], list(order.properties)[-1]) == (1000.75, "paid")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("file: costs.csv, match: {order: id}, from: cost, aggregate: sum", 7.5),
        ("file: costs.csv, match: {order: id}, from: cost, do: [plus: tax], aggregate: sum", 7.75),
        ("file: costs.csv, match: {order: id}, where: {kind: ship}, from: cost, aggregate: max", 2.5),
        ("file: costs.csv, match: {order: id}, from: cost, default: 1, aggregate: sum", 8.5),
        ('file: costs.csv, match: {order: id}, from: "{cost}{$order.total}", aggregate: first', 2.59),
        ("cell: note, as: json, from: v, aggregate: sum", 6),
        (r"cell: note, as: pattern, pattern: '\D*(?P<v>\d)\D*', split: ',', from: v, aggregate: max", 9),
        ("where: {sku: A}, from: price, aggregate: sum", 3),
        ('repeat: "t{n}", from: "t{n}", aggregate: sum', 9),
        ('columns: "t(?P<n>.)", from: $cell, aggregate: count', 2),
    ],
)  # fmt: skip
def test_a_total_of_lines_that_stand_elsewhere(tmp_path: Path, source: str, expected: object) -> None:
    costs = "1,ship,2.5,0.25", "1,ship,2.5,", "2,ship,9,", "1,pack,2.5,", "1,pack,,"
    (tmp_path / "costs.csv").write_text("\n".join(("order,kind,cost,tax", *costs)) + "\n", encoding="utf-8")
    note = '"[{""v"": 2}, {""v"": 4}, {""w"": 9}]"'
    rows = [row("1", sku="A", price="3", total="9", note=note) + ",4,5", row("1", sku="B", price="4") + ",,"]
    mapped = summed("amount", source).replace("  custom: {note: note}\n", "")
    export = "\n".join((f"{HEADER},t1,t2", *rows)) + "\n"
    with opened(source_of(tmp_path, export, mapped)) as reading:
        (order,) = reading.orders
    assert isinstance(order, Order), order
    assert order.properties["amount"] == expected
    assert len(order.properties["items"]) == 2


def test_the_different_values_of_another_file_as_a_list(tmp_path: Path) -> None:
    mapped = summed(
        "coupons", "file: codes.csv, match: {order: id}, from: code, do: [split: +], aggregate: list"
    )
    mapped = mapped.replace(
        "{note: note}", "{paid: {file: codes.csv, match: {order: id}, from: sum, aggregate: list}}"
    )
    (tmp_path / "codes.csv").write_text("order,code,sum\n1,A+B,1\n1,B+C,2.50\n2,D,1\n", encoding="utf-8")
    with opened(source_of(tmp_path, table(row("1"), row("3")), mapped)) as reading:
        one, none = reading.orders
    assert isinstance(one, Order), one
    assert (one.properties["coupons"], one.properties["paid"]) == (["A", "B", "C"], ["1", "2.50"])
    assert isinstance(none, Order), none
    assert "coupons" not in none.properties


def test_a_total_of_a_list_in_json(tmp_path: Path) -> None:
    order = {"id": 1, "mail": "a@b.co", "lines": [{"sku": each, "price": 2, "qty": 1} for each in "AB"]}
    mapped = summed("amount", "path: lines, from: price, do: [times: qty], aggregate: sum", "format: jsonl")
    mapped = mapped.replace("items: {", "items: {path: lines, ").replace("  custom: {note: note}\n", "")
    (only,) = read(tmp_path, f"{dumps(order | {'date': DAY}).decode()}\n", mapped, "orders.jsonl")
    assert isinstance(only, Order), only
    assert only.properties["amount"] == 4


def test_a_bad_cell_of_a_line_elsewhere_rejects_the_order_and_none_is_missing(tmp_path: Path) -> None:
    mapped = summed("amount", "file: costs.csv, match: {order: id}, from: cost, aggregate: sum")
    (tmp_path / "costs.csv").write_text("order,cost\n1,2\n1,x\n", encoding="utf-8")
    with opened(source_of(tmp_path, table(row("1"), row("2")), mapped)) as reading:
        told = [brief(each) for each in reading.orders]
    assert told == ["reject 1 @2 x1: RS501 amount", "reject 2 @3 x1: RS401 amount"]


def test_a_date_in_another_file_is_no_date_of_the_export(tmp_path: Path) -> None:
    mapped = summed("updatedAt", "file: sent.csv, match: {order: id}, from: sent, aggregate: max")
    (tmp_path / "sent.csv").write_text(f"order,sent\n1,{DAY}\n1,{LATER}\n", encoding="utf-8")
    with opened(source_of(tmp_path, table(row("1")), mapped)) as reading:
        (order,) = reading.orders
        assert not reading.bound.notes
    assert isinstance(order, Order)
    assert order.properties["updatedAt"] == MILLISECONDS + 1000


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"price": "1"}, {"price": "x"}], "reject 1 @2 x2: RS501 items.price"),
        (
            [{"price": ""}, {"price": ""}],
            "reject 1 @2 x2: RS401 items.price, RS401 items.price",
        ),
        ([{"price": "9007199254740991"}, {"price": "2"}], "reject 1 @2 x2: RS501 amount"),
    ],
)
def test_a_bad_cell_rejects_the_order(tmp_path: Path, rows: list[dict[str, str]], expected: str) -> None:
    mapped = summed("amount", "from: price, aggregate: sum")
    told = brief(found(tmp_path, mapped, *(row("1", **each) for each in rows)))
    assert sorted(told.replace(": ", ", ").split(", ")) == sorted(expected.replace(": ", ", ").split(", "))


def test_what_is_derived_of_a_total_is_the_same_total(tmp_path: Path) -> None:
    mapped = summed("paymentStatus", "from: note, aggregate: last").replace("  custom: {note: note}\n", "")
    order = found(tmp_path, mapped, row("1", note="open"), row("1", note="paid", date=DAY))
    assert isinstance(order, Order)
    assert (order.properties["financialStatus"], order.problems) == ("paid", [])


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("amount: total", "amount: {from: total, aggregate: total}", "there is no aggregate 'total'"),
        ("amount: total", "amount: {from: total, aggregate: sums}", "there is no aggregate 'sums'"),
        ("orderId: id", "orderId: {from: id, aggregate: first}", "orderId cannot be a first: it is a key"),
        (
            "createdAt: date",
            "createdAt: {from: date, aggregate: sum}",
            "createdAt cannot be a sum: it is a moment",
        ),
        (
            "price: price",
            "price: {from: price, aggregate: sum}",
            "aggregate: is for fields of the order itself",
        ),
        ("amount: total", "amount: {from: total, path: x}", "the field amount has no 'path'"),
        (
            "amount: total",
            "amount: {from: x, file: y, aggregate: sum}",
            "match: says which column of the file holds which of the export",
        ),
        (
            "amount: total",
            "amount: {from: x, where: y, aggregate: sum}",
            "where: is a list of `column: value` lines",
        ),
        (
            "email: mail",
            "email: {from: mail, aggregate: last}",
            "aggregate: is for fields of the order itself",
        ),
    ],
)
def test_mistakes(before: str, after: str, message: str) -> None:
    with pytest.raises(BadMapError) as caught:
        load(map_text().replace(before, after), "map")
    assert message in [each.message for each in caught.value.mistakes]


@given(st.lists(st.decimals(-10000, 10000, places=2), min_size=1, max_size=20))
def test_sums_are_exact(numbers: list[Any]) -> None:
    values = [loads(str(each), exact=False) for each in numbers]
    total = AGGREGATES["sum"].fold(values)
    assert not isinstance(total, Bad)
    assert f"{total:.2f}" == f"{sum(numbers):.2f}".replace("-0.00", "0.00")
