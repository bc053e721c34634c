"""The fields of the order itself."""

from collections.abc import Mapping

from richsync.drafts import dates, numbers, people, prices
from richsync.drafts.contents import tells_payment
from richsync.drafts.currencies import BY_MARK
from richsync.drafts.matching import Guess, Level, could_be_key
from richsync.drafts.model import Entry, Lines, entry, todo
from richsync.drafts.samples import Column, Sample
from richsync.drafts.words import Reader
from richsync.drafts.yamltext import in_quotes, slot
from richsync.schema import PROPERTIES
from richsync.values import number_style

_CODE = 3
_MINUS = "-\u2212("
_UTC, _IN_UTC = "utc", "date: {timezone: UTC}"
_FEWEST = 3
_NO_CENTS = "whole numbers: if they are cents, add `do: [minor_units: 2]`"


def order(
    sample: Sample, found: Mapping[str, Guess], held: Lines | None, style: numbers.Numbers, reader: Reader
) -> tuple[Entry, ...]:
    """Every field, in the order of Richpanel's table."""
    made = {path: entry(_prepared(each), path) for path, each in found.items() if "." not in path}
    made |= people.whole_names(sample, reader, made)
    _settle_payment(found, made)
    if "orderId" not in made:
        made["orderId"] = todo("orderId", "what tells orders apart: no column looks like it")
    if "orderDbKey" in found and not could_be_key(found["orderDbKey"].column):
        del made["orderDbKey"]
    for path in ("orderName", "orderDbKey"):
        if path in made and made[path].value == made["orderId"].value:
            del made[path]
    made["amount"] = _amount(found["amount"]) if "amount" in found else prices.amount(held)
    made["createdAt"] = _created(sample, found.get("createdAt"))
    if "currency" not in made and "amount" in found:
        made |= {each.name: each for each in _currency(found["amount"], style)}
    return tuple(made[each.name] for each in PROPERTIES if each.name in made)


def _prepared(guess: Guess) -> Guess:
    """Several coupons in one cell, cut apart; a discount that stands below zero, above it."""
    column = guess.column
    if guess.path == "coupons" and not column.is_list and any("," in each for each in column.filled):
        return guess._replace(do=('split: ","',))
    if guess.path == "discountAmount" and any(map(_is_below_zero, column.filled)):
        return guess._replace(do=(*guess.do, "abs"), level=max(guess.level, Level.LIKELY))
    return guess


def _is_below_zero(cell: str) -> bool:
    """Whether a number has a sign, or brackets that mean one."""
    return any(mark in cell for mark in _MINUS)


def _settle_payment(found: Mapping[str, Guess], made: dict[str, Entry]) -> None:
    """A column that is called payment: whether it was paid, or how."""
    state, method = found.get("financialStatus"), found.get("paymentMethod")
    if state is not None and method is not None and state.column == method.column:
        del made["paymentMethod" if tells_payment(state.column) else "financialStatus"]


def _amount(guess: Guess) -> Entry:
    """The total; one that is always whole may be in cents, which no other column gives away."""
    cells = guess.column.filled
    may_be_minor = bool(cells) and all(each.isdecimal() and len(each) >= _FEWEST for each in cells)
    if may_be_minor and not guess.do and guess.level is Level.SURE:
        return Entry("amount", guess.value(), Level.LIKELY, (guess.column,), _NO_CENTS)
    return entry(guess)


def _created(sample: Sample, guess: Guess | None) -> Entry:
    """The date, with the time of day where that has a column of its own."""
    if guess is None:
        return todo("createdAt", "when the order was placed: no column looks like it")
    time = _time_beside(sample, guess.column)
    if time is None:
        return entry(guess._replace(do=(_IN_UTC,)) if _UTC in guess.reading else guess)
    value = in_quotes(f"{slot(guess.column.name)} {slot(time.name)}")
    return Entry("createdAt", value, guess.level, (guess.column, time), guess.note)


def _time_beside(sample: Sample, date: Column) -> Column | None:
    """The column behind a date, if it holds the times that the dates lack."""
    behind = sample.columns[sample.columns.index(date) + 1 :]
    time = behind[0] if behind else None
    if time is None or not time.filled or not all(map(dates.is_time, time.filled)):
        return None
    has_time = any(dates.time_format(cell) for cell in date.filled)
    return time if not has_time and slot(date.name) and slot(time.name) else None


def _currency(amount: Guess, style: numbers.Numbers) -> tuple[Entry, ...]:
    """The currency as it stands beside the amounts."""
    around = {mark for each in style.examples for mark in number_style(each).marks if mark}
    codes = {mark for mark in around if len(mark) == _CODE and mark.isalpha() and mark.isupper()}
    known = {BY_MARK[mark] for mark in around if mark in BY_MARK}
    if codes and codes == around:
        value = f'{{from: {amount.source}, do: [pattern: "[A-Z]{{3}}"]}}'
        return (Entry("currency", value, Level.SURE, (amount.column,), "it stands beside the amount"),)
    if len(known) == 1 == len(around):
        return (Entry("currency", f"={known.pop()}", Level.LIKELY, (), "by its mark beside the amounts"),)
    return ()
