"""Ready events as a source: records that are order events already need no map.

They are taken as they stand, without `appClientId`, which is the sender's, and without what is empty.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from richsync.checks import Severity, severity_of
from richsync.fieldmaps import FieldMap
from richsync.fieldmaps.model import Block, Column, ExportSettings, Lines, Mapped, Pipe, Slot, Text
from richsync.jsontext import Digits, dumps
from richsync.model import ERRORS_COLUMN, Odd, Order, Problem, Record, Reject
from richsync.orders import Assembled, is_set_aside, set_aside
from richsync.schema import CUSTOMER, PROPERTIES, Field, Kind, event_faults, moment_of
from richsync.values import bad_characters, is_email, may_hide

_NOT_SENT = ("appClientId", ERRORS_COLUMN)
_IDS = ("orderId", "orderDbKey", "orderName")
_AT = re.compile(r"\[\d+\]")
_SHOWN = 200


READY = FieldMap("none, its records are events", ExportSettings(), Block(), Block())
"""Stands where a map is asked for."""


def is_of_events(field_map: FieldMap) -> bool:
    """Whether it is the map of ready events, whatever it makes of findings."""
    return field_map.order is READY.order


def _member(path: str) -> Text:
    """Not a plain column: whoever wrote the event may have made up what stands there."""
    return Text((Slot(Column(path, 0, 0)),))


def _every(fields: Sequence[Field], path: str, column: str) -> Block:
    """All fields of an object, each from the member of its own name."""
    inner = {each: _every(each.parts, f"{path}{each.name}.", f"{column}{each.name}.") for each in fields}
    return Block(
        tuple(
            Mapped(f"{path}{each.name}", each, (Pipe(_member(f"{column}{each.name}")),))
            for each in fields
            if not each.parts
        ),
        tuple((each, inner[each]) for each in fields if each.kind is Kind.OBJECT),
        tuple(Lines(each, inner[each]) for each in fields if each.kind is Kind.LIST),
    )


FIELDS = FieldMap(
    READY.name,
    ExportSettings(),
    _every(PROPERTIES, "", "properties."),
    _every(CUSTOMER, "customer.", "userProperties."),
)
"""What a map would say that names every field of an event."""


def is_event(row: object) -> bool:
    """Whether a record has the form of an order event, whatever may be wrong with it."""
    return isinstance(row, dict) and row.get("event") == "order" and isinstance(row.get("properties"), dict)


def holds_events(records: Iterable[Record]) -> bool:
    """Whether an export holds events, by its first record that could be read."""
    return is_event(next((row for _, row, _ in records if not isinstance(row, Odd)), None))


def taken(records: Iterable[Record]) -> Iterator[Assembled]:
    """Each event as an order, or everything that is wrong with it."""
    for line, row, raw in records:
        if isinstance(row, dict):
            yield _order(line, row, raw)
        elif isinstance(row, Odd) and not is_set_aside(row):
            yield Reject(
                "", line, 1, raw, [Problem(row.code, note=row.note, line=line, raw=raw)], tabular=False
            )
        elif isinstance(row, Odd):
            yield set_aside(line, row, raw)


def _order(line: int, row: dict[str, Any], raw: str) -> Order | Reject:
    event = _sendable({name: value for name, value in row.items() if name not in _NOT_SENT}) or {}
    properties, customer = _object(event, "properties"), _object(event, "userProperties")
    if "createdAt" in properties:
        event.setdefault("time", {"sentAt": properties["createdAt"]})
    bad = bad_characters(row) if may_hide(raw.strip()) else ""
    found = [Problem("RS108", "the record", note=bad)] if bad else []
    found += _problems(event, customer)
    problems = [each._replace(line=line, raw=raw) for each in found]
    if any(severity_of(each) is Severity.ERROR for each in problems):
        known, created = properties.get("orderId"), moment_of(properties.get("createdAt"))
        return Reject(known if type(known) is str else "", line, 1, raw, problems, created=created)
    order_id, cells = properties["orderId"], [_cells(properties, customer)]
    return Order(order_id, properties, customer, line, 1, raw, cells, problems, event["time"])


def _object(event: dict[str, Any], name: str) -> dict[str, Any]:
    """A member that is an object; one that is not is told as a fault."""
    found = event.get(name)
    return found if isinstance(found, dict) else {}


def _problems(event: dict[str, Any], customer: dict[str, Any]) -> Iterator[Problem]:
    for fault in event_faults(event):
        path, _, what = fault.partition(": ")
        column = _AT.sub("", path)
        yield Problem("RS802", column, _mapped(column), note=what)
    uid, email = (found if isinstance(found := customer.get(name), str) else "" for name in ("uid", "email"))
    if "@" in uid and not is_email(uid):
        yield Problem("RS511", "userProperties.uid", "customer.uid", uid[:_SHOWN], severity=Severity.ERROR)
    elif email and not is_email(email):
        yield Problem("RS511", "userProperties.email", "customer.email", email[:_SHOWN])


def _mapped(path: str) -> str:
    """A field's name as a map has it."""
    return path.removeprefix("properties.").replace("userProperties.", "customer.")


def _sendable(value: Any) -> Any:
    """Without what is empty, at any depth, None if that is all; numbers as most receivers read them."""
    kind = type(value)
    if kind is str:
        return value if value and not value.isspace() else None
    if kind is dict:
        return {name: found for name, each in value.items() if (found := _sendable(each)) is not None} or None
    if kind is list:
        return [found for each in value if (found := _sendable(each)) is not None] or None
    if kind is Digits and math.isfinite(number := float(value)):
        return number
    return value


def _cells(properties: dict[str, Any], customer: dict[str, Any]) -> str:
    """Of all but the ids: the same order under another id is known again."""
    rest = {name: value for name, value in properties.items() if name not in _IDS}
    return dumps([rest, customer]).decode()
