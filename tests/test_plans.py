"""The plan of a run: repeats, the join with a ledger, the queue, and the spool."""

import os
import subprocess
import sys
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from tempfile import gettempdir

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.errors import UnusableError
from richsync.events import express
from richsync.ledger import Binding, Ledger, LedgerView, RunStart
from richsync.model import Batch, Order, Planned, Problem, Reject, Reply
from richsync.plans import Money, Overview, Place, Plan, Renamed, Spool

BINDING = Binding("api.richpanel.com", "key-12345678")
RUN = RunStart("orders.csv", "orders.map.yaml", "0.1.0")


def order(order_id: str, day: int = 1, note: str = "", cells: str = "") -> Order:
    properties = {"orderId": order_id, "amount": 2.5, "currency": "EUR", "createdAt": day, "note": note}
    customer = {"uid": f"{order_id}@b.com"}
    return Order(order_id, properties, customer, day + 1, 2, f"{order_id},{note}\n", cells or order_id)


def reject(order_id: str, line: int = 9, raw: str = "bad\n") -> Reject:
    return Reject(order_id, line, 1, raw, [Problem("RS404")])


def fill(plan: Plan, *found: Order | Reject) -> Plan:
    for each in found:
        if isinstance(each, Order):
            plan.add([each], [express(each)])
        else:
            plan.reject(each)
    plan.complete()
    return plan


def fill_beside(
    ledger: Ledger | LedgerView, plan: Plan, *found: Order | Reject, resend: bool = False
) -> Plan:
    with ledger.attached(plan.connection):
        plan.compare(resend=resend)
        return fill(plan, *found)


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[Plan]:
    with Spool(Place(tmp_path, "--here")) as spool, Plan(spool) as made:
        yield made


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "shop.richsync", BINDING, RUN) as opened:
        yield opened


def send(ledger: Ledger, number: int, state: str | None, *orders: Order) -> None:
    """Put orders on the wire as they are, and settle them; None leaves them unanswered."""
    planned = [
        Planned(0, each.order_id, express(each).digest, 0, None, each.fingerprint, b"{}") for each in orders
    ]
    batch = Batch(number, tuple(planned), b"{}")
    ledger.opening(batch)
    if state:
        ledger.settle(batch, Reply(200, b"ok", 2), state)
    ledger.commit()


def ids(plan: Plan) -> list[str]:
    return [each.order_id for each in plan.queued()]


# repeats


def test_ids_that_stand_several_times_are_told_in_the_order_of_the_export(plan: Plan) -> None:
    fill(plan, order("b"), order("a"), reject(""), order("b", 5), reject("a"), reject(""), order("c"))
    told = [
        (each.order_id, [(one.seq, one.line, one.state) for one in each.occurrences])
        for each in plan.repeats()
    ]
    assert told == [
        ("b", [(1, 2, "new"), (4, 6, "new")]),
        ("a", [(2, 2, "new"), (5, 9, "rejected")]),
    ]


def test_a_marked_order_counts_as_what_it_was_marked(plan: Plan) -> None:
    fill(plan, order("a"), order("a"), order("b"), reject("c"))
    plan.mark(2, "duplicate")
    plan.mark(3, "rejected", "because")
    assert plan.states() == {"new": (1, 2), "duplicate": (1, 2), "rejected": (2, 3)}
    assert [(each.raw, each.why) for each in plan.rejects()] == [
        ("b,\n", "because"),
        ("bad\n", "RS404 createdAt is empty"),
    ]


# the join with the ledger


def test_a_form_is_known_again_by_the_digest_of_older_ledgers(plan: Plan, ledger: Ledger) -> None:
    same, other = order("a", note="ä"), order("b", note="ö")
    body = blake2b(express(same).body, digest_size=16).digest()
    planned = Planned(0, "a", body, 0, None, same.fingerprint, b"{}")
    batch = Batch(1, (planned, planned._replace(order_id="b")), b"{}")
    ledger.opening(batch)
    ledger.settle(batch, Reply(200, b"ok", 2), "accepted")
    ledger.commit()
    fill_beside(ledger, plan, same, other)
    assert plan.states() == {"unchanged": (1, 2), "changed": (1, 2)}


def test_the_ledger_tells_what_each_order_is(plan: Plan, ledger: Ledger) -> None:
    accepted, changed, refused, doubtful = (
        order(each) for each in ("accepted", "changed", "refused", "doubt")
    )
    send(ledger, 1, "accepted", accepted, changed)
    send(ledger, 2, "refused", refused)
    send(ledger, 3, None, doubtful)
    found = (order("new"), accepted, order("changed", note="x"), refused, doubtful, reject("accepted"))
    fill_beside(ledger, plan, *found)
    assert plan.states() == {
        "new": (1, 2),
        "unchanged": (1, 2),
        "changed": (1, 2),
        "in doubt": (1, 2),
        "refused before": (1, 2),
        "rejected": (1, 1),
    }
    plan.queue(None)
    assert ids(plan) == ["new", "changed", "refused", "doubt"]


def test_every_page_is_compared_and_unchanged_orders_leave_no_event(plan: Plan, ledger: Ledger) -> None:
    made = [order(str(n)) for n in range(250)]
    send(ledger, 1, "accepted", *made[::2])
    fill_beside(ledger, plan, *made)
    assert plan.states() == {"new": (125, 250), "unchanged": (125, 250)}
    assert plan.queue(None) == 125
    assert [each.body for each in plan.queued()] == [express(each).body for each in made[1::2]]
    left = sum(len(each.raw) for each in made) + sum(len(express(each).body) for each in made[1::2])
    assert plan._spool is not None
    assert plan._spool.end == left


def test_a_look_at_a_ledger_compares_with_what_no_run_has_folded(
    plan: Plan, ledger: Ledger, tmp_path: Path
) -> None:
    send(ledger, 1, "accepted", order("a"), order("b"))
    send(ledger, 2, None, order("b", note="x"))
    fill_beside(Ledger.look(tmp_path / "shop.richsync"), plan, order("a"), order("b"), order("c"))
    assert plan.states() == {"unchanged": (1, 2), "in doubt": (1, 2), "new": (1, 2)}


def test_an_order_that_is_compared_can_still_be_a_repeat(plan: Plan, ledger: Ledger) -> None:
    send(ledger, 1, "accepted", order("a"))
    fill_beside(ledger, plan, order("a"), order("a", note="x"), reject("a"))
    (repeat,) = plan.repeats()
    assert [each.state for each in repeat.occurrences] == ["new", "new", "rejected"]
    plan.mark(1, "duplicate")
    assert plan.states() == {"duplicate": (1, 2), "changed": (1, 2), "rejected": (1, 1)}


def test_form_a_then_b_then_a_again_is_sent(plan: Plan, ledger: Ledger) -> None:
    first, second = order("1"), order("1", note="other")
    send(ledger, 1, "accepted", first)
    send(ledger, 2, "accepted", second)
    fill_beside(ledger, plan, first)
    assert plan.states() == {"changed": (1, 2)}


def test_an_order_under_another_id_is_told(plan: Plan, ledger: Ledger) -> None:
    send(ledger, 1, "accepted", order("1", cells="one"), order("2", cells="two"))
    send(ledger, 2, "refused", order("3", cells="three"))
    found = (order("A-1", cells="one"), order("2", cells="two"), order("A-3", cells="three"), order("4"))
    fill_beside(ledger, plan, *found)
    with ledger.attached(plan.connection):
        assert list(plan.renamed()) == [Renamed(0, "A-1", "1", 2)]


# the queue


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"a": 1, "d": 3, "b": 2, "c": 2, "e": 4}, "abcde"),
        ({"e": 4, "c": 2, "b": 2, "d": 3, "a": 1}, "abcde"),
        ({"a": 1, "b": 1, "c": 1}, "abc"),
    ],
    ids=["oldest above", "newest above", "one day"],
)
def test_the_oldest_is_sent_first_and_ties_follow_the_export_s_direction(
    plan: Plan, days: dict[str, int], expected: str
) -> None:
    fill(plan, reject("x"), *(order(each, day) for each, day in days.items()), reject("y"))
    assert plan.queue(None) == len(expected)
    assert "".join(ids(plan)) == expected


@pytest.mark.parametrize(
    ("limit", "expected"), [(1, ["a"]), (3, ["a", "b", "c"]), (99, ["a", "b", "c"]), (0, [])]
)
def test_a_limit_takes_the_oldest(plan: Plan, limit: int, expected: list[str]) -> None:
    fill(plan, order("c", 3), order("a", 1), order("b", 2))
    assert plan.queue(limit) == len(expected)
    assert ids(plan) == expected


def test_resend_takes_also_what_is_unchanged_but_no_rejects(plan: Plan, ledger: Ledger) -> None:
    send(ledger, 1, "accepted", order("a"))
    fill_beside(ledger, plan, order("a"), order("b"), order("b"), reject("c"), resend=True)
    plan.mark(3, "duplicate")
    assert plan.queue(None) == 2
    assert ids(plan) == ["a", "b"]


def test_accepted_orders_leave_the_pending_ones(plan: Plan) -> None:
    fill(plan, order("a"), order("b"), order("c"))
    plan.queue(2)
    plan.accepted(Batch(1, tuple(plan.queued()), b""))
    assert plan.states() == {"accepted": (2, 4), "new": (1, 2)}


def test_what_was_accepted_is_counted_whenever_it_is_asked_for(plan: Plan) -> None:
    fill(plan, *(order(str(n)) for n in range(7)))
    plan.queue(None)
    queued = list(plan.queued())
    for number, pair in enumerate(zip(queued[::2], queued[1::2], strict=False)):
        plan.accepted(Batch(number, pair, b""))
        accepted = 2 * number + 2
        assert plan.states() == {
            "accepted": (accepted, 2 * accepted),
            "new": (7 - accepted, 14 - 2 * accepted),
        }


@pytest.mark.parametrize("count", [0, 1, 249, 250, 251, 1000, 1001, 2500])
def test_every_body_is_sent_as_it_was_checked(plan: Plan, count: int) -> None:
    made = [order(f"{n}-{'é' * (n % 7)}", count - n, note="😀" * (n % 5)) for n in range(count)]
    fill(plan, *made)
    plan.queue(None)
    sent = [(each.order_id, each.body, each.digest) for each in plan.queued()]
    expressed = [(each.order_id, express(each)) for each in reversed(made)]
    assert sent == [(order_id, event.body, event.digest) for order_id, event in expressed]


@given(st.lists(st.tuples(st.booleans(), st.text(max_size=30), st.booleans()), max_size=20))
def test_the_rejects_keep_their_rows_whatever_stands_between(rows: list[tuple[bool, str, bool]]) -> None:
    found: list[Order | Reject] = []
    for n, (good, raw, tabular) in enumerate(rows):
        bad = Reject(str(n), n, 1, raw + "\ud800", [], tabular)
        found.append(order(str(n), note=raw.replace("\x00", "")) if good else bad)
    with Spool(Place(Path(gettempdir()), "--here")) as spool, Plan(spool) as made:
        fill(made, *found)
        kept = [(each.raw, each.tabular) for each in made.rejects()]
    assert kept == [(each.raw, each.tabular) for each in found if isinstance(each, Reject)]


def test_the_overview_is_of_the_orders_that_can_be_sent(plan: Plan) -> None:
    dollars = order("d", 7)
    dollars.properties["currency"] = "USD"
    unknown = order("u", 3)
    del unknown.properties["currency"]
    fill(plan, order("a", 5), order("b", 2), dollars, unknown, reject("c"), order("a", 9))
    plan.mark(6, "duplicate")
    money = (Money("EUR", 2, 5.0), Money("", 1, 2.5), Money("USD", 1, 2.5))
    assert plan.overview() == Overview(4, 4, 2, 7, money)


def test_without_a_spool_nothing_is_kept(tmp_path: Path) -> None:
    with Plan() as plan:
        fill(plan, order("a"), reject("b"))
        assert plan.queue(None) == 1
        assert [each.body for each in plan.queued()] == [b""]
        assert [each.raw for each in plan.rejects()] == [""]


def test_a_plan_that_is_gone_is_told_and_not_traced() -> None:
    with Plan() as plan:
        pass
    with pytest.raises(UnusableError, match="plan of the run could not be kept"):
        plan.states()


# the spool


def test_the_spool_gives_back_what_stands_at_an_offset(tmp_path: Path) -> None:
    with Spool(Place(tmp_path, "--here")) as spool:
        assert list(tmp_path.iterdir()) == []
        places = []
        for n in range(5):
            places.append(spool.end)
            spool.add([b"a" * n, b"b"])
        spool.flush()
        assert places == [0, 1, 3, 6, 10]
        assert [spool.read(at, n + 1) for n, at in enumerate(places)] == [b"a" * n + b"b" for n in range(5)]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnusableError, match="No such file"):
        Spool(Place(tmp_path / "gone", "--here"))


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from tests.test_plans import fill, order
from richsync.errors import UnusableError
from richsync.plans import Place, Plan, Spool
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    with Spool(Place(Path(sys.argv[1]), "--here")) as spool, Plan(spool) as plan:
        fill(plan, *(order(str(n), note="x" * 1000) for n in range(int(sys.argv[3]))))
except UnusableError as error:
    print(error.message, "|", error.hint)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    sys.exit(error.exit_status)
"""


@pytest.mark.parametrize(
    ("limit", "orders"), [(50_000, 60), (50_000, 3000)], ids=["at the end", "on the way"]
)
def test_a_full_disk_is_found_before_anything_is_sent(tmp_path: Path, limit: int, orders: int) -> None:
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path), str(limit), str(orders)]
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, cwd=Path(__file__).parent.parent
    )
    assert ended.returncode == 2, ended.stderr
    told = f"the orders could not be set down in {tmp_path}: {os.strerror(27)}"
    assert ended.stdout == f"{told} | nothing was sent; free space, or name another place with --here\n"
    assert ended.stderr == ""
