"""Samples of an export to a draft of its map."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from richsync.drafts import dates, numbers, people, prices, settings
from richsync.drafts.contents import fits, is_currency, tells_payment
from richsync.drafts.currencies import BY_MARK
from richsync.drafts.keys import key_of, varies
from richsync.drafts.lines import Seen, lines
from richsync.drafts.matching import Guess, Level, matches, one_that_looks
from richsync.drafts.model import Draft, Entry, Key, Lines, todo
from richsync.drafts.rules import RULES
from richsync.drafts.samples import Column, Sample
from richsync.drafts.words import Reader
from richsync.drafts.yamltext import in_quotes, quoted, slot, source
from richsync.fieldmaps.unfolding import HOLE
from richsync.schema import PROPERTIES
from richsync.values import PLAIN_STYLE, number_reader, number_style

_MONEY = ("subTotalPrice", "taxAmount", "shippingAmount", "discountAmount", "tipAmount", "totalWeight")
_ITEM_FIELDS = ("id", "sku", "optionId", "name")
_CODE = 3


def draft(sample: Sample) -> Draft:
    """The map that an export seems to need."""
    reader = Reader(
        [each.name for each in sample.columns]
        + [each.name for inner in sample.lists.values() for each in inner.columns]
    )
    found = _with_contents(sample, matches(sample, reader))
    key = key_of(sample, found.get("orderId"))
    found = _of_orders(found, key)
    held = lines(Seen(sample, reader, key, found))
    style = _numbers(found, held)
    read = prices.reader(number_reader([number_style(each) for each in style.examples] or (PLAIN_STYLE,)))
    if held is not None:
        held = prices.settled(held, key, found, read)
    order = _order(sample, found, held, style, reader)
    items = _items(held, found, key)
    parcels = people.fulfillment(found, key)
    customer = people.customer(found, key)
    drawn = Draft(sample.name, sample.size, (), order, items, parcels, customer)
    drawn = replace(drawn, export=settings.export(sample, key, drawn, style), hints=settings.hints(drawn))
    return replace(drawn, unmapped=_unmapped(sample, drawn, held))


def _with_contents(sample: Sample, found: dict[str, Guess]) -> dict[str, Guess]:
    """Also what no name says and the cells do: the one column of e-mails, of currencies, of dates."""
    taken = {each.column.name for each in found.values()}
    looks = {"customer.email": "email", "createdAt": "moment"}
    for path, look in looks.items():
        if path not in found and (column := one_that_looks(sample, look, taken)):
            found[path] = Guess(path, column, Level.GUESS, "by its cells alone")
    if "currency" not in found:
        codes = [each for each in sample.columns if each.name not in taken and is_currency(each)]
        if len(codes) == 1:
            found["currency"] = Guess("currency", codes[0], Level.LIKELY, "by its cells alone")
    if "orderId" not in found:
        found |= _key_by_cells(sample, taken)
    return found


def _key_by_cells(sample: Sample, taken: Iterable[str]) -> dict[str, Guess]:
    """The one column that is not taken and different in every record."""
    left = [each for each in sample.columns if each.name not in set(taken) and fits(each, "id")]
    unique = [each for each in left if len(set(each.filled)) == sample.size > 1]
    if len(unique) != 1:
        return {}
    return {"orderId": Guess("orderId", unique[0], Level.GUESS, "it is different in every record")}


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
            kept[path] = replace(each, level=Level.GUESS, note="sum")
        elif path == "createdAt":
            kept[path] = each.less_sure("it differs between the rows of an order: the first one counts")
    return kept


def _numbers(found: Mapping[str, Guess], held: Lines | None) -> numbers.Numbers:
    every = [*found.values(), *(held.found.values() if held else ())]
    columns = {each.column.name: each.column for each in every if _holds_numbers(each.path)}
    return numbers.sniffed(cell for each in columns.values() if not each.is_number for cell in each.filled)


def _holds_numbers(path: str) -> bool:
    rule = RULES.get(path) or RULES.get(f"items.{path}")
    return rule is not None and rule.looks == "number"


# order:


def _order(
    sample: Sample,
    found: Mapping[str, Guess],
    held: Lines | None,
    style: numbers.Numbers,
    reader: Reader,
) -> tuple[Entry, ...]:
    made = {path: _plain(path, each) for path, each in found.items() if "." not in path}
    made |= people.whole_names(sample, reader, made)
    _settle_payment(found, made)
    if "orderId" not in made:
        made["orderId"] = todo("orderId", "what tells orders apart: no column looks like it")
    for path in ("orderName", "orderDbKey"):
        if path in made and made[path].value == made["orderId"].value:
            del made[path]
    if "amount" not in made:
        made["amount"] = prices.amount(held)
    made["createdAt"] = _created(sample, found.get("createdAt"))
    if "currency" not in made and "amount" in found:
        made |= _currency(found["amount"].column, style)
    return tuple(made[each.name] for each in PROPERTIES if each.name in made)


def _settle_payment(found: Mapping[str, Guess], made: dict[str, Entry]) -> None:
    """A column that is called payment: whether it was paid, or how."""
    state, method = found.get("financialStatus"), found.get("paymentMethod")
    if state is not None and method is not None and state.column == method.column:
        del made["paymentMethod" if tells_payment(state.column) else "financialStatus"]


def _plain(path: str, guess: Guess) -> Entry:
    column = guess.column
    value = source(column.name)
    if path == "coupons" and not column.is_list and any("," in each for each in column.filled):
        value = f'{{from: {value}, do: [split: ","]}}'
    if path in _MONEY and guess.note == "sum":
        value, note = (
            f"{{from: {value}, aggregate: sum}}",
            "it differs between the rows of an order: their sum",
        )
        return Entry(path, value, guess.level, (column,), note)
    return Entry(path, value, guess.level, (column,), guess.note)


def _created(sample: Sample, guess: Guess | None) -> Entry:
    """The date, with the time of day where that has a column of its own."""
    if guess is None:
        return todo("createdAt", "when the order was placed: no column looks like it")
    entry = _plain("createdAt", guess)
    place = sample.columns.index(guess.column)
    following = sample.columns[place + 1] if place + 1 < len(sample.columns) else None
    times = following.filled if following else ()
    has_time = any(dates.time_format(cell) for cell in guess.column.filled)
    if following is None or not times or has_time or not all(map(dates.is_time, times)):
        return entry
    if not (slot(guess.column.name) and slot(following.name)):
        return entry
    value = in_quotes(f"{slot(guess.column.name)} {slot(following.name)}")
    return Entry("createdAt", value, guess.level, (guess.column, following), guess.note)


def _currency(column: Column, style: numbers.Numbers) -> dict[str, Entry]:
    """The currency as it stands beside the amounts."""
    around = {mark for each in style.examples for mark in number_style(each).marks if mark}
    codes = {mark for mark in around if len(mark) == _CODE and mark.isalpha() and mark.isupper()}
    if codes and codes == around:
        value = f'{{from: {source(column.name)}, do: [pattern: "[A-Z]{{3}}"]}}'
        return {"currency": Entry("currency", value, Level.SURE, (column,), "it stands beside the amount")}
    known = {BY_MARK[mark] for mark in around if mark in BY_MARK}
    if len(known) == 1 == len(around):
        return {
            "currency": Entry(
                "currency", f"={known.pop()}", Level.LIKELY, (), "by its mark beside the amounts"
            )
        }
    return {}


# items:


def _items(held: Lines | None, found: Mapping[str, Guess], key: Key) -> tuple[Entry, ...]:
    if held is None:
        return ()
    made = [Entry(name, value, held.level, (), held.note) for name, value in held.words.items()]
    made = [replace(each, level=None, note="") for each in made[:-1]] + made[-1:] if made else []
    for name in _ITEM_FIELDS:
        if each := held.found.get(name):
            made.append(Entry(name, source(each.column.name), each.level, (each.column,), each.note))
    if not {"id", "sku", "optionId", "name"} & held.found.keys():
        made.append(todo("name", "the product: its name, or `sku:`, or `id:`"))
    made += [prices.price(held, found.get("amount"), key), prices.quantity(held)]
    for name in ("totalPrice", "imageURL", "url"):
        if each := held.found.get(name):
            made.append(Entry(name, source(each.column.name), each.level, (each.column,), each.note))
    return tuple(made)


def _unmapped(sample: Sample, drawn: Draft, held: Lines | None) -> tuple[Column, ...]:
    used = {column.name for each in drawn.entries for column in each.columns}
    every: Sequence[Column] = sample.columns
    if held is not None and "repeat" in held.words:
        used |= {each.name for each in sample.columns if any(_is_numbered(each.name, name) for name in used)}
    if held is not None and "cell" in held.words:
        used |= {each.name for each in sample.columns if quoted(each.name) == held.words["cell"]}
    if held is not None and "columns" in held.words:
        start = held.note.partition("'")[2].partition("'")[0]
        used |= {each.name for each in sample.columns if start and each.name.startswith(start)}
    return tuple(each for each in every if each.name not in used)


def _is_numbered(name: str, template: str) -> bool:
    start, hole, end = template.partition(HOLE)
    return (
        bool(hole)
        and name.startswith(start)
        and name.endswith(end)
        and name[len(start) : len(name) - len(end)].isdigit()
    )
