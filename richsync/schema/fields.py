"""Richpanel's order event as a table: its fields, their types, which are required.

Source: Richpanel's page "Order Event Structure"; names that the page spells twice and what its own Magento
and WooCommerce plugins send in addition are marked in the field's own line. The field map's targets, the
JSON Schema of an event and the local receiver's check all read this table.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple


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


class Field(NamedTuple):
    """One field of the event. `parts` are the fields of an object, or of each object in a list.

    What is `personal` tells who a customer is or where they live, and is masked in logs.
    """

    name: str
    kind: Kind
    doc: str
    required: bool = False
    parts: "tuple[Field, ...]" = ()
    personal: bool = False


def _sides(prefix: str) -> Iterator[Field]:
    whose = f"the {prefix} address"
    yield Field(f"{prefix}Phone", Kind.TEXT, f"phone of {whose}, with its zeros and +", personal=True)
    yield Field(f"{prefix}Email", Kind.EMAIL, f"e-mail of {whose}", personal=True)
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
        yield Field(f"{prefix}{part}", Kind.TEXT, f"{doc} of {whose}", personal=True)


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
    Field("email", Kind.EMAIL, "the buyer's e-mail", personal=True),
    Field("firstName", Kind.TEXT, "the buyer's first name", personal=True),
    Field("lastName", Kind.TEXT, "the buyer's last name", personal=True),
    *_sides("billing"),
    *_sides("shipping"),
    Field("items", Kind.LIST, "order lines, at least one", required=True, parts=_ITEM),
    Field("deleteFulfillmentAndCreate", Kind.BOOLEAN, "replace the stored fulfillments by these"),
    Field("fulfillment", Kind.LIST, "shipments (a singular name for a list)", parts=_FULFILLMENT),
)

_ADDRESS = tuple(
    Field(
        name, Kind.EMAIL if name == "email" else Kind.TEXT, f"{doc} of the profile's address", personal=True
    )
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
    Field("uid", Kind.UID, "who the customer is: the e-mail, in lower case", required=True, personal=True),
    Field("email", Kind.EMAIL, "the customer's e-mail", personal=True),
    Field("phone", Kind.TEXT, "the customer's phone", personal=True),
    Field("firstName", Kind.TEXT, "the customer's first name", personal=True),
    Field("lastName", Kind.TEXT, "the customer's last name", personal=True),
    Field("name", Kind.TEXT, "the customer's whole name", personal=True),
    Field("sourceId", Kind.IDENTIFIER, "the shop's own customer id"),
    Field("billingAddress", Kind.OBJECT, "billing address of the profile", parts=_ADDRESS),
    Field("shippingAddress", Kind.OBJECT, "shipping address of the profile", parts=_ADDRESS),
)


def _not_personal(fields: tuple[Field, ...], path: str) -> Iterator[str]:
    for each in fields:
        if each.parts:
            yield from _not_personal(each.parts, f"{path}{each.name}.")
        elif not each.personal:
            yield f"{path}{each.name}"


_HARMLESS = frozenset((*_not_personal(PROPERTIES, ""), *_not_personal(CUSTOMER, "customer.")))


def is_personal(path: str) -> bool:
    """Whether a field, `customer.email`, may hold what is personal; a name of the shop's own may."""
    return path not in _HARMLESS
