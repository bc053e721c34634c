"""Whether an order's amounts make sense, and whether they add up."""

import math
from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

from richsync.model import Order, Problem
from richsync.senses.sense import Mapped, Sense
from richsync.values import CURRENCIES, minor_digits

MONEY = ("amount", "subTotalPrice", "taxAmount", "shippingAmount", "discountAmount", "tipAmount")
_ADDED, _DISCOUNT = ("taxAmount", "shippingAmount"), "discountAmount"
_PARTS = MONEY[2:]
_MINOR = {code: 10 ** (minor_digits(code) or 0) for code in CURRENCIES}
_NEAR, _FAR = 1e-4, 2e-4
"""How far from whole cents binary fractions may be, before it is worth while to round them."""
_TOLERANCE = 0.02
_SHARE = 0.002
_MANY = 10
"""One order in so many that does not add up speaks against the map rather than the order."""


def signs(fields: Mapped) -> Sense:
    """RS505: amounts below zero."""
    names = fields.having(*MONEY)

    def sense(orders: Sequence[Order]) -> None:
        for order in orders:
            properties = order.properties
            for name in names:
                if properties.get(name, 0) < 0:
                    order.problems.append(fields.problem("RS505", order, name, properties[name]))

    return sense


def currency(fields: Mapped) -> Sense:
    """RS515: no code of ISO 4217; RS516: an amount with more decimals than the currency has."""

    def sense(orders: Sequence[Order]) -> None:
        for order in orders:
            properties = order.properties
            code, amount = properties.get("currency", ""), properties["amount"]
            cents = _MINOR.get(code)
            if cents is None:
                if code:
                    order.problems.append(fields.problem("RS515", order, "currency", code))
            elif (amount * cents + _NEAR) % 1 > _FAR and amount != round(amount, minor_digits(code)):
                note = f"{minor_digits(code)} of {code}"
                order.problems.append(fields.problem("RS516", order, "amount", amount, note))

    return sense


class Totals:
    """RS601: the amount is not the sum of its parts, whichever of them it contains.

    Shops add up in many ways: prices with or without tax, discounts in the price or apart. Any way will do,
    and the last one that did is tried first. Where a part that adds (or takes off) is not mapped the amount
    may be larger (or smaller); one that is not of a column counts as mapped in the orders that have it. Told
    once, of the orders looked at: some orders of a real shop never add up.
    """

    def __init__(self, fields: Mapped) -> None:
        self.fields = fields
        self.parts = [(name, -1 if name == _DISCOUNT else 1) for name in fields.having(*_PARTS)]
        self.ways = [tuple(way) for way in product((1, 0), repeat=len(self.parts))]
        self.mapped = frozenset(fields.having(*_PARTS)) - fields.made_up
        self.judged = 0
        self.odd = 0
        self.first: Problem | None = None

    @staticmethod
    def can_judge(fields: Mapped) -> bool:
        """Whether the parts are mapped that say what an amount must at least, or at most, be."""
        items = fields.having("items.price", "items.quantity")
        parts = fields.having(_DISCOUNT) or len(fields.having(*_ADDED)) == len(_ADDED)
        own = fields.columns.get("items.price") != fields.columns.get("amount")
        return len(items) > 1 and bool(parts) and own

    def __call__(self, orders: Sequence[Order]) -> None:
        """Some more orders."""
        for order in orders:
            self._take(order)

    def _take(self, order: Order) -> None:
        properties = order.properties
        amount = properties["amount"]
        self.judged += 1
        if amount <= 0 or self._adds_up(properties, amount):
            return
        self.odd += 1
        if self.first is None:
            made = round(_lines(properties["items"]), 2)
            self.first = self.fields.problem("RS601", order, "amount", amount, f"its items make {made}")

    def _adds_up(self, properties: dict[str, Any], amount: float) -> bool:
        numbers = [sign * abs(properties.get(name, 0)) for name, sign in self.parts]
        rest = amount - _lines(properties["items"])
        tolerance = max(_TOLERANCE, 0.01 * len(properties["items"]), _SHARE * amount)
        known = self.mapped.union(properties)
        low = -tolerance if _DISCOUNT in known else -math.inf
        high = tolerance if known.issuperset(_ADDED) else math.inf
        if _is_way(self.ways[0], numbers, rest, low, high):
            return True
        rests = (rest, amount - properties["subTotalPrice"]) if "subTotalPrice" in properties else (rest,)
        for way in self.ways:
            if any(_is_way(way, numbers, each, low, high) for each in rests):
                self.ways.remove(way)
                self.ways.insert(0, way)
                return True
        return False

    def problems(self) -> Iterable[Problem]:
        """The first of them, and how many there are."""
        if self.first is None:
            return ()
        count = f"{self.odd:,} of {self.judged:,}"
        severity = "" if self.odd * _MANY > self.judged else "info"
        return (self.first._replace(note=f"{count}; in the first {self.first.note}", severity=severity),)


def _is_way(way: tuple[int, ...], numbers: list[float], rest: float, low: float, high: float) -> bool:
    """Whether what is left of the amount, without the parts that count, lies within bounds."""
    for counts, number in zip(way, numbers, strict=True):
        if counts:
            rest -= number
    return low <= rest <= high


def _lines(items: list[dict[str, Any]]) -> float:
    total = 0.0
    for item in items:
        total += item["price"] * item["quantity"]
    return total


def several(codes: Iterable[tuple[str, int]]) -> Iterable[Problem]:
    """RS610: orders in several currencies, with their numbers."""
    found = [f"{code} {orders:,}" for code, orders in codes if code]
    return (Problem("RS610", field="currency", note=", ".join(found)),) if len(found) > 1 else ()
