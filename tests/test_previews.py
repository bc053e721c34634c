"""Previews: what an order is, what it becomes, and where each of its fields comes from."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from richsync.cli import options
from richsync.cli.app import application
from richsync.display.previews import moment
from richsync.errors import UnusableError
from richsync.jsontext import loads
from richsync.model import Reject
from richsync.pipeline.previews import Previewed, Wanted, preview
from tests.small import map_text, row, source, table
from tests.support import SAMPLES

EXPORT = """\
Order,Date,Mail,Phone,Status,Item,Price,Qty,Line,Paid,Ship 1,Ship 1 no
A-1,05.03.2024,N/A,+49 30 1,3,Cup,"9,50",2,"19,00",n/a,1Z,77
A-1,,,,,Pot,"5,00",1,"5,00",,,
A-2,06.03.2024,a@b.com,,9,Cup,dear,1,"9,50",x,,
"""
MAP = """\
richsync: 1
export:
  numbers: "1.234,56"
  dates: "%d.%m.%Y"
  timezone: Europe/Berlin
  empty: ["N/A", "n/a"]
  group: Order
order:
  orderId: Order
  createdAt: Date
  status: {from: Status, lookup: {3: shipped, otherwise: reject}}
  amount: {from: Price, do: [times: Qty], aggregate: sum}
  paymentMethod: Paid
  items: {name: Item, price: Price, quantity: {from: Qty, default: 1}}
  fulfillment:
    repeat: "Ship {n}"
    id: "{Order}-{Ship {n}}"
    tracking: {trackingNumber: "Ship {n} no", trackingCompany: =DHL}
  custom: {shop: =Berlin, gift: {from: Paid, do: [lower], default: none}}
customer: {uid: {first_of: [Mail, {from: Phone, do: [digits]}]}, email: Mail}
"""
EXPLAINED = """\
  orderId               Order             "A-1"
  orderDbKey            Order             derived  "A-1"
  amount                Price             ["9,50", "5,00"] → times: "Qty" → [19, 5] → sum → 24
  createdAt             Date              "05.03.2024" → 1709593200000 (2024-03-05 00:00 CET)
  status                Status            "3" → lookup → "shipped"
  items[0].id           Item              derived  "Cup"
  items[0].name         Item              "Cup"
  items[0].price        Price             "9,50" → 9.5
  items[0].quantity     Qty               "2" → 2
  items[1].id           Item              derived  "Pot"
  items[1].name         Item              "Pot"
  items[1].price        Price             "5,00" → 5.0
  items[1].quantity     Qty               "1" → 1
  fulfillment[0].id     {Order}-{Ship 1}  "A-1-1Z"
  fulfillment[0].tracking[0].trackingNumber  Ship 1 no         "77"
  fulfillment[0].tracking[0].trackingCompany  =DHL              "DHL"
  fulfillment[0].items                    derived  ["Cup", "Pot"]
  gift                  Paid              "n/a" → empty → "" → lower → "" → default → "none"
  shop                  =Berlin           "Berlin"
  customer.uid          Phone             "+49 30 1" → digits → "49301"
  time.sentAt                             derived  1709593200000 (2024-03-05 00:00 CET)
  customer.email        Mail              "N/A" → empty → "" → not sent
  paymentMethod         Paid              "n/a" → empty → "" → not sent
  status       Status  "9" → lookup → "9" → RS309 Status has values that the lookup for status does not list
  items.price  Price   "dear" → RS501 items.price is not a number → not sent
  amount       Price   "dear" → RS501 amount is not a number → not sent
"""


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = application("preview")(["preview", *arguments], standalone_mode=False)
    shown = capsys.readouterr()
    return int(code or 0), shown.out, shown.err


def test_explained_field_by_field(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = source(tmp_path, EXPORT, MAP).name
    code, out, err = run(capsys, name, "--explain")
    assert out == EXPLAINED
    assert code == 1
    assert f"{name}:4: order A-2 rejected: RS309 Status has values" in err


def test_an_order_in_the_words_of_its_shop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = source(tmp_path, EXPORT, MAP).name
    code, out, err = run(capsys, name, "-n", "1")
    assert code == 0
    assert json.loads(out)["properties"]["status"] == "shipped"
    assert (
        err
        == f"""\
     order  A-1 of 2024-03-05 00:00 CET, {name}:2
  customer  uid 49301
     items  2 x Cup at 9.5
            1 x Pot at 5.0
     total  24
    status  shipped
"""
    )


def sent(value: Any, path: str = "") -> Iterator[tuple[str, object]]:
    """The plain fields of an event with their paths; an item that a fulfillment was lent is one of them."""
    for name, member in value.items():
        if isinstance(member, dict):
            yield from sent(member, f"{path}{name}.")
        elif name in ("items", "fulfillment", "tracking"):
            for at, line in enumerate(member):
                yield from sent(line, f"{path}{name}[{at}].")
        else:
            yield f"{path}{name}", member


@pytest.mark.parametrize("name", ["orders.csv", "bestellungen.csv", "webshop.jsonl"])
def test_what_is_explained_is_what_is_sent(name: str) -> None:
    asked = options.source_of(str(SAMPLES / name), None)
    for each in preview(asked, Wanted(40, explained=True)):
        assert each.event is not None
        event = loads(each.event.body.decode(), exact=False)
        del event["event"]
        properties, customer = event.pop("properties"), event.pop("userProperties")
        expected = [*sent(properties), *sent({"customer": customer, **event})]
        assert [(f.path, f.value) for f in each.fields if f.value is not None] == expected


LAYOUTS = [
    ("path: lines, sku: sku, price: $order.price, quantity: n", "items[1].price", "price", "2"),
    ("cell: text, as: pairs, sku: SKU, price: P, quantity: =1", "items[0].price", "P", "3"),
]


@pytest.mark.parametrize(("items", "path", "column", "cell"), LAYOUTS, ids=["path", "cell"])
def test_members_of_lists_are_explained_by_their_own_columns(
    tmp_path: Path, items: str, path: str, column: str, cell: str
) -> None:
    lines = '[{"sku":"A","n":1},{"sku":"B","n":2}]'
    record = f'{{"id":"1","price":2,"text":"SKU: A, P: 3","lines":{lines},"m":"a@b.com"}}'
    order = f"order: {{orderId: id, amount: price, createdAt: =2024-03-05, items: {{{items}}}}}"
    asked = source(tmp_path, record, f"richsync: 1\n{order}\ncustomer: {{email: m}}\n", "orders.jsonl")
    (shown,) = preview(asked, Wanted(explained=True))
    (found,) = [each for each in shown.fields if each.path == path]
    assert (found.source, str(found.cell)) == (column, cell)


def test_rows_that_are_passed_over_take_nothing_from_an_explanation(tmp_path: Path) -> None:
    rows = (row("1", note="x"), row("1", note="y"), row("2", note="y"), row("3", note="x"))
    asked = source(tmp_path, table(*rows), map_text("group: id, where: {note: x}"))
    shown = list(preview(asked, Wanted(9, explained=True)))
    sources = [{field.path: field.source for field in each.fields}["orderId"] for each in shown]
    assert sources == ["id", "id"]


def brief(each: Previewed) -> tuple[str, bool]:
    return each.found.order_id, isinstance(each.found, Reject)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(2), [("1", False), ("2", True)]),
        (Wanted(9), [("1", False), ("2", True), ("3", False)]),
        (Wanted(9, "3"), [("3", False)]),
        (Wanted(9, "2"), [("2", True)]),
        (Wanted(9, "03"), []),
    ],
)
def test_which_orders_are_shown(tmp_path: Path, wanted: Wanted, expected: list[tuple[str, bool]]) -> None:
    asked = source(tmp_path, table(row("1"), row("2", total=""), row("3")), map_text())
    assert [brief(each) for each in preview(asked, wanted)] == expected


def test_an_order_that_is_not_there_is_said(tmp_path: Path) -> None:
    name = source(tmp_path, table(row("1")), map_text()).name
    with pytest.raises(UnusableError, match="has no order 7"):
        application("preview")(["preview", name, "--order", "7"], standalone_mode=False)


def test_what_is_no_text_is_shown_all_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = r'{"id":"1","total":"\ud800","date":0,"price":1.10}'
    order = (
        "order: {orderId: id, amount: total, createdAt: date, items: {sku: id, price: price, quantity: =1}}"
    )
    mapped = f"richsync: 1\nexport: {{dates: epoch}}\n{order}\ncustomer: {{uid: id}}\n"
    name = source(tmp_path, record, mapped, "orders.jsonl").name
    code, out, _ = run(capsys, name, "--explain")
    assert code == 1
    assert out.startswith(r"  amount  total  '\ud800' → RS501")


@pytest.mark.parametrize(
    ("milliseconds", "expected"),
    [(0, "1970-01-01 00:00 UTC"), (-1, "1969-12-31 23:59 UTC"), (10**18, "1000000000000000000")],
)
def test_moments_are_those_of_the_shop(milliseconds: int, expected: str) -> None:
    assert moment(milliseconds, None) == expected
