"""What only a terminal needs of rich: its console, colours, and JSON in colours."""

from collections.abc import Callable
from typing import TextIO

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
