"""The table of findings: complete, and every example does what it says."""

import json
import re
from collections.abc import Iterable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from richsync.checks import CHECKS, NAMES, Severity, Weights, named, severity_of
from richsync.cli.rule import rule
from richsync.errors import BadMapError, UnusableError
from richsync.fieldmaps import load
from richsync.model import Disposition, Problem
from richsync.pipeline.imports import import_orders
from richsync.ready import READY
from tests.importing import Said, job
from tests.small import source, surveyed
from tests.support import receiving

CELLS = {
    "id": "1",
    "date": "2024-03-05T10:00:00Z",
    "total": "9.50",
    "product": "Tea",
    "price": "9.50",
    "qty": "1",
    "email": "ann@example.com",
}
MAP = {
    "richsync": 1,
    "export": {},
    "order": {
        "orderId": "id",
        "createdAt": "date",
        "amount": "total",
        "items": {"name": "product", "price": "price", "quantity": "qty"},
    },
    "customer": {"email": "email"},
}
LATER = {"RS706", "RS707"}  # found by an import that follows another one


def table(text: str) -> str:
    """Rows with all columns, those that are not said as they are in a good row."""
    header, *rows = text.split("\n")
    names = header.split(",")
    said = [dict(zip(names, cells(row), strict=True)) for row in rows]
    columns = list(CELLS | said[0])
    lines = [",".join(quoted((CELLS | each)[name]) for name in columns) for each in said]
    return "\n".join((",".join(columns), *lines, ""))


def cells(row: str) -> list[str]:
    return [cell.strip('"') for cell in re.findall(r'(?:^|,)("[^"]*"|[^,]*)', row)]


def quoted(cell: str) -> str:
    return f'"{cell}"' if "," in cell or "\n" in cell else cell


def lines(text: str) -> str:
    """JSON lines with all members."""
    return "".join(json.dumps(CELLS | json.loads(line)) + "\n" for line in text.split("\n"))


def export(written: str | bytes) -> bytes:
    if isinstance(written, bytes):
        return written
    return (lines(written) if written.startswith("{") else table(written)).encode()


def whole_map(said: str) -> str:
    """A map that also says this; what is null is left out."""
    every: dict[str, Any] = {
        name: dict(part) if isinstance(part, dict) else part for name, part in MAP.items()
    }
    for section, members in (YAML(typ="safe").load(said) or {}).items():
        every[section] = every.get(section, {}) | members
    return json.dumps(every, default=str)


def found(folder: Path, written: str | bytes, said: str, beside: tuple[str, str]) -> set[str]:
    """The codes of all findings."""
    folder.mkdir()
    content = export(written)
    name = "orders.json" if content[:1] in b"[{" and content else "orders.csv"
    if beside[0]:
        (folder / beside[0]).write_text(beside[1])
    try:
        asked = source(folder, content, whole_map(said), name)
        survey, _ = surveyed(asked._replace(field_map=READY) if b'"event"' in content else asked)
    except BadMapError as error:
        return {each.code for each in error.mistakes}
    return {group.problem.code for group in survey.findings}


@pytest.mark.parametrize("code", [code for code in CHECKS if code not in LATER])
def test_the_bad_example_has_this_finding_only_and_the_mended_one_none(tmp_path: Path, code: str) -> None:
    bad, mended, said, mended_map, beside = CHECKS[code].example
    assert found(tmp_path / "bad", bad, said, beside) == {code}
    assert found(tmp_path / "mended", mended, said if mended_map is None else mended_map, beside) == set()


@pytest.mark.parametrize("code", sorted(LATER))
def test_the_bad_example_has_this_finding_after_the_mended_one_was_accepted(
    tmp_path: Path, code: str
) -> None:
    bad, mended, said, mended_map, _ = CHECKS[code].example
    accepted = (mended, said if mended_map is None else mended_map)
    with receiving() as receiver:
        imports = [
            import_orders(job(source(tmp_path, export(written), whole_map(mapped)), receiver.origin), Said())
            for written, mapped in (accepted, (bad, said))
        ]
    (survey,) = imports[-1].outlook.surveys
    assert {group.problem.code for group in survey.findings} == {code}


def test_every_finding_is_explained() -> None:
    for check in CHECKS.values():
        assert re.fullmatch(r"RS\d{3}", check.code)
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", check.name)
        assert not check.why[0].islower()
        assert check.why.endswith(".")
        assert check.says
        assert check.mend
    assert len({check.name for check in CHECKS.values()}) == len(CHECKS)


def codes_of_the_package() -> Iterable[str]:
    for path in Path(__file__).parent.parent.glob("richsync/**/*.py"):
        if path.parent.name != "checks":
            yield from re.findall(r'"(RS\d{3})"', path.read_text(encoding="utf-8"))


def test_the_package_finds_what_the_table_has_and_nothing_else() -> None:
    assert set(codes_of_the_package()) | {"RS304"} == set(CHECKS)


@pytest.mark.parametrize("word", ["RS506", "rs506", "bad-date", "Bad-Date"])
def test_a_finding_goes_by_its_code_and_its_name(word: str) -> None:
    assert named(word) == CHECKS["RS506"]
    assert named(word + "x") is None
    assert {"RS506", "bad-date"} <= set(NAMES)


# weights

WEIGHTS = Weights(frozenset({"RS509", "RS511"}), {"RS704": Severity.ERROR, "RS307": Severity.WARNING})


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (Problem("RS509"), None),
        (Problem("RS511"), None),
        (Problem("RS511", severity="error"), Severity.ERROR),
        (Problem("RS501"), Severity.ERROR),
        (Problem("RS704"), Severity.ERROR),
        (Problem("RS307"), Severity.WARNING),
        (Problem("RS701"), Severity.WARNING),
    ],
)
def test_weights(problem: Problem, expected: Severity | None) -> None:
    assert WEIGHTS.of(problem) is expected
    assert Weights().of(problem) is severity_of(problem)


def test_a_map_says_what_findings_weigh() -> None:
    said = "checks: {ignore: [RS509, bad-email], severity: {RS704: error, unused-column: warning}}"
    assert load(whole_map(said), "m").weights == WEIGHTS
    assert load(whole_map(""), "m").weights == Weights()


@pytest.mark.parametrize(
    ("said", "message", "help_text"),
    [
        ("ignore: [RS599]", "there is no finding 'RS599'", "did you mean"),
        ("ignore: [xyz]", "there is no finding 'xyz'", "richsync rule"),
        ("ignore: RS401", "RS401 missing-required is an error: such an order cannot be sent", "fill it in"),
        ("severity: {RS401: info}", "RS401 missing-required is an error", ""),
        ("severity: {RS704: fatal}", "'fatal' is not a severity", "one of error, warning, info"),
        ("severity: RS704", "severity: is a list of", ""),
        ("ignored: [RS509]", "checks: has no 'ignored'", "did you mean 'ignore'?"),
    ],
)
def test_what_a_map_cannot_make_of_findings(said: str, message: str, help_text: str) -> None:
    with pytest.raises(BadMapError) as caught:
        load(whole_map(f"checks: {{{said}}}"), "m")
    (mistake,) = caught.value.mistakes
    assert (mistake.code, message in mistake.message, help_text in mistake.help) == ("RS301", True, True)


@pytest.mark.parametrize(
    ("said", "rejected", "told"),
    [
        ("", 0, {"RS704": "warning"}),
        ("ignore: RS704", 0, {}),
        ("severity: {RS704: error}", 1, {"RS704": "error"}),
        ("severity: {RS704: info}", 0, {"RS704": "info"}),
    ],
)
def test_an_order_with_a_finding_that_the_map_calls_an_error_is_a_reject(
    tmp_path: Path, said: str, rejected: int, told: dict[str, str]
) -> None:
    mapped = whole_map(f"export: {{group: id}}\nchecks: {{{said}}}")
    survey, account = surveyed(source(tmp_path, export("id,total\n1,9.50\n1,8.50\n2,9.50"), mapped))
    assert {group.problem.code: group.severity for group in survey.findings} == told
    assert account.of(Disposition.REJECTED).orders == rejected


# `richsync rule`


def shown(code: str | None, *, json: bool = False) -> str:
    written = StringIO()
    with redirect_stdout(written):
        rule(code, json=json)
    return written.getvalue()


def test_one_finding_is_shown_with_its_example() -> None:
    text = shown("rs711")
    check = CHECKS["RS711"]
    assert text.startswith(
        f"RS711 {check.name}, warning\n  rows of a column match no order of the export (…)\n"
    )
    assert [
        part for part in (check.why, check.mend, "costs.csv:\n    order,cost\n") if part not in text
    ] == []


def test_all_findings_are_listed() -> None:
    text = shown(None)
    assert [line.split()[:2] for line in text.splitlines()] == [[c.code, c.name] for c in CHECKS.values()]


def test_nothing_of_an_example_reaches_the_terminal_as_it_is() -> None:
    assert not set("\x00\x1b\x1f") & set("".join(shown(code) for code in CHECKS))


def test_findings_as_json() -> None:
    every = json.loads(shown(None, json=True))
    assert [each["code"] for each in every] == list(CHECKS)
    assert json.loads(shown("RS102", json=True)) == every[0]
    assert every[0]["whole"] is True


@pytest.mark.parametrize(("word", "hint"), [("bad-dte", "did you mean 'bad-date'?"), ("x", "richsync rule")])
def test_an_unknown_finding_suggests_the_nearest(word: str, hint: str) -> None:
    with pytest.raises(UnusableError) as caught:
        rule(word)
    assert hint in caught.value.hint
