from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.jsontext import Digits
from richsync.values import Bad
from richsync.verbs import VERBS, Arguments, Context, Lookup, Verb, VerbError, lookup_table, step

BERLIN = ZoneInfo("Europe/Berlin")
NOT_TEXT = Bad("RS310", "an object or a list")


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS.keys())
def test_the_example_of_every_verb_holds(verb: Verb) -> None:
    arguments, value, result = verb.example
    assert verb.doc
    assert verb.fewest <= len(arguments) <= verb.most
    assert step(verb.name, Arguments(arguments), Context())(value, None) == result


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
        ("date", ["iso"], "x", Bad("RS506")),
        ("abs", [], "+3.00", "3.00"),
        ("abs", [], "3.00", "3.00"),
        ("abs", [], -3, 3),
        ("abs", [], -12.5, 12.5),
        ("abs", [], True, "true"),
    ],
)
def test_what_a_verb_does(name: str, arguments: Sequence[str], value: object, result: object) -> None:
    assert step(name, Arguments(tuple(arguments)), Context(BERLIN))(value, None) == result


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("title", [], "there is no verb 'title'"),
        ("lower", ["x"], "lower takes 0 arguments, not 1"),
        ("split", [], "split takes 1 argument, not 0"),
        ("replace", ["a"], "replace takes 2 arguments, not 1"),
        ("number", [], "number takes 1 to 20 arguments, not 0"),
        ("split", [""], "split: the separator is empty"),
        ("replace", ["", "a"], "replace: nothing to look for"),
        *(
            ("item", [position], "item: items are counted from 1, or from -1 at the end")
            for position in ("0", "x", "", "1.0", "1_0", " 1", "+1", "²", "१", "-0", "9" * 5000)
        ),
        ("number", ["1.234"], "number: '1.234' can be read in two ways"),
        ("number", ["1234.56", "abc"], "number: 'abc' is not a number"),
        ("date", ["abc"], "date: 'abc' is not a date format"),
        ("date", ["%Q"], "bad directive"),
        ("date", ["%d%d"], "date: '%d%d' is not a date format"),
        ("date", ["%H:%M"], "does not hold year, month and day"),
    ],
)
def test_arguments_that_do_not_suit_a_verb_are_refused(
    name: str, arguments: Sequence[str], words: str
) -> None:
    with pytest.raises(VerbError) as refused:
        step(name, Arguments(tuple(arguments)), Context())
    assert words in str(refused.value)


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
        run = step(name, Arguments(tuple(arguments)), Context(BERLIN))
    except VerbError:
        return
    run(value, None)


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
