"""What only a terminal needs of rich: its console, colours, JSON in colours, and lines of whole words."""

import re
from collections.abc import Callable, Iterator
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.highlighter import JSONHighlighter
from rich.text import Text


class TerminalConsole(Console):
    """A console that says so when nobody reads on, and does not end the run."""

    def __init__(self, file: TextIO | None, *, stderr: bool, plain: bool, unread: Callable[[], None]) -> None:
        super().__init__(
            file=file,
            stderr=stderr,
            no_color=plain or None,
            highlight=False,
            markup=False,
            emoji=False,
            soft_wrap=True,
        )
        self._unread = unread

    def on_broken_pipe(self) -> None:
        """Nothing written from now on arrives anywhere."""
        self.quiet = True
        self._unread()


def coloured(text: str, style: str) -> Text:
    """Text in a colour; `json` are the colours of JSON."""
    if style != "json":
        return Text(text, style=style)
    return JSONHighlighter()(text)


_QUOTED = re.compile(r" {4}\S|.*\n", re.DOTALL)
"""What stands as it is: a line of an export, an example, JSON."""
_COMMAND = re.compile(r"(?<!\S)richsync [a-z][^;]*")
_LABEL = re.compile(r" *(?:\S+(?: \S+)* {2,})?")
_HANGING = 4


def folded(text: Text, width: int) -> list[Text]:
    """Lines of whole words, the later ones below what the first says; a command stays whole, to be copied."""
    if _QUOTED.match(text.plain) or cell_len(text.plain) <= width:
        return [text]
    label = _label(text.plain, width)
    first, *rest = text.divide(list(_ends(text.plain, width, label)))
    lines = [first, *(Text(" " * max(label, _HANGING)) + each for each in rest)]
    for line in lines:
        line.rstrip()
    return lines


def _label(plain: str, width: int) -> int:
    """How far the label of a line reaches, or its indentation and a little more."""
    found = _LABEL.match(plain)
    reach = found.end() if found else 0
    return reach if reach <= width * 2 // 3 else _HANGING


def _ends(plain: str, width: int, label: int) -> Iterator[int]:
    """Where lines end."""
    whole = [found.span() for found in _COMMAND.finditer(plain)]
    places = [
        place
        for place in (found.end() for found in re.finditer(r" +(?=\S)", plain))
        if place > label and not any(begin < place < end for begin, end in whole)
    ]
    start, room = 0, width
    while places and cell_len(plain[start:]) > room:
        fitting = [each for each in places if cell_len(plain[start:each].rstrip()) <= room]
        start = fitting[-1] if fitting else places[0]
        yield start
        places = [each for each in places if each > start]
        room = width - max(label, _HANGING)
