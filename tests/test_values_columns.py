"""A column read at once gives what its cells give one by one, or is left to them."""

from collections.abc import Sequence
from itertools import takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from richsync.schema import Kind
from richsync.values import (
    READERS,
    Read,
    at_once,
    in_stretches,
    is_email,
    moment_reader,
    number_reader,
    number_style,
    plain_emails,
    quantity_reader,
)

PLAIN = (number_style("1.5"),)
AT_ONCE = at_once(PLAIN, ("iso",))
ONE_BY_ONE: dict[Kind, Read] = {
    **READERS,
    Kind.NUMBER: number_reader(PLAIN),
    Kind.QUANTITY: quantity_reader(PLAIN),
    Kind.MOMENT: moment_reader(("iso",), None),
}
CELLS = st.lists(
    st.one_of(
        st.sampled_from(
            ("", "0", "7", "007", "1e3", "1.0", "-3.50", "1,5", "٣", "1\n2", "²", "n/a", "A-1", "#9")
        ),
        st.from_regex(r"[+-]?[0-9]{1,9}\.[0-9]{1,3}", fullmatch=True),
        st.from_regex(r"[0-9]{1,16}", fullmatch=True),
        st.from_regex(
            r"20[0-9]{2}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-5][0-9]:[0-6][0-9](Z|[+-][01][0-9]:30)"
        ),
        st.text(alphabet="aZ0é+#.@ \n", max_size=4),
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize(
    ("kind", "cells", "values"),
    [
        (Kind.NUMBER, ("1.50", "0.00", "-3.25"), [1.5, 0.0, -3.25]),
        (Kind.NUMBER, ("1", "20"), [1, 20]),
        (Kind.QUANTITY, ("1", "02"), [1, 2]),
        (Kind.KEY, ("A1", "02"), ("A1", "02")),
        (Kind.IDENTIFIER, ("A-1", "0.2"), ("A-1", "0.2")),
        (Kind.UID, ("Ann@B.co", " a@b"), ["ann@b.co", "a@b"]),
        (Kind.MOMENT, ("1970-01-01T00:00:01Z", "1970-01-01 02:00:00+02:00"), [1000, 0]),
    ],
    ids=str,
)
def test_a_plain_column_is_read_at_once(kind: Kind, cells: Sequence[str], values: object) -> None:
    assert AT_ONCE[kind](cells) == values


@pytest.mark.parametrize(
    ("kind", "cells", "values"),
    [
        (Kind.NUMBER, ("1.50", "", "2.50"), [1.5]),
        (Kind.NUMBER, ("1.50", "2"), [1.5]),
        (Kind.NUMBER, ("3", "1.50"), [3]),
        (Kind.NUMBER, ("0.50", "1.50\n2.50"), []),
        (Kind.NUMBER, ("1234567890123456.5",), []),
        (Kind.QUANTITY, ("1", "0"), [1]),
        (Kind.QUANTITY, ("1", "2.0"), [1]),
        (Kind.KEY, ("A1", "", "A2"), ("A1",)),
        (Kind.KEY, ("A1", "1.0"), ()),
        (Kind.KEY, ("A1", "none"), ()),
        (Kind.IDENTIFIER, ("1", "1E+5"), ()),
        (Kind.UID, ("a@b.co", "+45 12 34 56 78"), ()),
        (Kind.MOMENT, ("1970-01-01T00:00:01Z", "2024-02-30T00:00:00Z", "1970-01-01T00:00:01Z"), [1000]),
        (Kind.MOMENT, ("2024-02-03T00:00:00",), []),
        (Kind.NUMBER, (), []),
    ],
    ids=str,
)
def test_a_column_is_read_at_once_as_far_as_it_is_plain(
    kind: Kind, cells: Sequence[str], values: object
) -> None:
    assert AT_ONCE[kind](cells) == values


def test_no_number_and_no_date_is_plain_where_the_export_writes_them_in_another_way() -> None:
    assert set(at_once((number_style("1.234,56"),), ("%d/%m/%Y",))) == {Kind.KEY, Kind.IDENTIFIER, Kind.UID}


@settings(max_examples=100)
@given(CELLS, st.sampled_from(sorted(AT_ONCE)))
def test_what_is_read_at_once_is_what_is_read_one_by_one(cells: list[str], kind: Kind) -> None:
    found = AT_ONCE[kind](cells)
    each = [ONE_BY_ONE[kind](cell) for cell in cells[: len(found)]]
    assert [(type(value), value) for value in found] == [(type(value), value) for value in each]


@given(st.lists(st.integers(0, 3), max_size=200), st.integers(1, 3))
def test_what_is_read_in_stretches_is_what_is_read_one_by_one(values: list[int], odd: int) -> None:
    def at_once(given: Sequence[int]) -> Sequence[int]:
        return [2 * each for each in takewhile(lambda each: each < odd, given)]

    made = in_stretches(values, at_once(values), at_once, lambda some: [2 * each for each in some])
    assert made == [2 * each for each in values]


@pytest.mark.parametrize(
    ("texts", "count"),
    [
        (("a@b.co", "ann.lee+x@mail.example.com"), 2),
        (("a@b.co", "", "a@b.co"), 1),
        (("a@b.co", "a@b"), 1),
        (("a@b.co\na@b.co",), 0),
        (("Ann <a@b.co>",), 0),
        (("ä@b.co",), 0),
    ],
    ids=ascii,
)
def test_addresses_of_the_commonest_form_are_known_together(texts: Sequence[str], count: int) -> None:
    assert plain_emails(texts) == count


@settings(max_examples=100)
@given(st.lists(st.text(alphabet="aA1.@-+_ \n,", max_size=8) | st.emails(), min_size=1, max_size=3))
def test_addresses_known_together_are_addresses(texts: list[str]) -> None:
    assert all(map(is_email, texts[: plain_emails(texts)]))
