"""ZIP archives with one export inside, unpacked as a stream (PKWARE's APPNOTE.TXT, 4.3).

The archive is read from its front, header after header, so that a pipe will do; its directory, which stands
at the end, is not needed. Members' names are shown, and never used as paths.
"""

import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from richsync.exports.sources import BLOCK
from richsync.model import Odd

_MEMBER = b"PK\x03\x04"
_DESCRIPTOR = b"PK\x07\x08"
_HEADER = struct.Struct("<HHHHHLLLHH")
_ENCRYPTED, _SIZES_FOLLOW = 0x1, 0x8
_STORED, _DEFLATED = 0, 8
_IN_EXTRA = 0xFFFFFFFF
_OF_NO_ACCOUNT = r"(?s:(.*/)?(__MACOSX/.*|\.DS_Store|\._[^/]*)|.*/)"
_OF_EXCEL = r"(?s:\[Content_Types\]\.xml|xl/.*|_rels/.*|docProps/.*)"
_LONGEST_NAME = 80


class UnfitError(Exception):
    """The archive cannot be read, or not further; `odd` says why."""

    def __init__(self, code: str, note: str) -> None:
        super().__init__(note)
        self.odd = Odd(code, note)


class _Member(NamedTuple):
    name: str
    flags: int
    method: int
    crc: int
    size: int

    @property
    def counts(self) -> bool:
        """Whether it may be an export: no folder, and none of the files that a Mac adds."""
        return not re.fullmatch(_OF_NO_ACCOUNT, self.name)


def unzip(blocks: Iterable[bytes]) -> Iterator[bytes | Odd]:
    """The bytes of the one export in an archive; at the end an `Odd` when it is damaged or holds more."""
    try:
        yield from _export(_Stream(blocks))
    except UnfitError as error:
        yield error.odd
    except zlib.error as error:
        yield Odd("RS107", f"its ZIP data is damaged ({error})")


def _export(stream: "_Stream") -> Iterator[bytes]:
    found = ""
    while stream.take(4) == _MEMBER:
        member = _member(stream) if found else _first(stream)
        if member.counts and found:
            both = f"{_shown(found)}, {_shown(member.name)}"
            raise UnfitError("RS106", f"the archive holds several files: {both}")
        data = _unpacked(member, stream)
        if member.counts:
            found = member.name
            yield from data
        else:
            for _ in data:
                pass
    if not found:
        raise UnfitError("RS106", "the file is a ZIP archive with nothing in it")


def _first(stream: "_Stream") -> _Member:
    """Without so much as a header it is no archive at all, whatever its first bytes say."""
    try:
        return _member(stream)
    except UnfitError as error:
        if error.odd.code == "RS107":
            raise UnfitError(
                "RS106", "the file begins like a ZIP archive or a workbook, and is none"
            ) from None
        raise


def _member(stream: "_Stream") -> _Member:
    _, flags, method, _, _, crc, size, _, named, extra = _HEADER.unpack(stream.take(_HEADER.size))
    name = stream.take(named).decode(errors="replace")
    stream.take(extra)
    if re.fullmatch(_OF_EXCEL, name):
        raise UnfitError("RS106", "the file is an XLSX file, or another office document")
    if flags & _ENCRYPTED:
        raise UnfitError("RS106", f"{_shown(name)} in the archive is encrypted")
    is_plain = method == _STORED and size != _IN_EXTRA and (not flags & _SIZES_FOLLOW or name.endswith("/"))
    if not is_plain and method != _DEFLATED:
        raise UnfitError("RS106", f"{_shown(name)} is packed in a way that cannot be read (method {method})")
    return _Member(name, flags, method, crc, size)


def _unpacked(member: _Member, stream: "_Stream") -> Iterator[bytes]:
    """The member's bytes, which are as its checksum says, or it ends in a fault."""
    crc = 0
    for data in stream.inflated() if member.method == _DEFLATED else stream.parts(member.size):
        crc = zlib.crc32(data, crc)
        yield data
    expected = _crc_that_follows(stream) if member.flags & _SIZES_FOLLOW else member.crc
    if crc != expected:
        raise UnfitError("RS107", "its ZIP data is damaged (the checksum differs)")


def _crc_that_follows(stream: "_Stream") -> int:
    """The checksum of the data descriptor, whose signature may be missing, and whose sizes may be long."""
    start = stream.take(4)
    crc = int.from_bytes(stream.take(4) if start == _DESCRIPTOR else start, "little")
    stream.take(8)
    if stream.peek(2) != b"PK":
        stream.take(8)
    return crc


class _Stream:
    """Bytes to be taken from the front."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self._held = b""

    def peek(self, count: int) -> bytes:
        while len(self._held) < count:
            block = next(self._blocks, b"")
            if not block:
                raise UnfitError("RS107", "its ZIP data is cut short")
            self._held += block
        return self._held[:count]

    def take(self, count: int) -> bytes:
        taken = self.peek(count)
        self._held = self._held[count:]
        return taken

    def parts(self, size: int) -> Iterator[bytes]:
        while size:
            self.peek(1)
            part = self._held[:size]
            self._held = self._held[size:]
            size -= len(part)
            yield part

    def inflated(self) -> Iterator[bytes]:
        member = zlib.decompressobj(-zlib.MAX_WBITS)
        while not member.eof:
            self.peek(1)
            yield member.decompress(self._held, BLOCK)
            self._held = member.unconsumed_tail or member.unused_data


def _shown(name: str) -> str:
    return ascii(name[:_LONGEST_NAME])
