"""Places in an export: which record a line is of, where a cell and where a member stands."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.exports import numbering, spans
from richsync.exports.members import member
from richsync.exports.numbering import Numbering
from richsync.model import Record

BATCHES = st.lists(st.lists(st.integers(1, 4), max_size=6), max_size=6)


def batch(first: int, heights: list[int]) -> list[Record]:
    """Records of so many lines each."""
    starts = [first + sum(heights[:at]) for at in range(len(heights))]
    return [(line, [], "") for line in starts]


@given(st.integers(1, 5), BATCHES)
def test_every_line_is_of_its_record(first: int, batches: list[list[int]]) -> None:
    numbered, line = Numbering(), first
    for heights in batches:
        numbered.take(batch(line, heights))
        line += sum(heights)
    heights = [each for every in batches for each in every]
    expected = [number for number, height in enumerate(heights, 1) for _ in range(height)]
    assert [numbered.at(first + offset) for offset in range(len(expected))] == expected
    assert numbered.count == len(heights)
    assert numbered.at(first - 1) is None


def test_records_on_one_line_and_after_very_many_jumps_are_not_numbered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crowded = Numbering()
    for line in (1, 1, 1, 2, 3):
        crowded.take([(line, {}, "")])
    assert [crowded.at(line) for line in (1, 2, 3)] == [None, 4, 5]
    monkeypatch.setattr(numbering, "_MOST", 2)
    numbered = Numbering()
    numbered.take(batch(2, [1, 2, 2, 2, 1]))
    assert [numbered.at(line) for line in (2, 3, 4, 5, 8)] == [1, 2, 2, None, None]
    assert Numbering().at(1) is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a,b,c\r\n", ["a", "b", "c"]),
        ('"a,1",,c', ['"a,1"', "", "c"]),
        ('"a\nb",c\n', ['"a\nb"', "c"]),
        ('"a""b",c\n', ['"a""b"', "c"]),
        ('a,"b,c\n', ["a", '"b,c']),
        ("", [""]),
    ],
)
def test_spans_are_the_cells(raw: str, expected: list[str]) -> None:
    assert [raw[start:end] for start, end in spans(raw, ",")] == expected


RECORD = '{"id": 7, "to": {"name": "A, \\"B\\"", "zip": null},"é": [1, {"sku": "x"}], "last": [] }'


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("id", 7),
        ("to.name", 'A, "B"'),
        ("to.zip", None),
        ("é[0]", 1),
        ("é[1].sku", "x"),
        ("é[]", 1),
        ("é", [1, {"sku": "x"}]),
        ("last", []),
    ],
)
def test_a_member_stands_where_its_value_is(path: str, expected: Any) -> None:
    for raw in (RECORD, json.dumps(json.loads(RECORD)), f"  {RECORD}\n"):
        found = member(raw, path)
        assert found is not None
        assert json.loads(raw[found[0] : found[1]]) == expected


@pytest.mark.parametrize("path", ["nope", "to.nope", "last[]", "id.x", "é[7]", "id[]"])
def test_what_is_not_there_stands_nowhere(path: str) -> None:
    assert member(RECORD, path) is None


@pytest.mark.parametrize("raw", ["", "{", '{"a"', '{"a":', '{"a": [', "[1]", '{"a" 1}'])
def test_broken_records_have_no_members_and_no_error(raw: str) -> None:
    assert member(raw, "b.c[]") is None
