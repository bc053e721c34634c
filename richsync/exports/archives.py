"""Compressed exports, unpacked as a stream and known by their first bytes, never by their name."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import NamedTuple, TypeAlias

from richsync.exports.sources import BLOCK
from richsync.model import Odd

Blocks: TypeAlias = Iterator[bytes | Odd]
"""Bytes, and at the end an `Odd` where something keeps the rest from being read."""

_Unpacks: TypeAlias = Callable[[Iterable[bytes]], Blocks]
_GZIP_WRAPPER = 16 + zlib.MAX_WBITS
_LARGE = 1024**3
_TIMES = 200


class Unpacked(NamedTuple):
    """`compression` is "none" or a name of the table."""

    compression: str
    blocks: Blocks


def unpack(blocks: Iterator[bytes]) -> Unpacked:
    """Look at the first bytes and unpack as they say."""
    first = next(blocks, b"")
    every = chain([first], blocks)
    for magic, (compression, unpacked) in _ARCHIVES.items():
        if first.startswith(magic):
            return Unpacked(compression, _bounded(every, unpacked))
    return Unpacked("none", every)


def _bounded(blocks: Iterable[bytes], unpacked: _Unpacks) -> Blocks:
    """Stop at an archive that grows beyond all measure: it was made to fill a memory."""
    read = grown = 0

    def counted() -> Iterator[bytes]:
        nonlocal read
        for block in blocks:
            read += len(block)
            yield block

    for block in unpacked(counted()):
        grown += len(block)
        if grown > _LARGE and grown > _TIMES * read:
            yield Odd("RS106", f"the archive unpacks to more than {_TIMES} times its size")
            return
        yield block


def _gunzip(blocks: Iterable[bytes]) -> Blocks:
    """Members may follow one another, and zeros the last of them (RFC 1952, GNU gzip)."""
    member = zlib.decompressobj(_GZIP_WRAPPER)
    try:
        for block in blocks:
            rest = block
            while rest := rest.lstrip(b"\0") if member.eof else rest:
                member = zlib.decompressobj(_GZIP_WRAPPER) if member.eof else member
                yield member.decompress(rest, BLOCK)
                rest = member.unconsumed_tail or member.unused_data
        yield member.flush()
    except zlib.error as error:
        yield Odd("RS107", f"its gzip data is damaged ({error})")
    else:
        if not member.eof:
            yield Odd("RS107", "its gzip data is cut short")


def _unzip(blocks: Iterable[bytes]) -> Blocks:
    from richsync.exports.zips import unzip

    return unzip(blocks)


_ARCHIVES: dict[bytes, tuple[str, _Unpacks]] = {
    b"\x1f\x8b": ("gzip", _gunzip),
    b"PK\x03\x04": ("zip", _unzip),
    b"PK\x05\x06": ("zip", _unzip),
}
