"""A run that ends before it has a result: with `--json` there is a document all the same."""

import subprocess
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from richsync import __version__
from richsync.reports.schema import report_schema
from tests.support import PROGRAM, SMALL_MAP, environment, run_richsync, small_export

SCHEMA = Draft202012Validator(report_schema())
NOWHERE = "http://127.0.0.1:1"
DRY = ("import", "small.csv", "--endpoint", NOWHERE, "--dry-run", "--json")


@pytest.mark.parametrize(
    ("words", "ending"),
    [
        (("import", "none.csv", "--json", "--dry-run"), "there is no file none.csv"),
        ((*DRY, "--rate", "fast"), "'fast' is not a rate"),
        ((*DRY, "--nope"), "No such option: --nope"),
        (("import", "--json"), "Missing argument"),
        (("validate", "small.csv", "--json", "--as-of", "soon"), "--as-of"),
        (("validate", "none.csv", "--output-format", "json"), "there is no file none.csv"),
        (("validate", "none.csv", "--output-format=json"), "there is no file none.csv"),
        (("status", "--json"), "there is no ledger here"),
        (("verify", "--json", "--all", "--order", "1"), "--all and --order ID are two questions"),
        (("rule", "RS999", "--json"), "RS999"),
    ],
)
def test_what_cannot_run_is_told_as_json(tmp_path: Path, words: tuple[str, ...], ending: str) -> None:
    small_export(tmp_path, 3)
    ended = run_richsync(*words, cwd=tmp_path)
    report = ended.report
    SCHEMA.validate(report)
    assert ended.code == report["exit_code"] == 2
    assert (report["schema"], report["version"], report["complete"]) == (1, __version__, False)
    assert ending in report["ending"]
    assert report["ending"] in ended.err
    assert report["hint"] in ended.err


def test_a_ledger_that_cannot_be_used_is_told_as_json(tmp_path: Path) -> None:
    small_export(tmp_path, 3)
    (tmp_path / "small.rehearsal.richsync").write_text("no ledger")
    ended = run_richsync(*DRY, cwd=tmp_path)
    SCHEMA.validate(ended.report)
    assert ended.code == ended.report["exit_code"] == 5


@pytest.mark.parametrize("words", [DRY, ("validate", "small.csv", "--json")])
@pytest.mark.parametrize(("column", "code"), [("  nope: x", "RS302"), ("  status: state", "RS303")])
def test_the_mistakes_of_a_map_are_the_report(
    tmp_path: Path, words: tuple[str, ...], column: str, code: str
) -> None:
    small_export(tmp_path, 3)
    (tmp_path / "small.map.yaml").write_text(SMALL_MAP.replace("customer:", f"{column}\ncustomer:"))
    ended = run_richsync(*words, cwd=tmp_path)
    report = ended.report
    SCHEMA.validate(report)
    assert [each["code"] for each in report["groups"]] == [code]
    assert report["source"] is None
    assert ended.code == report["exit_code"] == 2
    assert report["ending"] in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ("import", "none.csv", "--dry-run"),
        ("validate", "none.csv"),
        ("validate", "none.csv", "--output-format", "junit"),
        ("import", "--dry-run", "--", "none.csv", "--json"),
        ("encrypt-user", "--output-format", "json", "--from", "none.csv"),
    ],
)
def test_stdout_stays_empty_where_no_document_is_asked_for(tmp_path: Path, words: tuple[str, ...]) -> None:
    ended = run_richsync(*words, cwd=tmp_path, env=environment(RICHPANEL_API_SECRET="s3cr3t"))
    assert (ended.code, ended.out) == (2, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device")
def test_a_document_that_cannot_be_written_is_no_bug(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [*PROGRAM, "validate", "none.csv", "--json"],
            cwd=tmp_path, env=environment(), stdout=full, stderr=subprocess.PIPE, check=False, timeout=30,
        )  # fmt: skip
    assert ended.returncode == 2
    assert b"there is no file none.csv" in ended.stderr
    assert b"Traceback" not in ended.stderr
