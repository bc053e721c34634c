"""What a column is that its name does not tell: by its cells, or by the columns beside it."""

from collections.abc import Iterable, Mapping

from richsync.drafts.contents import fits, is_currency
from richsync.drafts.matching import Guess, Level, could_be_key, is_numbered
from richsync.drafts.meanings import meaning
from richsync.drafts.samples import Column, Sample
from richsync.drafts.words import Reader

_FEWEST = 3
_IDS = (frozenset({"order", "id"}), frozenset({"order", "number"}))
_NAME = frozenset({"name"})
_STATE = frozenset({"state"})
_PARTS = frozenset({"first", "last"})
_NAMES = (
    ("customer.firstName", "customer.lastName"),
    ("billingFirstName", "billingLastName"),
    ("shippingFirstName", "shippingLastName"),
)
_OF_ITEMS = frozenset({"items.sku", "items.id", "items.quantity"})


def with_unnamed(sample: Sample, found: Mapping[str, Guess], reader: Reader) -> dict[str, Guess]:
    """The guesses by name, and what else there is: one column of e-mails, of currencies, of dates."""
    every = _states(found) | _halves(sample, found, reader)
    halves = [every[path].column for pair in _NAMES[:1] for path in pair if path in every]
    if "customer.name" in every and every["customer.name"].column in halves:
        del every["customer.name"]
    every |= _product(sample, every, reader)
    taken = {each.column.name for each in every.values()}
    for path, look in (("customer.email", "email"), ("createdAt", "moment")):
        free = (
            each
            for each in sample.columns
            if each.name not in taken and not all(map(str.isdecimal, each.filled))
        )
        left = [each for each in free if fits(each, look)]
        if path not in every and len(left) == 1:
            every[path] = Guess(path, left[0], Level.GUESS, "by its cells alone")
    codes = [each for each in sample.columns if each.name not in taken and is_currency(each)]
    if "currency" not in every and len(codes) == 1:
        every["currency"] = Guess("currency", codes[0], Level.LIKELY, "by its cells alone")
    if "orderId" not in every:
        every |= _key_with_gaps(every) or _key(sample, taken)
    return every


def _key_with_gaps(found: Mapping[str, Guess]) -> dict[str, Guess]:
    """What is called the order's id, and is empty where the records are fees and payouts."""
    every = (found[path] for path in ("orderDbKey", "orderName") if path in found)
    named = next((each for each in every if each.reading in _IDS and is_numbered(each.column)), None)
    if named is None or not named.column.filled:
        return {}
    said = f"`where: {{{named.source}: filled}}`"
    note = f"it is empty in some records: if those are no orders, say {said} under `export:`"
    return {"orderId": Guess("orderId", named.column, Level.GUESS, note, reading=named.reading)}


def _key(sample: Sample, taken: Iterable[str]) -> dict[str, Guess]:
    """The one column that is not taken and different in every record."""
    left = [each for each in sample.columns if each.name not in set(taken) and fits(each, "id")]
    keys = (each for each in left if could_be_key(each) and is_numbered(each))
    unique = [each for each in keys if len(set(each.filled)) == sample.size >= _FEWEST]
    if len(unique) != 1:
        return {}
    return {"orderId": Guess("orderId", unique[0], Level.GUESS, "it is different in every record")}


def _halves(sample: Sample, found: Mapping[str, Guess], reader: Reader) -> dict[str, Guess]:
    """The other half of a name: beside a first name what is called only `name` is the last one."""
    halves: dict[str, Guess] = {}
    for first, last in _NAMES:
        missing = last if first in found else first
        known = found.get(first) or found.get(last)
        if known is None or missing in found:
            continue
        asked = (known.reading - _PARTS) | {"name"}
        column = next((each for each in sample.columns if asked in _readings(each, reader, sample)), None)
        if column is not None:
            note = "the other half of the name has a column of its own"
            halves[missing] = Guess(missing, column, max(known.level, Level.LIKELY), note, reading=asked)
    return halves


def _product(sample: Sample, found: Mapping[str, Guess], reader: Reader) -> dict[str, Guess]:
    """What is called only `name` beside the number of a product."""
    column = next((each for each in sample.columns if _NAME in _readings(each, reader, sample)), None)
    items = {each.column.name for path, each in found.items() if path in _OF_ITEMS}
    is_free = column is not None and all(each.column != column for each in found.values())
    if column is None or not is_free or "items.name" in found or not items & _beside(sample, column):
        return {}
    return {"items.name": Guess("items.name", column, Level.GUESS, "it stands beside the items' columns")}


def _states(found: Mapping[str, Guess]) -> dict[str, Guess]:
    """Without a state that stands apart from the city: where it does, it may be that of the order."""
    state = found.get("shippingState")
    if state is None or state.reading != _STATE:
        return dict(found)
    places = [found[path].column.name for path in ("shippingCity", "shippingPostcode") if path in found]
    inside = state.column.name.rpartition(".")[0]
    if not places or any(name.rpartition(".")[0] == inside for name in places):
        return dict(found)
    kept = {path: each for path, each in found.items() if path != "shippingState"}
    note = "it stands apart from the address: the order's?"
    return {"status": Guess("status", state.column, Level.GUESS, note)} | kept


def _readings(column: Column, reader: Reader, sample: Sample) -> Iterable[frozenset[str]]:
    return meaning(column.name, reader, sample, "").readings


def _beside(sample: Sample, column: Column) -> set[str]:
    at = sample.columns.index(column)
    return {each.name for each in sample.columns[max(at - 1, 0) : at + 2]}
