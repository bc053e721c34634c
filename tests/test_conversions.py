"""Exports as ready events, and ready events as an export: what is sent is the same, byte for byte."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from richsync.accounts import Held
from richsync.cli import ledgers, options
from richsync.cli.app import application
from richsync.delivery.moves import Policy
from richsync.delivery.pace import UNLIMITED
from richsync.errors import UnusableError
from richsync.events import express
from richsync.jsontext import dumps, loads
from richsync.model import Disposition, Odd, Order, ReadAs, Record
from richsync.pipeline.conversions import convert
from richsync.pipeline.imports import Imported, import_orders
from richsync.pipeline.readings import Source
from richsync.plans import Place
from richsync.ready import READY, holds_events, taken
from tests.importing import Said, job
from tests.small import MILLISECONDS, Quiet, brief, map_text, row, source, surveyed, table
from tests.support import SAMPLES, Receiver, copied, receiving

ITEM = {"id": "T", "price": 9.5, "quantity": 1}
PROPERTIES = {"orderId": "1", "orderDbKey": "1", "amount": 9.5, "createdAt": MILLISECONDS, "items": [ITEM]}
PERSON = {"uid": "a@b.com", "email": "a@b.com"}
EVENT: dict[str, Any] = {"event": "order", "properties": PROPERTIES, "userProperties": PERSON}


def event(**changed: Any) -> dict[str, Any]:
    """A good event but for what is said of its properties."""
    return EVENT | {"properties": PROPERTIES | changed}


def read_back(value: object) -> Any:
    """What becomes of a record that says it."""
    text = dumps(value).decode()
    (found,) = taken([(1, loads(text), text + "\n")])
    return found


def sent(value: object) -> Any:
    """The event that is sent of a record."""
    return json.loads(express(read_back(value)).body)


# Ready events


def test_an_event_is_taken_as_it_stands_but_for_the_key() -> None:
    time = {"sentAt": 5, "originalTimestamp": MILLISECONDS}
    stored = EVENT | {"time": time, "appClientId": "another", "_richsync_errors": "RS802"}
    assert sent(stored) == EVENT | {"time": time}
    assert sent(EVENT) == EVENT | {"time": {"sentAt": MILLISECONDS}}


def test_what_is_empty_is_not_sent_and_numbers_are_numbers() -> None:
    lean = sent(event(status=" ", coupons=["", None], note={"a": []}, taxAmount=0, big=2**60, ok=False))
    expected = {**PROPERTIES, "taxAmount": 0, "big": str(2**60), "ok": False}
    assert lean["properties"] == expected


BAD = [
    (event(amount=None), "RS802 amount"),
    (event(amount="9.50"), "RS802 amount"),
    (event(amount=2**60), "RS802 amount"),
    (event(createdAt=None), "RS802 createdAt, RS802 time"),
    (event(items=[ITEM, ITEM | {"price": ""}]), "RS802 items.price"),
    (event(items=[]), "RS802 items"),
    (event(note="\x07"), "RS108"),
    (EVENT | {"properties": [1]}, "RS802 properties, RS802 time"),
    (EVENT | {"event": "Order", "more": 1}, "RS802 more, RS802 event"),
    (EVENT | {"userProperties": {}}, "RS802 userProperties"),
    (EVENT | {"userProperties": {"uid": "a@"}}, "RS511 customer.uid"),
    (EVENT | {"userProperties": {"uid": "7", "email": 7}}, "RS802 customer.email"),
    (EVENT | {"time": {"sentAt": "soon"}}, "RS802 time.sentAt"),
]


@pytest.mark.parametrize(("value", "expected"), BAD, ids=[each for _, each in BAD])
def test_a_bad_event_is_a_reject_at_its_line_with_all_that_is_wrong(
    value: dict[str, Any], expected: str
) -> None:
    found = read_back(value)
    order_id = "1" if isinstance(value["properties"], dict) else ""
    assert brief(found) == f"reject {order_id} @1 x1: {expected}"
    assert {each.line for each in found.problems} == {1}


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        (MILLISECONDS, MILLISECONDS),
        (float(MILLISECONDS), MILLISECONDS),
        (1.5, None),
        (2**60, None),
        ("x", None),
    ],
)
def test_a_rejected_event_is_of_its_date(created: object, expected: int | None) -> None:
    """So that `--since` and `--until` leave it out like any other order."""
    found = read_back(event(createdAt=created, amount="x"))
    assert (found.order_id, found.created) == ("1", expected)


def test_a_bad_email_that_is_not_the_uid_is_a_warning() -> None:
    assert brief(read_back(EVENT | {"userProperties": {"uid": "7", "email": "a@"}})) == (
        "order 1 @1 x1: RS511 customer.email"
    )


def test_events_are_judged_like_orders_that_a_map_made(tmp_path: Path) -> None:
    odd = event(currency="DDK", amount=-9.5)
    asked = ready(tmp_path / "e.jsonl", [dumps(odd)])
    survey, _ = surveyed(asked)
    told = [(each.problem.code, each.problem.column, each.first) for each in survey.findings]
    assert told == [("RS505", "properties.amount", 1), ("RS515", "properties.currency", 1)]


def test_lines_that_hold_no_event() -> None:
    records: list[Record] = [
        (1, Odd("RS207"), "\n"),
        (2, Odd("RS220", "cut"), "{\n"),
        (3, {"id": 1}, '{"id":1}\n'),
    ]
    told = [brief(each) for each in taken(records)]
    assert told[:2] == ["skipped @1: not a record", "reject  @2 x1 loose: RS220"]
    assert told[2].startswith("reject  @3 x1: RS802")
    assert not holds_events(records)
    assert holds_events([records[0], (2, EVENT, "")])


texts = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=5)
leaves = (
    texts | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=2) | st.dictionaries(texts, inner, min_size=1, max_size=2)
    ),
    max_leaves=4,
)


@settings(max_examples=60)
@given(st.dictionaries(texts.map(lambda name: f"x{name}"), values, max_size=4), st.floats(0, 1e12))
def test_an_event_that_is_written_and_read_is_the_same_event(custom: dict[str, Any], amount: float) -> None:
    order = Order("1", {**PROPERTIES, "amount": amount, **custom}, PERSON, 1, 1, "", "")
    written = express(order)
    (found,) = taken([(1, loads(written.body.decode()), "")])
    assert isinstance(found, Order)
    assert express(found) == written


# An export and the events made of it


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def events_of(*asked: Source, skip_invalid: bool = False) -> tuple[list[bytes], Any]:
    written: list[bytes] = []
    place = Place(Path(asked[0].name).parent, "-o")
    found = convert(asked, Quiet(), written.extend, place, skip_invalid=skip_invalid)
    return written, found.account


def ready(path: Path, events: list[bytes]) -> Source:
    path.write_bytes(b"".join(each + b"\n" for each in events))
    return options.source_of(str(path), None)


def imported(asked: Source, receiver: Receiver, **other: Any) -> Imported:
    fast = Policy(rate=UNLIMITED, lanes=1)
    return import_orders(job(asked, receiver.origin, **other)._replace(policy=fast), Said())


def ledger(path: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT order_id, hex(digest), state, batch, updated FROM orders ORDER BY order_id"
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("name", ["orders.csv", "bestellungen.csv", "webshop.jsonl"])
def test_the_events_of_an_export_give_the_same_requests_and_the_same_ledger(
    tmp_path: Path, receiver: Receiver, name: str
) -> None:
    asked = options.source_of(str(copied(tmp_path, name)), None)
    assert imported(asked, receiver).exit_code == 0
    requests, receiver.requests = receiver.requests, []
    expected = ledger(tmp_path / "orders.richsync")
    events, account = events_of(asked)
    assert len(events) == account.of(Disposition.PENDING).orders == 300
    converted = ready(tmp_path / "events.jsonl", events)
    again = imported(converted, receiver)
    assert again.account.of(Disposition.UNCHANGED).orders == 300
    assert receiver.requests == []
    (tmp_path / "orders.richsync").unlink()
    imported(converted, receiver)
    assert receiver.requests == requests
    assert ledger(tmp_path / "orders.richsync") == expected


def test_events_are_oldest_first_and_those_that_count(tmp_path: Path) -> None:
    rows = (row("2"), row("1", date="2023-01-01T00:00:00Z"), row("2"), row("3", total="x"))
    asked = source(tmp_path, table(*rows), map_text())
    assert events_of(asked)[1].held is Held.INVALID_EXPORT
    events, account = events_of(asked, skip_invalid=True)
    assert [json.loads(each)["properties"]["orderId"] for each in events] == ["1", "2"]
    assert account.of(Disposition.REJECTED).orders == account.of(Disposition.SKIPPED).orders == 1


@pytest.mark.parametrize(("rows", "code"), [((row("1"),), 0), ((), 1)])
def test_a_header_alone_is_no_conversion(tmp_path: Path, rows: tuple[str, ...], code: int) -> None:
    asked = source(tmp_path, table(*rows), map_text())
    said = application("convert")(["convert", asked.name, "-o", str(tmp_path / "e")], standalone_mode=False)
    assert said == code


def test_an_event_under_another_id_is_known_again(tmp_path: Path, receiver: Receiver) -> None:
    first = ready(
        tmp_path / "a.jsonl", [dumps(event(taxAmount=1)), dumps(event(orderId="2", orderDbKey="2"))]
    )
    assert imported(first, receiver).exit_code == 0
    other = ready(tmp_path / "b.jsonl", [dumps(event(orderId="W2", orderDbKey="W2"))])
    made = imported(other, receiver)
    assert made.account.held is Held.RENAMED
    assert [each.problem.code for each in made.outlook.surveys[0].findings] == ["RS706"]


def test_an_order_that_is_known_under_two_ids_is_told_once(tmp_path: Path, receiver: Receiver) -> None:
    twins = [dumps(event(orderId=each, orderDbKey=each)) for each in ("1", "2")]
    assert imported(ready(tmp_path / "a.jsonl", twins), receiver).exit_code == 0
    other = ready(tmp_path / "b.jsonl", [dumps(event(orderId="W1", orderDbKey="W1"))])
    (renamed,) = imported(other, receiver).outlook.surveys[0].findings
    assert (renamed.problem.code, renamed.count, renamed.problem.note) == ("RS706", 1, "as 1")


def test_rejected_events_can_be_mended_and_imported(tmp_path: Path, receiver: Receiver) -> None:
    asked = ready(tmp_path / "a.jsonl", [dumps(EVENT), dumps(event(orderId="2", amount="dear"))])
    made = imported(asked, receiver, skip_invalid=True)
    assert made.account.of(Disposition.REJECTED).orders == 1
    rejects = tmp_path / "a.rejects.jsonl"
    assert "RS802 properties.amount" in rejects.read_text()
    rejects.write_text(rejects.read_text().replace('"dear"', "4.5"))
    mended = options.source_of(str(rejects), None)
    assert imported(mended, receiver).exit_code == 0
    assert receiver.orders["2"]["properties"]["amount"] == 4.5


# Which map is meant


def test_events_need_no_map_and_other_files_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ready(tmp_path / "e.jsonl", [dumps(EVENT)])
    (tmp_path / "orders.jsonl").write_text('{"id": 1}\n')

    def meant(name: str, told: str = "") -> str:
        found = options.source_of(name, Path(told) if told else None)
        return "none" if found.field_map is READY else found.map_file.name

    assert (meant("e.jsonl"), meant("-")) == ("none", "none")
    with pytest.raises(UnusableError, match="no field map for orders"):
        meant("orders.jsonl")
    (tmp_path / "richsync.yaml").write_text(map_text())
    assert [meant(name) for name in ("e.jsonl", "orders.jsonl", "-")] == ["none", *["richsync.yaml"] * 2]
    assert meant("e.jsonl", "richsync.yaml") == "richsync.yaml"
    (tmp_path / "e.map.yaml").write_text(map_text())
    assert meant("e.jsonl") == "e.map.yaml"


def test_a_ledger_of_events_lies_beside_them(tmp_path: Path) -> None:
    asked = ready(tmp_path / "e.jsonl", [dumps(EVENT)])
    assert ledgers.ledger_of(asked, None, rehearsal=False) == tmp_path / "e.richsync"
    with pytest.raises(UnusableError, match="needs a ledger of its own"):
        ledgers.ledger_of(asked._replace(name="-"), None, rehearsal=False)


def test_what_is_piped_in_without_a_map_must_be_events(tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    path.write_text('{"id": 1}')
    with pytest.raises(UnusableError, match="are no order events, and there is no field map"):
        events_of(Source(str(path), READY, ReadAs(), path))


# The command


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    code = application("convert")(["convert", *map(str, arguments)], standalone_mode=False)
    shown = capsys.readouterr()
    return int(code or 0), shown.out, shown.err


def test_convert_writes_to_stdout_or_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export = SAMPLES / "orders.csv"
    code, out, err = run(capsys, export)
    assert (code, out.count("\n")) == (0, 300)
    assert err.endswith("300 events of 300 orders: 0 rejected, 0 skipped\n")
    target = tmp_path / "events.jsonl"
    assert run(capsys, export, "-o", target, "--quiet") == (0, "", "")
    assert target.read_text() == out


def test_convert_takes_a_part_of_an_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, err = run(capsys, SAMPLES / "orders.csv", "--until", "2024-01-02")
    assert json.loads(out)["properties"]["orderId"] == "24001"
    assert "1 event of 300 orders: 0 rejected, 299 skipped (scope: 299 orders)" in err


def test_convert_holds_back_what_import_would(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "events.jsonl"
    code, out, err = run(capsys, SAMPLES / "orders_with_mistakes.csv", "-o", target)
    assert (code, out, target.exists()) == (1, "", False)
    assert "nothing was written, because the export has errors: 10 rejected" in err
    code, out, err = run(capsys, SAMPLES / "orders_with_mistakes.csv", "--skip-invalid")
    assert (code, out.count("\n")) == (1, 31)
    assert "31 events of 42 orders: 10 rejected, 1 skipped (duplicate: 1 order)" in err


def test_convert_of_a_file_that_cannot_be_trusted_offers_no_way_around(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (SAMPLES / "orders.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    header = ",".join(reversed(lines[0].strip().split(",")))
    export = tmp_path / "orders.csv"
    export.write_text("".join((*lines[:3], f"{header}\n", *lines[3:5])), encoding="utf-8")
    (tmp_path / "orders.map.yaml").write_text((SAMPLES / "orders.map.yaml").read_text(encoding="utf-8"))
    code, out, err = run(capsys, export, "--skip-invalid")
    assert (code, out) == (1, "")
    assert "error RS213 another header stands here, with the columns in another order" in err
    assert err.rstrip().endswith("next: mend the export")
