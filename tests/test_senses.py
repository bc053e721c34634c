"""What finished orders say about themselves: true where it is said, silent where nothing is wrong."""

from pathlib import Path
from typing import Any

import pytest

from richsync.fieldmaps import load
from richsync.model import Disposition, Order, Problem, Reject
from richsync.pipeline.validations import validate
from richsync.ready import FIELDS
from richsync.senses import Clues, Senses, several
from richsync.senses.words import passes_luhn
from tests.small import Quiet, map_text, row, source, surveyed, table

DAY = 86_400_000
NOW = 1_750_000_000_000
CREATED = NOW - 100 * DAY
ITEM = {"id": "T", "name": "Tea", "price": 10.0, "quantity": 2}
MAPPED = (
    "orderId amount subTotalPrice taxAmount shippingAmount discountAmount tipAmount currency createdAt "
    "updatedAt processedAt status fulfillmentStatus statusUrl paymentMethod email billingCity "
    "billingPostcode billingCountry billingPhone"
)


def map_of(fields: str = MAPPED, more: str = "") -> str:
    """A map of so many fields, each from the column of its name."""
    lines = "".join(f"  {name}: {name}\n" for name in fields.split())
    return (
        f"richsync: 1\norder:\n{lines}"
        "  items: {id: id, name: name, price: price, quantity: quantity, url: url}\n"
        "  fulfillment:\n    path: parcels\n    id: id\n    tracking: {trackingUrl: link}\n"
        "    items: {id: id, name: name, price: price, quantity: count}\n"
        f"  custom: {{note: note}}\ncustomer: {{uid: who, email: email, phone: phone}}\n{more}"
    )


def order(customer: dict[str, Any] | None = None, raw: str = "1,x\n", **properties: Any) -> Order:
    """A good order but for what is said; None leaves a field out."""
    good = {"orderId": "1", "amount": 20.0, "items": [ITEM], "createdAt": CREATED, "taxAmount": 0}
    said = {name: value for name, value in {**good, **properties}.items() if value is not None}
    person = {"uid": "ann@example.com"} if customer is None else customer
    return Order("1", said, person, 2, 1, raw, raw)


def senses(fields: str = MAPPED, more: str = "", width: int = 3) -> Senses:
    return Senses(load(map_of(fields, more), "m"), Clues(NOW, ",", ["id"] * width))


def told(found: Order, looked: Senses | None = None) -> list[str]:
    """What is said of an order, and of an export of this order alone."""
    looked = looked or senses()
    ((judged,),) = looked.judged([[found]])
    assert isinstance(judged, Order)
    problems = (*judged.problems, *looked.problems())
    return [f"{each.code} {each.field} {each.note}".strip() for each in problems]


PARCEL = {"id": "P", "items": [ITEM]}
QUIET: dict[str, Order] = {
    "nothing but what must be": order(),
    "a discount as a positive number": order(discountAmount=5.0, amount=15.0),
    "an amount of zero": order(amount=0),
    "cents that binary fractions do not hit": order(
        amount=1.1 + 2.2, currency="EUR", items=[ITEM | {"price": 1.65}]
    ),
    "whole yen": order(currency="JPY"),
    "a currency that is gone": order(currency="HRK"),
    "updated on the day it was created": order(updatedAt=CREATED - DAY // 2),
    "placed elsewhere, where it is tomorrow": order(createdAt=NOW + DAY // 2),
    "only a phone": order({"uid": "1", "phone": "+451234567"}),
    "a uid that is a phone": order({"uid": "+451234567"}),
    "a phone for the parcel": order({"uid": "1"}, billingPhone="123"),
    "a whole postcode": order(billingPostcode="02108", billingCountry="US"),
    "a short postcode of a country with short ones": order(billingPostcode="2108", billingCountry="CH"),
    "letters of Portuguese": order({"uid": "ã@b.co"}, raw="MAÇÃ", billingCity="SÃO JOÃO «MAÇû Âmbar"),
    "cancelled and not fulfilled": order(status="Cancelled", fulfillmentStatus="unfulfilled"),
    "a parcel that came to nothing": order(
        fulfillmentStatus="unfulfilled", fulfillment=[PARCEL | {"tracking": [{}], "status": "failure"}]
    ),
    "two parcels": order(
        fulfillment=[
            PARCEL | {"items": [ITEM | {"quantity": 1}]},
            {"id": "Q", "items": [ITEM | {"quantity": 1}]},
        ]
    ),
    "shipped under another id": order(fulfillment=[PARCEL | {"items": [ITEM | {"id": "V", "quantity": 9}]}]),
    "an address": order(statusUrl="https://shop.example/1"),
    "a long number that is no card": order(note="4111111111111112"),
    "a card's number in an order's id": order(orderId="4111111111111111"),
    "an IBAN-like number": order(note="ref 41111111111111111"),
    "a note of two lines": order(raw='1,"a\nb",c\n', note="a\nb"),
}
ODD: dict[str, tuple[Order, list[str]]] = {
    "below zero": (order(amount=-20.0), ["RS505 amount"]),
    "a discount below zero": (order(amount=15.0, discountAmount=-5.0), ["RS505 discountAmount"]),
    "no currency": (order(currency="Euro"), ["RS515 currency"]),
    "small letters": (order(currency="eur"), ["RS515 currency"]),
    "half a cent": (order(amount=20.005, currency="EUR"), ["RS516 amount 2 of EUR"]),
    "half a yen": (order(amount=19.5, currency="JPY", discountAmount=0.5), ["RS516 amount 0 of JPY"]),
    "next year": (order(createdAt=NOW + 365 * DAY), ["RS603 createdAt 2026-06-15"]),
    "the year 0": (order(createdAt=0), ["RS604 createdAt 1970-01-01"]),
    "far away": (order(processedAt=9 * 10**16), ["RS603 processedAt far away"]),
    "updated before it was there": (order(updatedAt=CREATED - 2 * DAY), ["RS605 updatedAt 2025-03-05"]),
    "nobody": (order({"uid": "1"}), ["RS405 customer.email"]),
    "a zero that is gone": (
        order(billingPostcode="2108", billingCountry="united states"), ["RS520 billingPostcode 5 digits"]
    ),
    "letters twice": (order(raw="CafÃ©", billingCity="CafÃ©"), ["RS109 billingCity"]),
    "a quotation": (order(raw="â€œhiâ€\x9d", note="â€œhiâ€\x9d"), ["RS109 note"]),
    "a letter that was lost": (order({"uid": "@b", "name": "\ufffd"}, raw="\ufffd"), ["RS109 customer.name"]),
    "cancelled and on its way": (
        order(status="canceled", fulfillmentStatus="Shipped"),
        ["RS609 fulfillmentStatus canceled and shipped"]
    ),
    "not fulfilled and on its way": (
        order(fulfillmentStatus="unfulfilled", fulfillment=[PARCEL | {"tracking": [{}]}]),
        ["RS609 fulfillmentStatus unfulfilled and with a parcel"],
    ),
    "shipped twice": (
        order(fulfillment=[PARCEL, PARCEL]), ["RS608 fulfillment.items.quantity 4 of 2"]
    ),
    "half an address": (order(statusUrl="/1"), ["RS517 statusUrl"]),
    "a product without address": (order(items=[ITEM | {"url": "tea.html"}]), ["RS517 items.url"]),
    "nothing in words": (order(billingCity="N/A", note="-"), ["RS406 billingCity", "RS406 note"]),
    "a card": (order(note="4111 1111-1111 1111, thanks"), ["RS901 note 1 order"]),
    "a card without spaces": (order(note="no. 5555555555554444"), ["RS901 note 1 order"]),
    "a card of 15 digits": (order(paymentMethod="Amex 378282246310005"), ["RS901 paymentMethod 1 order"]),
    "rows in a cell": (
        order(raw='1,"a,b\n2,c,d\n3,e,f",g\n', note="a,b\n2,c,d\n3,e,f"),
        ["RS206 note 3 of them look like rows"]
    ),
    "the items alone": (order(amount=35.0, discountAmount=5.0),
                        ["RS601 amount 1 of 1; in the first its items make 20.0"]),
}  # fmt: skip


@pytest.mark.parametrize("found", QUIET.values(), ids=QUIET)
def test_nothing_is_said_of_what_may_well_be(found: Order) -> None:
    assert told(found) == []


@pytest.mark.parametrize(("found", "expected"), ODD.values(), ids=ODD)
def test_what_is_odd_is_said(found: Order, expected: list[str]) -> None:
    assert told(found) == expected


PARTS: dict[str, Any] = {"taxAmount": 4.0, "shippingAmount": 5.0, "discountAmount": 3.0}


@pytest.mark.parametrize("amount", [26.0, 22.0, 29.0, 25.0, 20.0, 21.0, 17.0, 26.02])
def test_an_amount_may_contain_each_of_its_parts_or_not(amount: float) -> None:
    assert told(order(None, amount=amount, **PARTS)) == []


def test_the_sum_may_start_from_the_subtotal() -> None:
    assert told(order(amount=45.0, subTotalPrice=40.0, shippingAmount=5.0)) == []


@pytest.mark.parametrize(
    ("left_out", "amount", "is_odd"),
    [
        ("taxAmount", 99.0, False),
        ("taxAmount", 9.0, True),
        ("discountAmount", 9.0, False),
        ("discountAmount", 99.0, True),
        ("taxAmount discountAmount", 9.0, False),
    ],
)
def test_a_part_that_is_not_mapped_may_explain_the_difference(
    left_out: str, amount: float, is_odd: bool
) -> None:
    mapped = " ".join(name for name in MAPPED.split() if name not in left_out.split())
    known: dict[str, Any] = {
        name: None if name in left_out.split() else value for name, value in PARTS.items()
    }
    found = told(order(amount=amount, **known), senses(mapped))
    assert [each[:5] for each in found] == ["RS601"] * is_odd


@pytest.mark.parametrize(
    ("parts", "amount", "is_odd"),
    [
        ({}, 99.0, False),
        ({"taxAmount": None}, 9.0, False),
        ({"shippingAmount": 5.0}, 9.0, False),
        ({"shippingAmount": 5.0}, 99.0, True),
        ({"discountAmount": 3.0}, 9.0, True),
        ({"discountAmount": 3.0}, 99.0, False),
    ],
)
def test_a_ready_event_tells_by_its_parts_which_there_are(
    parts: dict[str, Any], amount: float, is_odd: bool
) -> None:
    found = told(order(amount=amount, **parts), Senses(FIELDS, Clues(NOW)))
    assert [each[:5] for each in found] == ["RS601"] * is_odd


@pytest.mark.parametrize(("odd", "severity"), [(1, "info"), (4, "")])
def test_a_few_orders_that_do_not_add_up_are_a_note_and_many_a_warning(odd: int, severity: str) -> None:
    looked = senses()
    list(looked.judged([[order(amount=25.0 if number < odd else 20.0) for number in range(30)]]))
    (problem,) = looked.problems()
    assert (problem.code, problem.severity, problem.line) == ("RS601", severity, 2)
    assert problem.note.startswith(f"{odd} of 30; ")


def test_nobody_can_read_a_number_of_a_card_from_a_finding() -> None:
    looked = senses()
    list(looked.judged([[order(raw="1,4111111111111111\n", note="4111111111111111")]]))
    (problem,) = looked.problems()
    assert (problem.value, problem.raw) == ("", "9,9999999999999999\n")


def test_a_column_of_long_numbers_is_no_column_of_cards() -> None:
    looked = senses()
    list(looked.judged([[order(note=str(4_111_111_111_111_000 + number)) for number in range(100)]]))
    assert list(looked.problems()) == []


@pytest.mark.parametrize(
    ("digits", "valid"), [("4111111111111111", True), ("378282246310005", True), ("41", False)]
)
def test_luhn(digits: str, valid: bool) -> None:
    assert passes_luhn(digits) is valid


@pytest.mark.parametrize(
    "column", ["Password", "api_key", "accessToken", "Card Number", "CVV", "user-pwd", "Senha"]
)
def test_columns_that_name_a_secret(column: str) -> None:
    looked = Senses(load(map_of().replace("note: note", f"note: {column}"), "m"), Clues(NOW))
    assert [(each.code, each.column) for each in looked.problems()] == [("RS903", column)]


@pytest.mark.parametrize("column", ["Pinboard", "Tokenish", "Scvc", "Discard number", "shipping"])
def test_columns_that_name_none(column: str) -> None:
    looked = Senses(load(map_of().replace("note: note", f"note: {column}"), "m"), Clues(NOW))
    assert list(looked.problems()) == []


def test_a_map_without_any_contact_says_so_itself() -> None:
    mapped = map_of("orderId amount createdAt").replace(", email: email, phone: phone", "")
    assert told(order({"uid": "1"}), Senses(load(mapped, "m"), Clues(NOW))) == []


def test_a_map_that_makes_up_a_uid_knows_its_guests() -> None:
    mapped = map_of().replace("uid: who", 'uid: {first_of: [email, "guest-{orderId}"]}')
    assert told(order({"uid": "guest-1"}), Senses(load(mapped, "m"), Clues(NOW))) == []


@pytest.mark.parametrize(
    ("people", "note"),
    [
        ([("a", "Ann"), ("a", "ANN "), ("b", "Bob"), ("b", "")], ""),
        ([("a", "Ann"), ("a", "Bob"), ("b", "Bob"), ("a", "Cy")], "1 of 2"),
    ],
)
def test_one_uid_with_several_names_is_a_note(people: list[tuple[str, str]], note: str) -> None:
    looked = senses()
    said = [{"uid": f"{uid}@b.co"} | ({"name": name} if name else {}) for uid, name in people]
    list(looked.judged([[order(each) for each in said]]))
    assert [each.note for each in looked.problems() if each.code == "RS705"] == [note] * bool(note)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [("1,-5\n1,\n", "1,-5\n"), ('1,"a\nb",-5\n1,\n', "")],
)
def test_of_several_rows_a_finding_points_at_the_first(raw: str, shown: str) -> None:
    found = order(amount=-5.0, raw=raw)
    found.records = 2
    told(found)
    assert [each.raw for each in found.problems] == [shown]


def test_a_field_of_several_columns_is_in_the_one_that_is_filled(tmp_path: Path) -> None:
    mapped = map_text().replace("{email: mail}", "{uid: {first_of: [mail, sku]}, name: note}")
    people = (row(str(at), mail="", note=name) for at, name in enumerate(("Ann", "Bob")))
    survey, _ = surveyed(source(tmp_path, table(*people), mapped))
    assert [each.problem.column for each in survey.findings if each.problem.code == "RS705"] == ["sku"]


def test_currencies() -> None:
    assert several([("EUR", 9), ("", 3)]) == ()
    assert several([("EUR", 1200), ("USD", 3)]) == (
        Problem("RS610", field="currency", note="EUR 1,200, USD 3"),
    )


def test_an_order_that_the_map_wants_rejected_is() -> None:
    looked = senses(more="checks: {severity: {RS505: error}}")
    ((reject,),) = looked.judged([[order(amount=-1.0)]])
    assert isinstance(reject, Reject)
    assert [(each.code, each.severity) for each in reject.problems] == [("RS505", "error")]
    assert reject.created == CREATED


def test_an_event_too_large_can_be_an_error(tmp_path: Path) -> None:
    export = f"id,date,total,note\n1,2024-01-01T00:00:00Z,1,{'x' * 300_000}\n"
    mapped = (
        "richsync: 1\norder: {orderId: id, amount: total, createdAt: date, "
        "items: {name: =a, price: total, quantity: =1}, custom: {note: note}}\ncustomer: {uid: id}\n"
    )
    for more, rejected in (("", 0), ("ignore: RS801", 0), ("severity: {RS801: error}", 1)):
        asked = source(tmp_path, export, f"{mapped}checks: {{{more}}}\n")
        survey, account = surveyed(asked)
        assert account.of(Disposition.REJECTED).orders == rejected
        assert survey.is_sound is not bool(rejected)


def test_dates_are_judged_by_the_day_that_is_told(tmp_path: Path) -> None:
    export = "id,date,total\n1,2024-01-05T00:00:00Z,1\n"
    mapped = (
        "richsync: 1\norder: {orderId: id, amount: total, createdAt: date, "
        "items: {name: =a, price: total, quantity: =1}}\ncustomer: {uid: id}\n"
    )
    asked = source(tmp_path, export, mapped)
    for as_of, expected in ((1_704_000_000_000, ["RS603"]), (None, [])):
        (survey,) = validate([asked._replace(as_of=as_of)], Quiet()).surveys
        assert [group.problem.code for group in survey.findings] == expected


def test_a_finding_points_at_the_row_of_its_item(tmp_path: Path) -> None:
    """Rows that are passed over, or have no item, do not move it."""
    rows = [row(), row(sku="", price="", qty=""), "", row(sku="GrÃ¼n"), row(sku="GrÃ¼n")]
    mapped = map_text("group: id").replace("sku: sku,", "sku: sku, imageURL: sku,")
    survey, _ = surveyed(source(tmp_path, table(*rows), mapped))
    found = [
        (each.problem, each.first) for each in survey.findings if each.problem.code in ("RS109", "RS517")
    ]
    assert sorted((each.code, each.field, line, each.raw.split(",")[4]) for each, line in found) == [
        ("RS109", "items.id", 5, "GrÃ¼n"),
        ("RS109", "items.imageURL", 5, "GrÃ¼n"),
        ("RS109", "items.sku", 5, "GrÃ¼n"),
        ("RS517", "items.imageURL", 2, "TE-1"),
    ]
