"""Verbs and styles from a map's text to an order's fields."""

from pathlib import Path
from typing import Any

import pytest

from richsync.errors import BadMapError
from richsync.fieldmaps import bind, load
from richsync.model import Order, Problem, Reject
from tests.small import DAY, read

ROW = {
    "Id": "S-1",
    "Day": "2026-09-13",
    "Time": "10:02:11",
    "Zone": "Eastern Time (US & Canada)",
    "Gross": "$36.00",
    "Net": "-$3.00",
    "Tax": "$2.88",
    "Qty": "2",
    "Name": "Dee van Example",
    "Cents": "5950",
    "Currency": "jpy",
    "Paid": "SIM",
    "Cancelled at": "",
    "Fulfilment": "Shipped",
    "Payload": '{"payer": {"mail": "dee@example.com"}}',
}


def mapped(order: str, export: str = "") -> str:
    return (
        f"richsync: 1\nexport: {{numbers: '$1,234.56', timezone: UTC{export}}}\norder:\n"
        "  orderId: Id\n  amount: Gross\n  createdAt: Day\n"
        f"  items: {{id: Id, price: Gross, quantity: Qty}}\n{order}\ncustomer: {{uid: Id}}\n"
    )


def filled(text: str, **cells: str) -> tuple[dict[str, Any], list[Problem]]:
    row = {**ROW, **{name.replace("_", " "): cell for name, cell in cells.items()}}
    bound = bind(load(text, "map"), list(row), [])
    out: dict[str, Any] = {}
    problems: list[Problem] = []
    for put in (bound.order, bound.custom):
        put.row(list(row.values()), out, problems)
    return out, problems


def custom(field: str, **cells: str) -> tuple[object, list[str]]:
    out, problems = filled(mapped(f"  custom: {{x: {field}}}"), **cells)
    return out.get("x"), [each.code for each in problems]


STATUS = "{first_of: [{from: =cancelled, do: [only_if: {Cancelled at: filled}]}, Fulfilment], do: [lower]}"


@pytest.mark.parametrize(
    ("field", "cells", "found"),
    [
        (STATUS, {}, "shipped"),
        (STATUS, {"Cancelled_at": "2026-09-14"}, "cancelled"),
        ("{from: Gross, do: [divide_by: Qty]}", {}, 18),
        ("{from: Gross, do: [plus: [Net, Tax]]}", {}, 35.88),
        ("{from: Gross, do: [plus: Tax, times: Qty]}", {}, 77.76),
        ("{from: Net, do: [abs]}", {}, 3),
        ("{from: Cents, do: [minor_units: Currency]}", {}, 5950),
        ("{from: Cents, do: [minor_units: Currency]}", {"Currency": "KWD"}, 5.95),
        ("{from: Paid, do: [boolean: [SIM, NÃO]]}", {}, True),
        ("{from: Paid, do: [boolean: {true: [SIM, S], false: NÃO}]}", {"Paid": "não"}, False),
        ("{from: Name, do: [last_name]}", {}, "Example"),
        ("{from: Payload, do: [json, item: payer, item: mail]}", {}, "dee@example.com"),
        (r"{from: Name, do: [pattern: '(?P<first>\w+) ']}", {}, {"first": "Dee"}),
        (
            '{from: "{Day} {Time}", do: [date: {formats: "%Y-%m-%d %H:%M:%S", timezone_from: Zone}]}',
            {},
            1789308131000,
        ),
    ],
)
def test_what_a_field_becomes(field: str, cells: dict[str, str], found: object) -> None:
    assert custom(field, **cells) == (found, [])


@pytest.mark.parametrize(
    ("field", "cells", "code"),
    [
        ("{from: Gross, do: [plus: Tax]}", {"Tax": "€2.88"}, "RS503"),
        ("{from: Gross, do: [divide_by: Qty]}", {"Qty": "0"}, "RS501"),
        ("{from: Payload, do: [json]}", {"Payload": "{"}, "RS310"),
        ("{from: Day, do: [date: {timezone_from: Zone}]}", {"Zone": "Mars"}, "RS506"),
    ],
)
def test_what_a_field_cannot_become_is_told(field: str, cells: dict[str, str], code: str) -> None:
    assert custom(field, **cells) == (None, [code])


@pytest.mark.parametrize(
    ("field", "cells", "shown"),
    [
        ("{from: Net, do: [abs]}", {"Net": "€2.88"}, "€2.88"),
        ("{from: Net, do: [{replace: [a, b]}, abs]}", {"Net": "a2"}, "b2"),
        ("{from: Net, do: [plus: Tax]}", {"Tax": "€2.88"}, "€2.88"),
        ("{from: Name, do: [date: '%d.%m.%Y']}", {"Name": "5 March"}, "5 March"),
        ("{from: Net, do: [abs]}", {"Net": "€" + 500 * "1"}, "€" + 199 * "1"),
        ("{from: Net, do: [plus: Tax]}", {"Tax": "€" + 500 * "1"}, "€" + 199 * "1"),
    ],
)
def test_what_a_verb_cannot_read_is_shown(field: str, cells: dict[str, str], shown: str) -> None:
    (problem,) = filled(mapped(f"  custom: {{x: {field}}}"), **cells)[1]
    assert problem.value == shown


def test_a_column_that_a_verb_names_has_to_be_there() -> None:
    with pytest.raises(BadMapError) as refused:
        custom("{from: Gross, do: [plus: Taxes]}")
    (mistake,) = refused.value.mistakes
    assert (mistake.code, mistake.line, mistake.help) == ("RS303", 8, "did you mean 'Tax'?")


@pytest.mark.parametrize("created", ["Day", "{from: Day, do: [date: '%Y-%m-%dT%H:%M']}", "{first_of: [Day]}"])
def test_a_time_in_a_change_of_the_clock_is_taken_and_noted(created: str) -> None:
    text = mapped("").replace("createdAt: Day", f"createdAt: {created}").replace("UTC", "Europe/Berlin")
    out, problems = filled(text, Day="2024-10-27T02:30")
    assert out["createdAt"] == 1729989000000
    assert [(each.code, each.column, each.field) for each in problems] == [("RS522", "Day", "createdAt")]


@pytest.mark.parametrize(
    ("field", "warned"), [("Day", ["RS509"]), ("{from: Day, do: [date: {timezone: Asia/Tokyo}]}", [])]
)
def test_a_zone_that_a_date_says_itself_is_one(field: str, warned: list[str]) -> None:
    text = mapped("").replace("createdAt: Day", f"createdAt: {field}").replace(", timezone: UTC", "")
    bound = bind(load(text, "map"), list(ROW), [(1, list(ROW.values()), "")])
    assert [each.code for each in bound.notes] == warned


@pytest.mark.parametrize(
    ("quantity", "cells", "told"),
    [
        ("Qty", {"Qty": ""}, [("items.price", "Qty")]),
        ("=1", {"Qty": ""}, [("items.price", "Qty")]),
        ("=1", {"Gross": ""}, [("items.price", "Gross")]),
        ("Qty", {"Gross": "", "Qty": ""}, [("items.price", "Gross"), ("items.quantity", "Qty")]),
        ("=1", {"Gross": "9"}, []),
    ],
)
def test_where_nothing_is_left_the_empty_column_is_told(
    tmp_path: Path, quantity: str, cells: dict[str, str], told: list[tuple[str, str]]
) -> None:
    text = f"""\
richsync: 1
order:
  orderId: Day
  amount: Net
  createdAt: ={DAY}
  items: {{id: Name, price: {{from: Gross, do: [divide_by: Qty]}}, quantity: {quantity}}}
customer: {{uid: Name}}
"""
    row = {"Day": "1", "Net": "1", "Name": "Tea", "Gross": "6", "Qty": "2"} | cells
    (found,) = read(tmp_path, f"{','.join(row)}\n{','.join(row.values())}\n", text)
    assert isinstance(found, Order | Reject)
    assert [(each.field, each.column) for each in found.problems] == told
