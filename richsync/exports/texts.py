"""Bytes to text: which encoding, which byte order mark, and the place of the first byte that does not fit."""

import codecs
from collections.abc import Iterator
from itertools import chain

from richsync.errors import UnusableError
from richsync.exports.archives import Blocks
from richsync.exports.encodings import fitting, utf8_character, western
from richsync.model import Odd

_MARK = "\ufeff"
_MARKED = {
    codecs.BOM_UTF32_LE: "utf-32-le",  # begins like UTF-16's
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_WIDE = ("utf-16", "utf-32")
_NOT_CHARACTER_SETS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
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
    b"version https://git-lfs": "a pointer of Git LFS, and not the file itself: `git lfs pull` fetches it",
    b"-----begin pgp": "encrypted or signed with PGP",
}


class Texts:
    """The text of an export, a piece for each block, without the byte order mark.

    When `odd` is set, the text ended before the file did; `rest` is what stands from there, as far as it
    can be shown. `guessed` says that the text is not UTF-8, and was read on as another `encoding`.
    """

    def __init__(self, blocks: Blocks, told: str | None) -> None:
        first = next(blocks, b"")
        head = first if isinstance(first, bytes) else b""
        self.encoding = _codec(told) if told else _marked(head)
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
        except UnicodeDecodeError as error:
            return self._guessed(error, block) or self._decoded_until(error, block)
        if self.guessed is not None and (at := utf8_character(block)) >= 0:
            self.odd = Odd("RS104", f"{self.guessed.note}, and that at offset {self._taken + at} is UTF-8")
            return ""
        self._may_guess = self._may_guess and text.isascii()
        self._taken += len(block)
        return text

    def _guessed(self, error: UnicodeDecodeError, block: bytes) -> str:
        """The block in another encoding, when nothing before speaks for UTF-8, and nothing against it."""
        before = error.object[: error.start]
        is_cut = error.reason == "unexpected end of data"
        guess = "" if is_cut or not (self._may_guess and before.isascii()) else western(_from_line(error))
        if not guess:
            return ""
        note = f"the byte at offset {self._offset(error, block)} is not {self.encoding}"
        self.guessed = Odd("RS105", note)
        self.encoding = guess
        self._decoder = codecs.getincrementaldecoder(guess)()
        self._taken += len(block)
        return self._decoder.decode(error.object)

    def _decoded_until(self, error: UnicodeDecodeError, block: bytes) -> str:
        """What stands before the fault; a character begun in the block before counts as of this one."""
        good = max(error.start - len(error.object) + len(block), 0)
        text = self._decoder.decode(block[:good])
        self._decoder.errors = "backslashreplace"
        self.rest = self._decoder.decode(block[good:], final=True)
        named = " or ".join(fitting(_from_line(error))[:2])
        probably = f"; it is probably {named}" if named else ""
        note = f"the byte at offset {self._offset(error, block)} is not {self.encoding}{probably}"
        self.odd = Odd("RS104", note)
        return text

    def _offset(self, error: UnicodeDecodeError, block: bytes) -> int:
        return self._taken + len(block) - len(error.object) + error.start


def _from_line(error: UnicodeDecodeError) -> bytes:
    return error.object[error.object.rfind(b"\n", 0, error.start) + 1 :]


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


def _marked(head: bytes) -> str:
    """The encoding that the byte order mark says, else the one that most files have."""
    return next((encoding for mark, encoding in _MARKED.items() if head.startswith(mark)), "utf-8")


def _foreign(head: bytes, encoding: str) -> Odd | None:
    """Say what a file is that cannot be an export of text, by its first bytes."""
    lowered = head[:64].lstrip().lower()
    for magic, kind in _FOREIGN.items():
        if head.startswith(magic) or lowered.startswith(magic):
            return Odd("RS106", f"the file is {kind}")
    if head.count(0) > len(head) * _NULS_OF_BINARIES and not encoding.startswith(_WIDE):
        high_first = head[::2].count(0) > head[1::2].count(0)
        without_mark = f"utf-16-{'be' if high_first else 'le'}"
        note = f"the file is binary, or UTF-16 without its mark: then say `encoding: {without_mark}`"
        return Odd("RS106", note)
    return None
