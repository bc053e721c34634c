"""Records into orders: what is joined, what is rejected and why, what is passed over."""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.events import express
from richsync.fieldmaps import bind, load
from richsync.fieldmaps.filling import Chunk
from richsync.jsontext import dumps, loads
from richsync.model import Fault, Odd, Order, Problem, Record, Reject, Skipped
from richsync.orders import Assembled, assemble
from richsync.orders.cleaning import all_cleaned, cleaned
from richsync.schema import event_faults
from tests.small import DAY, HEADER, MILLISECONDS, brief, cells, joined, map_text, read, row, table

JSON_MAP = """\
richsync: 1
order:
  orderId: id
  amount: total
  createdAt: date
  coupons: coupons
  items: {path: lines, sku: sku, price: price, quantity: qty}
  custom: {note: note}
customer: {email: mail}
"""
BLANK = {"total": "", "date": "", "mail": ""}


@pytest.mark.parametrize("export", ["", "group: id"], ids=["found by looking", "declared"])
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("1"), row("2")], ["order 1 @2 x1", "order 2 @3 x1"]),
        ([row("1"), row("1", sku="B"), row("2")], ["order 1 @2 x2", "order 2 @4 x1"]),
        ([row("1"), row("1", sku="B", **BLANK)], ["order 1 @2 x2"]),
        ([row("1 "), row("1", sku="B")], ["order 1 @2 x2"]),
        (
            [row("1"), row("1", sku="B", total="8", mail="c@d.com")],
            ["reject 1 @2 x2: RS704 amount, RS704 customer.email"],
        ),
        ([row("1"), row("1", sku="B", total="8")], ["order 1 @2 x2: RS704 amount"]),
        ([row("1"), row("1", sku="B", qty="0")], ["reject 1 @2 x2: RS504 items.quantity"]),
        ([row("1"), "", row("1", sku="B")], ["skipped @3: not a record", "order 1 @2 x2"]),
        ([row("1"), HEADER, row("1", sku="B")], ["skipped @3: not a record", "order 1 @2 x2"]),
    ],
)  # fmt: skip
def test_rows_next_to_each_other_are_one_order(
    tmp_path: Path, export: str, rows: list[str], expected: list[str]
) -> None:
    found = read(tmp_path, table(*rows, row("9"), row("9", sku="B")), map_text(export))
    assert [brief(each) for each in found][:-1] == expected


def test_the_first_row_that_has_a_field_decides_it_and_every_row_is_a_line(tmp_path: Path) -> None:
    rows = (row("1", sku="A", mail=""), row("1", sku="B", total="", qty="2"))
    (order,) = read(tmp_path, table(*rows), map_text("group: id"))
    assert isinstance(order, Order)
    assert order.properties == {
        "orderId": "1",
        "orderDbKey": "1",
        "amount": 9.5,
        "createdAt": MILLISECONDS,
        "email": "a@b.com",
        "items": [
            {"id": "A", "price": 9.5, "quantity": 1, "sku": "A"},
            {"id": "B", "price": 9.5, "quantity": 2, "sku": "B"},
        ],
    }
    assert order.customer == {"uid": "a@b.com", "email": "a@b.com"}
    assert order.raw == "".join(f"{each}\n" for each in rows)


FALLBACKS_MAP = """\
richsync: 1
export: {group: id}
order:
  orderId: id
  amount: {from: total, default: 0}
  createdAt: date
  items: {sku: sku, price: price, quantity: qty}
  custom: {note: {first_of: [note, =none]}}
customer: {uid: {first_of: [mail, note, "guest-{id}"]}}
"""


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({}, BLANK, ""),
        ({"note": "x"}, BLANK, ""),
        ({"note": "x", "mail": ""}, BLANK, ""),
        ({"mail": ""}, {"mail": "c@d.com"}, ": RS704 customer.uid"),
        ({"total": ""}, {"total": "8"}, ": RS704 amount"),
    ],
)
def test_a_fallback_of_a_later_row_does_not_disagree_with_the_first(
    tmp_path: Path, first: dict[str, str], second: dict[str, str], expected: str
) -> None:
    (order,) = read(tmp_path, table(row("1", **first), row("1", sku="B", **second)), FALLBACKS_MAP)
    assert brief(order) == f"order 1 @2 x2{expected}"


@pytest.mark.parametrize(
    ("first", "second"),
    [({}, {"mail": "c@d.com"}), ({"note": "x", "mail": ""}, {"note": "y", "mail": ""})],
)
def test_rows_of_two_customers_are_not_one_order(
    tmp_path: Path, first: dict[str, str], second: dict[str, str]
) -> None:
    (reject,) = read(tmp_path, table(row("1", **first), row("1", sku="B", **second)), FALLBACKS_MAP)
    assert brief(reject).startswith("reject 1 @2 x2")
    assert "RS704 customer.uid" in brief(reject)


def test_the_same_row_twice_is_not_taken_for_two_lines_of_one_order(tmp_path: Path) -> None:
    found = read(tmp_path, table(row("1"), row("1"), row("2")), map_text())
    assert [brief(each) for each in found] == ["order 1 @2 x1", "order 1 @3 x1", "order 2 @4 x1"]


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        ([row("1"), f"{row('1')},x", row("1")], ["reject 1 @2 x3 loose: RS202", "order 9 @5 x1"]),
        ([row("1"), "1,2", row("1")], ["reject 1 @2 x3 loose: RS203", "order 9 @5 x1"]),
        (["1,2", row("1")], ["reject 1 @2 x2 loose: RS203", "order 9 @4 x1"]),
        ([row("1"), '1,"a"b,'], ["reject 1 @2 x2 loose: RS205", "order 9 @4 x1"]),
        (['1,"a"b,', row("1")], ["reject 1 @2 x2 loose: RS205", "order 9 @4 x1"]),
        ([row("1"), '91,"a"b,11'], ["order 1 @2 x1", "reject  @3 x1 loose: RS205", "order 9 @4 x1"]),
    ],
)
def test_no_order_goes_without_one_of_its_lines(
    tmp_path: Path, broken: list[str], expected: list[str]
) -> None:
    found = read(tmp_path, table(*broken, row("9")), map_text("group: id"))
    assert [brief(each) for each in found] == expected


def test_a_broken_line_names_an_order_by_every_part_of_its_key(tmp_path: Path) -> None:
    rows = (row("1", note="x"), '1,"a"b,x', row("2", note="x"), '2,"a"b,y')
    found = read(tmp_path, table(*rows), map_text("group: [id, note]"))
    assert [brief(each) for each in found] == [
        "reject 1 @2 x2 loose: RS205",
        "order 2 @4 x1",
        "reject  @5 x1 loose: RS205",
    ]


def test_a_broken_line_of_a_plain_export_is_a_reject_of_its_own(tmp_path: Path) -> None:
    found = read(tmp_path, table(row("1"), '1,"a"b', row("2")), map_text())
    assert [brief(each) for each in found] == ["order 1 @2 x1", "reject  @3 x1 loose: RS205", "order 2 @4 x1"]


@pytest.mark.parametrize(
    ("other", "problems"),
    [
        ({"order_id": ""}, "RS401 orderId"),
        ({"order_id": "1001.0"}, "RS521 orderId"),
        ({"order_id": "1.23457E+12"}, "RS512 orderId"),
        ({"order_id": "#REF!"}, "RS513 orderId"),
        ({"order_id": "1\x07"}, "RS108 orderId"),
        ({"total": ""}, "RS401 amount"),
        ({"total": "nine"}, "RS501 amount"),
        ({"total": "#N/A"}, "RS513 amount"),
        ({"total": "1\x07"}, "RS108 amount"),
        ({"date": ""}, "RS404 createdAt"),
        ({"date": "05.03.2024"}, "RS508 createdAt"),
        ({"date": "soon"}, "RS506 createdAt"),
        ({"date": "2024-02-30"}, "RS507 createdAt"),
        ({"date": "#VALUE!"}, "RS513 createdAt"),
        ({"mail": ""}, "RS403 customer.uid"),
        ({"mail": "n/a"}, "RS403 customer.uid"),
        ({"mail": "a.b.com"}, "RS511 customer.email"),
        ({"mail": "#REF!"}, "RS513 email"),
        ({"mail": "a\x07@b.com"}, "RS108 email"),
        ({"sku": "", "price": "", "qty": ""}, "RS402 items"),
        ({"sku": ""}, "RS401 items.id"),
        ({"price": ""}, "RS401 items.price"),
        ({"price": "#REF!"}, "RS513 items.price"),
        ({"price": "9\x07"}, "RS108 items.price"),
        ({"qty": "1.5"}, "RS504 items.quantity"),
        ({"note": "#REF!"}, "RS513 note"),
        ({"note": "a\x00"}, "RS108 note"),
        (
            {"total": "x", "date": "y", "mail": "z", "qty": "0"},
            "RS501 amount, RS506 createdAt, RS504 items.quantity, RS511 customer.email",
        ),
    ],
)
@pytest.mark.parametrize("export", ["", "group: id"])
def test_every_problem_is_told_at_once_and_one_cause_once(
    tmp_path: Path, export: str, other: dict[str, str], problems: str
) -> None:
    (found,) = read(tmp_path, table(row(**{"order_id": "1", **other})), map_text(export))
    assert isinstance(found, Reject)
    assert found.tabular
    assert brief(found).partition(": ")[2] == problems
    assert all(each.line == 2 and each.raw == found.raw for each in found.problems)


def test_a_column_that_feeds_two_fields_is_missed_once(tmp_path: Path) -> None:
    mapped = map_text().replace("price: price", "price: total")
    (found,) = read(tmp_path, table(row("1", total="#REF!")), mapped)
    assert brief(found) == "reject 1 @2 x1: RS513 amount"


@pytest.mark.parametrize(
    ("customer", "mail", "expected"),
    [
        ("{email: mail}", "no mail", "reject 1 @2 x1: RS511 customer.email"),
        ("{uid: id, email: mail}", "no mail", "order 1 @2 x1: RS511 customer.email"),
        ("{uid: mail}", "a@b", "reject 1 @2 x1: RS511 customer.uid"),
        ("{uid: mail}", "+1 212 555 0100", "order 1 @2 x1"),
    ],
)
def test_a_bad_email_is_an_error_only_as_the_uid(
    tmp_path: Path, customer: str, mail: str, expected: str
) -> None:
    mapped = map_text().replace("{email: mail}", customer)
    (found,) = read(tmp_path, table(row("1", mail=mail)), mapped)
    assert brief(found) == expected


@pytest.mark.parametrize("export", ["", "group: id"])
def test_rows_without_a_key_are_never_joined(tmp_path: Path, export: str) -> None:
    rows = (row(""), row(" "), row(""), row("2"))
    found = read(tmp_path, table(*rows), map_text(export))
    assert [brief(each) for each in found] == [
        *(f"reject  @{line} x1: RS401 orderId" for line in (2, 3, 4)),
        "order 2 @5 x1",
    ]


def test_where_skips_rows(tmp_path: Path) -> None:
    rows = (row("1", note="order"), row("2", note="return"), row("3", note=" order"))
    found = read(tmp_path, table(*rows), map_text("where: {note: order}"))
    assert [brief(each) for each in found] == ["order 1 @2 x1", "skipped @3: where", "order 3 @4 x1"]


@pytest.mark.parametrize("export", ["fill_down: id", "fill_down: id, group: id"])
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("1"), row("", sku="B", **BLANK), row("2")], ["order 1 @2 x2", "order 2 @4 x1"]),
        ([row("1"), row(" ", sku="B", **BLANK), row("2")], ["order 1 @2 x2", "order 2 @4 x1"]),
        ([row("1"), f"{row('')},x", row("2")], ["reject 1 @2 x2 loose: RS202", "order 2 @4 x1"]),
        ([row("1"), '"a"b', row("2")], ["reject 1 @2 x2 loose: RS205", "order 2 @4 x1"]),
        ([row("1"), "2,3", row("")], ["order 1 @2 x1", "reject 2 @3 x2 loose: RS203"]),
        ([row("")], ["reject  @2 x1: RS401 orderId"]),
    ],
)
def test_a_blank_key_goes_on_with_the_order_above_when_the_map_says_so(
    tmp_path: Path, export: str, rows: list[str], expected: list[str]
) -> None:
    found = read(tmp_path, table(*rows), map_text(export))
    assert [brief(each) for each in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["fault @1: RS102"]),
        (table(), ["fault @2: RS103"]),
        (table(row("1"), '2,"a'), ["order 1 @2 x1", "fault @3: RS204"]),
        (table(row("1")).encode() + b"2,\xff\n", ["order 1 @2 x1", "fault @3: RS104"]),
    ],
)
def test_faults_of_the_file_are_no_records(tmp_path: Path, text: str | bytes, expected: list[str]) -> None:
    found = read(tmp_path, text, map_text())
    assert [brief(each) for each in found] == expected


def test_a_fulfillment_without_items_is_lent_the_order_s(tmp_path: Path) -> None:
    lent = "fulfillment: {id: note}\n  deleteFulfillmentAndCreate: =true\n  custom:"
    mapped = map_text("group: id").replace("custom:", lent).replace("{sku: sku", "{name: sku, sku: sku")
    rows = (row("1", note="F1"), row("1", note="F1", sku="B"), row("2"))
    first, second = read(tmp_path, table(*rows), mapped)
    assert isinstance(first, Order)
    assert isinstance(second, Order)
    assert first.properties["fulfillment"] == [{"id": "F1", "items": first.properties["items"]}]
    assert first.properties["deleteFulfillmentAndCreate"] is True
    assert not {"fulfillment", "deleteFulfillmentAndCreate"} & second.properties.keys()


def test_of_several_fulfillments_each_needs_its_items(tmp_path: Path) -> None:
    mapped = map_text("group: id").replace("custom:", "fulfillment: {id: note}\n  custom:")
    found = read(tmp_path, table(row("1", note="F1"), row("1", note="F2", sku="B")), mapped)
    assert [brief(each) for each in found] == [
        "reject 1 @2 x2: RS704 note, RS407 fulfillment.items",
    ]


PARCELS = "fulfillment: {%s, items: {id: sku, name: sku, price: price, quantity: qty}}\n  custom:"


@pytest.mark.parametrize(
    ("rows", "parcels"),
    [
        ([("F1", "A"), ("F1", "B"), ("F2", "C")], {"F1": ["A", "B"], "F2": ["C"]}),
        ([("F1", "A"), ("F2", "B"), ("F1", "C")], {"F1": ["A", "C"], "F2": ["B"]}),
        ([("F1", "A"), ("F1", "A")], {"F1": ["A", "A"]}),
        ([("F1", "A"), ("", "B")], {"F1": ["A"]}),
    ],
)
def test_rows_with_one_fulfillment_s_id_are_one(
    tmp_path: Path, rows: list[tuple[str, str]], parcels: dict[str, list[str]]
) -> None:
    mapped = map_text("group: id").replace("custom: {note: note}", PARCELS % "id: note" + " {}")
    text = table(*(row("1", note=note, sku=sku) for note, sku in rows))
    (order,) = read(tmp_path, text, mapped)
    assert isinstance(order, Order)
    found = order.properties["fulfillment"]
    assert {each["id"]: [item["id"] for item in each["items"]] for each in found} == parcels
    assert brief(order) == f"order 1 @2 x{len(rows)}"


def test_what_the_rows_of_one_fulfillment_differ_in_is_told_and_its_parcels_are_gathered(
    tmp_path: Path,
) -> None:
    fields = "id: =F1, status: note, updatedAt: date, tracking: {trackingNumber: price}"
    mapped = map_text("group: id").replace("custom: {note: note}", PARCELS % fields + " {}")
    rows = (row("1"), row("1", note="sent", sku="B"), row("1", note="gone", price="8"))
    (order,) = read(tmp_path, table(*rows), mapped)
    assert isinstance(order, Order)
    assert brief(order) == "order 1 @2 x3: RS704 fulfillment.status"
    (parcel,) = order.properties["fulfillment"]
    assert (parcel["status"], parcel["updatedAt"]) == ("sent", MILLISECONDS)
    assert parcel["tracking"] == [{"trackingNumber": "9.5"}, {"trackingNumber": "8"}]


def test_the_fingerprint_is_of_the_source_cells_only(tmp_path: Path) -> None:
    def fingerprint(text: str, mapped: str) -> bytes:
        (found,) = read(tmp_path, text, mapped)
        assert isinstance(found, Order)
        return found.fingerprint

    plain = fingerprint(table(row("1")), map_text())
    assert fingerprint(table(row("1")), map_text().replace("orderId: id", "orderId: 'X-{id}'")) == plain
    assert fingerprint(table(row("1", note="x")), map_text()) != plain


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, "order 1 @1 x1"),
        ({"lines": []}, "reject 1 @1 x1: RS402 items"),
        ({"lines": ["x"]}, "reject 1 @1 x1: RS310 items"),
        ({"lines": {"sku": "A", "price": 1, "qty": 1}}, "order 1 @1 x1"),
        ({"note": "a\u0000b"}, "reject 1 @1 x1: RS108 note"),
        ({"note": "a\u0085b"}, "reject 1 @1 x1: RS108 note"),
        ({"note": {"b": ["\ud800"]}}, "reject 1 @1 x1: RS108 note"),
        ({"mail": "a\u0007@b.com"}, "reject 1 @1 x1: RS108 email"),
        ({"id": "1\ud800"}, "reject 1\\ud800 @1 x1: RS108 orderId"),
        ({"unread": "a\u0000b"}, "order 1 @1 x1"),
        ({"id": {"number": "1"}}, "reject  @1 x1: RS310 orderId"),
        ({"mail": None}, "reject 1 @1 x1: RS403 customer.uid"),
    ],
)
def test_json_records(members: dict[str, Any], expected: str) -> None:
    lines = [{"sku": "A", "price": 1, "qty": 2}]
    order = {"id": "1", "total": 2, "date": DAY, "mail": "a@b.com", "lines": lines, **members}
    raw = json.dumps(order, ensure_ascii="\ud800" in str(members))
    (found,) = joined([(1, order, raw)], JSON_MAP)
    assert brief(found) == expected


CELLS = st.sampled_from(
    ["", " ", "1", "2", "3.5", DAY, "a@b.com", "#REF!", "x\x00", "-", "0", "é\u200b", "'1"]
)
ROWS = st.one_of(
    st.lists(CELLS, min_size=8, max_size=8),
    st.builds(lambda order_id, other: cells(order_id, **other), st.sampled_from(["1", "2", "", "1 "]),
              st.dictionaries(st.sampled_from(HEADER.split(",")[1:]), CELLS, max_size=2)),
)  # fmt: skip
ODDS = st.one_of(
    st.sampled_from([Odd("RS205"), Odd("RS207"), Odd("RS211")]),
    st.builds(lambda some: Odd("RS203", "", tuple(some)), st.lists(CELLS, max_size=7)),
)


@st.composite
def records(draw: st.DrawFn) -> list[Record]:
    found: list[Record] = []
    line = 2
    for each in draw(st.lists(ROWS | ODDS, max_size=12)):
        raw = draw(st.sampled_from(['1,"a"b\n', "2;\n"])) if isinstance(each, Odd) else ",".join(each) + "\n"
        found.append((line, each, raw))
        line += draw(st.integers(1, 3))
    return found


@given(
    records(),
    st.sampled_from(["", "group: id", "fill_down: id", "group: [id, note], where: {qty: ['1', '2']}"]),
)
def test_every_record_has_exactly_one_disposition(given_records: list[Record], export: str) -> None:
    raws = [raw for _, _, raw in given_records]
    lines = [line for line, _, _ in given_records]
    found = joined(given_records, map_text(export), HEADER.split(","))
    parts = [each for each in found if not isinstance(each, Fault)]
    assert sum(each.records for each in parts) == len(raws)
    kept = [each for each in found if isinstance(each, Order | Reject)]
    for some in (kept, [each for each in found if isinstance(each, Skipped)]):
        assert all(a.line < b.line for a, b in pairwise(some))
        assert {each.line for each in some} <= set(lines)
    assert all(each.problems for each in found if isinstance(each, Reject))
    _check_events(found)


@given(st.lists(ROWS, max_size=3), st.lists(st.integers(0, 2), max_size=8))
def test_rows_that_repeat_an_order_s_cells_say_nothing_new(rows: list[list[str]], order: list[int]) -> None:
    bound = bind(load(map_text("group: id"), "map"), HEADER.split(","), [])
    assert bound.own is not None
    given_records = [(2 + i, [*rows[at]], f"{at}\n") for i, at in enumerate(order) if at < len(rows)]
    read_again = [list(assemble(given_records, each)) for each in (bound, bound._replace(own=None))]
    assert read_again[0] == read_again[1]


def test_large_rows_are_not_gathered() -> None:
    consumed = []

    def large() -> Iterator[Record]:
        for line in range(2, 100):
            consumed.append(line)
            row = cells(str(line), note="x" * 100_000)
            yield line, row, ",".join(row) + "\n"

    next(assemble(large(), bind(load(map_text(), "map"), HEADER.split(","), [])))
    assert len(consumed) == 2


@given(st.lists(ROWS, min_size=1, max_size=8))
def test_rows_read_together_say_what_each_says_alone(rows: list[list[str]]) -> None:
    mapped = map_text("where: {qty: [filled]}").replace("mail}", "mail, sourceId: {first_of: [note, id]}}")
    bound = bind(load(mapped, "map"), HEADER.split(","), [])
    for filling in (bound.order, bound.lines, bound.custom, bound.customer):
        alone: list[tuple[dict[str, Any], list[Problem]]] = [({}, []) for _ in rows]
        for each, (out, problems) in zip(rows, alone, strict=True):
            filling.row(each, out, problems)
        together: list[tuple[dict[str, Any], list[Problem]]] = [({}, []) for _ in rows]
        filling.chunk(Chunk(rows, list(zip(*rows, strict=True))), *zip(*together, strict=True))
        assert together == alone


@given(st.lists(ROWS, min_size=1, max_size=8))
def test_rows_cleaned_together_are_what_each_is_alone(rows: list[list[str]]) -> None:
    bound = bind(load(map_text(), "map"), HEADER.split(","), [])
    said: tuple[list[list[Problem]], ...] = ([[] for _ in rows], [[] for _ in rows])
    alone = [cleaned(each, "", bound, problems) for each, problems in zip(rows, said[0], strict=True)]
    chunk, texts = all_cleaned(rows, [""] * len(rows), bound, said[1])
    assert list(zip(chunk.rows, map("|".join, texts), strict=True)) == alone
    assert list(zip(*chunk.columns, strict=True)) == [tuple(each) for each in chunk.rows]
    assert said[0] == said[1]


def _check_events(found: list[Assembled]) -> None:
    for each in found:
        if isinstance(each, Order):
            assert event_faults(loads(express(each).body.decode())) == []


VALUES = st.recursive(
    st.sampled_from(
        [None, "", " ", "\u00a0", "a", "1", 0, 1, -1, True, False, DAY, 10**20, "a@b.com", "\u2028"]
    ),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["a", "sku", "price", "qty"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["id", "total", "date", "mail", "note", "coupons", "lines"]), VALUES),
        max_size=3,
    )
)
def test_whatever_json_holds_only_events_that_may_be_sent_come_of_it(objects: list[dict[str, Any]]) -> None:
    good = {
        "id": "1",
        "total": 2,
        "date": DAY,
        "mail": "a@b.com",
        "lines": {"sku": "A", "price": 1, "qty": 1},
    }
    made = [{**good, **each} for each in objects]
    found = joined([(n, each, dumps(each).decode()) for n, each in enumerate(made, 1)], JSON_MAP)
    assert sum(each.records for each in found if not isinstance(each, Fault)) == len(made)
    _check_events(found)
