"""What is wrong with an event by the table of fields: the local receiver's check."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from richsync.jsontext import SAFE_INTEGER, Digits
from richsync.schema.fields import CUSTOMER, PROPERTIES, Field, Kind

Check: TypeAlias = Callable[[object], Sequence[str]]
"""What is wrong with a value; each fault begins with the way on from it, `.items[0].price: missing`."""

Holds: TypeAlias = Callable[[object], bool]


def event_faults(event: object) -> list[str]:
    """What is wrong with an event by the table, each as `path: what`; empty when it may be sent."""
    if not isinstance(event, dict):
        return ["event: not an object"]
    faults = [f"{name}: not a member of an event" for name in event if name not in _TOP]
    for name, check in _TOP.items():
        if name in event or name != "appClientId":
            faults += [f"{name}{each}" for each in check(event.get(name))]
    return faults


def _is_order(value: object) -> Sequence[str]:
    return () if value == "order" else [": not `order`"]


def _is_key(value: object) -> Sequence[str]:
    return () if _is_text(value) else [": empty, or not a text"]


def _time(value: object) -> Sequence[str]:
    if not isinstance(value, dict):
        return [": not an object"]
    faults = [] if "sentAt" in value else [".sentAt: missing"]
    for name, member in value.items():
        if name not in _TIMES:
            faults.append(f".{name}: not a member of time")
        elif not _is_moment(member):
            faults.append(f".{name}: not of type {Kind.MOMENT}")
    return faults


def _object(fields: tuple[Field, ...]) -> Check:
    """What looks at an object once: at every member, and at those that are missing."""
    required = {each.name: f".{each.name}: missing" for each in fields if each.required}
    checks = {each.name: _check(each) for each in fields}

    def check(value: object) -> Sequence[str]:
        if not isinstance(value, dict):
            return [": not an object"]
        if not value:
            return [": empty"]
        faults = [missing for name, missing in required.items() if name not in value]
        for name, member in value.items():
            if found := checks.get(name, _custom)(member):
                faults += [f".{name}{each}" for each in found]
        return faults

    return check


def _check(each: Field) -> Check:
    if each.kind is Kind.OBJECT:
        return _object(each.parts)
    if each.kind is Kind.LIST:
        return _list(_object(each.parts))
    holds, fault = _HOLDS.get(each.kind, _is_text), [f": empty, or not of type {each.kind}"]
    return lambda value: () if holds(value) else fault


def _list(check: Check) -> Check:
    def run(value: object) -> Sequence[str]:
        if not isinstance(value, list) or not value:
            return [": empty, or not a list"]
        return [f"[{i}]{fault}" for i, item in enumerate(value) for fault in check(item)]

    return run


def _custom(value: object) -> Sequence[str]:
    return () if _filled(value) else [": empty, or holds something empty"]


def moment_of(value: object) -> int | None:
    """Epoch milliseconds as an event has them; None of anything else."""
    found = _number(value)
    if found is None or abs(found) > SAFE_INTEGER or found != int(found):
        return None
    return int(found)


def _filled(value: object) -> bool:
    match value:
        case str():
            return bool(value) and not value.isspace()
        case dict():
            return bool(value) and all(map(_filled, value.values()))
        case list():
            return bool(value) and all(map(_filled, value))
        case _:
            return value is not None


def _is_text(value: object) -> bool:
    return type(value) is str and bool(value) and not value.isspace()


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_text, value))


def _is_number(value: object) -> bool:
    return _number(value) is not None


def _is_moment(value: object) -> bool:
    number = _number(value)
    return number is not None and number == int(number)


def _is_quantity(value: object) -> bool:
    number = _number(value)
    return number is not None and number == int(number) and number >= 1


def _number(value: object) -> int | float | None:
    """A finite JSON number, read or as it was written; True is none, nor what must be written as text."""
    match value:
        case bool():
            return None
        case int() if abs(value) <= SAFE_INTEGER:
            return value
        case float() | Digits():
            number = float(value)
            return number if math.isfinite(number) else None
        case _:
            return None


_HOLDS: Mapping[Kind, Holds] = {
    Kind.NUMBER: _is_number,
    Kind.QUANTITY: _is_quantity,
    Kind.MOMENT: _is_moment,
    Kind.BOOLEAN: lambda value: isinstance(value, bool),
    Kind.TEXTS: _is_texts,
}
"""What a kind of field holds; the others hold text."""

_TOP: Mapping[str, Check] = {
    "event": _is_order,
    "appClientId": _is_key,
    "properties": _object(PROPERTIES),
    "userProperties": _object(CUSTOMER),
    "time": _time,
}
_TIMES = ("sentAt", "originalTimestamp")
