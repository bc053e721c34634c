"""JSON text too large to be held: a window that moves over it, value by value."""

import re
from collections.abc import Iterator

from richsync.exports.lines import LONGEST, line_ends
from richsync.model import Odd

STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_SPACE = re.compile("[ \t\r\n\ufeff]*+")
"""Between values, where the byte order mark of the next of several joined files may stand as well."""

_SCALAR = re.compile(rf'{STRING}|[^\s,:\[\]{{}}"]++', re.DOTALL)
_TO_BRACKET = re.compile(rf'[^"{{}}\[\]]*+(?:{STRING}[^"{{}}\[\]]*+)*+([{{}}\[\]])', re.DOTALL)


class LostError(Exception):
    """What stands here is no JSON, and where the next value begins cannot be known; `odd` says why."""

    def __init__(self, note: str) -> None:
        super().__init__(note)
        self.odd = Odd("RS223", note)


def nested(text: str, at: int, depth: int = 0) -> tuple[int, int]:
    """Go from an opening bracket to its closing one: where that ends, and how many are open there.

    When the text ends before, some are: go on from there with so many.
    """
    while match := _TO_BRACKET.match(text, at):
        depth += 1 if match[1] in "{[" else -1
        at = match.end()
        if not depth:
            break
    return at, depth


def scalar(text: str, at: int) -> int:
    """Where a string, a number or a word ends that begins here; not beyond `at` when none does."""
    match = _SCALAR.match(text, at)
    return match.end() if match else at


class Window:
    """The text held, of which all before the next value is dropped; `line` is the physical line it is on."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self.line = 1
        self._pieces = pieces
        self._text = ""
        self._at = 0

    def ahead(self, count: int) -> str:
        """The next so many characters, or some more; less at the end."""
        while len(self._text) - self._at < count and self._grow():
            pass
        return self._text[self._at :]

    def next(self) -> str:
        """Move to the next character that is not white space; "" at the end."""
        while True:
            match = _SPACE.match(self._text, self._at)
            self._move(match.end() if match else self._at)
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._grow():
                return ""

    def skip(self, expected: str) -> str:
        """Move beyond the next character, which is one of these.

        Raises:
            LostError: it is not.
        """
        found = self.next()
        if not found or found not in expected:
            wanted = " or ".join(map(repr, expected))
            raise LostError(f"line {self.line}: {wanted} is expected, and {_named(found)} stands there")
        self._move(self._at + 1)
        return found

    def take(self) -> str:
        """Move beyond the next value, and give its text.

        Raises:
            LostError: there is none, or it has no end.
        """
        first = self.next()
        size = self._nested() if first in ("{", "[") else self._scalar()
        if not size:
            raise LostError(f"line {self.line}: a value is expected, and {_named(first)} stands there")
        text = self._text[self._at : self._at + size]
        self._move(self._at + size)
        return text

    def _nested(self) -> int:
        size = depth = 0
        while True:
            end, depth = nested(self._text, self._at + size, depth)
            size = end - self._at
            if not depth:
                return size
            if not self._grow():
                raise LostError(f"what begins on line {self.line} is never closed: it was not read")

    def _scalar(self) -> int:
        while True:
            end = scalar(self._text, self._at)
            if end not in (self._at, len(self._text)) or not self._grow():
                return scalar(self._text, self._at) - self._at

    def _grow(self) -> bool:
        """Hold twice as much, which is a piece more at least; False at the end of the text."""
        held = self._text[self._at :]
        more: list[str] = []
        size = 0
        while size <= len(held) and (piece := next(self._pieces, None)) is not None:
            more.append(piece)
            size += len(piece)
        self._text, self._at = "".join((held, *more)), 0
        if len(self._text) > 2 * LONGEST:
            raise LostError(f"what begins on line {self.line} is longer than {LONGEST} characters")
        return size > 0

    def _move(self, to: int) -> None:
        self.line += line_ends(self._text, self._at, to)
        self._at = to


def _named(character: str) -> str:
    return repr(character) if character else "the end of the file"
