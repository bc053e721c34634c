"""The ledger's tables, as the SQL that makes them, brings older ones up to date, and folds them.

Tables, version 4:

- `meta(key, value)`: `host`, `key_hash` (BLAKE2b-128, hex), `key_tail` (last 4 characters), `created`.
- `forms(order_id, digest, batch, updated, fingerprint)`: the form of an order last put on the wire, and the
  batch that carried it; `updated` is in epoch milliseconds. The digest is of the event's text, and was of
  its escaped body before version 4: both are known again.
- `sent`: the same columns, in the order of sending: forms put on the wire later, not yet folded into `forms`.
  Of an id that stands there several times the last row counts.
- `batches(id, run, state, sent, answered, status, class, length, hash, note)`: the last reply to each batch.
  `state` is `sending`, `accepted` or `refused`; `note` is the masked beginning of a refusal.
- `orders`: a view of the last form of each order, with the state of its batch.
- `runs(id, started, ended, ending, source, map, version, counts, pid, rejects)`: `counts` is a JSON object,
  `rejects` the files that hold the rejected orders.

Times are ISO 8601 in UTC, to the second. No customer data and no secret is stored.

Orders are sent by their date, but looked for by their id: written straight into `forms` they would touch as
many pages as a batch has orders, and a commit writes each page twice. Appended to `sent` they touch one.
"""

APPLICATION_ID = 0x72736C67
VERSION = 4
STATES = ("sending", "accepted", "refused")

_STATE = f"TEXT NOT NULL DEFAULT 'sending' CHECK (state IN {STATES})"
_FORMS = """
CREATE TABLE forms (
    order_id TEXT PRIMARY KEY,
    digest BLOB NOT NULL,
    batch INTEGER NOT NULL,
    updated INTEGER,
    fingerprint BLOB NOT NULL
) WITHOUT ROWID
"""
_SENT = """
CREATE TABLE sent (
    order_id TEXT NOT NULL,
    digest BLOB NOT NULL,
    batch INTEGER NOT NULL,
    updated INTEGER,
    fingerprint BLOB NOT NULL
)
"""
_FORM = "order_id, digest, batch, updated, fingerprint"
# The other columns are those of the row with the maximum: https://www.sqlite.org/lang_select.html#bareagg.
_LAST_SENT = f"SELECT {_FORM} FROM (SELECT {_FORM}, max(rowid) FROM sent GROUP BY order_id)"
_LAST = f"SELECT {_FORM} FROM forms WHERE order_id NOT IN (SELECT order_id FROM sent) UNION ALL {_LAST_SENT}"
_ORDERS = """
CREATE VIEW orders AS SELECT order_id, digest, state, batch, updated, fingerprint
FROM {forms} JOIN batches ON batches.id = batch
"""

COPY = """
ATTACH DATABASE '' AS ledger;
PRAGMA ledger.journal_mode = OFF;
PRAGMA ledger.synchronous = OFF;
CREATE TABLE ledger.orders AS SELECT * FROM original.orders;
CREATE UNIQUE INDEX ledger.order_ids ON orders (order_id);
"""
"""Copies the view `orders` of the schema `original` into a temporary schema `ledger`."""

FOLD = f"INSERT OR REPLACE INTO forms ({_FORM}) {_LAST_SENT} ORDER BY order_id", "DELETE FROM sent"
"""What brings `forms` up to date and empties `sent`, in one transaction."""

OPEN_ORDER = f"INSERT INTO sent ({_FORM}) VALUES (?, ?, ?, ?, ?)"
OPEN_BATCH = "INSERT INTO batches (id, run, sent) VALUES (?, ?, ?)"
ANSWERED = """
UPDATE batches SET state = ?, answered = ?, status = ?, class = ?, length = ?, hash = ?, note = ? WHERE id = ?
"""

MIGRATIONS: dict[int, str] = {
    1: f"""
    ALTER TABLE batches ADD COLUMN state {_STATE};
    UPDATE batches SET state = held.state
    FROM (SELECT batch, max(state) AS state FROM orders GROUP BY batch) AS held WHERE held.batch = batches.id;
    {_FORMS};
    INSERT INTO forms SELECT {_FORM} FROM orders;
    DROP TABLE orders;
    {_ORDERS.format(forms="forms")}
    """,
    2: "ALTER TABLE runs ADD COLUMN rejects TEXT NOT NULL DEFAULT ''",
    3: f"{_SENT}; DROP VIEW orders; {_ORDERS.format(forms=f'({_LAST})')}",
}
"""From an older version to the next one: the SQL that does it."""

SCHEMA = f"""
PRAGMA journal_mode = MEMORY;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
BEGIN;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
{_FORMS};
{_SENT};
CREATE TABLE batches (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    state {_STATE},
    sent TEXT NOT NULL,
    answered TEXT,
    status INTEGER,
    class TEXT,
    length INTEGER,
    hash BLOB,
    note TEXT
);
{_ORDERS.format(forms=f"({_LAST})")};
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    ended TEXT,
    ending TEXT,
    source TEXT NOT NULL,
    map TEXT NOT NULL,
    version TEXT NOT NULL,
    counts TEXT NOT NULL DEFAULT '{{}}',
    pid INTEGER NOT NULL,
    rejects TEXT NOT NULL DEFAULT ''
);
COMMIT;
"""
