"""Samples of an export to a draft of its map."""

from collections.abc import Iterator, Mapping, Sequence

from richsync.drafts import numbers, otherfiles, people, prices, settings
from richsync.drafts.currencies import WHOLE
from richsync.drafts.keys import key_of, varies
from richsync.drafts.lines import Seen, lines, score
from richsync.drafts.matching import Guess, Level, matches
from richsync.drafts.model import Draft, Entry, Key, Lines, entry, todo
from richsync.drafts.orderfields import order
from richsync.drafts.rules import RULES
from richsync.drafts.samples import Column, Sample
from richsync.drafts.unnamed import with_unnamed
from richsync.drafts.words import Reader
from richsync.values import PLAIN_STYLE, minor_digits, number_reader, number_style

_MONEY = ("subTotalPrice", "taxAmount", "shippingAmount", "discountAmount", "tipAmount", "totalWeight")
_PRODUCT = ("id", "sku", "optionId", "name")
_OTHERS = ("totalPrice", "imageURL", "url")


def draft(samples: Sequence[Sample]) -> Draft:
    """The map that an export seems to need; of several files it is beside the one that holds the orders."""
    reader = Reader(name for sample in samples for name in _names(sample))
    sample, *others = otherfiles.with_orders_first(samples, reader)
    held, rest = _lines_elsewhere(sample, others, reader)
    sample, joins = _joined(sample, rest, reader)
    found = with_unnamed(sample, matches(sample, reader), reader)
    key = key_of(sample, found.get("orderId"))
    found = _of_orders(found, key)
    held = held or lines(Seen(sample, reader, key, found))
    style = _numbers(found, held)
    held = held and prices.settled(held, key, found, _number_reader(style))
    drawn = Draft(
        sample.name,
        sample.size,
        order=order(sample, found, held, style, reader),
        items=_items(held, found, key),
        fulfillment=people.fulfillment(found, key),
        customer=people.customer(found, key),
    )
    said = (*settings.export(sample, key, drawn, style), *joins)
    drawn = drawn._replace(export=said, hints=settings.hints(drawn))
    return drawn._replace(unmapped=_unmapped(sample, drawn, held))


def _names(sample: Sample) -> Iterator[str]:
    yield from (each.name for each in sample.columns)
    yield from (each.name for held in sample.lists.values() for each in held.columns)


def _lines_elsewhere(
    sample: Sample, others: Sequence[Sample], reader: Reader
) -> tuple[Lines | None, list[Sample]]:
    """The lines that another file holds, and the files that are left."""
    key = key_of(sample, matches(sample, reader).get("orderId"))
    found = [(each, otherfiles.lines_of(sample, key, each, reader)) for each in others]
    every = [(other, held) for other, held in found if held is not None]
    if not every:
        return None, list(others)
    best, held = max(every, key=lambda each: score(each[1].found))
    return held, [each for each in others if each is not best]


def _joined(sample: Sample, others: Sequence[Sample], reader: Reader) -> tuple[Sample, tuple[Entry, ...]]:
    """The orders with what other files say of them, and how the map joins those."""
    said = []
    for other in others:
        if (found := otherfiles.brought(sample, other, reader)) is not None:
            sample = found.sample
            said.append(found.said)
    return sample, (Entry("join", f"{{{', '.join(said)}}}", Level.LIKELY),) if said else ()


def _number_reader(style: numbers.Numbers) -> prices.ReadNumber:
    return prices.reader(number_reader([number_style(each) for each in style.examples] or (PLAIN_STYLE,)))


def _of_orders(found: Mapping[str, Guess], key: Key) -> dict[str, Guess]:
    """Without what differs between the rows of one order: that is said of lines, not of the order."""
    if not key.is_per_row:
        return dict(found)
    kept = dict(found)
    for path, each in found.items():
        of_lines = path.startswith(("items.", "tracking.")) or path == "orderId"
        if of_lines or not varies(key, each.column.cells):
            continue
        del kept[path]
        if path == "amount":
            note = "it differs between the rows of an order: a line's total"
            kept.setdefault("items.totalPrice", Guess("items.totalPrice", each.column, Level.LIKELY, note))
        elif path in _MONEY:
            note = "it differs between the rows of an order: their sum"
            kept[path] = each._replace(level=Level.GUESS, note=note, aggregate="sum")
        elif path == "createdAt":
            kept[path] = each.less_sure("it differs between the rows of an order: the first one counts")
    return kept


def _numbers(found: Mapping[str, Guess], held: Lines | None) -> numbers.Numbers:
    every = [*found.values(), *(held.found.values() if held else ())]
    columns = {each.column.name: each.column for each in every if _holds_numbers(each.path)}
    cells = [cell for each in columns.values() if not each.is_number for cell in each.filled]
    codes = found["currency"].column.filled if "currency" in found else ()
    is_whole = bool(codes) and all(minor_digits(code) == 0 for code in codes)
    return numbers.sniffed(cells, is_whole=is_whole or any(mark in cell for cell in cells for mark in WHOLE))


def _holds_numbers(path: str) -> bool:
    rule = RULES.get(path) or RULES.get(f"items.{path}")
    return rule is not None and rule.looks == "number"


def _items(held: Lines | None, found: Mapping[str, Guess], key: Key) -> tuple[Entry, ...]:
    """The lines of the list: where they are, what the product is, what it costs."""
    if held is None:
        return ()
    words = [Entry(name, value) for name, value in held.words.items()]
    made = [*words[:-1], *(each._replace(level=held.level, note=held.note) for each in words[-1:])]
    product = [entry(held.found[name], name) for name in _PRODUCT if name in held.found]
    made += product or [todo("name", "the product: its name, or `sku:`, or `id:`")]
    made += [prices.price(held, found.get("amount"), key), prices.quantity(held)]
    return (*made, *(entry(held.found[name], name) for name in _OTHERS if name in held.found))


def _unmapped(sample: Sample, drawn: Draft, held: Lines | None) -> tuple[Column, ...]:
    used = {column.name for each in drawn.entries for column in each.columns}
    used |= held.used if held else frozenset()
    return tuple(each for each in sample.columns if each.name not in used)
