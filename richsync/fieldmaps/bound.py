"""A field map that knows its export, as a value: what reads a row."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from richsync.fieldmaps.aggregates import Total
from richsync.fieldmaps.filling import Filling
from richsync.fieldmaps.lines import Need
from richsync.model import Problem, Row

KeyOf = Callable[[Any], str]


class Bound(NamedTuple):
    """A field map that knows its export.

    `order`, `lines` and `custom` fill the properties, in this order; `totals` are made of all rows of an
    order. `own` gives what an order's own fields are made of: where two rows have the same, they say the
    same; None when that cannot be known. `required` are the names that the properties cannot do without.
    `key` gives what tells a row's order from others; `grouped` says whether rows next to each other with
    the same key are one order, `scattered` that they may stand anywhere, `alone` that every row is an
    order by itself. `columns` are the CSV columns that the map reads, by index, each with the first field
    it feeds. `derived` are the paths of the fields that the map does not name; `ranks` how far down its
    sources a row has a field with fallbacks. `wanted` is the `where:` of the map. `joined` are the
    members of JSON records that hold the rows of other files. `at_once` is how many rows are read
    together. `defaults` counts while rows are read how often the map's defaults were taken.
    """

    order: Filling
    custom: Filling
    customer: Filling
    own: Callable[[Row], object] | None
    totals: tuple[Total, ...]
    lines: Filling
    needs: tuple[Need, ...]
    required: frozenset[str]
    email_column: str
    derived: frozenset[str]
    ranks: Mapping[str, Callable[[Row], int]]
    names: tuple[str, ...]
    key: KeyOf
    grouped: bool
    scattered: bool
    alone: bool
    columns: Mapping[int, tuple[str, str]]
    fill_down: tuple[int, ...]
    wanted: Callable[[Any], bool] | None
    joined: tuple[str, ...]
    notes: tuple[Problem, ...]
    at_once: int
    defaults: Counter[tuple[str, str]]

    def defaults_used(self) -> list[Problem]:
        """RS803: how often the map's defaults were taken, so far."""
        return [
            Problem("RS803", field=path, note=f"{count:,} times {default!r}")
            for (path, default), count in self.defaults.items()
            if path not in self.derived
        ]
