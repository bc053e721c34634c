"""An order while it is put together, row by row."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from richsync.checks import Severity, has_error
from richsync.fieldmaps import Bound
from richsync.fieldmaps.aggregates import Totals
from richsync.fieldmaps.filling import Chunk
from richsync.fieldmaps.lines import missing
from richsync.model import Odd, Order, Part, Problem, Reject, Row
from richsync.orders import shipments
from richsync.orders.cleaning import all_cleaned, cleaned
from richsync.orders.keys import names
from richsync.values import is_email, uid_of

_PERSON = ("customer.uid", "customer.email")
"""Fields that say who the customer is: rows of two people are not one order."""

_MORE_TO_DO = frozenset({"fulfillment", "deleteFulfillmentAndCreate"})
"""Fields that are completed from others."""


def alone(
    lines: Sequence[int], rows: Sequence[Row], raws: Sequence[str], bound: Bound
) -> Iterator[Order | Reject]:
    """The orders of rows that are one each: a draft only where something is to be said of it."""
    said: list[list[Problem]] = [[] for _ in rows]
    orders: list[dict[str, Any]] = [{} for _ in rows]
    customers: list[dict[str, Any]] = [{} for _ in rows]
    clean, texts = all_cleaned(rows, raws, bound, said)
    chunk = Chunk(clean)
    for filling in (bound.order, bound.lines, bound.custom):
        filling.chunk(chunk, orders, said)
    bound.customer.chunk(chunk, customers, said)
    each = zip(lines, clean, raws, texts, orders, customers, said, strict=True)
    for line, row, raw, text, properties, customer, problems in each:
        is_whole = bound.required <= properties.keys() and _MORE_TO_DO.isdisjoint(properties)
        if is_whole and not problems and _is_person(customer):
            yield Order(properties["orderId"], properties, customer, line, 1, raw, text, problems)
            continue
        draft = Draft(bound, properties.get("orderId") or bound.key(row), line)
        draft.properties, draft.customer = properties, customer
        draft.take(line, row, raw, text, problems)
        yield draft.finished()


def _is_person(customer: dict[str, Any]) -> bool:
    """Whether it is clear who the customer is, with an e-mail that has the form of one."""
    uid, email = customer.get("uid"), customer.get("email")
    if uid is None or not (email is None or is_email(email)):
        return False
    return "@" not in uid or (email is not None and uid == email.lower()) or is_email(uid)


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
        if self.raws:
            self._merge(clean, problems)
        else:
            for filling in (self.bound.order, self.bound.lines, self.bound.custom):
                filling.row(clean, self.properties, problems)
            self.bound.customer.row(clean, self.customer, problems)
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
        self.problems += found if len(self.raws) == 1 else _placed(found, line, raw)

    def add_part(self, line: int, part: Part, raw: str) -> None:
        """A record that the one before it holds already, or that could not be read."""
        if part.odd is not None:
            self.add(line, part.odd, raw)
            return
        self.raws.append(raw)
        self.texts.append(raw.strip())

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
                    problems.append(Problem("RS704", field=path, value=str(value)[:200], severity=severity))
        bound.lines.row(row, self.properties, problems)

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
        if self.tabular:
            self._complete()
        self.problems = _placed(self.problems, self.line, self.raws[0])
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
            "\n".join(self.texts),
            self.problems,
            places=self.places,
        )

    def _complete(self) -> None:
        found = self.problems
        if self.totals:
            self.totals.finish(self.bound.totals, self.properties, found)
        missing(self.bound.needs, self.properties, found)
        if not self.properties.get("items") and not _about(found, "items"):
            found.append(Problem("RS402", field="items"))
        self._check_customer(found)
        if "fulfillment" in self.properties:
            found += shipments.complete(self.properties, found)
        else:
            self.properties.pop("deleteFulfillmentAndCreate", None)
        if len(self.raws) > 1 or self.totals:
            self.properties = {n: self.properties[n] for n in self.bound.names if n in self.properties}

    def _check_customer(self, found: list[Problem]) -> None:
        uid = self.customer.get("uid")
        email = self.customer.get("email", "")
        column = self.bound.email_column
        if uid is None and not (_about(found, "customer.") or _in_column(found, column)):
            found.append(Problem("RS403", column, "customer.uid"))
        if email and not is_email(email):
            severity = Severity.ERROR if uid == uid_of(email) else ""
            found.append(Problem("RS511", column, "customer.email", email[:200], "", severity))
        elif uid and "@" in uid and not is_email(uid):
            found.append(Problem("RS511", "", "customer.uid", uid[:200], "", Severity.ERROR))


def _in_column(problems: list[Problem], column: str) -> bool:
    return bool(column) and any(each.column == column for each in problems)


def _about(problems: list[Problem], path: str) -> bool:
    return any(each.field.startswith(path) for each in problems)


def one_cause(problems: Sequence[Problem]) -> Sequence[Problem]:
    """The problems of a row; of a bad cell that several fields are read from, those of the first field."""
    if len({each.column for each in problems}) == len(problems):
        return problems
    first: dict[tuple[str, ...], str] = {}
    cells = [(each.code, each.column, each.value, each.note) for each in problems]
    return [
        each
        for each, cell in zip(problems, cells, strict=True)
        if not each.column or first.setdefault(cell, each.field) == each.field
    ]


def _placed(problems: Iterable[Problem], line: int, raw: str) -> list[Problem]:
    """The same, those that have no place yet at this one."""
    place = (line, raw, None)
    return [each if each.line else Problem._make(each[:6] + place) for each in problems]
