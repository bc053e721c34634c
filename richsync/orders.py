"""Records into orders: the rows of one order joined, every problem of an order found in one pass.

An order that cannot be sent is a value too, a `Reject`; nothing here raises.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Any, TypeAlias

from richsync.checks import CHECKS, Severity, severity_of
from richsync.fieldmaps import Bound
from richsync.fieldmaps.aggregates import Totals
from richsync.fieldmaps.columns import bad_characters
from richsync.fieldmaps.puts import missing
from richsync.model import Fault, Odd, Order, Part, Problem, Record, Reject, Row, Skipped, SkipReason
from richsync.values import SPREADSHEET_ERRORS, control_character, is_email, tidy, uid_of

_PERSON = ("customer.uid", "customer.email")
"""Fields that say who the customer is: rows of two people are not one order."""

Assembled: TypeAlias = Order | Reject | Skipped | Fault

_PASSED_OVER = frozenset({"RS207", "RS211", "RS212"})


def assemble(records: Iterable[Record], bound: Bound) -> Iterator[Assembled]:
    """Join records into orders, in the order of the export; a draft is open until its key changes."""
    return join(filled_down(records, bound), bound)


def join(records: Iterable[Record], bound: Bound) -> Iterator[Assembled]:
    """The same of records whose empty cells were filled already."""
    draft: _Draft | None = None
    is_passed_over = False
    for line, given, raw in records:
        if isinstance(given, Part) and draft is not None and not is_passed_over:
            draft.add_part(line, given, raw)
            continue
        row = given.odd if isinstance(given, Part) else given
        is_passed_over = row is None or not (isinstance(row, Odd) or _is_wanted(row, bound))
        if row is None or is_passed_over:
            yield Skipped(SkipReason.WHERE, line)
            continue
        if isinstance(row, Odd) and is_set_aside(row):
            yield set_aside(line, row, raw)
            continue
        key = _key_of_odd(row, draft, raw, bound) if isinstance(row, Odd) else bound.key(row)
        if draft is None or not bound.grouped or not draft.takes(key):
            if draft is not None:
                yield draft.finished()
            draft = _Draft(bound, key, line)
        draft.add(line, row, raw)
    if draft is not None:
        yield draft.finished()


def _is_wanted(row: Row, bound: Bound) -> bool:
    return bound.wanted is None or bound.wanted(row)


def is_set_aside(odd: Odd) -> bool:
    """Whether it is no record of any order: a fault of the file, or a line that is passed over."""
    return CHECKS[odd.code].whole or odd.code in _PASSED_OVER


def key_of(bound: Bound) -> Callable[[Row | Odd], str]:
    """What tells the orders of rows apart, also of those with too many cells or too few."""
    return lambda row: _key_of_odd(row, None, "", bound) if isinstance(row, Odd) else bound.key(row)


def filled_down(records: Iterable[Record], bound: Bound) -> Iterable[Record]:
    """The records with the cells that `fill_down` takes from the row above."""
    return _filling(records, bound.fill_down) if bound.fill_down else records


def _filling(records: Iterable[Record], columns: tuple[int, ...]) -> Iterator[Record]:
    last: Sequence[str] = ()
    for line, row, raw in records:
        if isinstance(row, list):
            last = _filled(row, last, columns)
            yield line, last, raw
        elif isinstance(row, Odd) and row.cells:
            last = _filled(list(row.cells), last, columns)
            yield line, row._replace(cells=tuple(last)), raw
        else:
            yield line, row, raw


def _filled(cells: list[str], last: Sequence[str], columns: tuple[int, ...]) -> list[str]:
    for at in columns:
        if at < min(len(cells), len(last)) and not cells[at].strip():
            cells[at] = last[at]
    return cells


def set_aside(line: int, odd: Odd, raw: str) -> Skipped | Fault:
    """What becomes of one."""
    problem = Problem(odd.code, note=odd.note, line=line, raw=raw)
    return (
        Fault(problem) if CHECKS[odd.code].whole else Skipped(SkipReason.NOT_A_RECORD, line, problem=problem)
    )


def _key_of_odd(odd: Odd, draft: "_Draft | None", raw: str, bound: Bound) -> str:
    """The order that a broken record belongs to, so that no order is sent without one of its lines."""
    if odd.cells and bound.columns:
        width = max(bound.columns) + 1
        return bound.key([*odd.cells, *[""] * (width - len(odd.cells))])
    if draft is None or not bound.grouped:
        return ""
    return draft.key if bound.fill_down or names(raw, draft.key) else ""


def names(raw: str, key: str) -> bool:
    """Whether every part of a key stands in a record that could not be read."""
    parts = filter(None, key.split("\x1f"))
    return bool(key) and all(re.search(rf"(?<!\w){re.escape(part)}(?!\w)", raw) for part in parts)


class _Draft:
    """An order that is being put together, row by row."""

    __slots__ = (
        "bound",
        "customer",
        "first",
        "key",
        "line",
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
        self.texts: list[str] = []
        self.tabular = True
        self.totals = Totals()

    def takes(self, key: str) -> bool:
        """Whether a row with this key is of this order; a broken line opens the order that it names."""
        if not self.key and not self.texts and names(self.raws[0], key):
            self.key = key
        return bool(key) and key == self.key

    def add(self, line: int, row: Row | Odd, raw: str) -> None:
        """One more row of the order; the first one that has a field decides it."""
        if isinstance(row, Odd):
            self.problems.append(Problem(row.code, note=row.note, line=line, raw=raw))
            self.raws.append(raw)
            self.tabular = False
            return
        bound = self.bound
        problems: list[Problem] = []
        if isinstance(row, list):
            joined = "|".join(row)
            if _is_untidy(joined):
                row = _tidied(row, bound, problems)
        else:
            joined = "|".join([raw.strip(), *(row[name] for name in bound.joined)])
            if ("\\" in joined or not joined.isprintable()) and (bad := bad_characters(row)):
                problems.append(Problem("RS108", "the record", note=bad))
        self.first = self.first or row
        if not self.raws:
            bound.order(row, self.properties, problems)
            bound.lines(row, self.properties, problems)
            bound.custom(row, self.properties, problems)
            bound.customer(row, self.customer, problems)
        else:
            self._merge(row, problems)
        if bound.totals:
            self.totals.take(bound.totals, row, problems)
        self.raws.append(raw)
        self.texts.append(joined)
        if problems:
            self.problems += [each._replace(line=line, raw=raw) for each in problems]

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
        bound.order(row, more, problems)
        bound.custom(row, more, problems)
        bound.customer(row, person, problems)
        for known, found in ((self.properties, more), (self.customer, person)):
            for name, value in found.items():
                path = name if known is self.properties else f"customer.{name}"
                if known.setdefault(name, value) != value and self._is_contradicted(path, row):
                    severity = Severity.ERROR if self._is_of_another(path, person, row) else ""
                    problems.append(Problem("RS704", field=path, value=str(value)[:200], severity=severity))
        bound.lines(row, self.properties, problems)

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
        raw = self.raws[0] if len(self.raws) == 1 else "".join(self.raws)
        if self.problems and any(severity_of(each) is Severity.ERROR for each in self.problems):
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
            blake2b("\n".join(self.texts).encode(errors="replace"), digest_size=16).digest(),
            self.problems,
        )

    def _complete(self) -> None:
        found: list[Problem] = list(self.problems)
        before = len(found)
        self.totals.finish(self.bound.totals, self.properties, found)
        missing(self.bound.needs, self.properties, found)
        if not self.properties.get("items") and not _about(found, "items"):
            found.append(Problem("RS402", field="items"))
        self._check_customer(found)
        if "fulfillment" in self.properties:
            self._lend_items(found)
        else:
            self.properties.pop("deleteFulfillmentAndCreate", None)
        self.problems += [each._replace(line=self.line, raw=self.raws[0]) for each in found[before:]]
        if len(self.raws) > 1 or self.bound.totals:
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

    def _lend_items(self, found: list[Problem]) -> None:
        """A fulfillment without items takes the order's, if it is the only one; of several it is unknown."""
        shipments = self.properties["fulfillment"]
        if len(shipments) == 1:
            shipments[0].setdefault("items", self.properties.get("items", []))
        if any("items" not in each for each in shipments) and not _about(found, "fulfillment.items"):
            found.append(Problem("RS407", field="fulfillment.items"))


def _in_column(problems: list[Problem], column: str) -> bool:
    return bool(column) and any(each.column == column for each in problems)


def _about(problems: list[Problem], path: str) -> bool:
    return any(each.field.startswith(path) for each in problems)


def _is_untidy(joined: str) -> bool:
    """Whether any cell of a row (joined by `|`) may need to be tidied: one look for the whole row."""
    return (
        not joined.isprintable()
        or "| " in joined
        or " |" in joined
        or "|'" in joined
        or "|=" in joined
        or joined[:1] in " '="
        or joined[-1:] == " "
        or ("#" in joined and ("!" in joined or "#N/A" in joined or "#NAME?" in joined))
    )


def _tidied(row: list[str], bound: Bound, problems: list[Problem]) -> list[str]:
    """The row's cells without what cannot be seen; what cannot be sent is a problem, once a cell."""
    tidy_row = [cell if cell.isalnum() else tidy(cell) for cell in row]
    for at, (column, field) in bound.columns.items():
        cell = tidy_row[at]
        if cell in SPREADSHEET_ERRORS:
            problems.append(Problem("RS513", column, field, cell))
            tidy_row[at] = ""
        elif bad := ("" if cell.isprintable() else control_character(cell)):
            problems.append(Problem("RS108", column, field, note=bad))
            tidy_row[at] = ""
    return tidy_row
