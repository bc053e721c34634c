"""Text to physical lines, the unit in which places are told."""

from collections.abc import Iterator
from io import StringIO

from richsync.exports.texts import Texts
from richsync.model import Odd, Record

LONGEST = 16 * 1024 * 1024
"""Characters a line, or a cell, may have: what is longer is a fault, and is not held in memory."""


class Lines:
    r"""The lines of an export with their ends (`\n`, `\r\n`, `\r`), a list for each block, to be read once.

    `number` counts the lines handed out. When `fault` is set, the lines ended before the file did.
    """

    def __init__(self, texts: Texts) -> None:
        self.number = 0
        self.fault: Record | None = None
        self._texts = texts
        self._lists = self._cut()

    def __iter__(self) -> Iterator[list[str]]:
        for lines in self._lists:
            self.number += len(lines)
            yield lines

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
        odd = self._texts.odd
        cut = odd is not None and lines and not lines[-1].endswith(("\n", "\r"))
        begun = lines.pop() if cut else ""
        if lines:
            yield lines
        if odd is not None:
            line = self.number + 1
            note = f"line {line}: {odd.note}" if odd.code == "RS104" else odd.note
            raw = next(iter(split(begun + self._texts.rest)), "")
            self.fault = (line, odd._replace(note=note), raw)

    def _overlong(self) -> Record:
        line = self.number + 1
        return line, Odd("RS106", f"line {line} is longer than {LONGEST} characters"), ""


def split(text: str) -> list[str]:
    """Cut where a line ends, and keep the line ends."""
    # Only `newline=""` cuts where a CSV reader does; `splitlines` also cuts at U+2028 and form feeds.
    return StringIO(text, newline="").readlines()
