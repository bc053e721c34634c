import json
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import format_datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from richsync.jsontext import Digits
from richsync.schema import Kind
from richsync.values import (
    PLAIN_STYLE,
    READERS,
    Bad,
    NumberStyle,
    bad_characters,
    control_character,
    date_format,
    is_email,
    is_empty,
    is_local_iso,
    may_hide,
    moment_reader,
    number_reader,
    number_style,
    quantity_reader,
    tidy,
    uid_of,
)

GERMAN = NumberStyle(",", ".")
ENGLISH = NumberStyle(".", ",")
FRENCH = NumberStyle(",", " ")
SWISS = NumberStyle(".", "'")
STYLES = (PLAIN_STYLE, NumberStyle(","), GERMAN, ENGLISH, FRENCH, SWISS, NumberStyle(".", "\u2019"))
BERLIN = ZoneInfo("Europe/Berlin")
NOON = 1709640420000  # 2024-03-05 12:07 UTC
ANYTHING = st.text() | st.none() | st.integers() | st.booleans() | st.lists(st.text(max_size=3), max_size=3)
TEXTS = st.text(st.sampled_from("'=\"+-@#1a\r\n\t \u00a0\u200b\u202f\ufeff\x00")) | st.text()


def millis(written: str, zone: ZoneInfo) -> int:
    return int(datetime.fromisoformat(written).replace(tzinfo=zone).timestamp() * 1000)


# numbers


@pytest.mark.parametrize(
    ("example", "style"),
    [
        ("1234", PLAIN_STYLE),
        ("1234.56", PLAIN_STYLE),
        ("1234,56", NumberStyle(",")),
        ("0,5", NumberStyle(",")),
        ("1.5000", PLAIN_STYLE),
        ("1.234,56", GERMAN),
        ("1.234,567", GERMAN),
        ("1,234.56", ENGLISH),
        ("1 234,56", FRENCH),
        ("1\u00a0234,56", FRENCH),
        ("1\u202f234,56", FRENCH),
        ("1'234.56", SWISS),
        ("1\u2019234.56", NumberStyle(".", "\u2019")),
        ("1.234.567", GERMAN),
        ("1,234,567", ENGLISH),
        ("12,34,567.89", ENGLISH),
    ],
)
def test_a_number_style_is_read_off_an_example(example: str, style: NumberStyle) -> None:
    assert number_style(example) == style


@pytest.mark.parametrize(
    "example", ["1.234", "1,234", "1 234", "1'234", "1'234'567", "1 234 567", "1.2.3,4,5"]
)
def test_an_example_that_fits_two_styles_is_refused(example: str) -> None:
    with pytest.raises(ValueError, match="can be read in two ways"):
        number_style(example)


@pytest.mark.parametrize(
    ("example", "like"), [("1.234", "1.234,56"), ("1,234", "1,234.56"), ("1 234", "1 234.56")]
)
def test_an_example_that_fits_two_styles_is_written_with_both_marks(example: str, like: str) -> None:
    with pytest.raises(ValueError, match=f"like `{like}`"):
        number_style(example)
    assert number_style(like)


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("10,000", 10),
        ("1", 1),
        ("2.0", 2),
        ("1.000,00", 1000),
        ("0,5", Bad("RS504")),
        ("0,00", Bad("RS504")),
        ("two", Bad("RS504")),
        ("1.000", Bad("RS523", ": as declared it is 1000, as a plain number 1")),
        (3, 3),
        (2.0, 2),
    ],
)
def test_quantities_are_written_as_declared_or_plain(written: object, count: object) -> None:
    assert quantity_reader([GERMAN])(written) == count


def test_without_a_declaration_quantities_are_plain() -> None:
    read = quantity_reader([number_style("1234.56")])
    assert [read(each) for each in ("1.000", "2", "1,5")] == [1, 2, Bad("RS504")]


@pytest.mark.parametrize(
    "example", ["", "abc", "1.", ".5", "1..2", "1.234,", "²", "१२", "1e3", "$", "(5", "5 € net"]
)
def test_an_example_that_is_no_number_is_refused(example: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        number_style(example)


@pytest.mark.parametrize(
    ("styles", "value", "number"),
    [
        ([PLAIN_STYLE], "12", 12),
        ([PLAIN_STYLE], "-12.50", -12.5),
        ([PLAIN_STYLE], "+3", 3),
        ([PLAIN_STYLE], "007", 7),
        ([PLAIN_STYLE], "0.10", 0.1),
        ([PLAIN_STYLE], "9007199254740992", 2**53),
        ([PLAIN_STYLE], 5, 5),
        ([PLAIN_STYLE], Digits("1.10"), 1.1),
        ([PLAIN_STYLE], Digits("1.1e2"), 110),
        ([GERMAN], "1.234,50", 1234.5),
        ([GERMAN], "1234,50", 1234.5),
        ([GERMAN], "-1.234.567", -1234567),
        ([GERMAN], Digits("1.234"), 1.234),
        ([GERMAN], 7, 7),
        ([ENGLISH], "12,34,567.8", 1234567.8),
        ([FRENCH], "1 234,5", 1234.5),
        ([SWISS], "1'234.5", 1234.5),
        ([GERMAN, PLAIN_STYLE], "12.50", 12.5),
        ([PLAIN_STYLE, GERMAN], "12,50", 12.5),
    ],
)
def test_a_number_is_read_in_the_styles_of_the_export(
    styles: Sequence[NumberStyle], value: object, number: float
) -> None:
    assert number_reader(styles)(value) == number


@pytest.mark.parametrize(
    ("style", "value", "code"),
    [
        (PLAIN_STYLE, "1,50", "RS502"),
        (PLAIN_STYLE, "1.234,50", "RS502"),
        (PLAIN_STYLE, "1 234,50", "RS502"),
        (GERMAN, "1,234.50", "RS502"),
        (GERMAN, "12.50", "RS502"),
        (GERMAN, "1.23,50", "RS501"),
        (PLAIN_STYLE, "$12.50", "RS503"),
        (PLAIN_STYLE, "12.50 €", "RS503"),
        (PLAIN_STYLE, "EUR 12.50", "RS503"),
        (PLAIN_STYLE, "kr. 12", "RS503"),
        (PLAIN_STYLE, "(12.50)", "RS503"),
        (PLAIN_STYLE, "ten", "RS501"),
        (PLAIN_STYLE, "", "RS501"),
        (PLAIN_STYLE, ".5", "RS501"),
        (PLAIN_STYLE, "5.", "RS501"),
        (PLAIN_STYLE, "1e3", "RS501"),
        (PLAIN_STYLE, "NaN", "RS501"),
        (PLAIN_STYLE, "inf", "RS501"),
        (PLAIN_STYLE, "१२", "RS501"),
        (PLAIN_STYLE, "#REF!", "RS513"),
        (GERMAN, "#DIV/0!", "RS513"),
        (GERMAN, "#DIV/1!", "RS503"),
        (PLAIN_STYLE, True, "RS501"),
        (PLAIN_STYLE, None, "RS501"),
        (PLAIN_STYLE, [1], "RS310"),
        (GERMAN, {"a": 1}, "RS310"),
    ],
)
def test_what_is_no_number_as_declared_says_which_finding_it_is(
    style: NumberStyle, value: object, code: str
) -> None:
    found = number_reader([style])(value)
    assert isinstance(found, Bad)
    assert found.code == code


@pytest.mark.parametrize(
    "value",
    ["9007199254740993", "0.12345678901234567890", "1" * 400, 2**53 + 1, -(2**60), Digits("9" * 400)],
)
def test_a_number_that_would_lose_digits_is_refused(value: object) -> None:
    assert number_reader([PLAIN_STYLE])(value) == Bad("RS501", ": it has more digits than a number can hold")


@pytest.mark.parametrize("digits", ["1e400", "-1e400", "1e-400", "1e-999999999999999999999", "1E+1000"])
def test_a_json_number_beyond_any_double_is_refused(digits: str) -> None:
    assert number_reader([PLAIN_STYLE])(Digits(digits)) == Bad("RS501")


@st.composite
def written_numbers(draw: st.DrawFn) -> tuple[Decimal, NumberStyle, str]:
    style = draw(st.sampled_from(STYLES))
    whole = draw(st.integers(0, 10**15 - 1).map(str))
    fraction = draw(st.text("0123456789", max_size=15 - len(whole)))
    sign = draw(st.sampled_from(["", "-", "+"]))
    grouped = f"{int(whole):,}".replace(",", style.thousands)
    written = draw(st.sampled_from([whole, grouped])) + (style.decimal + fraction if fraction else "")
    return Decimal(f"{sign}{whole}.{fraction or '0'}"), style, sign + written


@given(written_numbers())
def test_fifteen_digits_come_back_exactly_in_every_style(case: tuple[Decimal, NumberStyle, str]) -> None:
    number, style, written = case
    found = number_reader([style])(written)
    assert not isinstance(found, Bad)
    assert Decimal(repr(found)) == number


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (1, 1),
        ("3", 3),
        ("003", 3),
        ("2.0", 2),
        ("2.00", 2),
        (Digits("2.0"), 2),
        ("0", Bad("RS504")),
        ("0.0", Bad("RS504")),
        (0, Bad("RS504")),
        (-1, Bad("RS504")),
        ("-1", Bad("RS504")),
        ("1.5", Bad("RS504")),
        ("two", Bad("RS504")),
        ("", Bad("RS504")),
        ("1" * 16, Bad("RS504")),
        (2**53 + 1, Bad("RS504")),
        (True, Bad("RS504")),
        (None, Bad("RS504")),
        ([1], Bad("RS310", "an object or a list")),
        ("#N/A", Bad("RS513")),
    ],
)
def test_a_quantity_is_a_whole_number_of_one_or_more(value: object, found: object) -> None:
    assert READERS[Kind.QUANTITY](value) == found


# moments


@pytest.mark.parametrize(
    "written",
    [
        "2024-03-05T12:07:00Z",
        "2024-03-05T12:07:00.000Z",
        "2024-03-05T12:07:00.0000000Z",
        "2024-03-05t12:07:00z",
        "2024-03-05 12:07:00 UTC",
        "2024-03-05 12:07 GMT",
        "2024-03-05 14:07:00 +0200",
        "2024-03-05T14:07:00+02:00",
        "2024-03-05 13:07",
        "2024-03-05T13:07:00,000",
        "2024-3-5 13:07",
        "2024-03-05  13:07:00",
    ],
)
def test_iso_dates_are_read_as_real_exports_write_them(written: str) -> None:
    assert moment_reader(["iso"], BERLIN)(written) == NOON


@pytest.mark.parametrize(
    ("formats", "zone", "value", "found"),
    [
        (["iso"], None, "2024-03-05", 1709596800000),
        (["iso"], BERLIN, "2024-03-05", 1709593200000),
        (["iso"], None, "1969-12-31T23:59:59Z", -1000),
        (["iso"], None, "2024-03-05T12:07:00.1234567Z", NOON + 123),
        (["%d.%m.%Y %H:%M"], BERLIN, "05.03.2024 13:07", NOON),
        (["%d.%m.%Y %H:%M", "%d.%m.%Y"], None, "05.03.2024", 1709596800000),
        (["%d.%m.%Y %H:%M %z"], BERLIN, "05.03.2024 14:07 +0200", NOON),
        (["%d/%m/%Y"], None, "05/03/2024", 1709596800000),
        (["%m/%d/%Y"], None, "03/05/2024", 1709596800000),
        (["%d %b %Y"], None, "5 Mar 2024", 1709596800000),
        (["epoch"], None, "1709640420", NOON),
        (["epoch"], None, 1709640420, NOON),
        (["epoch"], None, "1709640420.5", NOON + 500),
        (["epoch"], None, Digits("1709640420.25"), NOON + 250),
        (["epoch_ms"], None, "1709640420000", NOON),
        (["epoch_ms"], None, NOON, NOON),
        (["rfc2822"], None, "Tue, 05 Mar 2024 14:07:00 +0200", NOON),
        (["rfc2822"], BERLIN, "Tue, 05 Mar 2024 13:07:00", NOON),
        (["rfc2822"], None, "5 Mar 2024 12:07 GMT (noon)", NOON),
        (["rfc2822"], None, "Tue, 05 Mar 2024 07:07:00 EST", NOON),
        (["iso", "epoch"], None, "1709640420", NOON),
    ],
)
def test_a_moment_is_read_by_the_formats_of_the_export(
    formats: Sequence[str], zone: ZoneInfo | None, value: object, found: int
) -> None:
    assert moment_reader(formats, zone)(value) == found


@pytest.mark.parametrize(
    ("formats", "value", "code"),
    [
        (["iso"], "2024-02-30", "RS507"),
        (["iso"], "2023-02-29T10:00:00Z", "RS507"),
        (["iso"], "2024-13-01", "RS507"),
        (["iso"], "2024-03-05T25:00", "RS507"),
        (["%d.%m.%Y"], "30.02.2024", "RS507"),
        (["%d.%m.%Y", "iso"], "31.04.2024", "RS507"),
        (["iso", "%d.%m.%Y"], "31.04.2024", "RS507"),
        (["iso"], "05.03.2024", "RS506"),
        (["iso"], "03/05/2024", "RS506"),
        (["iso"], "yesterday", "RS506"),
        (["iso"], "", "RS506"),
        (["iso"], 1709640420, "RS506"),
        (["iso"], "\u0662\u0660\u0662\u0664-03-05", "RS506"),
        (["%d.%m.%Y"], "2024-03-05", "RS506"),
        (["%m/%d/%Y"], "13/05/2024", "RS524"),
        (["%Y-%m-%d"], "2024-13-05", "RS506"),
        (["%m/%d/%Y", "%d/%m/%Y"], "32/05/2024", "RS506"),
        (["epoch"], "1709640420000", "RS510"),
        (["epoch_ms"], "1709640420", "RS510"),
        (["epoch_us"], "1709640420", "RS510"),
        (["epoch_ms"], "1e30", "RS506"),
        (["epoch"], "-1", "RS506"),
        (["epoch"], "1e9", "RS506"),
        (["epoch_ms"], "x", "RS506"),
        (["rfc2822"], "5 of March", "RS506"),
        (["rfc2822"], "Mar 5, 2024 2:07:00 PM PST", "RS506"),
        (["rfc2822"], "Tue, 05 Mar 2024 02:07:00 PM", "RS506"),
        (["rfc2822"], "Tue, 05 Mar 2024 14:07:00 CET", "RS506"),
        (["rfc2822"], "Tue, 32 Mar 2024 14:07:00 GMT", "RS506"),
        (["iso"], "#VALUE!", "RS513"),
        (["%d.%m.%Y"], "#N/A", "RS513"),
        (["iso", "epoch"], True, "RS506"),
        (["iso", "epoch"], None, "RS506"),
        (["iso"], ["2024-03-05"], "RS310"),
        (["iso"], "0000-01-01", "RS507"),
    ],
)
def test_what_is_no_date_as_declared_says_which_finding_it_is(
    formats: Sequence[str], value: object, code: str
) -> None:
    found = moment_reader(formats, None)(value)
    assert isinstance(found, Bad)
    assert found.code == code


@pytest.mark.parametrize(
    ("written", "offset_hours"),
    [
        ("2024-01-15T12:00:00", 1),
        ("2024-07-15T12:00:00", 2),
        ("2024-03-31T01:59:59", 1),
        ("2024-03-31T03:00:00", 2),
        ("2024-10-27T01:59:59", 2),
        ("2024-10-27T03:00:00", 1),
    ],
)
def test_local_dates_follow_the_clock_changes_of_their_zone(written: str, offset_hours: int) -> None:
    utc = moment_reader(["iso"], None)(f"{written}Z")
    assert isinstance(utc, int)
    assert moment_reader(["iso"], BERLIN)(written) == utc - offset_hours * 3_600_000
    assert moment_reader(["%Y-%m-%dT%H:%M:%S"], BERLIN)(written) == utc - offset_hours * 3_600_000


@given(st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)).map(lambda each: each.replace(microsecond=0)))  # noqa: DTZ001
def test_every_second_is_read_the_same_in_every_format(moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC)
    expected = int(aware.timestamp()) * 1000
    for form, written in (
        ("iso", moment.isoformat()),
        ("iso", f"{moment.year}-{moment.month}-{moment.day} {moment:%H:%M:%S} UTC"),
        ("%d.%m.%Y %H:%M:%S", f"{moment:%d.%m.%Y %H:%M:%S}"),
        ("epoch", str(expected // 1000)),
        ("epoch_ms", str(expected)),
        ("rfc2822", format_datetime(aware)),
    ):
        assert moment_reader([form], None)(written) == expected


@pytest.mark.parametrize(
    ("text", "local"),
    [("2024-03-05 12:00", True), ("2024-03-05", True), ("2024-03-05T12:00Z", False), ("05.03.2024", False)],
)
def test_a_local_iso_date_is_known(text: str, local: bool) -> None:
    assert is_local_iso(text) is local


@pytest.mark.parametrize(
    "form", ["iso", "epoch", "epoch_ms", "rfc2822", "%d.%m.%Y", "%m/%d/%y %I:%M %p", "%Y-%j", "%B %d, %Y ("]
)
def test_a_date_format_that_gives_back_its_day_is_taken(form: str) -> None:
    assert date_format(form) == form


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("", "not a date format"),
        ("DD.MM.YYYY", "write a pattern like"),
        ("%Q", "bad directive"),
        ("%d.%m.%Y %", "stray %"),
        ("%d.%m", "does not hold year, month and day"),
        ("%H:%M", "does not hold year, month and day"),
        ("%d%d", "not a date format"),
        ("%d.%m.%Y %d", "not a date format"),
        ("%I:%M %d.%m.%Y", "%I needs %p"),
        ("%d.%m.%Y %y", "does not hold year, month and day"),
        ("%U %Y", "bad directive"),
        ("%d.%m.%Y\x00", "not a date format"),
        ("%d.%m.%Y\ud800", "not a date format"),
    ],
)
def test_what_is_no_date_format_is_refused(form: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        date_format(form)


@given(st.text(st.sampled_from("%dmYyHMSjbBaAzZpIUwWGVufcxX. -/\\([*+")))
def test_a_date_format_reads_or_is_refused_and_never_fails_later(form: str) -> None:
    try:
        read = moment_reader([date_format(form)], BERLIN)
    except ValueError:
        return
    assert read("2024-03-05") is not None


# text


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("0123", "0123"),
        ("1e5", "1e5"),
        (" x", " x"),
        (12, "12"),
        (Digits("1.10"), "1.10"),
        (True, "true"),
        (False, "false"),
        ({"a": 1}, Bad("RS310", "an object or a list")),
        (["a"], Bad("RS310", "an object or a list")),
    ],
)
def test_text_keeps_what_stands_there(value: object, found: object) -> None:
    assert READERS[Kind.TEXT](value) == found


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        (Kind.IDENTIFIER, "00123", "00123"),
        (Kind.IDENTIFIER, 123, "123"),
        (Kind.IDENTIFIER, 2**70, Bad("RS519", value=str(2**70))),
        (Kind.IDENTIFIER, "A-1", "A-1"),
        (Kind.IDENTIFIER, "1e5", "1e5"),
        (Kind.IDENTIFIER, "1001.0", "1001.0"),
        (Kind.IDENTIFIER, "1.23457E+12", Bad("RS512")),
        (Kind.IDENTIFIER, "1,23457E+12", Bad("RS512")),
        (Kind.IDENTIFIER, "4e+07", Bad("RS512")),
        (Kind.IDENTIFIER, "#NAME?", Bad("RS513")),
        (Kind.IDENTIFIER, {}, Bad("RS310", "an object or a list")),
        (Kind.KEY, "004101", "004101"),
        (Kind.KEY, 1001, "1001"),
        (Kind.KEY, "1001.0", Bad("RS521")),
        (Kind.KEY, Digits("1001.00"), Bad("RS521")),
        (Kind.KEY, "1001.10", "1001.10"),
        (Kind.KEY, "1.23457E+12", Bad("RS512")),
        (Kind.KEY, [], Bad("RS310", "an object or a list")),
        (Kind.UID, " Anna@Example.COM ", "anna@example.com"),
        (Kind.UID, "1.23457E+12", Bad("RS512")),
        (Kind.UID, ["a"], Bad("RS310", "an object or a list")),
    ],
)
def test_ids_keep_every_character_or_are_refused(kind: Kind, value: object, found: object) -> None:
    assert READERS[kind](value) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("A", ["A"]),
        (["A", "", None, " ", "B "], ["A", "B"]),
        ([1, Digits("1.10"), True], ["1", "1.10", "true"]),
        (["\u200b"], []),
        ("", []),
        (None, []),
        (["A", {"b": 1}], Bad("RS310", "an object or a list")),
        ({"b": 1}, Bad("RS310", "an object or a list")),
    ],
)
def test_a_list_of_texts_holds_no_empty_ones(value: object, found: object) -> None:
    assert READERS[Kind.TEXTS](value) == found


@pytest.mark.parametrize("word", ["true", "TRUE", "yes", "Y", "1", "on", 1, True])
def test_words_that_mean_true(word: object) -> None:
    assert READERS[Kind.BOOLEAN](word) is True


@pytest.mark.parametrize("word", ["false", "False", "no", "N", "0", "off", 0, False])
def test_words_that_mean_false(word: object) -> None:
    assert READERS[Kind.BOOLEAN](word) is False


@pytest.mark.parametrize(
    ("word", "code"), [("maybe", "RS518"), ("", "RS518"), (2, "RS518"), ([], "RS310"), ("#REF!", "RS513")]
)
def test_other_words_are_no_booleans(word: object, code: str) -> None:
    found = READERS[Kind.BOOLEAN](word)
    assert isinstance(found, Bad)
    assert found.code == code


@pytest.mark.parametrize(
    "address", ["a@b.co", "a.b+c@sub.example.com", "søren@ångström.example", "o'neill@example.org", "1@2.34"]
)
def test_addresses(address: str) -> None:
    assert is_email(address)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            "a",
            "a@b",
            "@b.co",
            "a@",
            "a@b.c",
            "a@.co",
            "a@b..co",
            "a@b.co.",
            "a b@c.de",
            "a@b.co, c@d.ef",
        ),
        *("Anna <a@b.co>", "a@@b.co", '"a"@b.co', "a@b.co\n", "a@b c.de"),
    ],
)
def test_what_is_no_address(address: str) -> None:
    assert not is_email(address)


@pytest.mark.parametrize(
    ("text", "uid"),
    [
        (" Anna@Example.COM ", "anna@example.com"),
        ("+45 32 10-44 (01)", "+4532104401"),
        ("(030) 123 45/67", "0301234567"),
        ("0171 3920001", "01713920001"),
        ("guest-004101", "guest-004101"),
        ("4101", "4101"),
        ("1234567890", "1234567890"),
        ("12-34-56-78", "12-34-56-78"),
        ("+1 2 3 4 5", "+1 2 3 4 5"),
        ("(------)", "(------)"),
        ("0\u0661\u0662\u0663\u0664\u0665\u0666", "0\u0661\u0662\u0663\u0664\u0665\u0666"),
    ],
)
def test_a_uid_is_the_same_however_it_was_typed(text: str, uid: str) -> None:
    assert uid_of(text) == uid


@given(st.text(st.sampled_from("+0123456789 ()./-@aAİ\u0661")) | st.text())
def test_a_uid_is_stable_and_never_lost(text: str) -> None:
    assert uid_of(uid_of(text)) == uid_of(text)
    assert bool(uid_of(text)) == bool(text.strip())


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("  a  ", "a"),
        ("'02108", "02108"),
        ("'+45 1", "+45 1"),
        ("'=SUM", "=SUM"),
        ("'@x", "@x"),
        ("'-5", "-5"),
        ("'tis", "'tis"),
        ("''1", "''1"),
        ('="1Z99"', "1Z99"),
        ('=" 007 "', "007"),
        ('=""', ""),
        ('="\'1"', '="\'1"'),
        ('="="1""', '="="1""'),
        ('\'="1"', '\'="1"'),
        ("=A1", "=A1"),
        ("a\u00a0b", "a b"),
        ("\u202f1\u2009234\u3000", "1 234"),
        ("\u200e+45\u202c", "+45"),
        ("\ufeffa\u200bb\u00ad", "ab"),
        ("a\r\nb\r\r\nc", "a\nb\nc"),
        ("a\rb", "a\rb"),
        ("\t\n", ""),
        ("a\tb", "a\tb"),
    ],
)
def test_tidy_takes_out_what_cannot_be_seen(text: str, tidied: str) -> None:
    assert tidy(text) == tidied


@given(TEXTS)
def test_tidy_text_stays_as_it_is(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain\tand\nlines\r", ""),
        ("a\x00b", "U+0000"),
        ("\x1b[31m", "U+001B"),
        ("\x7f", "U+007F"),
        ("\x85", "U+0085"),
        ("\ud800", "U+D800"),
        ("ø 山 🫖", ""),
    ],
)
def test_control_characters_are_named(text: str, found: str) -> None:
    assert control_character(text) == found


@pytest.mark.parametrize("value", [None, "", " ", "\t\n", "\u00a0", [], {}, Digits("")])
def test_nothing_to_send(value: object) -> None:
    assert is_empty(value)


@pytest.mark.parametrize("value", [0, False, "0", "x ", Digits("0.0"), [""], {"a": ""}, Bad("RS501")])
def test_something_to_send(value: object) -> None:
    assert not is_empty(value)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("x", "x"),
        (0, 0),
        (False, False),
        (Digits("1.50"), 1.5),
        (Digits("0.12345678901234567890"), "0.12345678901234567890"),
        (Digits("1e400"), "1e400"),
        ({"a": "", "b": None, "c": {}, "d": [" ", {"e": ""}], "f": 0}, {"f": 0}),
        ({"a": {"b": [None, {"c": Digits("2.0")}, []]}}, {"a": {"b": [{"c": 2.0}]}}),
        ([[], {}, ""], []),
    ],
)
def test_a_custom_value_is_sent_as_it_stands_without_what_is_empty(value: object, found: object) -> None:
    assert READERS[Kind.ANY](value) == found


READ_EVERYTHING = {
    **READERS,
    Kind.NUMBER: number_reader([GERMAN, PLAIN_STYLE]),
    Kind.MOMENT: moment_reader(["iso", "epoch", "rfc2822", "%d.%m.%y %H:%M %z"], BERLIN),
}


@given(st.sampled_from(list(READ_EVERYTHING)), ANYTHING | st.dictionaries(st.text(), ANYTHING, max_size=2))
def test_no_reader_ever_raises(kind: Kind, value: object) -> None:
    found = READ_EVERYTHING[kind](value)
    assert not isinstance(found, Bad) or found.code.startswith("RS")


@given(st.text(st.sampled_from("0123456789-T:Z+., UTC/MarTue(")))
def test_no_moment_reader_ever_raises(text: str) -> None:
    found = READ_EVERYTHING[Kind.MOMENT](text)
    assert isinstance(found, int | Bad)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("plain", ""),
        ("a\x00", "U+0000"),
        ({"a": ["b", {"c": "\x1b"}]}, "U+001B"),
        ({"a\x07": 1}, "U+0007"),
        ([1, None, True], ""),
        ({"lines": "a\nb"}, ""),
    ],
)
def test_a_character_that_may_not_be_sent_is_found_at_any_depth(value: object, found: str) -> None:
    assert bad_characters(value) == found


@pytest.mark.parametrize(
    ("written", "may"),
    [
        (r'{"a": "Caf\u00e9, \"half\", C:\\new\n\u2028"}', False),
        (r'{"a": "\u0007"}', True),
        (r'{"\b": 1}', True),
        (r'["\uD83D\uDE00"]', True),
        ('["a\nb"]', True),
        ("{}", False),
    ],
)
def test_what_json_may_hide_is_seen_in_its_text(written: str, may: bool) -> None:
    """It may say so in vain, of a pair of surrogates and of lines: then each value is looked at."""
    assert may_hide(written) == may


@settings(max_examples=100)
@given(st.dictionaries(TEXTS, TEXTS | st.lists(TEXTS)), st.booleans())
def test_what_may_not_be_sent_never_hides(value: dict[str, Any], ascii_only: bool) -> None:
    assert may_hide(json.dumps(value, ensure_ascii=ascii_only)) or not bad_characters(value)
