"""Moments as exports write them, to epoch milliseconds. Day and month are never guessed."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from typing import TypeAlias

from richsync.values.bad import Bad, bad
from richsync.values.numbers import plain_number

_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[Tt ]\s*(\d{1,2})(:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?)\d*)?"
    r"\s*([Zz]|UTC|GMT|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_A_DAY = datetime(2024, 3, 5, 14, 7, tzinfo=UTC)
_ZULU = frozenset({"Z", "z", "UTC", "GMT"})
_LATEST = 1e14  # milliseconds: the year 5138


class Moment(int):
    """Epoch milliseconds that a map's `date:` has read: no format of the export is asked again."""

    __slots__ = ()


ReadMoment: TypeAlias = Callable[[str, tzinfo], int | Bad]


def moment_reader(formats: Sequence[str], zone: tzinfo | None) -> Callable[[object], int | Bad]:
    """Read moments by formats that `date_format` has passed, tried in order.

    A date without an offset is in `zone`, or in UTC when there is none.
    """
    local = zone or UTC
    readers = [_NAMED.get(form) or _by_pattern(form) for form in formats]

    def read_iso(value: object) -> int | Bad:
        if type(value) is not str:
            return int(value) if isinstance(value, Moment) else Bad("RS506")
        found = _iso(value, local)
        return bad(found.code, value) if isinstance(found, Bad) else found

    def read(value: object) -> int | Bad:
        if isinstance(value, Moment):
            return int(value)
        written = str(value) if isinstance(value, int | float | str) else ""
        found: int | Bad = Bad("RS506")
        for reader in readers:
            last = reader(written, local)
            if type(last) is int:
                return last
            found = last if last == Bad("RS507") else found
        return found if found == Bad("RS507") else bad("RS506", value)

    return read_iso if tuple(formats) == ("iso",) else read


def date_format(written: str) -> str:
    """A format that dates can be read by: it gives back the day it has written.

    Raises:
        ValueError: it is not one. `%Z` is none, because one name of a zone is used for several.
    """
    if written in NAMED_FORMATS:
        return written
    help_text = f"write a pattern like %d.%m.%Y %H:%M, or one of {', '.join(NAMED_FORMATS)}"
    if "%" not in written or "%Z" in written:
        raise ValueError(f"{written!r} is not a date format: {help_text}")
    try:
        back = datetime.strptime(_A_DAY.strftime(written), written)  # noqa: DTZ007 - only the day matters
    except (ValueError, re.error) as error:
        raise ValueError(f"{written!r} is not a date format ({error}): {help_text}") from None
    if back.date() != _A_DAY.date():
        raise ValueError(f"{written!r} does not hold year, month and day: {help_text}")
    return written


def is_local_iso(text: str) -> bool:
    """Whether it is an ISO date that carries no offset."""
    shape = _ISO.fullmatch(text)
    return shape is not None and shape.group(6) is None


def _iso(text: str, zone: tzinfo) -> int | Bad:
    try:
        if text[4] == text[7] == "-" and text[10:11] in "T ":
            return _milliseconds(datetime.fromisoformat(text), zone)
    except (ValueError, IndexError, OverflowError):
        pass
    return _loose_iso(text, zone)


def _loose_iso(text: str, zone: tzinfo) -> int | Bad:
    """ISO with what real exports do to it: a space before the offset, one-digit days, many decimals."""
    shape = _ISO.fullmatch(text)
    if not shape:
        return Bad("RS506")
    year, month, day, hour, minutes, offset = shape.groups()
    clock = f"{(hour or '0').zfill(2)}{(minutes or ':00').replace(',', '.')}"
    suffix = "+00:00" if offset in _ZULU else offset or ""
    try:
        stamp = f"{year}-{month.zfill(2)}-{day.zfill(2)}T{clock}{suffix}"
        return _milliseconds(datetime.fromisoformat(stamp), zone)
    except (ValueError, OverflowError):
        return Bad("RS507")


def _milliseconds(moment: datetime, zone: tzinfo) -> int:
    return round((moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp() * 1000)


def _epoch(scale: int) -> ReadMoment:
    def read(text: str, _zone: tzinfo) -> int | Bad:
        number = plain_number(text)
        if isinstance(number, Bad) or not 0 <= number * scale < _LATEST:
            return Bad("RS506")
        return round(number * scale)

    return read


def _rfc2822(text: str, zone: tzinfo) -> int | Bad:
    try:
        return _milliseconds(parsedate_to_datetime(text), zone)
    except (ValueError, TypeError, OverflowError):
        return Bad("RS506")


def _by_pattern(pattern: str) -> ReadMoment:
    def read(text: str, zone: tzinfo) -> int | Bad:
        try:
            return _milliseconds(datetime.strptime(text, pattern), zone)  # noqa: DTZ007 - the zone comes next
        except (ValueError, OverflowError) as error:
            return Bad("RS507") if "day is out of range" in str(error) else Bad("RS506")

    return read


_NAMED: Mapping[str, ReadMoment] = {
    "iso": _iso,
    "epoch": _epoch(1000),
    "epoch_ms": _epoch(1),
    "rfc2822": _rfc2822,
}
NAMED_FORMATS = tuple(_NAMED)
