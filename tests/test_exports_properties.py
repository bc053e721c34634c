"""Random exports come back cell for cell, at their places, in whatever blocks they are read."""

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from richsync.exports import locate, open_export, sources
from richsync.model import ReadAs

SIGNS = st.sampled_from([*'",;\t|ab1 ', "\n", "\r", "\r\n", "é", "\U0001d4b3", "\u2028"])
CELLS = st.lists(SIGNS, max_size=8).map("".join)
LINE_ENDS = re.compile(r"\r\n?|\n")
NAMES = ["id", "name", "note", "amount"]


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Rows as wide as the header; the first cell is an id, so that none is empty or the header again."""
    width = draw(st.integers(2, 4))
    rows = draw(st.lists(st.lists(CELLS, min_size=width - 1, max_size=width - 1), min_size=1, max_size=8))
    return [NAMES[:width], *([f"{number}", *row] for number, row in enumerate(rows))]


def written(rows: list[list[str]], delimiter: str, end: str, last: bool) -> str:
    # The writer quotes a line break only when it is part of its own line end.
    quote: Literal[0, 1] = csv.QUOTE_MINIMAL if end == "\r\n" else csv.QUOTE_ALL
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quote).writerows(rows)
    return out.getvalue() if last else out.getvalue().removesuffix(end)


@contextmanager
def blocks_of(size: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "BLOCK", size)
        yield


@given(
    rows=tables(),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
    block=st.sampled_from([1, 2, 3, 7, 64, 65536]),
    packed=st.booleans(),
)
@example(rows=[["id", "name"], ["1", "\r"]], delimiter=",", end="\r\n", last=False, block=1, packed=False)
def test_a_table_comes_back(
    rows: list[list[str]], delimiter: str, end: str, last: bool, block: int, packed: bool
) -> None:
    text = written(rows, delimiter, end, last)
    data = gzip.compress(text.encode()) if packed else text.encode()
    with blocks_of(block + packed), open_export("-", ReadAs(delimiter=delimiter), io.BytesIO(data)) as export:
        records = list(export)
    assert [row for _, row, _ in records] == rows[1:]
    assert export.header + "".join(raw for _, _, raw in records) == text
    assert (list(export.columns), export.newline) == (rows[0], end)
    before = export.header
    for line, row, raw in records:
        assert line == len(LINE_ENDS.findall(before)) + 1
        for index, cell in enumerate(row):
            assert cell_at(raw, locate(raw, index, delimiter), delimiter) == cell
        before += raw


def cell_at(raw: str, place: tuple[int, int], delimiter: str) -> str:
    """The cell that starts at a place, by the csv module's own reading of the text from there."""
    lines = io.StringIO(raw, newline="").readlines()
    below = lines[place[0] :]
    below[0] = below[0][place[1] - 1 :]
    return "".join(next(csv.reader(below, delimiter=delimiter, strict=True), [])[:1])


@given(rows=tables(), delimiter=st.sampled_from(",;\t|"))
def test_the_delimiter_is_found_when_the_header_leaves_no_doubt(
    rows: list[list[str]], delimiter: str
) -> None:
    data = written(rows, delimiter, "\n", last=True).encode()
    with open_export("-", ReadAs(), io.BytesIO(data)) as export:
        assert (export.delimiter, list(export.columns)) == (delimiter, rows[0])


@given(
    objects=st.lists(st.dictionaries(CELLS, CELLS | st.integers() | st.none() | st.booleans()), min_size=1),
    block=st.sampled_from([1, 5, 65536]),
)
def test_objects_come_back(objects: list[dict[str, object]], block: int) -> None:
    text = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in objects)
    with blocks_of(block), open_export("-", ReadAs(), io.BytesIO(text.encode())) as export:
        records = list(export)
    assert [row for _, row, _ in records] == objects
    assert [line for line, _, _ in records] == [*range(1, len(objects) + 1)]
    assert "".join(raw for _, _, raw in records) == text


@given(
    data=st.binary(max_size=200)
    | st.lists(st.sampled_from([*b'id,name\n\r";{}[]1 \xff\xef\xbb\xbf\x00'])).map(bytes),
    block=st.sampled_from([1, 4, 65536]),
)
@example(data=b"\x1f\x8b", block=1)
@example(data=b"\xff\xfe", block=1)
@example(data=b'"', block=1)
def test_anything_at_all_is_read_to_an_end(data: bytes, block: int) -> None:
    with blocks_of(block), open_export("-", ReadAs(), io.BytesIO(data)) as export:
        records = list(export)
        assert export.records == len(records) > 0
        assert export.bytes_read <= len(data)
