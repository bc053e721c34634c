"""ZIP archives with an export inside, as real archives."""

import gzip
import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from richsync.exports import archives, open_export, sources
from richsync.model import Odd, ReadAs
from tests.exported import HEADER, only, opened, told

ROWS = b"".join(b"%d,Ada\n" % number for number in range(2000))
EXPORT = HEADER + ROWS
STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED


class Unseekable(io.RawIOBase):
    """What is written to a pipe: sizes and checksums follow the data."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        assert isinstance(data, bytes | bytearray)
        self.data += data
        return len(data)


def packed(*members: tuple[str, bytes], method: int = DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)  # not of now: names of tests hold the bytes
    return file.getvalue()


def piped(*members: tuple[str, bytes], method: int = DEFLATED) -> bytes:
    file = Unseekable()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return bytes(file.data)


def large_sizes_follow() -> bytes:
    """A member whose data descriptor has no signature, and sizes of 8 bytes."""
    packer = zlib.compressobj(wbits=-15)
    data = packer.compress(EXPORT) + packer.flush()
    header = struct.pack("<4sHHHHHLLLHH", b"PK\x03\x04", 45, 8, 8, 0, 0, 0, 0, 0, 5, 0) + b"o.csv"
    descriptor = struct.pack("<LQQ", zlib.crc32(EXPORT), len(data), len(EXPORT))
    return header + data + descriptor + b"PK\x01\x02" + bytes(60)


ONE = packed(("orders.csv", EXPORT))
MAC = ("__MACOSX/._orders.csv", b"\0\5\x16\7")


@pytest.mark.parametrize("block", [7, 65536])
@pytest.mark.parametrize(
    "data",
    [
        ONE,
        packed(("orders.csv", EXPORT), method=STORED),
        piped(("orders.csv", EXPORT)),
        packed(("may/", b""), ("may/orders.csv", EXPORT), MAC, ("may/.DS_Store", b"x")),
        piped(MAC, ("may/orders.csv", EXPORT)),
        packed(("../../etc/passwd", EXPORT)),
        large_sizes_follow(),
    ],
)
def test_zip(data: bytes, block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "BLOCK", block)
    path = tmp_path / "orders.csv"
    path.write_bytes(data)
    with open_export(str(path), ReadAs()) as export:
        assert export.compression == "zip"
        assert "".join(raw for _, _, raw in export).encode() == ROWS
        assert (export.bytes_read, export.sha256) == (len(data), hashlib.sha256(data).hexdigest())


def encrypted() -> bytes:
    data = bytearray(ONE)
    data[6] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "code", "note"),
    [
        (
            packed(("a.csv", EXPORT), ("b.csv", EXPORT)),
            "RS106",
            "the archive holds several files: 'a.csv', 'b.csv'",
        ),
        (packed(), "RS106", "the file is a ZIP archive with nothing in it"),
        (packed(MAC), "RS106", "the file is a ZIP archive with nothing in it"),
        (encrypted(), "RS106", "'orders.csv' in the archive is encrypted"),
        (
            packed(("o\x1b.csv", EXPORT), method=zipfile.ZIP_BZIP2),
            "RS106",
            "'o\\x1b.csv' is packed in a way that cannot be read (method 12)",
        ),
        (
            piped(("o.csv", EXPORT), method=STORED),
            "RS106",
            "'o.csv' is packed in a way that cannot be read (method 0)",
        ),
        (
            packed(("[Content_Types].xml", b"<"), ("xl/workbook.xml", b"<")),
            "RS106",
            "the file is an XLSX file, or another office document",
        ),
        (packed(("o.zip", ONE)), "RS106", "the file is a ZIP archive inside another"),
        (packed(("o.pdf", b"%PDF-1.7")), "RS106", "the file is a PDF"),
        (ONE[:2000], "RS107", "its ZIP data is cut short"),
        (ONE[:10], "RS106", "the file begins like a ZIP archive or a workbook, and is none"),
        (ONE.replace(ONE[14:18], bytes(4), 1), "RS107", "its ZIP data is damaged (the checksum differs)"),
    ],
)
def test_what_is_no_archive_of_one_export(data: bytes, code: str, note: str) -> None:
    assert only(data)[:2] == (code, note)


def test_damaged_zip_gives_what_can_be_read_then_the_fault() -> None:
    data = packed(("orders.csv", HEADER + b"".join(b"%d,Ada\n" % number for number in range(50_000))))
    middle = len(data) // 2
    *records, (line, odd, _) = opened(data[:middle] + bytes(20) + data[middle + 20 :])
    assert isinstance(odd, Odd)
    assert (odd.code, len(records) > 10_000) == ("RS107", True)
    # A damaged block may go on for a while with what was never written: that is what the fault is for.
    assert told(records)[:10_000] == [(number + 2, [str(number), "Ada"]) for number in range(10_000)]
    assert line == len(records) + 2


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: packed(("orders.csv", data))])
def test_a_bomb_is_not_unpacked_to_its_end(
    pack: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "_LARGE", 1_000_000)
    with opened(pack(HEADER + b"1,Ada\n" * 1_000_000)) as export:
        *_, (_, odd, _) = export
        assert odd == Odd("RS106", "the archive unpacks to more than 200 times its size")
        assert export.records < 900_000
