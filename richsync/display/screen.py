"""The two streams. stdout carries the result only; progress, questions and notes go to stderr.

What comes from an export or a receiver is shown with its control characters escaped and is never read as
markup.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import NamedTuple, TypeVar

from rich.console import Console
from rich.text import Text

from richsync.errors import RichsyncError, UnusableError
from richsync.jsontext import dumps
from richsync.shown import counted, printable

__all__ = ["Screen", "counted", "safe", "styled"]

Answer = TypeVar("Answer")


class Page(NamedTuple):
    """How wide text may be, and whether longer lines are wrapped."""

    width: int
    wraps: bool


PLAIN = Page(100, wraps=False)
"""For no terminal: a line is a line."""


class Screen:
    """Where a command writes; `quiet` leaves out all but the result and errors."""

    def __init__(self, *, quiet: bool = False, plain: bool = False) -> None:
        self.out = _console(plain=plain, stderr=False)
        self.err = _console(plain=plain, stderr=True)
        self.quiet = quiet

    def result(self, *parts: str | Text) -> None:
        """A line of the result, on stdout."""
        with _written(self.out):
            self.out.print(*(safe(part) for part in parts), sep="")

    def note(self, *parts: str | Text) -> None:
        """A line for people, on stderr."""
        if not self.quiet:
            with _told(self.err):
                self.err.print(*(safe(part) for part in parts), sep="")

    def error(self, message: str, hint: str = "") -> None:
        """What went wrong, and the next command."""
        with _told(self.err):
            self.err.print(styled("error: ", "bold red"), safe(message), sep="")
            if hint:
                self.err.print(styled("  next: ", "cyan"), safe(hint), sep="")

    def json(self, value: object) -> None:
        """One JSON document on stdout, nothing else."""
        self.lines([dumps(value).decode() + "\n"])

    def lines(self, lines: Iterable[str]) -> None:
        """Lines with their ends, on stdout, until nobody reads them."""
        with _written(self.out):
            self.out.file.writelines(lines)

    def writing(self) -> AbstractContextManager[None]:
        """While somebody else writes a result to stdout.

        Raises:
            UnusableError: it cannot be written.
        """
        return _written(self.out)

    @property
    def page(self) -> Page:
        """The terminal's, on which words are not cut; off a terminal always the same."""
        return Page(self.out.width, wraps=True) if self.out.is_terminal else PLAIN

    def flush(self) -> None:
        """Everything is written, unless whoever should read it went away."""
        with _told(self.err):
            self.err.file.flush()
        with _written(self.out):
            self.out.file.flush()

    def ask(self, question: Callable[[], Answer]) -> Answer | None:
        """What was answered on the terminal; None at its end (Ctrl-D)."""
        try:
            return question()
        except EOFError:
            self.err.print()
            return None
        except RichsyncError:
            self.err.print()  # the line that Ctrl-C left open
            raise

    @property
    def is_live(self) -> bool:
        """Whether bars may move: only on a terminal."""
        return self.err.is_terminal and sys.stderr.isatty() and not self.quiet


class _Console(Console):
    """A console whose reader may have enough: `| head` silences it, and the run goes on."""

    def on_broken_pipe(self) -> None:
        """Nothing written from now on arrives anywhere."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.file.fileno())
        os.close(nowhere)


def _console(*, plain: bool, stderr: bool) -> Console:
    return _Console(
        stderr=stderr, no_color=plain or None, highlight=False, markup=False, emoji=False, soft_wrap=True
    )


@contextmanager
def _written(console: Console) -> Iterator[None]:
    """A result that arrives whole, or the run says so; that nobody reads on is no error."""
    try:
        with _told(console, BrokenPipeError):
            yield
    except OSError as error:
        console.on_broken_pipe()
        hint = "free space or send it elsewhere; what was done is done, and a ledger is right all the same"
        raise UnusableError(f"the result could not be written: {error.strerror}", hint) from None


@contextmanager
def _told(console: Console, unheard: type[OSError] = OSError) -> Iterator[None]:
    """What people are told, as long as there is somebody to hear it."""
    try:
        yield
    except unheard:
        console.on_broken_pipe()


def safe(part: str | Text) -> Text:
    """Text as it is shown: control characters and other tricks as escapes."""
    return part if isinstance(part, Text) else Text(printable(part))


def styled(text: str, style: str) -> Text:
    """Our own words in a colour."""
    return Text(text, style=style)
