"""Records of one order that stand apart in an export, brought together on disk: memory stays flat.

Orders come in the order of their first record, their records in the order of the export, each with its line
and its raw text. A record that could not be read comes with the order that it names.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, groupby
from typing import Any, NamedTuple

from richsync.jsontext import loads
from richsync.model import Odd, Part, Record, Row
from richsync.orders import is_set_aside, names
from richsync.scratch import Scratch
from richsync.values import is_empty, text

_FLUSH_AT = 1000
_SCHEMA = """
CREATE TABLE records (
    seq INTEGER PRIMARY KEY, key BLOB, head BLOB, above BLOB, owner INTEGER, lost INTEGER,
    line INTEGER, cells BLOB, odd TEXT, note TEXT, at INTEGER, begins BLOB, raw BLOB
);
CREATE TABLE places (root INTEGER, seq INTEGER, PRIMARY KEY (root, seq)) WITHOUT ROWID;
"""
_INSERT = "INSERT INTO records VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INDEX = """
CREATE INDEX record_keys ON records (key) WHERE key IS NOT NULL;
CREATE INDEX record_heads ON records (head) WHERE head IS NOT NULL;
"""
_BEFORE = "SELECT key FROM records WHERE seq < ? AND key IS NOT NULL ORDER BY seq DESC LIMIT 1"
_PLACES = """
UPDATE records SET owner = (SELECT min(seq) FROM records AS other WHERE other.key = records.above)
WHERE above IS NOT NULL;
CREATE INDEX record_owners ON records (owner) WHERE owner IS NOT NULL;
WITH RECURSIVE place (root, seq) AS (
    SELECT seq, seq FROM records WHERE above IS NULL OR owner = seq
    UNION ALL
    SELECT root, records.seq FROM place JOIN records ON owner = place.seq AND records.seq <> place.seq
) INSERT INTO places SELECT root, seq FROM place;
INSERT INTO places SELECT seq, seq FROM records WHERE seq NOT IN (SELECT seq FROM places);
"""
_IN_PLACE = """
SELECT root, seq, owner, above, line, cells, odd, note, at, begins, raw FROM places JOIN records USING (seq)
ORDER BY root, seq <> root, seq
"""
_WORD = re.compile(r"""[^\s"',;|{}\[\]]+""")
_CELL = re.compile(r"""[^\t"',;|{}\[\]\r\n]+""")
_KIND = re.compile(r"gid://[^/]+/([^/]+)/.+", re.DOTALL)
_CHILDREN = "children"
_SHOWN = 200


class _Placed(NamedTuple):
    """A record as it is kept: `root` is the first of its order, `owner` the one it belongs to."""

    root: int
    seq: int
    owner: int | None
    above: bytes | None
    line: int
    cells: bytes | None
    odd: str | None
    note: str
    at: int | None
    begins: bytes
    raw: bytes

    @property
    def is_orphan(self) -> bool:
        """Whether it names an owner that is not there, or that belongs to itself in the end."""
        return self.root == self.seq and self.above is not None and self.owner != self.seq

    @property
    def text(self) -> str:
        return _decoded(self.raw)

    def held(self) -> Row | Odd:
        """What it held when it was read."""
        cells = _split(self.cells) if self.cells is not None else []
        if self.odd is not None:
            return Odd(self.odd, self.note, tuple(cells), self.at, _decoded(self.begins))
        return cells if self.cells is not None else _object(self.text)


class Gathering(Scratch):
    """A temporary table of records; it takes one export."""

    def __init__(self) -> None:
        super().__init__(_SCHEMA, "the records could not be gathered")

    def scattered(
        self, records: Iterable[Record], key: Callable[[Row | Odd], str], *, goes_on: bool
    ) -> Iterator[Record]:
        """The records, those with the same key next to each other; without a key each stays alone.

        A broken line that names no order belongs to the one above it when the export `goes_on` below a key.
        """

        def pointers(row: Row | Odd) -> tuple[str, str]:
            found = key(row)
            return found, found

        with self.door():
            self._take(records, pointers, goes_on=goes_on)
            for each in self._in_place():
                held = each.held()
                lost = isinstance(held, Odd) and each.root != each.seq and not held.cells
                yield each.line, Part(held) if lost and isinstance(held, Odd) else held, each.text

    def families(self, records: Iterable[Record], parent: str) -> Iterator[Record]:
        """JSON records with the ones below them as members of lists, at any depth.

        A record names the `id` of the one it belongs to in `parent`. The list is named by the record's own
        id, `gid://shopify/LineItem/1` (Shopify's global ids) is one of `LineItem`, else it is `children`.
        A record of its own is followed by a `Part` for each one that is in it.
        """

        def pointers(row: Row | Odd) -> tuple[str, str]:
            return (_id(row.get("id")), _id(row.get(parent))) if isinstance(row, dict) else ("", "")

        with self.door():
            self._take(records, pointers, goes_on=False)
            for _, family in groupby(self._in_place(), lambda each: each.root):
                yield from _family(list(family))

    # filling it

    def _take(
        self, records: Iterable[Record], pointers: Callable[[Row | Odd], tuple[str, str]], *, goes_on: bool
    ) -> None:
        held: list[tuple[object, ...]] = []
        for line, row, raw in records:
            if not isinstance(row, Part):
                held.append(_kept(line, row, raw, pointers))
            if len(held) == _FLUSH_AT:
                self._write(held)
                held = []
        self._write(held)
        self._connection.executescript(_INDEX)
        self._find_lost(goes_on=goes_on)
        self._connection.executescript(_PLACES)

    def _write(self, held: list[tuple[object, ...]]) -> None:
        self._connection.execute("BEGIN")
        self._connection.executemany(_INSERT, held)
        self._connection.execute("COMMIT")

    def _find_lost(self, *, goes_on: bool) -> None:
        """Give records that could not be read to the order that they name."""
        for (seq,) in self._connection.execute("SELECT seq FROM records WHERE lost").fetchall():
            (raw,) = self._connection.execute("SELECT raw FROM records WHERE seq = ?", (seq,)).fetchone()
            (before,) = self._connection.execute(_BEFORE, (seq,)).fetchone() or (None,)
            key = self._named(_decoded(raw), before) or (before if goes_on else None)
            self._connection.execute("UPDATE records SET above = ? WHERE seq = ?", (key, seq))

    def _named(self, raw: str, before: bytes | None) -> bytes | None:
        """The key that stands in a text: the one before it, else the first in it that any record has."""
        if before is not None and names(raw, _decoded(before)):
            return before
        query = "SELECT DISTINCT key FROM records WHERE head = ?"
        for piece in chain(_WORD.finditer(raw), _CELL.finditer(raw)):
            head = _encoded(piece.group().lstrip(":").strip())
            for (key,) in self._connection.execute(query, (head,)) if head else ():
                if names(raw, _decoded(key)):
                    return bytes(key)
        return None

    # reading it

    def _in_place(self) -> Iterator[_Placed]:
        return map(_Placed._make, self._connection.execute(_IN_PLACE))


def _kept(
    line: int, row: Row | Odd, raw: str, pointers: Callable[[Row | Odd], tuple[str, str]]
) -> tuple[object, ...]:
    odd = row if isinstance(row, Odd) else None
    aside = odd is not None and is_set_aside(odd)
    key, above = ("", "") if aside else pointers(row)
    head = next(filter(None, key.split("\x1f")), "")
    cells = row if isinstance(row, list) else list(odd.cells) if odd else []
    told = (odd.code, odd.note, odd.at, _encoded(odd.begins)) if odd else (None, "", None, b"")
    lost = odd is not None and not (aside or odd.cells)
    pointed = (_encoded(key) or None, _encoded(head) or None, _encoded(above) or None, None, lost)
    return (*pointed, line, _joined(cells) if cells else None, *told, _encoded(raw))


def _family(members: list[_Placed]) -> Iterator[Record]:
    """One order of nested records; a record that names an owner which is not there is no order."""
    first = members[0]
    if first.is_orphan:
        note = _decoded(first.above or b"")[:_SHOWN]
        yield first.line, Odd("RS712", note), first.text
        return
    rows: dict[int, Row | Odd] = {each.seq: each.held() for each in members}
    for each in members[1:]:
        _adopt(rows[each.owner or first.seq], rows[each.seq])
    yield first.line, rows[first.seq], first.text
    for each in members[1:]:
        row = rows[each.seq]
        yield each.line, Part(row if isinstance(row, Odd) else None), each.text


def _adopt(owner: Row | Odd, member: Row | Odd) -> None:
    if not (isinstance(owner, dict) and isinstance(member, dict)):
        return
    kind = _KIND.fullmatch(_id(member.get("id")))
    name = kind.group(1) if kind else _CHILDREN
    before: Any = owner.get(name)
    siblings = before if isinstance(before, list) else [] if is_empty(before) else [before]
    owner[name] = [*siblings, member]


def _id(value: object) -> str:
    """An id as text; what is no id is still something that can be pointed at in vain."""
    if is_empty(value):
        return ""
    found = text(value)
    return found if isinstance(found, str) else str(value)


def _object(raw: str) -> dict[str, Any]:
    """The object that stands in a raw text, whatever separates it from others."""
    found: dict[str, Any] = loads(raw[raw.index("{") : raw.rindex("}") + 1])
    return found


def _joined(cells: list[str]) -> bytes:
    """Cells in one text, after a mark that none of them holds."""
    plain = "".join(cells)
    mark = next(each for each in map(chr, range(1, 0x10FFFF)) if each not in plain)
    return _encoded(mark + mark.join(cells))


def _split(kept: bytes) -> list[str]:
    written = _decoded(kept)
    return written[1:].split(written[0])


def _encoded(written: str) -> bytes:
    return written.encode(errors="surrogatepass")


def _decoded(kept: bytes) -> str:
    return kept.decode(errors="surrogatepass")
