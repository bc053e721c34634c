"""What a column is that its name does not tell: by its cells, or by the columns beside it."""

from collections.abc import Iterable, Mapping

from richsync.drafts.contents import fits, is_currency
from richsync.drafts.matching import Guess, Level
from richsync.drafts.meanings import meaning
from richsync.drafts.samples import Column, Sample
from richsync.drafts.words import Reader

_FEWEST = 3
_NAME = frozenset({"name"})
_OF_ITEMS = frozenset({"items.sku", "items.id", "items.quantity"})


def with_unnamed(sample: Sample, found: Mapping[str, Guess], reader: Reader) -> dict[str, Guess]:
    """The guesses by name, and what else there is: one column of e-mails, of currencies, of dates."""
    every = dict(found) | _names(sample, found, reader)
    taken = {each.column.name for each in every.values()}
    for path, look in (("customer.email", "email"), ("createdAt", "moment")):
        left = [each for each in sample.columns if each.name not in taken and fits(each, look)]
        if path not in every and len(left) == 1:
            every[path] = Guess(path, left[0], Level.GUESS, "by its cells alone")
    codes = [each for each in sample.columns if each.name not in taken and is_currency(each)]
    if "currency" not in every and len(codes) == 1:
        every["currency"] = Guess("currency", codes[0], Level.LIKELY, "by its cells alone")
    if "orderId" not in every:
        every |= _key(sample, taken)
    return every


def _key(sample: Sample, taken: Iterable[str]) -> dict[str, Guess]:
    """The one column that is not taken and different in every record."""
    left = [each for each in sample.columns if each.name not in set(taken) and fits(each, "id")]
    unique = [each for each in left if len(set(each.filled)) == sample.size >= _FEWEST]
    if len(unique) != 1:
        return {}
    return {"orderId": Guess("orderId", unique[0], Level.GUESS, "it is different in every record")}


def _names(sample: Sample, found: Mapping[str, Guess], reader: Reader) -> dict[str, Guess]:
    """A column called only `name`: the last name behind the first, the product beside its number."""
    column = next((each for each in sample.columns if _NAME in _readings(each, reader, sample)), None)
    if column is None:
        return {}
    if "customer.firstName" in found and "customer.lastName" not in found:
        note = "there is a first name, and no other last name"
        return {"customer.lastName": Guess("customer.lastName", column, Level.LIKELY, note)}
    items = {each.column.name for path, each in found.items() if path in _OF_ITEMS}
    if "items.name" not in found and items & _beside(sample, column):
        return {"items.name": Guess("items.name", column, Level.GUESS, "it stands beside the items' columns")}
    return {}


def _readings(column: Column, reader: Reader, sample: Sample) -> Iterable[frozenset[str]]:
    return meaning(column.name, reader, sample, "").readings


def _beside(sample: Sample, column: Column) -> set[str]:
    at = sample.columns.index(column)
    return {each.name for each in sample.columns[max(at - 1, 0) : at + 2]}
