"""An order while it is put together, row by row."""

from typing import Any

from richsync.checks import Severity, has_error
from richsync.fieldmaps import Bound
from richsync.fieldmaps.aggregates import Totals
from richsync.model import Odd, Order, Part, Problem, Reject, Row
from richsync.orders.cleaning import cleaned, unsendable
from richsync.orders.completion import complete, one_cause, placed
from richsync.orders.keys import names

_PERSON = ("customer.uid", "customer.email")
"""Fields that say who the customer is: rows of two people are not one order."""


class Draft:
    """An order that is being put together."""

    __slots__ = (
        "bound",
        "customer",
        "first",
        "key",
        "line",
        "places",
        "problems",
        "properties",
        "raws",
        "tabular",
        "texts",
        "totals",
    )

    def __init__(self, bound: Bound, key: str, line: int) -> None:
        self.bound = bound
        self.key = key
        self.line = line
        self.first: Row = []
        self.properties: dict[str, Any] = {}
        self.customer: dict[str, Any] = {}
        self.problems: list[Problem] = []
        self.raws: list[str] = []
        self.places: list[tuple[int, str]] = []
        self.texts: list[str] = []
        self.tabular = True
        self.totals = Totals() if bound.totals else None

    def takes(self, key: str) -> bool:
        """Whether a row with this key is of this order; a broken line opens the order that it names."""
        if not self.key and not self.texts and names(self.raws[0], key):
            self.key = key
        return bool(key) and key == self.key

    def add(self, line: int, row: Row | Odd, raw: str) -> None:
        """One more row of the order; the first one that has a field decides it."""
        if isinstance(row, Odd):
            self.problems.append(Problem(row.code, note=row.note, line=line, raw=raw, at=row.at))
            self.raws.append(raw)
            self.tabular = False
            return
        problems: list[Problem] = []
        clean, text = cleaned(row, raw, self.bound, problems)
        bound = self.bound
        if not self.raws:
            for filling in (bound.order, bound.lines, bound.custom):
                filling.row(clean, self.properties, problems)
            bound.customer.row(clean, self.customer, problems)
        else:
            if not self._repeats(clean):
                self._merge(clean, problems)
            bound.lines.row(clean, self.properties, problems)
        self.take(line, clean, raw, text, problems)

    def take(self, line: int, row: Row, raw: str, text: str, problems: list[Problem]) -> None:
        """Keep what is needed of a row that was read."""
        self.first = self.first or row
        if self.totals:
            self.totals.take(self.bound.totals, row, problems)
        self.raws.append(raw)
        self.texts.append(text)
        self.places += [(line, raw)] * (len(self.properties.get("items", ())) - len(self.places))
        found = one_cause(problems)
        self.problems += found if len(self.raws) == 1 else placed(found, line, raw)

    def add_part(self, line: int, part: Part, raw: str) -> None:
        """A record that the one before it holds already, or that could not be read."""
        if part.odd is not None:
            self.add(line, part.odd, raw)
            return
        self.raws.append(raw)
        self.texts.append(raw.strip())

    def _repeats(self, row: Row) -> bool:
        """Whether a row says of the order itself what the first one did, and nothing was wrong with that."""
        own = self.bound.own
        return own is not None and not self.problems and own(row) == own(self.first)

    def _merge(self, row: Row, problems: list[Problem]) -> None:
        bound = self.bound
        more: dict[str, Any] = {}
        person: dict[str, Any] = {}
        bound.order.row(row, more, problems)
        bound.custom.row(row, more, problems)
        bound.customer.row(row, person, problems)
        for known, found in ((self.properties, more), (self.customer, person)):
            for name, value in found.items():
                path = name if known is self.properties else f"customer.{name}"
                if known.setdefault(name, value) != value and self._is_contradicted(path, row):
                    severity = Severity.ERROR if self._is_of_another(path, person, row) else ""
                    column, cell = self._cell(path, row) or ("", str(value))
                    problems.append(Problem("RS704", column, path, cell[:200], severity=severity))

    def _cell(self, path: str, row: Row) -> tuple[str, str] | None:
        """The column of a table that a field is read from, and what a row has there."""
        if isinstance(row, dict):
            return None
        columns = self.bound.columns.items()
        return next(((column, row[at]) for at, (column, field) in columns if field == path), None)

    def _is_contradicted(self, path: str, row: Row) -> bool:
        """Whether a row's value of a field counts against the first row's: a mere fallback does not."""
        rank = self.bound.ranks.get(path)
        return path not in self.bound.derived and (rank is None or rank(row) <= rank(self.first))

    def _is_of_another(self, path: str, person: dict[str, Any], row: Row) -> bool:
        """Whether a row is another customer's: the source that named the first row's names somebody else."""
        rank = self.bound.ranks.get("customer.uid")
        same_source = rank is None or rank(row) == rank(self.first)
        return path in _PERSON and same_source and person.get("uid") != self.customer.get("uid")

    def finished(self) -> Order | Reject:
        """The order, or everything that is wrong with it."""
        if isinstance(self.first, dict):
            self.problems += unsendable("".join(self.texts), self.properties, self.customer)
        if self.tabular:
            self._complete()
        self.problems = placed(self.problems, self.line, self.raws[0])
        raw = self.raws[0] if len(self.raws) == 1 else "".join(self.raws)
        if has_error(self.problems):
            order_id = self.properties.get("orderId", self.key)
            created = self.properties.get("createdAt")
            return Reject(order_id, self.line, len(self.raws), raw, self.problems, self.tabular, created)
        return Order(
            self.properties["orderId"],
            self.properties,
            self.customer,
            self.line,
            len(self.raws),
            raw,
            ["\n".join(self.texts)],
            self.problems,
            places=self.places,
        )

    def _complete(self) -> None:
        if self.totals:
            self.totals.finish(self.bound.totals, self.properties, self.problems)
        complete(self.bound, self.properties, self.customer, self.problems)
        if len(self.raws) > 1 or self.totals:
            self.properties = {n: self.properties[n] for n in self.bound.names if n in self.properties}
