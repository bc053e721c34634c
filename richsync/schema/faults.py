"""What is wrong with an event by the table of fields: the local receiver's check."""

import math

from richsync.jsontext import SAFE_INTEGER, Digits
from richsync.schema.fields import CUSTOMER, PROPERTIES, Field, Kind

_TOP = ("event", "appClientId", "properties", "userProperties", "time")
_TIMES = ("sentAt", "originalTimestamp")


def event_faults(event: object) -> list[str]:
    """What is wrong with an event by the table, each as `path: what`; empty when it may be sent."""
    if not isinstance(event, dict):
        return ["event: not an object"]
    faults = [f"{name}: not a member of an event" for name in event if name not in _TOP]
    if event.get("event") != "order":
        faults.append("event: not `order`")
    if "appClientId" in event and not _holds(Kind.IDENTIFIER, event["appClientId"]):
        faults.append("appClientId: empty, or not a text")
    faults += _object_faults("properties", event.get("properties"), PROPERTIES)
    faults += _object_faults("userProperties", event.get("userProperties"), CUSTOMER)
    return faults + _time_faults(event.get("time"))


def _time_faults(time: object) -> list[str]:
    if not isinstance(time, dict):
        return ["time: not an object"]
    faults = [] if "sentAt" in time else ["time.sentAt: missing"]
    for name, value in time.items():
        if name not in _TIMES:
            faults.append(f"time.{name}: not a member of time")
        elif not _holds(Kind.MOMENT, value):
            faults.append(f"time.{name}: not of type {Kind.MOMENT}")
    return faults


def _object_faults(path: str, value: object, fields: tuple[Field, ...]) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path}: not an object"]
    if not value:
        return [f"{path}: empty"]
    faults = [f"{path}.{each.name}: missing" for each in fields if each.required and each.name not in value]
    known = {each.name: each for each in fields}
    for name, member in value.items():
        if name in known:
            faults += _value_faults(f"{path}.{name}", member, known[name])
        elif not _filled(member):
            faults.append(f"{path}.{name}: empty, or holds something empty")
    return faults


def _value_faults(path: str, value: object, each: Field) -> list[str]:
    if each.kind is Kind.OBJECT:
        return _object_faults(path, value, each.parts)
    if each.kind is Kind.LIST:
        if not isinstance(value, list) or not value:
            return [f"{path}: empty, or not a list"]
        members = enumerate(value)
        return [fault for i, item in members for fault in _object_faults(f"{path}[{i}]", item, each.parts)]
    return [] if _holds(each.kind, value) else [f"{path}: empty, or not of type {each.kind}"]


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


def _holds(kind: Kind, value: object) -> bool:
    match kind:
        case Kind.NUMBER:
            return _number(value) is not None
        case Kind.QUANTITY | Kind.MOMENT:
            number = _number(value)
            return number is not None and number == int(number) and (number >= 1 or kind is Kind.MOMENT)
        case Kind.BOOLEAN:
            return isinstance(value, bool)
        case Kind.TEXTS:
            return isinstance(value, list) and bool(value) and all(_holds(Kind.TEXT, each) for each in value)
        case _:
            return isinstance(value, str) and not isinstance(value, Digits) and _filled(value)


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
