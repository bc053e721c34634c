"""The verbs of a field map's `do:` list: what is done to a value between its column and its field.

A verb is a pure function made from its arguments once, when the map is read. The table is the one source
for the loader and the documentation; every example in it is run by the tests.
"""

from collections.abc import Mapping

from richsync.verbs.choices import CHOICES
from richsync.verbs.lists import LISTS
from richsync.verbs.lookup import Lookup, lookup_table
from richsync.verbs.moments import MOMENTS
from richsync.verbs.numbers import NUMBERS
from richsync.verbs.texts import TEXTS
from richsync.verbs.verb import Arguments, Context, Example, Step, Verb

VERBS: Mapping[str, Verb] = {verb.name: verb for verb in (*TEXTS, *LISTS, *NUMBERS, *MOMENTS, *CHOICES)}

__all__ = [
    "VERBS",
    "Arguments",
    "Context",
    "Example",
    "Lookup",
    "Step",
    "Verb",
    "VerbError",
    "lookup_table",
    "step",
]


class VerbError(ValueError):
    """The arguments do not suit the verb."""


def step(name: str, arguments: Arguments, context: Context) -> Step:
    """Make the step a map asks for.

    Raises:
        VerbError: no such verb, or not its arguments.
    """
    verb = VERBS.get(name)
    if verb is None:
        raise VerbError(f"there is no verb {name!r}")
    if not verb.suits(arguments):
        given = "a table" if arguments.table else str(len(arguments.words))
        raise VerbError(f"{name} takes {verb.wants}, not {given}")
    try:
        return verb.make(arguments, context)
    except ValueError as error:
        raise VerbError(f"{name}: {error}") from None
