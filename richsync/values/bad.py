"""What a reader gives when there is no value to give."""

from typing import NamedTuple


class Bad(NamedTuple):
    """Why a value could not be read: the finding's code, and what its message adds.

    One with a `value` was read, and there is something to say about how: the value is taken. `text` is what
    could not be read, where whoever asked cannot know it.
    """

    code: str
    note: str = ""
    value: int | str | None = None
    text: str = ""


NOT_ONE = Bad("RS310", "an object or a list")
"""JSON that holds several values where one is wanted."""

SPREADSHEET_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})


def bad(code: str, value: object, note: str = "") -> Bad:
    """`code`, unless the value itself is the cause: a spreadsheet's error (RS513), an object (RS310)."""
    if isinstance(value, dict | list):
        return NOT_ONE
    return Bad("RS513") if isinstance(value, str) and _is_error(value) else Bad(code, note)


def _is_error(value: str) -> bool:
    """Also `#####`, which stands where a column was too narrow for a date or a number."""
    return value in SPREADSHEET_ERRORS or set(value) == {"#"}
