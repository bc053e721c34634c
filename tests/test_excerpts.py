"""The line of a finding: cut around its cell, masked where it may be personal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.exports import spans
from richsync.fieldmaps import load
from richsync.reports.excerpts import excerpt, masked, masked_object, masked_row
from richsync.reports.privacy import readable_columns

LINE = f"{'a' * 5},bbb,{'c' * 50},TARGET,{'d' * 60}"


@pytest.mark.parametrize(
    ("cell", "width", "shown", "pointed"),
    [
        ((0, 5), 20, "aaaaa,bbb,ccccccccc…", "aaaaa"),
        ((6, 9), 20, "aaaaa,bbb,ccccccccc…", "bbb"),
        ((61, 67), 20, f"…{'c' * 10},TARGET,…", "TARGET"),
        ((10, 60), 30, f"aaaaa,bbb,{'c' * 19}…", f"{'c' * 19}…"),
        ((68, 128), 20, f"…{'c' * 3},TARGET,{'d' * 7}…", "ddddddd…"),
        ((61, 67), 500, LINE, "TARGET"),
    ],
)
def test_the_surroundings_of_a_cell(cell: tuple[int, int], width: int, shown: str, pointed: str) -> None:
    found = excerpt(LINE, cell, width)
    assert found.text == shown
    assert found.text[found.start : found.start + found.length] == pointed


def test_only_the_line_on_which_the_cell_begins() -> None:
    raw = '1,"one\r\ntwo",x,y\n'
    cells = spans(raw, ",")
    assert [excerpt(raw, cell, 40).text for cell in cells] == ['1,"one', '1,"one', 'two",x,y', 'two",x,y']


@given(st.text(max_size=60), st.data())
def test_an_excerpt_fits_and_points_into_itself(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    width = data.draw(st.integers(10, 30))
    found = excerpt(text, (start, end), width)
    assert len(found.text) <= width
    assert 0 <= found.start <= len(found.text)
    assert found.length >= 1


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("Søren O'Neil", "xxxxx x'xxxx"),
        ("+45 12-34", "+99 99-99"),
        ("a@b..com", "x@x..xxx"),
        ("山田 太郎", "xx xx"),
        ("", ""),
    ],
)
def test_the_shape_of_a_text(text: str, shape: str) -> None:
    assert masked(text) == shape


def test_of_a_row_only_some_cells_can_be_read() -> None:
    raw = '1,"Ann, B",12.50,x\n'
    cells = spans(raw, ",")
    assert masked_row(raw, cells, [0, 2]) == '1,"xxx, x",12.50,x\n'
    assert masked_row(raw, cells, []) == '9,"xxx, x",99.99,x\n'
    assert masked_row(raw, cells, [2, 7]) == '9,"xxx, x",12.50,x\n'


def test_of_an_object_only_the_names_can_be_read() -> None:
    raw = '{"name": "Ann \\"B\\"", "age":41, "ok": true, "tags": ["x1", {"y2" : null}]}'
    assert masked_object(raw) == (
        '{"name": "xxx \\"x\\"", "age":99, "ok": xxxx, "tags": ["x9", {"y2" : xxxx}]}'
    )


MAP = """\
richsync: 1
order:
  orderId: Id
  createdAt: When
  amount: total
  items: {name: product, price: total, quantity: =1}
  shippingCity: City
  orderName: "{Id} of {Name}"
  custom: {note: Note}
  fulfillment: {path: lines, id: Phone, items: {id: sku, name: sku, price: total, quantity: =1}}
customer: {uid: {first_of: [Mail, Id2]}, billingAddress: {city: Town}}
"""


def test_columns_that_feed_only_what_is_not_personal_can_be_read() -> None:
    assert readable_columns(load(MAP, "map")) == {"id", "when", "total", "product", "name"}
