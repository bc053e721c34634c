"""Exports as they are found, byte for byte, and what is read of each."""

import gzip
import hashlib
import io
import os
import threading
import zlib
from pathlib import Path

import pytest

from richsync.errors import UnusableError
from richsync.exports import lines, locate, open_export, sources
from richsync.model import Odd, ReadAs
from tests.exported import HEADER, only, opened, read, told


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"id,name\n1,Ada\n2,Bo\n", [(2, ["1", "Ada"]), (3, ["2", "Bo"])]),
        (b"id,name\n1,Ada", [(2, ["1", "Ada"])]),
        (b"id,name\r\n1,Ada\r\n2,Bo\r\n", [(2, ["1", "Ada"]), (3, ["2", "Bo"])]),
        (b"id,name\r1,Ada\r2,Bo", [(2, ["1", "Ada"]), (3, ["2", "Bo"])]),
        (b"id,name\n1,Ada\r\n2,Bo\n", [(2, ["1", "Ada"]), (3, ["2", "Bo"])]),
        (b'id,name\n1,"A\nB"\n2,"C\rD"\n3,E\n', [(2, ["1", "A\nB"]), (4, ["2", "C\rD"]), (6, ["3", "E"])]),
        (b'id,name\n1,"19"" rack"\n2,""\n', [(2, ["1", '19" rack']), (3, ["2", ""])]),
        ("id,name\n1,a\u2028b\x0bc\n".encode(), [(2, ["1", "a\u2028b\x0bc"])]),
        (b"id,name\n1,a\x00b\n", [(2, ["1", "a\x00b"])]),
        (b"\n  \nid,name\n1,Ada\n", [(4, ["1", "Ada"])]),
        (b",,\nid,name,x\n1,Ada,y\n", [(3, ["1", "Ada", "y"])]),
        (b"sep=;\nid;name,x\n1;A,B\n", [(3, ["1", "A,B"])]),
        (b"sep=;\nid,name\n1,Ada\n", [(3, ["1", "Ada"])]),
        ("id,name\n1,Ada\n".encode("utf-32"), [(2, ["1", "Ada"])]),
        (b"\xff\xfe" + "id,name\n1,Ada\n".encode("utf-16-le"), [(2, ["1", "Ada"])]),
        (b"sep=;\n\n;\nid;name\n1;A\n", [(5, ["1", "A"])]),
        (b'"sep=,"\r\nid,name\r\n1,Ada\r\n', [(3, ["1", "Ada"])]),
        (b"id,name,\n1,Ada,\n2,Bo,\n", [(2, ["1", "Ada", ""]), (3, ["2", "Bo", ""])]),
        (b"id,name\n1,Ada,\n2,Bo,\n", [(2, ["1", "Ada", ""]), (3, ["2", "Bo", ""])]),
        (b"id,name,, \n1,Ada\n2,Bo\n", [(2, ["1", "Ada"]), (3, ["2", "Bo"])]),
        (b"id,name\n,Ada\n", [(2, ["", "Ada"])]),
        (b"id\n1\n2\n", [(2, ["1"]), (3, ["2"])]),
        (b"[id],[name]\n1,Ada\n", [(2, ["1", "Ada"])]),
    ],
)
def test_csv_is_read(data: bytes, expected: list[tuple[int, object]]) -> None:
    assert read(data) == expected


@pytest.mark.parametrize(
    ("header", "note"),
    [
        (b"name,id,city", "with the columns in another order"),
        (b"id,name", "without city"),
        (b"id,name,city,e-mail,phone", "with e-mail, phone"),
        (b"id,name,phone", "without city and with phone"),
        (b"ID,Name,Phone", "without city and with Phone"),
    ],
)
def test_another_header_is_told_by_what_it_says_otherwise(header: bytes, note: str) -> None:
    with opened(b"id,name,city\n1,Ada,Rome\n" + header + b"\n") as export:
        *_, (line, odd, raw) = export
    assert (line, odd, raw) == (3, Odd("RS213", note), f"{header.decode()}\n")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", [(1, "RS102")]),
        (b"\n \r\n\t\n", [(1, "RS102")]),
        (b",,,\n,,,\n", [(1, "RS102")]),
        (b"sep=;\n", [(2, "RS102")]),
        (b"\xef\xbb\xbf", [(1, "RS102")]),
        (b"id,name\n", [(2, "RS103")]),
        (b"id,name", [(2, "RS103")]),
        (b"id,name\n\n,\n", [(2, "RS207"), (3, "RS207"), (4, "RS103")]),
        (HEADER + b"1,Ada,x\n2\n3,Bo\n", [(2, "RS202"), (3, "RS203"), (4, ["3", "Bo"])]),
        (HEADER + b"\n1,Ada\n  \n,\n", [(2, "RS207"), (3, ["1", "Ada"]), (4, "RS207"), (5, "RS207")]),
        (b"id\n1\n \n", [(2, ["1"]), (3, "RS207")]),
        (b"id,name,\n1,Ada,\n2,Bo\n", [(2, ["1", "Ada", ""]), (3, "RS203")]),
        (b"id,name,x\n1,Ada\n2,Bo\n", [(2, "RS203"), (3, "RS203")]),
        (HEADER + b"1,Ada\nid,name\n2,Bo\n", [(2, ["1", "Ada"]), (3, "RS211"), (4, ["2", "Bo"])]),
        (HEADER + b"1,Ada\n\xef\xbb\xbfid,name\n2,Bo\n", [(2, ["1", "Ada"]), (3, "RS211"), (4, ["2", "Bo"])]),
        (b"id,name\n1,Ada,\nid,name\n2,Bo,\n", [(2, "RS202"), (3, "RS211"), (4, "RS202")]),
        (HEADER + b"1,Ada\n id,name ,,\n2,Bo\n", [(2, ["1", "Ada"]), (3, "RS211"), (4, ["2", "Bo"])]),
        (HEADER + b"1,Ada\nID,Name\n2,Bo\n", [(2, ["1", "Ada"]), (3, "RS211"), (4, ["2", "Bo"])]),
        (HEADER + b"1,Ada\nNAME,ID\nBo,2\n", [(2, ["1", "Ada"]), (3, "RS213")]),
        (HEADER + b"1,Ada\nname,id\nBo,2\n", [(2, ["1", "Ada"]), (3, "RS213")]),
        (HEADER + b"name,id\nBo,2\n", [(2, "RS213")]),
        (HEADER + b"1,Ada\n\xef\xbb\xbfname,id\nBo,2\n", [(2, ["1", "Ada"]), (3, "RS213")]),
        (HEADER + b'1,Ada\n\xef\xbb\xbf"name","id"\nBo,2\n', [(2, ["1", "Ada"]), (3, "RS213")]),
        (HEADER + b"1,Ada\nno,id,name\n1,2,Bo\n", [(2, ["1", "Ada"]), (3, "RS213")]),
        (HEADER + b'1,"A\nda"\nname,id\nBo,"2\n', [(2, ["1", "A\nda"]), (4, "RS213")]),
        (
            HEADER + b"id,Ada\nname,Bo\nname,name\n",
            [(2, ["id", "Ada"]), (3, ["name", "Bo"]), (4, ["name", "name"])],
        ),
        (b"id,name,qty,city\nname,id,1,Rome\n", [(2, ["name", "id", "1", "Rome"])]),
        (b"id,amount\n1,1,234.00\n2,2\n", [(2, "RS202"), (3, ["2", "2"])]),
        (HEADER + b'1,"a"b\n2,Bo\n', [(2, "RS205"), (3, ["2", "Bo"])]),
        (HEADER + b'1,"a\nb"c\n2,Bo\n', [(2, "RS205"), (4, ["2", "Bo"])]),
        (HEADER + b'1,Ada\n2,"a"b', [(2, ["1", "Ada"]), (3, "RS205")]),
        (HEADER + b'1,Ada\n2,"Bo\n3,C\n', [(2, ["1", "Ada"]), (3, "RS204")]),
        (HEADER + b'1,"A\nB","C\n3,D\n', [(3, "RS204")]),
        (b'id,"name\n1,Ada\n', [(1, "RS204")]),
        (b'id,"na"me\n1,Ada\n', [(1, "RS205")]),
        (HEADER + b"1,Ada\n2,\xffo\n3,Bo\n", [(2, ["1", "Ada"]), (3, "RS104")]),
        (HEADER + b'1,"a\n\xffo"\n3,Bo\n', [(3, "RS104")]),
        (HEADER + b"1,Ada\n2,Zo\xc3", [(2, ["1", "Ada"]), (3, "RS104")]),
        (b"id,na\xffve\n1,Ada\n", [(1, "RS104")]),
    ],
)
def test_odd_csv(data: bytes, expected: list[tuple[int, object]]) -> None:
    assert read(data) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"id": 1}\n{"id": 2}', [(1, {"id": 1}), (2, {"id": 2})]),
        (b'\xef\xbb\xbf\n {"id": 1}\r\n', [(1, "RS207"), (2, {"id": 1})]),
        (b'{"id": 1}\n{"id": 2\n{"id": 3}\n', [(1, {"id": 1}), (2, "RS220"), (3, {"id": 3})]),
        (b'{"id": 1}\n\n[1]\n{"a": 1, "a": 2}\n', [(1, {"id": 1}), (2, "RS207"), (3, "RS221"), (4, "RS222")]),
        (b'{"id": 1}\n{"id": "\xff"}\n', [(1, {"id": 1}), (2, "RS104")]),
    ],
)
def test_jsonl(data: bytes, expected: list[tuple[int, object]]) -> None:
    assert read(data) == expected


@pytest.mark.parametrize(
    ("data", "code", "note"),
    [
        (HEADER + b"1\n", "RS203", "1 cell, the header has 2"),
        (HEADER + b"1,Ada\n,\n", "RS207", "only empty cells"),
        (HEADER + b"\n", "RS103", ""),
        (
            HEADER + b'1,Ada\n"a\nb","Bo\n3,C\n',
            "RS204",
            "the quote opened on line 4, column 4 is never closed: lines 4 to the end were not read",
        ),
        (
            b'id,name\n1,"a ""b"" c\n',
            "RS204",
            "the quote opened on line 2, column 3 is never closed: lines 2 to the end were not read",
        ),
        (
            HEADER + "1,Müller\n".encode() + "2,München straße\n".encode("cp1252"),
            "RS104",
            "line 3: the byte at offset 21 is not utf-8; it is probably cp1252 or cp1250",
        ),
        (
            HEADER + "1,Привет из Москвы, дорогая\n".encode("cp1251"),
            "RS104",
            "line 2: the byte at offset 10 is not utf-8; it is probably cp1251",
        ),
        (b'{"a": nope}\n', "RS220", "Expecting value, column 7"),
        (b'{"a": NaN}\n', "RS220", "NaN is not JSON"),
        (b'{}\n"x"\n', "RS221", "the line is a text, not an object"),
        (b"{}\n1.5\n", "RS221", "the line is a number, not an object"),
        (b"{}\ntrue\n", "RS221", "the line is a boolean, not an object"),
        (b"{}\nnull\n", "RS221", "the line is null, not an object"),
        (b"{}\n[]\n", "RS221", "the line is an array, not an object"),
        (b'{"a": 1, "a": 2}\n', "RS222", "the key 'a' stands twice in one object"),
        (gzip.compress(b"%PDF-1.7", mtime=0), "RS106", "the file is a PDF"),
        (b"\n <!DOCTYPE HTML>", "RS106", "the file is a web page"),
        (b"-----BEGIN PGP MESSAGE-----\n\nhQEM", "RS106", "the file is encrypted or signed with PGP"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
            "RS106",
            "the file is a pointer of Git LFS, and not the file itself: `git lfs pull` fetches it",
        ),
    ],
)
def test_the_last_oddity_says_what_and_where(data: bytes, code: str, note: str) -> None:
    assert only(data)[:2] == (code, note)


@pytest.mark.parametrize(
    "data", [b"\x00\x01\x02\x03" * 99, "id,name\n1,Ada\n".encode("utf-16-le"), b"\x7fELF" + bytes(60)]
)
def test_binaries_are_not_read(data: bytes) -> None:
    assert read(data) == [(1, "RS106")]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_the_encoding_that_is_named_reads_a_file_without_its_mark(encoding: str) -> None:
    data = "id,name\n1,Ada\n".encode(encoding)
    assert only(data).note.endswith(f"then say `encoding: {encoding}`")
    assert read(data, ReadAs(encoding=encoding)) == [(2, ["1", "Ada"])]


def test_no_encoding_is_named_when_none_fits() -> None:
    assert only(HEADER + b"1,\xff\x81\x00\x01\x90\x02\xfe\x98").note.endswith("is not utf-8")


def test_oddities_keep_their_raw_text() -> None:
    data = HEADER + b'1,"a\nb"c\n2\n3,Bo\n4,"x\n\n'
    records = list(opened(data))
    assert "".join(raw for _, _, raw in records) == data.removeprefix(HEADER).decode()
    assert records[1][1] == Odd("RS203", "1 cell, the header has 2", ("2",))


def test_undecodable_line_is_shown_with_escapes_and_its_end() -> None:
    assert list(opened(HEADER + b"1,Zo\xff\r\n2,Bo\r\n"))[-1][2] == "1,Zo\\xff\r\n"


@pytest.mark.parametrize(
    ("data", "delimiter", "columns"),
    [
        (b"a;b\n1,5;2\n", ";", ("a", "b")),
        (b"a\tb,c\n1\t2\n", "\t", ("a", "b,c")),
        (b"a|b|c\n1|2|3\n", "|", ("a", "b", "c")),
        (b'"a,x";b\n"1,2";3\n', ";", ("a,x", "b")),
        (b"a\n1\n", ",", ("a",)),
        (b" a ,a,b,a\n1,2,3,4\n", ",", ("a", "a#2", "b", "a#3")),
        (b"a,a,a#2\n1,2,3\n", ",", ("a", "a#2", "a#2#2")),
        (b"a#2,a,a\n1,2,3\n", ",", ("a#2", "a", "a#3")),
        (b"sep=\r\na,b\n", ",", ("sep=",)),
        (b'sep="\na,b\n', ",", ('sep="',)),
        (b"id,amount,note\n1,1,234.00,\n", ",", ("id", "amount", "note")),
        (b"a,b,,\n1,2,,\n", ",", ("a", "b", "", "#2")),
        (b"a,b\n1,2,\n3,4,\n", ",", ("a", "b", "")),
        (b"a,b\n1,2,\n3,4\n", ",", ("a", "b")),
        (b"a,b\n1,2,x\n3,4,\n", ",", ("a", "b")),
        (b"sep=|\na|b,c\n1|2\n", "|", ("a", "b,c")),
        (b'"a\nb",c\n1,2\n', ",", ("a\nb", "c")),
        (b"a,b\n" + b"1,2,\n" * 300, ",", ("a", "b", "")),
    ],
)
def test_header_is_found(data: bytes, delimiter: str, columns: tuple[str, ...]) -> None:
    with opened(data) as export:
        assert (export.delimiter, export.columns, export.format) == (delimiter, columns, "csv")


@pytest.mark.parametrize(
    ("data", "read_as", "expected"),
    [
        (b"a;b,c\n1;2,3\n", ReadAs(delimiter=","), [(2, ["1;2", "3"])]),
        (b"sep=;\na,b\n1,2\n", ReadAs(delimiter=","), [(3, ["1", "2"])]),
        (b"a^b\n1^2\n", ReadAs(delimiter="^"), [(2, ["1", "2"])]),
        (b"a;b\n1;2\n", ReadAs(delimiter=","), [(1, "RS201")]),
        (b"a\n1\n", ReadAs(delimiter=";"), [(2, ["1"])]),
        (b'{"a"},b\n1,2\n', ReadAs(format="csv"), [(2, ["1", "2"])]),
        (b"[1]\n", ReadAs(format="jsonl"), [(1, "RS221")]),
        (b"a,b\nZo\xeb,1\n", ReadAs(encoding="latin1"), [(2, ["Zoë", "1"])]),
        ("a,b\nŁ,1\n".encode("utf-16"), ReadAs(encoding="utf-16"), [(2, ["Ł", "1"])]),
        ("a,b\nŁ,1\n".encode("utf-16-le"), ReadAs(encoding="utf-16-le"), [(2, ["Ł", "1"])]),
        ("\ufeffa,b\nŁ,1\n".encode("utf-16-be"), ReadAs(), [(2, ["Ł", "1"])]),
        ("\ufeffa,b\nŁ,1\n".encode(), ReadAs(encoding="UTF8"), [(2, ["Ł", "1"])]),
    ],
)
def test_what_is_told_wins(data: bytes, read_as: ReadAs, expected: list[tuple[int, object]]) -> None:
    assert told(list(opened(data, read_as))) == expected


def test_wrong_delimiter_names_the_right_one() -> None:
    note = "with ',' the header is one column; with ';' header and rows have 2"
    assert only(b"a;b\n1;2\n", ReadAs(delimiter=",")) == Odd("RS201", note)


@pytest.mark.parametrize(
    "read_as",
    [
        ReadAs(format="xml"),
        ReadAs(delimiter=";;"),
        ReadAs(delimiter='"'),
        ReadAs(delimiter=""),
        ReadAs(encoding="klingon"),
        ReadAs(encoding="hex"),
        ReadAs(encoding="idna"),
        ReadAs(encoding="unicode_escape"),
        ReadAs(encoding="undefined"),
        ReadAs(encoding="a\0b"),
    ],
)
def test_unusable_instructions(tmp_path: Path, read_as: ReadAs) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(HEADER)
    with pytest.raises(UnusableError) as caught:
        open_export(str(path), read_as)
    assert caught.value.hint


def test_what_was_found_is_said(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    data = "\ufeff\r\nid,name\r\n1,Zoë\r\n".encode()
    path.write_bytes(data)
    with open_export(str(path), ReadAs()) as export:
        assert (export.name, export.size, export.format) == (str(path), len(data), "csv")
        assert (export.compression, export.encoding, export.bom) == ("none", "utf-8", True)
        assert (export.newline, export.header) == ("\r\n", "\r\nid,name\r\n")
        assert export.sample == ((3, ["1", "Zoë"], "1,Zoë\r\n"),)
        assert export.records == 0
        assert tuple(export) == export.sample
        assert (export.records, export.line, export.bytes_read) == (1, 3, len(data))
        assert export.sha256 == hashlib.sha256(data).hexdigest()
        assert list(export) == []


@pytest.mark.parametrize(("data", "newline"), [(b"{}\n", "\n"), (b"{}\r\n", "\r\n"), (b"{}", "\n")])
def test_jsonl_has_no_header(data: bytes, newline: str) -> None:
    with opened(data) as export:
        assert (export.format, export.newline) == ("jsonl", newline)
        assert (export.name, export.size) == ("<stdin>", None)
        assert (export.delimiter, export.columns, export.header) == ("", (), "")


def test_a_long_export_is_sampled_counted_and_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    data = HEADER + b"".join(b'%d,"a\nb"\n' % number for number in range(50_000))
    path.write_bytes(data)
    with open_export(str(path), ReadAs()) as export:
        assert len(export.sample) == 1000
        assert export.bytes_read < len(data)
        for number, (line, row, raw) in enumerate(export):
            assert (line, row, raw) == (2 + 2 * number, [str(number), "a\nb"], f'{number},"a\nb"\n')
            assert export.records == number + 1
        assert export.line == 100_001


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("missing.csv", "check the path; `-` reads standard input"),
        ("", "name a file in it"),
        ("a\0b", "check the path"),
        ("x" * 300, "check the path"),
        ("loop.csv", "check the path"),
    ],
)
def test_unreadable(tmp_path: Path, name: str, hint: str) -> None:
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    with pytest.raises(UnusableError) as caught:
        open_export(str(tmp_path / name), ReadAs())
    assert (caught.value.hint, "cannot read" in caught.value.message) == (hint, True)


class Failing(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        raise PermissionError(13, "Permission denied")


def test_a_failing_pipe_is_unusable() -> None:
    with pytest.raises(UnusableError, match="cannot read <stdin>: Permission denied"):
        open_export("-", ReadAs(), Failing())


def test_standard_input_is_the_default_and_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(b"id\n1\n"))
    monkeypatch.setattr("sys.stdin", stdin)
    with open_export("-", ReadAs()) as export:
        assert told(list(export)) == [(2, ["1"])]
    assert not stdin.buffer.closed
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(UnusableError, match="it is closed"):
        open_export("-", ReadAs())


def test_pipes_have_no_size_and_endless_ones_do_not_hang(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"id\n1\n",))
    writer.start()
    with open_export(str(pipe), ReadAs()) as export:
        assert (export.size, told(list(export))) == (None, [(2, ["1"])])
    writer.join()
    with open_export("/dev/zero", ReadAs()) as export:
        assert told(list(export)) == [(1, "RS106")]


def test_the_hash_is_of_the_whole_file_also_after_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    data = HEADER + b"\xff\n" + b"1,Ada\n" * 100_000
    path.write_bytes(data)
    with open_export(str(path), ReadAs()) as export:
        assert told(list(export)) == [(2, "RS104")]
        assert (export.bytes_read, export.sha256) == (len(data), hashlib.sha256(data).hexdigest())


ROWS = b"".join(b"%d,Ada\n" % number for number in range(2000))
MEMBERS = gzip.compress(HEADER + ROWS, mtime=0)


@pytest.mark.parametrize(
    "data",
    [
        MEMBERS,
        MEMBERS + bytes(100),
        gzip.compress(HEADER, mtime=0)
        + gzip.compress(b"", mtime=0)
        + bytes(3)
        + gzip.compress(ROWS, mtime=0),
    ],
)
def test_gzip(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(data)
    with open_export(str(path), ReadAs()) as export:
        assert export.compression == "gzip"
        assert "".join(raw for _, _, raw in export).encode() == ROWS
        assert (export.bytes_read, export.sha256) == (len(data), hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (MEMBERS[:-1], "cut short"),
        (MEMBERS[: len(MEMBERS) // 2], "cut short"),
        (MEMBERS + b"garbage", "damaged"),
        (MEMBERS[:-8] + bytes(8), "damaged"),
        (MEMBERS[:5], "cut short"),
    ],
)
def test_damaged_gzip_gives_what_can_be_read_then_the_fault(data: bytes, reason: str) -> None:
    *records, (line, odd, _) = opened(data)
    assert isinstance(odd, Odd)
    assert (odd.code, reason in odd.note) == ("RS107", True)
    assert told(records) == [(number + 2, [str(number), "Ada"]) for number in range(len(records))]
    assert line == (len(records) + 2 if records else 1)


def test_a_plain_file_named_gz_is_read_as_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv.gz"
    path.write_bytes(HEADER + b"1,Ada\n")
    with open_export(str(path), ReadAs()) as export:
        assert (export.compression, told(list(export))) == ("none", [(2, ["1", "Ada"])])


def test_a_gzip_bomb_is_unpacked_a_block_at_a_time() -> None:
    packer = zlib.compressobj(wbits=31)
    bomb = packer.compress(HEADER + b"1," + b"x" * 30_000_000) + packer.flush()
    assert read(bomb) == [(2, "RS106")]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks and longest lines small enough that every boundary is met."""
    monkeypatch.setattr(sources, "BLOCK", 16)
    for module in ("lines", "rows", "places", "formats", "export", "windows"):
        monkeypatch.setattr(f"richsync.exports.{module}.LONGEST", 200)


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (HEADER + b"1," + b"x" * 300 + b"\n2,Bo\n", [(2, "RS106")]),
        (HEADER + b'1,"' + b"x\n" * 500 + b'"\n2,Bo\n', [(2, "RS204")]),
        (HEADER + b'1,"' + b'""\n' * 500, [(2, "RS204")]),
        (b"\n" * 500 + HEADER, [(1, "RS106")]),
        (HEADER + b'1,"' + b"x\n" * 40 + b'"\n2,Bo\n', [(2, ["1", "x\n" * 40]), (43, ["2", "Bo"])]),
    ],
)
def test_what_is_too_long_is_not_held(data: bytes, expected: list[tuple[int, object]]) -> None:
    assert [(line, row) for line, row in read(data) if row != ["2", "Bo"] or line == 43] == expected


@pytest.mark.usefixtures("short")
def test_an_endless_cell_is_found_where_it_opened() -> None:
    assert only(HEADER + b'1,Ada\n2,"' + b"x\n" * 500).note.startswith(
        "the quote opened on line 3, column 3 "
    )


@pytest.mark.usefixtures("short")
def test_an_endless_record_of_short_cells_is_not_held() -> None:
    data = HEADER + b'"' + b'\n","' * 500
    with opened(data) as export:
        assert [row.code for _, row, _ in export if isinstance(row, Odd)] == ["RS204"]
        assert export.bytes_read < len(data)


def test_a_line_is_never_longer_than_a_cell_may_be() -> None:
    assert lines.LONGEST == 16 * 1024 * 1024


@pytest.mark.parametrize(
    ("raw", "cell", "place"),
    [
        ("1,Ada,x\n", 0, (0, 1)),
        ("1,Ada,x\n", 2, (0, 7)),
        ('"a\nb",c', 1, (1, 4)),
        ('"a\r\nb\rc","d",e', 2, (2, 8)),
        ('"a "","" b",c', 1, (0, 13)),
        ('1,"never, closed\nx', 5, (0, 3)),
        ("1,2\n", 9, (0, 3)),
    ],
)
def test_locate(raw: str, cell: int, place: tuple[int, int]) -> None:
    assert locate(raw, cell, ",") == place


def test_locate_in_jsonl_is_the_record() -> None:
    assert locate('{"a": 1}\n', 3, "") == (0, 1)
