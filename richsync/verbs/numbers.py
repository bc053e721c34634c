"""Verbs of numbers: exact, from the digits as they are written to the digits that are sent.

A result is as exact as its digits; what no number of JSON can hold is refused when the field is read. Only a
quotient without end is rounded, to the 15 digits that a number holds.
"""

import re
from collections.abc import Callable, Sequence
from decimal import Context as Precision
from decimal import Decimal
from typing import Any, TypeAlias

from richsync.jsontext import Digits
from richsync.values import Bad, is_empty, minor_digits, number_reader, number_style, text
from richsync.verbs.verb import MANY, Arguments, Context, Example, Make, Step, Verb

Number: TypeAlias = Decimal | Bad
Work: TypeAlias = Callable[[Sequence[Decimal]], Number]
Operand: TypeAlias = Callable[[Any], Number | None]

_EXACT = Precision(prec=1000, traps=[])
_ROUNDED = Precision(prec=15, traps=[])
_FACTOR = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_MOST_DIGITS = 9


def _number(arguments: Arguments, _context: Context) -> Step:
    read = number_reader([number_style(example) for example in arguments.words])
    return lambda value, _row: read(value)


def _reader(context: Context) -> Callable[[object], Number]:
    """A value as a decimal, written as the export writes numbers."""
    read = number_reader(context.numbers)

    def exactly(value: object) -> Number:
        found = read(value)
        return found if isinstance(found, Bad) else Decimal(str(found))

    return exactly


def _written(number: Number) -> object:
    return number if isinstance(number, Bad) else Digits(format(_EXACT.plus(number).normalize(_EXACT), "f"))


def _alone(work: Callable[[Decimal], Number]) -> Make:
    """A verb that makes a number of a number."""

    def make(_arguments: Arguments, context: Context) -> Step:
        read = _reader(context)

        def run(value: object, _row: Any) -> object:
            found = read(value)
            return found if isinstance(found, Bad) else _written(work(found))

        return run

    return make


def _scale(arguments: Arguments, context: Context) -> Step:
    factor = arguments.words[0]
    if not _FACTOR.fullmatch(factor):
        raise ValueError(f"{factor!r} is not a factor: write it like 100 or 0.01")
    return _alone(lambda number: _EXACT.multiply(number, Decimal(factor)))(arguments, context)


def _with_columns(work: Work, empty: Decimal | None) -> Make:
    """A verb that takes other columns of the row; without `empty` an empty one leaves nothing."""

    def make(arguments: Arguments, context: Context) -> Step:
        read = _reader(context)
        operands = [_operand(name, read, context) for name in arguments.words]

        def run(value: object, row: Any) -> object:
            numbers = [read(value)]
            for operand in operands:
                found = operand(row)
                if found is None and empty is None:
                    return ""
                numbers.append(Decimal(0) if found is None else found)
            broken = next((number for number in numbers if isinstance(number, Bad)), None)
            return broken or _written(work([number for number in numbers if isinstance(number, Decimal)]))

        return run

    return make


def _operand(name: str, read: Callable[[object], Number], context: Context) -> Operand:
    """A column as a number; what is wrong with it says which column it is."""
    fetch = context.fetch(name)

    def operand(row: Any) -> Number | None:
        value = fetch(row)
        if is_empty(value):
            return None
        found = read(value)
        if isinstance(found, Bad):
            return Bad(found.code, f" in {name!r}{found.note}", text=str(value))
        return found

    return operand


def _sum(numbers: Sequence[Decimal]) -> Decimal:
    total = numbers[0]
    for number in numbers[1:]:
        total = _EXACT.add(total, number)
    return total


def _less(numbers: Sequence[Decimal]) -> Decimal:
    return _EXACT.subtract(numbers[0], _sum([Decimal(0), *numbers[1:]]))


def _quotient(numbers: Sequence[Decimal]) -> Number:
    number, divisor = numbers
    return _ROUNDED.divide(number, divisor) if divisor else Bad("RS501", ": it is divided by zero")


def _minor_units(arguments: Arguments, context: Context) -> Step:
    word = arguments.words[0]
    if word.isascii() and word.isdigit():
        digits = int(word[:2])
        if digits > _MOST_DIGITS:
            raise ValueError(f"a currency has at most {_MOST_DIGITS} digits behind the point")
        return _alone(lambda number: _EXACT.scaleb(number, -digits))(arguments, context)
    return _by_currency(context.fetch(word), _reader(context))


def _by_currency(fetch: Callable[[Any], object], read: Callable[[object], Number]) -> Step:
    def run(value: object, row: Any) -> object:
        number, currency = read(value), text(fetch(row))
        digits = None if isinstance(currency, Bad) else minor_digits(currency)
        if digits is None:
            return Bad("RS501", ": without the code of its currency the minor units are not known")
        return number if isinstance(number, Bad) else _written(_EXACT.scaleb(number, -digits))

    return run


FACTORS = frozenset({"times", "divide_by"})
"""Verbs that leave nothing where the column is empty that they name."""

NUMBERS = (
    Verb(
        "number",
        'a number, by example of how it is written, `"$1,234.56"`, `"(1.234,56)"`',
        _number,
        Example("12,50", 12.5, ("1.234,56",)),
        1,
        MANY,
    ),
    Verb(
        "minor_units",
        "from cents: by so many digits, or by the currency in a column (ISO 4217)",
        _minor_units,
        Example("5950", "59.5", ("Currency",), row={"Currency": "USD"}),
        1,
        1,
    ),
    Verb("abs", "without its sign", _alone(_EXACT.abs), Example("-3.00", "3")),
    Verb("negate", "with the other sign", _alone(_EXACT.minus), Example("3.00", "-3")),
    Verb("scale", "times a factor", _scale, Example("1500", "15", ("0.01",)), 1, 1),
    Verb(
        "times",
        "times a column",
        _with_columns(lambda numbers: _EXACT.multiply(*numbers), None),
        Example("2.50", "7.5", ("Quantity",), row={"Quantity": "3"}),
        1,
        1,
    ),
    Verb(
        "divide_by",
        "divided by a column; a quotient without end has 15 digits",
        _with_columns(_quotient, None),
        Example("10.00", "2.5", ("Quantity",), row={"Quantity": "4"}),
        1,
        1,
    ),
    Verb(
        "plus",
        "and the numbers of columns, empty ones as 0",
        _with_columns(_sum, Decimal(0)),
        Example("10.00", "12.5", ("Tax", "Shipping"), row={"Tax": "2.50", "Shipping": ""}),
        1,
        MANY,
    ),
    Verb(
        "minus",
        "less the numbers of columns, empty ones as 0",
        _with_columns(_less, Decimal(0)),
        Example("10.00", "9", ("Discount",), row={"Discount": "1.00"}),
        1,
        MANY,
    ),
)
