"""Dates by pattern, in zones, and as databases wrap them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.jsontext import Digits
from richsync.schema import Kind
from richsync.values import (
    READERS,
    Bad,
    Moment,
    boolean_reader,
    moment_reader,
    moments,
    number_reader,
    number_style,
    zone,
)
from richsync.values.bad import bad

BERLIN = ZoneInfo("Europe/Berlin")
DAY = 1709596800000  # 2024-03-05
NOON = DAY + 43_200_000
HOUR = 3_600_000
COUNTED = ": a spreadsheet's number of a day, which is to be formatted as a date there and exported again"


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ("%d.%m.%Y %H:%M", "05.03.2024 12:00"),
        ("%d.%m.%Y %H:%M", "5.3.2024 12:00"),
        ("%d.%m.%y %H:%M", "05.03.24 12:00"),
        ("%d.%m.%Y %H:%M", "05.03.2024   12:00"),
        ("%b %d, %Y %I:%M:%S %p", "Mar 5, 2024 12:00:00 PM"),
        ("%b %d, %Y %I:%M %p", "mar 5, 2024 12:00 p.m."),
        ("%b-%d-%y %H", "Mar-05-24 12"),
        ("%d. %B %Y %H:%M", "5. März 2024 12:00"),
        ("%d %B %Y %H:%M", "5 mars 2024 12:00"),
        ("%d de %B de %Y %H:%M", "5 de marzo de 2024 12:00"),
        ("%d de %B de %Y %H:%M", "5 de MARÇO de 2024 12:00"),
        ("%A %d %B %Y %H:%M", "mardi 5 mars 2024 12:00"),
        ("%a %b %d %H:%M:%S %Y", "Tue Mar  5 12:00:00 2024"),
        ("%Y-%j %H:%M", "2024-065 12:00"),
        ("%Y-%m-%dT%H:%M:%S.%f%z", "2024-03-05T12:00:00.000Z"),
        ("%d/%m/%Y %H:%M %z", "05/03/2024 13:30 +0130"),
        ("%d/%m/%Y %H:%M %z", "05/03/2024 07:00 -05:00"),
        ("%b %d, %Y %I:%M:%S %p %Z", "Mar 5, 2024 4:00:00 AM PST"),
        ("%d.%m.%Y %H:%M %Z", "05.03.2024 13:00 cet"),
        ("%d.%m.%Y %H:%M %Z", "05.03.2024 12:00 UTC"),
        ("%d.%m.%Y %H:%M (%Z)", "05.03.2024 13:00 (GMT+1)"),
        ("%d.%m.%Y %H:%M %Z", "05.03.2024 06:30 UTC-05:30"),
        ("%d.%m.%Y %H:%M%z", "05.03.2024 12:00+00"),
        ("100%% %d.%m.%Y %H:%M", "100% 05.03.2024 12:00"),
        ("%Y%m%d%H%M", "202403051200"),
        ("%d%m%Y %H%M", "5032024 1200"),
        ("epoch_us", "1709640000000000"),
    ],
)
def test_dates_are_read_by_their_pattern(form: str, written: str) -> None:
    assert moment_reader([form], None)(written) == NOON


@pytest.mark.parametrize(
    ("form", "written", "moment"),
    [
        ("%d.%m.%Y", "05.03.2024", DAY),
        ("%Y-%m-%d %H:%M:%S.%f", "2024-03-05 00:00:00.5", DAY + 500),
        ("%m/%d/%Y %I:%M %p", "3/5/2024 12:30 AM", DAY + HOUR // 2),
        ("%d.%m.%y", "05.03.69", int(datetime(1969, 3, 5, tzinfo=UTC).timestamp()) * 1000),
    ],
)
def test_what_a_pattern_leaves_out_is_nothing(form: str, written: str, moment: int) -> None:
    assert moment_reader([form], None)(written) == moment


@pytest.mark.parametrize(
    ("formats", "written", "found"),
    [
        (["%d.%m.%Y"], "29.02.2023", Bad("RS507")),
        (["%Y-%j"], "2023-366", Bad("RS507")),
        (["%Y-%j"], "0000-001", Bad("RS507")),
        (["%d. %B %Y"], "31. April 2024", Bad("RS507")),
        (["%Y%m%d"], "2024111", Bad("RS506", " (%Y%m%d)")),
        (["%Y%j"], "202465", Bad("RS506", " (%Y%j)")),
        (["%d.%m.%Y"], "0000", Bad("RS506", " (%d.%m.%Y)")),
        (["%d.%m.%Y"], "01.01.0000", Bad("RS507")),
        (["%d. %B %Y"], "5. Foo 2024", Bad("RS506", " (%d. %B %Y)")),
        (["%d.%m.%Y"], "#N/A", Bad("RS513")),
        (["iso"], "########", Bad("RS513")),
        (["iso"], "26/04/2014", Bad("RS506", " (iso): it is like %d/%m/%Y")),
        (["iso"], "04/05/2014", Bad("RS506", " (iso)")),
        (["iso"], "Dec 8, 2024", Bad("RS506", " (iso): it is like %b %d, %Y")),
        (["iso"], "09/14/26", Bad("RS506", " (iso): it is like %m/%d/%y")),
        (["iso"], "09/03/26", Bad("RS506", " (iso)")),
        (["iso"], "03-09-2026", Bad("RS506", " (iso)")),
        (["iso"], "2026/03/09", Bad("RS506", " (iso): it is like %Y/%m/%d")),
        (["iso"], "2026.03.09 10:30", Bad("RS506", " (iso): it is like %Y.%m.%d %H:%M")),
        (["iso"], "20260309", Bad("RS506", " (iso): it is like %Y%m%d")),
        (["iso"], "1709632800", Bad("RS506", " (iso): it is like epoch")),
        (["iso"], "1709632800000", Bad("RS506", " (iso): it is like epoch_ms")),
        (["iso"], "45356.75", Bad("RS506", f" (iso){COUNTED}")),
        (["iso"], "453567", Bad("RS506", " (iso)")),
        (["iso"], "Sep 4, 2026 1:05 PM", Bad("RS506", " (iso): it is like %b %d, %Y %I:%M %p")),
        (["iso"], "Sep 4, 2026 1:05:07 PM PDT", Bad("RS506", " (iso): it is like %b %d, %Y %I:%M:%S %p %Z")),
        (["%d/%m/%Y", "epoch"], "2024-03-05", Bad("RS506", " (%d/%m/%Y or epoch): it is like iso")),
        (
            ["%d/%m/%Y", "%m/%d/%Y"],
            "04/05/2024",
            Bad("RS523", ": two of the declared formats read it differently"),
        ),
        (
            ["%d.%m.%Y %H:%M %Z"],
            "05.03.2024 12:00 CST",
            Bad("RS506", " (CST: several zones are called so; say `timezone:`)"),
        ),
        (
            ["%d.%m.%Y %Z"],
            "05.03.2024 XYZ",
            Bad("RS506", " (XYZ: no zone is called so; say `timezone:`)"),
        ),
        (["%d.%m.%Y %Z"], "31.02.2024 UTC", Bad("RS507")),
        (["%d.%m.%Y %z"], "31.02.2024 +0100", Bad("RS507")),
    ],
)
def test_what_is_no_date_as_declared_is_told(formats: Sequence[str], written: str, found: Bad) -> None:
    assert moment_reader(formats, None)(written) == found


@pytest.mark.parametrize(
    ("formats", "written", "moment"),
    [
        (["%m/%d/%Y", "%d/%m/%Y"], "03/25/2024", DAY + 20 * 24 * HOUR),
        (["%d/%m/%Y", "%m/%d/%Y"], "03/03/2024", DAY - 2 * 24 * HOUR),
        (["iso", "%Y-%m-%d"], "2024-03-05", DAY),
    ],
)
def test_formats_that_agree_may_stand_together(formats: Sequence[str], written: str, moment: int) -> None:
    assert moment_reader(formats, None)(written) == moment


TWICE = "stands twice, and the earlier one is taken"
SKIPPED = "is skipped, and moved on by as much"


@pytest.mark.parametrize(
    ("form", "written", "utc", "note"),
    [
        ("iso", "2024-10-27T02:30:00", "2024-10-27T00:30:00Z", TWICE),
        ("%d.%m.%Y %H:%M", "27.10.2024 02:30", "2024-10-27T00:30:00Z", TWICE),
        ("iso", "2024-03-31T02:30:00", "2024-03-31T01:30:00Z", SKIPPED),
        ("%d.%m.%Y %I:%M %p", "31.03.2024 2:30 am", "2024-03-31T01:30:00Z", SKIPPED),
    ],
)
def test_a_time_in_a_change_of_the_clock_is_settled_and_told(
    form: str, written: str, utc: str, note: str
) -> None:
    moment = int(datetime.fromisoformat(utc).timestamp() * 1000)
    assert moment_reader([form], BERLIN)(written) == Bad("RS522", note, moment)
    assert moment_reader([form, form], BERLIN)(written) == Bad("RS522", note, moment)


@pytest.mark.parametrize(("written", "utc_hour"), [("27.10.2024 02:30 CEST", 0), ("27.10.2024 02:30 CET", 1)])
def test_the_zone_beside_it_settles_a_time_that_stands_twice(written: str, utc_hour: int) -> None:
    expected = datetime(2024, 10, 27, utc_hour, 30, tzinfo=UTC).timestamp() * 1000
    assert moment_reader(["%d.%m.%Y %H:%M %Z"], BERLIN)(written) == expected


def test_an_ambiguous_name_is_known_where_the_export_says_its_zone() -> None:
    read = moment_reader(["%d.%m.%Y %H:%M %Z"], ZoneInfo("America/Chicago"))
    assert read("05.03.2024 06:00 CST") == NOON


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001
    st.sampled_from(
        ["Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe"]
    ),
)
def test_every_local_time_is_what_the_zone_makes_of_it(moment: datetime, name: str) -> None:
    local = moment.replace(second=0, microsecond=0, fold=0, tzinfo=ZoneInfo(name))
    found = moment_reader(["%d.%m.%Y %H:%M"], zone(name))(f"{local:%d.%m.%Y %H:%M}")
    assert (found.value if isinstance(found, Bad) else found) == round(local.timestamp() * 1000)
    assert isinstance(found, Bad) == (local.utcoffset() != local.replace(fold=1).utcoffset())


def test_days_are_forgotten_before_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("richsync.values.zones._MOST_DAYS", 2)
    read = moment_reader(["%d.%m.%Y"], None)
    assert [read(f"0{day}.03.2024") for day in (5, 6, 7, 5)] == [DAY, DAY + 24 * HOUR, DAY + 48 * HOUR, DAY]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("Eastern Time (US & Canada)", "America/New_York"),
        ("Osaka", "Asia/Tokyo"),
    ],
)
def test_zones_are_known_by_several_names(name: str, key: str) -> None:
    assert zone(name) == ZoneInfo(key)


@pytest.mark.parametrize("name", ["", "Berlin/Europe", "../etc", "\x00", "Europe/Berlin "])
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not a time zone"):
        zone(name)


# what databases export


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ({"$date": "2024-03-05T12:00:00Z"}, NOON),
        ({"$date": NOON}, NOON),
        ({"$date": {"$numberLong": str(NOON)}}, NOON),
        ({"$date": Digits(NOON)}, NOON),
        ({"_seconds": NOON // 1000, "_nanoseconds": 250_000_000}, NOON + 250),
        ({"_seconds": NOON // 1000}, NOON),
        (Moment(NOON), NOON),
    ],
)
def test_wrapped_moments_are_settled_whatever_the_format(value: object, moment: int) -> None:
    assert moment_reader(["iso", "%d.%m.%Y"], None)(value) == moment


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"$date": None}, "RS506"),
        ({"$date": {}}, "RS310"),
        ({"_seconds": "x"}, "RS310"),
        ({"$other": 1}, "RS310"),
        ([], "RS310"),
        ({}, "RS310"),
        (None, "RS506"),
        (True, "RS506"),
    ],
)
def test_what_wraps_no_moment_is_none(value: object, code: str) -> None:
    found = moment_reader(["iso"], None)(value)
    assert isinstance(found, Bad)
    assert found.code == code


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        (Kind.KEY, {"$oid": "65a1"}, "65a1"),
        (Kind.KEY, {"$numberLong": "1001"}, "1001"),
        (Kind.TEXT, {"$numberInt": 3}, "3"),
        (Kind.TEXT, {"$oid": {"a": 1}}, Bad("RS310", "an object or a list")),
        (Kind.QUANTITY, {"$numberInt": "2"}, 2),
        (Kind.QUANTITY, {"$numberLong": 2}, 2),
        (Kind.QUANTITY, {"$numberInt": "0"}, Bad("RS504")),
        (Kind.ANY, {"$numberDecimal": "9.50"}, 9.5),
        (Kind.ANY, {"at": {"$date": NOON}, "id": {"$oid": "65a1"}}, {"at": NOON, "id": "65a1"}),
    ],
)
def test_wrappers_are_taken_off_where_one_value_is_wanted(kind: Kind, value: object, found: object) -> None:
    assert READERS[kind](value) == found


def test_wrapped_numbers_keep_their_digits() -> None:
    assert number_reader([number_style("1.234,56")])({"$numberDecimal": "1.234"}) == 1.234
    assert number_reader([number_style("1.234,56")])({"$numberDouble": "NaN"}) == Bad("RS501")


# words


@pytest.mark.parametrize(
    ("word", "found"),
    [("SIM", True), ("Não", False), ("nein", False), ("oui", True), ("vielleicht", Bad("RS518"))],
)
def test_true_and_false_in_several_languages(word: str, found: object) -> None:
    assert boolean_reader()(word) == found


def test_true_and_false_in_the_words_of_a_map() -> None:
    read = boolean_reader(["Bezahlt"], ["offen"])
    assert [read(word) for word in ("bezahlt", "OFFEN", "yes", True)] == [True, False, Bad("RS518"), True]


@given(st.integers(0, 3_000_000_000), st.data())
def test_a_date_in_another_format_is_like_it_whatever_its_digits(seconds: int, data: st.DataObject) -> None:
    form, _ = data.draw(st.sampled_from([each for each in moments._usual() if "%" in each[0]]))
    written = datetime.fromtimestamp(seconds, UTC).strftime(form)
    like = [each for each, read in moments._usual() if not isinstance(read(written, moments._UTC), Bad)]
    told = f": it is like {like[0]}" if len(like) == 1 else ""
    assert moments._other(written, ("epoch",), "RS506") == bad("RS506", written, f" (epoch){told}")
