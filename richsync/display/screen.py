"""The two streams. stdout carries the result only; progress, questions and notes go to stderr.

What comes from an export or a receiver is shown with its control characters escaped and is never read as
markup.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

from richsync.display.streams import PLAIN, Stream, Styled
from richsync.errors import RichsyncError, UnusableError
from richsync.jsontext import dumps

__all__ = ["PLAIN", "Screen", "Styled", "width_of"]

Answer = TypeVar("Answer")


def width_of(text: str) -> int:
    """The columns of the screen that a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


class Screen:
    """Where a command writes; `quiet` leaves out all but the result and errors."""

    def __init__(self, *, quiet: bool = False, plain: bool = False) -> None:
        self.out = Stream("stdout", plain=plain)
        self.err = Stream("stderr", plain=plain)
        self.quiet = quiet

    def result(self, *parts: str | Styled) -> None:
        """A line of the result, on stdout."""
        with _written(self.out):
            self.out.print(*parts)

    def note(self, *parts: str | Styled) -> None:
        """A line for people, on stderr."""
        if not self.quiet:
            with _told(self.err):
                self.err.print(*parts)

    def error(self, message: str, hint: str = "") -> None:
        """What went wrong, and the next command."""
        with _told(self.err):
            self.err.print(Styled("error: ", "bold red"), message)
            if hint:
                self.err.print(Styled("  next: ", "cyan"), hint)

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
    def can_ask(self) -> bool:
        """Whether somebody can answer: standard input is a terminal; it may also be closed."""
        return sys.stdin is not None and sys.stdin.isatty()

    @property
    def is_live(self) -> bool:
        """Whether bars may move: only on a terminal."""
        return self.err.is_terminal and sys.stderr.isatty() and not self.quiet


@contextmanager
def _written(stream: Stream) -> Iterator[None]:
    """A result that arrives whole, or the run says so; that nobody reads on is no error."""
    try:
        with _told(stream, BrokenPipeError):
            yield
    except OSError as error:
        stream.silence()
        hint = "free space or send it elsewhere; what was done is done, and a ledger is right all the same"
        raise UnusableError(f"the result could not be written: {error.strerror}", hint) from None


@contextmanager
def _told(stream: Stream, unheard: type[OSError] = OSError) -> Iterator[None]:
    """What people are told, as long as there is somebody to hear it."""
    try:
        yield
    except unheard:
        stream.silence()
