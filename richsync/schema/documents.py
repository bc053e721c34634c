"""The table of fields as a JSON Schema, for editors, other tools and tests."""

from collections.abc import Mapping
from typing import Any

from richsync.schema.fields import CUSTOMER, PROPERTIES, Field, Kind

_SOME_TEXT: Mapping[str, Any] = {"type": "string", "pattern": r"\S"}

_FILLED: Mapping[str, Any] = {"$ref": "#/$defs/filled"}

_JSON_TYPES: Mapping[Kind, Mapping[str, Any]] = {
    Kind.KEY: _SOME_TEXT,
    Kind.IDENTIFIER: _SOME_TEXT,
    Kind.TEXT: _SOME_TEXT,
    Kind.TEXTS: {"type": "array", "minItems": 1, "items": _SOME_TEXT},
    Kind.NUMBER: {"type": "number"},
    Kind.QUANTITY: {"type": "integer", "minimum": 1},
    Kind.MOMENT: {"type": "integer"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.EMAIL: _SOME_TEXT,
    Kind.UID: _SOME_TEXT,
}


def event_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one order event as it goes over the wire."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Richpanel order event",
        "type": "object",
        "required": ["event", "properties", "userProperties", "time"],
        "additionalProperties": False,
        "properties": {
            "event": {"const": "order"},
            "appClientId": dict(_SOME_TEXT),
            "properties": _object(PROPERTIES),
            "userProperties": _object(CUSTOMER),
            "time": {
                "type": "object",
                "required": ["sentAt"],
                "additionalProperties": False,
                "properties": {"sentAt": {"type": "integer"}, "originalTimestamp": {"type": "integer"}},
            },
        },
        "$defs": {
            "filled": {
                "description": "anything but null, text of white space, [] and {}, at any depth",
                "not": {"enum": [None, [], {}]},
                "pattern": r"\S",
                "items": _FILLED,
                "additionalProperties": _FILLED,
            }
        },
    }


def _object(fields: tuple[Field, ...]) -> dict[str, Any]:
    """Custom members are allowed everywhere, empty ones nowhere."""
    return {
        "type": "object",
        "minProperties": 1,
        "required": [each.name for each in fields if each.required],
        "properties": {each.name: _value(each) for each in fields},
        "additionalProperties": _FILLED,
    }


def _value(each: Field) -> dict[str, Any]:
    described = {"description": each.doc}
    if each.kind is Kind.OBJECT:
        return described | _object(each.parts)
    if each.kind is Kind.LIST:
        return described | {"type": "array", "minItems": 1, "items": _object(each.parts)}
    return described | dict(_JSON_TYPES[each.kind])
