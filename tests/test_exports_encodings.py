"""Exports that are not UTF-8: read on where there is hardly a doubt, and said; else a fault at its byte."""

import pytest

from richsync.exports import sources
from richsync.model import ReadAs
from tests.exported import HEADER, only, opened, read

PLAIN = b"".join(b"%d,Ada Lovelace of London\n" % number for number in range(10_000))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("1,Zoë\n", "cp1252"),
        ("1,Müller, Straße\n2,München", "cp1252"),
        ("1,João de São José, Ação nº 5\n", "latin-1"),
        ("1,“Desk” wide… 19\u2013\u201d, it\u2019s 5 €, ½ Maß\n", "cp1252"),
        ("1,L\u2019été à l\u2019œil\n2,Señor ¿qué?\n", "cp1252"),
    ],
)
def test_western_text_is_read_on_and_said(text: str, encoding: str) -> None:
    with opened(HEADER + PLAIN + text.encode(encoding)) as export:
        assert (export.encoding, export.problems) == ("utf-8", ())
        raws = [raw for _, _, raw in export]
        assert "".join(raws) == PLAIN.decode() + text
        offset = len(HEADER + PLAIN) + next(i for i, sign in enumerate(text) if not sign.isascii())
        (problem,) = export.problems
        note = f"the byte at offset {offset} is not utf-8: read as cp1252"
        assert (export.encoding, problem.code, problem.note) == ("cp1252", "RS105", note)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("1,Dvořák, Jiří Černý, Plzeň\n", "cp1250"),
        ("1,Łódź, Wałęsa Zażółć gęślą jaźń\n", "cp1250"),
        ("1,Привет из Москвы, дорогая\n", "cp1251"),
        ("1,Αθήνα, Γιώργος\n", "cp1253"),
        ("1,Şükrü Y\u0131ld\u0131z, İstanbul, Beyoğlu\n", "cp1254"),
        ("1,שלום עולם\n", "cp1255"),
        ("1,東京都千代田区\n", "shift_jis"),
        ("1,北京市,王小明\n", "gb18030"),
        ("1,José Müller\n", "mac_roman"),
        ("1,José Müller\n", "cp850"),
    ],
)
def test_other_text_is_a_fault(text: str, encoding: str) -> None:
    data = HEADER + text.encode(encoding)
    assert read(data)[-1] == (2, "RS104")
    assert read(data, ReadAs(encoding=encoding))[0][1] != "RS104"


ODD_BYTE = b"3,Zo\xeb\n"


@pytest.mark.parametrize(
    ("data", "line", "offset"),
    [
        (HEADER + "1,Zoë\n".encode() + ODD_BYTE, 3, 19),
        (HEADER + ODD_BYTE + "1,Zoë\n".encode(), 2, 12),
        (b"\xef\xbb\xbf" + HEADER + ODD_BYTE, 2, 15),
        (HEADER + b"1,Zo\xc3", 2, 12),
        (HEADER + b"1,\x81\n", 2, 10),
    ],
)
def test_a_few_bytes_that_do_not_fit_are_a_fault_at_their_place(data: bytes, line: int, offset: int) -> None:
    with opened(data) as export:
        *_, (number, _, _) = export
        assert (number, export.problems) == (line, ())
    assert only(data).note.startswith(f"line {line}: the byte at offset {offset} is not utf-8")


def test_a_guess_that_later_text_disproves_is_a_fault() -> None:
    data = HEADER + ODD_BYTE + PLAIN + "9,Zoë\n".encode()
    odd = only(data)
    assert (odd.code, f"at offset {len(data) - 3} is UTF-8" in odd.note) == ("RS104", True)
    assert "offset 12 is not utf-8" in odd.note
    damaged = HEADER + ODD_BYTE + PLAIN + b"9,\x81\n"
    assert f"the byte at offset {len(damaged) - 2} is not cp1252" in only(damaged).note


@pytest.mark.parametrize("block", [5, 16, 64])
def test_a_guess_in_the_middle_of_a_block(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "BLOCK", block)
    text = "1,Zoë Müller\n2,José\n"
    with opened(HEADER + text.encode("cp1252")) as export:
        assert "".join(raw for _, _, raw in export) == text


def test_json_is_guessed_as_well() -> None:
    assert read('{"id": 1}\n{"id": "Zoë"}\n'.encode("cp1252")) == [(1, {"id": 1}), (2, {"id": "Zoë"})]
