"""Part of an export: what is meant is sent, everything else is skipped and counted."""

import json
from collections.abc import Iterator
from datetime import datetime
from math import inf
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from richsync.accounts import Held, Tally
from richsync.cli import importing, options
from richsync.cli.app import application
from richsync.delivery.moves import Policy
from richsync.errors import UnusableError
from richsync.model import Disposition, SkipReason
from richsync.pipeline.imports import Imported, import_orders
from richsync.pipeline.outlooks import Job
from richsync.pipeline.scopes import Ceiling, Scope, parse_ceiling
from tests.importing import Said, job
from tests.small import map_text, row, source, table
from tests.support import KEY, Receiver, receiving

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
MAP = map_text("timezone: Europe/Copenhagen")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def milliseconds(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize(
    ("since", "until", "first", "last"),
    [
        ("2024-07-01", "", "2024-06-30T22:00:00Z", None),
        ("", "2024-07-01", None, "2024-07-01T21:59:59.999Z"),
        ("2024-03-31", "2024-03-31", "2024-03-30T23:00:00Z", "2024-03-31T21:59:59.999Z"),
        ("2024-07-01T10:30", "2024-07-01T10:30:15Z", "2024-07-01T08:30:00Z", "2024-07-01T10:30:15Z"),
        ("2024-07-01 10:30+05:00", "", "2024-07-01T05:30:00Z", None),
        ("2024-03-31T02:30", "", "2024-03-31T01:30:00Z", None),
    ],
    ids=["a day on", "to the end of a day", "a day of 23 hours", "moments", "another offset", "skipped hour"],
)
def test_days_are_the_shops_and_both_ends_are_meant(
    since: str, until: str, first: str | None, last: str | None
) -> None:
    within = Scope(since, until).within(COPENHAGEN)
    assert within is not None
    assert within.first == (milliseconds(first) if first else -inf)
    assert within.last == (milliseconds(last) if last else inf)


def test_without_options_everything_is_meant() -> None:
    assert Scope().within(COPENHAGEN) is None


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [
        ("05.03.2024", "", "--since '05.03.2024' is neither a day nor a moment"),
        ("", "2024-02-30", "--until '2024-02-30' is neither a day nor a moment"),
        ("", "9999-12-31", "--until '9999-12-31' is neither a day nor a moment"),
        ("yesterday", "", "write 2024-03-31"),
        ("2024-03-06", "2024-03-05", "--since 2024-03-06 is after --until 2024-03-05"),
    ],
)
def test_what_is_no_part_is_told(since: str, until: str, told: str) -> None:
    with pytest.raises(UnusableError, match=told):
        options.scope_of(since, until, None)


@pytest.mark.parametrize(
    ("written", "told"),
    [(None, "No such file"), (b"\xff", "not UTF-8"), (b"\xef\xbb\xbf\r\n \n", "holds no ids")],
)
def test_a_file_of_ids_that_says_nothing_is_told(tmp_path: Path, written: bytes | None, told: str) -> None:
    if written is not None:
        (tmp_path / "ids").write_bytes(written)
    with pytest.raises(UnusableError, match=told):
        options.scope_of("", "", tmp_path / "ids")


def test_ids_stand_one_a_line(tmp_path: Path) -> None:
    (tmp_path / "ids").write_bytes(b"\xef\xbb\xbf1001\r\n\r\n A 7 \n0012")
    assert options.scope_of("", "", tmp_path / "ids").ids == frozenset({"1001", "A 7", "0012"})


EXPORT = table(
    row("1", date="2024-03-01T23:30:00+01:00"),
    row("2", date="2024-03-02T00:10:00+01:00"),
    row("3", date="2024-03-03T23:59:59+01:00"),
    row("4", date="2024-03-04T00:00:00+01:00"),
    row("5", date="2024-03-01T10:00:00Z", total="x"),
    row("6", date="2024-03-02T10:00:00Z", total="x"),
    row("7", date="soon"),
)


def run(folder: Path, receiver: Receiver, export: str = EXPORT, mapped: str = MAP, **other: Any) -> Imported:
    return import_orders(job(source(folder, export, mapped), receiver.origin, **other), Said())


@pytest.mark.parametrize(
    ("scope", "sent", "rejected", "left_out"),
    [
        (Scope(), "1234", 3, 0),
        (Scope("2024-03-02", "2024-03-03"), "23", 2, 3),
        (Scope("2024-03-04"), "4", 1, 5),
        (Scope(until="2024-03-01"), "1", 2, 4),
        (Scope(ids=frozenset("1469")), "14", 1, 4),
        (Scope("2024-03-02", ids=frozenset("1467")), "4", 2, 4),
    ],
    ids=["everything", "two days", "from a day on", "to a day", "ids", "ids from a day on"],
)
def test_only_what_is_meant_is_sent_and_told(
    tmp_path: Path, receiver: Receiver, scope: Scope, sent: str, rejected: int, left_out: int
) -> None:
    """An order whose date cannot be read may be meant: it stays rejected."""
    made = run(tmp_path, receiver, scope=scope, skip_invalid=True)
    assert "".join(sorted(receiver.orders)) == sent
    assert made.account.of(Disposition.REJECTED).orders == rejected
    assert made.account.skipped.get(SkipReason.SCOPE, Tally()) == Tally(left_out, left_out)
    assert made.account.read == Tally(7, 7)
    (survey,) = made.outlook.surveys
    assert sum(group.orders for group in survey.findings if group.severity == "error") == rejected


def test_errors_elsewhere_do_not_keep_a_part_back(tmp_path: Path, receiver: Receiver) -> None:
    made = run(tmp_path, receiver, scope=Scope(ids=frozenset({"1", "2", "nobody", "88"})))
    assert (made.exit_code, sorted(receiver.orders)) == (0, ["1", "2"])
    assert made.outlook.unknown == ("88", "nobody")


def test_a_part_can_be_sent_once_more(tmp_path: Path, receiver: Receiver) -> None:
    run(tmp_path, receiver, skip_invalid=True)
    made = run(tmp_path, receiver, scope=Scope("2024-03-03", "2024-03-03"), resend=True, skip_invalid=True)
    assert made.account.of(Disposition.ACCEPTED) == Tally(1, 1)
    assert [each["properties"]["orderId"] for each in receiver.events] == ["1", "2", "3", "4", "3"]


@pytest.mark.parametrize(
    ("repeats", "sent", "expected"),
    [
        ("reject", {}, {"rejected": 1, "skipped": 1}),
        ("newest", {}, {"skipped": 2}),
        ("first", {"1": 9.5}, {"skipped": 1, "accepted": 1}),
    ],
)
def test_an_id_that_comes_back_outside_is_still_seen(
    tmp_path: Path, receiver: Receiver, repeats: str, sent: dict[str, float], expected: dict[str, int]
) -> None:
    rows = row("1", date="2024-03-01"), row("2", date="2024-03-09"), row("1", date="2024-03-08", total="1")
    mapped = map_text(f"timezone: UTC, repeats: {repeats}")
    made = run(tmp_path, receiver, table(*rows), mapped, scope=Scope(until="2024-03-05"), skip_invalid=True)
    assert {name: each["properties"]["amount"] for name, each in receiver.orders.items()} == sent
    expected["skipped"] += 1
    assert {
        str(each): made.account.of(each).orders for each in Disposition if made.account.of(each).orders
    } == expected


# how much may change


@pytest.mark.parametrize(
    ("text", "changed", "accepted", "expected"),
    [
        ("0", 0, 100, False),
        ("0", 1, 100, True),
        ("10", 10, 10, False),
        ("10", 11, 1000, True),
        ("5%", 5, 100, False),
        ("5%", 6, 100, True),
        ("0%", 0, 0, False),
        ("100%", 7, 7, False),
    ],
)
def test_a_ceiling_is_a_number_or_a_share(text: str, changed: int, accepted: int, expected: bool) -> None:
    assert parse_ceiling(text).is_exceeded(changed, accepted) is expected
    assert str(parse_ceiling(text)) == text


@pytest.mark.parametrize("text", ["", "-1", "5.5%", "many", "1%%", "%"])
def test_what_is_no_ceiling_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="write 100 or 5%"):
        parse_ceiling(text)


@pytest.mark.parametrize(("most", "held"), [(1, Held.CHANGED), (2, Held.NONE)])
def test_too_many_changed_orders_keep_everything_back(
    tmp_path: Path, receiver: Receiver, most: int, held: Held
) -> None:
    run(tmp_path, receiver, table(row("1"), row("2"), row("3")))
    changed = table(row("1", total="1"), row("2", total="1"), row("3"), row("4"))
    made = run(tmp_path, receiver, changed, max_changed=Ceiling(most))
    assert made.account.held is held
    assert (made.exit_code, len(receiver.events)) == ((1, 3) if held else (0, 6))


# older forms


def updated(date: str, total: str = "2") -> str:
    return table(row("1", note=date, total=total), row("2"))


OLDER = MAP.replace("  custom:", "  updatedAt: note\n  custom:")


def test_a_form_older_than_the_accepted_one_is_told_and_sent(tmp_path: Path, receiver: Receiver) -> None:
    for date in ("2024-05-02T10:00:00Z", "2024-05-02T10:00:00Z", "2024-05-03T10:00:00Z"):
        made = run(tmp_path, receiver, updated(date), OLDER)
        assert list(made.outlook.surveys[0].findings) == []
    made = run(tmp_path, receiver, updated("2024-05-01T10:00:00Z", "1"), OLDER)
    (group,) = made.outlook.surveys[0].findings
    assert (group.problem.code, str(group.severity), group.first) == ("RS707", "warning", 2)
    assert group.message == "the order was accepted in a later form (updated 2024-05-03 10:00 UTC)"
    assert (made.exit_code, receiver.orders["1"]["properties"]["amount"]) == (0, 1)


def test_a_map_can_make_an_error_of_it(tmp_path: Path, receiver: Receiver) -> None:
    run(tmp_path, receiver, updated("2024-05-02T10:00:00Z"), OLDER)
    strict = OLDER + "checks: {severity: {RS707: error}}\n"
    made = run(tmp_path, receiver, updated("2024-05-01T10:00:00Z", "1"), strict, skip_invalid=True)
    assert made.account.of(Disposition.REJECTED) == Tally(1, 1)
    assert (
        made.outlook.rejects[0]
        .path.read_text()
        .splitlines()[1]
        .endswith("RS707 the order was accepted in a later form (updated 2024-05-02 10:00 UTC)")
    )
    assert receiver.orders["1"]["properties"]["amount"] == 2


# the command line


@pytest.mark.parametrize(
    ("words", "policy"), [((), Policy()), (("--give-up", "5m"), Policy(give_up=300, first_reply=300))]
)
def test_a_time_that_is_given_holds_from_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], policy: Policy
) -> None:
    def stop(job: Job, _: object) -> Imported:
        assert job.policy == policy
        raise UnusableError("far enough")

    monkeypatch.setattr(importing, "import_orders", stop)
    command = ["import", source(tmp_path, EXPORT, MAP).name, "--dry-run", *words]
    with pytest.raises(UnusableError, match="far enough"):
        application("import")(command, standalone_mode=False)


def test_what_is_no_id_is_not_shown_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = source(tmp_path, EXPORT, MAP)
    (tmp_path / "ids").write_text("x" * 500)
    command = ["import", asked.name, "--dry-run", "--only-ids", str(tmp_path / "ids")]
    application("import")(command, standalone_mode=False)
    assert f"1 id of --only-ids: {'x' * 39}…\n" in capsys.readouterr().err


def test_the_options_reach_the_import(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], receiver: Receiver
) -> None:
    asked = source(tmp_path, EXPORT, MAP)
    (tmp_path / "ids").write_text("2\n3\n4\n99\n")
    command = ["import", asked.name, "--endpoint", receiver.origin, "--api-key", KEY, "--yes"]
    part = ["--since", "2024-03-02", "--until", "2024-03-03", "--only-ids", str(tmp_path / "ids")]
    assert application("import")([*command, *part], standalone_mode=False) == 0
    shown = capsys.readouterr()
    assert "2 new, 5 out of scope, 0 rejected" in shown.err
    assert "1 id of --only-ids: 99" in shown.err
    assert "5 skipped (scope: 5 orders)" in shown.out
    assert sorted(receiver.orders) == ["2", "3"]
    asked = source(tmp_path, EXPORT.replace("9.50", "8.50"), MAP)
    code = application("import")([*command, *part, "--max-changed", "50%", "--json"], standalone_mode=False)
    report = json.loads(capsys.readouterr().out)
    assert (code, report["account"]["pending_because"]) == (1, str(Held.CHANGED))
    assert report["scope"] == {
        "since": "2024-03-02",
        "until": "2024-03-03",
        "ids": 4,
        "ids_without_order": ["99"],
    }
