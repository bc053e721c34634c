"""What an order and its lines cost: which column is a unit's price, proven by arithmetic where it can be."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from richsync.drafts.matching import Guess, Level
from richsync.drafts.model import Entry, Key, Lines, entry, todo
from richsync.drafts.samples import Column
from richsync.drafts.yamltext import listed, quoted
from richsync.values import Bad

_CENT = 0.021
_MOST = 0.8
_ALIKE = 1.01
_TOTALS = ("subTotalPrice", "amount")
_PRODUCT = ("sku", "optionId", "id", "name")

ReadNumber = Callable[[str], float | None]


def reader(read: Callable[[object], int | float | Bad]) -> ReadNumber:
    """Numbers of cells; None where there is none."""

    def number(cell: str) -> float | None:
        found = read(cell)
        return None if isinstance(found, Bad) else float(found)

    return number


class Sums(NamedTuple):
    """Of every order that has several pieces of something: all its prices, all times their quantities."""

    plain: Mapping[int, float]
    times: Mapping[int, float]

    def fit(self, column: Column | None, totals: Mapping[int, float]) -> str:
        """`unit` or `line` when the totals prove what the prices are, else ""."""
        orders = [at for at in self.times if at in totals]
        if column is None or not orders:
            return ""
        for name, sums in (("unit", self.times), ("line", self.plain)):
            if sum(abs(sums[at] - totals[at]) < _CENT for at in orders) >= _MOST * len(orders):
                return name
        return ""


def sums(lines: Lines, price: Column, quantity: Column, read: ReadNumber) -> Sums:
    """The sums of orders in which a quantity is more than one."""
    plain: dict[int, float] = {}
    times: dict[int, float] = {}
    several = set[int]()
    for order, price_cell, quantity_cell in zip(lines.within, price.cells, quantity.cells, strict=True):
        cost, count = read(price_cell), read(quantity_cell)
        if cost is None or count is None:
            continue
        plain[order] = plain.get(order, 0.0) + cost
        times[order] = times.get(order, 0.0) + cost * count
        several |= {order} if count > 1 else set()
    return Sums({at: plain[at] for at in several}, {at: times[at] for at in several})


def totals(column: Column, key: Key, read: ReadNumber) -> dict[int, float]:
    """What each order has in a column: the first number of its records."""
    found: dict[int, float] = {}
    for order, cell in zip(key.ordinals, column.cells, strict=True):
        number = read(cell)
        if number is not None:
            found.setdefault(order, number)
    return found


class Proof(NamedTuple):
    """What the cells prove that a price is of: one `unit` or the `line`, and by what."""

    of: str
    why: str


def settled(lines: Lines, key: Key, found: Mapping[str, Guess], read: ReadNumber) -> Lines:
    """The lines with `price` only where it is not a line's total, as far as the cells prove it."""
    price, quantity = lines.found.get("price"), lines.found.get("quantity")
    if price is None or quantity is None:
        return lines
    proof = _by_totals(lines, key, found, read) or _by_products(lines, read)
    if proof is None:
        return lines
    rest = {name: each for name, each in lines.found.items() if name != "price"}
    if proof.of == "unit":
        return lines._replace(found={**rest, "price": Guess("price", price.column, Level.SURE, proof.why)})
    total = Guess("totalPrice", price.column, Level.LIKELY, proof.why)
    return lines._replace(found={**rest, "totalPrice": rest.get("totalPrice", total)})


def _by_totals(lines: Lines, key: Key, found: Mapping[str, Guess], read: ReadNumber) -> Proof | None:
    """Whether prices, times the quantity or not, make the total of the order."""
    price, quantity = lines.found["price"].column, lines.found["quantity"].column
    made = sums(lines, price, quantity, read)
    fits = (made.fit(price, totals(found[name].column, key, read)) for name in _TOTALS if name in found)
    match next(filter(None, fits), ""):
        case "unit":
            return Proof("unit", "times the quantity it gives the order's total")
        case "line":
            return Proof("line", "times the quantity it is too much for the order: a line's total")
        case _:
            return None


def _by_products(lines: Lines, read: ReadNumber) -> Proof | None:
    """Whether products that were bought in several quantities cost the same in each, or in proportion."""
    product = next((lines.found[name].column for name in _PRODUCT if name in lines.found), None)
    if product is None:
        return None
    price, quantity = lines.found["price"].column, lines.found["quantity"].column
    rows: dict[str, list[tuple[float, float]]] = {}
    for name, *cells in zip(product.cells, price.cells, quantity.cells, strict=True):
        cost, count = map(read, cells)
        if name and cost and count and min(cost, count) > 0:
            rows.setdefault(name, []).append((cost, count))
    several = [held for held in rows.values() if len({count for _, count in held}) > 1]
    same = sum(_is_one([cost for cost, _ in held]) for held in several)
    in_proportion = sum(_is_one([cost / count for cost, count in held]) for held in several)
    if max(same, in_proportion) < _MOST * (same + in_proportion) or not same + in_proportion:
        return None
    if same > in_proportion:
        return Proof("unit", "the same for several quantities of a product")
    return Proof("line", "the more pieces of a product, the higher it is: a line's total")


def _is_one(values: Sequence[float]) -> bool:
    """Whether all are one price, but for a cent in a dollar."""
    return max(values) <= min(values) * _ALIKE


def price(lines: Lines, order: Guess | None, key: Key) -> Entry:
    """The line for the price of one unit."""
    found = lines.found
    if "price" in found:
        return entry(found["price"])
    total, quantity = found.get("totalPrice"), found.get("quantity")
    if total is not None:
        level = max(total.level, Level.LIKELY)
        return _divided(total, quantity, level, "the line's total by its quantity")
    if order is not None and not lines.words and not key.is_per_row:
        note = "there is one line an order, so this is the order's total by its quantity"
        return _divided(order, quantity, Level.GUESS, note)
    return todo("price", "the price of one unit")


def _divided(total: Guess, quantity: Guess | None, level: Level, note: str) -> Entry:
    if quantity is None:
        return Entry("price", total.value(), level, (total.column,), note)
    value = total.value(f"divide_by: {quoted(quantity.column.name)}")
    return Entry("price", value, level, (total.column, quantity.column), note)


def quantity(lines: Lines) -> Entry:
    """The line for the quantity."""
    each = lines.found.get("quantity")
    return entry(each) if each else Entry("quantity", "=1", Level.GUESS, (), "no column says how many")


def amount(lines: Lines | None) -> Entry:
    """The order's total when no column has it: the sum of its lines."""
    doc = "the order's total: no column looks like it"
    if lines is None or "cell" in lines.words or "columns" in lines.words:
        return todo("amount", doc)
    words = "".join(f"{name}: {value}, " for name, value in lines.words.items())
    total, unit, count = (lines.found.get(name) for name in ("totalPrice", "price", "quantity"))
    found = total or unit
    if found is None:
        return todo("amount", doc)
    times = [f"times: {quoted(count.column.name)}"] if total is None and count is not None else []
    do = f"do: {listed((*found.do, *times))}, " if found.do or times else ""
    note = "no column gives the total: the sum of the lines, without shipping"
    value = f"{{{words}from: {found.source}, {do}aggregate: sum}}"
    return Entry("amount", value, Level.GUESS, (found.column,), note)
