"""Orders that the receiver refuses: isolated, named, set down as rejects, imported once they are mended."""

import re
import shlex
from pathlib import Path

import pytest

from richsync.delivery.moves import Policy
from richsync.delivery.pace import UNLIMITED
from richsync.errors import GaveUpError
from richsync.ledger import Ledger
from richsync.model import Disposition
from richsync.pipeline.imports import Imported, import_orders
from tests.importing import Said, job
from tests.small import map_text, row, source, table
from tests.support import KEY, Receiver, Reply, environment, receiving, run_richsync, small_export, tallied

FAST = Policy(UNLIMITED, give_up=0.5, first_reply=0.5)
REFUSAL = Reply(422, b'{"error":"amount of customer3@example.com is too low, order 63"}')


def imported(folder: Path, receiver: Receiver, orders: int = 60, policy: Policy = FAST) -> Imported:
    asked = source(folder, table(*(row(str(number)) for number in range(1, orders + 1))), map_text(""))
    return import_orders(job(asked, receiver.origin, policy=policy), Said())


def tallies(made: Imported) -> dict[str, int]:
    counts = {str(each): made.account.of(each).orders for each in Disposition}
    return {name: orders for name, orders in counts.items() if orders}


def ledger(folder: Path) -> dict[str, int]:
    return {
        state: orders for state, orders in Ledger.look(folder / "orders.richsync").counts.items() if orders
    }


def test_one_refused_order_is_named_mended_and_imported(tmp_path: Path) -> None:
    export = small_export(tmp_path, 100)
    with receiving() as receiver:
        receiver.poisoned["63"] = REFUSAL
        ended = run_richsync(
            "import", "small.csv", "--endpoint", receiver.origin, "--rate", "unlimited", cwd=tmp_path
        )
        assert ended.code == 1, ended.err
        assert {name: orders for name, (orders, _) in tallied(ended.out).items() if orders} == {
            "accepted": 99,
            "rejected": 1,
        }
        assert "small.csv:64  order 63 was refused by the receiver: HTTP 422, " in ended.err
        assert sorted(receiver.orders, key=int) == [str(number) for number in range(1, 101) if number != 63]
        header, *rows = (tmp_path / "small.rejects.csv").read_text().splitlines()
        assert header == "id,date,total,product,email,_richsync_errors"
        (rejected,) = rows
        assert rejected.startswith(export.read_text().splitlines()[63])
        reason = rejected.partition("example.com,")[2]
        assert "HTTP 422" in reason
        assert "is too low" in reason
        assert "customer3" not in reason
        trace = run_richsync("status", "--order", "63", cwd=tmp_path).out
        assert "refused" in trace
        assert "422" in trace
        del receiver.poisoned["63"]
        rejects = tmp_path / "small.rejects.csv"
        rejects.write_text(rejects.read_text().replace("63.50", "64.50"))
        (command,) = re.findall(r"once mended: richsync (.*)", ended.err)
        again = run_richsync(*shlex.split(command), cwd=tmp_path)
        assert again.code == 0, again.err
        assert "1 refused before, sent again" in again.err
    assert len(receiver.orders) == 100
    assert run_richsync("status", "--json", cwd=tmp_path).report["orders"] == {
        "accepted": 100,
        "sending": 0,
        "refused": 0,
    }


@pytest.mark.parametrize("orders", [1, 30, 60])
def test_when_all_are_refused_the_same_way_nothing_is_marked(tmp_path: Path, orders: int) -> None:
    with receiving(always=Reply(400, b"unknown field")) as receiver:
        made = imported(tmp_path, receiver, orders)
    assert isinstance(made.ending, GaveUpError)
    assert made.ending.message.startswith("nothing was accepted, and ")
    assert made.ending.message.endswith(": HTTP 400, unknown field")
    assert made.exit_code == 4
    assert tallies(made) == {"pending": orders}
    assert set(ledger(tmp_path)) == {"sending"}
    assert not (tmp_path / "orders.rejects.csv").exists()
    with receiving() as receiver:
        assert tallies(imported(tmp_path, receiver, orders)) == {"accepted": orders}


def test_the_next_ones_are_those_that_were_not_refused_before(tmp_path: Path) -> None:
    asked = source(tmp_path, table(*(row(str(number)) for number in range(1, 6))), map_text(""))
    with receiving() as receiver:
        receiver.poisoned["1"] = Reply(422)
        limits = (2, 1, 1, 9)
        runs = [
            import_orders(job(asked, receiver.origin, policy=FAST, limit=most), Said()) for most in limits
        ]
        assert [tallies(made) for made in runs] == [
            {"accepted": 1, "rejected": 1, "pending": 3},
            {"accepted": 1, "unchanged": 1, "pending": 3},
            {"accepted": 1, "unchanged": 2, "pending": 2},
            {"accepted": 1, "unchanged": 3, "rejected": 1},
        ]
        assert list(receiver.orders) == ["2", "3", "4", "5"]


@pytest.mark.parametrize("orders", [1, 60])
def test_a_secret_that_the_receiver_says_is_shown_and_kept_nowhere(tmp_path: Path, orders: int) -> None:
    small_export(tmp_path, orders)
    secret = "open-sesame/please"
    with receiving() as receiver:
        receiver.poisoned["1"] = Reply(422, f'{{"error":"{KEY} and {secret} do not fit"}}'.encode())
        ended = run_richsync(
            *("import", "small.csv", "--endpoint", receiver.origin, "--rate", "unlimited"),
            *("--signature", "sha256"),
            cwd=tmp_path,
            env=environment(RICHPANEL_API_SECRET=secret),
        )
    assert ended.code == (4 if orders == 1 else 1)
    assert "do not fit" in ended.err
    told = ended.out + ended.err + run_richsync("status", "--order", "1", cwd=tmp_path).out
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir()).decode(errors="replace")
    for word in ("sesame", "please", "tests"):
        assert word not in told + kept


def each(number: int) -> Reply:
    return Reply(422, b"no %d" % number)


@pytest.mark.parametrize(
    ("poisoned", "accepted"),
    [
        ({"7": Reply(200, b'{"ok":false}')}, 59),
        ({str(number): Reply(422, b"no") for number in range(1, 24)}, 37),
        ({str(number): each(number) for number in range(1, 61)}, 0),
    ],
)
def test_refused_orders_are_rejects(tmp_path: Path, poisoned: dict[str, Reply], accepted: int) -> None:
    with receiving() as receiver:
        receiver.poisoned.update(poisoned)
        made = imported(tmp_path, receiver)
        assert made.exit_code == 1
        expected = {"accepted": accepted, "rejected": len(poisoned)}
        assert tallies(made) == {name: orders for name, orders in expected.items() if orders}
        assert ledger(tmp_path) == {
            name: orders for name, orders in (("accepted", accepted), ("refused", len(poisoned))) if orders
        }
        assert {refused.order_id for refused in made.refused} == set(list(poisoned)[:25])
        written = (tmp_path / "orders.rejects.csv").read_text().splitlines()
        assert len(written) == 1 + len(poisoned)
        assert made.exit_code == (once_more := imported(tmp_path, receiver)).exit_code
        assert once_more.account.of(Disposition.REJECTED).orders == len(poisoned)
        assert (tmp_path / "orders.rejects.csv").read_text().splitlines() == written
        receiver.poisoned.clear()
        again = imported(tmp_path, receiver)
    assert again.outlook.orders("refused before") == len(poisoned)
    assert again.exit_code == 0
    assert ledger(tmp_path) == {"accepted": 60}
    assert not (tmp_path / "orders.rejects.csv").exists()


@pytest.mark.parametrize(
    ("reply", "code", "told"),
    [
        (Reply(500), 4, "nothing was accepted for 0.5 s; the last failure: HTTP 500"),
        (Reply(cut=True), 4, "the last failure: the reply was cut short"),
        (Reply(401), 3, "refused the key"),
        (Reply(302, headers={"Location": "/"}), 2, "does not take this request: HTTP 302"),
        (Reply(404), 2, "does not take this request: HTTP 404"),
        (Reply(429, headers={"Retry-After": "9999"}), 4, "asks to wait 2 h 46 min"),
    ],
)
def test_a_run_that_stops_marks_nothing_and_is_resumed(
    tmp_path: Path, reply: Reply, code: int, told: str
) -> None:
    with receiving(always=reply) as receiver:
        made = imported(tmp_path, receiver)
        assert made.ending is not None
        assert told in made.ending.message
        assert made.exit_code == code
        assert tallies(made) == {"pending": 60}
        assert set(ledger(tmp_path)) == {"sending"}
        assert (made.effort.ambiguous > 0) == reply.cut
        receiver.always = Reply()
        assert tallies(imported(tmp_path, receiver)) == {"accepted": 60}
        assert ledger(tmp_path) == {"accepted": 60}
