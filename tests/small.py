"""Small exports with small maps, read the way an import reads them."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from richsync.accounts import Account
from richsync.exports import Export, open_export
from richsync.fieldmaps import bind, load
from richsync.model import Fault, Odd, Order, Problem, ReadAs, Record, Reject, Skipped
from richsync.orders import Assembled, assemble
from richsync.pipeline.readings import Source
from richsync.pipeline.surveys import Survey
from richsync.pipeline.validations import validate

HEADER = "id,total,date,mail,sku,price,qty,note"
MAP = """\
richsync: 1
{export}
order:
  orderId: id
  amount: total
  createdAt: date
  items: {{sku: sku, price: price, quantity: qty}}
  custom: {{note: note}}
customer: {{email: mail}}
"""
DAY = "2024-03-05T10:00:00Z"
MILLISECONDS = 1709632800000


class Quiet:
    """Progress that nobody watches."""

    def reading(self, export: Export, orders: int) -> None:
        """Say nothing."""

    def checked(self, survey: object) -> None:
        """Say nothing."""


def surveyed(asked: Source) -> tuple[Survey, Account]:
    """What is found in one export, and what became of it."""
    found = validate([asked], Quiet())
    (survey,) = found.surveys
    return survey, found.account


def map_text(export: str = "") -> str:
    """The map of `HEADER`; `export` is what it says of how the export is written, `group: id`."""
    return MAP.format(export=f"export: {{{export}}}" if export else "")


def cells(order_id: str = "1", **other: str) -> list[str]:
    """The cells of a good row, but for what is said."""
    good = {"total": "9.50", "date": DAY, "mail": "a@b.com", "sku": "TE-1", "price": "9.5", "qty": "1"}
    named = {"id": order_id, **good, "note": "", **other}
    return [named[name] for name in HEADER.split(",")]


def row(order_id: str = "1", **other: str) -> str:
    """A good row as it stands in the file, but for what is said; nothing is quoted."""
    return ",".join(cells(order_id, **other))


def table(*rows: str) -> str:
    """An export with the header; the rows as they are."""
    return "".join(f"{each}\n" for each in (HEADER, *rows))


def source(folder: Path, export: str | bytes, mapped: str, name: str = "orders.csv") -> Source:
    """An export and its map, written to a folder."""
    path = folder / name
    path.write_bytes(export.encode() if isinstance(export, str) else export)
    map_file = folder / f"{path.name.partition('.')[0]}.map.yaml"
    map_file.write_text(mapped, encoding="utf-8")
    field_map = load(mapped, str(map_file))._replace(sha256=sha256(mapped.encode()).hexdigest())
    return Source(str(path), field_map, ReadAs(), map_file)


def read(folder: Path, export: str | bytes, mapped: str, name: str = "orders.csv") -> list[Assembled]:
    """Everything that becomes of an export's records."""
    asked = source(folder, export, mapped, name)
    with open_export(asked.name, asked.field_map.export.read_as) as opened:
        return list(assemble(opened, bind(asked.field_map, opened.columns, opened.sample)))


def joined(records: Sequence[Record], mapped: str, columns: Sequence[str] = ()) -> list[Assembled]:
    """The same of records in memory; without columns they are JSON."""
    rows = [each for each in records if not isinstance(each[1], Odd)]
    return list(assemble(records, bind(load(mapped, "map"), columns, rows)))


def brief(found: Assembled) -> str:
    """What became of records, in a few words: `reject 1 @3 x2: RS401 id`."""
    match found:
        case Order():
            return f"order {found.order_id} @{found.line} x{found.records}{_told(found.problems)}"
        case Reject():
            loose = "" if found.tabular else " loose"
            return f"reject {found.order_id} @{found.line} x{found.records}{loose}{_told(found.problems)}"
        case Fault(problem=problem):
            return f"fault @{problem.line}: {problem.code}"
        case Skipped():
            return f"skipped @{found.line}: {found.reason}"


def _told(problems: list[Problem]) -> str:
    told = ", ".join(f"{each.code} {each.field}".strip() for each in problems)
    return f": {told}" if told else ""
