"""`where:` as a closure: which rows, or members of a list, a map asks for."""

from collections.abc import Callable, Sequence
from typing import Any

from richsync.fieldmaps.columns import Fetch
from richsync.fieldmaps.model import Column, Condition
from richsync.values import Bad, is_empty, text, tidy

FILLED, EMPTY = "filled", "empty"


def written(value: object) -> str:
    """A key, or a word to compare, as text; "" for what has none."""
    if type(value) is str:
        return tidy(value)
    found = "" if is_empty(value) else text(value)
    return "" if isinstance(found, Bad) else found


def condition(
    conditions: Sequence[Condition], fetched: Callable[[Column], Fetch]
) -> Callable[[Any], bool] | None:
    """Whether a row, or a member, meets all of them; None when there are none."""
    tests = [(fetched(column), texts, FILLED in texts, EMPTY in texts) for column, texts in conditions]

    def met(row: Any) -> bool:
        for fetch, texts, filled, empty in tests:
            cell = written(fetch(row))
            if not (cell in texts or (filled if cell else empty)):
                return False
        return True

    return met if tests else None
