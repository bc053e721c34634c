"""Whether a customer can be reached, and whether addresses are whole."""

from collections.abc import Iterable, Sequence
from itertools import product

from richsync.model import Order, Problem
from richsync.senses.sense import Mapped, Sense

_NAMES = ("name", "firstName", "lastName")
_MOST_PEOPLE = 20_000
_PROFILE = ("customer.email", "customer.phone")
_CONTACTS = ("email", "billingEmail", "shippingEmail", "billingPhone", "shippingPhone")
_ADDRESSES = tuple((f"{side}Postcode", f"{side}Country") for side in ("billing", "shipping"))

_LENGTHS = {
    6: "CN|CHN|China|SG|SGP|Singapore",
    5: "US|USA|United States|United States of America|DE|DEU|Germany|Deutschland|FR|FRA|France|"
    "IT|ITA|Italy|Italia|ES|ESP|Spain|España|MX|MEX|Mexico|México|FI|FIN|Finland|Suomi|MY|MYS|Malaysia|"
    "KR|KOR|South Korea|UA|UKR|Ukraine",
    4: "AU|AUS|Australia|NO|NOR|Norway|Norge|ZA|ZAF|South Africa|DK|DNK|Denmark|Danmark",
}
POSTCODES = {name: length for length, names in _LENGTHS.items() for name in names.casefold().split("|")}
"""How many digits a postcode has, by the names and codes of countries where some begin with a zero."""
_LONGEST = max(POSTCODES.values())


def is_reached(fields: Mapped) -> bool:
    """Whether every customer should be in reach: the map names a way to, and makes up no uid for guests."""
    return bool(fields.having(*_PROFILE, *_CONTACTS)) and "customer.uid" not in fields.made_up


def reachable(fields: Mapped) -> Sense:
    """RS405: neither e-mail nor phone anywhere, although the map says where they are."""
    names = fields.having(*_CONTACTS)

    def sense(orders: Sequence[Order]) -> None:
        for order in orders:
            customer = order.customer
            if "email" not in customer and "phone" not in customer and is_lost(customer["uid"], order):
                order.problems.append(fields.problem("RS405", order, "customer.email"))

    def is_lost(uid: str, order: Order) -> bool:
        return "@" not in uid and uid[:1] != "+" and not any(name in order.properties for name in names)

    return sense


def postcodes(fields: Mapped) -> Sense:
    """RS520: a postcode shorter than those of its country, which may begin with a zero."""
    pairs = [pair for pair in _ADDRESSES if len(fields.having(*pair)) > 1]

    def sense(orders: Sequence[Order]) -> None:
        for order, (postcode, country) in product(orders, pairs):
            code = order.properties.get(postcode, "")
            if len(code) < _LONGEST and code.isdecimal():
                length = POSTCODES.get(order.properties.get(country, "").casefold(), 0)
                if len(code) < length:
                    order.problems.append(fields.problem("RS520", order, postcode, code, f"{length} digits"))

    return sense


class Conflicts:
    """RS705: one uid with several names or e-mails, told once, of the orders looked at."""

    def __init__(self, fields: Mapped) -> None:
        self.fields = fields
        self.people: dict[str, tuple[str, str]] = {}
        self.several: set[str] = set()
        self.first: Problem | None = None

    def __call__(self, orders: Sequence[Order]) -> None:
        """Some more orders."""
        for order in orders:
            self._take(order)

    def _take(self, order: Order) -> None:
        uid, person = order.customer["uid"], _person(order.customer)
        if len(self.people) >= _MOST_PEOPLE and uid not in self.people:
            return
        known = self.people.setdefault(uid, person)
        if any(one and other and one != other for one, other in zip(known, person, strict=True)):
            self.several.add(uid)
            self.first = self.first or self.fields.problem("RS705", order, "customer.uid", uid)

    def problems(self) -> Iterable[Problem]:
        """The first of them, and how many there are."""
        if self.first is None:
            return ()
        return (self.first._replace(note=f"{len(self.several):,} of {len(self.people):,}"),)


def _person(customer: dict[str, str]) -> tuple[str, str]:
    """What an order calls its customer, in one case, and the e-mail; "" for what it does not say."""
    names = " ".join(customer[name] for name in _NAMES if name in customer)
    return names.casefold().strip(), customer.get("email", "").casefold()
