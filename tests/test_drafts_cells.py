"""What drafts read off cells: how dates and numbers are written, as far as it is proven; what names mean."""

from collections.abc import Sequence

import pytest

from richsync.drafts import dates, numbers
from richsync.drafts.contents import masked
from richsync.drafts.languages import LANGUAGES
from richsync.drafts.samples import of_objects
from richsync.drafts.words import Reader, vocabulary
from richsync.drafts.yamltext import in_quotes, quoted, slot, source

COMMONEST = (
    "order item customer billing shipping payment id number name first last email phone street city state "
    "country postcode date status method total subtotal amount cost tax discount price quantity currency"
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_words_for_the_commonest_thirty(language: str) -> None:
    known = {concept for concepts in vocabulary(language).values() for concept in " ".join(concepts).split()}
    assert set(COMMONEST.split()) - known == set()


@pytest.mark.parametrize(
    ("cells", "formats"),
    [
        (["2024-01-02"], "iso"),
        (["2024-01-02 10:00:00 -0400"], "iso"),
        (["25/02/2024", "01/02/2024"], "%d/%m/%Y"),
        (["7/25/2018 21:06"], "%m/%d/%Y %H:%M"),
        (["05.02.2024", "17.02.2024 10:11"], "%d.%m.%Y, %d.%m.%Y %H:%M"),
        (["03/01/19", "21/01/19", "25/01/19"], "%d/%m/%y"),
        (["Dec 8, 2024"], "%b %d, %Y"),
        (["Jul-25-26"], "%b-%d-%y"),
        (["Thu Nov 20 14:55:11 1997"], "%a %b %d %H:%M:%S %Y"),
        (["Sep 4, 2026 1:05:07 AM PDT"], "%b %d, %Y %I:%M:%S %p %Z"),
        (["12 de enero de 2024"], "%d de %b de %Y"),
        (["2012/1/26 10:47"], "%Y/%m/%d %H:%M"),
        (["2024年1月5日 10:20"], "%Y年%m月%d日 %H:%M"),
        (["Wed, 02 Oct 2002 13:00:00 GMT"], "rfc2822"),
        (["1700000000"], "epoch"),
        (["1700000000000"], "epoch_ms"),
        (["20240131", "20240131101112"], "%Y%m%d, %Y%m%d%H%M%S"),
        (["hello", "12", "99/99/2024", "January"], ""),
    ],
    ids=lambda given: given[0] if isinstance(given, list) else "",
)
def test_dates_that_are_proven(cells: Sequence[str], formats: str) -> None:
    assert (", ".join(dates.sniffed(cells).formats), dates.sniffed(cells).open) == (formats, ())


@pytest.mark.parametrize(
    "cells", [["01/02/2024"], ["05.02.2024, 10:20"], ["13/01/2024", "01/13/2024"], ["01/02/03"]], ids=str
)
def test_day_and_month_are_never_guessed(cells: Sequence[str]) -> None:
    found = dates.sniffed(cells)
    assert found.formats == ()
    assert len(found.open[0]) > 1


@pytest.mark.parametrize(
    ("cells", "example"),
    [
        (["1", "2.50"], ""),
        (["0.125"], ""),
        (["1.234,50", "-3,00"], "1.234,56"),
        (["$900.00", "-$3.00"], "$1234.56"),
        (["250 AED"], "1234.56 AED"),
        (["1,200", "9,850.50"], "1,234.56"),
        (["1 234,50 €"], "1 234,56 €"),
        (["(12.50)", "3.00"], "(1234.56)"),
        (["R$ 1.234,50"], "R$1.234,56"),
        (["¥1,200", "¥800"], "¥1,234.56"),
    ],
    ids=lambda given: given[0] if isinstance(given, list) else "",
)
def test_numbers_by_example(cells: Sequence[str], example: str) -> None:
    found = numbers.sniffed(cells)
    assert (", ".join(found.examples), found.is_open) == (example, False)


@pytest.mark.parametrize("cells", [["1.234"], ["1,234", "5,678"], ["1.234,50", "1,234.50"]], ids=str)
def test_what_can_be_read_in_two_ways_is_open(cells: Sequence[str]) -> None:
    assert numbers.sniffed(cells).is_open
    assert numbers.sniffed(["1,234"], is_whole=True).examples == ("1,234.56",)


@pytest.mark.parametrize("cell", ["Client 1", "OV426", "", "A-12", "12 Main Street"])
def test_letters_that_are_no_currency_make_no_number(cell: str) -> None:
    assert not numbers.is_number(cell)


@pytest.mark.parametrize(
    ("name", "concepts"),
    [
        ("orderID", "order id"),
        ("Bestellnummer", "order number"),
        ("Auftragsnummer", "order number"),
        ("注文番号", "order number"),
        ("البريد الالكتروني", "email"),
        ("Total (MXN)", "total"),
        ("Quantitiy", "quantity"),
        ("Total Refunded", "other total"),
        ("Refund of the order nobody knows", ""),
    ],
)
def test_names_are_cut_into_words_that_are_known(name: str, concepts: str) -> None:
    (reading, *_) = Reader([name]).meaning(name).readings or [frozenset[str]()]
    assert " ".join(sorted(reading)) == " ".join(sorted(concepts.split()))


def test_a_word_that_is_only_alike_is_said_to_be() -> None:
    reader = Reader(["Quantity"])
    assert reader.meaning("Quantitiy").near
    assert not reader.meaning("Quantity").near


def test_cells_are_masked_and_cut() -> None:
    assert masked("Anna Berg, 17") == "xxxx xxxx, 99"
    assert masked("a\tb\x1b" + "c" * 40) == "x x " + "x" * 20 + "…"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Order ID", "Order ID"),
        ("no", '"no"'),
        ("a: b", '"a: b"'),
        ('"\n\x7f', '"\\"\\u000a\\u007f"'),
        ("\U000e0001", '"\\U000e0001"'),
    ],
)
def test_names_are_quoted_where_yaml_needs_it(name: str, written: str) -> None:
    assert quoted(name) == written


def test_odd_columns_are_named_as_columns() -> None:
    assert source("=x") == '{column: "=x"}'
    assert source("a{b}") == '{column: "a{b}"}'
    assert slot("a|b") == ""
    assert in_quotes("Item \0 Name") == '"Item {n} Name"'


def test_wrapped_values_and_lists_of_json() -> None:
    sample = of_objects(
        "orders.jsonl",
        [
            {
                "_id": {"$oid": "5f"},
                "at": {"$date": {"$numberLong": "1714730400000"}},
                "tags": ["a", 1],
                "a.b": 1,
            }
        ],
    )
    assert {each.name: each.cells for each in sample.columns} == {
        "_id": ("5f",),
        "at": ("2024-05-03T10:00:00+00:00",),
        "tags": ("a, 1",),
    }
