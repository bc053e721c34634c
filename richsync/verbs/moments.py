"""Verbs of dates."""

from collections.abc import Callable
from typing import Any

from richsync.values import Bad, Moment, date_format, is_empty, moment_reader, text, zone
from richsync.verbs.verb import MANY, Arguments, Context, Example, Step, Verb

_UNITS = {"s": "epoch", "ms": "epoch_ms", "us": "epoch_us"}


def _date(arguments: Arguments, context: Context) -> Step:
    named = arguments.named("formats", "timezone", "timezone_from")
    words = named.get("formats", arguments.words if not named else context.dates)
    formats = [date_format(word) for word in words]
    if "timezone_from" in named:
        return _by_zone_of_row(formats, context.fetch(_one(named["timezone_from"])), context)
    own = zone(_one(named["timezone"])) if "timezone" in named else context.zone
    return _settled(moment_reader(formats, own))


def _one(words: tuple[str, ...]) -> str:
    if len(words) != 1:
        raise ValueError("a time zone is one word")
    return words[0]


def _settled(read: Callable[[object], int | Bad]) -> Step:
    def run(value: object, _row: Any) -> object:
        found = read(value)
        return found if isinstance(found, Bad) else Moment(found)

    return run


def _by_zone_of_row(formats: list[str], fetch: Callable[[Any], object], context: Context) -> Step:
    """Each row in the zone that a column names; where it is empty, in the export's."""
    steps: dict[str, Step] = {"": _settled(moment_reader(formats, context.zone))}

    def run(value: object, row: Any) -> object:
        cell = fetch(row)
        name = "" if is_empty(cell) else text(cell)
        if isinstance(name, Bad):
            return name
        if name not in steps:
            try:
                steps[name] = _settled(moment_reader(formats, zone(name)))
            except ValueError as error:
                return Bad("RS506", f": {error}")
        return steps[name](value, row)

    return run


def _epoch(arguments: Arguments, context: Context) -> Step:
    form = _UNITS.get(arguments.words[0])
    if form is None:
        raise ValueError(f"{arguments.words[0]!r} is not a unit: one of {', '.join(_UNITS)}")
    return _settled(moment_reader([form], context.zone))


MOMENTS = (
    Verb(
        "date",
        "a moment, by format: iso, epoch, epoch_ms, epoch_us, rfc2822 or a pattern; "
        "a table says `formats:`, and `timezone:`, or `timezone_from:` which column",
        _date,
        Example("05.03.2024", 1709596800000, ("%d.%m.%Y",)),
        1,
        MANY,
        takes_table=True,
    ),
    Verb(
        "epoch",
        "a moment, from seconds, `ms` or `us` since 1970",
        _epoch,
        Example("1709596800", 1709596800000, ("s",)),
        1,
        1,
    ),
)
