"""Bytes to text: which encoding, which byte order mark, and the place of the first byte that does not fit."""

import codecs
from collections.abc import Iterator
from itertools import chain

import charset_normalizer

from richsync.errors import UnusableError
from richsync.exports.archives import Blocks
from richsync.model import Odd

_MARK = "\ufeff"
_MARKED = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_WIDE = ("utf-16", "utf-32")
_NOT_CHARACTER_SETS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
_LIKELY = ["cp1252", "cp1250", "cp1251", "shift_jis", "gb18030", "big5", "euc_kr"]
_GUESSED_FROM = 4096
_NULS_OF_BINARIES = 0.1

_FOREIGN = {
    b"PK\x03\x04": "a ZIP archive inside another",
    b"\xd0\xcf\x11\xe0": "an old Excel file (XLS)",
    b"%PDF-": "a PDF",
    b"\x89PNG": "a PNG image",
    b"GIF87a": "a GIF image",
    b"GIF89a": "a GIF image",
    b"\xff\xd8\xff": "a JPEG image",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!\x1a": "a RAR archive",
    b"BZh91AY&SY": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"\x1f\x8b": "a gzip archive inside another",
    b"SQLite format 3": "an SQLite database",
    b"<!doctype html": "a web page",
    b"<html": "a web page",
    b"<?xml": "an XML file",
}


class Texts:
    """The text of an export, a piece for each block, without the byte order mark.

    When `odd` is set, the text ended before the file did; `rest` is what stands from there, as far as it
    can be shown. `guessed` says that the text is not UTF-8, and was read on as another `encoding`.
    """

    def __init__(self, blocks: Blocks, told: str | None) -> None:
        first = next(blocks, b"")
        head = first if isinstance(first, bytes) else b""
        self.encoding = _codec(told) if told else _MARKED.get(head[:2], "utf-8")
        self.bom = False
        self.odd = _foreign(head, self.encoding)
        self.rest = ""
        self.guessed: Odd | None = None
        self._may_guess = told is None and self.encoding == "utf-8"
        self._blocks = chain([first], blocks)
        self._decoder = codecs.getincrementaldecoder(self.encoding)()
        self._taken = 0

    def __iter__(self) -> Iterator[str]:
        texts = filter(None, self._texts())
        first = next(texts, "")
        self.bom = first.startswith(_MARK)
        yield first.removeprefix(_MARK)
        yield from texts

    def _texts(self) -> Iterator[str]:
        while self.odd is None:
            block = next(self._blocks, None)
            if isinstance(block, Odd):
                self.odd = block
            elif block is None:
                yield self._decoded(b"", final=True)
                return
            else:
                yield self._decoded(block)

    def _decoded(self, block: bytes, *, final: bool = False) -> str:
        try:
            text = self._decoder.decode(block, final)
            if self.guessed and (found := UTF8.search(block)):
                raise UnicodeDecodeError(self.encoding, block, *found.span(), "it is UTF-8")
        except UnicodeDecodeError as error:
            return self._decoded_from(error, block)
        self._may_guess = self._may_guess and text.isascii()
        self._taken += len(block)
        return text

    def _decoded_from(self, error: UnicodeDecodeError, block: bytes) -> str:
        """What stands before the fault, and also after it when the encoding is beyond doubt.

        A character begun in the block before counts as of this one.
        """
        begun = len(error.object) - len(block)
        offset = self._taken - begun + error.start
        if self._may_guess and (guess := western(error)):
            self._may_guess = False
            note = f"the byte at offset {offset} is not {self.encoding}: the file is read as {guess}"
            self.guessed, self.encoding = Odd("RS105", note), guess
            self._decoder = codecs.getincrementaldecoder(guess)()
            return self._decoded(error.object)[...]
        good = max(error.start - begun, 0)
        text = self._decoder.decode(block[:good])
        self._decoder.errors = "backslashreplace"
        self.rest = self._decoder.decode(block[good:], final=True)
        self.odd = Odd("RS104", f"the byte at offset {offset} is not {self.encoding}{likely(error)}")
        return text


def _codec(told: str) -> str:
    """The encoding's one name in Python.

    Raises:
        UnusableError: there is no such character set.
    """
    try:
        "x".encode(told)
        name = codecs.lookup(told).name
    except (LookupError, ValueError):
        name = "undefined"
    if name in _NOT_CHARACTER_SETS:
        raise UnusableError(
            f"there is no encoding {told!r}", "name one that Python knows: utf-8, cp1252, utf-16, shift_jis"
        )
    return name


def _foreign(head: bytes, encoding: str) -> Odd | None:
    """Say what a file is that cannot be an export of text, by its first bytes."""
    lowered = head[:64].lstrip().lower()
    for magic, kind in _FOREIGN.items():
        if head.startswith(magic) or lowered.startswith(magic):
            return Odd("RS106", f"the file is {kind}")
    if head.count(0) > len(head) * _NULS_OF_BINARIES and not encoding.startswith(_WIDE):
        return Odd("RS106", "the file is binary, or UTF-16 without its mark: then say `encoding: utf-16-le`")
    return None


def _likely(error: UnicodeDecodeError) -> str:
    """Guess by the line of the fault and what follows it: one encoding, or two that fit as well."""
    line = error.object.rfind(b"\n", 0, error.start) + 1
    matches = charset_normalizer.from_bytes(error.object[line:][:_GUESSED_FROM], cp_isolation=_LIKELY)
    least = min((match.chaos for match in matches), default=0)
    fitting = {name for match in matches if match.chaos == least for name in match.could_be_from_charset}
    named = [name for name in _LIKELY if name in fitting][:2]
    return f"; it is probably {' or '.join(named)}" if named else ""
