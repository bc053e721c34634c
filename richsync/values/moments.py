"""Moments as exports write them, to epoch milliseconds. Day and month are never guessed."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from functools import cache, lru_cache

from richsync.values.bad import Bad, bad
from richsync.values.numbers import plain_number
from richsync.values.patterned import ReadMoment, pattern_reader
from richsync.values.wrappers import Moment, unwrapped
from richsync.values.zones import Clock

_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[Tt ]\s*(\d{1,2})(:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?)\d*)?"
    r"\s*([Zz]|UTC|GMT|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_RFC_2822 = (
    r"(?:[A-Za-z]{3},?\s+)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d{1,2}:\d{2}(?::\d{2})?"
    r"(?:\s+(?:[+-]\d{4}|UTC?|GMT|Z|[ECMP][SD]T))?(?:\s+\(.*\))?"
)
_DIGIT = re.compile(r"\d")
_SERIAL = re.compile(r"[2-7]\d{4}(?:\.\d+)?", re.ASCII)
"""A day as spreadsheets count it, of the years 1954 to 2119."""
_COUNTED = ": a spreadsheet's number of a day, which is to be formatted as a date there and exported again"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ZULU = frozenset({"Z", "z", "UTC", "GMT"})
_LATEST = 1e14  # milliseconds: the year 5138
_PLAUSIBLE = (631_152_000_000, 4_102_444_800_000)
"""The years 1990 to 2100, in epoch milliseconds."""
_UNITS = {"epoch": 1000.0, "epoch_ms": 1.0, "epoch_us": 0.001}
_NOT_READ = Bad("RS506")
_NO_DAY = Bad("RS507")
_TWO_WAYS = Bad("RS523", ": two of the declared formats read it differently")


def moment_reader(
    formats: Sequence[str], zone: tzinfo | None, *, unlike: str = "RS506"
) -> Callable[[object], int | Bad]:
    """Read moments by formats that `date_format` has passed; what two of them read differently is refused.

    A date in another format is the finding `unlike`; one that would fit if day and month changed places is
    RS524: then those that fit both ways cannot be trusted either.

    A date without an offset is in `zone`, or in UTC when there is none. One that a clock change skips or
    repeats is RS522 with its value.
    """
    clock = Clock(zone)
    readers = [_reader(form) for form in formats]
    only = readers[0] if len(readers) == 1 else _in_agreement(readers)

    def read(value: object) -> int | Bad:
        if type(value) is not str:
            return _unwritten(value, read)
        found = only(value, clock)
        return found if type(found) is int or found != _NOT_READ else _other(value, tuple(formats), unlike)

    return read


@cache
def _reader(form: str) -> ReadMoment:
    return _NAMED.get(form) or pattern_reader(form)


def _unwritten(value: object, read: Callable[[object], int | Bad]) -> int | Bad:
    """A moment from JSON: a number by its digits, a wrapper by what it holds."""
    found = unwrapped(value)
    if isinstance(found, Moment):
        return int(found)
    is_written = isinstance(found, int | float | str) and not isinstance(found, bool)
    return read(str(found)) if is_written else bad("RS506", found)


def _in_agreement(readers: Sequence[ReadMoment]) -> ReadMoment:
    """All of them; a day that does not exist is said before a form that does not fit."""

    def read(text: str, clock: Clock) -> int | Bad:
        found = [reader(text, clock) for reader in readers]
        moments = [each for each in found if not isinstance(each, Bad) or each.value is not None]
        if moments:
            return moments[0] if moments.count(moments[0]) == len(moments) else _TWO_WAYS
        return next((each for each in found if each == _NO_DAY), max(found, key=str))

    return read


@lru_cache(maxsize=1024)
def _other(written: str, formats: tuple[str, ...], unlike: str) -> Bad:
    """What stands there instead of a date as declared; the same is often wrong a million times."""
    shape = _DIGIT.sub("1", written)
    fitting = [form for form, read in _fitting(shape) if not isinstance(read(written, _UTC), Bad)]
    fitting += filter(None, [_unit(plain_number(written))])
    like = f": it is like {fitting[0]}" if len(fitting) == 1 else ""
    like = like or (_COUNTED if _SERIAL.fullmatch(written) else "")
    declared = f" ({' or '.join(formats)})"
    exchanged = next((form for form in map(_exchanged, formats) if form and _fits(written, form)), "")
    if exchanged:
        return Bad("RS524", f"{declared}: it is like {exchanged}")
    if unlike == "RS506" or not fitting:
        return bad("RS506", written, f"{declared}{like}")
    return Bad(unlike, f": it fits {' and '.join(fitting)}")


def _exchanged(form: str) -> str:
    """The format with day and month the other way round; "" where they cannot be taken for each other."""
    if "%d" not in form or "%m" not in form or form.startswith("%Y"):
        return ""
    return form.replace("%d", "%\0").replace("%m", "%d").replace("%\0", "%m")


def _fits(written: str, form: str) -> bool:
    return not isinstance(_reader(form)(written, _UTC), Bad)


def date_format(written: str) -> str:
    """A format that dates can be read by: a name, or a pattern.

    Raises:
        ValueError: it is neither.
    """
    if written in NAMED_FORMATS:
        return written
    help_text = f"write a pattern like %d.%m.%Y %H:%M, or one of {', '.join(NAMED_FORMATS)}"
    if "%" not in written:
        raise ValueError(f"{written!r} is not a date format: {help_text}")
    try:
        pattern_reader(written)
    except ValueError as error:
        raise ValueError(f"{written!r} is not a date format ({error}): {help_text}") from None
    return written


def is_iso(text: str) -> bool:
    """Whether it has the form of an ISO date."""
    return _ISO.fullmatch(text) is not None


def is_local_iso(text: str) -> bool:
    """Whether it is an ISO date that carries no offset."""
    shape = _ISO.fullmatch(text)
    return shape is not None and shape.group(6) is None


def _iso(text: str, clock: Clock) -> int | Bad:
    try:
        if text[4] == text[7] == "-" and text[10:11] in "T ":
            return _milliseconds(datetime.fromisoformat(text), clock)
    except (ValueError, IndexError, OverflowError):
        pass
    return _loose_iso(text, clock)


def _loose_iso(text: str, clock: Clock) -> int | Bad:
    """ISO with what real exports do to it: a space before the offset, one-digit days, many decimals."""
    shape = _ISO.fullmatch(text)
    if not shape:
        return _NOT_READ
    year, month, day, hour, minutes, offset = shape.groups()
    time = f"{(hour or '0').zfill(2)}{(minutes or ':00').replace(',', '.')}"
    suffix = "+00:00" if offset in _ZULU else offset or ""
    try:
        stamp = f"{year}-{month.zfill(2)}-{day.zfill(2)}T{time}{suffix}"
        return _milliseconds(datetime.fromisoformat(stamp), clock)
    except (ValueError, OverflowError):
        return _NO_DAY


def _milliseconds(moment: datetime, clock: Clock) -> int | Bad:
    if moment.tzinfo:
        since = moment - _EPOCH
        fraction = since.microseconds and round(since.microseconds / 1000)
        return since.days * 86_400_000 + since.seconds * 1000 + fraction
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    day = (moment.year, moment.month, moment.day)
    return clock.at(day, seconds * 1000 + round(moment.microsecond / 1000))


def _epoch(scale: float) -> ReadMoment:
    def read(text: str, _clock: Clock) -> int | Bad:
        number = plain_number(text)
        if isinstance(number, Bad):
            return _NOT_READ
        moment = number * scale
        if not _is_plausible(moment) and (unit := _unit(number)):
            return Bad("RS510", f": it is like {unit}")
        return round(moment) if 0 <= moment < _LATEST else _NOT_READ

    return read


def _is_plausible(moment: float) -> bool:
    return _PLAUSIBLE[0] <= moment <= _PLAUSIBLE[1]


def _unit(number: float | Bad) -> str:
    """The unit in which a number is a plausible moment, or ""."""
    if isinstance(number, Bad):
        return ""
    return next((name for name, scale in _UNITS.items() if _is_plausible(number * scale)), "")


def _rfc2822(text: str, clock: Clock) -> int | Bad:
    """Only what has the form: the library takes anything like it, and passes over a PM or a zone."""
    if not re.fullmatch(_RFC_2822, text, re.ASCII):
        return _NOT_READ
    from email.utils import parsedate_to_datetime

    try:
        return _milliseconds(parsedate_to_datetime(text), clock)
    except (ValueError, TypeError, OverflowError):
        return _NOT_READ


_NAMED: Mapping[str, ReadMoment] = {
    "iso": _iso,
    **{name: _epoch(scale) for name, scale in _UNITS.items()},
    "rfc2822": _rfc2822,
}
NAMED_FORMATS = tuple(_NAMED)

_UTC = Clock(None)
_EITHER = [
    each.replace("/", mark) for each in ("%d/%m/%Y", "%m/%d/%Y", "%d/%m/%y", "%m/%d/%y") for mark in "/-"
]
"""With the day first as with the month first: a date that fits both is like neither."""

_DAYS = (
    "%d.%m.%Y",
    "%d.%m.%y",
    *_EITHER,
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%b %d, %Y",
    "%d. %B %Y",
    "%d %B %Y",
)
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", " %I:%M:%S %p %Z")


@lru_cache(maxsize=1024)
def _fitting(shape: str) -> tuple[tuple[str, ReadMoment], ...]:
    """The usual formats that may fit dates of a shape, with every digit 1: no digit fits in more places."""
    if "1" not in shape:
        return ()
    return tuple(each for each in _usual() if not isinstance(each[1](shape, _UTC), Bad))


@cache
def _usual() -> tuple[tuple[str, ReadMoment], ...]:
    """Formats that are tried on a date that could not be read; made when the first one turns up."""
    return tuple(
        (form, _reader(form)) for form in ("iso", "rfc2822", *(d + t for d in _DAYS for t in _TIMES))
    )
