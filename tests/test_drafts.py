"""Drafts of maps: what small exports in many languages and layouts are taken for."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from richsync.drafts import Draft, draft, of_objects, of_table, written
from richsync.drafts.matching import Level
from richsync.errors import BadMapError
from richsync.fieldmaps import FieldMap, bind, load

ROWS = {
    "one": "A-1|05.03.2024 10:00|anna@example.com|Anna Berg|TE-1|Green tea|9,50|2|19,00|EUR",
    "two": "A-2|17.03.2024 11:30|ben@example.com|Ben Holm|MU-2|Blue mug|1.200,00|1|1.200,00|EUR",
}
FIELDS = (
    "orderId", "createdAt", "email", "name", "sku", "items.name", "price", "quantity", "amount", "currency"
)  # fmt: skip
HEADERS = {
    "English": "Order Number|Order Date|Email|Customer Name|SKU|Product Name|Unit Price|Qty|Order Total"
    "|Currency",
    "German": "Bestellnr.|Bestelldatum|E-Mail|Kundenname|Artikelnummer|Artikelbezeichnung|Einzelpreis|Menge"
    "|Gesamtbetrag|Währung",
    "French": "N° de commande|Date de commande|Adresse e-mail|Nom du client|Référence produit|Nom du produit"
    "|Prix unitaire|Quantité|Montant total|Devise",
    "Spanish": "Número de pedido|Fecha del pedido|Correo electrónico|Nombre del cliente|Código de producto"
    "|Nombre del producto|Precio unitario|Cantidad|Total del pedido|Moneda",
    "Portuguese": "Número do pedido|Data do pedido|E-mail|Nome do cliente|Código do produto|Nome do produto"
    "|Preço unitário|Quantidade|Valor total|Moeda",
    "Italian": "Numero ordine|Data ordine|Email|Nome e cognome cliente|Codice articolo|Titolo articolo"
    "|Prezzo unitario|Quantità|Totale ordine|Valuta",
    "Dutch": "Bestelnummer|Besteldatum|E-mailadres|Klantnaam|Artikelnummer|Productnaam|Stukprijs|Aantal"
    "|Totaalbedrag|Valuta",
    "Arabic": "رقم الطلب|تاريخ الطلب|البريد الإلكتروني|اسم العميل|رمز المنتج|اسم المنتج|سعر الوحدة|الكمية"
    "|الإجمالي|العملة",
    "Japanese": "注文番号|注文日時|メールアドレス|お客様名|商品コード|商品名|単価|数量|合計金額|通貨",
}


def of_text(*lines: str) -> Draft:
    """The draft of a table whose cells stand between bars."""
    header, *rows = ([cell.strip() for cell in line.split("|")] for line in lines)
    return draft([of_table("orders.csv", header, rows, "utf-8", ";")])


def text_of(drawn: Draft) -> str:
    return written(drawn, "schema.json", "richsync validate orders.csv")


def said(drawn: Draft) -> dict[str, Any]:
    """The map as it is written, read as any YAML."""
    text = text_of(drawn)
    load(text, "draft")
    return dict(YAML(typ="safe", pure=True).load(text))


def sources(drawn: Draft) -> dict[str, Any]:
    """The sources of the fields of `FIELDS`."""
    mapped = said(drawn)
    order, items, customer = mapped["order"], mapped["order"]["items"], mapped["customer"]
    places = {"items.name": (items, "name")} | {each: (items, each) for each in ("sku", "price", "quantity")}
    places |= {each: (customer, each) for each in ("email", "name")}
    return {
        each: places.get(each, (order, each))[0].get(places.get(each, (order, each))[1]) for each in FIELDS
    }


@pytest.mark.parametrize("language", HEADERS)
def test_headers_are_understood_in_nine_languages(language: str) -> None:
    drawn = of_text(HEADERS[language], *ROWS.values())
    assert sources(drawn) == dict(zip(FIELDS, HEADERS[language].split("|"), strict=True))
    assert drawn.left == ()
    assert said(drawn)["export"]["numbers"] == "1.234,56"
    assert said(drawn)["export"]["dates"] == "%d.%m.%Y %H:%M"


HARMLESS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
ODD = [
    "a: b",
    "# x",
    "=x",
    "{n}",
    "it's",
    '"',
    "TODO",
    "no",
    "😀",
    "a\nb",
    "[x]",
    "- y",
    "*a",
    "&b",
    "!t",
    "%",
    "~",
]
STARTS = ["Order ID", "Order ", "Total", "Item {", "E-Mail: ", "Date #", "=Price", "Qty\n"]
NAMES = st.lists(
    HARMLESS | st.sampled_from(ODD) | st.builds("{}{}".format, st.sampled_from(STARTS), HARMLESS),
    min_size=1,
    max_size=6,
    unique=True,
)


@settings(max_examples=100, deadline=None)
@given(NAMES, st.lists(HARMLESS, min_size=6, max_size=6))
def test_whatever_a_header_holds_the_draft_loads_and_names_it(names: list[str], cells: list[str]) -> None:
    drawn = draft([of_table("a\nb.csv", names, [cells[: len(names)]] * 2, "utf-8", ",")])
    field_map = load(text_of(drawn), "draft")
    assert bound(field_map, names) <= {"RS305"}


def bound(field_map: FieldMap, names: list[str]) -> set[str]:
    """The codes of the mistakes that binding finds."""
    try:
        bind(field_map, names, [])
    except BadMapError as error:
        return {each.code for each in error.mistakes}
    return set()


JSON = st.recursive(
    HARMLESS | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(HARMLESS, inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
@settings(max_examples=50, deadline=None)
def test_whatever_json_holds_the_draft_loads(value: Any) -> None:
    rows = json.loads(json.dumps([{"id": "1", "x": value}, {"id": "2", "x": value}]))
    load(text_of(draft([of_objects("orders.jsonl", rows)])), "draft")


def written_of(drawn: Draft, name: str) -> tuple[str, str]:
    """A line of the order, and how sure it is."""
    found = next((each for each in drawn.order if each.name == name), None)
    return (found.value, found.level.name) if found and found.level is not None else ("", "")


def test_what_is_zero_everywhere_tells_no_orders_apart() -> None:
    rows = [{"id": at, "ebay_order_id": "0", "order_date": f"2024-03-{at}", "total": 5} for at in (14, 15)]
    drawn = draft([of_objects("orders.jsonl", rows)])
    assert written_of(drawn, "orderId") == ("id", "LIKELY")
    assert written_of(drawn, "orderDbKey") == ("", "")


def test_an_id_that_some_records_lack_is_a_guess_that_says_so() -> None:
    drawn = of_text("Type|Order number|Total", "Sale|7-1|5.00", "Fee||-1.00", "Payout||-4.00")
    assert written_of(drawn, "orderId") == ("Order number", "GUESS")
    assert written_of(drawn, "orderName") == ("", "")
    (line,) = (each for each in drawn.order if each.name == "orderId")
    assert "`where: {Order number: filled}` under `export:`" in line.note


@pytest.mark.parametrize(
    ("cells", "made"), [(("1709632800", "1709719200"), "TODO"), (("2024-03-05", "2024-03-06"), "x")]
)
def test_digits_alone_are_no_date(cells: tuple[str, str], made: str) -> None:
    drawn = of_text("Order number|x|Total", *(f"7-{at}|{cell}|5.00" for at, cell in enumerate(cells)))
    assert [each.value for each in drawn.order if each.name == "createdAt"] == [made]


def test_an_id_of_first_rows_only_is_not_what_rows_share() -> None:
    rows = (
        "#71|9071|5.00|Tea|1",
        "#72|9072|9.00|Tea|1",
        "#72|||Cup|2",
        "#73|9073|5.00|Tea|1",
        "#74|9074|5.00|Tea|1",
    )
    drawn = of_text("Name|Id|Total|Lineitem name|Lineitem quantity", *rows)
    assert written_of(drawn, "orderId") == ("Name", "GUESS")
    assert [each.value for each in drawn.export if each.name == "group"] == ["Name"]


@pytest.mark.parametrize("name", ["date_created_gmt", "Created (UTC)"])
def test_a_date_that_is_called_utc_is_read_as_such(name: str) -> None:
    drawn = of_text(
        f"Order number|{name}|Total", "7-1|2024-05-17T10:00:00|5.00", "7-2|2024-05-18T10:00:00|5.00"
    )
    assert said(drawn)["order"]["createdAt"] == {"from": name, "do": [{"date": {"timezone": "UTC"}}]}


@pytest.mark.parametrize(
    ("cell", "value", "level"),
    [
        ("-$3.00", "{from: Discounts, do: [abs]}", "LIKELY"),
        ("$-3.00", "{from: Discounts, do: [abs]}", "LIKELY"),
        ("(3.00)", "{from: Discounts, do: [abs]}", "LIKELY"),
        ("3.00-", "{from: Discounts, do: [abs]}", "LIKELY"),
        ("3.00", "Discounts", "SURE"),
    ],
)
def test_a_discount_below_zero_is_sent_above_it(cell: str, value: str, level: str) -> None:
    drawn = of_text("Order number|Total|Discounts", f"7-1|9.50|{cell}", "7-2|8.50|0.00")
    assert written_of(drawn, "discountAmount") == (value, level)


def test_words_in_another_order_may_mean_something_else() -> None:
    items = {"sku": "TE-1", "price": 5, "quantity": 1}
    rows = [
        {"id": f"7-{at}", "total": 5, "product_id": at, "name_customer": "Tea", "option_set_id": 9} | items
        for at in (1, 2)
    ]
    drawn = draft([of_objects("orders.jsonl", rows)])
    assert [(each.name, each.level) for each in drawn.customer if each.name == "name"] == [
        ("name", Level.GUESS)
    ]
    assert "optionId" not in {each.name for each in drawn.items}
    of_person = draft([of_objects("orders.jsonl", [{"id": "7-1", "total": 5, "name_of_customer": "Ann"}])])
    assert [each.level for each in of_person.customer if each.name == "name"] == [Level.SURE]


@pytest.mark.parametrize(
    ("address", "is_page"),
    [
        ("https://api.shop.com/v2/products/1", False),
        ("https://shop.com/wp-json/wc/v3/products/1", False),
        ("https://shop.com/tea", True),
    ],
)
def test_what_programs_read_is_no_page_of_a_product(address: str, is_page: bool) -> None:
    rows = [{"id": f"7-{at}", "total": 5, "product": {"name": "Tea", "url": address}} for at in (1, 2)]
    drawn = draft([of_objects("orders.jsonl", rows)])
    assert ("url" in {each.name for each in drawn.items}) is is_page
