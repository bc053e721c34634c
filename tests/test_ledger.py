import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.errors import BugError, LedgerError, RichsyncError, UnusableError
from richsync.ledger import Binding, Ledger, store, tables
from richsync.ledger.masking import MASK, masked, texts
from richsync.model import Batch, Planned, Reply
from tests.ledgers import BINDING, CHILD, OK, RUN, batch, child, opened, planned, send, states


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "orders.richsync"


@pytest.fixture
def made(path: Path) -> Path:
    """A ledger with one accepted order."""
    with opened(path) as ledger:
        send(ledger, batch(1, planned("1")))
    return path


# What a run leaves


def test_a_run_and_its_orders_can_be_told(path: Path) -> None:
    with opened(path) as ledger:
        send(ledger, batch(1, planned("1", updated=5), planned("é")))
        send(ledger, batch(2, planned("3")), None, Reply(503, b"busy", 4))
        send(ledger, batch(3, planned("4")), "refused", Reply(422, b"amount is wrong", 15))
        send(ledger, batch(4, planned("5")), None, Reply(None, failure="no reply"))
        ledger.finish("complete", {"accepted": 2}, "orders.rejects.csv")
    view = Ledger.look(path)
    assert (view.host, view.key_tail) == ("api.richpanel.com", "5678")
    assert view.counts == {"sending": 2, "accepted": 2, "refused": 1}
    (run,) = view.runs
    assert (run.id, run.ending, run.counts) == (1, "complete", {"accepted": 2})
    assert (run.started, run.ended) == ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z")
    assert (run.source, run.map, run.version) == RUN
    assert run.rejects == "orders.rejects.csv"
    traces = [view.order(each) for each in ("1", "é", "3", "4", "5")]
    told = [(each.state, each.status, each.reply_class, each.note, each.updated) for each in traces if each]
    assert told == [
        ("accepted", 200, "2xx", None, 5),
        ("accepted", 200, "2xx", None, None),
        ("sending", 503, "5xx", None, None),
        ("refused", 422, "4xx", "amount is wrong", None),
        ("sending", None, "no reply", None, None),
    ]
    assert view.order("6") is None
    assert view.order("\udcff") is None


def test_an_order_that_was_opened_has_no_answer_yet(path: Path) -> None:
    with opened(path, seconds=1609966695.9) as ledger:
        ledger.opening(batch(1, planned("1")))
        ledger.commit()
    trace = Ledger.look(path).order("1")
    assert trace is not None
    assert (trace.state, trace.sent, trace.answered) == ("sending", "2021-01-06T20:58:15Z", None)
    assert Ledger.look(path).runs[0].ended is None


def test_form_a_then_b_then_a(path: Path) -> None:
    for number, form in enumerate("ABA", 1):
        with opened(path) as ledger:
            changed = batch(1, planned("1", form))
            ledger.opening(changed)
            ledger.commit()
            assert ledger.accepted_in_run() == 0
            ledger.settle(changed, OK, "accepted")
            ledger.commit()
            assert ledger.accepted_in_run() == 1
        assert states(path, "1") == [(form, "accepted")]
        trace = Ledger.look(path).order("1")
        assert trace is not None
        assert (trace.run, trace.batch) == (number, number)


def test_a_run_counts_only_what_it_left_accepted(made: Path) -> None:
    with opened(made) as ledger:
        assert ledger.accepted_in_run() == 0
        send(ledger, batch(1, planned("2"), planned("3")))
        send(ledger, batch(2, planned("4")), None)
        assert ledger.accepted_in_run() == 2


def test_settling_and_opening_share_a_commit(path: Path) -> None:
    first, second = batch(1, planned("1")), batch(2, planned("2"))
    with opened(path) as ledger:
        ledger.opening(first)
        ledger.commit()
        ledger.settle(first, OK, "accepted")
        ledger.opening(second)
        ledger.commit()
    assert states(path, "1", "2") == [("A", "accepted"), ("A", "sending")]


def test_what_was_not_committed_is_dropped(path: Path) -> None:
    only = batch(1, planned("1"))
    with opened(path) as ledger:
        ledger.opening(only)
        ledger.commit()
        ledger.settle(only, OK, "accepted")
    assert states(path, "1") == [("A", "sending")]


@pytest.mark.parametrize("settled", [batch(2, planned("1")), batch(1, planned("2"))])
def test_a_batch_that_was_not_opened_cannot_be_settled(path: Path, settled: Batch) -> None:
    with opened(path) as ledger:
        ledger.opening(batch(1, planned("1")))
        with pytest.raises(BugError):
            ledger.settle(settled, OK, "accepted")


def test_only_known_states(path: Path) -> None:
    with opened(path) as ledger:
        ledger.opening(batch(1, planned("1")))
        with pytest.raises(BugError):
            ledger.settle(batch(1, planned("1")), OK, "perhaps")


# Joining with a plan


def test_a_plan_joins_with_the_ledger(made: Path) -> None:
    query = "SELECT order_id, digest, state, updated, fingerprint FROM ledger.orders"
    with opened(made) as ledger, contextlib.closing(sqlite3.connect(":memory:", uri=True)) as plan:
        with ledger.attached(plan):
            assert plan.execute(query).fetchall() == [("1", b"A", "accepted", None, b"cells 1")]
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                plan.execute("DELETE FROM ledger.forms")
            plan.rollback()
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            plan.execute(query)
        send(ledger, batch(1, planned("2")))


def test_a_dry_run_joins_with_a_ledger_it_only_looks_at(made: Path) -> None:
    plan = sqlite3.connect(":memory:", uri=True)
    with contextlib.closing(plan), Ledger.look(made).attached(plan):
        assert plan.execute("SELECT order_id FROM ledger.orders").fetchall() == [("1",)]


# Crashes and company


def test_a_run_killed_in_flight_leaves_its_orders_sending(made: Path) -> None:
    script = "ledger = opened()\nledger.opening(batch(1, '1', '2'))\nledger.commit()\nwait()"
    with child(made, script):
        pass
    assert states(made, "1", "2") == [("B", "sending"), ("B", "sending")]
    with opened(made) as ledger:
        send(ledger, batch(1, planned("1")))
    assert states(made, "1", "2") == [("A", "accepted"), ("B", "sending")]
    assert [run.ended for run in Ledger.look(made).runs] == [None, None, None]


def test_a_run_killed_in_the_middle_of_a_commit_is_taken_back(made: Path) -> None:
    script = """
ledger = opened()
ledger._connection.execute("PRAGMA cache_size = 1")
ledger.opening(batch(1, *map(str, range(3000))))
wait()
"""
    with child(made, script):
        pass
    assert made.with_name("orders.richsync-journal").stat().st_size > 0
    assert Ledger.look(made).counts == {"sending": 0, "accepted": 1, "refused": 0}


def test_a_second_run_is_told_who_holds_the_ledger(made: Path) -> None:
    with child(made, "ledger = opened()\nwait()") as process:
        with pytest.raises(LedgerError, match=rf"another import \(pid {process.pid}, host .+, since .+Z\)"):
            opened(made)
        assert Ledger.look(made).counts["accepted"] == 1
    with opened(made) as ledger:
        send(ledger, batch(1, planned("2")))


def test_the_lock_names_no_one_before_it_is_written(made: Path) -> None:
    lock = made.with_name("orders.richsync.lock")
    with lock.open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(LedgerError, match="another import holds"):
            opened(made)


def test_the_lock_is_kept_and_emptied(path: Path) -> None:
    lock = path.with_name("orders.richsync.lock")
    with opened(path):
        assert json.loads(lock.read_text())["pid"] == os.getpid()
    assert lock.read_bytes() == b""


def test_the_lock_holds_through_a_link(made: Path) -> None:
    link = made.with_name("link.richsync")
    link.symlink_to(made)
    with opened(made), pytest.raises(LedgerError, match="another import"):
        opened(link)


def test_a_full_disk_in_mid_run(made: Path) -> None:
    script = """
import resource
from richsync.errors import UnusableError
with opened() as ledger:
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, most))
    try:
        for number in range(1, 1000):
            ledger.opening(batch(number, *(f"{number}.{each}" for each in range(25))))
            ledger.commit()
    except UnusableError as error:
        print(error.hint)
        print(error.message)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
"""
    command = [sys.executable, "-c", CHILD + script, str(made)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "free space" in told.stdout
    assert "could not be written" in told.stdout
    assert states(made, "1") == [("A", "accepted")]
    with opened(made):
        pass


# Files that are not what they should be


def test_files_are_private(path: Path) -> None:
    with opened(path) as ledger:
        ledger.opening(batch(1, planned("1")))
        kinds = {each.name: each.stat().st_mode & 0o777 for each in path.parent.iterdir()}
    names = ("orders.richsync", "orders.richsync-journal", "orders.richsync.lock")
    assert kinds == dict.fromkeys(names, 0o600)


def flip(content: bytes) -> bytes:
    return content[:4096] + bytes(byte ^ 0xFF for byte in content[4096:4196]) + content[4196:]


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (flip, "damaged"),
        (lambda content: content[: len(content) // 2], "damaged"),
        (lambda content: content[:50], "not a richsync ledger"),
        (lambda content: b"", "not a richsync ledger"),
        (lambda content: os.urandom(5000), "not a richsync ledger"),
    ],
)
def test_a_damaged_file_is_refused_and_left_alone(
    made: Path, harm: Callable[[bytes], bytes], told: str
) -> None:
    content = harm(made.read_bytes())
    made.write_bytes(content)
    for attempt in (opened, Ledger.look):
        with pytest.raises(LedgerError, match=told):
            attempt(made)
    assert made.read_bytes() == content


def altered(path: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("PRAGMA user_version = 5", "has version 5"),
        ("PRAGMA user_version = 0", "never was a version 0"),
        ("PRAGMA application_id = 1", "not a richsync ledger"),
        ("DELETE FROM meta WHERE key = 'key_tail'", "does not say its key_tail"),
        ("DROP TABLE meta", "no such table"),
    ],
)
def test_a_file_that_is_not_of_this_version(made: Path, statement: str, told: str) -> None:
    altered(made, statement)
    with pytest.raises(LedgerError, match=told) as caught:
        opened(made)
    assert caught.value.exit_code == 5


def test_counts_that_cannot_be_read(made: Path) -> None:
    altered(made, "UPDATE runs SET counts = '['")
    with pytest.raises(LedgerError, match="counts"):
        Ledger.look(made)


def test_another_database_is_not_touched(path: Path) -> None:
    altered(path, "CREATE TABLE photos (name)")
    content = path.read_bytes()
    with pytest.raises(LedgerError, match="not a richsync ledger"):
        opened(path)
    assert path.read_bytes() == content
    assert [each.name for each in path.parent.iterdir()] == [path.name]


FIRST_VERSION = f"""
PRAGMA application_id = {tables.APPLICATION_ID};
PRAGMA user_version = 1;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE orders (
    order_id TEXT PRIMARY KEY, digest BLOB NOT NULL, state TEXT NOT NULL, batch INTEGER NOT NULL,
    updated INTEGER, fingerprint BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX orders_by_fingerprint ON orders (fingerprint);
CREATE TABLE batches (
    id INTEGER PRIMARY KEY, run INTEGER NOT NULL, sent TEXT NOT NULL, answered TEXT, status INTEGER,
    class TEXT, length INTEGER, hash BLOB, note TEXT
);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, started TEXT NOT NULL, ended TEXT, ending TEXT, source TEXT NOT NULL,
    map TEXT NOT NULL, version TEXT NOT NULL, counts TEXT NOT NULL DEFAULT '{{}}', pid INTEGER NOT NULL
);
INSERT INTO runs (id, started, source, map, version, pid) VALUES (1, '', 's', 'm', '0', 1);
INSERT INTO batches (id, run, sent, status) VALUES (1, 1, '', 200), (2, 1, '', NULL), (3, 1, '', 422);
INSERT INTO orders VALUES ('1', x'41', 'accepted', 1, 5, x'00'), ('2', x'41', 'accepted', 1, NULL, x'01'),
    ('3', x'42', 'sending', 2, NULL, x'02'), ('4', x'41', 'refused', 3, NULL, x'03');
"""


@pytest.mark.parametrize("version", [1, 2, 3])
def test_an_older_version_is_migrated(path: Path, version: int) -> None:
    meta = {"host": BINDING.host, "key_hash": BINDING.key_hash, "key_tail": "5678", "created": ""}
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(FIRST_VERSION)
        for older in range(1, version):
            connection.executescript(tables.MIGRATIONS[older])
        connection.execute(f"PRAGMA user_version = {version}")
        connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
    assert [(run.source, run.rejects) for run in Ledger.look(path).runs] == [("s", "")]
    known = [("A", "accepted"), ("A", "accepted"), ("B", "sending"), ("A", "refused")]
    assert states(path, *"1234") == known
    with opened(path) as ledger:
        assert states(path, *"1234") == known
        send(ledger, batch(1, planned("3", "C")))
    assert states(path, *"1234") == [*known[:2], ("C", "accepted"), known[3]]
    trace = Ledger.look(path).order("3")
    assert trace is not None
    assert (trace.batch, trace.run) == (4, 2)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (tables.VERSION,)


def test_a_large_file_is_not_read_whole(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    altered(made, "CREATE TABLE late (text)")
    content = made.read_bytes()
    made.write_bytes(content[:-4096] + b"\xff" * 4096)
    with pytest.raises(LedgerError):
        opened(made)
    monkeypatch.setattr(store, "_CHECKED_WHOLE", 0)
    with opened(made):
        pass


@pytest.mark.parametrize(
    ("binding", "told"),
    [
        (Binding("api.richpanel.com", "another-key"), "another API key"),
        (Binding("api.richpanel.com", "twin-12345678"), "another API key"),
        (Binding("127.0.0.1", "key-12345678"), "another host"),
    ],
)
def test_another_account(made: Path, binding: Binding, told: str) -> None:
    with pytest.raises(LedgerError, match=told) as caught:
        opened(made, binding)
    assert "5678 at api.richpanel.com" in caught.value.message
    assert "--checkpoint" in caught.value.hint
    assert len(Ledger.look(made).runs) == 1


def test_until_something_is_settled_a_ledger_takes_another_account(path: Path) -> None:
    with opened(path, Binding("api.richpannel.com", "mistyped")) as ledger:
        send(ledger, batch(1, planned("1")), None, Reply(401, b"who?"))
    with opened(path) as ledger:
        send(ledger, batch(1, planned("1")), "refused", Reply(422, b"no amount", 9))
    view = Ledger.look(path)
    assert (view.host, view.key_tail, view.counts["refused"]) == ("api.richpanel.com", "5678", 1)
    with pytest.raises(LedgerError, match="another host"):
        opened(path, Binding("api.richpannel.com", "mistyped"))


def test_neither_key_nor_customer_is_stored(path: Path) -> None:
    body = json.dumps({"properties": {"orderId": "1"}, "userProperties": {"email": "zoe@example.com"}})
    order = Planned(1, "1", b"A", 7, None, b"f", body.encode())
    with opened(path) as ledger:
        send(ledger, batch(1, order), "refused", Reply(400, b"key-12345678: zoe@example.com is bad", 40))
    content = path.read_bytes()
    assert b"is bad" in content
    for secret in (b"key-12345678", b"zoe", b"example"):
        assert secret not in content


# Places that cannot be


def remove(path: Path) -> None:
    path.unlink()


def replace(path: Path) -> None:
    shutil.copy(path, path.with_suffix(".copy"))
    path.with_suffix(".copy").replace(path)


@pytest.mark.parametrize("change", [remove, replace])
@pytest.mark.parametrize("early", [True, False])
def test_a_file_that_goes_away_between_commits(
    path: Path, change: Callable[[Path], None], *, early: bool
) -> None:
    with opened(path) as ledger:
        if early:
            change(path)
            with pytest.raises(LedgerError, match="removed or replaced"):
                send(ledger, batch(1, planned("1")))
        else:
            ledger.opening(batch(1, planned("1")))
            change(path)
            with pytest.raises(LedgerError, match="removed or replaced"):
                ledger.commit()
    if change is replace:
        assert Ledger.look(path).counts["sending"] == 0


def test_a_journal_left_by_a_ledger_that_is_gone(made: Path) -> None:
    journal = made.with_name("orders.richsync-journal")
    script = "ledger = opened()\nledger._connection.execute('PRAGMA cache_size = 1')\n"
    with child(made, script + "ledger.opening(batch(1, *map(str, range(3000))))\nwait()"):
        pass
    assert journal.stat().st_size > 0
    made.unlink()
    with opened(made) as ledger:
        send(ledger, batch(1, planned("9")))
    view = Ledger.look(made)
    assert view.counts == {"sending": 0, "accepted": 1, "refused": 0}
    trace = view.order("9")
    assert trace is not None
    assert (trace.run, trace.batch) == (1, 1)


def below_a_file(folder: Path) -> Path:
    (folder / "file").write_text("")
    return folder / "file" / "orders.richsync"


def a_folder(folder: Path) -> Path:
    (folder / "orders.richsync").mkdir()
    return folder / "orders.richsync"


def a_pipe(folder: Path) -> Path:
    os.mkfifo(folder / "orders.richsync")
    return folder / "orders.richsync"


@pytest.mark.parametrize("place", [below_a_file, a_folder, a_pipe, lambda folder: folder / "no" / "where"])
def test_a_place_where_no_ledger_can_be(tmp_path: Path, place: Callable[[Path], Path]) -> None:
    path = place(tmp_path)
    with pytest.raises(UnusableError) as caught:
        opened(path)
    assert str(path) in caught.value.message
    with pytest.raises(UnusableError):
        Ledger.look(path)


def test_a_ledger_that_cannot_be_made_leaves_nothing_half(tmp_path: Path, path: Path) -> None:
    script = """
import resource
from richsync.errors import UnusableError
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, most))
try:
    opened()
except UnusableError as error:
    print(error.message)
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
"""
    command = [sys.executable, "-c", CHILD + script, str(path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "could not be written" in told.stdout
    assert [each.name for each in tmp_path.iterdir()] == ["orders.richsync.lock"]


def test_looking_changes_nothing(made: Path) -> None:
    with pytest.raises(UnusableError, match="could not be read"), store.reading(made) as connection:
        connection.execute("DELETE FROM forms")


def test_looking_for_a_ledger_that_is_not_there(path: Path) -> None:
    with pytest.raises(UnusableError, match="there is no ledger") as caught:
        Ledger.look(path)
    assert "--checkpoint" in caught.value.hint
    assert not path.exists()


def test_every_error_is_richsyncs_own(made: Path) -> None:
    ledger = opened(made)
    ledger.__exit__(None, None, None)
    uses: list[Callable[[], object]] = [
        lambda: ledger.opening(batch(1, planned("1"))),
        lambda: ledger.settle(batch(1, planned("1")), OK, "accepted"),
        ledger.commit,
        lambda: ledger.finish("complete", {}),
    ]
    for use in uses:
        with pytest.raises(RichsyncError):
            use()


# Masking


@pytest.mark.parametrize(
    ("head", "kept"),
    [
        (b"amount is not a number", "amount is not a number"),
        (b"status 422 at 17", "status 422 at 17"),
        (b"bad phone +49 170 1234567", f"bad phone +49 170 {MASK}"),
        (b'{"error":"Zo\\u00eb Smith has no mail"}', f'{{"error":"{MASK} has no mail"}}'),
        (b"no adam@example.com here", f"no {MASK} here"),
        (b"ADAM", MASK),
        (b"line\n\x1b[31mred", "line  [31mred".replace("31mred", MASK)),
        (b"eyJhcHBDbGllbnRJZCI6ImRlbW9fa2V5IiwiZXZlbnQi", MASK),
        (b"\xff\\ud83d", "\ufffd "),
        (b"word " * 100, "word " * 60),
    ],
)
def test_what_is_kept_of_a_refusal(head: bytes, kept: str) -> None:
    assert masked(head, ["Zoë Smith", "adam@example.com"]) == kept


@given(st.lists(st.text(st.characters(codec="ascii", categories=["L"]), min_size=3), min_size=1))
def test_nothing_of_an_order_is_kept(values: list[str]) -> None:
    kept = masked(" ".join(values).encode(), values)
    assert kept == MASK


def test_the_values_of_an_event() -> None:
    event = {"event": "order", "properties": {"amount": 10.5, "items": [{"name": "Tea", "gift": True}]}}
    assert list(texts(json.dumps(event).encode())) == ["10.5", "Tea"]


def test_the_hash_of_a_key_is_not_the_plain_one() -> None:
    assert BINDING.key_hash != hashlib.blake2b(BINDING.api_key.encode(), digest_size=16).hexdigest()
