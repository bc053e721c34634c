import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.jsontext import (
    SAFE_INTEGER,
    Digits,
    DuplicateKeyError,
    JsonTextError,
    dumps,
    loads,
    pretty,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-SAFE_INTEGER, SAFE_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4)
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12345678901234567890123", 12345678901234567890123),
        ("1.10", Digits("1.10")),
        ("-0.0", Digits("-0.0")),
        ("1E5", Digits("1E5")),
        ("9" * 101, Digits("9" * 101)),
        ("9" * 5000, Digits("9" * 5000)),
        ('"1.10"', "1.10"),
        ("[1, true, null]", [1, True, None]),
    ],
)
def test_no_digit_is_lost(text: str, expected: object) -> None:
    value = loads(text)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(("text", "expected"), [("1.10", 1.1), ("1e2", 100.0), ("7", 7), ("9" * 101, 1e101)])
def test_a_receiver_reads_doubles(text: str, expected: float) -> None:
    value = loads(text, exact=False)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize("text", ["1e400", "-1e400", "9" * 400])
def test_a_receiver_refuses_what_no_double_holds(text: str) -> None:
    with pytest.raises(JsonTextError, match="range of a double"):
        loads(text, exact=False)


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize(
    "text", ['{"a": 1, "b": 2, "a": 1}', '[{"x": {"a": 1, "a": 2}}]', '{"a": 1, "\\u0061": 2}']
)
def test_a_key_that_stands_twice_is_reported(text: str, exact: bool) -> None:
    with pytest.raises(DuplicateKeyError, match="'a' stands twice"):
        loads(text, exact=exact)


@pytest.mark.parametrize(
    ("text", "column"),
    [("", 1), ("nope", 1), ("[1,]", 4), ('{"a" 1}', 6), ("1 2", 3), ('"\n"', 2), ("\ufeff1", 1), ("01", 2)],
)
def test_what_is_not_json_is_placed(text: str, column: int) -> None:
    with pytest.raises(JsonTextError) as caught:
        loads(text)
    assert caught.value.column == column


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a": -Infinity}', "[" * 100_000, '{"a":' * 100_000])
def test_what_python_would_let_through_is_refused(text: str) -> None:
    with pytest.raises(JsonTextError):
        loads(text)


@given(VALUES)
def test_ascii_decodes_to_the_same_value(value: Any) -> None:
    data = dumps(value)
    assert data.isascii()
    assert json.loads(data) == value
    assert loads(data.decode(), exact=False) == value


@given(VALUES)
def test_pretty_says_the_same(value: Any) -> None:
    assert json.loads(pretty(value)) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": [1, "x/y"]}, b'{"a":[1,"x/y"]}'),
        ("Zo\u00eb\U0001f600", b'"Zo\\u00eb\\ud83d\\ude00"'),
        (SAFE_INTEGER + 1, b'"9007199254740993"'),
        ({"a": (-(10**30), True, None)}, b'{"a":["-1000000000000000000000000000000",true,null]}'),
        ({1: Digits("1.10")}, b'{"1":"1.10"}'),
    ],
)
def test_writing(value: object, expected: bytes) -> None:
    assert dumps(value) == expected


def circle() -> list[object]:
    held: list[object] = []
    held.append(held)
    return held


@pytest.mark.parametrize("value", ["\ud800", {"\udfff": 1}, [["a\ud83d"]], object(), circle()])
def test_what_json_cannot_hold_is_our_error(value: object) -> None:
    for write in (dumps, pretty):
        with pytest.raises(JsonTextError):
            write(value)


def test_a_lone_surrogate_is_read_and_refused_when_written() -> None:
    with pytest.raises(JsonTextError, match="surrogates"):
        dumps(loads('"\\ud800"'))


def test_escaping_leaves_ascii_alone() -> None:
    assert dumps("a\u20ac/\U00010000") == b'"a\\u20ac/\\ud800\\udc00"'
