"""What a cell held, text or a JSON scalar, to a typed value: exact, and never guessed.

Every reader gives the value, or a `Bad` that says which finding it is. None of them raises.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from richsync.schema import Kind
from richsync.values.bad import SPREADSHEET_ERRORS, Bad
from richsync.values.columns import AtOnce, at_once, in_stretches, plain_emails
from richsync.values.currencies import CURRENCIES, minor_digits
from richsync.values.moments import date_format, is_iso, is_local_iso, moment_reader
from richsync.values.numbers import (
    PLAIN_STYLE,
    NumberStyle,
    number_reader,
    number_style,
    quantity,
    quantity_reader,
)
from richsync.values.texts import (
    anything,
    bad_characters,
    boolean_reader,
    control_character,
    identifier,
    is_email,
    is_empty,
    key,
    may_hide,
    text,
    texts,
    tidy,
    uid,
    uid_of,
)
from richsync.values.wrappers import Moment
from richsync.values.zones import zone

Read: TypeAlias = Callable[[object], object]
"""What a cell held to a typed value, or `Bad`."""

READERS: Mapping[Kind, Read] = {
    Kind.KEY: key,
    Kind.IDENTIFIER: identifier,
    Kind.TEXT: text,
    Kind.TEXTS: texts,
    Kind.QUANTITY: quantity,
    Kind.BOOLEAN: boolean_reader(),
    Kind.EMAIL: text,
    Kind.UID: uid,
    Kind.ANY: anything,
}
"""How each kind is read that needs no setting of the export; numbers and moments do."""

__all__ = [
    "CURRENCIES",
    "PLAIN_STYLE",
    "READERS",
    "SPREADSHEET_ERRORS",
    "AtOnce",
    "Bad",
    "Moment",
    "NumberStyle",
    "Read",
    "at_once",
    "bad_characters",
    "boolean_reader",
    "control_character",
    "date_format",
    "in_stretches",
    "is_email",
    "is_empty",
    "is_iso",
    "is_local_iso",
    "may_hide",
    "minor_digits",
    "moment_reader",
    "number_reader",
    "number_style",
    "plain_emails",
    "quantity_reader",
    "text",
    "tidy",
    "uid_of",
    "zone",
]
