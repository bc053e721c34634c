"""Findings in every format: harmless whatever the export holds, and whole whatever asks for them."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from rich.cells import cell_len

from richsync.checks import CHECKS, Severity
from richsync.cli.app import application
from richsync.display.findings import show_findings
from richsync.display.outputs import FailOn, Format, rendered
from richsync.display.rules import show_rule
from richsync.display.screen import Screen
from richsync.errors import BadMapError, UnusableError
from richsync.pipeline.readings import Source
from richsync.pipeline.validations import validate
from richsync.reports import Result, Told, ToldGroup, result
from richsync.reports.github import annotations, summary
from richsync.reports.junit import junit
from richsync.reports.mends import EXAMPLES
from richsync.reports.schema import report_schema
from richsync.shown import github, markdown, one_line, printable
from tests.small import HEADER, Quiet, map_text, row, source, table
from tests.test_validate import NASTY

SCHEMA = Draft202012Validator(report_schema())
HOSTILE = (
    "[bold]x[/bold] ::error::y ##[group]z ##vso[a] ]]> <script>&'\\\" | `c` %0A \x1b[31mred\x07\u202e\x00"
)
NAME = HOSTILE[:60]
MISTAKES = table(
    row("1"),
    row("2", total="1x5", mail="a.b.com"),
    row("3", total="n/a"),
    row("4", total="n/a"),
    row("1"),
)


def run(*arguments: str | Path) -> int:
    return int(application("validate")(["validate", *map(str, arguments)], standalone_mode=False))


def group(**other: Any) -> ToldGroup:
    given = {"code": "RS501", "name": "not-a-number", "severity": Severity.ERROR, "column": "c", "field": "f"}
    return ToldGroup(**(given | {"message": "a message", "mend": "mend it"} | other))


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An export with mistakes in the working directory, on no CI server."""
    source(tmp_path, MISTAKES, map_text("timezone: UTC"))
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_WORKSPACE", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    return Path("orders.csv")


# What comes from an export


@pytest.mark.parametrize(
    ("put", "text", "expected"),
    [
        (printable, "a\tb\x1b[0m\nc", "a\\tb\\x1b[0m\nc"),
        (printable, "##[error]x ##vso[y] ## z", "#\\x23[error]x #\\x23vso[y] ## z"),
        (one_line, "a\r\nb", "a\\r\\nb"),
        (github, "a%b\nc::d", "a%25b%0Ac::d"),
        (lambda text: github(text, is_property=True), "a,b:c%\n", "a%2Cb%3Ac%25%0A"),
        (markdown, "a|b <i> `c` *d*", "a&#124;b &lt;i&gt; &#96;c&#96; &#42;d&#42;"),
        (markdown, "_e_ [f](g)\n", "&#95;e&#95; &#91;f](g)&#92;n"),
    ],
)  # fmt: skip
def test_text_is_shown_and_not_obeyed(put: Callable[[str], str], text: str, expected: str) -> None:
    assert put(text) == expected


@given(st.text(max_size=40))
def test_nothing_in_a_text_leaves_its_place(text: str) -> None:
    assert "\n" not in github(text)
    assert "\n" not in one_line(text)
    assert printable(text).replace("\n", "").isprintable()
    assert not re.search(r"[,:\n]", github(text, is_property=True))
    assert not re.search(r"[|<>`*_\[\n]", markdown(text))
    told = Told(text, (group(message=text, column=text, values=((text, 2),), times=9),))
    suites = ET.fromstring(junit([told], {Severity.ERROR}))
    assert suites[0].attrib["name"] == one_line(text)
    assert len(annotations([told]).splitlines()) == 1
    assert summary([told], ()).count("\n") == summary([Told("", (group(),))], ()).count("\n")


def test_a_hostile_export_is_harmless_in_every_format(tmp_path: Path) -> None:
    cell = '"' + HOSTILE.replace('"', '""') + '"'
    mapped = map_text().replace("amount: total", f"amount: {json.dumps(NAME)}")
    header = HEADER.replace("total", NAME)
    odd_cells = source(tmp_path, table(row("1", total=cell), row(cell, total="x")), map_text())
    odd_header = source(tmp_path, f"{header}\n{row('1', total=cell)}\n", mapped, "odd.csv")
    for found in (result_of(odd_cells), result_of(odd_header)):
        texts = {form: rendered(found, form, FailOn.ERROR) for form in Format}
        assert {text for text in texts.values() if re.search(r"[^\n -~]", text.replace("…", ""))} == set()
        assert "##[" not in texts[Format.TEXT] + texts[Format.GITHUB]
        assert [line for line in texts[Format.TEXT].splitlines() if line.lstrip().startswith("::")] == []
        assert all(
            re.match(r"::(error|warning|notice) file=", line) for line in texts[Format.GITHUB].splitlines()
        )
        ET.fromstring(texts[Format.JUNIT])
        SCHEMA.validate(json.loads(texts[Format.JSON]))


def result_of(asked: Source) -> Result:
    return result(validate([asked], Quiet()), show_values=True)


# The formats


@pytest.mark.parametrize("name", [name for name in NASTY if name != "a cell of 5 MB"])
def test_every_report_is_as_its_schema_says(tmp_path: Path, name: str) -> None:
    export, settings, _, _ = NASTY[name]
    found = result_of(source(tmp_path, export, map_text(settings)))
    SCHEMA.validate(json.loads(rendered(found, Format.JSON, FailOn.ERROR)))
    assert SCHEMA.is_valid({}) is False


def test_ten_annotations_of_a_kind_name_all_groups() -> None:
    told = Told("a.csv", tuple(group(column=f"c{n}") for n in range(14)))
    warning = Told("b.csv", (group(severity=Severity.WARNING),))
    lines = annotations([warning, told]).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 10 + ["::warning"]
    assert "title=5 more kinds of findings::a.csv%3A" not in lines[9]
    assert "title=5 more kinds of findings::a.csv: RS501 a message [c9]%0A" in lines[9]
    assert all(f"[c{n}]" in "".join(lines) for n in range(14))
    exactly = annotations([Told("a.csv", told.groups[:10])])
    assert (len(exactly.splitlines()), "more kinds" in exactly) == (10, False)


def test_junit_fails_what_fails_the_run() -> None:
    groups = (group(), group(severity=Severity.WARNING), group(severity=Severity.INFO))
    for failing, failures in (((), "0"), ({Severity.ERROR}, "1"), ({Severity.ERROR, Severity.WARNING}, "2")):
        suites = ET.fromstring(junit([Told("a.csv", groups), Told("b.csv", ())], failing))
        assert suites.attrib["failures"] == failures
        assert [len(suite.findall("testcase")) for suite in suites] == [3, 1]
        assert len(suites.findall(".//failure")) == int(failures)


def test_a_group_says_how_many_where_and_what_most_often(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(export, "--quiet") == 1
    shown = capsys.readouterr().out
    assert shown.startswith(
        "error RS501 3 orders: amount is not a number [total]\n"
        '  orders.csv:3:3  order 2  "1x5"\n'
        "    | 2,1x5,2024-03-05T10:00:00Z,x.x.xxx,TE-1,9.5,1,\n"
        "    |   ^^^\n"
        '  orders.csv:4:3  order 3  "n/a"\n'
        '  orders.csv:5:3  order 4  "n/a"\n'
        '  most often: "n/a" x2, "1x5" x1\n'
        "  mend: "
    )
    assert shown.endswith(
        "5 orders in 5 records: 1 valid, 3 rejected, 1 skipped (duplicate: 1 order)\n"
        "1 customer, 2024-03-05 to 2024-03-05, 9.50\n"
        "with --skip-invalid an import would send 1 order in 1 request\n"
        "not valid: 4 errors, 1 warning\n"
    )


def test_a_mend_names_what_would_mend_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = (row("1", total="n.a."), row("2", total='"12,50"'), row("3", total="£5.00", date="13.05.2024"))
    asked = source(tmp_path, table(*rows, row("4", total="(none) " * 9)), map_text())
    run(asked.name, "--quiet")
    shown = capsys.readouterr().out
    for mend in ('`empty: ["n.a."]`', '`numbers: "1234,56"`', '`numbers: "£1234.56"`', '`dates: "%d.%m.%Y"`'):
        assert mend in shown
    assert {code: example in CHECKS[code].mend for code, example in EXAMPLES.items()} == dict.fromkeys(
        EXAMPLES, True
    )


@pytest.mark.parametrize(
    ("cells", "mend"),
    [
        ({"date": "05.03.2024"}, '`dates: "%d.%m.%Y"`'),
        ({"date": "03/25/2024"}, '`dates: "%m/%d/%Y"`'),
        ({"date": "03/04/2024"}, '`dates: "%d/%m/%Y"`'),
        ({"date": "1709632800"}, '`dates: "epoch"`'),
        ({"date": "0000-00-00 00:00:00"}, "list it under `empty:`"),
        ({"note": "Ответ"}, "`encoding: cp1251`"),
        ({"total": '"1,234"'}, '`numbers: "1.234,56"` or `"1,234.56"`'),
    ],
)
def test_a_mend_is_true_of_a_whole_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], cells: dict[str, str], mend: str
) -> None:
    asked = source(tmp_path, table(row("1", **cells), row("2", **cells)).encode("cp1251"), map_text())
    run(asked.name, "--quiet")
    assert mend in capsys.readouterr().out


def test_words_for_nothing_are_told_of_personal_fields_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapped = map_text().replace("  custom: {note: note}", "  billingCity: note")
    asked = source(tmp_path, table(row("1", note="NULL"), row("2", note="Ulm")), mapped)
    run(asked.name, "--quiet")
    shown = capsys.readouterr().out
    assert 'record 1  "NULL"' in shown
    assert '`empty: ["NULL"]`' in shown
    assert "Ulm" not in shown


def test_a_caret_stands_below_its_cell_also_beside_wide_characters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = source(tmp_path, table(row("山田", total="1x5")), map_text())
    run(asked.name, "--quiet", "--show-values")
    _, _, line, caret, *_ = capsys.readouterr().out.splitlines()
    assert line.startswith("    | 山田,1x5,")
    assert caret == "    |      ^^^"


@pytest.fixture
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 60 columns."""
    for name, value in {"TTY_COMPATIBLE": "1", "COLUMNS": "60", "TERM": "dumb"}.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("_narrow")
def test_on_a_narrow_terminal_words_are_whole_and_carets_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wide = "山田太郎" * 9
    asked = source(tmp_path, table(row(wide, total='"12,50"')), map_text())
    (told,) = result_of(asked).sources
    screen = Screen()
    show_findings(told._replace(path="a.csv"), screen.result, screen.out.width)
    lines = capsys.readouterr().out.splitlines()
    margin = next(at for at, line in enumerate(lines) if line.startswith("    | "))
    assert max(map(cell_len, lines[margin:])) <= 60
    assert lines[:2] == [
        "error RS502 amount is written in another way than declared",
        "    (1234.56): it is like 1234,56 [total]",
    ]
    shown, caret = lines[margin : margin + 2]
    assert '"12,50"' in shown
    assert cell_len(shown[: shown.index('"12,50"')]) == caret.index("^")
    assert "".join(line.strip() + " " for line in lines[margin + 2 :]).startswith(
        "mend: say how the export writes"
    )


@pytest.mark.usefixtures("_narrow")
def test_a_rule_has_whole_words_on_a_narrow_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    show_rule(CHECKS["RS502"], Screen())
    shown = capsys.readouterr().out.splitlines()
    assert max(map(len, shown)) <= 60
    assert "  1,234 is a thousand and more in one country and less than" in shown


def test_the_place_of_a_member_of_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mapped = map_text().replace("amount: total", "amount: sum.total")
    members = {"date": "2024-03-05", "mail": "a@b.com", "sku": "A", "price": 1, "qty": 1}
    record = json.dumps({"id": "1", "sum": {"total": "x"}, **members})
    lines = source(tmp_path, f"{record}\n{record}\n", mapped, "lines.jsonl")
    run(lines.name, "--quiet")
    column = record.index('"x"') + 1
    assert f"{lines.name}:1:{column}  order 1" in capsys.readouterr().out
    listed = source(tmp_path, f"[\n  {record}]", mapped, "list.json")
    run(listed.name, "--quiet")
    shown = capsys.readouterr().out
    assert f"{listed.name}:2:1  order 1" in shown
    assert '    | {"id": "9", "sum": {"total": "x"}, "date": "9999-99-99"' in shown


# The command


def test_one_run_gives_every_format(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = {form: Path(f"report.{form}") for form in Format}
    asked = [word for form, path in reports.items() for word in ("--report", f"{form}={path}")]
    assert run(export, *asked) == 1
    written = {form: path.read_text(encoding="utf-8") for form, path in reports.items()}
    for form in Format:
        capsys.readouterr()
        assert run(export, "--output-format", form, "--quiet") == 1
        assert capsys.readouterr().out == written[form]
    assert run(export, "--json") == 1
    assert capsys.readouterr().out == written[Format.JSON]
    assert sorted(each.name for each in export.parent.glob(".*")) == []


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 1),
        (("--fail-on", "never"), 0),
        (("--fail-on", "warning"), 1),
        (("--fail-on", "warning", "--output-format", "json"), 1),
    ],
)
def test_what_fails_a_run(export: Path, options: tuple[str, ...], code: int) -> None:
    assert run(export, *options) == code


def test_warnings_fail_a_run_if_told_and_not_if_ignored(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export.write_text(table(row("1"), row("1")))
    assert run(export) == 0
    assert run(export, "--fail-on", "warning") == 1
    assert "exit code 1: --fail-on warning" in capsys.readouterr().err
    assert run(export, "--fail-on", "warning", "--ignore", "RS307, duplicate-order") == 0
    shown = capsys.readouterr()
    assert "RS701" not in shown.out + shown.err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--ignore", "RS501"), "RS501 not-a-number cannot be ignored: an order that has it cannot be sent"),
        (("--ignore", "RS999"), "there is no finding 'RS999'"),
        (("--ignore", "RS701"), "RS701 cannot be ignored: "),
        (("--report", "junit"), "write FORMAT=FILE"),
        (("--report", "xml=a.xml"), "write FORMAT=FILE"),
        (("--report", "json=a", "--report", "text=a"), "two reports are to be written to a"),
        (("--report", "json=no/a"), "there is no folder no"),
        (("--report", "json=."), "it is a folder"),
        (("--report", "json=orders.csv"), "would take the place of orders.csv"),
        (
            ("--report", "json=a", "--rejects", "a"),
            "cannot take the place of a, which this run writes something else to",
        ),
        (("--rejects", "orders.map.yaml"), "cannot take the place of orders.map.yaml"),
        (("--as-of", "tomorrow"), "neither a day nor a moment"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is_read(
    export: Path, options: tuple[str, ...], message: str
) -> None:
    Path("orders.map.yaml").write_text(map_text() + "checks: {severity: {RS701: error}}\n")
    before = export.read_bytes()
    with pytest.raises(UnusableError, match=re.escape(message)):
        run(export, *options)
    assert export.read_bytes() == before


def test_dates_are_judged_as_of_a_day(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export.write_text(table(row("1")))
    assert run(export, "--as-of", "2024-03-01", "--quiet") == 0
    assert "RS603" in capsys.readouterr().out
    assert run(export, "--as-of", "2024-03-05", "--quiet") == 0
    assert "RS603" not in capsys.readouterr().out


def test_rejects_of_a_validation_are_the_rows_as_they_stood(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(export, "--rejects", "bad.csv") == 1
    assert "rejected orders are in bad.csv" in capsys.readouterr().err
    header, *rows = Path("bad.csv").read_text(encoding="utf-8").splitlines()
    assert header == f"{HEADER},_richsync_errors"
    assert [each.split(",")[:2] for each in rows] == [["2", "1x5"], ["3", "n/a"], ["4", "n/a"]]


def test_on_github_paths_are_those_of_the_repository_and_a_page_is_written(
    export: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path.cwd()
    page = folder / "page.md"
    page.write_text("before\n")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(folder.parent))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    assert run(export, "--output-format", "github") == 1
    shown = capsys.readouterr()
    first = shown.out.splitlines()[0]
    assert first.startswith(
        f"::error file={folder.name}/orders.csv,line=3,col=3,title=RS501 not-a-number [total]::"
    )
    assert "not valid: 4 errors" in shown.err
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n\n### richsync: orders.csv\n")
    assert "| ❌ | RS501 3 orders: amount is not a number &#91;total] | 3:3 | " in text
    assert "not valid: 4 errors" in text


def test_mistakes_of_a_map_are_told_in_every_format(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("orders.map.yaml").write_text(map_text().replace("amount: total", "amount: totl\n  nope: x"))
    for form in Format:
        with pytest.raises(BadMapError):
            run(export, "--output-format", form, "--report", f"{form}=report")
        told = Path("report").read_text(encoding="utf-8")
        assert "RS302" in told
        assert capsys.readouterr().out == ("" if form in (Format.TEXT, Format.JSON) else told)
        if form is Format.JSON:
            SCHEMA.validate(json.loads(told))
    Path("orders.map.yaml").write_text(map_text().replace("amount: total", "amount: totl"))
    with pytest.raises(BadMapError):
        run(export, "--output-format", "github")
    assert "::error file=orders.map.yaml,line=5,col=11,title=RS303" in capsys.readouterr().out


def test_several_sources_in_one_document(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source(Path(), table(row("7")), map_text("timezone: UTC"), "more.csv")
    assert run(export, "more.csv", "--json") == 1
    report = json.loads(capsys.readouterr().out)
    SCHEMA.validate(report)
    assert [each["source"]["path"] for each in report["sources"]] == ["orders.csv", "more.csv"]
    assert [each["counts"]["error"] for each in report["sources"]] == [4, 0]
    assert run(export, "more.csv", "--output-format", "junit") == 1
    suites = ET.fromstring(capsys.readouterr().out)
    assert [suite.attrib["name"] for suite in suites] == ["orders.csv", "more.csv"]


def test_ready_events_are_still_events_when_something_is_ignored(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = {"orderId": "1", "orderDbKey": "1", "amount": 1, "createdAt": 1709632800000}
    item = {"id": "A", "name": "A", "price": 1, "quantity": 1}
    event = {"event": "order", "properties": order | {"items": [item]}, "userProperties": {"uid": "a@b.com"}}
    Path("events.jsonl").write_text(f"{json.dumps(event)}\n" * 2, encoding="utf-8")
    assert run("events.jsonl", "--quiet", "--ignore", "RS701") == 0
    assert "RS" not in capsys.readouterr().out
