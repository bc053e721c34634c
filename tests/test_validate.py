"""A survey of files that are wrong in one known way each, and of exports with many known faults."""

import gzip
from collections import Counter
from pathlib import Path

import pytest

from richsync.checks import CHECKS, Severity
from richsync.cli.app import application
from richsync.errors import BadMapError
from richsync.model import Disposition
from richsync.pipeline.surveys import Survey
from richsync.reports.told import Teller
from tests.faulty import Shape, faulty
from tests.small import HEADER, map_text, row, source, surveyed, table

GOOD = table(row("1"), row("2"))
LONG = "x" * 5_000_000
ROWS = "".join(f"{row(str(n))}\n" for n in range(5000))
DAMAGED = gzip.compress((table(row("1", total="x", note="NULL")) + ROWS).encode(), mtime=0)
OPEN = table(*(row(str(n)) for n in range(200))) + f'999,"{row("x")}\n' + ROWS
GZIP = gzip.compress((f"{HEADER}\n" + ROWS).encode(), mtime=0)
NASTY: dict[str, tuple[bytes | str, str, list[str], int]] = {
    # name: (the file, `export:` of the map, code@line of what must be found, exit code)
    "0 bytes": ("", "", ["RS102@1"], 1),
    "only blank lines": ("\n\n  \n", "", ["RS102@1"], 1),
    "header only": (table(), "", ["RS103@2"], 1),
    "a workbook": (b"PK\x03\x04\x14\x00\x06\x00", "", ["RS106@1"], 1),
    "a PDF": (b"%PDF-1.7\n", "", ["RS106@1"], 1),
    "an image": (b"\x89PNG\r\n\x1a\n\x00", "", ["RS106@1"], 1),
    "an archive cut short": (GZIP[: len(GZIP) // 2], "", ["RS107@"], 1),
    "a damaged archive": (DAMAGED[:-8] + bytes(8), "", ["RS107@"], 1),
    "one byte that is not UTF-8": ((GOOD + "3,Zoë\n4,").encode() + b"\xe9\n", "", ["RS104@5", "RS203@4"], 1),
    "an open quote": (OPEN, "", ["RS204@202"], 1),
    "text after a quote": (table(row("1"), row("2", note='"ab"c')), "", ["RS205@3"], 1),
    "two exports": (GOOD + table(row("3")), "", ["RS211@4"], 1),
    "every row too short": (table(*(row(str(n))[:-1] for n in range(2000))), "", ["RS203@2 x2000"], 1),
    "an unquoted thousands mark": (table(row("1"), row("2", total="1,234.00")), "", ["RS202@3"], 1),
    "another delimiter told": (GOOD.replace(",", ";"), "delimiter: ','", ["RS201@1"], 1),
    "byte order mark, quoted header": (b"\xef\xbb\xbf" + GOOD.replace("id,", '"id",', 1).encode(), "", [], 0),
    "a sep= line": ("sep=;\n" + GOOD.replace(",", ";"), "", [], 0),
    "UTF-16": (b"\xff\xfe" + GOOD.encode("utf-16-le"), "", [], 0),
    "CRLF": (GOOD.replace("\n", "\r\n"), "", [], 0),
    "no last newline": (GOOD.rstrip("\n"), "", [], 0),
    "a blank line": (table(row("1"), "", row("2")), "", ["RS207@3"], 0),
    "a cell of 5 MB": (table(row("1", note=LONG)), "", ["RS801@2"], 0),
    "a NUL": (table(row("1", note="a\x00b")), "", ["RS108@2"], 1),
    "an escape sequence": (table(row("1", note="\x1b[31mred")), "", ["RS108@2"], 1),
    "an id that lost digits": (table(row("1.23457E+12")), "", ["RS512@2"], 1),
    "an id like a decimal": (table(row("1001.0")), "", ["RS521@2"], 1),
    "an order twice": (table(row("1"), row("2"), row("1")), "", ["RS701@4"], 0),
    "two orders of one id": (table(row("1"), row("2"), row("1", total="8")), "", ["RS702@4"], 1),
    "rows apart": (table(row("1"), row("2"), row("1", sku="B")), "group: id", ["RS703@4"], 1),
    "no order without an id": (table(row("")), "", ["RS401@2"], 1),
    "a spreadsheet's error": (table(row("1", total="#REF!")), "", ["RS513@2"], 1),
    "no header": (table(row("1"), row("2")).partition("\n")[2], f"columns: [{HEADER}]", [], 0),
    "a cell that swallows rows": (
        table(row("1", note='"x'), row("2"), row("3"), row("4", note='x"'), row("5")), "", ["RS206@2"], 0
    ),
    "dates the other way round": (
        table(row("1", date="03/04/2024"), row("2", date="03/25/2024")),
        "dates: '%d/%m/%Y', timezone: UTC", ["RS524@3"], 1,
    ),
    "dates that may be either": (
        table(*(row(str(n), date="03/04/2024") for n in range(9))), "", ["RS508@2 x9"], 1
    ),
    "seconds taken for milliseconds": (table(row("1", date="1709632800")), "dates: epoch_ms", ["RS510@2"], 1),
    "a local date in a pattern": (table(row("1", date="05.03.2024")), "dates: '%d.%m.%Y'", ["RS509@0"], 0),
    "letters read twice": (table(row("1", note="CafÃ©")), "", ["RS109@2"], 0),
    "a text marked by a spreadsheet": (table(row("1", note="'0")), "", ["RS514@2"], 0),
    "a card in a note": (table(row("1", note="4111 1111 1111 1111")), "", ["RS901@2"], 0),
    "nothing in words": (table(row("1", note="NULL"), row("2", note="N/A")), "", ["RS406@2"], 0),
    "below zero": (table(row("1", total="-9.50")), "", ["RS505@2"], 0),
    "nothing that is asked for": (GOOD, "where: {sku: te-1}", ["RS311@0"], 0),
    "a local date": (table(row("1", date="2024-03-05 10:00")), "", ["RS509@0"], 0),
}  # fmt: skip

EXTRA = (f"{HEADER},extra\n{row('1')},x\n", f"{HEADER},extra\n")


def told(survey: Survey) -> list[str]:
    """Every group but the notes on columns: `RS203@2 x2000`."""
    groups = (each for each in survey.findings if each.problem.code != "RS307")
    return [
        f"{each.problem.code}@{each.first}" + (f" x{each.count}" if each.count > 1 else "") for each in groups
    ]


@pytest.mark.parametrize("name", NASTY)
def test_each_nasty_file_gives_its_code_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    export, settings, expected, exit_code = NASTY[name]
    asked = source(tmp_path, export, map_text(settings))
    survey, account = surveyed(asked)
    found = told(survey)
    if "archive" in name:
        assert survey.orders > 100
        found = [each.partition("@")[0] + "@" for each in found]
    assert found == expected
    account.check()
    assert application("validate")(["validate", asked.name, "--quiet"], standalone_mode=False) == exit_code
    shown = capsys.readouterr().out
    assert [code for code in CHECKS if f" {code} " in shown and code != "RS307"] == sorted(
        each.partition("@")[0] for each in expected
    )


PLACES = {
    "an open quote": (table(row("1"), row("2", note='"x')), "RS204", (3, 48)),
    "an open quote after a cell of two lines": (
        table(row("1"), row("2", note='"x\ny"'), row("3", sku='"x')),
        "RS204",
        (5, 37),
    ),
    "text after a quote": (table(row("1"), row("2", sku='"a"b')), "RS205", (3, 37)),
    "text after a quote of two lines": (table(row("1"), row("2", sku='"a\n"b')), "RS205", (3, 37)),
    "a cell too many": (table(row("1"), row("2", note="x,y")), "RS202", (3, 48)),
    "a bad cell": (table(row("1", total="x")), "RS501", (2, 3)),
    "a bad cell after CRLF and a cell of two lines": (
        table(row("1", note='"x\ny"'), row("2", total="x")).replace("\n", "\r\n"),
        "RS501",
        (4, 3),
    ),
    "an odd order": (table(row("1"), row("2", total="-1")), "RS505", (3, 3)),
    "a row of an order that says otherwise": (
        table(row("1"), row("1", sku="B", date="2024-03-06T10:00:00Z")),
        "RS704",
        (3, 8),
    ),
    "a line that is not JSON": ('{"id": nope}\n', "RS220", (1, 8)),
    "a line with a number that JSON does not have": ('{"id": NaN}\n', "RS220", (1, 1)),
}


@pytest.mark.parametrize("settings", ["", "scattered: true"])
@pytest.mark.parametrize(("export", "code", "place"), PLACES.values(), ids=PLACES)
def test_a_finding_points_at_its_cell(
    tmp_path: Path, settings: str, export: str, code: str, place: tuple[int, int]
) -> None:
    survey, _ = surveyed(source(tmp_path, export, map_text(settings)))
    (group,) = Teller(survey, show_values=True).told.groups
    assert group.first is not None
    assert (group.code, group.first[:2]) == (code, place)


def test_a_cell_that_two_fields_are_read_from_is_told_once(tmp_path: Path) -> None:
    mapped = map_text().replace("  createdAt", "  taxAmount: total\n  createdAt")
    survey, _ = surveyed(source(tmp_path, table(row("1", total="x"), row("2", total="y")), mapped))
    assert [(each.problem.field, each.count) for each in survey.findings] == [("amount", 2)]


def test_of_dates_that_are_exchanged_none_is_sent(tmp_path: Path) -> None:
    export = table(row("1", date="03/04/2024"), row("2", date="03/25/2024"))
    survey, account = surveyed(source(tmp_path, export, map_text("dates: '%d/%m/%Y', timezone: UTC")))
    assert survey.faults == 1
    assert account.of(Disposition.REJECTED).orders == 1
    account.check()


def test_without_orders_nothing_is_said_of_columns(tmp_path: Path) -> None:
    surveys = [surveyed(source(tmp_path, text, map_text(), "extra.csv"))[0] for text in EXTRA]
    assert [[each.problem.code for each in survey.findings] for survey in surveys] == [["RS307"], ["RS103"]]


@pytest.mark.parametrize(
    ("settings", "days"),
    [
        ("timezone: Europe/Berlin", "2026-01-01 to 2026-01-02"),
        ("timezone: America/New_York", "2026-01-01 to 2026-01-02"),
        ("timezone: UTC", "2026-01-01 to 2026-01-02"),
        ("", "2026-01-01 to 2026-01-02"),
    ],
)
def test_the_days_are_those_of_the_shop(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: str, days: str
) -> None:
    rows = (row("1", date="2026-01-01 00:00"), row("2", date="2026-01-02 23:30"))
    asked = source(tmp_path, table(*rows), map_text(settings))
    application("validate")(["validate", asked.name], standalone_mode=False)
    assert f"1 customer, {days}, 19.00" in capsys.readouterr().out


def test_what_differs_from_the_first_finding_is_said_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = (row("1", total='"1.234,50"'), row("2", total='"12,50"'), row("3", total='"1.234,50"'))
    asked = source(tmp_path, table(*rows), map_text())
    application("validate")(["validate", asked.name, "--quiet"], standalone_mode=False)
    places = [line.strip() for line in capsys.readouterr().out.splitlines() if f"{asked.name}:" in line]
    assert [place.partition("  ")[2] for place in places] == [
        'order 1  "1.234,50"',
        'order 2  "12,50"  (it is like 1234,56)',
        'order 3  "1.234,50"',
    ]


def test_a_column_that_is_not_there_is_said_once_before_anything_is_read(tmp_path: Path) -> None:
    asked = source(tmp_path, GOOD, map_text().replace("total", "totl"))
    with pytest.raises(BadMapError) as raised:
        surveyed(asked)
    (mistake,) = raised.value.mistakes
    assert (mistake.code, mistake.line, mistake.help) == ("RS303", 5, "did you mean 'total'?")
    assert raised.value.exit_status == 2


def test_a_file_without_a_header_is_told_once(tmp_path: Path) -> None:
    with pytest.raises(BadMapError) as raised:
        surveyed(source(tmp_path, table(row("1"), row("2")).partition("\n")[2], map_text()))
    (mistake,) = raised.value.mistakes
    assert (mistake.code, "looks like an order" in mistake.message) == ("RS210", True)
    assert "columns: [id, date, total]" in mistake.help


@pytest.mark.parametrize("header", ["date_placed,amount", "Nr,Kunde"])
def test_the_map_of_another_export_is_told_once(tmp_path: Path, header: str) -> None:
    with pytest.raises(BadMapError) as raised:
        surveyed(source(tmp_path, f"{header}\na,b\n", map_text()))
    (mistake,) = raised.value.mistakes
    assert (mistake.code, mistake.line) == ("RS303", 4)
    assert mistake.message == "the export has none of the map's columns: 'date', 'id', 'mail' and 5 more"
    assert mistake.help == f"is the map of another export? the names are: {', '.join(header.split(','))}"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("note", ["RS208@0"]), ("note#1", []), ("note#2", []), ("'{note}{note#2|}'", [])],
)
def test_a_name_that_stands_twice(tmp_path: Path, name: str, expected: list[str]) -> None:
    export = f"{HEADER},note\n{row('1', note='a')},b\n{row('2', note='a')},a\n"
    survey, _ = surveyed(source(tmp_path, export, map_text().replace("note: note", f"note: {name}")))
    assert told(survey) == expected


def test_a_name_that_stands_twice_above_the_same_cells_is_no_matter(tmp_path: Path) -> None:
    survey, _ = surveyed(source(tmp_path, f"{HEADER},note\n{row('1', note='a')},a\n", map_text()))
    assert told(survey) == []


def test_defaults_are_counted(tmp_path: Path) -> None:
    mapped = map_text().replace("quantity: qty", "quantity: {from: qty, default: 1}")
    survey, _ = surveyed(source(tmp_path, table(row("1"), row("2", qty=""), row("3", qty="")), mapped))
    (group,) = survey.findings
    assert (group.problem.code, group.problem.field, group.problem.note) == (
        "RS803",
        "items.quantity",
        "2 times '1'",
    )


def test_what_stands_before_a_fault_is_read_and_counted(tmp_path: Path) -> None:
    survey, account = surveyed(source(tmp_path, OPEN, map_text()))
    assert account.read.orders == account.read.records == survey.overview.orders == 200
    assert survey.faults == 1
    assert not survey.is_sound


def test_unused_columns_are_noted_once_and_a_rejects_column_not_at_all(tmp_path: Path) -> None:
    export = GOOD.replace("note\n", "note,extra,_richsync_errors\n").replace("1,\n", "1,,,\n")
    survey, _ = surveyed(source(tmp_path, export, map_text()))
    (group,) = survey.findings
    assert (group.problem.code, group.message) == ("RS307", "not used by the map: extra")


@pytest.mark.parametrize(
    ("rows", "expected", "rejected", "skipped"),
    [
        ([row("1"), row("2"), row("1"), row("1")], ["RS701@4 x2"], 0, 2),
        ([row("1"), row("2"), row("1", total="8"), row("3"), row("1")], ["RS702@4 x2"], 3, 0),
        ([row("1", total="x"), row("2"), row("1")], ["RS501@2", "RS702@4"], 2, 0),
        ([row("1"), row("2"), row("1", total="x")], ["RS501@4", "RS702@4"], 2, 0),
        ([row("1", total="x"), row("2"), row("1", total="x")], ["RS501@2 x2"], 2, 0),
        ([row("", total="8"), row("2"), row("")], ["RS401@2 x2"], 2, 0),
    ],
)
def test_an_id_that_comes_back(
    tmp_path: Path, rows: list[str], expected: list[str], rejected: int, skipped: int
) -> None:
    survey, account = surveyed(source(tmp_path, table(*rows), map_text()))
    assert told(survey) == expected
    assert account.of(Disposition.REJECTED).orders == rejected
    assert account.of(Disposition.SKIPPED).orders == skipped
    assert account.of(Disposition.PENDING).orders == len(rows) - rejected - skipped


SHAPES = [Shape(), Shape(breaks=True), Shape(rows=4), Shape(rows=4, breaks=True)]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_known_fault_is_found_at_its_line_and_none_is_invented(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shape: Shape, seed: int
) -> None:
    monkeypatch.setattr("richsync.findings.SAMPLES", 10**6)
    made = faulty(seed, shape)
    asked = source(tmp_path, made.text, map_text("group: id" if shape.rows > 1 else ""))
    survey, account = surveyed(asked)
    found = Counter(
        (sample.problem.line, sample.problem.code, sample.problem.column)
        for group in survey.findings
        if group.severity is not Severity.INFO
        for sample in group.samples
    )
    assert found - made.faults == Counter()
    assert made.faults - found == Counter()
    assert account.read.orders == made.orders
    assert account.of(Disposition.REJECTED).orders == made.rejected
    assert account.of(Disposition.SKIPPED).orders == made.duplicates


def test_the_known_faults_are_of_every_kind() -> None:
    codes = {code for seed in range(4) for shape in SHAPES for _, code, _ in faulty(seed, shape).faults}
    assert codes >= {f"RS{number}" for number in (202, 203, 401, 403, 404, 501, 502, 503, 504, 506, 507, 511)}
    assert codes >= {"RS701", "RS702", "RS703"}
    assert codes <= CHECKS.keys()
