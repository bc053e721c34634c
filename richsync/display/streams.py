"""stdout and stderr: on a terminal rich writes to them, in colours; elsewhere text is written as it is.

rich takes longer to load than most exports take to be checked, and a log or a pipe has no use for it.
"""

import os
import sys
from collections.abc import Iterable
from functools import cached_property
from io import TextIOBase
from typing import TYPE_CHECKING, Literal, NamedTuple, TextIO

from richsync.shown import printable

if TYPE_CHECKING:
    from richsync.display.terminal import TerminalConsole

_TOLD_BY = frozenset({"FORCE_COLOR", "TTY_COMPATIBLE"})
"""Variables that say what counts as a terminal, for rich to understand."""


PLAIN = 100
"""The width where there is no terminal."""


class Styled(NamedTuple):
    """A text in a style of rich's, `bold red`, or in that of `json`."""

    text: str
    style: str


class _Nowhere(TextIOBase):
    """In place of a stream that was closed before the start."""

    def write(self, text: str, /) -> int:
        return len(text)


class Stream:
    """One of the two streams, as it is at the moment, or a file in its place; `plain` is without colours."""

    def __init__(
        self, name: Literal["stdout", "stderr"], *, plain: bool = False, file: TextIO | None = None
    ) -> None:
        self._name = name
        self._plain = plain
        self._file = file

    @property
    def file(self) -> TextIO | TextIOBase:
        """Where it goes, also while a bar of rich's moves, which stands in its place."""
        current: TextIO | None = self._file or getattr(sys, self._name)
        behind: TextIO | None = getattr(current, "rich_proxied_file", current)
        return behind or _Nowhere()

    @property
    def is_terminal(self) -> bool:
        """Whether somebody looks at it who wants colours."""
        return (self.file.isatty() or not _TOLD_BY.isdisjoint(os.environ)) and self.console.is_terminal

    @property
    def width(self) -> int:
        """How wide its lines are: the terminal's; elsewhere always the same, and a line is a line."""
        return self.console.width if self.is_terminal else PLAIN

    @cached_property
    def console(self) -> "TerminalConsole":
        """For what moves or asks."""
        from richsync.display.terminal import TerminalConsole

        is_error = self._name == "stderr"
        return TerminalConsole(self._file, stderr=is_error, plain=self._plain, unread=self.silence)

    def print(self, *parts: str | Styled) -> None:
        """A line, at once, made harmless: ids and the names of files stand in it."""
        if self.is_terminal:
            from richsync.display.terminal import coloured, folded

            line = coloured("", "").join(coloured(*_styled(part)) for part in parts)
            self.console.print(*folded(line, self.width), sep="\n")
        else:
            self.file.write(f"{line_of(parts)}\n")
            self.file.flush()

    def silence(self) -> None:
        """Nobody reads on: what is written from now on goes nowhere, and the run goes on."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.file.fileno())
        os.close(nowhere)


def line_of(parts: Iterable[str | Styled]) -> str:
    """The text of a line, without its colours."""
    return "".join(_styled(part).text for part in parts)


def _styled(part: str | Styled) -> Styled:
    text, style = part if isinstance(part, Styled) else (part, "")
    return Styled(printable(text), style)
