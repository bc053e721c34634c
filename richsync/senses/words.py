"""Whether texts are what they should be: letters, addresses, and what must not be in them."""

import re
from collections.abc import Iterable, Sequence
from itertools import product
from typing import NamedTuple

from richsync.model import Order, Problem
from richsync.senses.sense import Clues, Mapped, Sense, every_text, texts_at

_LEAD = "\u00c2\u00c3"
_CONTINUED = (
    "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122"
)
_MOJIBAKE = rf"\ufffd|(?<![A-Z\u00c0-\u00de])[{_LEAD}][{_CONTINUED}]|\u00e2\u20ac[{_CONTINUED}]"
"""UTF-8 read as cp1252: two letters for one. After a capital letter `Ã"` can be the end of a quotation."""

_NULLS = frozenset({"null", "(null)", "n/a", "nan", "none", "nil", "undefined", "-", "--", "\\n", "#n/a"})
_LONGEST_NULL = max(map(len, _NULLS))

_SIXTEEN, _FIFTEEN = "[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}", "[0-9]{6}[ -]?[0-9]{5}"
_CARD = re.compile(rf"[2-6](?<![0-9][0-9])[0-9]{{3}}[ -]?(?:{_SIXTEEN}|{_FIFTEEN})(?![0-9])")
_ISSUERS = r"4[0-9]{15}|5[1-5][0-9]{14}|2[2-7][0-9]{14}|3[47][0-9]{13}|6(?:011|5[0-9]{2})[0-9]{12}"
_FREE = ("paymentMethod", "processingMethod", "billingAddressLine2", "shippingAddressLine2")
_SHORTEST_CARD = 15
_DIGIT = re.compile(r"[0-9]")

ADDRESSES = ("statusUrl", "items.imageURL", "items.url", "fulfillment.tracking.trackingUrl")
_WEB = ("https://", "http://")
_LONG_RECORD = 2000
_FEWEST_ROWS = 2


def letters(fields: Mapped) -> Sense:
    """RS109: letters that were read in the wrong encoding before they came into the export."""

    def sense(orders: Sequence[Order]) -> None:
        if _may_be_mojibake("".join([order.raw for order in orders])):
            for order in orders:
                if _may_be_mojibake(order.raw):
                    tell(order)

    def tell(order: Order) -> None:
        found = {
            path: text
            for path, text in every_text(order)
            if not text.isascii() and re.search(_MOJIBAKE, text)
        }
        for path, text in found.items():
            order.problems.append(fields.problem("RS109", order, path, text))

    return sense


def _may_be_mojibake(raw: str) -> bool:
    return not raw.isascii() and (
        "\u00c3" in raw or "\u00c2" in raw or "\u00e2\u20ac" in raw or "\ufffd" in raw
    )


def addresses(fields: Mapped) -> Sense:
    """RS517: addresses of pages that are none."""
    paths = fields.having(*ADDRESSES)

    def sense(orders: Sequence[Order]) -> None:
        for order, path in product(orders, paths):
            wrong = [text for text in texts_at(order, path) if not text.startswith(_WEB)]
            if wrong:
                order.problems += fields.problems("RS517", order, path, wrong)

    return sense


class Nulls:
    """RS406: texts that mean nothing, told once a column."""

    def __init__(self, fields: Mapped) -> None:
        self.fields = fields
        self.found: dict[str, Problem] = {}

    def __call__(self, orders: Sequence[Order]) -> None:
        """Some more orders."""
        for order in orders:
            self._take(order)

    def _take(self, order: Order) -> None:
        for path, text in every_text(order):
            if len(text) <= _LONGEST_NULL and text.lower() in _NULLS and path not in self.found:
                self.found[path] = self.fields.problem("RS406", order, path, text)

    def problems(self) -> Iterable[Problem]:
        """Each field once."""
        return {each.column or each.field: each for each in self.found.values()}.values()


class _Numbers(NamedTuple):
    """Numbers of a field that look like cards' by their issuer and length, and those that are by Luhn."""

    alike: int
    valid: int
    first: Problem


class Cards:
    """RS901: numbers of payment cards in free text or in custom fields.

    One long number in ten passes the check by chance: a column in which most do not holds other numbers.
    """

    def __init__(self, fields: Mapped) -> None:
        self.fields = fields
        free = fields.having(*_FREE)
        self.names = (*free, *(path for path in fields.custom if "." not in path))
        self.found: dict[str, _Numbers] = {}

    def __call__(self, orders: Sequence[Order]) -> None:
        """Some more orders; what they say is looked at together, and mostly there is nothing."""
        for name in self.names:
            said = [order.properties.get(name, "") for order in orders]
            long = [each for each in said if type(each) is str and len(each) >= _SHORTEST_CARD]
            if not long or not _CARD.search("\n".join(long)):
                continue
            for order, text in zip(orders, said, strict=True):
                if type(text) is str and (found := _CARD.search(text)):
                    self._take(name, re.sub("[ -]", "", found[0]), order)

    def _take(self, name: str, digits: str, order: Order) -> None:
        if not re.fullmatch(_ISSUERS, digits):
            return
        alike, valid, first = self.found.get(name, (0, 0, self._told(order, name)))
        is_valid = passes_luhn(digits)
        if is_valid and not valid:
            first = self._told(order, name)
        self.found[name] = _Numbers(alike + 1, valid + is_valid, first)

    def _told(self, order: Order, name: str) -> Problem:
        """A finding from which nobody can read a number, wherever it is shown."""
        found = self.fields.problem("RS901", order, name)
        return found._replace(raw=_DIGIT.sub("9", found.raw))

    def problems(self) -> Iterable[Problem]:
        """Each field once, with the number of orders."""
        for numbers in self.found.values():
            if numbers.valid * 2 > numbers.alike:
                orders = f"{numbers.valid:,} order{'s' if numbers.valid > 1 else ''}"
                yield numbers.first._replace(note=orders)


def passes_luhn(digits: str) -> bool:
    """Whether the last digit checks the others, as ISO/IEC 7812 says."""
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2]]
    return (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0


def cells(fields: Mapped, clues: Clues) -> Sense:
    """RS206: a quoted cell that swallowed whole rows."""
    delimiter, enough = clues.delimiter, len(clues.columns) - 1

    def sense(orders: Sequence[Order]) -> None:
        lines = "".join([order.raw for order in orders]).count("\n")
        if lines > sum([order.records for order in orders]):
            for order in orders:
                look(order)

    def look(order: Order) -> None:
        raw, records = order.raw, order.records
        if "\n" not in raw[:-1] or (records > 1 and len(raw) < _LONG_RECORD * records):
            return
        rows = [line for line in raw.splitlines() if line.count(delimiter) >= enough]
        if len(rows) - records >= _FEWEST_ROWS:
            longest = max(every_text(order), key=lambda each: each[1].count("\n"), default=("", ""))
            path = longest[0] if "\n" in longest[1] else ""
            note = f"{len(rows):,} of them look like rows"
            order.problems.append(fields.problem("RS206", order, path, note=note))

    return sense
