"""Text to physical lines, the unit in which places are told."""

import re
from collections.abc import Iterator
from io import StringIO
from itertools import chain

from richsync.exports.texts import Texts
from richsync.model import Odd, Record

LONGEST = 16 * 1024 * 1024
"""Characters a line, or a cell, may have: what is longer is a fault, and is not held in memory."""

LOOKED_AT = 64 * 1024
"""Characters by which an export is judged, and an object to be an order or an envelope."""

_LINE_END = re.compile(r"\r\n?|\n")


class Lines:
    r"""The lines of an export with their ends (`\n`, `\r\n`, `\r`), a list for each block, to be read once.

    `number` counts the lines handed out. When `fault` is set, the text ended before the file did.
    """

    def __init__(self, texts: Texts) -> None:
        self.number = 0
        self.fault: Record | None = None
        self._end_of = texts
        self._texts = iter(texts)
        self._lists = self._cut()

    def __iter__(self) -> Iterator[list[str]]:
        for lines in self._lists:
            self.number += len(lines)
            yield lines

    def opening(self, count: int) -> str:
        """The first so many characters, or some more, without the blank ones above; read again later."""
        seen: list[str] = []
        size = visible = 0
        for text in self._texts:
            seen.append(text)
            size += len(text)
            visible += len(text) if visible else len(text.lstrip())
            if visible >= count or size > LONGEST:
                break
        self._texts = chain(seen, self._texts)
        return "".join(seen).lstrip()

    def pieces(self) -> Iterator[str]:
        """The same text for who does not read by lines; no piece ends within a line end."""
        held = last = ""
        for text in self._texts:
            piece = held + text
            held = "\r" if piece.endswith("\r") else ""
            last = piece.removesuffix(held) or last
            self.number += line_ends(piece, 0, len(piece) - len(held))
            yield piece.removesuffix(held)
        self.number += bool(held)
        lines = split(last + held)
        begun = lines[-1] if lines and not lines[-1].endswith(("\n", "\r")) else ""
        self._end(begun)
        self.number += bool(begun)
        yield held

    def _cut(self) -> Iterator[list[str]]:
        pieces: list[str] = []
        for text in self._texts:
            pieces.append(text)
            if "\n" in text or "\r" in text:
                lines = split("".join(pieces))
                pieces = [lines.pop()]
                if lines:
                    yield lines
            elif sum(map(len, pieces)) > LONGEST:
                self.fault = self._overlong()
                return
        yield from self._last("".join(pieces))

    def _last(self, tail: str) -> Iterator[list[str]]:
        lines = split(tail)
        cut = self._end_of.odd is not None and lines and not lines[-1].endswith(("\n", "\r"))
        begun = lines.pop() if cut else ""
        if lines:
            yield lines
        self._end(begun)

    def _end(self, begun: str) -> None:
        """Place what kept the text from going on, if anything did; `begun` is the line it stands on."""
        odd = self._end_of.odd
        if odd is not None:
            line = self.number + 1
            note = f"line {line}: {odd.note}" if odd.code == "RS104" else odd.note
            raw = next(iter(split(begun + self._end_of.rest)), "")
            self.fault = (line, odd._replace(note=note), raw)

    def _overlong(self) -> Record:
        line = self.number + 1
        return line, Odd("RS106", f"line {line} is longer than {LONGEST} characters"), ""


def line_ends(text: str, start: int, end: int) -> int:
    """How many lines end in a part of a text."""
    if text.find("\r", start, end) < 0:
        return text.count("\n", start, end)
    return len(_LINE_END.findall(text, start, end))


def split(text: str) -> list[str]:
    """Cut where a line ends, and keep the line ends."""
    # Only `newline=""` cuts where a CSV reader does; `splitlines` also cuts at U+2028 and form feeds.
    return StringIO(text, newline="").readlines()
