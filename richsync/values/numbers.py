"""Numbers as exports write them: the digits that stand there are the digits that are sent."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from richsync.jsontext import SAFE_INTEGER, Digits
from richsync.values.bad import SPREADSHEET_ERRORS, Bad, bad
from richsync.values.wrappers import unwrapped

_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
_JSON_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_QUANTITY = re.compile(r"0*(\d{1,15})(?:\.0+)?", re.ASCII)
_MARK = r"(?:[^\d\s.,'\u2019()+-]\.?){1,8}"
_BARE = r"[0-9]+(?:[.,' \u00a0\u202f\u2019][0-9]+)*"
_EXAMPLE = (
    rf"(?P<open>\()?[+-]?(?P<before>{_MARK})?\s?[+-]?(?P<bare>{_BARE})"
    rf"\s?(?P<after>{_MARK})?(?P<behind>-)?(?(open)\)|)"
)
_AS_ZEROS = str.maketrans("123456789", "0" * 9)
_MINUS_SIGN = "\u2212"
_GROUP = 3
_EXACT_DIGITS = 15
_TOO_MANY_DIGITS = Bad("RS501", ": it has more digits than a number can hold")
_TWO_WAYS = Bad("RS523", ": two of the declared ways read it differently")

Read: TypeAlias = Callable[[str], int | float | Bad | None]


class NumberStyle(NamedTuple):
    """How an export writes numbers: the mark before decimals, and the one between thousands ("" if none).

    `marks` are the texts that may stand before and after the digits (a currency's); `behind` says that a
    minus may stand at the end, `parentheses` that they mean one.
    """

    decimal: str
    thousands: str = ""
    marks: tuple[str, str] = ("", "")
    behind: bool = False
    parentheses: bool = False

    @property
    def is_bare(self) -> bool:
        """Whether nothing but a sign stands around the digits."""
        return not (any(self.marks) or self.behind or self.parentheses)

    @property
    def pattern(self) -> re.Pattern[str]:
        """What a number in this style looks like; the marks need not be there, nor those between thousands.

        Its group `digits` is what stands between the marks.
        """
        between = re.escape(self.thousands)
        grouped = rf"\d{{1,3}}(?:{between}\d{{2,3}})*{between}\d{{3}}|" if between else ""
        digits = rf"(?P<digits>(?:{grouped}\d+)(?:{re.escape(self.decimal)}\d+)?)"
        before, after = (f"(?:{re.escape(mark)})?" if mark else "" for mark in self.marks)
        front = rf"(?:[+-]?{before}\s?|{before}\s?[+-]?)" if before else "[+-]?"
        back = (rf"\s?{after}" if after else "") + ("-?" if self.behind else "")
        number = f"{front}{digits}{back}"
        return re.compile(rf"(?P<open>\()?{number}(?(open)\)|)" if self.parentheses else number, re.ASCII)

    @property
    def example(self) -> str:
        """A number in this style, to show; one below zero where that is written in a way of its own."""
        before, after = self.marks
        number = f"{before}1{self.thousands}234{self.decimal}56{f' {after}' if after else ''}"
        number = f"{number}-" if self.behind else number
        return f"({number})" if self.parentheses else number


PLAIN_STYLE = NumberStyle(".")


def number_style(example: str) -> NumberStyle:
    """Read a style off an example: `1.234,56`, `1 234,56`, `$1,234.56`, `1.234,56 EUR`, `(1,234.56)`.

    Raises:
        ValueError: the example fits two styles, or none.
    """
    shown = re.fullmatch(_EXAMPLE, example)
    if not shown:
        raise ValueError(f"{example!r} is not a number: write one as the export does, like 1.234,56")
    decimal, thousands = _between(shown["bare"], example)
    marks = (shown["before"] or "", shown["after"] or "")
    return NumberStyle(decimal, thousands, marks, shown["behind"] is not None, shown["open"] is not None)


def _between(bare: str, example: str) -> tuple[str, str]:
    """The mark before decimals, and the one between thousands."""
    marks = re.findall(r"\D", re.sub(r"\s", " ", bare))
    match list(dict.fromkeys(marks)):
        case []:
            return ".", ""
        case ["." | "," as mark] if len(marks) > 1:
            return "." if mark == "," else ",", mark
        case ["." | "," as mark] if len(bare.rpartition(mark)[2]) != _GROUP:
            return mark, ""
        case [thousands, "." | "," as decimal] if marks.count(decimal) == 1:
            return decimal, thousands
        case _:
            other = "." if marks[0] == "," else ","
            like = f"write one with both marks, like `1{marks[0]}234{other}56`"
            raise ValueError(f"{example!r} can be read in two ways: {like}")


def number_reader(styles: Sequence[NumberStyle]) -> Callable[[object], int | float | Bad]:
    """Read numbers in one of the styles; one that two of them read differently is refused.

    JSON numbers are taken as they are.
    """
    if tuple(styles) == (PLAIN_STYLE,):
        return plain_number
    readers = [_by_style(style) for style in styles]

    def read(value: object) -> int | float | Bad:
        if type(value) is not str:
            return plain_number(value)
        found = [each for reader in readers if (each := reader(value)) is not None]
        if not found:
            return read(_with_minus(value)) if _MINUS_SIGN in value else _unread(value, tuple(styles))
        return found[0] if found.count(found[0]) == len(found) else _TWO_WAYS

    return read


def _by_style(style: NumberStyle) -> Read:
    matches = style.pattern.fullmatch

    def read(written: str) -> int | float | Bad | None:
        found = matches(written)
        if found is None:
            return None
        digits = written if style.is_bare else _signed(written, found["digits"])
        digits = digits.replace(style.thousands, "") if style.thousands else digits
        return _exact(digits.replace(style.decimal, "."))

    return read


def _signed(written: str, digits: str) -> str:
    """The digits with their sign, wherever it stands around them."""
    outside = written.replace(digits, "", 1)
    return f"-{digits}" if "-" in outside or "(" in outside else digits


def _with_minus(written: str) -> str:
    return written.replace(_MINUS_SIGN, "-")


def plain_number(value: object) -> int | float | Bad:
    """A number with a decimal point, a JSON number, or what a map's `number:` has read."""
    if type(value) is str:
        return _in_text(value)
    if isinstance(value, Digits) and _JSON_NUMBER.fullmatch(value):
        return _exact(value)
    if type(value) is int:
        return value if abs(value) <= SAFE_INTEGER else _TOO_MANY_DIGITS
    if type(value) is float:
        return value
    return plain_number(inner) if (inner := unwrapped(value)) is not value else bad("RS501", value)


def _in_text(written: str) -> int | float | Bad:
    whole, point, decimals = written.partition(".")
    if whole.isdigit() and len(written) <= _EXACT_DIGITS and written.isascii():
        if not point:
            return int(whole)
        if decimals.isdigit():
            return float(written)
    if _PLAIN.fullmatch(written):
        return _exact(written)
    return plain_number(_with_minus(written)) if _MINUS_SIGN in written else _unread(written)


def quantity(value: object) -> int | Bad:
    """A whole number of 1 or more; `2.0`, as spreadsheets write it, is 2."""
    if type(value) is str and len(value) <= _EXACT_DIGITS and value.isascii() and value.isdigit():
        return int(value) or Bad("RS504")
    if type(value) is int:
        return value if 1 <= value <= SAFE_INTEGER else Bad("RS504")
    found = unwrapped(value)
    if type(found) is int:
        return quantity(found)
    whole = _QUANTITY.fullmatch(str(found)) if isinstance(found, str | float) else None
    return int(whole.group(1)) or Bad("RS504") if whole else bad("RS504", value)


def quantity_reader(styles: Sequence[NumberStyle]) -> Callable[[object], int | Bad]:
    """Read whole numbers of 1 or more, plain or in one of the styles.

    `1.000` is a thousand where points stand between thousands; as other systems write it, it is 1: refused.
    """
    number = number_reader(styles)

    def read(value: object) -> int | Bad:
        plain = quantity(value)
        if type(value) is not str or value.isdigit():
            return plain
        found = number(value)
        declared = plain if isinstance(found, Bad) else quantity(found)
        if isinstance(plain, Bad) or isinstance(declared, Bad) or plain == declared:
            return declared if isinstance(plain, Bad) else plain
        return Bad("RS523", f": as declared it is {declared}, as a plain number {plain}")

    return quantity if tuple(styles) == (PLAIN_STYLE,) else read


def _exact(digits: str) -> int | float | Bad:
    """The number that is written back with the same value; refused when none can hold it."""
    if len(digits) <= _EXACT_DIGITS:
        return float(digits) if "." in digits or "e" in digits or "E" in digits else int(digits)
    number = float(digits)
    if abs(number) > SAFE_INTEGER or Decimal(repr(number)) != Decimal(digits):
        return _TOO_MANY_DIGITS
    return number


def _unread(written: str, declared: tuple[NumberStyle, ...] = (PLAIN_STYLE,)) -> Bad:
    """Which finding it is: another way to write numbers, a currency beside it, or no number at all."""
    if written in SPREADSHEET_ERRORS:
        return Bad("RS513")
    return _misread(written.translate(_AS_ZEROS), declared)


@lru_cache(maxsize=1024)
def _misread(written: str, declared: tuple[NumberStyle, ...]) -> Bad:
    # Whatever the digits: a column in another style is a million numbers of a few shapes.
    shown = re.fullmatch(_EXAMPLE, written)
    if not shown:
        return Bad("RS501")
    is_bare = not any(shown[name] for name in ("before", "after", "behind", "open"))
    try:
        style = number_style(written)
    except ValueError:
        return Bad("RS502" if is_bare else "RS503")
    if not style.pattern.fullmatch(written):
        return Bad("RS501")
    if not is_bare:
        return Bad("RS503", f": it is like {style.example}")
    return Bad("RS502", f" ({' or '.join(each.example for each in declared)}): it is like {style.example}")
