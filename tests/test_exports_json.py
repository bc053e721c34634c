"""JSON exports of every shape: lists, envelopes, objects over many lines, one after another."""

import io
import json
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.exports import open_export, sources
from richsync.exports.windows import Window
from richsync.model import Odd, ReadAs
from tests.exported import only, opened, read

ONE, TWO = {"id": 1}, {"id": 2}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[{"id": 1}, {"id": 2}]', [(1, ONE), (1, TWO)]),
        ('[\n  {\n    "id": 1\n  },\n  {"id": 2}\n]\n', [(2, ONE), (5, TWO)]),
        ('\n\n[\r\n{"id": 1},\r\n{"id": 2}]', [(4, ONE), (5, TWO)]),
        ('[\r{"id": 1},\r{"id": 2}\r]\r', [(2, ONE), (3, TWO)]),
        ('{"orders": [{"id": 1}, {"id": 2}]}', [(1, ONE), (1, TWO)]),
        ('{\n"orders": [\n{"id": 1},\n{"id": 2}]}', [(3, ONE), (4, TWO)]),
        ('{"items": [{"id": 1}], "total": 1}', [(1, ONE)]),
        ('{"total": 1, "next": null, "tags": ["a"], "data": [\n{"id": 1}\n]}', [(2, ONE)]),
        ('{"data": {"orders": {"nodes": [{"id": 1}]}}}', [(1, ONE)]),
        ('{"meta": {"page": 1}, "orders": [{"id": 1}], "links": {"next": "x"}}', [(1, ONE)]),
        ('{"notes": [], "orders": [{"id": 1}], "tags": [ ]}', [(1, ONE)]),
        ('{"order": {"id": 1}}', [(1, ONE)]),
        ('{"order": {"id": 1}}\n{"order": {"id": 2}}\n', [(1, ONE), (2, TWO)]),
        ('{"orders": [{"id": 1}]}\n{"orders": [{"id": 2}]}', [(1, ONE), (2, TWO)]),
        ('{\n  "id": 1\n}', [(1, ONE)]),
        ('{\n  "id": 1\n}\n{\n  "id": 2\n}\n', [(1, ONE), (4, TWO)]),
        ('{\n"id": 1}{\n"id": 2}', [(1, ONE), (2, TWO)]),
        ('{"id": 1\n, "x": "]}"}', [(1, {"id": 1, "x": "]}"})]),
        ('[{"id": "a\\"]}\\\\"}]', [(1, {"id": 'a"]}\\'})]),
        ('{"id": 1, "items": [{"sku": "a"}]}', [(1, {"id": 1, "items": [{"sku": "a"}]})]),
        ('{"orderId": 1,\n"items": [{"sku": "a"}]}', [(1, {"orderId": 1, "items": [{"sku": "a"}]})]),
        ('{\n"when": {"created": "x"}, "sum": 1\n}', [(1, {"when": {"created": "x"}, "sum": 1})]),
        ("{\n}\n", [(1, {})]),
        ('{"id": 1}\n\ufeff{"id": 2}\n', [(1, ONE), (2, TWO)]),
        ('[{"id": 1}]\n\ufeff[{"id": 2}]\n', [(1, ONE), (2, TWO)]),
    ],
)
def test_orders_are_found(text: str, expected: list[tuple[int, object]]) -> None:
    assert read(text.encode()) == expected


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ('{"a": [{"id": 1}], "b": [{"id": 2}]}', "b", [(1, TWO)]),
        ('{"id": 7, "b": [{"id": 2}]}', "b", [(1, TWO)]),
        ('{"ok": true, "order": {"id": 1}}', "order", [(1, ONE)]),
        ('{"x": {"b": [{"id": 2}], "c": [[{"id": 1}]]}, "y": [3]}', "x.b", [(1, TWO)]),
        ('{"b": 5}', "b", [(1, "RS221")]),
        ('{"id": 1}\n{"id": 2}\n', "b", [(1, ONE), (2, TWO)]),
        ('[{"id": 1}]', "b", [(1, ONE)]),
    ],
)
def test_the_path_is_told(text: str, path: str, expected: list[tuple[int, object]]) -> None:
    assert read(text.encode(), ReadAs(path=tuple(path.split(".")))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[]", [(1, "RS102")]),
        ('{"orders": []}', [(1, "RS102")]),
        ('[{"id": 1}, 5, null, {"id": 2}]', [(1, ONE), (1, "RS221"), (1, "RS221"), (1, TWO)]),
        ('[{"id": 1},\n{"id": nope},\n{"id": 2}]', [(1, ONE), (2, "RS220"), (3, TWO)]),
        ('[{"id": 1, "id": 2},\n{"id": 2}]', [(1, "RS222"), (2, TWO)]),
        ('[{"id": 1},\n{"id": 2', [(1, ONE), (2, "RS223")]),
        ('[{"id": 1}\n{"id": 2}]', [(1, ONE), (2, "RS223")]),
        ('[{"id": 1},\n]', [(1, ONE), (2, "RS223")]),
        ('[{"id": 1}', [(1, ONE), (1, "RS223")]),
        ('[{"id": 1}]\nxyz', [(1, ONE), (2, "RS223")]),
        ('{"orders" [{"id": 1}]}', [(1, "RS220")]),
        ('{\n"orders" [{"id": 1}]}', [(1, "RS220")]),
        ('{"orders": [\n{"id": 1}], oops}', [(2, ONE), (2, "RS223")]),
        ('{"id": 1\n{"id": 2}\n', [(1, "RS220"), (2, TWO)]),
        ('{"a": [{"id": 1}], "b": [{"id": 2}]}', [(1, "RS223")]),
        ('[{"id": 1},\n{"id": "\udcff"}]', [(1, ONE), (2, "RS104")]),
    ],
)
def test_odd_json(text: str, expected: list[tuple[int, object]]) -> None:
    assert read(text.encode(errors="surrogateescape")) == expected


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (
            '{"a": [{"id": 1}], "b": [{"id": 2}]}',
            "several lists could be the orders: a, b; say which, `path: a` under `export:` in the map",
        ),
        ('[{"id": 1}\n{"id": 2}]', "line 2: ',' or ']' is expected, and '{' stands there"),
        ('[{"id": 1},\n', "line 2: a value is expected, and the end of the file stands there"),
        ('[{"id": 1},\n{"id": "2}]', "what begins on line 2 is never closed: it was not read"),
        ('[{"id": 1}]\nxyz', "line 2: an object is expected, and 'x' stands there"),
        ('[{"id":\n "a",\n"b": nope}]', "Expecting value, line 3 of it, column 6"),
        ('[{"id": nope}]', "Expecting value, column 8"),
        ("[1,\n2]", "it is a number, not an object"),
    ],
)
def test_what_is_lost_says_where(text: str, note: str) -> None:
    assert only(text.encode(), ReadAs(format="jsonl")).note == note


def test_a_list_beside_the_orders_that_comes_late_is_asked_about() -> None:
    orders = [{"id": number, "note": "x" * 100} for number in range(2000)]
    text = json.dumps({"orders": orders, "customers": [{"id": 1}]})
    *records, (_, odd, _) = opened(text.encode())
    assert [row for _, row, _ in records] == orders
    assert odd == Odd(
        "RS223",
        "several lists could be the orders: orders, customers; "
        "say which, `path: orders` under `export:` in the map",
    )
    assert len(read(text.encode(), ReadAs(path=("orders",)))) == len(orders)


def test_an_object_over_many_lines_is_handed_on_as_one() -> None:
    text = '[\n  {\n    "id": 1,\n    "note": "a  b"\n  }, {"id":  2}]'
    with opened(text.encode()) as export:
        raws = [raw for _, _, raw in export]
        assert raws == ['{ "id": 1, "note": "a  b" }\n', '{"id":  2}\n']
        assert (export.line, export.newline, export.format) == (5, "\n", "json")


def test_an_object_is_never_longer_than_a_line_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("richsync.exports.windows.LONGEST", 50_000)
    text = '[{"id": 1},\n{"id": "' + "x" * 500_000 + '"}]'
    with opened(text.encode()) as export:
        *records, (line, odd, _) = export
        assert (len(records), line) == (1, 2)
        assert odd == Odd("RS223", "what begins on line 2 is longer than 50000 characters")


def test_no_more_is_held_than_a_few_objects() -> None:
    held = 0

    class Counting(Window):
        def ahead(self, count: int) -> str:
            nonlocal held
            text = super().ahead(count)
            held = max(held, len(text))
            return text

    pieces = iter(["[", *['{"id": "' + "x" * 50_000 + '"},' for _ in range(100)], "{}]"])
    window = Counting(pieces)
    window.skip("[")
    more = ","
    while more == ",":
        window.take()
        window.ahead(1)
        more = window.skip(",]")
    assert held < 300_000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.sampled_from('ab"\\{}[],:\n\ré')),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "ü"]), inner),
    max_leaves=6,
)
OBJECTS = st.lists(
    st.dictionaries(st.sampled_from(["x", "y"]), JSON).map(lambda row: {"id": 1} | row), min_size=1
)
SHAPES: list[Callable[[list[dict[str, object]], int | None], str]] = [
    lambda rows, indent: json.dumps(rows, indent=indent, ensure_ascii=False),
    lambda rows, indent: json.dumps({"orders": rows}, indent=indent),
    lambda rows, indent: json.dumps({"count": 5, "data": {"list": rows}} | {"data": rows}, indent=indent),
    lambda rows, indent: "\n".join(json.dumps(row, indent=indent) for row in rows),
    lambda rows, indent: "\n".join(json.dumps({"order": row}, indent=indent) for row in rows),
]


@given(
    rows=OBJECTS,
    shape=st.sampled_from(SHAPES),
    indent=st.sampled_from([None, 0, 2]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    block=st.sampled_from([1, 7, 65536]),
)
def test_objects_come_back_whatever_they_are_put_in(
    rows: list[dict[str, object]],
    shape: Callable[[list[dict[str, object]], int | None], str],
    indent: int | None,
    end: str,
    block: int,
) -> None:
    text = shape(rows, indent).replace("\n", end)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "BLOCK", block)
        with open_export("-", ReadAs(), io.BytesIO(text.encode())) as export:
            records = list(export)
    assert [row for _, row, _ in records] == rows
    lines = [line for line, _, _ in records]
    assert lines == sorted(lines)
    assert all(json.loads(raw) == row and not re.search(r"[\r\n].", raw) for _, row, raw in records)
