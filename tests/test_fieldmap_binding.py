from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.errors import BadMapError
from richsync.events import express
from richsync.fieldmaps import Bound, bind, load
from richsync.jsontext import Digits
from richsync.model import Mistake, Order, Problem, Record
from richsync.orders import assemble

CELLS = {
    "id": "1001",
    "total": "19.00",
    "date": "2024-03-05T10:00:00Z",
    "mail": "Anna@Example.com",
    "sku": "TE-1",
    "price": "9.50",
    "qty": "2",
}
NOON = 1709632800000
GERMAN = {**CELLS, "total": "19,00", "price": "9,50", "date": "05.03.2024 11:00"}


class Filled(NamedTuple):
    """What a row became: the order's properties, the customer, and what was found."""

    order: dict[str, Any]
    customer: dict[str, Any]
    problems: list[Problem]

    @property
    def told(self) -> list[tuple[str, str, str, str]]:
        return [(each.code, each.column, each.field, each.value) for each in self.problems]


def written(
    order: str = "", customer: str = "email: mail", export: str = "", items: str | None = None
) -> str:
    """A map of `CELLS`, with further lines of its own."""
    items = "sku: sku, price: price, quantity: qty" if items is None else items
    return (
        f"richsync: 1\nexport: {{{export or 'timezone: UTC'}}}\n"
        f"order:\n  orderId: id\n  amount: total\n  createdAt: date\n  items: {{{items}}}\n"
        + "".join(f"  {line}\n" for line in order.splitlines())
        + f"customer: {{{customer}}}\n"
    )


def bound_to(mapped: str, rows: Sequence[Mapping[str, Any]], table: bool = True) -> Bound:
    sample: list[Record] = [(i, list(row.values()) if table else dict(row), "") for i, row in enumerate(rows)]
    return bind(load(mapped, "map"), list(rows[0]) if table else (), sample)


def filled(mapped: str, row: Mapping[str, Any], table: bool = True) -> Filled:
    bound = bound_to(mapped, [row], table)
    found = Filled({}, {}, [])
    cells = list(row.values()) if table else dict(row)
    for put in (bound.order, bound.lines, bound.custom):
        put.row(cells, found.order, found.problems)
    bound.customer.row(cells, found.customer, found.problems)
    return found


def json(**other: Any) -> dict[str, Any]:
    return {**CELLS, **other}


def refused(mapped: str, row: Mapping[str, Any], table: bool = True) -> list[Mistake]:
    with pytest.raises(BadMapError) as error:
        bound_to(mapped, [row], table)
    assert error.value.name == "map"
    return list(error.value.mistakes)


@pytest.mark.parametrize("table", [True, False])
def test_a_row_fills_the_order_and_the_customer(table: bool) -> None:
    assert filled(written(), CELLS, table) == Filled(
        {
            "orderId": "1001",
            "orderDbKey": "1001",
            "amount": 19,
            "createdAt": NOON,
            "email": "Anna@Example.com",
            "items": [{"id": "TE-1", "price": 9.5, "quantity": 2, "sku": "TE-1"}],
        },
        {"uid": "anna@example.com", "email": "Anna@Example.com"},
        [],
    )


# columns of a table


@pytest.mark.parametrize("name", ["Straße", " Straße ", "STRASSE", "straße\u200b", "Strasse", "stra\u00dfe"])
def test_a_column_is_found_also_when_case_space_and_marks_differ(name: str) -> None:
    mapped = written("status: Straße")
    found = filled(mapped, {**CELLS, name: "x"})
    assert found.order["status"] == "x"
    notes = [] if name == "Straße" else [("RS304", name)]
    assert [(each.code, each.column) for each in bound_to(mapped, [{**CELLS, name: "x"}]).notes] == notes


def test_the_unicode_form_of_a_name_does_not_matter() -> None:
    assert filled(written("status: 'Caf\u00e9'"), {**CELLS, "Cafe\u0301": "x"}).order["status"] == "x"


def test_the_exact_name_wins_and_one_that_fits_two_is_not_guessed() -> None:
    row = {**CELLS, "Note": "a", "note": "b", "NOTE": "c"}
    assert filled(written("status: note"), row).order["status"] == "b"
    (mistake,) = refused(written("status: nOTE"), row)
    assert (mistake.code, mistake.message) == ("RS303", "the export has no column 'nOTE'")


def test_a_column_that_is_missing_is_told_once_with_the_nearest_name() -> None:
    mapped = written('status: Totl\norderName: "{Totl} {zzz}"\ncustom: {a: Totl, b: zzz}')
    found = refused(mapped, {**CELLS, "Total": "5"})
    assert [(each.code, each.line, each.column) for each in found] == [("RS303", 8, 11), ("RS303", 9, 14)]
    assert [each.help for each in found] == [
        "did you mean 'Total'?",
        "the names are: id, total, date, mail, sku, price, qty, Total",
    ]


def test_the_names_are_told_once() -> None:
    found = refused(written("status: xxx\ncurrency: Totl\norderName: yyy"), {**CELLS, "Total": "5"})
    assert [each.help for each in found] == [
        "the names are: id, total, date, mail, sku, price, qty, Total",
        "did you mean 'Total'?",
        "the names are those above",
    ]


def test_mistakes_stand_in_the_order_of_the_map_also_when_one_comes_again() -> None:
    mapped = written("status: xxx\ncurrency: yyy\norderName: xxx")
    assert [(each.line, each.column) for each in refused(mapped, CELLS)] == [(8, 11), (9, 13)]


def test_of_very_many_names_as_many_are_told_as_can_be_read() -> None:
    (mistake,) = refused(written("status: xxx"), {**CELLS, **{f"a {n:03}": "" for n in range(300)}})
    assert mistake.help.endswith(" …")
    assert len(mistake.help) < 1100


def test_a_column_of_the_order_has_no_mark_where_the_rows_are_the_lines() -> None:
    (mistake,) = refused(written(items="sku: $order.sku, price: price, quantity: qty"), CELLS)
    assert (mistake.message, mistake.help) == (
        "the export has no column '$order.sku'",
        "did you mean 'sku'?",
    )


@pytest.mark.parametrize("export", ["group: nope", "where: {nope: x}", "fill_down: nope"])
def test_columns_of_the_settings_must_be_there_too(export: str) -> None:
    (mistake,) = refused(written(export=export), CELLS)
    assert (mistake.code, mistake.message) == ("RS303", "the export has no column 'nope'")


def test_a_path_needs_json() -> None:
    (mistake,) = refused(written(items="path: sku, sku: sku, price: price, quantity: qty"), CELLS)
    assert (mistake.code, mistake.help) == ("RS301", "its rows are the lines: drop path:")


def test_the_columns_that_are_read_are_known_with_their_field() -> None:
    bound = bound_to(written(export="group: shop"), [{**CELLS, "other": "", "shop": "A"}])
    assert bound.columns == {
        0: ("id", "orderId"),
        1: ("total", "amount"),
        2: ("date", "createdAt"),
        3: ("mail", "email"),
        4: ("sku", "items.id"),
        5: ("price", "items.price"),
        6: ("qty", "items.quantity"),
        8: ("shop", ""),
    }


# paths in JSON


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("billing.city", "Oslo"),
        ("emails[0]", "a@b.co"),
        ("emails[1]", None),
        ("people[1].name", "Bo"),
        ("grid[0][1]", "2"),
        ("meta.key", "nested"),
        ("dotted.key", "whole"),
        ("total", "19.00"),
        ("none", None),
        ("emails[99999999999999999999]", None),
        ("guarded", "007"),
    ],
)
def test_a_path_leads_into_a_record(path: str, value: str | None) -> None:
    row = json(
        billing={"city": " Oslo "},
        emails=["a@b.co"],
        people=[{"name": "An"}, {"name": "Bo"}],
        grid=[["1", "2"]],
        meta={"key": "nested"},
        dotted={"key": "nested"},
        none=None,
        guarded="'007",
    ) | {"dotted.key": "whole"}
    assert filled(written(f"status: '{path}'"), row, table=False).order.get("status") == value


@pytest.mark.parametrize(
    ("path", "coupons"),
    [
        ("codes[]", ["A", "B"]),
        ("used[].code", ["A", "B"]),
        ("used[].by.name", ["An"]),
        ("used[1].code", ["B"]),
        ("single[].code", ["C"]),
        ("keyed.*.code", ["D", "E"]),
        ("used.*.code", ["A", "B"]),
        ("codes.*", ["A", "B"]),
        ("single.code.*", None),
        ("nothing[].code", None),
        ("none[].code", None),
        ("nothing.code", None),
    ],
)
def test_a_path_leads_to_each_member_of_a_list(path: str, coupons: list[str] | None) -> None:
    row = json(
        codes=["A", "B"],
        used=[{"code": "A", "by": {"name": "An"}}, {"code": " B "}],
        single={"code": "C"},
        keyed={"7": {"code": "D"}, "9": {"code": "E"}},
        nothing=[],
        none=None,
    )
    found = filled(written(f"coupons: '{path}'"), row, table=False)
    assert (found.order.get("coupons"), found.problems) == (coupons, [])


@pytest.mark.parametrize("path", ["used.code", "shop.used.code"])
def test_a_path_that_passes_over_a_list_is_a_mistake(path: str) -> None:
    row = json(used=[{"code": "A"}], shop={"used": [{"code": "A"}]})
    (mistake,) = refused(written(f"coupons: {path}"), row, table=False)
    assert (mistake.code, mistake.message) == ("RS303", f"{path!r}: what should have 'code' is a list")
    assert mistake.help.startswith("say `[].code`")


@pytest.mark.parametrize("path", ["used[].kode", "used[0].kode"])
def test_a_path_into_a_list_is_checked_too(path: str) -> None:
    (mistake,) = refused(written(f"coupons: '{path}'"), json(used=[{"code": "A"}]), table=False)
    assert (mistake.code, mistake.help) == ("RS303", "did you mean 'code'?")


@pytest.mark.parametrize(
    ("path", "help_text"),
    [("totl", "did you mean 'total'?"), ("billing.citty", "did you mean 'city'?")],
)
def test_a_path_near_to_one_that_is_there_is_a_mistake(path: str, help_text: str) -> None:
    (mistake,) = refused(written(f"status: {path}"), json(billing={"city": "Oslo"}), table=False)
    assert (mistake.code, mistake.line, mistake.column) == ("RS303", 8, 11)
    assert mistake.message == f"the records have no {path!r}"
    assert mistake.help == help_text


@pytest.mark.parametrize("path", ["cancelledOn", "billing.vat", "billing.vat.id"])
def test_a_path_that_no_sampled_record_has_is_noted(path: str) -> None:
    bound = bound_to(written(f"status: {path}"), [json(billing={"city": "Oslo"})], table=False)
    (note,) = bound.notes
    assert (note.code, note.column, note.severity) == ("RS303", path, "warning")
    assert note.note == f"none of the records looked at (1) has {path!r}"


def test_names_that_no_sampled_record_has_are_one_note() -> None:
    mapped = written("status: zzz\ncurrency: yyy.x\norderName: zzz")
    (note,) = bound_to(mapped, [json()], table=False).notes
    assert note.note == "none of the records looked at (1) has 'zzz', 'yyy.x'"


def test_an_object_where_a_value_is_needed_is_told() -> None:
    found = filled(
        written("status: billing\ncoupons: list"), json(billing={"a": 1}, list=[{}, {"a": 1}]), table=False
    )
    assert found.told == [("RS310", "billing", "status", ""), ("RS310", "list", "coupons", "")]


# sources


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("=EUR", "EUR"),
        ('"#{id}"', "#1001"),
        ('"{sku} - {mail}"', "TE-1 - Anna@Example.com"),
        ('"{sku} - {blank}"', None),
        ('"{sku} {blank|}"', "TE-1"),
        ('"{blank|none}/{qty}"', "none/2"),
        ('"{blank|}"', None),
        ("{column: '=odd{name}'}", "odd"),
        ("{first_of: [blank, spaces, mail, sku]}", "Anna@Example.com"),
        ('{first_of: [blank, "{blank}x", =constant]}', "constant"),
        ("{first_of: [blank, blank]}", None),
        ("{from: blank, default: none}", "none"),
        ("{from: sku, default: none}", "TE-1"),
        ("{from: spaces, default: none}", "none"),
        ("{from: sku, do: [lower]}", "te-1"),
        ("{from: sku, do: [split: '-', item: '2']}", "1"),
        ("{from: sku, do: [strip: TE-1], default: none}", "none"),
        ("{from: blank, do: [lower]}", None),
        ("{first_of: [blank, sku], do: [lower]}", "te-1"),
    ],
)
@pytest.mark.parametrize("table", [True, False])
def test_a_source_gives_a_value_or_nothing(source: str, value: str | None, table: bool) -> None:
    row = {**CELLS, "blank": "", "spaces": " " if not table else "", "=odd{name}": "odd"}
    found = filled(written(f"status: {source}"), row, table)
    assert found.order.get("status") == value
    assert found.problems == []


def test_what_a_default_may_not_be_is_told_without_a_column() -> None:
    found = filled(written("taxAmount: {from: blank, default: x}"), {**CELLS, "blank": ""})
    assert found.told == [("RS501", "", "taxAmount", "x")]


@pytest.mark.parametrize(
    ("otherwise", "value", "result", "told"),
    [
        ("", "3", "shipped", []),
        ("", "Paid", "PAID", []),
        ("", "pAID", "PAID", []),
        ("", "x", "x", [("RS309", "")]),
        ("", "", None, []),
        (", otherwise: keep", "x", "x", []),
        (", otherwise: drop", "x", None, []),
        (", otherwise: reject", "x", "x", [("RS309", "error")]),
        (", otherwise: =other", "x", "other", []),
        (", otherwise: other", "x", "other", []),
        (", empty: ''", "empty", None, []),
    ],
)
def test_a_lookup_translates(
    otherwise: str, value: str, result: str | None, told: list[tuple[str, str]]
) -> None:
    mapped = written(f"status: {{from: state, lookup: {{3: shipped, Paid: PAID{otherwise}}}}}")
    found = filled(mapped, {**CELLS, "state": value})
    assert found.order.get("status") == result
    assert [(each.code, each.severity) for each in found.problems] == told


def test_a_lookup_translates_every_member_of_a_list() -> None:
    mapped = written("coupons: {from: codes, do: [split: ','], lookup: {a: A, b: B, otherwise: drop}}")
    assert filled(mapped, {**CELLS, "codes": "a, b, c"}).order["coupons"] == ["A", "B"]


def test_a_lookup_of_an_object_is_told() -> None:
    mapped = written("status: {from: state, lookup: {a: A}}")
    assert filled(mapped, json(state={"a": 1}), table=False).told == [("RS310", "state", "status", "")]


def test_json_scalars_are_looked_up_as_they_are_written() -> None:
    mapped = written("status: {from: state, lookup: {3: shipped, '1.50': odd, 'true': yes}}")
    for value, result in ((3, "shipped"), (Digits("1.50"), "odd"), (True, "yes")):
        assert filled(mapped, json(state=value), table=False).order["status"] == result


@pytest.mark.parametrize("table", [True, False])
def test_cells_that_mean_nothing(table: bool) -> None:
    mapped = written(
        'status: state\ntaxAmount: {from: tax, default: 0}\norderName: "{state|none}"',
        export='empty: ["-", NULL]',
    )
    found = filled(mapped, {**CELLS, "state": "NULL", "tax": "-"}, table)
    assert "status" not in found.order
    assert (found.order["taxAmount"], found.order["orderName"], found.problems) == (0, "none", [])


# kinds


@pytest.mark.parametrize(
    ("field", "value", "sent", "code"),
    [
        ("taxAmount", "1.234,50", 1234.5, ""),
        ("taxAmount", "1,234.50", None, "RS502"),
        ("updatedAt", "05.03.2024 11:00", NOON, ""),
        ("updatedAt", "30.02.2024 11:00", None, "RS507"),
        ("updatedAt", "2024-03-05", None, "RS506"),
        ("billingPostcode", "01067", "01067", ""),
        ("coupons", "TEA10", ["TEA10"], ""),
        ("orderDbKey", "1001.0", None, "RS521"),
        ("deleteFulfillmentAndCreate", "yes", True, ""),
        ("deleteFulfillmentAndCreate", "perhaps", None, "RS518"),
    ],
)
@pytest.mark.parametrize("source", ["value", "{from: value, do: [strip: '~']}"])
def test_a_field_is_read_as_its_kind(field: str, value: str, sent: object, code: str, source: str) -> None:
    mapped = written(
        f"{field}: {source}",
        export='numbers: "1.234,56", dates: "%d.%m.%Y %H:%M", timezone: Europe/Berlin',
    )
    found = filled(mapped, {**GERMAN, "value": value})
    assert found.order.get(field) == sent
    assert found.told == ([(code, "value", field, value)] if code else [])


@pytest.mark.parametrize(
    ("field", "value", "sent"),
    [
        ("updatedAt: {from: value, do: [date: '%d.%m.%Y %H:%M']}", "05.03.2024 10:00", NOON - 3_600_000),
        ("updatedAt: {from: value, do: [date: epoch]}", "1709632801", NOON + 1000),
        ("updatedAt: {from: value, do: [date: '%d.%m.%Y']}", "5 March", "RS506"),
        ("taxAmount: {from: value, do: [number: '1.234,56']}", "1.234,50", 1234.5),
        ("taxAmount: {from: value, do: [number: '1.234,56', abs]}", "-1.234,50", 1234.5),
        ("taxAmount: {from: value, do: [abs]}", "-3.50", 3.5),
        ("taxAmount: {from: value, do: [number: '1.234,56'], default: 2.5}", "", 2.5),
        ("taxAmount: {from: value, do: [number: '1.234,56']}", "x", "RS501"),
        ("statusUrl: {from: value, do: [number: '1.234,56']}", "1.234,50", "1234.5"),
    ],
)
@pytest.mark.parametrize("table", [True, False])
def test_a_verb_that_reads_has_the_last_word(field: str, value: str, sent: object, table: bool) -> None:
    found = filled(written(field, export="timezone: Europe/Berlin"), {**CELLS, "value": value}, table)
    code = found.problems[0].code if found.problems else None
    assert found.order.get(field.partition(":")[0], code) == sent


@pytest.mark.parametrize("export", ["dates: iso", "dates: epoch_ms", "dates: [epoch, iso]"])
def test_a_moment_that_was_read_is_not_read_again(export: str) -> None:
    mapped = written("updatedAt: {from: day, do: [date: '%d.%m.%Y %H:%M']}", export=export)
    assert filled(mapped, {**CELLS, "day": "05.03.2024 10:00"}).order["updatedAt"] == NOON


def test_a_quantity_may_be_read_as_a_number_first() -> None:
    mapped = written(items="sku: sku, price: price, quantity: {from: qty, do: [number: '1,5']}")
    assert filled(mapped, {**CELLS, "qty": "2,0"}).order["items"][0]["quantity"] == 2
    assert [each.code for each in filled(mapped, {**CELLS, "qty": "2,5"}).problems] == ["RS504"]


def test_a_long_value_is_shown_in_part() -> None:
    found = filled(written("taxAmount: tax"), {**CELLS, "tax": "x" * 5000})
    assert found.told == [("RS501", "tax", "taxAmount", "x" * 200)]


# custom ones


def test_custom_values_keep_their_shape_without_what_is_empty() -> None:
    mapped = written(
        "custom: {meta: meta, flag: flag, none: none}", customer="email: mail, custom: {tier: tier}"
    )
    row = json(meta={"a": "", "b": [None, {"c": 1}]}, flag=False, none={"x": []}, tier="gold")
    found = filled(mapped, row, table=False)
    assert found.order["meta"] == {"b": [{"c": 1}]}
    assert found.order["flag"] is False
    assert "none" not in found.order
    assert found.customer["tier"] == "gold"


def test_custom_values_of_a_line_are_in_the_line() -> None:
    mapped = written(items="sku: sku, price: price, quantity: qty, custom: {colour: colour}")
    assert filled(mapped, {**CELLS, "colour": "red"}).order["items"][0]["colour"] == "red"


# rows into lines


def orders(mapped: str, rows: Sequence[Mapping[str, Any]], table: bool = True) -> list[Order]:
    bound = bound_to(mapped, rows, table)
    records: list[Record] = [
        (i, list(row.values()) if table else dict(row), f"{i}\n") for i, row in enumerate(rows, 1)
    ]
    found = list(assemble(records, bound))
    assert all(isinstance(each, Order) for each in found), found
    return [each for each in found if isinstance(each, Order)]


def test_rows_next_to_each_other_with_one_key_are_the_lines_of_an_order() -> None:
    (order, other) = orders(written(), [CELLS, {**CELLS, "sku": "TE-2"}, {**CELLS, "id": "1002"}])
    assert [line["sku"] for line in order.properties["items"]] == ["TE-1", "TE-2"]
    assert (order.records, other.records) == (2, 1)


def test_equal_rows_are_two_orders_and_equal_lines_of_a_group_two_lines() -> None:
    assert len(orders(written(), [CELLS, CELLS])) == 2
    (order,) = orders(written(export="group: id"), [CELLS, CELLS])
    assert len(order.properties["items"]) == 2


def test_a_group_may_be_of_several_columns() -> None:
    rows = [
        {**CELLS, "id": f"{shop}-{i}", "shop": shop, "n": str(i)}
        for shop, i in (("A", 1), ("A", 2), ("B", 2))
    ]
    bound = bound_to(written(export="group: [shop, n]"), rows)
    keys = [bound.key(list(row.values())) for row in rows]
    assert len(set(keys)) == 3
    assert bound.key(["", "", "", "", "", "", "", "", ""]) == ""
    assert bound.grouped


def test_a_group_of_several_columns_tells_apart_which_one_is_blank() -> None:
    rows = [{**CELLS, "a": "1", "b": ""}, {**CELLS, "a": "", "b": "1"}]
    key = bound_to(written(export="group: [a, b]"), rows).key
    assert key(list(rows[0].values())) != key(list(rows[1].values()))


def test_a_group_that_is_a_word_for_nothing_is_no_key() -> None:
    bound = bound_to(written(export="group: id, empty: [n/a]"), [CELLS])
    assert bound.key(list({**CELLS, "id": "n/a"}.values())) == ""


def test_an_order_id_may_be_the_first_of_several() -> None:
    mapped = written().replace("orderId: id", "orderId: {first_of: [id, sku]}")
    key = bound_to(mapped, [CELLS]).key
    assert [key(list({**CELLS, **other}.values())) for other in ({}, {"id": ""}, {"id": "", "sku": ""})] == [
        *("1001", "TE-1", "")
    ]


def test_a_group_takes_the_order_from_its_first_row_and_fills_what_it_leaves_out() -> None:
    rows = [{**CELLS, "state": ""}, {**CELLS, "state": "paid", "sku": "TE-2"}]
    (order,) = orders(written("status: state", export="group: id"), rows)
    assert order.properties["status"] == "paid"
    assert list(order.properties).index("status") < list(order.properties).index("items")


def test_blank_cells_are_filled_from_the_row_above() -> None:
    rows = [CELLS, {**CELLS, "id": "", "total": "", "date": "", "mail": "", "sku": "TE-2"}]
    (order,) = orders(written(export="fill_down: id, group: id"), rows)
    assert [line["sku"] for line in order.properties["items"]] == ["TE-1", "TE-2"]


def test_only_rows_that_are_wanted_are_orders() -> None:
    wanted = bound_to(written(export="where: {sku: [TE-1, TE-2], qty: 2}"), [CELLS]).wanted
    assert wanted is not None
    for sku, qty, expected in (
        ("TE-1", "2", True),
        ("TE-2", "2", True),
        ("TE-3", "2", False),
        ("TE-1", "1", False),
    ):
        assert wanted(list({**CELLS, "sku": sku, "qty": qty}.values())) is expected
    assert bound_to(written(), [CELLS]).wanted is None


def test_json_scalars_are_compared_as_they_are_written() -> None:
    wanted = bound_to(
        written(export="where: {paid: 'true', n: 2}"), [json(paid=True, n=2)], table=False
    ).wanted
    assert wanted is not None
    assert wanted(json(paid=True, n=2))
    assert not wanted(json(paid=False, n=2))


@pytest.mark.parametrize(
    ("line", "items"),
    [
        ({"sku": "", "price": "", "qty": ""}, None),
        ({"sku": "", "price": "", "qty": "2"}, [{"currency": "EUR", "quantity": 2}]),
    ],
)
def test_constants_and_defaults_alone_make_no_line(
    line: dict[str, str], items: list[dict[str, Any]] | None
) -> None:
    mapped = written(
        items="sku: sku, price: {from: price, default: 0}, quantity: qty, custom: {currency: =EUR}"
    )
    found = filled(mapped, {**CELLS, **line})
    if items is None:
        assert "items" not in found.order
        assert found.problems == []
    else:
        assert [{"price": 0, **each} for each in items] == found.order["items"]
        assert [(each.code, each.field) for each in found.problems] == [("RS401", "items.id")]


def test_a_line_without_what_it_needs_is_told_with_its_column() -> None:
    found = filled(written(), {**CELLS, "price": "", "qty": "none"})
    assert found.told == [("RS504", "qty", "items.quantity", "none"), ("RS401", "price", "items.price", "")]


LINES = "path: lines, sku: code, price: cost.net, quantity: n"


@pytest.mark.parametrize(
    ("lines", "skus", "told"),
    [
        (
            [{"code": "A", "cost": {"net": 1}, "n": 1}, {"code": "B", "cost": {"net": 2}, "n": 2}],
            ["A", "B"],
            [],
        ),
        ({"code": "A", "cost": {"net": 1}, "n": 1}, ["A"], []),
        ([], [], []),
        (None, [], []),
        ("text", [], [("RS310", "lines", "items", "")]),
        (["text"], [], [("RS310", "lines", "items", "")]),
        ([{"code": "A", "cost": {"net": "x"}, "n": 1}], ["A"], [("RS501", "cost.net", "items.price", "x")]),
    ],
)
def test_lines_come_from_a_list_in_the_record(
    lines: object, skus: list[str], told: list[tuple[str, str, str, str]]
) -> None:
    mapped = written(items=LINES)
    found = filled(mapped, json(lines=lines), table=False)
    assert [each["sku"] for each in found.order.get("items", [])] == skus
    assert found.told == told


def test_a_name_in_a_line_is_looked_for_among_the_lines() -> None:
    row = json(lines=[{"code": "A", "cost": {"net": 1}, "qty": 1}])
    (mistake,) = refused(written(items=LINES.replace("quantity: n", "quantity: qtty")), row, table=False)
    assert (mistake.message, mistake.help) == ("the members of 'lines' have no 'qtty'", "did you mean 'qty'?")


def test_lists_in_lists_keep_each_shipment_once() -> None:
    mapped = written(
        "fulfillment: {path: sent, id: no, items: {path: lines, id: s, name: n, price: p, quantity: q},"
        " tracking: {path: parcels, trackingNumber: number}}"
    )
    line = {"s": "A", "n": "Tea", "p": "1.50", "q": 1}
    sent = {"no": 7, "lines": [line, line], "parcels": [{"number": "1Z"}, {"number": "1Z"}]}
    found = filled(mapped, json(sent=[sent, sent]), table=False)
    item = {"id": "A", "name": "Tea", "price": 1.5, "quantity": 1}
    assert found.order["fulfillment"] == [
        {"id": "7", "tracking": [{"trackingNumber": "1Z"}], "items": [item, item]}
    ]


# what follows from what is mapped


@pytest.mark.parametrize(
    ("order", "customer", "items", "name", "value"),
    [
        ("", "email: mail", None, "orderDbKey", "1001"),
        ("orderDbKey: sku", "email: mail", None, "orderDbKey", "TE-1"),
        ("paymentStatus: sku", "email: mail", None, "financialStatus", "TE-1"),
        ("financialStatus: sku", "email: mail", None, "paymentStatus", "TE-1"),
        ("financialStatus: sku\npaymentStatus: qty", "email: mail", None, "paymentStatus", "2"),
        ("", "email: mail", None, "email", "Anna@Example.com"),
        ("", "email: mail", None, "customer.uid", "anna@example.com"),
        ("email: mail", "uid: id", None, "customer.email", "Anna@Example.com"),
        ("email: mail", "uid: id", None, "customer.uid", "1001"),
        ("email: mail", "phone: qty", None, "customer.uid", "anna@example.com"),
        ("", "email: {from: none, default: A@B.co}", None, "customer.uid", "a@b.co"),
        ("", "email: mail", "sku: sku, optionId: id, price: price, quantity: qty", "items.id", "TE-1"),
        ("", "email: mail", "sku: none, optionId: id, price: price, quantity: qty", "items.id", "1001"),
        ("", "email: mail", "name: sku, price: price, quantity: qty", "items.id", "TE-1"),
        ("", "email: mail", "id: id, sku: sku, price: price, quantity: qty", "items.id", "1001"),
    ],
)
def test_fields_that_a_map_need_not_name(
    order: str, customer: str, items: str | None, name: str, value: str
) -> None:
    found = filled(written(order, customer, items=items), {**CELLS, "none": ""})
    place: dict[str, Any] = found.customer if name.startswith("customer.") else found.order
    place = place["items"][0] if name.startswith("items.") else place
    assert place[name.rpartition(".")[2]] == value


def test_a_bad_value_is_not_told_again_for_what_is_derived_from_it() -> None:
    assert filled(written(), {**CELLS, "id": "1001.0"}).told == [("RS521", "id", "orderId", "1001.0")]


def test_a_profile_address_may_be_the_orders() -> None:
    order = (
        "billingFirstName: sku\nbillingAddressLine1: street\nbillingPostcode: zip\nbillingCity: city\n"
        "shippingCity: {from: none, default: Oslo}"
    )
    customer = "email: mail, billingAddress: from order, shippingAddress: from order"
    found = filled(
        written(order, customer), {**CELLS, "street": "Nygade 1", "zip": "0150", "city": "", "none": ""}
    )
    assert found.customer["billingAddress"] == {
        "firstName": "TE-1",
        "address1": "Nygade 1",
        "postcode": "0150",
    }
    assert found.customer["shippingAddress"] == {"city": "Oslo"}


def test_a_profile_address_may_be_mapped_and_an_empty_one_is_left_out() -> None:
    customer = (
        "email: mail, billingAddress: {city: city, custom: {floor: floor}}, shippingAddress: {city: none}"
    )
    found = filled(written(customer=customer), {**CELLS, "city": "Oslo", "floor": "3", "none": ""})
    assert found.customer["billingAddress"] == {"city": "Oslo", "floor": "3"}
    assert "shippingAddress" not in found.customer


# what is said once


@pytest.mark.parametrize(
    ("date", "export", "codes"),
    [
        ("2024-03-05 10:00", "empty: [x]", ["RS509"]),
        ("2024-03-05T10:00:00Z", "empty: [x]", []),
        ("2024-03-05 10:00", "timezone: UTC", []),
        ("1709632800", "dates: [epoch]", []),
    ],
)
@pytest.mark.parametrize("table", [True, False])
def test_dates_without_a_zone_are_noted_once(date: str, export: str, codes: list[str], table: bool) -> None:
    mapped = written("updatedAt: date", export=export)
    notes = bound_to(mapped, [{**CELLS, "date": date}] * 3, table).notes
    assert [each.code for each in notes] == codes
    assert [(each.column, each.value) for each in notes] == [("date", date)] * len(codes)


@pytest.mark.parametrize("lines", list(permutations(range(4))))
def test_the_order_of_the_lines_in_a_map_does_not_matter(lines: tuple[int, ...]) -> None:
    every = [
        "status: state",
        "fulfillment: {id: id, items: {id: sku, name: sku, price: price, quantity: qty}}",
        "custom: {b: state, a: sku}",
        "currency: =EUR",
    ]
    customer = ["email: mail", "lastName: sku", "billingAddress: {city: state}", "custom: {x: qty}"]
    row = {**CELLS, "state": "paid"}
    bodies = []
    for chosen in ((0, 1, 2, 3), lines):
        mapped = written("\n".join(every[i] for i in chosen), ", ".join(customer[i] for i in chosen))
        (order,) = orders(mapped, [row])
        bodies.append(express(order))
    assert bodies[0] == bodies[1]


@given(
    st.dictionaries(
        st.sampled_from(list(CELLS)),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(Digits("1.50")),
            lambda inner: (
                st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
            ),
            max_leaves=4,
        ),
    )
)
def test_no_record_makes_a_bound_map_fail(row: dict[str, Any]) -> None:
    mapped = written(
        'orderName: "{sku} {qty|}"\nstatus: {from: sku, do: [lower], lookup: {a: b}}\ncoupons: mail\n'
        "updatedAt: {first_of: [date, total]}\ncustom: {price: price}",
        items="path: sku, sku: sku, price: price, quantity: qty",
    )
    bound = bound_to(mapped, [json(sku=[{"sku": "A", "price": 1, "qty": 1}])], table=False)
    out: dict[str, Any] = {}
    problems: list[Problem] = []
    for put in (bound.order, bound.lines, bound.custom, bound.customer):
        put.row(row, out, problems)
    assert isinstance(bound.key(row), str)
    assert all(each.code.startswith("RS") for each in problems)
