"""Richpanel's order event as a table: its fields, their types, which are required.

Source: Richpanel's page "Order Event Structure"; names that the page spells twice and what its own Magento
and WooCommerce plugins send in addition are marked in the field's own line. The field map's targets, the
JSON Schema of an event and the local receiver's check all read this table.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from richsync.jsontext import Digits


class Kind(StrEnum):
    """What a field holds once it is ready to be sent."""

    KEY = "key"  # an order's identity, byte for byte
    IDENTIFIER = "identifier"  # text that is never a number: 0123 and 1e5 stay as they are
    TEXT = "text"
    TEXTS = "texts"
    NUMBER = "number"
    QUANTITY = "quantity"  # an integer of 1 or more
    MOMENT = "moment"  # integer epoch milliseconds, UTC
    BOOLEAN = "boolean"
    EMAIL = "email"
    UID = "uid"
    ANY = "any"  # a custom value, as the export has it
    OBJECT = "object"  # further fields: `Field.parts`
    LIST = "list"  # a list of objects: `Field.parts`


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the event. `parts` are the fields of an object, or of each object in a list."""

    name: str
    kind: Kind
    doc: str
    required: bool = False
    parts: "tuple[Field, ...]" = field(default=())


def _sides(prefix: str) -> Iterator[Field]:
    whose = f"the {prefix} address"
    yield Field(f"{prefix}Phone", Kind.TEXT, f"phone of {whose}, with its zeros and +")
    yield Field(f"{prefix}Email", Kind.EMAIL, f"e-mail of {whose}")
    for part, doc in (
        ("FirstName", "first name"),
        ("LastName", "last name"),
        ("AddressLine1", "first line"),
        ("AddressLine2", "second line"),
        ("City", "city"),
        ("State", "state or province"),
        ("Country", "country"),
        ("Postcode", "postcode, with its zeros"),
    ):
        yield Field(f"{prefix}{part}", Kind.TEXT, f"{doc} of {whose}")


_ITEM = (
    Field("id", Kind.IDENTIFIER, "product id; when not mapped: sku, else optionId, else name", required=True),
    Field("name", Kind.TEXT, "product name"),
    Field("price", Kind.NUMBER, "price of one unit", required=True),
    Field("quantity", Kind.QUANTITY, "how many, a whole number of 1 or more", required=True),
    Field("totalPrice", Kind.NUMBER, "price of the line"),
    Field("optionId", Kind.IDENTIFIER, "variant id"),
    Field("sku", Kind.IDENTIFIER, "stock keeping unit"),
    Field("grams", Kind.NUMBER, "weight in grams"),
    Field("imageURL", Kind.TEXTS, "addresses of images"),
    Field("url", Kind.TEXT, "address of the product's page"),
    Field(
        "contains",
        Kind.OBJECT,
        "tells lines of one product apart",
        parts=(Field("lineItemId", Kind.IDENTIFIER, "id of the order line"),),
    ),
)

_TRACKING = (
    Field("trackingNumber", Kind.IDENTIFIER, "number of the parcel"),
    Field("trackingCompany", Kind.TEXT, "carrier"),
    Field("shippingDate", Kind.MOMENT, "when it left"),
    Field("trackingUrl", Kind.TEXT, "address of the tracking page"),
)

_FULFILLMENT = (
    Field("id", Kind.IDENTIFIER, "unique; a stable fallback is order id and tracking number", required=True),
    Field("createdAt", Kind.MOMENT, "when it was made"),
    Field("updatedAt", Kind.MOMENT, "when it last changed"),
    Field("status", Kind.TEXT, "free text"),
    Field("quantity", Kind.QUANTITY, "how many pieces"),
    Field("tracking", Kind.LIST, "its parcels", parts=_TRACKING),
    Field(
        "items",
        Kind.LIST,
        "what it holds; an order with one fulfillment lends its own items",
        required=True,
        parts=tuple(
            Field(part.name, part.kind, part.doc, part.required or part.name == "name", part.parts)
            for part in _ITEM
        ),
    ),
)

PROPERTIES = (
    Field("orderId", Kind.KEY, "the order's identity: the same id updates", required=True),
    Field("orderDbKey", Kind.KEY, "database id for the link to the shop's page", required=True),
    Field("orderName", Kind.TEXT, "visible order number"),
    Field("amount", Kind.NUMBER, "order total", required=True),
    Field("subTotalPrice", Kind.NUMBER, "total before tax and shipping"),
    Field("taxAmount", Kind.NUMBER, "tax"),
    Field("shippingAmount", Kind.NUMBER, "shipping cost"),
    Field("discountAmount", Kind.NUMBER, "discount, as a positive number"),
    Field("tipAmount", Kind.NUMBER, "tip"),
    Field("currency", Kind.TEXT, "ISO 4217 code"),
    Field("createdAt", Kind.MOMENT, "when the order was placed", required=True),
    Field("updatedAt", Kind.MOMENT, "when it last changed"),
    Field("processedAt", Kind.MOMENT, "when it was processed"),
    Field("status", Kind.TEXT, "free text: processing, confirmed, cancelled"),
    Field("fulfillmentStatus", Kind.TEXT, "fulfilled, unfulfilled, partially_fulfilled"),
    Field("financialStatus", Kind.TEXT, "paid, pending, refunded, partially_refunded, authorized"),
    Field("paymentStatus", Kind.TEXT, "the same value under its other documented name"),
    Field("paymentMethod", Kind.TEXT, "how it was paid"),
    Field("processingMethod", Kind.TEXT, "how it was processed"),
    Field("shippingMethod", Kind.TEXT, "how it was shipped"),
    Field("paymentGatewayNames", Kind.TEXTS, "payment gateways"),
    Field("statusUrl", Kind.TEXT, "the customer's order status page"),
    Field("coupons", Kind.TEXTS, "coupon codes"),
    Field("totalWeight", Kind.NUMBER, "weight of the order"),
    Field("weightUnit", Kind.TEXT, "unit of totalWeight, `grams`"),
    Field("email", Kind.EMAIL, "the buyer's e-mail"),
    Field("firstName", Kind.TEXT, "the buyer's first name"),
    Field("lastName", Kind.TEXT, "the buyer's last name"),
    *_sides("billing"),
    *_sides("shipping"),
    Field("items", Kind.LIST, "order lines, at least one", required=True, parts=_ITEM),
    Field("deleteFulfillmentAndCreate", Kind.BOOLEAN, "replace the stored fulfillments by these"),
    Field("fulfillment", Kind.LIST, "shipments (a singular name for a list)", parts=_FULFILLMENT),
)

_ADDRESS = tuple(
    Field(name, Kind.EMAIL if name == "email" else Kind.TEXT, f"{doc} of the profile's address")
    for name, doc in (
        ("firstName", "first name"),
        ("lastName", "last name"),
        ("company", "company"),
        ("address1", "first line"),
        ("address2", "second line"),
        ("city", "city"),
        ("state", "state"),
        ("stateCode", "state code"),
        ("postcode", "postcode"),
        ("country", "country"),
        ("countryCode", "country code"),
        ("phone", "phone"),
        ("email", "e-mail"),
    )
)

CUSTOMER = (
    Field("uid", Kind.UID, "who the customer is: the e-mail, in lower case", required=True),
    Field("email", Kind.EMAIL, "the customer's e-mail"),
    Field("phone", Kind.TEXT, "the customer's phone"),
    Field("firstName", Kind.TEXT, "the customer's first name"),
    Field("lastName", Kind.TEXT, "the customer's last name"),
    Field("name", Kind.TEXT, "the customer's whole name"),
    Field("sourceId", Kind.IDENTIFIER, "the shop's own customer id"),
    Field("billingAddress", Kind.OBJECT, "billing address of the profile", parts=_ADDRESS),
    Field("shippingAddress", Kind.OBJECT, "shipping address of the profile", parts=_ADDRESS),
)

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
    """A finite JSON number, read or as it was written; True is none."""
    match value:
        case bool():
            return None
        case int():
            return value
        case float() | Digits():
            number = float(value)
            return number if math.isfinite(number) else None
        case _:
            return None
