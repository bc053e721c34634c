"""The rejects file: the export in small, with a reason in every row, to be mended and imported."""

import csv
import gzip
import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.errors import UnusableError
from richsync.exports import open_export
from richsync.fieldmaps import bind, load
from richsync.findings import reason
from richsync.model import ERRORS_COLUMN, ReadAs, Reject
from richsync.orders import assemble
from richsync.rejects import Form, Row, Written, default_path, write_rejects
from tests.small import DAY, HEADER, brief, map_text, read, row, source, surveyed, table

BAD = (
    row("1", total="x"),
    row("1", sku="B"),
    row("3", note='"two\nlines, ""quoted"""', date=""),
    row("4", note="a\u2028b\x0cc", total=""),
)
GOOD = (row("2"), row("5"))
EXPORT = table(BAD[0], BAD[1], GOOD[0], BAD[2], GOOD[1], BAD[3])


def rejected(export: Path, read_as: ReadAs = ReadAs(), mapped: str = "") -> Written:  # noqa: B008
    """Write the rejects of an export the way an import does."""
    with open_export(str(export), read_as) as opened:
        bound = bind(load(mapped or map_text("group: id"), "map"), opened.columns, opened.sample)
        found = [each for each in assemble(opened, bound) if isinstance(each, Reject)]
        form = Form(
            opened.format,
            opened.encoding,
            opened.bom,
            opened.delimiter,
            opened.newline,
            opened.header,
            opened.columns,
        )
        rows = [Row(each.raw, each.tabular, reason(each.problems)) for each in found]
        return write_rejects(default_path(str(export)), form, rows)


def records(path: Path, read_as: ReadAs = ReadAs()) -> tuple[tuple[str, ...], list[Any]]:  # noqa: B008
    with open_export(str(path), read_as) as opened:
        return opened.columns, [each for _, each, _ in opened]


FORMS = {
    "comma": EXPORT.encode(),
    "semicolon": EXPORT.replace("lines,", "lines ").replace(",", ";").encode(),
    "tab": EXPORT.replace(",", "\t").encode(),
    "BOM": b"\xef\xbb\xbf" + EXPORT.encode(),
    "CRLF": EXPORT.replace("\n", "\r\n").encode(),
    "UTF-16": b"\xff\xfe" + EXPORT.encode("utf-16-le"),
    "sep=": b"sep=;\n" + EXPORT.replace("lines,", "lines ").replace(",", ";").encode(),
    "blank lines above": b"\n\n" + EXPORT.encode(),
    "no last newline": EXPORT.encode().rstrip(b"\n"),
    "rows that end in commas": table(*(f"{each},," for each in (*BAD, *GOOD))).encode(),
}


@pytest.mark.parametrize("name", FORMS)
def test_the_file_is_the_export_in_small(tmp_path: Path, name: str) -> None:
    export = tmp_path / "orders.csv"
    export.write_bytes(FORMS[name])
    written = rejected(export)
    assert (written.path, written.orders, written.raw_orders) == (tmp_path / "orders.rejects.csv", 3, 0)
    columns, rows = records(export)
    columns_again, rows_again = records(written.path)
    assert columns_again == (*columns, ERRORS_COLUMN)
    bad = [each for each in rows if each[0] in "134"]
    assert [each[:-1] for each in rows_again] == bad
    why = [each[-1] for each in rows_again]
    assert why[0] == why[1] == "RS501 amount is not a number"
    assert why[2].startswith("RS404")


def test_encoding_mark_and_line_ends_stay(tmp_path: Path) -> None:
    export = tmp_path / "orders.csv"
    export.write_bytes(table(row("1", total="", note="Zoë €")).replace("\n", "\r\n").encode("cp1252"))
    written = rejected(export, ReadAs(encoding="cp1252"))
    assert written.path.read_bytes() == (
        f"{HEADER},{ERRORS_COLUMN}\r\n{row('1', total='', note='Zoë €')},RS401 amount is empty\r\n".encode(
            "cp1252"
        )
    )
    export.write_bytes(b"\xef\xbb\xbf" + table(row("1", total="")).encode())
    rejected(export)
    assert (
        written.path.read_bytes()
        == f"\ufeff{HEADER},{ERRORS_COLUMN}\n{row('1', total='')},RS401 amount is empty\n".encode()
    )


def order(order_id: str = "1", **other: object) -> dict[str, object]:
    lines = [{"sku": "A", "price": 1, "qty": 1}]
    return {"id": order_id, "total": 2.50, "date": DAY, "mail": "a@b.com", "lines": lines, **other}


JSON_MAP = map_text().replace("items: {", "items: {path: lines, ")


def json_lines(*orders: object, end: str = "\n") -> bytes:
    return "".join(json.dumps(each, ensure_ascii=False) + end for each in orders).encode()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_json_lines_get_a_last_member(tmp_path: Path, end: str) -> None:
    bad = order("2", total="x", note="a\u2028b\x85 }")
    export = tmp_path / "orders.jsonl"
    export.write_bytes(json_lines(order("1"), bad, {}, end=end))
    written = rejected(export, mapped=JSON_MAP)
    assert written.path == tmp_path / "orders.rejects.jsonl"
    _, rows = records(written.path)
    assert [list(each)[-1] for each in rows] == [ERRORS_COLUMN, ERRORS_COLUMN]
    assert rows[0][ERRORS_COLUMN] == (
        "RS501 amount is not a number; RS108 note holds a control character (U+0085)"
    )
    assert {name: value for name, value in rows[0].items() if name != ERRORS_COLUMN} == {**bad}
    assert set(rows[1]) == {ERRORS_COLUMN}
    assert written.path.read_bytes().count(end.encode()) == 2


@pytest.mark.parametrize("name", ["comma", "semicolon", "rows that end in commas", "CRLF", "UTF-16"])
def test_rejected_again_a_reason_takes_the_place_of_the_former(tmp_path: Path, name: str) -> None:
    export = tmp_path / "orders.csv"
    export.write_bytes(FORMS[name])
    first = rejected(export)
    again = rejected(first.path)
    assert again.path == tmp_path / "orders.rejects.rejects.csv"
    assert again.path.read_bytes() == first.path.read_bytes()


@pytest.mark.parametrize(
    ("header", "line", "expected"),
    [
        (f"id,{ERRORS_COLUMN},x", '1,"old, ""so""",2', "1,new,2"),
        (f"{ERRORS_COLUMN},id", ",2", "new,2"),
        (f"id,{ERRORS_COLUMN}", "1,", "1,new"),
        (f"id,{ERRORS_COLUMN}", '"a\n1",old', '"a\n1",new'),
        (f"id,{ERRORS_COLUMN}", '5" rack,old', '5" rack,new'),
    ],
)
def test_a_reason_is_replaced_wherever_its_column_was_moved(
    tmp_path: Path, header: str, line: str, expected: str
) -> None:
    form = Form("csv", "utf-8", False, ",", "\n", f"{header}\n", header.split(","))
    written = write_rejects(tmp_path / "r.csv", form, [Row(f"{line}\n", True, "new")])
    assert written.path.read_text() == f"{header}\n{expected}\n"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"a":1}', '{"a":1,"%s":"new"}'),
        ("{}", '{"%s":"new"}'),
        ('{"a":1,"%s":"old \\" }"}', '{"a":1,"%s":"new"}'),
        ('{"a":1 , "%s" : "old" }', '{"a":1,"%s":"new"}'),
        ('{"%s":"old","a":1}', '{"a":1,"%s":"new"}'),
        ('{"%s":"old"}', '{"%s":"new"}'),
        ('{"a":1,"%s":"old","b":2}', '{"a":1,"b":2,"%s":"new"}'),
        ('{"a":"{\\"%s\\":\\"x\\"}"}', '{"a":"{\\"%s\\":\\"x\\"}","%s":"new"}'),
    ],
)
def test_a_member_is_replaced_not_added(tmp_path: Path, line: str, expected: str) -> None:
    form = Form("jsonl", "utf-8", False, "", "\n", "")
    written = write_rejects(
        tmp_path / "r.jsonl", form, [Row(line.replace("%s", ERRORS_COLUMN) + "\n", True, "new")]
    )
    assert written.path.read_text() == expected.replace("%s", ERRORS_COLUMN) + "\n"


def test_records_that_carry_no_column_go_beside_as_they_stood(tmp_path: Path) -> None:
    export = tmp_path / "orders.csv"
    ragged, broken = f"{row('2')},extra\n", '3,"a"b\n'
    export.write_text(table(row("1", total=""), row("2"), ragged.strip(), broken.strip(), row("4")))
    written = rejected(export)
    assert (written.orders, written.raw_orders) == (1, 2)
    assert written.raw_path == tmp_path / "orders.rejects.csv.raw"
    assert written.raw_path.read_text() == f"{HEADER}\n{row('2')}\n{ragged}{broken}"
    lines = tmp_path / "lines.jsonl"
    lines.write_bytes(json_lines(order("1")) + b'{"id":1,"id":2}\n[1]\n')
    written = rejected(lines, mapped=JSON_MAP)
    assert (written.orders, written.raw_path.read_text()) == (0, '{"id":1,"id":2}\n[1]\n')


def test_mended_it_is_imported_like_any_export(tmp_path: Path) -> None:
    export = tmp_path / "orders.csv"
    export.write_bytes(FORMS["CRLF"])
    written = rejected(export)
    text = written.path.read_bytes().decode().replace("1,x,", "1,9.50,").replace(",,a@", f",{DAY},a@")
    mended = text.replace("4,,", "4,9.50,").replace("\x0c", "").replace('"two', '"zwei')
    found = read(tmp_path, mended, map_text("group: id"), "mended.csv")
    assert [brief(each) for each in found] == ["order 1 @2 x2", "order 3 @4 x1", "order 4 @6 x1"]
    survey, account = surveyed(source(tmp_path, mended, map_text("group: id"), "mended.csv"))
    assert survey.is_sound
    assert account.read.records == 4
    assert not any(ERRORS_COLUMN in group.problem.note for group in survey.findings)


def test_a_header_that_alone_ends_in_delimiters_gets_the_column_where_the_rows_have_it(
    tmp_path: Path,
) -> None:
    export = tmp_path / "orders.csv"
    export.write_text(table(row("1", total=""), row("2")).replace("note\n", "note,,\n"))
    assert rejected(export).path.read_text().splitlines()[0] == f"{HEADER},{ERRORS_COLUMN}"


def test_a_row_of_rejects_may_be_cut(tmp_path: Path) -> None:
    text = f"{HEADER},{ERRORS_COLUMN}\n{row('1')},\n{row('2')}\n"
    survey, _ = surveyed(source(tmp_path, text, map_text("group: id"), "orders.rejects.csv"))
    assert [group.problem.code for group in survey.findings] == ["RS203"]


def test_a_mended_json_line_is_imported_like_any_export(tmp_path: Path) -> None:
    export = tmp_path / "orders.jsonl"
    export.write_bytes(json_lines(order("1", total="x")))
    again = rejected(rejected(export, mapped=JSON_MAP).path, mapped=JSON_MAP)
    mended = again.path.read_text().replace('"x"', "2.5")
    (found,) = read(tmp_path, mended, JSON_MAP, "mended.jsonl")
    assert brief(found) == "order 1 @1 x1"


def test_both_files_are_gone_when_nothing_was_rejected(tmp_path: Path) -> None:
    export = tmp_path / "orders.csv"
    export.write_text(table(row("1", total=""), "2,3"))
    written = rejected(export)
    assert written.path.exists()
    assert written.raw_path.exists()
    export.write_text(table(row("1"), row("2")))
    assert rejected(export) == Written(written.path, 0, written.raw_path, 0)
    assert [each.name for each in tmp_path.iterdir()] == ["orders.csv"]


def test_only_the_owner_reads_them(tmp_path: Path) -> None:
    export = tmp_path / "orders.csv"
    export.write_text(table(row("1", total=""), "2,3"))
    (tmp_path / "orders.rejects.csv").touch(mode=0o644)
    written = rejected(export)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (written.path, written.raw_path)] == [0o600, 0o600]


def test_a_crash_in_the_middle_leaves_the_old_ones(tmp_path: Path) -> None:
    def half() -> Iterator[Row]:
        yield Row("1,2\n", True, "why")
        yield Row("1\n", False, "why")
        raise KeyboardInterrupt

    path = tmp_path / "r.csv"
    form = Form("csv", "utf-8", False, ",", "\n", "", ("a", "b"))
    write_rejects(path, form, [Row("old,1\n", True, "why"), Row("old\n", False, "why")])
    with pytest.raises(KeyboardInterrupt):
        write_rejects(path, form, half())
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {
        "r.csv": "old,1,why\n",
        "r.csv.raw": "old\n",
    }


@pytest.mark.parametrize("mended", ["r.csv", "r.csv.raw"])
def test_what_is_being_mended_is_kept(tmp_path: Path, mended: str) -> None:
    """Nobody is asked whether it may be written over, and it stays when there is nothing to reject."""
    path, form = tmp_path / "r.csv", Form("csv", "utf-8", False, ",", "\n", "", ("a", "b"))
    wrong = [Row("1,x\n", True, "why"), Row("1\n", False, "why")]
    assert [write_rejects(path, form, wrong).path for _ in range(2)] == [path, path]
    (tmp_path / mended).write_text("1,2\n")
    assert [write_rejects(path, form, wrong).path.name for _ in range(2)] == ["r.2.csv", "r.2.csv"]
    (tmp_path / "r.2.csv.raw").write_text("1,3\n")
    assert write_rejects(path, form, wrong).raw_path.name == "r.3.csv.raw"
    write_rejects(path, form, [])
    assert (tmp_path / mended).read_text() == "1,2\n"
    assert not (tmp_path / "r.3.csv").exists()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    form = Form("csv", "utf-8", False, ",", "\n", "a\n", ("a",))
    with pytest.raises(UnusableError, match=r"could not be written to .+: No such file") as told:
        write_rejects(tmp_path / "gone" / "r.csv", form, [])
    assert "--rejects" in told.value.hint
    (tmp_path / "r.csv").mkdir()
    with pytest.raises(UnusableError, match="Is a directory"):
        write_rejects(tmp_path / "r.csv", form, [Row("1\n", True, "why")])
    assert [each.name for each in tmp_path.iterdir()] == ["r.csv"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("orders.csv", "orders.rejects.csv"),
        ("a/orders.jsonl", "a/orders.rejects.jsonl"),
        ("orders.csv.gz", "orders.rejects.csv"),
        ("-", "stdin.rejects"),
    ],
)
def test_it_stands_beside_the_export(name: str, expected: str) -> None:
    assert default_path(name) == Path(expected)


def test_the_rejects_of_an_archive_are_plain(tmp_path: Path) -> None:
    export = tmp_path / "orders.csv.gz"
    export.write_bytes(gzip.compress(table(row("1", total="")).encode()))
    assert rejected(export).path.read_text().startswith(HEADER)


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00"), max_size=6)


@given(
    st.lists(
        st.lists(CELL, min_size=2, max_size=2).filter(lambda some: len("".join(some)) > 0),
        min_size=1,
        max_size=4,
    ),
    CELL,
)
def test_every_cell_survives(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], why: str
) -> None:
    folder = tmp_path_factory.mktemp("cells")
    raws = [_written(each) for each in rows]
    form = Form("csv", "utf-8", False, ",", "\n", "a,b\n", ("a", "b"))
    first = write_rejects(folder / "first.csv", form, [Row("".join(raws), True, 'old, "one"')])
    _, *kept = _rows(first.path)
    assert kept == [[*each, 'old, "one"'] for each in rows]
    marked = Form("csv", "utf-8", False, ",", "\n", f"a,b,{ERRORS_COLUMN}\n", ("a", "b", ERRORS_COLUMN))
    lines = [_written(each) for each in kept]
    again = write_rejects(folder / "again.csv", marked, [Row("".join(lines), True, why)])
    assert _rows(again.path)[1:] == [[*each, why] for each in rows]


def _written(cells: list[str]) -> str:
    quoted = (each.replace('"', '""') for each in cells)
    return ",".join(f'"{each}"' for each in quoted) + "\n"


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))
