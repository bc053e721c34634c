"""Who ordered, and where the parcels went."""

from collections.abc import Mapping

from richsync.drafts import rules
from richsync.drafts.keys import varies
from richsync.drafts.matching import Guess, Level, matches
from richsync.drafts.model import Entry, Key, entry, todo
from richsync.drafts.samples import Sample
from richsync.drafts.words import Reader
from richsync.drafts.yamltext import in_quotes, listed, slot, source

_CUSTOMER = ("email", "phone", "firstName", "lastName", "name", "sourceId")


def whole_names(sample: Sample, reader: Reader, made: Mapping[str, Entry]) -> dict[str, Entry]:
    """First and last name of an address: of the column that holds both."""
    entries: dict[str, Entry] = {}
    for side, each in matches(sample, reader, rules=tuple(rules.whole_names())).items():
        first, last = f"{side}FirstName", f"{side}LastName"
        if first in made or last in made:
            continue
        for name, verb in ((first, "first_name"), (last, "last_name")):
            entries[name] = Entry(name, each.value(verb), each.level, (each.column,), each.note)
    return entries


def customer(found: Mapping[str, Guess], key: Key) -> tuple[Entry, ...]:
    """The customer: the e-mail first, then the phone, then a guest of the order."""
    given = {name: found[f"customer.{name}"] for name in _CUSTOMER if f"customer.{name}" in found}
    parts = [given[name].level for name in ("firstName", "lastName") if name in given]
    if parts and "name" in given:
        worse = ("name",) if max(parts) <= given["name"].level else ("firstName", "lastName")
        given = {name: each for name, each in given.items() if name not in worse}
    return (*_uid(given, key, found.get("orderId")), *(entry(each, name) for name, each in given.items()))


def _uid(given: Mapping[str, Guess], key: Key, order: Guess | None) -> tuple[Entry, ...]:
    """Nothing when every order has an e-mail: then it is the uid without being told."""
    email = given.get("email")
    if email is not None and len(email.column.filled) == len(email.column.cells):
        return ()
    guest = slot(key.column.name) if key.column else ""
    named = [given[name] for name in ("email", "phone") if name in given]
    if not named and "sourceId" in given:
        note = "there is no e-mail: the shop's own customer id"
        each = given["sourceId"]
        return (Entry("uid", source(each.column.name), Level.GUESS, (each.column,), note),)
    if not guest:
        return () if email else (todo("uid", "who the customer is: an e-mail, a phone"),)
    guest = in_quotes(f"guest-{guest}")
    doubt = order.level if order else Level.GUESS
    if not named:
        note = "there is no e-mail and no phone: a guest for each order"
        return (Entry("uid", guest, max(doubt, Level.LIKELY), (), note),)
    value = f"{{first_of: {listed([*(each.source for each in named), guest])}}}"
    level = max(doubt, *(each.level for each in named))
    return (Entry("uid", value, level, tuple(each.column for each in named), "the first that is there"),)


def fulfillment(found: Mapping[str, Guess], key: Key) -> tuple[Entry, ...]:
    """One shipment an order, where a column has the numbers of parcels."""
    number = found.get("tracking.trackingNumber")
    if number is None or key.column is None or not number.column.filled or varies(key, number.column.cells):
        return ()
    order, parcel = slot(key.column.name), slot(number.column.name)
    if not (order and parcel):
        return ()
    name = source(number.column.name)
    made = [Entry("where", f"{{{name}: filled}}"), Entry("id", in_quotes(f"{order}-{parcel}"), Level.LIKELY)]
    tracking = [found[path] for path in found if path.startswith("tracking.")]
    said = ", ".join(
        f"{each.path.removeprefix('tracking.')}: {source(each.column.name)}" for each in tracking
    )
    level = max(each.level for each in tracking)
    columns = tuple(each.column for each in tracking)
    return (*made, Entry("tracking", f"{{{said}}}", level, columns))
