"""The reports for machines say what the account says, in the same bytes for the same input."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from richsync import reports
from richsync.cli.app import application
from richsync.jsontext import dumps
from richsync.model import Disposition
from richsync.pipeline.imports import Imported, import_orders
from richsync.pipeline.outlooks import Outlook
from richsync.pipeline.readings import Source
from richsync.pipeline.validations import validate
from richsync.plans import Overview
from richsync.plans.values import Money
from richsync.reports import result
from richsync.reports.github import annotations
from richsync.reports.summaries import money
from tests.importing import Said, job
from tests.small import DAY, HEADER, Quiet, cells, map_text, row, source, table
from tests.support import Receiver, receiving

EXPORT = table(
    row("1"),
    row("2", total="1x5", mail="a.b.com"),
    "",
    row("3", total="12.25", mail="c@d.com"),
    row("4", note="skip me"),
    row("1"),
    row("5", date="2020-01-01"),
)
MAP = map_text("where: {note: ['']}, timezone: UTC")


@pytest.fixture
def asked(tmp_path: Path) -> Source:
    return source(tmp_path, EXPORT, MAP)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def validated(asked: Source, *, show_values: bool = False) -> dict[str, Any]:
    report = reports.validated(validate([asked], Quiet()), show_values=show_values)
    found: dict[str, Any] = json.loads(dumps(report))
    return found


def imported(made: Imported) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(dumps(reports.imported(made, show_values=False)))
    return found


def test_validate_tells_the_numbers_of_the_account(asked: Source) -> None:
    report = validated(asked)
    assert report["counts"] == {
        "error": 2,
        "warning": 1,
        "info": 1,
        "orders": 5,
        "valid_orders": 3,
        "bad_orders": 1,
        "records": 7,
        "skipped": 3,
    }
    assert report["summary"] == {
        "first_order": "2020-01-01T00:00:00Z",
        "last_order": DAY,
        "customers": 2,
        "amount_by_currency": {"": 31.25},
    }
    assert report["source"]["records"] == 7
    assert report["source"]["lines"] == 8
    assert report["source"]["bytes"] == len(EXPORT)
    assert report["complete"] is True
    assert sum(each["count"] for each in report["groups"]) == 4


def test_a_group_names_the_place_of_the_cell(asked: Source) -> None:
    groups = {each["code"]: each for each in validated(asked)["groups"]}
    assert groups["RS501"] | {"message": "", "help": ""} == {
        "code": "RS501",
        "name": "not-a-number",
        "severity": "error",
        "column": "total",
        "field": "amount",
        "count": 1,
        "orders": 1,
        "first": {"line": 3, "column": 3, "record": 2},
        "last": {"line": 3, "column": 3, "record": 2},
        "values": [{"value": "1x5", "count": 1}],
        "values_exact": True,
        "samples": [
            {"line": 3, "column": 3, "record": 2, "order_id": "2", "value": "1x5", "note": None},
        ],
        "message": "",
        "help": "",
    }
    assert [groups[code]["first"]["line"] for code in ("RS701", "RS207")] == [7, 4]


@pytest.mark.parametrize(("show_values", "value"), [(False, "x.x.xxx"), (True, "a.b.com")])
def test_values_of_personal_fields_are_masked(asked: Source, show_values: bool, value: str) -> None:
    report = validated(asked, show_values=show_values)
    (group,) = (each for each in report["groups"] if each["code"] == "RS511")
    assert group["values"] == [{"value": value, "count": 1}]
    assert group["samples"][0]["value"] == value
    assert ("a.b.com" in json.dumps(report)) == show_values


@pytest.mark.parametrize(
    ("broken", "order_id"),
    [
        (f'"{row("3")}"', None),
        (row("3").replace(",", ";"), None),
        ("a@b.com,TE-1,9.5,1,", None),
        ("Ann Lee,9.50", None),
        ("+45 12 34 56 78,9.50", None),
        (row("3,x"), "3"),
        (row("#R-3/b,x"), "#R-3/b"),
    ],
)
def test_what_stands_in_place_of_the_id_in_a_shifted_row_is_shown_if_it_is_like_one(
    tmp_path: Path, broken: str, order_id: str | None
) -> None:
    asked = source(tmp_path, table(row("1"), row("2"), broken), MAP)
    (group,) = (each for each in validated(asked)["groups"] if each["code"] in ("RS202", "RS203"))
    assert group["samples"][0]["order_id"] == order_id
    assert "a@b.com" not in json.dumps(validated(asked))


def test_an_address_in_a_column_of_anything_else_is_masked(tmp_path: Path) -> None:
    export = table(row("of ann@b.com", total="ann@b.com", sku="ann@b.com"))
    told = result(validate([source(tmp_path, export, map_text())], Quiet()), show_values=False).sources
    (group,) = told[0].groups
    shown = group.samples[0].excerpt(100)
    assert shown is not None
    assert "ann" not in annotations(told) + shown.text
    assert group.samples[0][1:3] == ("of xxx@x.xxx", "xxx@x.xxx")


def test_values_that_are_masked_alike_are_one(tmp_path: Path) -> None:
    rows = [row(str(number), mail=mail) for number, mail in enumerate(("a.b", "c.d", "ef"))]
    (group,) = validated(source(tmp_path, table(*rows), map_text()))["groups"]
    assert group["values"] == [{"value": "x.x", "count": 2}, {"value": "xx", "count": 1}]


def test_half_a_character_is_told_as_its_escape(tmp_path: Path) -> None:
    members = dict(zip(HEADER.split(","), cells("1\ud800", total="2\ud800"), strict=True))
    asked = source(tmp_path, json.dumps(members), map_text())
    report = validated(asked, show_values=True)
    group = next(each for each in report["groups"] if each["code"] == "RS503")
    assert group["samples"][0] | {"order_id": r"1\ud800", "value": r"2\ud800"} == group["samples"][0]


def test_a_fault_makes_the_report_incomplete(tmp_path: Path) -> None:
    report = validated(source(tmp_path, table(row("1"), '2,"a'), MAP))
    assert report["complete"] is False
    assert (report["counts"]["records"], report["counts"]["orders"]) == (1, 1)


def test_validate_writes_the_same_bytes_for_the_same_input(
    asked: Source, capsys: pytest.CaptureFixture[str]
) -> None:
    written = []
    for _ in range(2):
        assert application("validate")(["validate", asked.name, "--json"], standalone_mode=False) == 1
        written.append(capsys.readouterr().out)
    assert written[0] == written[1]
    assert json.loads(written[0]) == validated(asked)


@pytest.mark.parametrize(
    ("asks", "answer", "pending", "because"),
    [
        ({}, True, 3, "the export has errors"),
        ({"dry_run": True, "skip_invalid": True}, True, 3, "a dry run sends nothing"),
        ({"skip_invalid": True}, False, 3, "not confirmed"),
        ({"skip_invalid": True}, True, 0, None),
        ({"skip_invalid": True, "limit": 2}, True, 1, "beyond --limit"),
    ],
)
def test_import_tells_the_account_whatever_becomes_of_it(
    asked: Source,
    receiver: Receiver,
    asks: dict[str, Any],
    answer: bool,
    pending: int,
    because: str | None,
) -> None:
    made = import_orders(job(asked, receiver.origin, **asks), Said(answer))
    report = imported(made)
    accepted = 3 - pending
    assert report["account"] == {
        "read": {"orders": 5, "records": 7},
        "accepted": {"orders": accepted, "records": accepted},
        "unchanged": {"orders": 0, "records": 0},
        "rejected": {"orders": 1, "records": 1},
        "skipped": {"orders": 1, "records": 3},
        "pending": {"orders": pending, "records": pending},
        "skipped_by_reason": {
            "where": {"orders": 0, "records": 1},
            "not a record": {"orders": 0, "records": 1},
            "duplicate": {"orders": 1, "records": 1},
        },
        "pending_because": because,
    }
    assert len(receiver.events) == accepted
    assert (report["exit_code"], made.exit_code) == (1, 1)
    assert Path(report["rejects"]).read_text().splitlines()[1].startswith("2,1x5,")
    assert report["rejects_raw"] is None
    assert report["ending"] is None


def test_sent_again_everything_is_unchanged_and_the_report_the_same(
    tmp_path: Path, receiver: Receiver
) -> None:
    asked = source(tmp_path, table(row("1"), row("2"), row("3", total="8")), MAP)
    first, second, third = (
        imported(import_orders(job(asked, receiver.origin), Said())) | {"seconds": 0} for _ in range(3)
    )
    assert first["planned"] == {
        "new": 3,
        "changed": 0,
        "in_doubt": 0,
        "refused_before": 0,
        "unchanged": 0,
        "to_send": 3,
    }
    assert second["planned"] == {
        "new": 0,
        "changed": 0,
        "in_doubt": 0,
        "refused_before": 0,
        "unchanged": 3,
        "to_send": 0,
    }
    assert second["account"]["unchanged"] == {"orders": 3, "records": 3}
    assert (first["exit_code"], second["exit_code"]) == (0, 0)
    assert dumps(second) == dumps(third)
    assert {str(each) for each in Disposition} <= second["account"].keys()


def test_order_ids_that_changed_stop_an_import(asked: Source, receiver: Receiver) -> None:
    import_orders(job(asked, receiver.origin, skip_invalid=True), Said())
    folder = Path(asked.name).parent
    renamed = source(folder, EXPORT, MAP.replace("orderId: id", "orderId: 'X-{id}'"))
    report = imported(import_orders(job(renamed, receiver.origin, skip_invalid=True), Said()))
    assert report["account"]["pending_because"] == "order ids changed"
    assert report["exit_code"] == 1
    assert [each["count"] for each in report["groups"] if each["code"] == "RS706"] == [3]
    assert len(receiver.events) == 3
    meant = import_orders(job(renamed, receiver.origin, skip_invalid=True, new_ids=True), Said())
    assert meant.account.of(Disposition.ACCEPTED).orders == 3


@pytest.mark.parametrize(
    ("currency", "told"),
    [("EUR", "1,234.50 EUR"), ("JPY", "1,234 JPY"), ("KWD", "1,234.500 KWD"), ("", "1,234.50")],
)
def test_money_has_the_decimals_of_its_currency(currency: str, told: str) -> None:
    assert money(Overview(1, 1, None, None, (Money(currency, 1, 1234.5),))) == told


def test_the_time_of_sending_is_not_that_of_the_question(asked: Source, receiver: Receiver) -> None:
    asking = {"seconds": 0.0}

    class Slow(Said):
        def confirm(self, outlook: Outlook) -> bool:
            asking["seconds"] = 1000.0
            return True

    asked_for = job(asked, receiver.origin, skip_invalid=True)
    made = import_orders(asked_for, Slow(), lambda: time.monotonic() + asking["seconds"])
    assert 0 < made.seconds < 1000
