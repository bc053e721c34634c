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


SPREADSHEET_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})


def bad(code: str, value: object, note: str = "") -> Bad:
    """`code`, or RS513 when the value is a spreadsheet's error: one cause, one finding."""
    return Bad("RS513") if isinstance(value, str) and _is_error(value) else Bad(code, note)


def _is_error(value: str) -> bool:
    """Also `#####`, which stands where a column was too narrow for a date or a number."""
    return value in SPREADSHEET_ERRORS or set(value) == {"#"}
