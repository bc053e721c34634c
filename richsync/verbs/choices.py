"""Verbs that choose: true or false, this value or none."""

from typing import Any

from richsync.values import Bad, boolean_reader, is_empty, text, tidy
from richsync.verbs.verb import MANY, Arguments, Context, Example, Step, Verb

_FILLED, _EMPTY = "filled", "empty"


def _boolean(arguments: Arguments, _context: Context) -> Step:
    named = arguments.named("true", "false")
    match arguments.words:
        case (true, false):
            read = boolean_reader([true], [false])
        case () if not named:
            read = boolean_reader()
        case () if len(named) > 1:
            read = boolean_reader(named["true"], named["false"])
        case _:
            raise ValueError("it needs the words for true and those for false")
    return lambda value, _row: read(value)


def _only_if(arguments: Arguments, context: Context) -> Step:
    conditions = [(context.fetch(name), frozenset(words)) for name, words in arguments.table]

    def run(value: object, row: Any) -> object:
        return value if all(_meets(fetch(row), words) for fetch, words in conditions) else ""

    return run


def _meets(value: object, words: frozenset[str]) -> bool:
    if is_empty(value):
        return _EMPTY in words
    found = text(value)
    return _FILLED in words or (not isinstance(found, Bad) and tidy(found) in words)


def _drop_if(arguments: Arguments, _context: Context) -> Step:
    words = frozenset(arguments.words)

    def run(value: object, row: Any) -> object:
        if isinstance(value, list):
            return [member for member in value if run(member, row) != ""]
        return "" if not isinstance(value, dict) and text(value) in words else value

    return run


CHOICES = (
    Verb(
        "boolean",
        "true or false, by the word for each, or by a table of words, "
        "`{true: [SIM, S], false: NÃO}`; without them by the usual ones of several languages",
        _boolean,
        Example("SIM", True, ("SIM", "NÃO")),
        0,
        2,
        takes_table=True,
    ),
    Verb(
        "only_if",
        "only where other columns hold one of these values, `filled` or `empty`",
        _only_if,
        Example("cancelled", "", table=(("Cancelled at", ("filled",)),), row={"Cancelled at": ""}),
        takes_table=True,
    ),
    Verb("drop_if", "nothing, if it is one of these", _drop_if, Example("n/a", "", ("n/a", "-")), 1, MANY),
)
