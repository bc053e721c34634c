from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.jsontext import Digits
from richsync.values import Bad, number_style
from richsync.verbs import VERBS, Arguments, Context, Lookup, Verb, VerbError, lookup_table, step

BERLIN = ZoneInfo("Europe/Berlin")
NOT_TEXT = Bad("RS310", "an object or a list")


class Row(dict[str, object]):
    """A row by the names of its columns, and what fetches from it."""

    @staticmethod
    def fetch(name: str) -> Callable[[Any], object]:
        return lambda row: row.get(name, "")


CONTEXT = Context(BERLIN, Row.fetch)
GERMAN = CONTEXT._replace(numbers=(number_style("1.234,56 €"),))


def run(name: str, arguments: Arguments, value: object, row: Mapping[str, object] | None = None) -> object:
    return step(name, arguments, CONTEXT)(value, row or {})


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS.keys())
def test_the_example_of_every_verb_holds(verb: Verb) -> None:
    example = verb.example
    assert verb.doc
    assert (
        step(verb.name, example.arguments, Context(fetch=Row.fetch))(example.value, example.row)
        == example.result
    )


@pytest.mark.parametrize(
    ("name", "arguments", "value", "result"),
    [
        ("lower", [], ["A", "B"], ["a", "b"]),
        ("lower", [], ["A", None, ""], ["a"]),
        ("lower", [], 12, "12"),
        ("lower", [], True, "true"),
        ("lower", [], {"a": 1}, NOT_TEXT),
        ("upper", [], "straße", "STRASSE"),
        ("strip", ["#"], "## 1001 #", "1001"),
        ("strip", ["#"], ["#1", "#2"], ["1", "2"]),
        ("replace", ["$", ""], "$ 12.50", "12.50"),
        ("replace", ["wc-", ""], ["wc-paid", "wc-sent"], ["paid", "sent"]),
        ("replace", [".", ""], "1.2.3", "123"),
        ("split", [","], " A,, B ,", ["A", "B"]),
        ("split", ["\n"], "one\ntwo", ["one", "two"]),
        ("split", [","], ["A,B"], NOT_TEXT),
        ("split", ["."], Digits("1.50"), ["1", "50"]),
        ("item", ["1"], ["A", "B"], "A"),
        ("item", ["-2"], ["A", "B"], "A"),
        ("item", ["3"], ["A", "B"], ""),
        ("item", ["-3"], ["A", "B"], ""),
        ("item", ["1"], "A", "A"),
        ("item", ["2"], "A", ""),
        ("join", [", "], ["A", "", None, 1], "A, 1"),
        ("join", [", "], [], ""),
        ("join", [", "], "A", "A"),
        ("join", [", "], ["A", {"b": 1}], NOT_TEXT),
        ("number", ["1.234,56", "1234.56"], "12.50", 12.5),
        ("number", ["1.234,56"], "1.234,50", 1234.5),
        ("number", ["1.234,56"], "x", Bad("RS501")),
        ("date", ["%d.%m.%Y", "iso"], "2024-03-05T00:00Z", 1709596800000),
        ("date", ["%d.%m.%Y"], "05.03.2024", 1709593200000),
        ("date", ["epoch"], 1709596800, 1709596800000),
        ("date", ["iso"], "x", Bad("RS506", " (iso)")),
        ("title", [], "anna-lena o'neill's cup", "Anna-Lena O'Neill's Cup"),
        ("replace", ["/wc-(\\w+)/", "[\\1]"], "wc-paid wc-sent", "[paid] [sent]"),
        ("replace", ["/(a)(b)?/", "\\2-\\1"], "ab a", "b-a -a"),
        ("replace", ["/", "-"], "a/b", "a-b"),
        ("replace", ["//", "-"], "a//b", "a-b"),
        ("pattern", ["#(\\d+)"], "Order #1001 of 2", "1001"),
        ("pattern", ["[A-Z]{3}"], ["250 AED", "none", "5 USD"], ["AED", "", "USD"]),
        ("pattern", ["x"], "abc", ""),
        ("pattern", ["(?P<n>\\d+)x (?P<name>.+)"], "2x Tea", {"n": "2", "name": "Tea"}),
        ("split", ["/\\s*[,;]\\s*/"], "A , B;C", ["A", "B", "C"]),
        ("split", ["/"], "A/B", ["A", "B"]),
        ("item", ["name"], {"name": "Tea"}, "Tea"),
        ("item", ["name"], {"other": "Tea"}, ""),
        ("item", ["name"], "Tea", Bad("RS310", "a text, which has no member 'name'")),
        ("item", ["name"], [{"name": "Tea"}, {"other": "Tea"}, None], ["Tea", "", ""]),
        ("item", ["name"], [{"name": "A"}, "Tea"], Bad("RS310", "a text, which has no member 'name'")),
        ("first_name", [], "Anna", "Anna"),
        ("last_name", [], "Anna", ""),
        ("digits", [], "none", ""),
        ("json", [], '{"a": [1, 1.10]}', {"a": [1, "1.10"]}),
        ("json", [], "{a}", Bad("RS310", "text that is not JSON")),
        ("json", [], ["A"], ["A"]),
        ("abs", [], "+3.00", "3"),
        ("abs", [], -12.5, "12.5"),
        ("abs", [], "abc", Bad("RS501")),
        ("abs", [], True, Bad("RS501")),
        ("negate", [], "0.00", "0"),
        ("negate", [], "-3", "3"),
        ("scale", ["-1.5"], "2", "-3"),
        ("minor_units", ["2"], "5950", "59.5"),
        ("minor_units", ["3"], 5950, "5.95"),
        ("minor_units", ["0"], "5950", "5950"),
        ("minor_units", ["2"], "x", Bad("RS501")),
        ("epoch", ["ms"], 1709596800000, 1709596800000),
        ("epoch", ["us"], "1709596800000000", 1709596800000),
        ("boolean", [], "ja", True),
        ("boolean", ["A", "B"], "b", False),
        ("boolean", ["A", "B"], "C", Bad("RS518")),
        ("drop_if", ["-", "n/a"], ["A", "-", 1], ["A", 1]),
        ("drop_if", ["-"], {"a": 1}, {"a": 1}),
        ("drop_if", ["0"], 0, ""),
    ],
)
def test_what_a_verb_does(name: str, arguments: Sequence[str], value: object, result: object) -> None:
    assert run(name, Arguments(tuple(arguments)), value) == result


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("titel", [], "there is no verb 'titel'"),
        ("lower", ["x"], "lower takes 0 arguments, not 1"),
        ("split", [], "split takes 1 argument, not 0"),
        ("replace", ["a"], "replace takes 2 arguments, not 1"),
        ("number", [], "number takes 1 to 20 arguments, not 0"),
        ("split", [""], "split: the separator is empty"),
        ("replace", ["", "a"], "replace: nothing to look for"),
        *(
            ("item", [position], "item: items are counted from 1, or from -1 at the end")
            for position in ("0", "", "1.0", "1_0", " 1", "+1", "१", "-0", "9" * 5000)
        ),
        ("number", ["1.234"], "number: '1.234' can be read in two ways"),
        ("number", ["1234.56", "abc"], "number: 'abc' is not a number"),
        ("date", ["abc"], "date: 'abc' is not a date format"),
        ("date", ["%Q"], "bad directive"),
        ("date", ["%d%d"], "date: '%d%d' is not a date format"),
        ("date", ["%H:%M"], "does not hold year, month and day"),
        ("replace", ["/(/", "a"], "replace: '(' is not a pattern: missing )"),
        ("replace", ["/a/", "\\1"], "names a group that the pattern does not have"),
        ("replace", ["/(a)/", "\\0"], "names a group that the pattern does not have"),
        ("pattern", ["["], "pattern: '[' is not a pattern"),
        ("split", ["/[/"], "split: '[' is not a pattern"),
        ("epoch", ["h"], "epoch: 'h' is not a unit: one of s, ms, us"),
        ("scale", ["1e3"], "scale: '1e3' is not a factor"),
        ("minor_units", ["10"], "a currency has at most 9 digits"),
        ("boolean", ["SIM"], "boolean: it needs the words for true and those for false"),
        ("boolean", ["A", "B", "C"], "boolean takes 0 to 2 arguments, or a table, not 3"),
        ("only_if", [], "only_if takes a table, not 0"),
    ],
)
def test_arguments_that_do_not_suit_a_verb_are_refused(
    name: str, arguments: Sequence[str], words: str
) -> None:
    with pytest.raises(VerbError) as refused:
        step(name, Arguments(tuple(arguments)), Context())
    assert words in str(refused.value)


def table(**lines: str | list[str]) -> Arguments:
    """The lines of a table; `_` in a name stands for a space."""
    pairs = ((name.replace("_", " "), words) for name, words in lines.items())
    return Arguments(
        table=tuple((name, (words,) if isinstance(words, str) else tuple(words)) for name, words in pairs)
    )


@pytest.mark.parametrize(
    ("name", "arguments", "value", "result"),
    [
        ("only_if", table(Cancelled_at="filled"), "cancelled", ""),
        ("only_if", table(Type="Order"), "x", "x"),
        ("only_if", table(Type=["Refund", "Fee"]), "x", ""),
        ("only_if", table(Type="filled", Empty="empty"), "x", "x"),
        ("only_if", table(Type="filled", Empty="filled"), "x", ""),
        ("only_if", table(Empty=["empty", "Order"]), ["x"], ["x"]),
        ("only_if", table(List="Order"), "x", ""),
        ("boolean", table(true=["SIM", "S"], false="NÃO"), "s", True),
        ("boolean", table(true=["SIM", "S"], false="NÃO"), "não", False),
        ("date", table(timezone="UTC"), "2024-03-05", 1709596800000),
        ("date", table(formats="%d.%m.%Y", timezone="America/New_York"), "05.03.2024", 1709614800000),
        ("date", Arguments(table=(("timezone_from", ("Zone",)),)), "2024-03-05", 1709614800000),
        ("date", Arguments(table=(("timezone_from", ("Empty",)),)), "2024-03-05", 1709593200000),
        ("date", Arguments(table=(("timezone_from", ("List",)),)), "2024-03-05", NOT_TEXT),
        (
            "date",
            Arguments(table=(("timezone_from", ("Type",)),)),
            "2024-03-05",
            Bad("RS506", ": 'Order' is not a time zone: use a name like Europe/Berlin, or UTC"),
        ),
    ],
)
def test_what_a_verb_does_with_a_table(
    name: str, arguments: Arguments, value: object, result: object
) -> None:
    row = {"Type": "Order", "Empty": " ", "Zone": "Eastern Time (US & Canada)", "List": ["a"]}
    assert run(name, arguments, value, row) == result


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("lower", table(a="b"), "lower takes 0 arguments, not a table"),
        ("date", table(zone="UTC"), "there is no 'zone' in it, only formats, timezone, timezone_from"),
        ("date", table(timezone="Mars"), "'Mars' is not a time zone"),
        ("date", table(timezone=["UTC", "UTC"]), "a time zone is one word"),
        ("boolean", table(true="SIM"), "it needs the words for true and those for false"),
    ],
)
def test_a_table_that_does_not_suit_a_verb_is_refused(name: str, arguments: Arguments, words: str) -> None:
    with pytest.raises(VerbError) as refused:
        step(name, arguments, CONTEXT)
    assert words in str(refused.value)


# arithmetic

ROW: Mapping[str, object] = {
    "Quantity": "3",
    "Half": "1.234,5",
    "Zero": "0",
    "Empty": "",
    "Bad": "x",
    "Other": "1,234.50",
    "Number": 7,
    "Tax": "-0,50 €",
    "EUR": "eur",
    "JPY": "JPY",
    "List": ["EUR"],
}


@pytest.mark.parametrize(
    ("name", "words", "value", "result"),
    [
        ("plus", ["Half", "Tax", "Empty"], "1,00", "1235"),
        ("plus", ["Number"], 2.5, "9.5"),
        ("plus", ["Bad"], "1", Bad("RS501", " in 'Bad'", text="x")),
        (
            "plus",
            ["Other"],
            "1",
            Bad("RS502", " in 'Other' (1.234,56 €): it is like 1,234.56", text="1,234.50"),
        ),
        ("plus", ["Number"], "x", Bad("RS501")),
        ("minus", ["Tax"], "0,10", "0.6"),
        ("minus", ["Empty"], "0,10", "0.1"),
        ("times", ["Quantity"], "0,10", "0.3"),
        ("times", ["Empty"], "0,10", ""),
        ("divide_by", ["Quantity"], "10,00", "3.33333333333333"),
        ("divide_by", ["Quantity"], "0,30", "0.1"),
        ("divide_by", ["Zero"], "1", Bad("RS501", ": it is divided by zero")),
        ("divide_by", ["Empty"], "1", ""),
        ("minor_units", ["EUR"], "5950", "59.5"),
        ("minor_units", ["JPY"], "5950", "5950"),
        ("minor_units", ["EUR"], "x", Bad("RS501")),
        ("abs", [], "-1.234,50 €", "1234.5"),
    ],
)
def test_arithmetic_between_columns(name: str, words: Sequence[str], value: object, result: object) -> None:
    assert step(name, Arguments(tuple(words)), GERMAN)(value, ROW) == result


@pytest.mark.parametrize("column", ["Empty", "Quantity", "List"])
def test_minor_units_need_a_currency(column: str) -> None:
    found = step("minor_units", Arguments((column,)), GERMAN)("5950", ROW)
    assert found == Bad("RS501", ": without the code of its currency the minor units are not known")


MONEY = st.decimals(-(10**9), 10**9, places=2)


@given(MONEY, st.lists(MONEY, min_size=1, max_size=5))
def test_sums_are_exact_to_the_digit(value: Decimal, others: list[Decimal]) -> None:
    row = {str(i): f"{other:f}" for i, other in enumerate(others)}
    plus, minus = (step(name, Arguments(tuple(row)), CONTEXT) for name in ("plus", "minus"))
    total = plus(f"{value:f}", row)
    assert Decimal(str(total)) == value + sum(others)
    assert Decimal(str(minus(total, row))) == value


@given(MONEY, st.integers(1, 1000))
def test_a_price_times_its_quantity_is_the_total_to_15_digits(price: Decimal, quantity: int) -> None:
    row = {"Quantity": quantity}
    total = step("times", Arguments(("Quantity",)), CONTEXT)(f"{price:f}", row)
    assert Decimal(str(total)) == price * quantity
    assert Decimal(str(step("divide_by", Arguments(("Quantity",)), CONTEXT)(total, row))) == price


def test_a_pattern_without_end_is_stopped_in_every_verb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("richsync.patterns._SECONDS", 0.02)
    hostile = "(a|a)*$"
    for name, words in (
        ("pattern", [f"^{hostile}"]),
        ("split", [f"/^{hostile}/"]),
        ("replace", [f"/^{hostile}/", ""]),
    ):
        found = run(name, Arguments(tuple(words)), "a" * 60 + "!")
        assert isinstance(found, Bad)
        assert found.code == "RS308"


@given(
    st.sampled_from(list(VERBS)),
    st.lists(st.sampled_from(["", "1", "-1", ",", "%d.%m.%Y", "1.234,56", "iso"]) | st.text(), max_size=3),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.just(Digits("-1.50")),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
        max_leaves=5,
    ),
)
def test_a_verb_refuses_its_arguments_at_once_or_never_raises(
    name: str, arguments: list[str], value: object
) -> None:
    try:
        made = step(name, Arguments(tuple(arguments)), CONTEXT)
    except VerbError:
        return
    made(value, dict.fromkeys(arguments, value))


@pytest.mark.parametrize(
    ("written", "found"),
    [("3", "shipped"), ("Paid", "PAID"), ("PAID", "paid"), ("paid", "paid"), ("pAiD", "paid"), ("x", None)],
)
def test_a_lookup_finds_the_exact_word_first_then_without_regard_to_case(
    written: str, found: str | None
) -> None:
    pairs = {"3": "shipped", "Paid": "PAID", "PAID": "paid"}
    assert Lookup(lookup_table(pairs)).find(written) == found


@given(st.dictionaries(st.text(), st.text()))
def test_every_word_of_a_lookup_is_found_as_it_is_written(pairs: dict[str, str]) -> None:
    lookup = Lookup(lookup_table(pairs))
    assert {word: lookup.find(word) for word in pairs} == pairs
