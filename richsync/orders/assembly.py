"""The rows of one order joined: records into orders and rejects, in the order of the export."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, compress
from typing import TypeAlias, TypeVar

from richsync.checks import CHECKS
from richsync.fieldmaps import Bound
from richsync.model import Fault, Odd, Order, Part, Problem, Record, Reject, Row, Skipped, SkipReason
from richsync.orders.alone import alone
from richsync.orders.draft import Draft
from richsync.orders.keys import key_of_odd

Assembled: TypeAlias = Order | Reject | Skipped | Fault

_Value = TypeVar("_Value")

_LARGE = 128 * 1024
_NO_ROW = (Odd, Part)
_PASSED_OVER = frozenset({"RS207", "RS211", "RS212"})


def assemble(records: Iterable[Record], bound: Bound) -> Iterator[Assembled]:
    """Join records into orders, in the order of the export; a draft is open until its key changes."""
    return chain.from_iterable(join(filled_down(records, bound), bound))


def join(records: Iterable[Record], bound: Bound) -> Iterator[Sequence[Assembled]]:
    """The same of records whose empty cells were filled already, many at once: it is faster."""
    if bound.alone:
        return _each(records, bound)
    return in_chunks(_together(records, bound), bound.at_once, size_of)


def _each(records: Iterable[Record], bound: Bound) -> Iterator[Sequence[Assembled]]:
    """Every record is an order by itself."""
    for chunk in in_chunks(records, bound.at_once, _length):
        lines, rows, raws = zip(*chunk, strict=True)
        taken = [not isinstance(row, _NO_ROW) for row in rows]
        if bound.wanted is not None:
            taken = [is_row and bound.wanted(row) for is_row, row in zip(taken, rows, strict=True)]
        if all(taken):
            yield alone(lines, rows, raws, bound)
            continue
        lines, rows, raws = (tuple(compress(each, taken)) for each in (lines, rows, raws))
        orders = iter(alone(lines, rows, raws, bound) if rows else ())
        each = zip(chunk, taken, strict=True)
        yield [next(orders) if is_taken else _passed_over(record, bound) for record, is_taken in each]


def in_chunks(
    values: Iterable[_Value], at_once: int, size: Callable[[_Value], int]
) -> Iterator[list[_Value]]:
    """So many values at once, or fewer large ones: memory stays flat."""
    chunk: list[_Value] = []
    held = 0
    for value in values:
        chunk.append(value)
        held += size(value)
        if len(chunk) == at_once or held > _LARGE:
            yield chunk
            chunk, held = [], 0
    if chunk:
        yield chunk


def _length(record: Record) -> int:
    return len(record[2])


def size_of(found: Assembled) -> int:
    """The characters of the records that it holds."""
    return len(found.raw) if isinstance(found, Order | Reject) else 0


def _passed_over(record: Record, bound: Bound) -> Assembled:
    """What becomes of a record alone that `where:` does not ask for, or that could not be read."""
    return next(_together([record], bound))


def _together(records: Iterable[Record], bound: Bound) -> Iterator[Assembled]:
    """Records next to each other with the same key are one order."""
    draft: Draft | None = None
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
        above = draft.key if draft is not None else ""
        key = key_of_odd(row, above, raw, bound) if isinstance(row, Odd) else bound.key(row)
        if draft is None or not bound.grouped or not draft.takes(key):
            if draft is not None:
                yield draft.finished()
            draft = Draft(bound, key, line)
        draft.add(line, row, raw)
    if draft is not None:
        yield draft.finished()


def _is_wanted(row: Row, bound: Bound) -> bool:
    return bound.wanted is None or bound.wanted(row)


def is_set_aside(odd: Odd) -> bool:
    """Whether it is no record of any order: a fault of the file, or a line that is passed over."""
    return CHECKS[odd.code].whole or odd.code in _PASSED_OVER


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
    problem = Problem(odd.code, note=odd.note, line=line, raw=odd.begins or raw, at=odd.at)
    return (
        Fault(problem) if CHECKS[odd.code].whole else Skipped(SkipReason.NOT_A_RECORD, line, problem=problem)
    )
