"""What a verb is: its name, its one line of documentation, an example, and how its step is made."""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any, NamedTuple, TypeAlias

from richsync.values import PLAIN_STYLE, Bad, NumberStyle, is_empty, text

Step: TypeAlias = Callable[[object, Any], object]
"""One thing done to a value, with its row at hand: gives the new value, "" for none, or `Bad`."""


class Arguments(NamedTuple):
    """What stands behind a verb: words, or the lines of a table (each a name and its words)."""

    words: tuple[str, ...] = ()
    table: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def named(self, *names: str) -> dict[str, tuple[str, ...]]:
        """The lines of the table by name.

        Raises:
            ValueError: one has another name than these.
        """
        for name, _ in self.table:
            if name not in names:
                raise ValueError(f"there is no {name!r} in it, only {', '.join(names)}")
        return dict(self.table)


class Context(NamedTuple):
    """What a verb may need of its export: how dates and numbers are written, and other columns by name."""

    zone: tzinfo | None = None
    fetch: Callable[[str], Callable[[Any], object]] = lambda _name: lambda _row: ""
    numbers: tuple[NumberStyle, ...] = (PLAIN_STYLE,)
    dates: tuple[str, ...] = ("iso",)


Make: TypeAlias = Callable[[Arguments, Context], Step]
"""Makes a step; what is wrong with the arguments is a `ValueError`."""


class Example(NamedTuple):
    """A value and what becomes of it, with these arguments, in this row."""

    value: object
    result: object
    words: tuple[str, ...] = ()
    table: tuple[tuple[str, tuple[str, ...]], ...] = ()
    row: Mapping[str, object] = {}

    @property
    def arguments(self) -> Arguments:
        """The arguments as a map gives them."""
        return Arguments(self.words, self.table)


class Verb(NamedTuple):
    """One verb. `make` builds its step from the arguments as written in the map.

    `fewest` and `most` bound the number of words; `takes_table` says that a table can stand there instead.
    """

    name: str
    doc: str
    make: Make
    example: Example
    fewest: int = 0
    most: int = 0
    takes_table: bool = False

    @property
    def wants(self) -> str:
        """What it takes, in words."""
        words = f"{self.fewest} argument{'' if self.fewest == 1 else 's'}"
        if self.most > self.fewest:
            words = f"{self.fewest} to {self.most} arguments"
        if not self.takes_table:
            return words
        return f"{words}, or a table" if self.most else "a table"

    def suits(self, arguments: Arguments) -> bool:
        """Whether it takes as many; what they say is for `make` to judge."""
        if arguments.table:
            return self.takes_table
        return self.fewest <= len(arguments.words) <= self.most and (self.most > 0 or not self.takes_table)


MANY = 20
"""The most words of a verb that takes several."""


def each(change: Callable[[str], object]) -> Step:
    """Do it to a text, or to every text of a list."""

    def run(value: object, row: Any) -> object:
        if isinstance(value, list):
            return [run(member, row) for member in value if not is_empty(member)]
        found = text(value)
        return found if isinstance(found, Bad) else change(found)

    return run


def plain(change: Callable[[str], object]) -> Make:
    """A verb of texts that takes no arguments."""
    return lambda _arguments, _context: each(change)
