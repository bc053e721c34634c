"""Rows of other files that records, and lines of lists, bring: `join:`."""

from pathlib import Path
from typing import Any

import pytest

from richsync.errors import BadMapError
from richsync.fieldmaps import load
from richsync.jsontext import dumps
from richsync.model import Order
from richsync.pipeline.readings import opened
from tests.small import DAY, brief, source, surveyed

ORDERS = "id,buyer,bill,ship,total\n1,7,70,71,30\n2,8,72,,12\n3,,,,5\n"
FILES = {
    "people.csv": f"id;mail;since\n7;anna@example.com;{DAY}\n 8 ;'+4512345678;#REF!\n9;x\x07@y.zz;\n",
    "places.csv": "id,street,country\n70,Main 1,1\n71,Side 2,1\n72,Rue 3,2\n72,Rue 4,2\n72,Rue 4,2\n",
    "countries.jsonl": '{"id": 1, "name": {"en": "Norway"}}\n{"id": 2, "name": {"en": "France"}}\n',
    "lines.csv": "order,product,price\n1,100,10\n1,101,20\n2,100,12\n3,102,5\n",
    "products.csv": "caption\nid;title;pack\n100;Tea;2\n101;Mug;1\n",
}
MAP = f"""\
richsync: 1
export:
  join:
    buyer: {{file: people.csv, match: {{id: buyer}}}}
    bill: {{file: places.csv, match: {{id: bill}}}}
    ship: {{file: places.csv, match: {{id: ship}}}}
    country: {{file: countries.jsonl, match: {{id: $bill.country}}}}
order:
  orderId: id
  amount: total
  createdAt: {{first_of: [$buyer.since, "={DAY}"]}}
  billingAddressLine1: $bill.street
  billingCountry: $country.name.en
  shippingAddressLine1: $ship.street
  items:
    file: lines.csv
    match: {{order: id}}
    join: {{product: {{file: {{name: products.csv, delimiter: ";"}}, match: {{id: product}}}}}}
    id: product
    name: {{first_of: ["{{$product.title}} of {{$buyer.mail}}", product]}}
    price: {{from: price, do: [divide_by: $product.pack]}}
    quantity: $product.pack
customer: {{uid: {{first_of: [$buyer.mail, "guest-{{id}}"]}}}}
"""


def write(folder: Path, **changed: str) -> None:
    for name, text in (FILES | {f"{name}.csv": text for name, text in changed.items()}).items():
        (folder / name).write_text(text, encoding="utf-8")


def found(folder: Path, export: str = ORDERS, mapped: str = MAP, name: str = "orders.csv") -> list[Any]:
    with opened(source(folder, export, mapped, name)) as reading:
        return list(reading.orders)


def test_records_and_lines_bring_rows_of_other_files(tmp_path: Path) -> None:
    write(tmp_path)
    first, second, third = found(tmp_path)
    properties = first.properties
    address = [properties[f"{each}AddressLine1"] for each in ("billing", "shipping")]
    assert (*address, properties["billingCountry"]) == ("Main 1", "Side 2", "Norway")
    assert first.customer == {"uid": "anna@example.com"}
    tea, mug = properties["items"]
    assert tea == {"id": "100", "name": "Tea of anna@example.com", "price": 5, "quantity": 2}
    assert mug["quantity"] == 1
    assert brief(second) == "reject 2 @3 x1: RS513 createdAt"
    assert second.problems[0].column == "$buyer.since"
    assert brief(third).startswith("reject 3 @4 x1: RS401 items.price")


def test_what_has_no_row_or_several_is_told_once_a_file(tmp_path: Path) -> None:
    write(tmp_path)
    survey, _ = surveyed(source(tmp_path, ORDERS, MAP))
    told = [(each.problem.column, each.message) for each in survey.findings if "RS71" in each.problem.code]
    assert told == [
        ("products.csv", "products.csv has no row for 1 value in the export: the fields from it are empty"),
        ("places.csv", "places.csv has several rows for 1 value (line 4 of it): the first of them is taken"),
    ]


def test_a_character_that_may_not_be_sent_is_told_at_its_column(tmp_path: Path) -> None:
    write(tmp_path)
    (only,) = found(tmp_path, "id,buyer,bill,ship,total\n1,9,70,70,30\n")
    assert brief(only) == "reject 1 @2 x1: RS108 items.name, RS108 items.name, RS108 customer.uid"


def test_only_the_rows_that_count_are_brought(tmp_path: Path) -> None:
    write(tmp_path, people=f"id;mail;since;kind\n7;old@b.cc;{DAY};was\n7;new@b.cc;{DAY};is\n")
    mapped = MAP.replace("{id: buyer}}", "{id: buyer}, where: {kind: is}}")
    assert found(tmp_path, mapped=mapped)[0].customer == {"uid": "new@b.cc"}


@pytest.mark.parametrize(
    "items",
    [
        "path: lines",
        "cell: packed, as: json",
        r"cell: text, as: pattern, pattern: '(?P<no>\d+)'",
    ],
)
def test_members_of_lists_bring_rows_too(tmp_path: Path, items: str) -> None:
    write(tmp_path)
    items = f"{items}, join: {{product: {{file: products.csv, match: {{id: no}}}}}}"
    lines = [{"no": 101}, {"no": 100}]
    order = {"id": 1, "lines": lines, "packed": dumps(lines).decode(), "text": "101, 100", "who": 7}
    mapped = f"""\
richsync: 1
export: {{join: {{buyer: {{file: people.csv, match: {{id: who}}}}}}}}
order:
  orderId: id
  amount: {{{items}, from: $product.pack, aggregate: sum}}
  createdAt: $buyer.since
  items: {{{items}, name: $product.title, price: =1, quantity: $product.pack}}
customer: {{email: $buyer.mail}}
"""
    (only,) = found(tmp_path, f"{dumps(order).decode()}\n", mapped, "orders.jsonl")
    assert isinstance(only, Order), only
    assert [each["name"] for each in only.properties["items"]] == ["Mug", "Tea"]
    assert only.properties["amount"] == 3


@pytest.mark.parametrize(
    "items",
    [
        'repeat: "No {n}", join: {at: {file: products.csv, match: {id: "No {n}"}}}, quantity: "Of {n}"',
        r"columns: '(?P<no>\d+) of', join: {at: {file: products.csv, match: {id: no}}}, quantity: $cell",
    ],
    ids=["repeat", "columns"],
)
def test_each_block_of_columns_brings_the_row_that_its_own_match(tmp_path: Path, items: str) -> None:
    """The joined row has the same name in every block; outside of the list the name is that of the record."""
    (tmp_path / "products.csv").write_text("id,title\n100,Tea\n101,Mug\n7,Anna\n", encoding="utf-8")
    export = "id,total,who,No 1,Of 1,No 2,Of 2,100 of,101 of\n1,9,7,101,1,100,2,2,1\n2,9,7,100,4,,,4,\n"
    mapped = f"""\
richsync: 1
export: {{join: {{at: {{file: products.csv, match: {{id: who}}}}}}}}
order:
  orderId: id
  amount: total
  createdAt: ={DAY}
  firstName: $at.title
  items: {{{items}, name: $at.title, price: =1}}
customer: {{uid: $at.title}}
"""
    made = found(tmp_path, export, mapped)
    assert all(isinstance(each, Order) for each in made), made
    lines = [{each["name"]: each["quantity"] for each in order.properties["items"]} for order in made]
    assert lines == [{"Mug": 1, "Tea": 2}, {"Tea": 4}]
    assert {(each.properties["firstName"], each.customer["uid"]) for each in made} == {("Anna", "Anna")}


@pytest.mark.parametrize(
    ("before", "after", "code", "message", "help_text"),
    [
        ("$bill.street", "$bil.street", "RS303", "nothing is joined as '$bil'", "did you mean '$bill'?"),
        ("$ship.street", "$x.street", "RS303", "nothing is joined as '$x'", "one of $buyer, $bill, $ship"),
        ("$bill.street", "$bill.sreet", "RS303", "the rows of 'places.csv' have no 'sreet'", "'street'"),
        ("{id: ship}", "{id: shp}", "RS303", "the export has no column 'shp'", "'ship'"),
        ("$product.title", "$product.name", "RS303", "the rows of 'products.csv' have no 'name'", "title"),
        ("{id: $bill.country}", "{no: bill}", "RS303", "countries.jsonl: none of the records", "match:"),
        ("{id: $bill.country}", "{idd: bill}", "RS303", "countries.jsonl: the records have no 'idd'", "'id'"),
        ("people.csv", "nobody.csv", "RS301", "there is no file 'nobody.csv' beside the map", "its name"),
    ],
)
def test_names_that_are_not_there(
    tmp_path: Path, before: str, after: str, code: str, message: str, help_text: str
) -> None:
    write(tmp_path)
    with pytest.raises(BadMapError) as caught:
        found(tmp_path, mapped=MAP.replace(before, after, 1))
    mistake = caught.value.mistakes[0]
    assert (mistake.code, mistake.message[: len(message)]) == (code, message)
    assert help_text in mistake.help


BUYER = "{file: people.csv, match: {id: buyer}}"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("    buyer: {", "    order: {", "'order' cannot name a joined row"),
        ("    buyer: {", "    my buyer: {", "'my buyer' cannot name a joined row"),
        (BUYER, "people.csv", "join: buyer is a list of `name: value` lines"),
        (BUYER, "{match: {id: buyer}}", "file: says which file the row is in"),
        (BUYER, "{file: people.csv}", "match: says which column of the file"),
        ("{name: products.csv, ", "{", "name: says which file"),
        ('delimiter: ";"', "delimiter: semicolon", "'semicolon' is not a delimiter"),
        ('delimiter: ";"', "timezone: UTC", "file: has no 'timezone'"),
        ("    file: lines.csv\n    match: {order: id}\n", "", "join: says nothing here"),
        ("  join:\n    buyer", "  join: [a]\n  x:\n    buyer", "join: is a list of"),
    ],
)  # fmt: skip
def test_a_join_said_wrong(before: str, after: str, message: str) -> None:
    mapped = MAP.replace(before, after, 1)
    assert mapped != MAP
    with pytest.raises(BadMapError) as caught:
        load(mapped, "map")
    assert any(each.message.startswith(message) for each in caught.value.mistakes)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("customer: {", "customer: {file: people.csv, match: {id: buyer}, "),
        ("amount: total", "amount: {file: people.csv, match: {id: buyer}, from: since}"),
        ("  amount: total", "  file: people.csv\n  amount: total"),
    ],
)
def test_who_says_file_where_one_row_is_meant_is_told_of_join(before: str, after: str) -> None:
    with pytest.raises(BadMapError) as caught:
        load(MAP.replace(before, after), "map")
    assert "`join:`" in caught.value.mistakes[0].help
