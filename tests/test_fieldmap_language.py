import re
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from richsync.cli.options import source_of
from richsync.errors import BadMapError, UnusableError
from richsync.fieldmaps import FieldMap, load
from richsync.fieldmaps.model import Column, Constant, Slot, Text
from richsync.model import Mistake, ReadAs
from richsync.schema import PROPERTIES
from richsync.values import NumberStyle
from richsync.verbs import VERBS

GOOD = """\
richsync: 1
export:
  numbers: "1.234,56"
order:
  orderId: Id
  amount: Total
  createdAt: Date
  items:
    sku: SKU
    price: Price
    quantity: Qty
customer:
  email: E-Mail
"""
AMOUNT = "  amount: Total"
NUMBERS = '  numbers: "1.234,56"'
ITEMS = "  items:\n    sku: SKU\n    price: Price\n    quantity: Qty"


class Said(NamedTuple):
    """A mistake that is expected: its place, and words of its message or help."""

    code: str
    line: int
    column: int
    words: str


def mistakes(text: str) -> list[Mistake]:
    with pytest.raises(BadMapError) as refused:
        load(text, "shop.map.yaml")
    assert refused.value.name == "shop.map.yaml"
    return list(refused.value.mistakes)


def assert_said(text: str, *expected: Said) -> None:
    found = mistakes(text)
    assert [(each.code, each.line, each.column) for each in found] == [each[:3] for each in expected], found
    for mistake, said in zip(found, expected, strict=True):
        assert said.words in f"{mistake.message}; {mistake.help}"


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


def test_the_good_map_is_good() -> None:
    field_map = load(GOOD, "shop.map.yaml")
    assert field_map.name == "shop.map.yaml"
    assert [mapped.path for mapped in field_map.order.fields] == [
        *("orderId", "orderDbKey", "amount", "createdAt", "email")
    ]
    assert field_map.derived == (
        "orderDbKey from orderId",
        "email from customer.email",
        "customer.uid from customer.email",
        "items.id from items.sku",
    )


# the file


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", Said("RS301", 1, 1, "the file is empty")),
        (" \n# only a comment\n", Said("RS301", 1, 1, "the file is empty")),
        ('""', Said("RS301", 1, 1, "the file is empty")),
        ("- a\n- b\n", Said("RS301", 1, 1, "not a list of `name: value` lines")),
        ("abc", Said("RS301", 1, 1, "start with `richsync: 1`")),
        (GOOD + "---\nrichsync: 1\n", Said("RS301", 14, 1, "a map is one document")),
        (changed("  orderId", "\torderId"), Said("RS301", 5, 1, "not YAML: found character '\\t'")),
        (changed("Total", "[a, b"), Said("RS301", 7, 12, "not YAML: expected ',' or ']'")),
        (changed("Total", "'a"), Said("RS301", 6, 11, "not YAML: found unexpected end of stream")),
        (changed("Total", "%d"), Said("RS301", 6, 11, "not YAML: found character '%'")),
        (changed("Total", '"\\xZZ"'), Said("RS301", 6, 14, "not YAML: expected escape sequence")),
        (changed("Total", '"\\UFFFFFFFF"'), Said("RS301", 1, 1, "not YAML")),
        (changed("Total", "a\x07"), Said("RS301", 1, 1, "not YAML: unacceptable character")),
        (changed("Total", "a\ud800"), Said("RS301", 1, 1, "not YAML: unacceptable character")),
        (changed("Total", '"a\\0"'), Said("RS301", 6, 11, "a control character (U+0000)")),
        (changed("Total", '"\\ud800"'), Said("RS301", 6, 11, "a control character (U+D800)")),
        ("%YAML 3.0\n---\n" + GOOD, Said("RS301", 1, 1, "not YAML: found incompatible")),
        (changed("Total", "&a Total"), Said("RS301", 6, 11, "anchors and aliases")),
        (changed("Total", "*a"), Said("RS301", 6, 11, "anchors and aliases")),
        (changed(ITEMS, "  items: &b {sku: a}"), Said("RS301", 8, 10, "anchors and aliases")),
        (changed("Total", "!!str Total"), Said("RS301", 6, 11, "tags")),
        (changed("Total", "!include x"), Said("RS301", 6, 11, "quote the text")),
        (changed(AMOUNT, f"{AMOUNT}\n{AMOUNT}"), Said("RS306", 7, 3, "stands twice (first on line 6)")),
        (changed("Total", "{from: a, from: b}"), Said("RS306", 6, 21, "'from' stands twice")),
        (changed(AMOUNT, "  ? [a]\n  : b"), Said("RS301", 6, 5, "a name is needed before the colon")),
        (GOOD + "{a: b}: c\n", Said("RS301", 14, 1, "a name is needed before the colon")),
        ("a: " + "[" * 40 + "]" * 40, Said("RS301", 1, 34, "nested too deeply")),
        ("a: " + "[" * 20_000, Said("RS301", 1, 34, "nested too deeply")),
        ("{a: " * 5000, Said("RS301", 1, 122, "nested too deeply")),
        ("- " * 5000, Said("RS301", 1, 63, "nested too deeply")),
        ("a: " + "x" * 2_000_000, Said("RS301", 1, 1, "larger than a map can be")),
    ],
)
def test_what_is_no_map_at_all_is_one_mistake_at_its_place(text: str, said: Said) -> None:
    assert_said(text, said)


@pytest.mark.parametrize(
    "text", [f"---\n{GOOD}...\n", f"%YAML 1.1\n---\n{GOOD}", f"# a shop\n{GOOD}", GOOD.replace("\n", "\r\n")]
)
def test_the_dress_of_a_yaml_file_does_not_matter(text: str) -> None:
    assert load(text, "m").order.get("amount") is not None


# names and settings


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("richsync: 1\n", "", [Said("RS301", 1, 1, "begin with `richsync: 1`")]),
        ("richsync: 1", "richsync: 2", [Said("RS301", 1, 11, "reads version 1")]),
        ("richsync: 1", "richsync: [1]", [Said("RS301", 1, 11, "write `richsync: 1`")]),
        ("richsync: 1", "richsync: 1\norders: x", [Said("RS301", 2, 1, "did you mean 'order'?")]),
        ("richsync: 1", "richsync: 1\nzzz: x", [Said("RS301", 2, 1, "one of richsync, export, order")]),
        ("richsync: 1", "richsync: 1\ncheckpoint:", [Said("RS301", 2, 1, "a text is needed here")]),
        ("richsync: 1", "richsync: 1\ncheckpoint: [a]", [Said("RS301", 2, 13, "a text is needed here")]),
        ("  numbers:", "  numbrs:", [Said("RS301", 3, 3, "did you mean 'numbers'?")]),
        (f"export:\n{NUMBERS}", "export: x", [Said("RS301", 2, 9, "export: is a list of `name: value`")]),
        (f"export:\n{NUMBERS}", "export:", [Said("RS301", 2, 1, "export: is a list of `name: value`")]),
        ('"1.234,56"', "1.234", [Said("RS301", 3, 12, "can be read in two ways")]),
        ('"1.234,56"', "abc", [Said("RS301", 3, 12, "'abc' is not a number")]),
        ('"1.234,56"', "['1234.56', '1,234']", [Said("RS301", 3, 13, "'1,234' can be read in two ways")]),
        ('"1.234,56"', "[]", [Said("RS301", 3, 12, "the list is empty")]),
        ('"1.234,56"', "{a: b}", [Said("RS301", 3, 12, "a text, or a list of texts")]),
        (NUMBERS, "  dates: DD.MM.YYYY", [Said("RS301", 3, 10, "a pattern like %d.%m.%Y")]),
        (NUMBERS, "  dates: '%Q'", [Said("RS301", 3, 10, "bad directive")]),
        (NUMBERS, "  dates: '%d.%m'", [Said("RS301", 3, 10, "does not hold year, month and day")]),
        (NUMBERS, "  dates: '%d%d'", [Said("RS301", 3, 10, "is not a date format")]),
        (NUMBERS, "  timezone: Berlin", [Said("RS301", 3, 13, "use a name like Europe/Berlin")]),
        (NUMBERS, "  timezone: ../etc/passwd", [Said("RS301", 3, 13, "is not a time zone")]),
        (NUMBERS, "  timezone: Europe", [Said("RS301", 3, 13, "is not a time zone")]),
        (NUMBERS, "  timezone: [UTC, UTC]", [Said("RS301", 3, 14, "timezone: takes one value")]),
        (NUMBERS, "  format: xlsx", [Said("RS301", 3, 11, "'xlsx' is not a format: csv, json or jsonl")]),
        (NUMBERS, "  encoding: utf9", [Said("RS301", 3, 13, "'utf9' is not an encoding")]),
        (NUMBERS, "  encoding: base64", [Said("RS301", 3, 13, "'base64' is not an encoding")]),
        (NUMBERS, "  encoding: undefined", [Said("RS301", 3, 13, "'undefined' is not an encoding")]),
        (NUMBERS, "  delimiter: ab", [Said("RS301", 3, 14, "one character, or `tab`")]),
        (NUMBERS, "  delimiter: '\"'", [Said("RS301", 3, 14, "is not a delimiter")]),
        (NUMBERS, "  delimiter: a", [Said("RS301", 3, 14, "'a' is not a delimiter")]),
        (NUMBERS, "  group:", [Said("RS301", 3, 3, "a column's name is missing")]),
        (NUMBERS, "  fill_down: [a, ' ']", [Said("RS301", 3, 15, "a column's name is missing")]),
        (NUMBERS, "  where: x", [Said("RS301", 3, 10, "where: is a list of `column: value` lines")]),
        (NUMBERS, "  where: {a: {b: c}}", [Said("RS301", 3, 14, "a text, or a list of texts")]),
        (NUMBERS, "  where: {a: []}", [Said("RS301", 3, 14, "the list is empty")]),
    ],
)
def test_a_wrong_setting(old: str, new: str, said: list[Said]) -> None:
    assert_said(changed(old, new), *said)


# fields


@pytest.mark.parametrize(
    ("field", "column", "words", "code"),
    [
        ("", 3, "a column, a text with {columns}, or =constant", "RS301"),
        ("''", 11, "a column, a text with {columns}, or =constant", "RS301"),
        ("[a]", 11, "a column, a text with {columns}, or =constant", "RS301"),
        ("=", 11, "nothing stands after the =", "RS301"),
        ("'{a'", 11, "a brace is not closed", "RS301"),
        ("'a}'", 11, "a column with braces in its name is `{column: name}`", "RS301"),
        ("'{a|{b}}'", 11, "a brace is not closed", "RS301"),
        ("'a {} b'", 11, "a column's name is missing between the braces", "RS301"),
        ("{}", 11, "a field has one source", "RS301"),
        ("{do: [lower]}", 11, "a field has one source", "RS301"),
        ("{from: a, first_of: [b]}", 11, "a field has one source", "RS301"),
        ("{first_of: a}", 22, "first_of: is a list of sources", "RS301"),
        ("{first_of: []}", 22, "first_of: is a list of sources", "RS301"),
        ("{first_of: [a, '{']}", 26, "a brace is not closed", "RS301"),
        ("{from: }", 17, "a column, a text with {columns}", "RS301"),
        ("{from: a, dox: [lower]}", 21, "did you mean 'do'?", "RS301"),
        ("{from: {columns: a}}", 18, "only `{column: name}` can stand here", "RS301"),
        ("{column: ''}", 11, "only `{column: name}` can stand here", "RS301"),
        ("{column: [a]}", 11, "only `{column: name}` can stand here", "RS301"),
        ("{from: a, default: ''}", 30, "a text is needed here", "RS301"),
        ("{from: a, default: [b]}", 30, "a text is needed here", "RS301"),
        ("{from: a, do: lower}", 25, "do: is a list of verbs", "RS301"),
        ("{from: a, do: [[lower]]}", 26, "a verb is `name`, or `name: argument`", "RS308"),
        ("{from: a, do: [{}]}", 26, "a verb is `name`", "RS308"),
        ("{from: a, do: [{split: a, join: b}]}", 26, "a verb is `name`", "RS308"),
        ("{from: a, do: [split: {a: b}]}", 26, "split takes 1 argument, not a table", "RS308"),
        ("{from: a, do: [lowr]}", 26, "did you mean 'lower'?", "RS308"),
        ("{from: a, do: [zzz]}", 26, f"one of {', '.join(VERBS)}", "RS308"),
        ("{from: a, do: [split]}", 26, "split takes 1 argument, not 0", "RS308"),
        ("{from: a, do: [lower: x]}", 26, "lower takes 0 arguments, not 1", "RS308"),
        ("{from: a, do: [replace: a]}", 26, "replace takes 2 arguments, not 1", "RS308"),
        ("{from: a, do: [split: '']}", 26, "the separator is empty", "RS308"),
        ("{from: a, do: [item: 0]}", 26, "items are counted from 1", "RS308"),
        ("{from: a, do: [number: '1.234']}", 26, "can be read in two ways", "RS308"),
        ("{from: a, do: [date: 'DD.MM']}", 26, "is not a date format", "RS308"),
        ("{from: a, lookup: x}", 29, "lookup: is a list of `found: sent` lines", "RS301"),
        ("{from: a, lookup: {b: [c]}}", 33, "a text is needed here", "RS301"),
    ],
)
def test_a_wrong_field(field: str, column: int, words: str, code: str) -> None:
    assert_said(changed("Total", field), Said(code, 6, column, words))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (AMOUNT, f"{AMOUNT}\n  taxAmout: x", [Said("RS302", 7, 3, "did you mean 'taxAmount'?")]),
        (AMOUNT, f"{AMOUNT}\n  zzz: x", [Said("RS302", 7, 3, "goes under `custom:`; known are orderId")]),
        (AMOUNT, f"{AMOUNT}\n  <<: {{a: b}}", [Said("RS302", 7, 3, "'<<' is not a field of an order")]),
        (
            "SKU",
            "SKU\n    prize: x",
            [Said("RS302", 10, 5, "not a field under items:; did you mean 'price'")],
        ),
        ("E-Mail", "E-Mail\n  phon: x", [Said("RS302", 14, 3, "did you mean 'phone'?")]),
        (AMOUNT, f"{AMOUNT}\n  custom: [a]", [Said("RS301", 7, 11, "custom: is a list of `name: source`")]),
        (AMOUNT, f"{AMOUNT}\n  custom: {{amount: x}}", [Said("RS306", 7, 12, "move it out of custom:")]),
        (AMOUNT, f"{AMOUNT}\n  custom: {{items: x}}", [Said("RS306", 7, 12, "a field of Richpanel's own")]),
        (AMOUNT, f"{AMOUNT}\n  custom: {{' ': x}}", [Said("RS301", 7, 12, "a name is needed")]),
        (ITEMS, "  items: x", [Said("RS301", 8, 10, "items: is a list of `field: source` lines")]),
        (ITEMS, "  items:", [Said("RS301", 8, 3, "items: is a list of `field: source` lines")]),
        ("SKU", "SKU\n    path: [a]", [Said("RS301", 10, 11, "a text is needed here")]),
        ("SKU", "SKU\n    contains: x", [Said("RS301", 10, 15, "items.contains: is a list")]),
        (
            "customer:\n  email: E-Mail",
            "customer: x",
            [Said("RS301", 12, 11, "customer: is a list of `field")],
        ),
        (
            GOOD[GOOD.index("order:") : GOOD.index("customer:")],
            "order:\n",
            [Said("RS301", 4, 1, "order: is")],
        ),
        (
            "E-Mail",
            "E-Mail\n  billingAddress: from ordr",
            [Said("RS301", 14, 19, "customer.billingAddress: is a list")],
        ),
        (
            "E-Mail",
            "E-Mail\n  billingAddress: {cty: x}",
            [Said("RS302", 14, 20, "did you mean 'city'?")],
        ),
        (
            AMOUNT,
            f"{AMOUNT}\n  fulfillment: {{id: x, tracking: y}}",
            [Said("RS301", 7, 34, "fulfillment.tracking: is a list")],
        ),
    ],
)
def test_a_wrong_object(old: str, new: str, said: list[Said]) -> None:
    assert_said(changed(old, new), *said)


@pytest.mark.parametrize(
    ("old", "place", "words"),
    [
        ("  orderId: Id\n", (4, 1), ["add `orderId: <column>` under order:", "orderDbKey is not mapped"]),
        ("  amount: Total\n", (4, 1), ["add `amount: <column>` under order:"]),
        ("  createdAt: Date\n", (4, 1), ["createdAt is not mapped: when the order was placed"]),
        (f"{ITEMS}\n", (4, 1), ["`items:` under order:, with `price:` and `quantity:`"]),
        ("    sku: SKU\n", (8, 3), ["add `id: <column>` under items:"]),
        ("    price: Price\n", (8, 3), ["items.price is not mapped"]),
        ("    quantity: Qty\n", (8, 3), ["add `quantity: <column>` under items:"]),
        ("customer:\n  email: E-Mail\n", (1, 1), ["add `uid: <column>` under customer:"]),
    ],
)
def test_a_required_field_that_nothing_maps(old: str, place: tuple[int, int], words: list[str]) -> None:
    assert_said(changed(old, ""), *(Said("RS305", *place, each) for each in words))


@pytest.mark.parametrize(
    ("fulfillment", "paths"),
    [
        ("{status: x}", ["fulfillment.id"]),
        ("{id: x, items: {name: a}}", ["fulfillment.items.id", "fulfillment.items.quantity"]),
        ("{id: x, items: {sku: a}}", ["fulfillment.items.quantity"]),
        ("{id: x, items: {contains: {lineItemId: a}, quantity: b}}", []),
        ("{id: x, tracking: {trackingNumber: t}}", []),
    ],
)
def test_what_a_fulfillment_needs(fulfillment: str, paths: list[str]) -> None:
    text = changed(AMOUNT, f"{AMOUNT}\n  fulfillment: {fulfillment}")
    if paths:
        assert [each.message.split()[0] for each in mistakes(text)] == paths
    else:
        assert [lines.field.name for lines in load(text, "m").order.lists] == ["items", "fulfillment"]


def test_every_required_field_is_asked_for_in_an_empty_map() -> None:
    found = [each.message.split()[0] for each in mistakes("richsync: 1\n")]
    assert found == [*(each.name for each in PROPERTIES if each.required), "customer.uid"]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    assert_said(
        "richsync: 3\n"
        "export: {timezone: Mars, numbers: x}\n"
        "customer: {emial: a}\n"
        "order: {orderId: '{', amount: {from: a, do: [lowr, item: 0]}, createdAt: d, items: {prize: x}}\n"
        "nothing: here\n",
        Said("RS301", 1, 11, "version 1"),
        Said("RS301", 2, 20, "'Mars' is not a time zone"),
        Said("RS301", 2, 35, "'x' is not a number"),
        Said("RS305", 3, 1, "customer.uid"),
        Said("RS302", 3, 12, "did you mean 'email'?"),
        Said("RS301", 4, 18, "a brace is not closed"),
        Said("RS308", 4, 46, "did you mean 'lower'?"),
        Said("RS308", 4, 52, "items are counted from 1"),
        Said("RS305", 4, 77, "items.id"),
        Said("RS305", 4, 77, "items.price"),
        Said("RS305", 4, 77, "items.quantity"),
        Said("RS302", 4, 85, "did you mean 'price'?"),
        Said("RS301", 5, 1, "a map has no 'nothing'"),
    )


# what is understood


@pytest.mark.parametrize(
    "name", ["no", "012", "12:30", "1e3", "~", "null", "0x1F", "2024-03-05", ".inf", "%%"]
)
def test_a_column_keeps_the_name_its_author_wrote(name: str) -> None:
    written = f"'{name}'" if name.startswith("%") else name
    mapped = load(changed("Total", written), "m").order.get("amount")
    assert mapped is not None
    assert mapped.pipes[0].source == Column(name, 6, 11)


@pytest.mark.parametrize(
    ("field", "source"),
    [
        ("=EUR", Constant("EUR")),
        ("'= x'", Constant(" x")),
        ("'#{Id}'", Text(("#", Slot(Column("Id", 6, 11))))),
        ("'{a} - {b|}'", Text((Slot(Column("a", 6, 11)), " - ", Slot(Column("b", 6, 11), "")))),
        ("'{a|b|c} d'", Text((Slot(Column("a", 6, 11), "b|c"), " d"))),
        ("{column: '=odd{name}'}", Column("=odd{name}", 6, 20)),
        ("{from: {column: '{x}'}, default: 1}", Column("{x}", 6, 27)),
    ],
)
def test_a_source_is_a_column_a_text_or_a_constant(field: str, source: object) -> None:
    mapped = load(changed("Total", field), "m").order.get("amount")
    assert mapped is not None
    assert mapped.pipes[0].source == source


@pytest.mark.parametrize(
    ("otherwise", "read"),
    [
        ("", "report"),
        (", otherwise: keep", "keep"),
        (", otherwise: drop", "drop"),
        (", otherwise: reject", "reject"),
        (", otherwise: =other", "=other"),
        (", otherwise: other", "=other"),
    ],
)
def test_a_lookup_says_what_becomes_of_other_words(otherwise: str, read: str) -> None:
    field_map = load(changed("Total", f"{{from: a, lookup: {{3: shipped, A: x{otherwise}}}}}"), "m")
    mapped = field_map.order.get("amount")
    assert mapped is not None
    lookup = mapped.pipes[0].lookup
    assert lookup is not None
    assert (lookup.find("3"), lookup.find("a"), lookup.find("otherwise")) == ("shipped", "x", None)
    assert lookup.otherwise == read


def test_every_setting_of_an_export() -> None:
    text = changed(
        NUMBERS,
        '  numbers: ["1.234,56", "1234.56"]\n  dates: [iso, "%d.%m.%Y"]\n  timezone: Europe/Berlin\n'
        "  format: csv\n  encoding: cp1252\n  delimiter: tab\n  empty: [-, NULL]\n  group: [Id, Shop]\n"
        "  fill_down: Id\n  where: {Type: [order, sale], State: 1}",
    )
    export = load(text, "m").export
    assert export.read_as == ReadAs("csv", "cp1252", "\t")
    assert export.numbers == (NumberStyle(",", "."), NumberStyle("."))
    assert export.dates == ("iso", "%d.%m.%Y")
    assert export.zone == ZoneInfo("Europe/Berlin")
    assert export.empty == {"-", "NULL"}
    assert [each.name for each in export.group] == ["Id", "Shop"]
    assert [each.name for each in export.fill_down] == ["Id"]
    assert [(column.name, set(values)) for column, values in export.where] == [
        ("Type", {"order", "sale"}),
        ("State", {"1"}),
    ]


def test_a_checkpoint_is_kept_as_written() -> None:
    assert load(f"{GOOD}checkpoint: shop.richsync\n", "m").checkpoint == "shop.richsync"


def test_a_map_that_is_not_utf8_is_refused_with_the_place_of_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "shop.map.yaml"
    path.write_bytes(b"richsync: 1\norder: {orderId: Stra\xdfe}\n")
    with pytest.raises(UnusableError, match="is not UTF-8: byte 34") as refused:
        source_of("orders.csv", path)
    assert refused.value.hint == "save it as UTF-8"


def test_a_map_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "shop.map.yaml"
    path.write_text(GOOD, encoding="utf-8-sig")
    assert source_of("orders.csv", path).field_map.order == load(GOOD, str(path)).order


# hostile maps


def loaded(text: str) -> FieldMap | tuple[Mistake, ...]:
    """The map, or its mistakes: anything else that is raised fails the test."""
    try:
        return load(text, "m")
    except BadMapError as refused:
        return refused.mistakes


def assert_loaded_or_refused(text: str) -> None:
    found = loaded(text)
    if not isinstance(found, FieldMap):
        places = [(each.line, each.column) for each in found]
        assert places
        assert places == sorted(places)
        assert all(each.line > 0 and each.column > 0 and each.message for each in found)


@given(st.text() | st.text(st.sampled_from("{}[]:,-?&*!|>'\"%@` \n\t#=a1\\")))
@example("? ")
@example("a: |9\n")
@example("%TAG ! x\n---\n!y")
@example("\ufeff")
def test_no_text_makes_the_loader_fail(text: str) -> None:
    assert_loaded_or_refused(text)


PIECES = re.findall(r"\w+|\s+|[^\w\s]", GOOD)
SPANNERS = st.sampled_from(
    [
        *(
            "",
            "\n",
            "  ",
            "{",
            "}",
            "[",
            "]",
            ":",
            "=",
            "'",
            '"',
            "&a ",
            "*a",
            "!x ",
            "%d%d",
            "|",
            "> ",
            "- ",
        ),
        *("order", "items:", "custom:", "path:", "do: [", "from: ", "first_of: ", "lookup: {", "export: {"),
        *(
            "where: ",
            "dates: ",
            "timezone: ",
            "from order",
            "\x00",
            "\ud800",
            "\\",
            "{a: [",
            "1",
            "~",
            "<<: ",
        ),
    ]
)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, len(PIECES) - 1), SPANNERS), min_size=1, max_size=4))
def test_no_spanner_in_a_good_map_makes_the_loader_fail(spanners: list[tuple[int, str]]) -> None:
    pieces = list(PIECES)
    for place, spanner in spanners:
        pieces[place] = spanner
    assert_loaded_or_refused("".join(pieces))


SOURCES = st.text(st.sampled_from("{}|=ab ")) | st.sampled_from(["=EUR", "{a}", "", "no"])
NODES = st.recursive(
    SOURCES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [*("from", "first_of", "do", "lookup", "default", "column", "path", "custom"), *VERBS, "id"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


def flow(node: object) -> str:
    """A node in YAML's one-line form."""
    match node:
        case dict():
            return "{" + ", ".join(f"{name}: {flow(value)}" for name, value in node.items()) + "}"
        case list():
            return "[" + ", ".join(map(flow, node)) + "]"
        case _:
            return f"'{node}'"


@settings(max_examples=300)
@given(st.sampled_from(["Total", "Date", "Price", "E-Mail", '"1.234,56"']), NODES)
def test_no_shape_of_a_value_makes_the_loader_fail(old: str, node: object) -> None:
    assert_loaded_or_refused(changed(old, flow(node)))
