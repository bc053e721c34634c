"""The line of a finding, cut to the surroundings of its cell; what may be personal is shown as its shape."""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")
_ADDRESS = r"(?<![^\s@])[^\s@]++(?:@[^\s@]++)+"
_LINE_END = re.compile(r"[\r\n]")
_MEMBER = r'(?s)("[^"\\]*+(?:\\.[^"\\]*+)*+")(\s*:)?|[^\s\[\]{},:"]++'
_BEFORE = 0.6
_CUT = "…"

Span = tuple[int, int]


class Excerpt(NamedTuple):
    """A part of a line, and where in it the cell stands: its first character from 0, and how many."""

    text: str
    start: int
    length: int


def masked(text: str) -> str:
    """The shape of a text: letters as x, digits as 9; what is between them often says what is wrong."""
    return _DIGIT.sub("9", _LETTER.sub("x", text))


def without_addresses(text: str) -> str:
    """A text, of the same length, that can be read but for what may be an e-mail in it."""
    return re.sub(_ADDRESS, lambda found: masked(found[0]), text) if "@" in text else text


def masked_row(raw: str, cells: Sequence[Span], readable: Collection[int]) -> str:
    """A row's text, of the same length, in which only some cells can be read."""
    parts, done = list[str](), 0
    for start, end in (cells[at] for at in sorted(readable) if at < len(cells)):
        parts += (masked(raw[done:start]), without_addresses(raw[start:end]))
        done = end
    return "".join((*parts, masked(raw[done:])))


def masked_object(raw: str) -> str:
    """A JSON object's text, of the same length, in which only the names can be read."""
    return re.sub(_MEMBER, lambda found: found[0] if found[2] else masked(found[0]), raw)


def excerpt(text: str, cell: Span, width: int) -> Excerpt:
    """At most so many characters of the physical line on which a cell begins, the cell among them."""
    first = max(text.rfind("\n", 0, cell[0]), text.rfind("\r", 0, cell[0])) + 1
    found = _LINE_END.search(text, cell[0])
    last = found.start() if found else len(text)
    begin = max(first, min(cell[0] - int(width * _BEFORE), last - width))
    end = min(last, begin + width)
    head, tail = _CUT * (begin > first), _CUT * (end < last)
    shown = head + text[begin + len(head) : end - len(tail)] + tail
    return Excerpt(shown, cell[0] - begin, max(min(cell[1], end) - cell[0], 1))
