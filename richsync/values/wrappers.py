"""JSON objects that stand for one value, as MongoDB and Firestore export them.

Source: MongoDB's "Extended JSON (v2)", and the timestamps of Firestore's admin libraries.
"""

from collections.abc import Callable, Mapping

from richsync.jsontext import Digits

_NANOSECONDS = 1_000_000


class Moment(int):
    """Epoch milliseconds that are settled: no format of the export is asked again."""

    __slots__ = ()


def unwrapped(value: object) -> object:
    """What a wrapper holds; anything else as it is. A `$date` of text stays text, to be read as a date."""
    if not isinstance(value, dict):
        return value
    unwrap = _WRAPPERS.get(tuple(value))
    return unwrap(value) if unwrap else value


def _number(value: Mapping[str, object]) -> object:
    inner = _inner(value)
    return Digits(inner) if isinstance(inner, str) else inner


def _inner(value: Mapping[str, object]) -> object:
    return next(iter(value.values()))


def _date(value: Mapping[str, object]) -> object:
    inner = unwrapped(_inner(value))
    if isinstance(inner, Digits) and inner.lstrip("-").isdigit():
        return Moment(inner)
    return Moment(inner) if type(inner) is int else inner


def _timestamp(value: Mapping[str, object]) -> object:
    seconds, nanoseconds = value.get("_seconds"), value.get("_nanoseconds", 0)
    if type(seconds) is int and type(nanoseconds) is int:
        return Moment(seconds * 1000 + nanoseconds // _NANOSECONDS)
    return value


_WRAPPERS: Mapping[tuple[str, ...], Callable[[Mapping[str, object]], object]] = {
    ("$oid",): _inner,
    ("$numberInt",): _number,
    ("$numberLong",): _number,
    ("$numberDouble",): _number,
    ("$numberDecimal",): _number,
    ("$date",): _date,
    ("_seconds",): _timestamp,
    ("_seconds", "_nanoseconds"): _timestamp,
}
