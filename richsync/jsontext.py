"""JSON in and out: read without losing a digit, written as ASCII.

Reading keeps numbers with a fraction or an exponent as the text they were written in (`Digits`), integers
as exact `int`s, and reports duplicate keys. Writing is orjson's, with every non-ASCII character escaped:
ASCII JSON decodes the same whatever encoding a receiver assumes.
"""

import codecs
import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import orjson

SAFE_INTEGER = 2**53
_LONGEST_INTEGER = 100
_STRICT = orjson.OPT_STRICT_INTEGER


class Digits(str):
    """A JSON number as it was written: `1.10` stays `1.10`."""

    __slots__ = ()


class JsonTextError(ValueError):
    """The text is not one JSON value; `column` is where, counted from 1, if that is known."""

    def __init__(self, message: str, column: int | None = None) -> None:
        super().__init__(message)
        self.column = column


class DuplicateKeyError(JsonTextError):
    """An object names one key twice."""


def loads(text: str, *, exact: bool = True) -> Any:
    """Read one JSON value without loss; not `exact`, numbers become the doubles most receivers make of them.

    Raises:
        DuplicateKeyError: an object names a key twice.
        JsonTextError: anything else that is not JSON (RFC 8259), `NaN` and `Infinity` included.
    """
    try:
        return (_EXACT if exact else _DOUBLES).decode(text)
    except json.JSONDecodeError as error:
        raise JsonTextError(error.msg, error.pos + 1) from None
    except RecursionError:
        raise JsonTextError("nested too deeply") from None


def members(text: str) -> Iterator[tuple[str, Any]]:
    """The members of the object that a text holds, as far as it can be read: it may be cut, or badly written.

    A text, list or object that does not end is given as it stands.
    """
    before = _OPENED.match(text)
    while before:
        try:
            name, end = _LENIENT.raw_decode(text, before.end())
        except (ValueError, RecursionError):
            return
        colon = _COLON.match(text, end)
        if colon is None:
            return
        try:
            value, end = _LENIENT.raw_decode(text, colon.end())
        except (ValueError, RecursionError):
            value, end = text[colon.end() :], len(text)
            if not value.startswith(('"', "[", "{")):
                return
        yield name, value
        before = _COMMA.match(text, end)


def dumps(value: object) -> bytes:
    """Write compact ASCII JSON; `/` is not escaped, and an integer beyond 2^53 becomes text.

    Raises:
        JsonTextError: the value cannot be JSON (a lone surrogate, an object of another type, a circle).
    """
    return in_ascii(compact(value))


def compact(value: object) -> bytes:
    """The same in UTF-8, not escaped; raises like `dumps`."""
    try:
        return orjson.dumps(value, option=_STRICT)
    except TypeError:
        return _written(value)


def in_ascii(data: bytes) -> bytes:
    """JSON in UTF-8 with what is not ASCII escaped: at most three times as long."""
    return data if data.isascii() else data.decode().encode("ascii", _ESCAPES)


def stands_as_it_is(text: str) -> bool:
    """Whether JSON writes an ASCII text letter by letter: no control character, quote or backslash is in it.

    It tells at the speed of orjson, which looks at many letters at once.
    """
    return len(orjson.dumps(text)) == len(text) + 2


def pretty(value: object) -> str:
    """Write indented JSON for people, all characters that can be seen as they are; raises like `dumps`."""
    text = _written(value, orjson.OPT_INDENT_2).decode()
    return "".join(each if each.isprintable() or each == "\n" else _escaped(each) for each in text)


def _escape(error: UnicodeError) -> tuple[str, int]:
    r"""A run of non-ASCII characters as `\uXXXX`, above U+FFFF as surrogate pairs."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return _escaped(error.object[error.start : error.end]), error.end


@lru_cache(maxsize=4096)
def _escaped(run: str) -> str:
    units = run.encode("utf-16-be").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))


_ESCAPES = "richsync.escapes"
codecs.register_error(_ESCAPES, _escape)


def _written(value: object, option: int = 0) -> bytes:
    try:
        return orjson.dumps(_plain(value), option=option)
    except TypeError as error:
        raise JsonTextError(f"cannot be written as JSON: {error}") from None
    except RecursionError:
        raise JsonTextError("nested too deeply") from None


def _plain(value: object) -> object:
    match value:
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case str():
            return str(value)
        case int() if not isinstance(value, bool) and abs(value) > SAFE_INTEGER:
            return str(value)
        case _:
            return value


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        [(twice, _)] = Counter(key for key, _ in pairs).most_common(1)
        raise DuplicateKeyError(f"the key {twice!r} stands twice in one object")
    return members


def _integer(text: str) -> int | Digits:
    return int(text) if len(text) <= _LONGEST_INTEGER else Digits(text)


def _double(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise JsonTextError("a number is beyond the range of a double")
    return number


def _whole(text: str) -> int | float:
    return int(text) if len(text) <= _LONGEST_INTEGER else _double(text)


def _constant(name: str) -> object:
    raise JsonTextError(f"{name} is not JSON")


_EXACT = json.JSONDecoder(
    parse_float=Digits, parse_int=_integer, parse_constant=_constant, object_pairs_hook=_pairs
)
_DOUBLES = json.JSONDecoder(
    parse_float=_double, parse_int=_whole, parse_constant=_constant, object_pairs_hook=_pairs
)
_LENIENT = json.JSONDecoder(strict=False)
_OPENED, _COLON, _COMMA = (re.compile(rf"\s*{mark}\s*") for mark in (r"\{", ":", ","))
