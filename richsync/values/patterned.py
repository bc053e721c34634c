"""Dates by a declared pattern such as `%d.%m.%Y %H:%M`, compiled once.

The directives are those of Python's `strptime` that name a part of a moment; month names are in the languages
of exports. Compiled once, because `strptime` looks its pattern up again for every date.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias

from richsync.values.bad import Bad
from richsync.values.months import month
from richsync.values.texts import control_character
from richsync.values.zones import Clock

ReadMoment: TypeAlias = Callable[[str, Clock], int | Bad]

_NAME = r"[^\W\d_]+\.?"
_SIGNS = ("+", "-")
_OFFSET = r"(?:[+-]\d{2}:?\d{2}|[+-]\d{1,2})"
_DIRECTIVES: Mapping[str, str] = {
    "Y": r"\d{4}",
    "y": r"\d{2}",
    "m": r"1[0-2]|0?[1-9]",
    "b": _NAME,
    "B": _NAME,
    "d": r"3[01]|[12]\d|0?[1-9]",
    "j": r"\d{1,3}",
    "H": r"2[0-3]|[01]?\d",
    "I": r"1[0-2]|0?[1-9]",
    "p": r"[AaPp]\.?\s?[Mm]\.?",
    "M": r"[0-5]?\d",
    "S": r"[0-5]?\d",
    "f": r"\d{1,9}",
    "a": _NAME,
    "A": _NAME,
    "z": rf"[Zz]|{_OFFSET}",
    "Z": rf"(?:GMT|UTC){_OFFSET}|[A-Za-z]{{1,5}}",
}
_WHOLE: Mapping[str, str] = {
    "m": r"1[0-2]|0[1-9]",
    "d": r"3[01]|[12]\d|0[1-9]",
    "j": r"\d{3}",
    "H": r"2[0-3]|[01]\d",
    "I": r"1[0-2]|0[1-9]",
    "M": r"[0-5]\d",
    "S": r"[0-5]\d",
}
"""With all its digits, where another number ends right before it: 1112024 has one day that way, not two."""
_DAYS = ({"m", "d"}, {"b", "d"}, {"B", "d"}, {"j"})
_PIECE = re.compile(r"%(.?)|\s+|[^%\s]+", re.DOTALL)
_PLAIN = frozenset("YmdHMS")
_NUMBERS = frozenset("YymdjHIMSf")
_NOT_READ = Bad("RS506")
_NO_DAY = Bad("RS507")
_PIVOT = 69
_NOON = 12


def pattern_reader(written: str) -> ReadMoment:
    """Read dates by a pattern.

    Raises:
        ValueError: it does not say year, month and day once each, or says what is no part of a moment.
    """
    if control_character(written):
        raise ValueError("a control character")
    named: set[str] = set()
    pieces = list(_PIECE.finditer(written))
    pattern = "".join(
        _piece(found, before, named) for found, before in zip(pieces, [None, *pieces], strict=False)
    )
    if len(named & {"Y", "y"}) != 1 or not any(day <= named for day in _DAYS):
        raise ValueError("it does not hold year, month and day")
    if ("I" in named) > ("p" in named):
        raise ValueError("%I needs %p beside it")
    pattern += "".join(f"(?P<{name}>)" for name in sorted(_PLAIN - named))
    compiled = re.compile(pattern, re.ASCII if named <= _PLAIN else 0)
    return _numeric(compiled) if named <= _PLAIN else _general(compiled.fullmatch, named)


def _piece(found: re.Match[str], before: re.Match[str] | None, named: set[str]) -> str:
    written, name = found[0], found[1]
    if name is None:
        return r"\s+" if written.isspace() else f"(?i:{re.escape(written)})"
    if name == "%":
        return "%"
    if not name:
        raise ValueError("stray %")
    if name not in _DIRECTIVES:
        raise ValueError(f"%{name} is a bad directive")
    if name in named:
        raise ValueError(f"%{name} stands twice")
    named.add(name)
    is_whole = before is not None and before[1] in _NUMBERS and name in _WHOLE
    return f"(?P<{name}>{(_WHOLE if is_whole else _DIRECTIVES)[name]})"


def _numeric(compiled: re.Pattern[str]) -> ReadMoment:
    """The commonest ones, digits only, in the fewest steps."""
    matches = compiled.fullmatch
    places = [compiled.groupindex[name] for name in "YmdHMS"]

    def read(text: str, clock: Clock) -> int | Bad:
        found = matches(text)
        if found is None:
            return _NOT_READ
        year, month, day, hour, minute, second = found.group(*places)
        time = int(hour) * 3_600_000 if hour else 0
        time += int(minute) * 60_000 if minute else 0
        time += int(second) * 1000 if second else 0
        return clock.at((int(year), int(month), int(day)), time)

    return read


_Matches: TypeAlias = Callable[[str], re.Match[str] | None]


def _general(matches: _Matches, named: set[str]) -> ReadMoment:
    place = _zone_of(named)

    def read(text: str, clock: Clock) -> int | Bad:
        found = matches(text)
        if found is None:
            return _NOT_READ
        parts = found.groupdict()
        try:
            day = _day(parts)
        except ValueError:
            return _NO_DAY
        return _NOT_READ if day is None else place(parts, day, _time(parts), clock)

    return read


_Parts: TypeAlias = Mapping[str, str]
_Day: TypeAlias = tuple[int, int, int]


def _day(parts: _Parts) -> _Day | None:
    """Year, month and day; None when what stands for the month is none."""
    year = int(parts["Y"]) if parts["Y"] else _century(int(parts["y"]))
    if "j" in parts:
        found = date.fromordinal(date(year, 1, 1).toordinal() + int(parts["j"]) - 1)
        return (year, found.month, found.day) if found.year == year else (year, 0, 0)
    name = parts.get("b") or parts.get("B")
    number = month(name) if name else int(parts["m"])
    return None if number is None else (year, number, int(parts["d"]))


def _century(year: int) -> int:
    """POSIX's reading of two digits: 69 to 99 are the last century's."""
    return year + (1900 if year >= _PIVOT else 2000)


def _time(parts: _Parts) -> int:
    """Milliseconds since midnight."""
    hour = int(parts["H"] or 0)
    if "I" in parts:
        hour = int(parts["I"]) % _NOON + (_NOON if parts["p"][0] in "Pp" else 0)
    fraction = round(int(parts["f"]) * 1000 / 10 ** len(parts["f"])) if "f" in parts else 0
    return (hour * 3600 + int(parts["M"] or 0) * 60 + int(parts["S"] or 0)) * 1000 + fraction


def _zone_of(named: set[str]) -> Callable[[_Parts, _Day, int, Clock], int | Bad]:
    """How a local time becomes a moment: by the offset or the zone beside it, else by the export's."""
    if "z" in named:
        return lambda parts, day, time, _clock: _less(_UTC.at(day, time), _offset(parts["z"]))
    if "Z" in named:
        return lambda parts, day, time, clock: _by_name(parts["Z"].upper(), day, time, clock)
    return lambda _parts, day, time, clock: clock.at(day, time)


def _by_name(name: str, day: _Day, time: int, clock: Clock) -> int | Bad:
    """`CET`, or `GMT+1`, which is an offset."""
    offset = name.lstrip("GMTUC")
    if offset[:1] in _SIGNS:
        return _less(_UTC.at(day, time), _offset(offset))
    return clock.named(name, day, time)


_UTC = Clock(None)


def _offset(written: str) -> int:
    """Milliseconds that `+02:00` is ahead of UTC."""
    digits = written[1:].replace(":", "")
    if not digits:
        return 0
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return minutes * (-60_000 if written[0] == "-" else 60_000)


def _less(moment: int | Bad, offset: int) -> int | Bad:
    return moment if isinstance(moment, Bad) else moment - offset
