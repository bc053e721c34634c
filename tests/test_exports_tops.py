"""CSV exports with lines that are no orders: titles above the header, summaries below, no header at all."""

import csv
import io

import pytest

from richsync.errors import BadMapError
from richsync.exports import open_export
from richsync.fieldmaps import load
from richsync.model import Odd, ReadAs
from tests.exported import HEADER, only, opened, read

TITLES = (
    b'"Includes marketplace, and webstore transactions"\r\n"All amounts in USD"\r\n'
    b'"order","date","name","total"\r\n"A-1","2024-05-01","Cup","1.00"\r\n"A-2","2024-05-02","Mug","2.00"\r\n'
)
FROM_TO = (
    b'"Transaction report"\n"Start date","2024-05-01"\n"End date","2024-05-31"\n\n'
    b"order,date,name,total\nA-1,2024-05-01,Cup,1.00\nA-2,2024-05-02,Mug,2.00\n"
)
PADDED = b"Sales,,,\n,,,\norder,date,name,total\nA-1,2024-05-01,Cup,1.00\nA-2,2024-05-02,Mug,2.00\n"


@pytest.mark.parametrize(
    ("data", "preamble", "first"),
    [
        (TITLES, 2, 4),
        (FROM_TO, 4, 6),
        (PADDED, 2, 4),
        (b"sep=,\nSales\n" + FROM_TO.partition(b"\n\n")[2], 2, 4),
        (b"\n" + FROM_TO.partition(b"\n\n")[2], 1, 3),
        (FROM_TO.replace(b"order,date", b'"or\nder",date'), 4, 7),
        (FROM_TO.replace(b",", b";"), 4, 6),
        (FROM_TO.replace(b"Start date", b"Start\ndate"), 5, 7),
        (FROM_TO.partition(b"\n\n")[2], 0, 2),
    ],
)
def test_the_header_is_looked_for_below_titles(data: bytes, preamble: int, first: int) -> None:
    with opened(data) as export:
        assert (export.preamble, len(export.columns)) == (preamble, 4)
        records = list(export)
        assert [line for line, _, _ in records] == [first, first + 1]
        assert export.header + "".join(raw for _, _, raw in records) == data.decode()


@pytest.mark.parametrize(
    ("data", "columns"),
    [
        (b"order,date,name,total\nA-1,Cup\nA-2,Mug\nA-3,Jar\n", ("order", "date", "name", "total")),
        (b"order\nA-1,2024-05-01,Cup,1.00\nA-2,2024-05-02,Mug,2.00\n", ("order",)),
        (b"id,amount\nA-1,1,234.00\nA-2,2,234.00\n", ("id", "amount")),
        (b"id,name,city\nA-1,Doe,Ann,Ulm,x\nA-2,Roe,Bo,Ulm,x\n", ("id", "name", "city")),
        (b"id\nA-1,Doe\n", ("id",)),
    ],
)
def test_an_order_is_never_taken_for_the_header(data: bytes, columns: tuple[str, ...]) -> None:
    with opened(data) as export:
        assert (export.columns[: len(columns)], export.preamble) == (columns, 0)


@pytest.mark.parametrize(
    ("data", "columns", "expected"),
    [
        (b"1,Ada\n2,Bo\n", ("id", "name"), [(1, ["1", "Ada"]), (2, ["2", "Bo"])]),
        (b"\n1;Ada\n2;Bo\n", ("id", "name"), [(1, "RS207"), (2, ["1", "Ada"]), (3, ["2", "Bo"])]),
        (b"sep=|\n1|Ada\n", ("id", "name"), [(2, ["1", "Ada"])]),
        (b"1,Ada\n2\n3,Bo,x\n", ("id", "name"), [(1, ["1", "Ada"]), (2, "RS203"), (3, "RS202")]),
        (b"1,Ada,\n2,Bo,\n", ("id", "name"), [(1, ["1", "Ada", ""]), (2, ["2", "Bo", ""])]),
        (b"1\n2\n", ("id",), [(1, ["1"]), (2, ["2"])]),
        (b'1,"Ada\n', ("id", "name"), [(1, "RS204")]),
        (b"id,name\n1,Ada\n", ("id", "name"), [(2, ["1", "Ada"])]),
    ],
)
def test_a_header_that_is_not_there_is_told(
    data: bytes, columns: tuple[str, ...], expected: list[tuple[int, object]]
) -> None:
    assert read(data, ReadAs(columns=columns)) == expected


def test_a_told_header_is_written_as_it_would_stand() -> None:
    columns = ("id", 'the "name"', "a;b")
    with opened(b"1;Ada;x\n", ReadAs(columns=columns)) as export:
        assert (export.columns, export.preamble) == (columns, 0)
        assert next(csv.reader([export.header], delimiter=export.delimiter)) == list(columns)


def test_rejects_of_an_export_without_a_header_bring_theirs() -> None:
    data = b"id,name,_richsync_errors\n1,Ada,RS401\n"
    with opened(data, ReadAs(columns=("id", "name"))) as export:
        assert export.columns == ("id", "name", "_richsync_errors")
        assert [line for line, _, _ in export] == [2]


SUMMARIES = HEADER + b"1,Ada\n2,Bo Li\n"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (b"3 record(s) downloaded", "RS212"),
        (b"Seller ID: jane", "RS212"),
        (b"Seller ID: jane,", "RS212"),
        (b'"Total orders: 5",""', "RS212"),
        ("Anzahl der Aufträge".encode(), "RS212"),
        (b"Order 1001", "RS203"),
        (b"1001", "RS203"),
        (b"A-1001", "RS203"),
        (b"Total", "RS203"),
        (b"1001 1002", "RS203"),
    ],
)
def test_words_below_the_orders_are_passed_over(row: bytes, code: str) -> None:
    assert read(SUMMARIES + row + b"\n3,Cy\n")[2:] == [(4, code), (5, ["3", "Cy"])]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"name,id\nAda King,1\nBo Li\n", [(2, ["Ada King", "1"]), (3, "RS203")]),
        (b"note\nthree words here\n", [(2, ["three words here"])]),
        (HEADER + b",an item of the order above\n", [(2, ["", "an item of the order above"])]),
        (HEADER + b"A title, of two cells\n", [(2, ["A title", " of two cells"])]),
        (HEADER + b"please ring twice\n", [(2, "RS203")]),
    ],
)
def test_what_may_be_an_order_is_no_summary(data: bytes, expected: list[tuple[int, object]]) -> None:
    assert read(data) == expected


SUMMED = b"id,total,date,mail,note\nA-1,9.50,2024-05-01,a@b.com,\n2,9.50,2024-05-01,a@b.com,\n"


@pytest.mark.parametrize(
    "row",
    [
        "Total,19.00,,,",
        "TOTAL:,,19.00,,",
        "Grand Total,19.00,2,,",
        "Summe,\u20ac19.00,,,",
        "Gesamt:,19.00 EUR,,,",
    ],
)
@pytest.mark.parametrize("more", [b"", b",9.50,,,\n"])
def test_a_sum_below_the_orders_is_passed_over(row: str, more: bytes) -> None:
    assert read(SUMMED + more + f"{row}\n3,1.00,2024-05-01,a@b.com,\n".encode())[-2][1] == "RS212"


@pytest.mark.parametrize(
    ("data", "row"),
    [
        (SUMMED, "Total,19.00,2024-05-01,a@b.com,"),
        (SUMMED, "Total,19.00,2024-05-01,,"),
        (SUMMED, "Totaal-1,19.00,,,"),
        (SUMMED, "Total,,,,"),
        (b"id,total,date,mail,note\n,9.50,,,\n", "Total,19.00,,,"),
        (b"sku,order,qty,note\nTea,1,1,\n", "Total,2,,"),
        (b"id,total\n1,9.50\n", "Total,9.50"),
    ],
)
def test_what_only_begins_like_a_sum_is_read(data: bytes, row: str) -> None:
    assert read(data + row.encode())[-1][1] == row.split(",")


def test_two_exports_in_one_file_with_their_ends() -> None:
    part = b"order,date,total\nA-1,2024-05-01,1.00\n2 record(s) downloaded\n"
    assert [code for _, code in read(part * 2)[1:]] == [
        "RS212",
        "RS211",
        ["A-1", "2024-05-01", "1.00"],
        "RS212",
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'"1" ,"Ada"\n"2","Bo"  \n3,Cy\n', [(2, ["1", "Ada"]), (3, ["2", "Bo"]), (4, ["3", "Cy"])]),
        (b'"a, ""b"" , c" ,x\n2,Bo\n', [(2, ['a, "b" , c', "x"]), (3, ["2", "Bo"])]),
        (b'"1" ,"A\nB" \n2,Bo\n', [(2, ["1", "A\nB"]), (4, ["2", "Bo"])]),
        (b'"1" ,"A\nB\n', [(2, "RS204")]),
        (b'"1" ,"A"b\n2,Bo\n', [(2, "RS205"), (3, ["2", "Bo"])]),
        (b'"1" ,"A\nB"c\n2,Bo\n', [(2, "RS205"), (4, ["2", "Bo"])]),
        (b'"1"x,Ada\n2,Bo\n', [(2, "RS205"), (3, ["2", "Bo"])]),
        (b'"1" \r\n"2" ,Bo\r\n', [(2, "RS203"), (3, ["2", "Bo"])]),
    ],
)
def test_spaces_after_a_closing_quote_are_no_fault(data: bytes, expected: list[tuple[int, object]]) -> None:
    assert read(HEADER + data) == expected
    records = list(opened(HEADER + data))
    assert "".join(raw for _, _, raw in records).encode() == data


def test_a_space_that_separates_cells_is_not_taken_away() -> None:
    assert read(b'id name\n"1" "Ada"\n"2"  x\n', ReadAs(delimiter=" ")) == [(2, ["1", "Ada"]), (3, "RS202")]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_cell_may_be_as_long_as_a_line(size: int) -> None:
    cell = "x\n" * (size * 500_000 // 1000)
    with opened(HEADER + f'1,"{cell}"\n2,Bo\n'.encode()) as export:
        assert [row for _, row, _ in export] == [["1", cell], ["2", "Bo"]]


def test_an_unclosed_quote_is_not_parsed_again_and_again() -> None:
    data = HEADER + b'1,"Ada\n' + b"2,Bo\n" * 2_000_000
    odd = only(data)
    assert (
        odd.note == "the quote opened on line 2, column 3 is never closed: lines 2 to the end were not read"
    )


def test_mixed_line_ends_and_repeated_names() -> None:
    data = b"id,name,name\r\n1,Ada,\r2,Bo,x\n3,Cy,y"
    with open_export("-", ReadAs(), io.BytesIO(data)) as export:
        assert export.columns == ("id", "name", "name#2")
        assert [(line, isinstance(row, Odd)) for line, row, _ in export] == [
            (2, False),
            (3, False),
            (4, False),
        ]


MAP = """\
richsync: 1
export: {timezone: UTC, %s}
order: {orderId: id, createdAt: date, amount: total, items: {name: product, price: total, quantity: =1}}
customer: {uid: email}
"""


@pytest.mark.parametrize(
    ("setting", "read_as"),
    [
        ("columns: [id, ' name']", ReadAs(columns=("id", "name"))),
        ("columns: id", ReadAs(columns=("id",))),
        ("path: orders", ReadAs(path=("orders",))),
        ("path: data.orders", ReadAs(path=("data", "orders"))),
    ],
)
def test_what_a_map_says_of_reading(setting: str, read_as: ReadAs) -> None:
    assert load(MAP % setting, "orders.map.yaml").export.read_as == read_as


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("columns: [id, '']", "a column's name is missing"),
        ("path: data..orders", "'data..orders' leads nowhere: names of members, `data.orders`"),
        ("path: [data, orders]", "path: takes one value"),
    ],
)
def test_mistakes_in_what_a_map_says_of_reading(setting: str, message: str) -> None:
    with pytest.raises(BadMapError) as caught:
        load(MAP % setting, "orders.map.yaml")
    assert [(each.code, each.line, each.message) for each in caught.value.mistakes] == [("RS301", 2, message)]
