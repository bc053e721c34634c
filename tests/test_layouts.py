"""Where line items and shipments come from: each layout on an export in the form of a real one."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.errors import BadMapError
from richsync.events import express
from richsync.fieldmaps import load
from richsync.fieldmaps.celltexts import FORMS, Members
from richsync.fieldmaps.layouts import LAYOUTS, WORDS
from richsync.model import Mistake, Order, Problem, Reject
from richsync.schema import PROPERTIES, Kind
from tests.readme import table
from tests.small import DAY, brief, read, source, surveyed

_BLOCKS = ",".join(
    f"Product Item {n} {name}" for n in (1, 2, 10) for name in ("Name", "id", "SKU", "Quantity", "Price")
)
WEBTOFFEE = f"""\
order_id,order_date,order_total,order_currency,customer_email,line_item_1,{_BLOCKS}
812,2024-03-05 11:00:00,41.50,EUR,lena@shop.example,name:Oak bowl,\
Oak bowl,31,OB-1,1,24.50,Felt mat,32,,2,8.50,,,,,
813,2024-03-06 11:00:00,8.50,EUR,mia@shop.example,,,,,,,,,,,,Felt mat,32,,1,8.50
"""
WEBTOFFEE_MAP = """\
richsync: 1
export: {timezone: Europe/Berlin}
order:
  orderId: order_id
  amount: order_total
  currency: order_currency
  createdAt: order_date
  items:
    repeat: "Product Item {n} Name"
    id: "Product Item {n} id"
    name: "{Product Item {n} Name} ({order_currency})"
    sku: Product item {n} SKU
    price: "Product Item {n} Price"
    quantity: "Product Item {n} Quantity"
customer: {email: customer_email}
"""


def mapped(items: str, order: str = "") -> str:
    """A map of `order`, `total`, `date` and `mail`, with a list of its own."""
    return (
        "richsync: 1\nexport: {timezone: UTC}\norder:\n  orderId: order\n  amount: total\n  createdAt: date\n"
        f"  items: {items}\n{order}customer: {{email: mail}}\n"
    )


def export(**cells: str) -> str:
    """A table with one good order and further columns."""
    row = {"order": "1", "total": "9.50", "date": DAY, "mail": "a@b.co", **cells}
    return "".join(
        ",".join('"' + each.replace('"', '""') + '"' for each in line) + "\n" for line in (row, row.values())
    )


def events(folder: Path, text: str, field_map: str, name: str = "orders.csv") -> list[dict[str, Any]]:
    found = read(folder, text, field_map, name)
    orders = [each for each in found if isinstance(each, Order)]
    assert orders == found
    return [json.loads(express(each).body) for each in orders]


def items(folder: Path, text: str, field_map: str, name: str = "orders.csv") -> list[list[dict[str, Any]]]:
    return [each["properties"]["items"] for each in events(folder, text, field_map, name)]


def refused(folder: Path, text: str, field_map: str, name: str = "orders.csv") -> list[Mistake]:
    with pytest.raises(BadMapError) as error:
        read(folder, text, field_map, name)
    return list(error.value.mistakes)


def problems(folder: Path, text: str, field_map: str) -> list[tuple[str, str, str, str]]:
    (found,) = read(folder, text, field_map)
    assert isinstance(found, Reject)
    return [(each.code, each.column, each.field, each.value) for each in found.problems]


# numbered columns


def test_numbered_columns_make_an_item_a_block(tmp_path: Path) -> None:
    first, second = events(tmp_path, WEBTOFFEE, WEBTOFFEE_MAP)
    assert first == {
        "event": "order",
        "properties": {
            "orderId": "812",
            "orderDbKey": "812",
            "amount": 41.5,
            "currency": "EUR",
            "createdAt": 1709632800000,
            "email": "lena@shop.example",
            "items": [
                {"id": "31", "name": "Oak bowl (EUR)", "price": 24.5, "quantity": 1, "sku": "OB-1"},
                {"id": "32", "name": "Felt mat (EUR)", "price": 8.5, "quantity": 2},
            ],
        },
        "userProperties": {"uid": "lena@shop.example", "email": "lena@shop.example"},
        "time": {"sentAt": 1709632800000},
    }
    assert second["properties"]["items"] == [
        {"id": "32", "name": "Felt mat (EUR)", "price": 8.5, "quantity": 1}
    ]


NUMBERED = '{repeat: "item_{n}", sku: "item_{n}", price: "price_{n}", quantity: "qty_{n}"}'


@pytest.mark.parametrize(
    ("columns", "skus"),
    [
        ({"item_0": "A", "price_0": "1", "qty_0": "1", "item_1": "B", "price_1": "1", "qty_1": "1"}, "AB"),
        ({"item_10": "B", "price_10": "1", "qty_10": "1", "ITEM_2": "A", "price_2": "1", "qty_2": "1"}, "AB"),
        ({"item_01": "A", "price_01": "1", "qty_01": "1"}, "A"),
        ({"item_1": "", "price_1": "", "qty_1": "", "item_2": "B", "price_2": "1", "qty_2": "1"}, "B"),
        ({"item_1": "A", "price_1": "1", "qty_1": "1", "item_x": "", "price_x": "", "qty_x": ""}, "A"),
    ],
)
def test_numbers_begin_anywhere_and_an_empty_block_hides_no_other(
    tmp_path: Path, columns: dict[str, str], skus: str
) -> None:
    (found,) = items(tmp_path, export(**columns), mapped(NUMBERED))
    assert "".join(each["sku"] for each in found) == skus


def test_a_column_that_only_some_blocks_have_is_empty_in_the_others(tmp_path: Path) -> None:
    text = export(item_1="A", price_1="1", qty_1="1", note_1="x", item_2="B", price_2="2", qty_2="1")
    listed = NUMBERED.replace(
        "quantity", 'url: "note_{n}", name: "{item_{n}}: {note_{n}|none}", imageURL: "{note_{n}}!", quantity'
    )
    (found,) = items(tmp_path, text, mapped(listed))
    assert [(each.get("url"), each["name"], each.get("imageURL")) for each in found] == [
        ("x", "A: x", ["x!"]),
        (None, "B: none", None),
    ]


def test_every_finding_of_a_block_names_its_own_column_and_once(tmp_path: Path) -> None:
    assert problems(tmp_path, export(**columns(("A", "x", "1"), ("B", "#REF!", ""))), mapped(NUMBERED)) == [
        ("RS513", "price_2", "items.price", "#REF!"),
        ("RS501", "price_1", "items.price", "x"),
        ("RS401", "qty_2", "items.quantity", ""),
    ]


def test_what_is_said_of_all_blocks_names_their_columns_as_the_map_does(tmp_path: Path) -> None:
    asked = source(tmp_path, export(**columns(("NULL", "1", "1"), ("-", "1", "1"))), mapped(NUMBERED))
    survey, _ = surveyed(asked)
    assert [each.problem.column for each in survey.findings if each.problem.code == "RS406"] == ["item_{n}"]


def columns(*blocks: tuple[str, str, str]) -> dict[str, str]:
    return {
        f"{name}_{n}": cell
        for n, block in enumerate(blocks, start=1)
        for name, cell in zip(("item", "price", "qty"), block, strict=True)
    }


def test_what_is_in_a_block_is_numbered_with_it(tmp_path: Path) -> None:
    shipments = (
        '  fulfillment: {repeat: "parcel_{n}", id: "parcel_{n}", where: {"parcel_{n}": filled},'
        ' tracking: {trackingNumber: "parcel_{n}", trackingUrl: {from: "url_{n}", do: [lower]}},'
        ' items: {cell: "held_{n}", as: json, id: s, name: s, price: p, quantity: q}}\n'
    )
    held = '[{"s": "A", "p": 1, "q": 1}]'
    text = export(
        **columns(("A", "1", "1")),
        parcel_1="1Z1",
        url_1="HTTP://X",
        held_1=held,
        parcel_2="",
        url_2="",
        held_2="",
    )
    (event,) = events(tmp_path, text, mapped(NUMBERED, shipments))
    assert event["properties"]["fulfillment"] == [
        {
            "id": "1Z1",
            "tracking": [{"trackingNumber": "1Z1", "trackingUrl": "http://x"}],
            "items": [{"id": "A", "name": "A", "price": 1, "quantity": 1}],
        }
    ]


SHIPPED = '  fulfillment: {repeat: "parcel_{n}", id: "parcel_{n}", items: %s}\n'
HELD = [{"id": "A", "name": "A", "price": 1, "quantity": 2}]


@pytest.mark.parametrize(
    "held",
    [
        '{path: "held_{n}", id: s, name: s, price: p, quantity: q}',
        '{cell: "held_{n}", as: json, id: s, name: s, price: p, quantity: q}',
    ],
)
def test_a_path_needs_json_in_a_block_too(tmp_path: Path, held: str) -> None:
    line = json.dumps([{"s": "A", "p": 1, "q": 2}])
    text = export(**columns(("A", "1", "1")), parcel_1="1Z1", held_1=line)
    if "path" in held:
        (mistake,) = refused(tmp_path, text, mapped(NUMBERED, SHIPPED % held))
        assert mistake.message == "path: needs JSON, and this export is a table"
    else:
        (event,) = events(tmp_path, text, mapped(NUMBERED, SHIPPED % held))
        assert event["properties"]["fulfillment"] == [{"id": "1Z1", "items": HELD}]


def test_products_as_columns_can_stand_in_a_block(tmp_path: Path) -> None:
    held = "{columns: 'Box (?P<name>.+)', id: name, name: name, price: =1, quantity: $cell}"
    text = export(**columns(("A", "1", "1")), parcel_1="1Z1", **{"Box A": "2", "Box B": ""})
    (event,) = events(tmp_path, text, mapped(NUMBERED, SHIPPED % held))
    assert event["properties"]["fulfillment"] == [{"id": "1Z1", "items": HELD}]


def test_numbered_columns_can_stand_in_products_as_columns(tmp_path: Path) -> None:
    parcels = '  fulfillment: {columns: "Parcel (?P<id>.+)", id: id, items: %s}\n'
    held = NUMBERED.replace('sku: "item_{n}"', 'id: "item_{n}", name: "item_{n}"')
    text = export(**columns(("A", "1", "2")), **{"Parcel X": "sent", "Parcel Y": ""})
    (event,) = events(tmp_path, text, mapped(NUMBERED, parcels % held))
    assert event["properties"]["fulfillment"] == [{"id": "X", "items": HELD}]


def test_verbs_name_columns_of_their_own_block(tmp_path: Path) -> None:
    listed = (
        '{repeat: "item_{n}", sku: {from: "item_{n}", do: [replace: ["{n}", ""]]}, quantity: "qty_{n}",'
        ' price: {from: "price_{n}", do: [divide_by: "qty_{n}"]}}'
    )
    (found,) = items(tmp_path, export(**columns(("A", "9.00", "2"), ("2B", "3.00", "3"))), mapped(listed))
    assert [(each["sku"], each["price"], each["quantity"]) for each in found] == [("A", 4.5, 2), ("2B", 1, 3)]


def test_a_numbered_column_that_no_block_has_is_told_once(tmp_path: Path) -> None:
    text = export(**columns(("A", "1", "1"), ("B", "1", "1")))
    listed = NUMBERED.replace("price_{n}", "prise_{n}")
    (mistake,) = refused(tmp_path, text, mapped(listed))
    assert (mistake.code, mistake.message) == ("RS303", "the export has no column 'prise_{n}'")
    (mistake,) = refused(
        tmp_path, export(), mapped('{repeat: "item_{n}", sku: order, price: total, quantity: total}')
    )
    assert (mistake.code, mistake.message) == ("RS303", "the export has no column 'item_{n}'")


# products as columns


def test_products_as_columns_make_an_item_of_each_filled_cell(tmp_path: Path) -> None:
    text = (
        "Timestamp,How many Crate 12A?,How many Crate 30,Contact,Email,Total,How many Crate 12A\n"
        "3/4/2024 10:00:00,2,,Ann Lee,ann@shop.example,30.00,\n"
        '3/5/2024 10:00:00,,1,"Bo\nRay",bo@shop.example,15.00,3\n'
    )
    field_map = r"""
richsync: 1
export: {dates: "%m/%d/%Y %H:%M:%S", timezone: UTC}
order:
  orderId: "{Email} {Timestamp}"
  amount: Total
  createdAt: Timestamp
  items:
    columns: 'How many (?P<name>.+?)\??'
    id: {from: name, do: [lower]}
    name: "{name} for {Contact}"
    optionId: "box {name}"
    price: =0
    quantity: $cell
customer: {email: Email}
"""
    first, second = items(tmp_path, text, field_map)
    assert first == [
        {
            "id": "crate 12a",
            "name": "Crate 12A for Ann Lee",
            "price": 0,
            "quantity": 2,
            "optionId": "box Crate 12A",
        }
    ]
    assert [(each["id"], each["quantity"]) for each in second] == [("crate 30", 1), ("crate 12a", 3)]


def test_a_cell_that_a_verb_empties_holds_no_item(tmp_path: Path) -> None:
    listed = '{columns: "Box (?P<id>.+)", id: id, price: =1, quantity: $cell, where: {$cell: [filled]}}'
    text = export(**{"Box A": "-", "Box B": "2"})
    field_map = mapped(listed).replace("timezone: UTC", 'timezone: UTC, empty: "-"')
    assert items(tmp_path, text, field_map) == [[{"id": "B", "price": 1, "quantity": 2}]]


# JSON in a cell

IN_JSON = "{cell: items, as: json, id: sku, name: title, price: cost.net, quantity: qty}"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (
            '[{"sku":"007","title":"هدية","cost":{"net":12.50},"qty":1},{"sku":8,"cost":{"net":"3"},"qty":"2"}]',
            [
                {"id": "007", "name": "هدية", "price": 12.5, "quantity": 1},
                {"id": "8", "price": 3, "quantity": 2},
            ],
        ),
        (
            '{"sku": "A", "cost": {"net": 1}, "qty": 1, "extra": [{}]}',
            [{"id": "A", "price": 1, "quantity": 1}],
        ),
    ],
)
def test_json_in_a_cell_holds_the_items(tmp_path: Path, cell: str, expected: list[dict[str, Any]]) -> None:
    text = (
        export(items=cell)
        + export(order="2", items='[{"sku":"B","title":"T","cost":{"net":1},"qty":1}]').split("\n")[1]
    )
    assert items(tmp_path, text, mapped(IN_JSON))[0] == expected


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ('[{"sku": "A"', [("RS310", "items", "items", "")]),
        ("2x Tea", [("RS310", "items", "items", "")]),
        ('["Tea"]', [("RS310", "items", "items", "")]),
        ('{"sku": "A", "sku": "B"}', [("RS310", "items", "items", "")]),
        (r'[{"sku": "A\u0000", "cost": {"net": 1}, "qty": 1}]', [("RS108", "items", "items", "")]),
        ('[{"sku": "A", "cost": {"net": "x"}, "qty": 1}]', [("RS501", "items", "items.price", "x")]),
        ('[{"sku": "A", "cost": {"net": 1}}]', [("RS401", "items", "items.quantity", "")]),
        ("[]", [("RS402", "", "items", "")]),
        ("", [("RS402", "", "items", "")]),
    ],
)
def test_what_is_wrong_in_a_cell_is_told_at_the_cell(
    tmp_path: Path, cell: str, told: list[tuple[str, str, str, str]]
) -> None:
    assert problems(tmp_path, export(items=cell), mapped(IN_JSON)) == told


def test_a_text_of_json_may_stand_in_json_too(tmp_path: Path) -> None:
    order = {"order": 1, "total": 2, "date": DAY, "mail": "a@b.co"}
    line = {"sku": "A", "cost": {"net": 1}, "qty": 1}
    text = "".join(
        json.dumps({**order, "order": n, "items": held}) + "\n"
        for n, held in enumerate((json.dumps([line]), [line]), start=1)
    )
    assert items(tmp_path, text, mapped(IN_JSON), "o.jsonl") == [[{"id": "A", "price": 1, "quantity": 1}]] * 2


@pytest.mark.parametrize(("depth", "kind"), [(900, list), (100_000, Problem)])
def test_json_in_a_cell_may_be_nested_deeply(depth: int, kind: type) -> None:
    read_cell, _ = FORMS["json"].make({})
    assert isinstance(read_cell('[{"a": ' + "[" * depth + '"\\n"' + "]" * depth + "}]"), kind)


def test_a_misspelt_name_in_a_cell_is_a_mistake_of_the_map(tmp_path: Path) -> None:
    cell = '[{"sku": "A", "title": "T", "cost": {"net": 1}, "qty": 1}]'
    (mistake,) = refused(tmp_path, export(items=cell), mapped(IN_JSON.replace("title", "titel")))
    assert (mistake.code, mistake.help) == ("RS303", "did you mean 'title'?")
    found = refused(tmp_path, export(items=cell), mapped(IN_JSON.replace("cell: items", "cell: itemz")))
    assert [(each.code, each.help) for each in found] == [("RS303", "did you mean 'items'?")]


# pairs in a cell

DETAILS = (
    "Product ID: 61, Product Qty: 1, Product SKU: , Product Name: Salt, fine | 4 Pack, "
    "Product Weight: 0.8000, Product Variation Details: Size: S (4), Colour: Red, Product Unit Price: 48.99, "
    "Product Total Price: 48.99"
    "|Product ID: 62, Product Qty: 3, Product SKU: K-2, Product Name: Knife &#039;5&#039;, "
    "Product Unit Price: 6.00, Peachtree Tax Type: "
)
BIGCOMMERCE = """{cell: Product Details, as: pairs, split_before: "Product ID:",
    between: '/, (?=Product |Peachtree )/', id: Product ID, sku: Product SKU, quantity: Product Qty,
    name: Product Name, price: Product Unit Price, custom: {options: Product Variation Details}}"""


@pytest.mark.parametrize("between", ["|", "", "\n", " | "])
def test_pairs_in_a_cell_as_bigcommerce_writes_them(tmp_path: Path, between: str) -> None:
    text = export(**{"Product Details": DETAILS.replace("|Product", f"{between}Product")})
    assert items(tmp_path, text, mapped(BIGCOMMERCE)) == [
        [
            {"id": "61", "name": "Salt, fine | 4 Pack", "price": 48.99, "quantity": 1}
            | {"options": "Size: S (4), Colour: Red"},
            {"id": "62", "name": "Knife &#039;5&#039;", "price": 6, "quantity": 3, "sku": "K-2"},
        ]
    ]


def test_pairs_in_a_cell_as_a_woocommerce_exporter_writes_them(tmp_path: Path) -> None:
    cell = (
        r"id:368|name:Membership: Gold|Plus|product_id:2898|sku:|quantity:1|total:500.00"
        r"|meta:Address=1 Way\, Morley"
        ";id:369|name:Tea; green|product_id:11|sku:T|quantity:2|total:8.00|meta:"
    )
    listed = """{cell: line_items, as: pairs, split_before: "id:", between: "|", pair: ":",
        id: product_id, optionId: id, sku: sku, name: name, price: total, quantity: quantity}"""
    assert items(tmp_path, export(line_items=cell), mapped(listed)) == [
        [
            {"id": "2898", "name": "Membership: Gold|Plus", "price": 500, "quantity": 1, "optionId": "368"},
            {"id": "11", "name": "Tea; green", "price": 8, "quantity": 2, "optionId": "369", "sku": "T"},
        ]
    ]


PAIRS = "{cell: held, as: pairs, sku: SKU, price: Price, quantity: Qty%s}"


@pytest.mark.parametrize(
    ("cell", "settings", "skus"),
    [
        ("SKU: A, Price: 1, Qty: 1", "", ["A"]),
        ("SKU: A, b, Price: 1, Qty: 1", "", ["A, b"]),
        ("SKU: A, Price: 1, Qty: 1; SKU: B, Price: 1, Qty: 1;", ', split: ";"', ["A", "B"]),
        ("SKU: A;x, Price: 1, Qty: 1;SKU: B, Price: 1, Qty: 1", ', split: "/;(?=SKU)/"', ["A;x", "B"]),
        ("SKU=A Price=1 Qty=1 / SKU=B Price=1 Qty=1", ', split: " / ", between: " ", pair: "="', ["A", "B"]),
        ("SKU:A\nPrice:1\nQty:1", ', between: "\\n", pair: ":"', ["A"]),
    ],
)
def test_pairs_are_cut_as_the_map_says(tmp_path: Path, cell: str, settings: str, skus: list[str]) -> None:
    (found,) = items(tmp_path, export(held=cell), mapped(PAIRS % settings))
    assert [each["sku"] for each in found] == skus


@pytest.mark.parametrize(
    ("cell", "settings", "value"),
    [
        ("Tea", "", "Tea"),
        (
            "SKU: A, Price: 1, Qty: 1, SKU: B, Price: 1, Qty: 1",
            "",
            "SKU: A, Price: 1, Qty: 1, SKU: B, Price: 1, Qty: 1",
        ),
        ("Free gift SKU: A, Price: 1, Qty: 1", ', split_before: "SKU:"', "Free gift"),
        ("SKU: A, Price: 1, Qty: 1; Tea", ', split: ";"', "Tea"),
        (": A, Price: 1", "", ": A"),
    ],
)
def test_what_is_no_pair_is_told_and_nothing_is_dropped(
    tmp_path: Path, cell: str, settings: str, value: str
) -> None:
    assert problems(tmp_path, export(held=cell), mapped(PAIRS % settings)) == [
        ("RS310", "held", "items", value)
    ]


# texts that fit a pattern

TRAILING = r"(?P<name>.+) x (?P<quantity>\d+)"
LEADING = r"(?P<quantity>\d+)x (?P<name>[^(|]+)(?:\((?P<price>\d+) DA\))?"
TIMES = "{cell: Details, as: pattern, pattern: '%s', id: name, name: name, price: =0, quantity: quantity%s}"


@pytest.mark.parametrize(
    ("cell", "pattern", "split", "expected"),
    [
        ("Oak Mug x 1, Fern Print x 2", TRAILING, ', split: ", "', [("Oak Mug", 1), ("Fern Print", 2)]),
        ("Mug, b x 1, Print x 2", TRAILING, r', split: "/(?<= x \\d+), /"', [("Mug, b", 1), ("Print", 2)]),
        ("2x Attar (2000 DA) | 1x Oud", LEADING, "", [("Attar", 2), ("Oud", 1)]),
        ("عطر + شمعات", "(?P<name>[^+]+)(?P<quantity>)", "", [("عطر", 1), ("شمعات", 1)]),
    ],
)
def test_texts_in_a_cell_fit_a_pattern(
    tmp_path: Path, cell: str, pattern: str, split: str, expected: list[tuple[str, int]]
) -> None:
    listed = (TIMES % (pattern, split)).replace(
        "quantity: quantity", "quantity: {from: quantity, default: 1}"
    )
    (found,) = items(tmp_path, export(Details=cell), mapped(listed))
    assert [(each["name"], each["quantity"]) for each in found] == expected


@pytest.mark.parametrize("split", ["", ', split: ", "'])
@pytest.mark.parametrize("cell", ["2x Tea, Custom Amount", "Custom Amount, 2x Tea", "Custom Amount"])
def test_an_item_that_does_not_fit_is_told(tmp_path: Path, cell: str, split: str) -> None:
    listed = TIMES % (r"(?P<quantity>\d+)x (?P<name>\w+)", split)
    assert problems(tmp_path, export(Details=cell), mapped(listed)) == [
        ("RS310", "Details", "items", "Custom Amount")
    ]


@pytest.mark.parametrize(
    "settings",
    [
        {"pattern": "(?P<a>(x|x)*$)"},
        {"pattern": "(?P<a>(x|x)*$)", "split": ";"},
        {"pattern": "(?P<a>.+)", "split": "/(x|x)*$/"},
    ],
)
def test_a_pattern_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]) -> None:
    monkeypatch.setattr("richsync.patterns._SECONDS", 0.02)
    read_cell, _ = FORMS["pattern"].make(settings)
    found = read_cell("x" * 60 + "!")
    assert isinstance(found, Problem)
    assert found.code == "RS308"
    found = FORMS["pairs"].make({"between": "/(x|x)*$/"})[0]("x" * 60 + "!")
    assert isinstance(found, Problem)
    assert found.code == "RS308"


@pytest.mark.parametrize(
    "settings",
    [("pattern", {"pattern": "(?P<a>.)"}), ("pattern", {"pattern": "(?P<a>.)", "split": ";"}), ("pairs", {})],
)
def test_a_list_is_no_text(settings: tuple[str, dict[str, str]]) -> None:
    form, said = settings
    assert FORMS[form].make(said)[0]([{"a": 1}]) == Problem("RS310", note="an object or a list")


NAMES = st.text("abcXYZ _", min_size=1, max_size=5).map(str.strip).filter(bool)
VALUES = st.text("abc1 ,:|;é", max_size=8).map(str.strip)


@given(st.lists(st.dictionaries(NAMES, VALUES, min_size=1, max_size=4), max_size=4))
def test_pairs_lose_nothing(members: Members) -> None:
    assert isinstance(members, list)
    cell = "\n".join("\t".join(f"{name}={value}" for name, value in each.items()) for each in members)
    read_cell, _ = FORMS["pairs"].make({"split": "\n", "between": "\t", "pair": "="})
    assert read_cell(cell) == members


@given(st.text("2x Tea,;", max_size=30))
def test_every_letter_of_a_cell_is_an_item_or_a_problem(cell: str) -> None:
    read_cell, _ = FORMS["pattern"].make({"pattern": r"(?P<quantity>\d+)x (?P<name>\w+)"})
    found = read_cell(cell)
    if isinstance(found, list):
        taken = sum(len(each["quantity"]) + len(each["name"]) + len("x") for each in found)
        assert taken == len(cell.translate(str.maketrans("", "", " ,;")))


# where, and the columns of the order


def test_members_that_the_map_leaves_out_are_no_items(tmp_path: Path) -> None:
    lines = [
        {"sku": "SET", "type": "bundle", "price": "9.00", "qty": 1, "parent": None},
        {"sku": "SET", "type": "simple", "price": "0", "qty": 1, "parent": 7},
        {"sku": "OLD", "type": "simple", "price": "5", "qty": 0, "parent": None},
    ]
    order = {"order": 1, "total": 9, "date": DAY, "mail": "a@b.co", "lines": lines}
    listed = '{path: lines, where: {parent: empty, qty: ["1", "2"]}, sku: sku, price: price, quantity: qty}'
    assert items(tmp_path, json.dumps(order) + "\n", mapped(listed), "o.jsonl") == [
        [{"id": "SET", "price": 9, "quantity": 1, "sku": "SET"}]
    ]


def test_rows_can_be_left_out_of_the_items_and_still_are_of_the_order(tmp_path: Path) -> None:
    listed = "{where: {type: [line, gift], sku: filled}, sku: sku, price: =1, quantity: =1}"
    rows = [
        export(type=kind, sku=sku).split("\n")[1] for kind, sku in (("line", "A"), ("fee", "F"), ("gift", ""))
    ]
    text = "\n".join((export(type="", sku="").split("\n")[0], *rows, ""))
    field_map = mapped(listed).replace("timezone: UTC", "timezone: UTC, group: order")
    (found,) = read(tmp_path, text, field_map)
    assert brief(found) == "order 1 @2 x3"
    assert isinstance(found, Order)
    assert [each["sku"] for each in found.properties["items"]] == ["A"]


def test_a_member_can_name_columns_of_its_order(tmp_path: Path) -> None:
    listed = (
        '{cell: held, as: json, id: "{$order.order}-{sku}", price: p, quantity: q,'
        " custom: {currency: $order.Currency}}"
    )
    text = export(Currency="EUR", held='[{"sku": "A", "p": 1, "q": 1}, {"sku": "B", "p": 2, "q": 1}]')
    assert items(tmp_path, text, mapped(listed)) == [
        [
            {"id": "1-A", "price": 1, "quantity": 1, "currency": "EUR"},
            {"id": "1-B", "price": 2, "quantity": 1, "currency": "EUR"},
        ]
    ]
    (mistake,) = refused(tmp_path, text, mapped(listed.replace("$order.Currency", "$order.Curency")))
    assert (mistake.message, mistake.help) == (
        "the export has no column 'Curency'",
        "did you mean 'Currency'?",
    )


def test_a_bad_value_of_the_order_in_a_member_is_told_at_its_column(tmp_path: Path) -> None:
    listed = "{cell: held, as: json, id: sku, price: $order.each, quantity: q}"
    text = export(each="x", held='[{"sku": "A", "q": 1}]')
    assert problems(tmp_path, text, mapped(listed)) == [("RS501", "each", "items.price", "x")]


def test_a_list_in_a_list_can_name_columns_of_the_order(tmp_path: Path) -> None:
    shipments = (
        "  fulfillment: {path: sent, id: $order.order,"
        " items: {path: held, id: s, name: s, price: p, quantity: q},"
        " tracking: {cell: numbers, as: pattern, split: '|', pattern: '(?P<by>\\w+):(?P<number>\\w+)',"
        " trackingNumber: number, trackingCompany: by, trackingUrl: '{$order.site}/{number}'}}\n"
    )
    line = {"s": "A", "p": 1, "q": 1}
    order = {
        "order": 1,
        "total": 9,
        "date": DAY,
        "mail": "a@b.co",
        "site": "https://t.example",
        "lines": [line],
    }
    order["sent"] = [{"held": [line], "numbers": "auspost:ABC|dhl:DEF"}]
    listed = "{path: lines, id: s, price: p, quantity: q}"
    (event,) = events(tmp_path, json.dumps(order) + "\n", mapped(listed, shipments), "o.jsonl")
    assert event["properties"]["fulfillment"] == [
        {
            "id": "1",
            "tracking": [
                {
                    "trackingNumber": "ABC",
                    "trackingCompany": "auspost",
                    "trackingUrl": "https://t.example/ABC",
                },
                {"trackingNumber": "DEF", "trackingCompany": "dhl", "trackingUrl": "https://t.example/DEF"},
            ],
            "items": [{"id": "A", "name": "A", "price": 1, "quantity": 1}],
        }
    ]


# mistakes in the map

ONE_NUMBER = "{n} stands once in it, where the columns have their number"
TWO_WAYS = "split: and split_before: are two ways to say one thing: keep one"
NO_GROUPS = r"the pattern names no groups: `(?P<quantity>\d+)x (?P<name>.+)`"
GOOD = {"sku": "sku", "price": "p", "quantity": "q"}


@pytest.mark.parametrize(
    ("words", "code", "message", "help_text"),
    [
        ("repeat: Item", "RS301", ONE_NUMBER, '`repeat: "Item {n} Name"`'),
        ('repeat: "{n} of {n}"', "RS301", ONE_NUMBER, '`repeat: "Item {n} Name"`'),
        ('repeat: ""', "RS301", "a text is needed here", ""),
        ("path: [a]", "RS301", "a text is needed here", ""),
        ('columns: ""', "RS301", "a text is needed here", ""),
        ('columns: "How (many"', "RS308", "'How (many' is not a pattern: missing ) at position 9", ""),
        ("path: a, cell: b", "RS301", "path: and cell: are two places: name one", ""),
        ("cell: a", "RS301", "as: says how the cell is written", "one of json, pairs, pattern"),
        ("cell: a, as: jsn", "RS301", "a cell has no form 'jsn'", "did you mean 'json'?"),
        ("cell: a, as: json, split: ';'", "RS301", "split: says nothing of a cell as json", ""),
        ("cell: a, as: pairs, split: ';', split_before: b", "RS308", TWO_WAYS, ""),
        ("cell: a, as: pairs, pair: ''", "RS301", "a text is needed here", ""),
        ("cell: a, as: pairs, between: '/(/'", "RS308", "'(' is not a pattern: missing ) at position 1", ""),
        ("cell: a, as: pattern", "RS308", "a pattern has 1 to 1000 characters", ""),
        ("cell: a, as: pattern, pattern: 'a+'", "RS308", NO_GROUPS, ""),
        ("as: json", "RS301", "as: says nothing here", "it belongs to cell:"),
        ("where: x", "RS301", "where: is a list of `column: value` lines", ""),
        ("repeet: x", "RS302", "'repeet' is not a field under items:", "did you mean 'repeat'?"),
    ],
)  # fmt: skip
def test_a_layout_said_wrong_is_told_once(words: str, code: str, message: str, help_text: str) -> None:
    fields = ", ".join(f"{name}: {column}" for name, column in GOOD.items())
    with pytest.raises(BadMapError) as error:
        load(mapped(f"{{{words}, {fields}}}"), "map")
    (mistake,) = error.value.mistakes
    assert (mistake.code, mistake.line, mistake.message) == (code, 7, message)
    assert mistake.help == help_text or code == "RS302"


def test_numbers_stand_in_one_list_only() -> None:
    inner = '{repeat: "f_{n}", id: "f_{n}", items: {repeat: "i_{n}", id: a, name: a, price: b, quantity: c}}'
    with pytest.raises(BadMapError) as error:
        load(mapped("{sku: a, price: b, quantity: c}", f"  fulfillment: {inner}\n"), "map")
    assert [each.message for each in error.value.mistakes] == [
        "repeat: inside repeat: would take the same numbers"
    ]


@pytest.mark.parametrize("words", ['repeat: "i_{n}"', 'columns: "i(?P<n>.)"'])
def test_layouts_of_columns_need_a_table(tmp_path: Path, words: str) -> None:
    text = json.dumps({"order": 1, "total": 9, "date": DAY, "mail": "a@b.co"}) + "\n"
    (mistake,) = refused(tmp_path, text, mapped(f"{{{words}, sku: a, price: b, quantity: c}}"), "o.jsonl")
    assert mistake.message.endswith("needs a table, and this export is JSON")


def test_columns_that_no_name_fits_are_a_mistake(tmp_path: Path) -> None:
    (mistake,) = refused(
        tmp_path, export(), mapped('{columns: "Box (?P<id>.+)", id: id, price: =1, quantity: $cell}')
    )
    assert (mistake.code, mistake.help) == ("RS303", "the names are: order, total, date, mail")


def test_a_name_that_neither_the_pattern_nor_the_header_has_is_told_with_both(tmp_path: Path) -> None:
    listed = '{columns: "(?P<title>to).+", id: titel, price: =1, quantity: $cell}'
    (mistake,) = refused(tmp_path, export(), mapped(listed))
    assert mistake.message == "the export has no column 'titel'"
    assert mistake.help.startswith("of '(?P<title>to).+' there are 'title', '$cell'; ")


def test_a_group_that_a_pattern_does_not_have_is_a_mistake(tmp_path: Path) -> None:
    listed = (TIMES % (r"(?P<quantity>\d+)x (?P<name>.+)", "")).replace("id: name", "id: zzz")
    (mistake,) = refused(tmp_path, export(Details="2x Tea"), mapped(listed))
    assert (mistake.code, mistake.message) == ("RS303", "the members of 'Details' have no 'zzz'")


# the table of layouts


def test_no_word_of_a_layout_is_a_field() -> None:
    lists = [each for each in PROPERTIES if each.kind is Kind.LIST]
    lists += [part for each in lists for part in each.parts if part.kind is Kind.LIST]
    assert {part.name for each in lists for part in each.parts}.isdisjoint(WORDS)


def test_the_readme_shows_every_layout_as_it_is() -> None:
    assert table("layout") == [[f"`{each.example}`", each.doc] for each in LAYOUTS.values()]


@pytest.mark.parametrize("example", [each.example for each in LAYOUTS.values()])
def test_every_example_can_be_written(example: str) -> None:
    load(mapped(f"{{{example}, sku: a, price: b, quantity: c}}"), "map")
