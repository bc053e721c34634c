"""Rows with too many cells: the cell where they shift, if it can be told."""

import pytest

from richsync.exports.shifts import Shifts
from richsync.model import Odd
from tests.exported import opened

HEADER = "id,total,date,mail,product,note,price,qty"
GOOD = ("1", "9.50", "2024-03-05", "a@b.com", "Tea", "", "1,234.50", "1")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("2,1,234.00,2024-03-06,b@c.com,Cup,,4.00,1", 1),
        ("2,$1,234.00,2024-03-06,b@c.com,Cup,,4.00,1", 1),
        ("2,1,234,567.00,2024-03-06,b@c.com,Cup,,4.00,1", 1),
        ("2,12,50,2024-03-06,b@c.com,Cup,,4.00,1", 1),
        ("2,4.00,2024-03-06,b@c.com,Cup,,1,234.00,1", 6),
        ("2,4.00,2024-03-06,b@c.com,Cup, blue,,4.00,1", 4),
        ("2,4.00,2024-03-06,b@c.com,Cup,for me, please,4.00,1", 5),
        ("2,4.00,2024-03-06,b@c.com,Cup, 1,,234.00,1", 4),
        ("2,4.00,2024-03-06,b@c.com,Cup,blue,,4.00,1", None),
        ("2,4.00,2024-03-06,b@c.com,Cup,,4.00,1,", None),
        ("2,4.00,yesterday,2024-03-06,b@c.com,Cup,,4.00,1", None),
        ("x,1,234.00,2024-03-06,b@c.com,Cup,,4.00,1", None),
    ],
)
def test_a_value_in_several_cells_is_known_by_the_columns_around_it(row: str, column: int | None) -> None:
    assert Shifts([GOOD]).shifted(row.split(","), ",") == column


def test_of_a_file_without_a_row_as_it_should_be_nothing_is_known() -> None:
    assert Shifts([]).shifted(["1", "2"], ",") is None


def test_the_finding_stands_at_the_cell_where_the_row_shifts() -> None:
    rows = ("1,9.50,Tea,", "2,1,234.00,Cup,", "3,4.00,Pot,x,y")
    with opened("\n".join(("id,total,product,note", *rows)).encode()) as export:
        _, (_, cut, _), (_, ragged, _) = export
    note = "5 cells, the header has 4"
    assert cut == Odd(
        "RS202", f"{note}: the value of 'total' stands in 2 of them", ("2", "1", "234.00", "Cup", ""), 2
    )
    assert ragged == Odd("RS202", note, ("3", "4.00", "Pot", "x", "y"), 13)
