"""What the names of an export's columns mean, each where it stands."""

import re

from richsync.drafts.samples import Sample
from richsync.drafts.words import Concepts, Meaning, Reader

_WRAPPER = re.compile(r"[_.]?(?:details?|info|information|data|attributes|fields)\b", re.IGNORECASE)
"""What only wraps the members of an object, `customer_details.email`."""

_MINOR = "minor"
_PLACES = frozenset({"city", "state", "country", "postcode", "first", "last", "name", "phone", "email"})
_NAMED = frozenset({"city", "state", "country", "method", "status", "item", "variant"})
_NUMBERS = frozenset({"phone", "sku", "tracking", "coupon"})
_SIDES = frozenset({"billing", "shipping"})


def meaning(name: str, reader: Reader, sample: Sample, inside: str) -> Meaning:
    """What a column's name means, where it stands."""
    found = reader.meaning(name)
    if not found.readings and sample.is_json and "." in name:
        found = _of_path(name, reader)
    is_implied = bool(inside) and not any(inside in each for each in found.readings)
    is_minor = any(_MINOR in each for each in found.readings)
    settled = (settle(each | {inside} if inside else each) for each in found.readings)
    return found._replace(readings=tuple(dict.fromkeys(settled)), is_implied=is_implied, is_minor=is_minor)


def _of_path(name: str, reader: Reader) -> Meaning:
    """A path's last name, with what is known of those before it."""
    outer, _, last = name.rpartition(".")
    bare = reader.meaning(f"{_WRAPPER.sub('', outer)} {last}")
    if bare.readings:
        return bare
    found = reader.meaning(last)
    before = reader.concepts(outer)
    return Meaning(tuple(each | before for each in found.readings), near=True)


def settle(concepts: Concepts) -> Concepts:
    """Without the words that say nothing new beside others: `address` in `billing address city`."""
    dropped = {_MINOR}
    if concepts & _PLACES:
        dropped.add("street")
    if concepts & _NAMED:
        dropped |= {"name"} if concepts & {"city", "state", "country"} else set()
    if concepts & _NUMBERS:
        dropped |= {"number", "id"}
    if concepts & _SIDES:
        dropped |= {"customer", "order"} if concepts & (_PLACES | {"street"}) else set()
    if len(concepts) > 1:
        dropped.add("gross")
    return concepts - dropped
