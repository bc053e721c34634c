"""Exports with known faults: the same seed always spoils the same cells."""

from collections import Counter
from random import Random
from typing import NamedTuple

from tests.small import HEADER, cells

COLUMNS = HEADER.split(",")
BAD_CELLS = {
    "total": {"12,50": "RS502", "$5": "RS503", "abc": "RS501", "1.2.3": "RS501"},
    "date": {"05.03.2024": "RS506", "soon": "RS506", "2024-02-30T10:00:00Z": "RS507"},
    "price": {"9,99": "RS502", "free": "RS501"},
    "qty": {"0": "RS504", "-1": "RS504", "two": "RS504"},
}
EMPTY = {"id": "RS401", "total": "RS401", "date": "RS404", "price": "RS401", "qty": "RS401", "mail": "RS403"}
OF_A_LINE = ("price", "qty")
BAD_MAILS = ("a.b.com", "a@b", "a@@b.com", "x y@z.com")


class Shape(NamedTuple):
    """How the export looks: up to so many rows an order, some notes with a line break in them or none."""

    rows: int = 1
    breaks: bool = False


class Faulty(NamedTuple):
    """An export and what must be found: (line, code, column) of each fault, and the orders that it costs."""

    text: str
    faults: Counter[tuple[int, str, str]]
    orders: int
    rejected: int
    duplicates: int


class Writer:
    """Writes orders one below the other, and keeps what it spoiled."""

    def __init__(self, seed: int, shape: Shape) -> None:
        self.random = Random(seed)
        self.shape = shape
        self.lines = [HEADER]
        self.line = 2
        self.faults: Counter[tuple[int, str, str]] = Counter()
        self.orders = self.rejected = self.duplicates = 0

    def note(self) -> str:
        return "one\ntwo" if self.shape.breaks and self.random.random() < 0.3 else "Gift, please"

    def rows(self, order_id: str) -> list[list[str]]:
        note = self.note()
        return [
            cells(order_id, note=note, sku=f"TE-{n}") for n in range(self.random.randint(1, self.shape.rows))
        ]

    def places(self, rows: list[list[str]]) -> list[int]:
        """The lines on which the rows will start."""
        starts = [self.line]
        for row in rows[:-1]:
            starts.append(starts[-1] + 1 + row[-1].count("\n"))
        return starts

    def write(self, rows: list[list[str]], *, bad: bool) -> None:
        for row in rows:
            self.lines.append(",".join(f'"{each}"' if set(each) & set(',\n"') else each for each in row))
            self.line += 1 + self.lines[-1].count("\n")
        self.orders += 1
        self.rejected += bad

    def spoil_cell(self, rows: list[list[str]], column: str) -> None:
        at = self.random.randrange(len(rows))
        value, code = self.random.choice(list(BAD_CELLS[column].items()))
        rows[at][COLUMNS.index(column)] = value
        self.faults[self.places(rows)[at], code, column] += 1

    def empty_cell(self, rows: list[list[str]], column: str) -> None:
        """A cell of a line, or a cell of the order in all its rows."""
        spoiled = [self.random.choice(rows)] if column in OF_A_LINE else rows
        starts = self.places(rows)
        at = rows.index(spoiled[0]) if column in OF_A_LINE else 0
        for row in spoiled:
            row[COLUMNS.index(column)] = ""
        self.faults[starts[at], EMPTY[column], column] += 1

    def spoil_mail(self, rows: list[list[str]]) -> None:
        mail = self.random.choice(BAD_MAILS)
        for row in rows:
            row[COLUMNS.index("mail")] = mail
        self.faults[self.line, "RS511", "mail"] += 1

    def spoil_width(self, rows: list[list[str]]) -> None:
        at = self.random.randrange(len(rows))
        code = self.random.choice(("RS202", "RS203"))
        self.faults[self.places(rows)[at], code, ""] += 1
        if code == "RS202":
            rows[at].append("extra")
        else:
            del rows[at][4:]

    def spoil(self, rows: list[list[str]]) -> None:
        kind = self.random.randrange(8)
        if kind < 4:
            columns = self.random.sample(list(BAD_CELLS), self.random.randint(1, 3))
            for column in columns:
                self.spoil_cell(rows, column)
        elif kind < 6:
            # A row without an id is no row of the order next to it.
            names = [each for each in EMPTY if each != "id" or len(rows) == 1]
            self.empty_cell(rows, self.random.choice(names))
        elif kind == 6:
            self.spoil_mail(rows)
        else:
            self.spoil_width(rows)

    def repeat(self, rows: list[list[str]]) -> None:
        """A good order once more: in the same form, or in another, which costs both."""
        if self.random.random() < 0.5:
            self.faults[self.line, "RS701", ""] += 1
            self.duplicates += 1
            self.write(rows, bad=False)
            return
        self.faults[self.line, "RS703" if self.shape.rows > 1 else "RS702", ""] += 1
        self.write([[row[0], "0.01", *row[2:]] for row in rows], bad=True)
        self.rejected += 1


def faulty(seed: int, shape: Shape, orders: int = 300) -> Faulty:
    """An export in which every tenth order is spoiled and every thirtieth repeated."""
    writer = Writer(seed, shape)
    last: list[list[str]] | None = None
    for number in range(orders):
        rows = writer.rows(f"{1000 + number}")
        bad = writer.random.random() < 0.1
        if bad:
            writer.spoil(rows)
        writer.write(rows, bad=bad)
        if last and writer.random.random() < 0.03:
            writer.repeat(last)
            last = None
        elif not bad:
            last = rows
        if last is rows and writer.random.random() < 0.5:
            last = None
    text = "".join(f"{each}\n" for each in writer.lines)
    return Faulty(text, writer.faults, writer.orders, writer.rejected, writer.duplicates)
