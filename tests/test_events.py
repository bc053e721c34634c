"""Orders as events: the bytes that go over the wire."""

import json
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from richsync.events import Event, any_large, express
from richsync.jsontext import compact
from richsync.model import Order
from richsync.schema import event_faults, event_schema
from tests.small import DAY, HEADER, MILLISECONDS, cells, joined, map_text, read, row, table

VALIDATOR = Draft202012Validator(event_schema())
FULL = """\
richsync: 1
order:
  orderId: id
  orderName: "#{id}"
  amount: total
  currency: =EUR
  createdAt: date
  financialStatus: =paid
  coupons: {from: note, do: [split: ","]}
  billingPostcode: "=01067"
  items:
    sku: sku
    name: "Tea {sku}"
    price: price
    quantity: qty
    contains: {lineItemId: "{id}-{sku}"}
  fulfillment: {id: "F-{id}", tracking: {trackingNumber: "=000123"}}
  custom: {zone: =north, note: note}
customer:
  email: mail
  billingAddress: {city: =Dresden}
"""
GOLDEN: dict[str, Any] = {
    "event": "order",
    "properties": {
        "orderId": "0017",
        "orderDbKey": "0017",
        "orderName": "#0017",
        "amount": 9.5,
        "currency": "EUR",
        "createdAt": MILLISECONDS,
        "financialStatus": "paid",
        "paymentStatus": "paid",
        "coupons": ["TEA10", "GIFT"],
        "email": "A@b.com",
        "billingPostcode": "01067",
        "items": [
            {
                "id": "TE-1",
                "name": "Tea TE-1",
                "price": 9.5,
                "quantity": 2,
                "sku": "TE-1",
                "contains": {"lineItemId": "0017-TE-1"},
            }
        ],
        "fulfillment": [
            {
                "id": "F-0017",
                "tracking": [{"trackingNumber": "000123"}],
                "items": [
                    {
                        "id": "TE-1",
                        "name": "Tea TE-1",
                        "price": 9.5,
                        "quantity": 2,
                        "sku": "TE-1",
                        "contains": {"lineItemId": "0017-TE-1"},
                    }
                ],
            }
        ],
        "zone": "north",
        "note": "TEA10,GIFT",
    },
    "userProperties": {"uid": "a@b.com", "email": "A@b.com", "billingAddress": {"city": "Dresden"}},
    "time": {"sentAt": MILLISECONDS},
}


def event(mapped: str, **other: str) -> Event:
    (found,) = joined([(2, cells(**other), "raw")], mapped, HEADER.split(","))
    assert isinstance(found, Order), found
    return express(found)


def decoded(event: Event) -> Any:
    return json.loads(event.body)


def test_an_order_in_full_is_this_event() -> None:
    found = event(FULL, order_id="0017", qty="2", mail="A@b.com", note="TEA10,GIFT")
    assert decoded(found) == GOLDEN
    assert list(decoded(found)) == list(GOLDEN)
    VALIDATOR.validate(decoded(found))
    assert event_faults(decoded(found)) == []


def test_several_rows_make_one_event_in_the_same_order_of_names(tmp_path: Path) -> None:
    rows = (row("17", note=""), row("17", sku="TE-2"), row("18"))
    joined_order, single = read(tmp_path, table(*rows), FULL)
    assert isinstance(joined_order, Order)
    assert isinstance(single, Order)
    both = decoded(express(joined_order)), decoded(express(single))
    assert [item["sku"] for item in both[0]["properties"]["items"]] == ["TE-1", "TE-2"]
    assert list(both[0]["properties"]) == list(both[1]["properties"])


@pytest.mark.parametrize("name", ["mail", "note"])
def test_empty_values_are_left_out(name: str) -> None:
    mapped = map_text().replace("{email: mail}", "{uid: id, email: mail}")
    assert name not in event(mapped, **{name: " "}).body.decode()
    assert '""' not in event(mapped, **{name: ""}).body.decode()


@pytest.mark.parametrize(
    ("total", "sent"),
    [("0", "0"), ("0.00", "0.0"), ("169.97", "169.97"), ("-5", "-5"), ("1.10", "1.1"), ("0.1", "0.1")],
)
def test_digits_are_kept(total: str, sent: str) -> None:
    assert f'"amount":{sent},'.encode() in event(map_text(), total=total).body


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Zoë", rb"Zo\u00eb"),
        ("太郎", rb"\u592a\u90ce"),
        ("tea 😀", rb"tea \ud83d\ude00"),
        ("a/b", b"a/b"),
        ('5" \\', rb"5\" \\"),
    ],
)
def test_text_is_ascii(text: str, sent: bytes) -> None:
    found = event(map_text(), note=text)
    assert b'"note":"' + sent + b'"' in found.body
    assert found.body.isascii()
    assert decoded(found)["properties"]["note"] == text


def test_the_digest_is_of_the_text_and_the_same_order_gives_the_same_bytes() -> None:
    first, again, other = (event(map_text(), note=note) for note in ("ä", "ä", "b"))
    assert first == again
    assert first.digest == blake2b(first.text, digest_size=16).digest()
    assert other.digest != first.digest
    assert first.was_known_as(blake2b(first.body, digest_size=16).digest())
    assert not first.was_known_as(other.digest)


@pytest.mark.parametrize(
    ("text", "is_large"),
    [("a" * 262_142, False), ("a" * 262_143, True), ("é" * 43_690, False), ("é" * 43_691, True)],
)
def test_an_event_is_as_large_as_what_is_sent(text: str, is_large: bool) -> None:
    found = Event(compact(text))
    assert any_large([Event(b""), found]) is is_large
    assert is_large is (len(found.body) > 256 * 1024)


def test_the_order_of_a_map_s_lines_changes_nothing() -> None:
    turned = """\
customer:
  billingAddress: {city: =Dresden}
  email: mail
order:
  custom: {note: note, zone: =north}
  fulfillment: {tracking: {trackingNumber: "=000123"}, id: "F-{id}"}
  items:
    contains: {lineItemId: "{id}-{sku}"}
    quantity: qty
    price: price
    name: "Tea {sku}"
    sku: sku
  billingPostcode: "=01067"
  coupons: {do: [split: ","], from: note}
  financialStatus: =paid
  createdAt: date
  currency: =EUR
  amount: total
  orderName: "#{id}"
  orderId: id
richsync: 1
"""
    assert event(turned, note="x") == event(FULL, note="x")


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)


@given(TEXT, st.decimals(-(10**9), 10**9, places=2), st.integers(1, 999))
def test_every_event_keeps_the_table(note: str, total: Any, quantity: int) -> None:
    found = event(FULL, note=note, total=f"{total:f}", qty=str(quantity), date=DAY)
    assert event_faults(decoded(found)) == []
    assert VALIDATOR.is_valid(decoded(found))
    assert found.body.isascii()
    assert decoded(found)["properties"]["amount"] == float(total)
