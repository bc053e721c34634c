"""What a run appends is folded later: a reader of the ledger still sees the last form of each order."""

import contextlib
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from richsync.errors import UnusableError
from richsync.ledger import Ledger, store, writer
from tests.ledgers import OK, batch, child, opened, planned, send

Known = dict[str, tuple[str, str]]
"""Form and state by order id."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "orders.richsync"


@contextlib.contextmanager
def folding_at(orders: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "_MOST_SENT", orders)
        yield


def known(path: Path) -> Known:
    query = "SELECT order_id, digest, state FROM orders ORDER BY order_id"
    with store.reading(path) as connection:
        return {order_id: (digest.decode(), state) for order_id, digest, state in connection.execute(query)}


def held(path: Path) -> tuple[int, int]:
    """The rows of `forms` and of `sent`."""
    query = "SELECT (SELECT count(*) FROM forms), (SELECT count(*) FROM sent)"
    with store.reading(path) as connection:
        forms, sent = connection.execute(query).fetchone()
        return forms, sent


OUTCOMES = {"accepted": "accepted", "refused": "refused", "no reply": None}
ENDINGS = ("goes on", "killed before the answer is noted", "killed", "finished")
STEPS = st.lists(
    st.tuples(
        st.lists(st.sampled_from("1234"), min_size=1, max_size=3, unique=True),
        st.sampled_from("AB"),
        st.sampled_from(sorted(OUTCOMES)),
        st.sampled_from(ENDINGS),
    ),
    max_size=8,
)


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_at_every_commit_a_reader_sees_the_form_last_put_on_the_wire(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[list[str], str, str, str]]
) -> None:
    path = tmp_path_factory.mktemp("ledger") / "l.richsync"
    expected: Known = {}
    with folding_at(3), contextlib.ExitStack() as runs:
        ledger = runs.enter_context(opened(path))
        for number, (ids, form, outcome, ending) in enumerate(steps, 1):
            sent = batch(number, *(planned(each, form) for each in ids))
            ledger.opening(sent)
            assert known(path) == expected
            ledger.commit()
            expected |= dict.fromkeys(ids, (form, "sending"))
            assert known(path) == expected
            ledger.settle(sent, OK, OUTCOMES[outcome])
            if ending != "killed before the answer is noted":
                ledger.commit()
                expected |= dict.fromkeys(ids, (form, OUTCOMES[outcome] or "sending"))
            if ending == "finished":
                ledger.finish("complete", {})
            if ending != "goes on":
                runs.close()
                assert known(path) == expected
                ledger = runs.enter_context(opened(path))
                assert held(path) == (len(expected), 0)
            assert known(path) == expected
            total = dict(Ledger.look(path).counts)
            assert total == {each: [s for _, s in expected.values()].count(each) for each in total}


def test_a_commit_touches_few_pages_however_many_orders_are_known(path: Path) -> None:
    ids = [f"{number * 7919 % 5000:05}" for number in range(5000)]
    with opened(path) as ledger:
        send(ledger, batch(1, *map(planned, ids)))
        ledger.finish("complete", {})
        before = path.read_bytes()
        ledger.opening(batch(2, *(planned(each, "B") for each in ids[:100])))
        ledger.commit()
    after = path.read_bytes()
    pages = range(0, len(after), 4096)
    assert sum(before[at : at + 4096] != after[at : at + 4096] for at in pages) <= 8


def test_so_many_orders_are_folded_in_mid_run(path: Path) -> None:
    with folding_at(10), opened(path) as ledger:
        grown = []
        for number in range(1, 5):
            send(ledger, batch(number, *(planned(f"{number}.{each}") for each in range(4))))
            grown.append(held(path))
        assert grown == [(0, 4), (0, 8), (12, 0), (12, 4)]
        assert ledger.accepted_in_run() == 16
        ledger.finish("complete", {})
    assert held(path) == (16, 0)


def test_a_run_killed_while_it_folds_loses_nothing(path: Path) -> None:
    with opened(path) as ledger:
        send(ledger, batch(1, planned("0"), planned("1")))
    script = """
ledger = opened()
sent = batch(1, *map(str, range(1, 3000)))
ledger.opening(sent)
ledger.settle(sent, Reply(200, b"ok", 2), "accepted")
ledger.commit()
ledger._connection.execute("PRAGMA cache_size = 1")
ledger._connection.execute("BEGIN IMMEDIATE")
ledger._fold()
wait()
"""
    with child(path, script):
        pass
    assert path.with_name("orders.richsync-journal").stat().st_size > 0
    expected = {"0": ("A", "accepted")} | {str(number): ("B", "accepted") for number in range(1, 3000)}
    assert held(path) == (2, 2999)
    assert known(path) == expected
    with opened(path):
        assert held(path) == (3000, 0)
    assert known(path) == expected


def test_a_disk_that_is_full_when_a_run_folds(path: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ids = [str(number) for number in range(3000)]
    with opened(path) as ledger:
        send(ledger, batch(1, *map(planned, ids)))
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, limits[1]))
        try:
            with pytest.raises(UnusableError, match="could not be written"):
                ledger.finish("complete", {"accepted": 3000})
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    (run,) = Ledger.look(path).runs
    assert (run.ending, run.counts) == ("complete", {"accepted": 3000})
    assert held(path) == (0, 3000)
    with opened(path):
        assert held(path) == (3000, 0)
    assert known(path) == dict.fromkeys(sorted(ids), ("A", "accepted"))
