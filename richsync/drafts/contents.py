"""What the cells of a column look like."""

import re
from collections.abc import Callable, Mapping

from richsync.drafts import dates
from richsync.drafts.currencies import CODES
from richsync.drafts.numbers import is_number
from richsync.drafts.samples import Column
from richsync.values import is_email

_MOST = 0.8
_ENOUGH = 200
_PHONE = re.compile(r"(?:\+|00|0|\()?[\d ()./x-]{6,20}", re.ASCII)
_WHOLE = re.compile(r"\d{1,6}(?:\.0+)?", re.ASCII)
_CURRENCY = re.compile(r"[A-Za-z]{3}", re.ASCII)
_PAID = frozenset(
    [
        "authorized",
        "betaald",
        "bezahlt",
        "offen",
        "pagado",
        "pagato",
        "pago",
        "paid",
        "partially_refunded",
        "payé",
        "pending",
        "refunded",
        "unpaid",
        "voided",
    ]
)
_URL = re.compile(r"(?:https?://|//|www\.)\S+|\S+\.(?:jpe?g|png|webp|gif)", re.IGNORECASE)
_API = re.compile(r"//api\.|/(?:api|rest|wp-json)/", re.IGNORECASE)
_LONGEST_ID = 64
_ENOUGH_WORDS = 2
_SHOWN = 24


def _is_id(cell: str) -> bool:
    return (
        len(cell) <= _LONGEST_ID
        and len(cell.split()) <= _ENOUGH_WORDS
        and not _is_date(cell)
        and "@" not in cell
    )


def _is_date(cell: str) -> bool:
    return not cell.isdecimal() and bool(dates.candidates(cell))


def _is_words(cell: str) -> bool:
    return not is_number(cell) and not _is_date(cell) and not is_email(cell)


def _is_text(cell: str) -> bool:
    return not _is_date(cell) and not is_email(cell)


LOOKS: Mapping[str, Callable[[str], bool]] = {
    "id": _is_id,
    "number": is_number,
    "whole": lambda cell: _WHOLE.fullmatch(cell) is not None,
    "moment": lambda cell: bool(dates.candidates(cell)),
    "email": is_email,
    "phone": lambda cell: _PHONE.fullmatch(cell) is not None,
    "currency": lambda cell: _CURRENCY.fullmatch(cell) is not None,
    "words": _is_words,
    "text": _is_text,
    "postcode": lambda cell: any(each.isdigit() for each in cell) and not _is_date(cell),
    "url": lambda cell: _URL.match(cell) is not None,
    "page": lambda cell: _URL.match(cell) is not None and not _API.search(cell),
}
"""How a cell of a field looks."""


def fits(column: Column, looks: str) -> bool | None:
    """Whether nearly all cells look so; None when there are none."""
    found = column.filled[:_ENOUGH]
    return sum(map(LOOKS[looks], found)) >= _MOST * len(found) if found else None


def is_currency(column: Column) -> bool:
    """Whether every cell is the code of a well-known currency."""
    return bool(column.filled) and all(each.upper() in CODES for each in column.filled)


def tells_payment(column: Column) -> bool:
    """Whether any cell is a word for what was paid."""
    return any(each.casefold() in _PAID for each in column.filled)


def masked(cell: str) -> str:
    """A cell as it may be shown: letters as x, digits as 9, and cut."""
    said = "".join(
        "x" if each.isalpha() else "9" if each.isnumeric() else each for each in cell[: _SHOWN + 1]
    )
    plain = "".join(each if each.isprintable() and not each.isspace() else " " for each in said)
    return plain if len(cell) <= _SHOWN else f"{plain[:_SHOWN]}…"
