"""Mistakes that are often made in a map, and whether what is said of them is enough to mend them."""

from pathlib import Path

import pytest

from richsync.errors import BadMapError
from richsync.fieldmaps.nearest import nearest
from tests.small import DAY, read, surveyed
from tests.small import source as source_of

HEADER = "No,Placed,Total,Mail,Product,Note # here"
ROW = f"1,{DAY},5,a@b.cc,Tea: green,"
MAP = """\
richsync: 1
order:
  orderId: No
  amount: Total
  createdAt: Placed
  items:
    name: Product
    price: Total
    quantity: =1
customer:
  email: Mail
"""
ITEMS = MAP[MAP.index("  items:") : MAP.index("customer:")]


def test_the_map_is_right(tmp_path: Path) -> None:
    assert len(read(tmp_path, f"{HEADER}\n{ROW}\n", MAP)) == 1


@pytest.mark.parametrize(
    ("before", "after", "line", "hint"),
    [
        ("  amount: Total", "\tamount: Total", 4, "indent with spaces, not with tabs"),
        ("  amount: Total", "   amount: Total", 4, "quote a text that holds a colon"),
        ("name: Product", "name: Tea: green", 7, "quote a text that holds a colon"),
        ("name: Product", "name: {Product}", 7, 'quote the text: "{Product}"'),
        ("name: Product", "name: {Product} {No}", 7, "quote a text that begins with a brace"),
        ("email: Mail", 'email: "Mail', 11, "the quote that opens here is not closed"),
        ("email: Mail", "email: @mail", 11, "quote a text that begins so"),
        ("email: Mail", "email: #Mail", 11, "what follows a # is a comment, unless it is quoted"),
        ("email: Mail", "email: Note # here", 11, 'quote the name, "Note # here"'),
        ("email: Mail", 'email: {from: Mail, do: [pattern: "\\d+"]}', 11, "in single quotes"),
        ("email: Mail", "email: {from: Mail, lower: true}", 11, "lower is a verb: `do: [lower]`"),
        ("amount: Total", 'amount: {from: Total, number: "1,5"}', 4, "number is a verb: `do: [number: …]`"),
        ("amount: Total", "currency: EUR\n  amount: Total", 4, "for the text EUR itself say `=EUR`"),
        ("amount: Total", "total: Total", 4, "the total of an order is `amount:`"),
        ("  items:", "  line_items:", 6, "the lines of an order are `items:`"),
        ("  items:", "  tracking: {}\n  items:", 6, "`fulfillment: {id: …, tracking:"),
        (ITEMS, "  items: Product\n", 6, "`items: {name: <column>, price: <column>, quantity: <column>}`"),
        (ITEMS, "  items:\n  - name: Product\n", 7, "without dashes: what is said once under items:"),
        ("customer:\n  email: Mail", "customer: Mail", 10, "`customer: {email: <column>}`"),
    ],
)
def test_what_is_said_of_a_mistake(tmp_path: Path, before: str, after: str, line: int, hint: str) -> None:
    with pytest.raises(BadMapError) as caught:
        read(tmp_path, f"{HEADER}\n{ROW}\n", MAP.replace(before, after, 1))
    told = [each for each in caught.value.mistakes if each.code != "RS305"]
    assert [each.line for each in told] == [line]
    assert hint in f"{told[0].message} {told[0].help}"


@pytest.mark.parametrize(
    ("name", "names", "meant"),
    [
        ("Item Nme", ["Item Name", "Item"], "Item Name"),
        ("OrderID", ["Order Id"], "Order Id"),
        ("Billing Zip", ["Shipping Zip", "Billing Zip Code"], "Billing Zip Code"),
        ("Billing Phone", ["Billing Name"], ""),
        ("Billing Address1", ["Shipping Address1"], ""),
        ("Billing Address2", ["Billing Address1"], ""),
        ("Billing Adress2", ["Billing Address1", "Billing Address2"], "Billing Address2"),
    ],
)
def test_a_name_is_near_if_it_may_be_a_slip_and_not_if_it_is_another(
    name: str, names: list[str], meant: str
) -> None:
    assert nearest(name, names) == (f"did you mean {meant!r}?" if meant else "")


@pytest.mark.parametrize(
    ("dates", "cell", "is_told"),
    [
        ("%d.%m.%Y %H:%M", "05.03.2024 10:00", True),
        ("%d.%m.%Y %H:%M %z", "05.03.2024 10:00 +0100", False),
        ("%d.%m.%Y %H:%M %Z", "05.03.2024 10:00 UTC", False),
        ("iso", "2024-03-05 10:00", True),
        ("epoch", "1709640000", False),
    ],
)
@pytest.mark.parametrize("source", ["Placed", '"{Placed}"', "{from: Placed, do: [date: '%s']}"])
def test_a_zone_that_is_missing_is_told_once(
    tmp_path: Path, dates: str, cell: str, source: str, is_told: bool
) -> None:
    written = source % dates if "%s" in source else source
    mapped = MAP.replace("createdAt: Placed", f"createdAt: {written}")
    mapped = mapped.replace("order:", f"export: {{dates: '{dates}'}}\norder:")
    export = f"{HEADER}\n{ROW.replace(DAY, cell)}\n"
    survey, _ = surveyed(source_of(tmp_path, export, mapped))
    told = [
        (each.problem.column, each.problem.value) for each in survey.findings if each.problem.code == "RS509"
    ]
    assert told == ([("Placed", cell)] if is_told else [])
    assert survey.is_sound
