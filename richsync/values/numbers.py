"""Numbers as exports write them: the digits that stand there are the digits that are sent."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from richsync.jsontext import SAFE_INTEGER, Digits
from richsync.values.bad import Bad, bad

_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
_JSON_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_QUANTITY = re.compile(r"0*(\d{1,15})(?:\.0+)?", re.ASCII)
_WITH_SYMBOL = re.compile(
    r"[-(]?(?:[^\W\d_]{1,4}|\$|[^\w\s.,'()+-]{1,4})\.?\s?-?[\d.,' ]*\d\)?|-?[\d.,' ]*\d\s?[^\d\s.,'()+-]{1,4}"
)
_EXAMPLE = re.compile(r"\d+(?:[.,' \u00a0\u202f\u2019]\d+)*", re.ASCII)
_GROUP = 3
_EXACT_DIGITS = 15
_TOO_MANY_DIGITS = Bad("RS501", ": it has more digits than a number can hold")


class NumberStyle(NamedTuple):
    """How an export writes numbers: the mark before decimals, and the one between thousands ("" if none)."""

    decimal: str
    thousands: str = ""

    @property
    def pattern(self) -> re.Pattern[str]:
        """What a number in this style looks like; thousands may be marked or not, in the Indian way too."""
        mark = re.escape(self.thousands)
        grouped = rf"\d{{1,3}}(?:{mark}\d{{2,3}})*{mark}\d{{3}}|" if mark else ""
        return re.compile(rf"[+-]?(?:{grouped}\d+)(?:{re.escape(self.decimal)}\d+)?", re.ASCII)


PLAIN_STYLE = NumberStyle(".")
_USUAL = (NumberStyle(",", "."), NumberStyle(".", ","), NumberStyle(",", " "), NumberStyle(".", "'"))


def number_style(example: str) -> NumberStyle:
    """Read a style off an example: `1.234,56`, `1234.56`, `1 234,56`.

    Raises:
        ValueError: the example fits two styles, or none.
    """
    if not _EXAMPLE.fullmatch(example):
        raise ValueError(f"{example!r} is not a number: write one as the export does, like 1.234,56")
    marks = re.findall(r"\D", re.sub(r"\s", " ", example))
    match list(dict.fromkeys(marks)):
        case []:
            return PLAIN_STYLE
        case ["." | "," as mark] if len(marks) > 1:
            return NumberStyle("." if mark == "," else ",", mark)
        case ["." | "," as mark] if len(example.rpartition(mark)[2]) != _GROUP:
            return NumberStyle(mark)
        case [thousands, "." | "," as decimal] if marks.count(decimal) == 1:
            return NumberStyle(decimal, thousands)
        case _:
            raise ValueError(f"{example!r} can be read in two ways: write one with both marks, like 1.234,56")


def number_reader(styles: Sequence[NumberStyle]) -> Callable[[object], int | float | Bad]:
    """Read numbers in one of the styles, tried in order. JSON numbers are taken as they are."""
    if tuple(styles) == (PLAIN_STYLE,):
        return plain_number
    tried = [(style, style.pattern.fullmatch) for style in styles]

    def read(value: object) -> int | float | Bad:
        if type(value) is not str:
            return plain_number(value)
        for style, matches in tried:
            if matches(value):
                digits = value.replace(style.thousands, "") if style.thousands else value
                return _exact(digits.replace(style.decimal, "."))
        return _unread(value)

    return read


def plain_number(value: object) -> int | float | Bad:
    """A number with a decimal point, a JSON number, or what a map's `number:` has read."""
    if type(value) is str:
        return _exact(value) if _PLAIN.fullmatch(value) else _unread(value)
    if isinstance(value, Digits) and _JSON_NUMBER.fullmatch(value):
        return _exact(value)
    if type(value) is int:
        return value if abs(value) <= SAFE_INTEGER else _TOO_MANY_DIGITS
    return value if type(value) is float else Bad("RS501")


def quantity(value: object) -> int | Bad:
    """A whole number of 1 or more; `2.0`, as spreadsheets write it, is 2."""
    if type(value) is int:
        return value if 1 <= value <= SAFE_INTEGER else Bad("RS504")
    whole = _QUANTITY.fullmatch(str(value)) if isinstance(value, str | float) else None
    return int(whole.group(1)) or Bad("RS504") if whole else bad("RS504", value)


def _exact(digits: str) -> int | float | Bad:
    """The number that is written back with the same value; refused when none can hold it."""
    if len(digits) <= _EXACT_DIGITS:
        return int(digits) if digits.isdigit() else float(digits)
    number = float(digits)
    if abs(number) > SAFE_INTEGER or Decimal(repr(number)) != Decimal(digits):
        return _TOO_MANY_DIGITS
    return number


def _unread(text: str) -> Bad:
    """Which finding it is: another way to write numbers, a currency beside it, or no number at all."""
    if any(style.pattern.fullmatch(text) for style in (PLAIN_STYLE, *_USUAL)):
        return Bad("RS502")
    return Bad("RS503") if _WITH_SYMBOL.fullmatch(text) else bad("RS501", text)
