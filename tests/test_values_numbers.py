"""Numbers with what stands around them: signs, parentheses, marks of currencies."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.values import PLAIN_STYLE, Bad, NumberStyle, minor_digits, number_reader, number_style

EXAMPLES = [
    "$1,234.56",
    "1.234,56 €",
    "R$1.093,18",
    "(1,234.56)",
    "USD 5950",
    "250 AED",
    "1 234,56-",
    "Rs. 0.5",
]


@pytest.mark.parametrize(
    ("example", "style"),
    [
        ("$1,234.56", NumberStyle(".", ",", ("$", ""))),
        ("-$3.00", NumberStyle(".", "", ("$", ""))),
        ("1.234,56 €", NumberStyle(",", ".", ("", "€"))),
        ("R$1.093,18", NumberStyle(",", ".", ("R$", ""))),
        ("USD 5950", NumberStyle(".", "", ("USD", ""))),
        ("250 AED", NumberStyle(".", "", ("", "AED"))),
        ("Rs. 10.50", NumberStyle(".", "", ("Rs.", ""))),
        ("12.50 د.ج", NumberStyle(".", "", ("", "د.ج"))),
        ("1,234.56-", NumberStyle(".", ",", behind=True)),
        ("(1,234.56)", NumberStyle(".", ",", parentheses=True)),
        ("($1,234.56)", NumberStyle(".", ",", ("$", ""), parentheses=True)),
        ("-5", PLAIN_STYLE),
    ],
)
def test_an_example_shows_what_stands_around_a_number(example: str, style: NumberStyle) -> None:
    assert number_style(example) == style


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_example_of_a_style_is_of_that_style(example: str) -> None:
    style = number_style(example)
    assert number_style(style.example)[:4] == (
        style.decimal,
        style.thousands or "",
        style.marks,
        style.behind,
    )
    assert not isinstance(number_reader([style])(style.example), Bad)


@pytest.mark.parametrize(
    ("examples", "value", "number"),
    [
        (["$1,234.56"], "$1,059.95", 1059.95),
        (["$1,234.56"], "-$3.00", -3),
        (["$1,234.56"], "$-3.00", -3),
        (["$1,234.56"], "$ 3.00", 3),
        (["$1,234.56"], "3.00", 3),
        (["R$1.093,18"], "R$1.093,18", 1093.18),
        (["1.234,56 €"], "-12,50 €", -12.5),
        (["1.234,56 €"], "12,50€", 12.5),
        (["USD 5950"], "USD 12", 12),
        (["Rs. 1,20,000.50"], "Rs.1,20,000.50", 120000.5),
        (["1,234.56-"], "1,234.50-", -1234.5),
        (["1,234.56-"], "1,234.50", 1234.5),
        (["(1,234.56)"], "(1,234.50)", -1234.5),
        (["(1,234.56)"], "1,234.50", 1234.5),
        (["($1,234.56)"], "($3.00)", -3),
        (["1234.56"], "\u22123.00", -3),
        (["1.234,56"], "\u22123,00", -3),
        (["1 234,56"], "1 234 567,5", 1234567.5),
        (["$1,234.56", "€1.234,56"], "€1.234,50", 1234.5),
    ],
)
def test_numbers_are_read_as_the_examples_show(examples: Sequence[str], value: str, number: float) -> None:
    assert number_reader([number_style(example) for example in examples])(value) == number


@pytest.mark.parametrize(
    ("examples", "value", "found"),
    [
        (["1234.56"], "12,50", Bad("RS502", " (1234.56): it is like 1234,56")),
        (["1.234,56", "1 234,56"], "12.50", Bad("RS502", " (1.234,56 or 1 234,56): it is like 1234.56")),
        (["1234.56"], "1,234", Bad("RS502")),
        (["1234.56"], "$12.50", Bad("RS503", ": it is like $1234.56")),
        (["1234.56"], "$1,234", Bad("RS503")),
        (["$1,234.56"], "€12.50", Bad("RS503", ": it is like €1234.56")),
        (["$1,234.56"], "--5", Bad("RS501")),
        (["$1,234.56"], "-$-5", Bad("RS501")),
        (["1234.56"], "(5", Bad("RS501")),
        (["1.234,56"], "1.23,50", Bad("RS501")),
        (["1.234,56", "1,234.56"], "1.234", Bad("RS523", ": two of the declared ways read it differently")),
    ],
)
def test_what_is_written_otherwise_is_told_with_what_to_say(
    examples: Sequence[str], value: str, found: Bad
) -> None:
    assert number_reader([number_style(example) for example in examples])(value) == found


@given(st.sampled_from(EXAMPLES), st.sampled_from(EXAMPLES), st.decimals(0, 10**9, places=2))
def test_two_styles_agree_or_refuse(one: str, other: str, number: Decimal) -> None:
    style = number_style(one)
    value = f"{style.marks[0]}{number:f}{style.marks[1]}".replace(".", style.decimal)
    alone = number_reader([style])(value)
    assert number_reader([style, number_style(other)])(value) in (
        alone,
        Bad("RS523", ": two of the declared ways read it differently"),
    )
    assert alone == float(number)


@given(st.sampled_from(EXAMPLES), st.text(st.sampled_from("0123456789.,'-+() $€RUSD\u2212")))
def test_no_text_makes_a_reader_fail(example: str, value: str) -> None:
    assert isinstance(number_reader([number_style(example)])(value), int | float | Bad)


@given(st.sampled_from(EXAMPLES), st.text(st.sampled_from("05.,'-() $€R#!/DIV"), max_size=10))
def test_what_is_said_of_a_text_does_not_hang_on_its_digits(example: str, value: str) -> None:
    read = number_reader([number_style(example)])
    found, other = read(value), read(value.replace("0", "7"))
    assert value == "#DIV/0!" or found == other or not isinstance(found, Bad)


@pytest.mark.parametrize(
    ("currency", "digits"),
    [
        ("EUR", 2),
        ("usd", 2),
        ("JPY", 0),
        ("KWD", 3),
        ("CLF", 4),
        ("", None),
        ("€", None),
        ("EURO", None),
        ("ÄÖÜ", None),
    ],
)
def test_the_digits_of_minor_units(currency: str, digits: int | None) -> None:
    assert minor_digits(currency) == digits
