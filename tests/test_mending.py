"""Rejects are mended in their files, and the command that the import names completes it."""

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from richsync.cli.app import application
from richsync.errors import UnusableError
from tests.small import HEADER, map_text, row, table
from tests.support import KEY, Receiver, receiving

MAP = map_text("timezone: UTC")
JSON_MAP = MAP.replace("items: {", "items: {path: lines, ").replace("custom: {note: note}", "status: note")
JOINED_MAP = MAP.replace("items: {", "items: {file: items.csv, match: {order: id}, ")
ITEMS = "order,sku,price,qty\n1,A,1,1\n2,B,1,0\n2,C,1,1\n3,A,1,1\n"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in the folder; gives its exit code, what it answered and what it told."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RICHPANEL_API_KEY", raising=False)

    def command(*arguments: str) -> tuple[int, str, str]:
        code = application(arguments[0])(list(arguments), standalone_mode=False)
        return int(code or 0), *capsys.readouterr()

    return command


def json_line(order_id: str, total: str, more: str = "") -> str:
    lines = '[{"sku": "A", "price": 1, "qty": 1}]'
    member = f'"id": "{order_id}", "total": {total}, "date": "2024-03-05T10:00:00Z", "mail": "a@b.com"'
    return f'{{{member}, "lines": {lines}{more}}}\n'


Files = dict[str, str]
Mends = dict[str, tuple[tuple[str, str], ...]]
CASES: dict[str, tuple[Files, list[str], Mends]] = {
    # name: (the files, the sources, what a person corrects in each file)
    "a table": (
        {"a.csv": table(row("1"), row("2", total="x"), row("3", qty="0")), "a.map.yaml": MAP},
        ["a.csv"],
        {"a.rejects.csv": (("2,x", "2,9.50"), (",9.5,0,", ",9.5,1,"))},
    ),
    "rows that carry no reason": (
        {"a.csv": table(row("1"), row("2", total="x"), row("3") + ",extra"), "a.map.yaml": MAP},
        ["a.csv"],
        {"a.rejects.csv": (("2,x", "2,9.50"),), "a.rejects.csv.raw": ((",extra", ""),)},
    ),
    "tabs in another encoding": (
        {"a.tsv": table(row("1"), row("2", total="x"), row("3")).replace(",", "\t"), "a.map.yaml": MAP},
        ["a.tsv", "--delimiter", "tab", "--encoding", "cp1252"],
        {"a.rejects.tsv": (("2\tx", "2\t9.50"),)},
    ),
    "JSON lines": (
        {"a.jsonl": json_line("1", "1") + json_line("2", '"x"') + json_line("3", "1", ', "id": 4'),
         "a.map.yaml": JSON_MAP},
        ["a.jsonl"],
        {"a.rejects.jsonl": (('"x"', "2"),), "a.rejects.jsonl.raw": ((', "id": 4', ""),)},
    ),
    "a list in JSON": (
        {"a.json": f'{{"data": [{json_line("1", "1")},{json_line("2", "null")},{json_line("3", "1")}]}}',
         "a.map.yaml": JSON_MAP.replace("{timezone: UTC}", "{timezone: UTC, path: data}")},
        ["a.json"],
        {"a.rejects.json": (("null", "2"),)},
    ),
    "two exports with a map each": (
        {"a.csv": table(row("1"), row("2", total="x")), "a.map.yaml": MAP,
         "b.jsonl": json_line("3", '"x"'), "b.map.yaml": JSON_MAP},
        ["a.csv", "b.jsonl"],
        {"a.rejects.csv": (("2,x", "2,9.50"),), "b.rejects.jsonl": (('"x"', "2"),)},
    ),
    "an export with a joined file": (
        {"a.csv": table(row("1"), row("2"), row("3", total="x")), "items.csv": ITEMS,
         "a.map.yaml": JOINED_MAP},
        ["a.csv"],
        {"a.rejects.csv": (("3,x", "3,9.50"),), "items.csv": (("2,B,1,0", "2,B,1,4"),)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_command_that_is_named_completes_the_import(
    tmp_path: Path, run: Run, receiver: Receiver, name: str
) -> None:
    files, asked, mends = CASES[name]
    for path, text in files.items():
        (tmp_path / path).write_text(text)
    to = ("--endpoint", receiver.origin, "--api-key", KEY, "--yes")
    code, _, told = run("import", *asked, *to, "--skip-invalid")
    assert code == 1
    for path, pairs in mends.items():
        text = (tmp_path / path).read_text()
        for wrong, right in pairs:
            assert text.count(wrong) == 1, (path, wrong)
            text = text.replace(wrong, right)
        (tmp_path / path).write_text(text)
    commands = re.findall(r"once mended: richsync (.*)", told)
    assert len(commands) == sum("rejects" in path for path in mends)
    for command in commands:
        code, _, told = run(*shlex.split(command))
        assert (code, "RS711" in told) == (0, False), told
    assert sorted(receiver.orders) == ["1", "2", "3"]
    code, shown, _ = run("status", asked[0])
    assert code == 0
    assert "3 accepted  (" in shown
    assert "left: nothing" in shown


def test_the_raw_rejects_begin_with_the_header_of_the_export(tmp_path: Path, run: Run) -> None:
    (tmp_path / "a.map.yaml").write_text(MAP)
    (tmp_path / "a.csv").write_bytes(b"\xff\xfe" + table(row("1") + ",extra").encode("utf-16-le"))
    to = ("--endpoint", "http://127.0.0.1:9", "--api-key", KEY)
    assert run("import", "a.csv", *to)[0] == 1
    raw = (tmp_path / "a.rejects.csv.raw").read_bytes()
    assert raw == b"\xff\xfe" + f"{HEADER}\n{row('1')},extra\n".encode("utf-16-le")


def test_the_first_import_run_again_keeps_what_is_being_mended(tmp_path: Path, run: Run) -> None:
    (tmp_path / "a.map.yaml").write_text(MAP)
    (tmp_path / "a.csv").write_text(table(row("1"), row("2", total="x")))
    asked = ("import", "a.csv", "--dry-run")
    assert "is kept" not in run(*asked)[2] + run(*asked)[2]
    mended = tmp_path / "a.rejects.csv"
    mended.write_text(mended.read_text().replace("2,x", "2,9.50"))
    kept = mended.read_text()
    code, _, told = run(*asked)
    assert code == 1
    assert "a.rejects.csv was changed after it was written and is kept; rejects go to a.rejects.2.csv" in told
    assert "rejected orders are in a.rejects.2.csv" in told
    assert mended.read_text() == kept
    with pytest.raises(UnusableError, match="it is kept as it is"):
        run(*asked, "--rejects", "a.rejects.csv")
