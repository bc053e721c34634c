"""Which concepts in a column's name mean which field: the table, folded from the words of the field's line.

`strong` names say it by themselves; `weak` ones when nothing better does; `bare` ones, `name`, only with cells
that look so. In the table they stand between bars.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from richsync.drafts.words import Concepts


class Rule(NamedTuple):
    """The names of a field, the better ones first, each as the concepts in it."""

    path: str
    strong: tuple[Concepts, ...]
    weak: tuple[Concepts, ...]
    bare: tuple[Concepts, ...]
    looks: str
    """What its cells look like: a name of `contents.LOOKS`."""


_ITEMS, _CUSTOMER, _TRACKING = "items.", "customer.", "tracking."

_TABLE = """
orderId            id        order id; order number; order code | id; number; order; order key; code | transaction id; transaction number; name; billing number; payment id
orderDbKey         id        order id
orderName          id        order number; order name; order title | number
amount             number    order total; total; price total; order amount; order price; order cost | amount; amount total; item total order; price order; payment total; payment amount; order total payment; created total; gross
subTotalPrice      number    subtotal; order subtotal; item subtotal order || net; net amount
taxAmount          number    tax; tax amount; order tax; tax order amount; tax total; tax order total
shippingAmount     number    postage; shipping cost; shipping amount; shipping total; shipping price; shipping order amount; postage amount; postage total; shipping postage; order shipping cost | order shipping | shipping
discountAmount     number    discount; discount amount; order discount; discount total; coupon amount; discount order amount
tipAmount          number    tip; tip amount; order tip; tip total
currency           currency  currency; order currency; currency order code; currency code | payment currency
createdAt          moment    order date utc; created utc; created date utc; order date; created; created date; date created order; order created | date; transaction date; transaction created date; payment date; paid date; order paid; processed date
updatedAt          moment    updated; updated date; order updated; order updated date
processedAt        moment    paid; paid date; payment date; order paid
status             words     order status; status; order status name | status name
fulfillmentStatus  words     fulfillment status; shipping status; order fulfillment status | fulfillment
financialStatus    words     financial status; payment status; paid status | financial | payment
paymentMethod      words     payment method; order payment method; payment method name | payment name | payment
shippingMethod     words     shipping method; order shipping method; carrier method || shipping
coupons            text      coupon; coupon code; order coupon; order coupon code
statusUrl          page      order status url; order url; status url
totalWeight        number    order weight; weight total; total weight order
items.id           id        item id; item key | item code
items.sku          id        sku; item sku; item number; variant sku
items.optionId     id        variant id; item variant id
items.name         text      item name; item title; item; title item name | title; name item variant | item description; description
items.price        number    unit price; item unit price; price unit; item order price unit; item cost unit; unit amount; item unit amount | price; item price; item price amount; item cost; cost unit; item amount unit; item price unit amount
items.quantity     whole     quantity; item quantity; order quantity item; quantity order | item number quantity; item unit
items.totalPrice   number    item total; item total price; item price total; item subtotal; item amount; item amount total
items.imageURL     url       item image; image; item image url; image url
items.url          page      item url
tracking.trackingNumber  id  tracking; tracking number; shipping tracking; shipping tracking number; tracking code; tracking fulfillment
tracking.trackingCompany words carrier; tracking carrier; shipping carrier; carrier name
tracking.trackingUrl page    tracking url
customer.email     email     email; customer email; order email | billing email; shipping email; payment email; order customer email
customer.phone     phone     phone; customer phone; order phone | billing phone; shipping phone; payment phone
customer.firstName words     first; customer first; customer first name | billing first; payment first; shipping first
customer.lastName  words     last; customer last; customer last name | billing last; payment last; shipping last
customer.name      words     customer name; customer first last; first last | customer; billing name; shipping name | name
customer.sourceId  id        customer id; customer number; customer code
"""
_PARTS = """
Phone         phone  phone
Email         email  email
FirstName     words  first
LastName      words  last
AddressLine1  text   street 1; street; street 1 2
AddressLine2  text   street 2
City          words  city
State         text   state; region state; region
Country       text   country; country region
Postcode      text   postcode
"""
_PERSONAL = frozenset({"Phone", "Email", "FirstName", "LastName"})
_SIDES = {"billing": ("billing", "payment"), "shipping": ("shipping",)}
_WHOLE_NAMES = {"billing": "billing name; payment name", "shipping": "shipping name"}
"""A whole name, of which first and last name are taken."""


def _names(text: str) -> tuple[Concepts, ...]:
    return tuple(frozenset(each.split()) for each in text.split(";") if each.strip())


def _rules() -> Iterator[Rule]:
    for line in _TABLE.strip().splitlines():
        path, looks, names = line.split(None, 2)
        strong, weak, bare = map(_names, f"{names}||".split("|")[:3])
        yield Rule(path, strong, weak, bare, looks)
    for side, scopes in _SIDES.items():
        for line in _PARTS.strip().splitlines():
            name, looks, parts = line.split(None, 2)
            sure, *less = ([part | {scope} for part in _names(parts)] for scope in scopes)
            of_nobody = _names(parts) if side == "shipping" and name not in _PERSONAL else ()
            of_buyer = (part | {"customer"} for part in of_nobody)
            weaker = (*(each for some in less for each in some), *of_nobody, *of_buyer)
            yield Rule(f"{side}{name}", tuple(sure), weaker, (), looks)


RULES: Mapping[str, Rule] = {rule.path: rule for rule in _rules()}


def whole_names() -> Iterator[Rule]:
    """The rules of names that hold a first and a last name, by the side of the order."""
    for side, names in _WHOLE_NAMES.items():
        yield Rule(side, _names(names)[:1], _names(names)[1:], (), "words")
