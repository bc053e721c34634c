"""The verbs of a field map's `do:` list: what is done to a value between its column and its field.

A verb is a pure function made from its arguments once, when the map is read. The table is the one source
for the loader and the documentation; every example in it is run by the tests.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, NamedTuple, TypeAlias, TypeGuard

from richsync.values import (
    Bad,
    Moment,
    date_format,
    is_empty,
    moment_reader,
    number_reader,
    number_style,
    text,
)

Step: TypeAlias = Callable[[object, Any], object]
"""One thing done to a value, with its row at hand: gives the new value, "" for none, or `Bad`."""


class Arguments(NamedTuple):
    """What stands behind a verb: words, or the lines of a table (each a name and its words)."""

    words: tuple[str, ...] = ()
    table: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Context(NamedTuple):
    """What a verb may need of its export: the zone of its dates, and its other columns by name."""

    zone: tzinfo | None = None
    fetch: Callable[[str], Callable[[Any], object]] = lambda _name: lambda _row: ""


Make: TypeAlias = Callable[[Arguments, Context], Step]

_POSITION = re.compile(r"-?[1-9]\d{0,3}", re.ASCII)


class VerbError(ValueError):
    """The arguments do not suit the verb."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb. `make` builds its step from the arguments as written in the map.

    `fewest` and `most` bound the number of words. The example is (words, value, result).
    """

    name: str
    doc: str
    make: Make
    example: tuple[tuple[str, ...], object, object]
    fewest: int = 0
    most: int = 0


def step(name: str, arguments: Arguments, context: Context) -> Step:
    """Make the step a map asks for.

    Raises:
        VerbError: no such verb, or not its arguments.
    """
    verb = VERBS.get(name)
    if verb is None:
        raise VerbError(f"there is no verb {name!r}")
    if arguments.table or not verb.fewest <= len(arguments.words) <= verb.most:
        given = "a table" if arguments.table else str(len(arguments.words))
        raise VerbError(f"{name} takes {_wanted(verb)}, not {given}")
    try:
        return verb.make(arguments, context)
    except ValueError as error:
        raise VerbError(f"{name}: {error}") from None


def _wanted(verb: Verb) -> str:
    if verb.most == verb.fewest:
        return f"{verb.fewest} argument{'' if verb.fewest == 1 else 's'}"
    return f"{verb.fewest} to {verb.most} arguments"


def _each(change: Callable[[str], object]) -> Step:
    """Do it to a text, or to every text of a list."""

    def run(value: object, row: Any) -> object:
        if isinstance(value, list):
            return [run(member, row) for member in value if not is_empty(member)]
        found = text(value)
        return found if isinstance(found, Bad) else change(found)

    return run


def _plain(change: Callable[[str], object]) -> Make:
    return lambda _arguments, _context: _each(change)


def _strip(arguments: Arguments, _context: Context) -> Step:
    return _each(lambda written: written.strip(arguments.words[0]).strip())


def _replace(arguments: Arguments, _context: Context) -> Step:
    old, new = arguments.words
    if not old:
        raise ValueError("nothing to look for")
    return _each(lambda written: written.replace(old, new).strip())


def _split(arguments: Arguments, _context: Context) -> Step:
    separator = arguments.words[0]
    if not separator:
        raise ValueError("the separator is empty")

    def run(value: object, _row: Any) -> object:
        found = text(value)
        if isinstance(found, Bad):
            return found
        return [part.strip() for part in found.split(separator) if part.strip()]

    return run


def _item(arguments: Arguments, _context: Context) -> Step:
    if not _POSITION.fullmatch(arguments.words[0]):
        raise ValueError("items are counted from 1, or from -1 at the end")
    position = int(arguments.words[0])
    index = position - 1 if position > 0 else position

    def run(value: object, _row: Any) -> object:
        members = value if isinstance(value, list) else [value]
        return members[index] if -len(members) <= index < len(members) else ""

    return run


def _join(arguments: Arguments, _context: Context) -> Step:
    def run(value: object, _row: Any) -> object:
        if not isinstance(value, list):
            return value
        found = [text(member) for member in value if not is_empty(member)]
        return next(
            (each for each in found if isinstance(each, Bad)), arguments.words[0].join(map(str, found))
        )

    return run


def _number(arguments: Arguments, _context: Context) -> Step:
    read = number_reader([number_style(example) for example in arguments.words])
    return lambda value, _row: read(value)


def _date(arguments: Arguments, context: Context) -> Step:
    read = moment_reader([date_format(each) for each in arguments.words], context.zone)

    def run(value: object, _row: Any) -> object:
        found = read(value)
        return found if isinstance(found, Bad) else Moment(found)

    return run


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _absolute(_arguments: Arguments, _context: Context) -> Step:
    unsigned = _each(lambda written: written.removeprefix("-").removeprefix("+"))
    return lambda value, row: abs(value) if _is_number(value) else unsigned(value, row)


_MANY = 20

_TABLE = (
    Verb("lower", "lower case", _plain(str.lower), ((), "PAID", "paid")),
    Verb("upper", "upper case", _plain(str.upper), ((), "eur", "EUR")),
    Verb("strip", "take these characters off both ends", _strip, (("#",), "#1001", "1001"), 1, 1),
    Verb(
        "replace", "replace a text by another, everywhere", _replace, (("wc-", ""), "wc-paid", "paid"), 2, 2
    ),
    Verb("split", "cut into a list at a separator", _split, ((",",), "A, B", ["A", "B"]), 1, 1),
    Verb(
        "item",
        "one of a list, counted from 1, or from -1 at the end",
        _item,
        (("-1",), ["A", "B"], "B"),
        1,
        1,
    ),
    Verb("join", "a list to one text", _join, ((", ",), ["A", "B"], "A, B"), 1, 1),
    Verb(
        "number",
        "a number, by example of how it is written",
        _number,
        (("1.234,56",), "12,50", 12.5),
        1,
        _MANY,
    ),
    Verb(
        "date",
        "a moment, by format: iso, epoch, epoch_ms, rfc2822 or a pattern",
        _date,
        (("%d.%m.%Y",), "05.03.2024", 1709596800000),
        1,
        _MANY,
    ),
    Verb("abs", "without its sign", _absolute, ((), "-3.00", "3.00")),
)

VERBS: Mapping[str, Verb] = {verb.name: verb for verb in _TABLE}


class Lookup(NamedTuple):
    """A table of words. `otherwise` is what becomes of a word it does not list.

    `keep` says nothing about it; `report`, the default, keeps it and makes a finding; `drop` drops it;
    `reject` makes it an error; `=text` puts a text in its place.
    """

    table: Mapping[str, str]
    otherwise: str = "report"

    def find(self, written: str) -> str | None:
        """The word's translation, exact or without regard to case; None when it is not listed."""
        found = self.table.get(written)
        return self.table.get(written.casefold()) if found is None else found


def lookup_table(pairs: Mapping[str, str]) -> dict[str, str]:
    """The table with its words also in folded case, the exact ones first."""
    return {word.casefold(): result for word, result in pairs.items()} | dict(pairs)
