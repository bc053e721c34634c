"""The rows of another file, on disk by what they are matched with: memory stays flat."""

from collections.abc import Iterable

from richsync.scratch import Scratch

Row = tuple[str, int, bytes]
"""What a row is matched by ("" for one that can match nothing), its line, and it as a JSON object."""

_SCHEMA = """
CREATE TABLE rows (seq INTEGER PRIMARY KEY, key BLOB, line INTEGER, object BLOB);
CREATE TABLE asked (key BLOB PRIMARY KEY) WITHOUT ROWID;
"""
_INDEX = "CREATE INDEX row_keys ON rows (key)"
_FOUND = "SELECT object FROM rows WHERE key = ? ORDER BY seq"
_FIRST = "SELECT object FROM rows WHERE key = ? ORDER BY seq LIMIT 1"
_LACKING = "SELECT count(*) FROM asked WHERE key NOT IN (SELECT key FROM rows)"
_REPEATED = """
SELECT count(*), min(line) FROM (
    SELECT min(line) AS line FROM rows WHERE key IN (SELECT key FROM asked)
    GROUP BY key HAVING count(DISTINCT object) > 1
)
"""
_LEFT = "SELECT count(*), min(line) FROM rows WHERE key NOT IN (SELECT key FROM asked)"


class Joining(Scratch):
    """A temporary table of one file's rows."""

    def __init__(self) -> None:
        super().__init__(_SCHEMA, "the joined rows could not be kept")

    def fill(self, rows: Iterable[Row]) -> None:
        """Take every row of the file."""
        kept = ((_encoded(key), line, found) for key, line, found in rows)
        with self.door():
            self._connection.execute("BEGIN")
            self._connection.executemany("INSERT INTO rows VALUES (NULL, ?, ?, ?)", kept)
            self._connection.execute("COMMIT")
            self._connection.execute(_INDEX)
            self._connection.execute("BEGIN")

    def found(self, key: str) -> str:
        """The rows with a key, as a JSON list; "" when there are none."""
        if not key:
            return ""
        with self.door():
            rows = [row for (row,) in self._connection.execute(_FOUND, (_encoded(key),))]
            if rows:
                self._connection.execute("INSERT OR IGNORE INTO asked VALUES (?)", (_encoded(key),))
        return f"[{b','.join(rows).decode()}]" if rows else ""

    def first(self, key: str) -> str:
        """The first row with a key, as a JSON object; "" when there is none."""
        if not key:
            return ""
        with self.door():
            self._connection.execute("INSERT OR IGNORE INTO asked VALUES (?)", (_encoded(key),))
            row = self._connection.execute(_FIRST, (_encoded(key),)).fetchone()
        return str(row[0].decode(errors="surrogatepass")) if row else ""

    def lacking(self) -> int:
        """How many keys were asked for in vain."""
        with self.door():
            (count,) = self._connection.execute(_LACKING).fetchone()
        return int(count)

    def repeated(self) -> tuple[int, int]:
        """How many keys that were asked for have rows that differ, and the line of the first such row."""
        with self.door():
            count, line = self._connection.execute(_REPEATED).fetchone()
        return count, line or 0

    def left(self) -> tuple[int, int]:
        """How many rows nothing was matched with, and the line of the first."""
        with self.door():
            count, line = self._connection.execute(_LEFT).fetchone()
        return count, line or 0


def _encoded(key: str) -> bytes:
    return key.encode(errors="surrogatepass")
