"""What an import shows while it sends and when it ended."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from richsync.accounts import Held, Tally
from richsync.delivery.moves import Effort, Wait
from richsync.delivery.replies import ReplyClass
from richsync.display.imports import ScreenTeller, show_account
from richsync.display.imports.sending import Sending, shown
from richsync.display.screen import Screen
from richsync.display.streams import Stream
from richsync.errors import GaveUpError
from richsync.model import Batch, Disposition, Planned, Reply
from richsync.pipeline.imports import Imported, import_orders
from richsync.pipeline.latencies import Latencies
from richsync.plans import Refused
from tests.importing import Said, job
from tests.small import map_text, row, source, table
from tests.support import Receiver, receiving

COMMAND = "richsync import orders.csv"
MEND = "nothing was sent: mend the export"
OK = Reply(200)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("time.monotonic", made)
    return made


@pytest.fixture
def screen() -> Screen:
    """One that writes to memory, off a terminal."""
    made = Screen()
    made.out, made.err = (Stream(name, file=io.StringIO()) for name in ("stdout", "stderr"))
    return made


def told(stream: Stream) -> list[str]:
    assert isinstance(stream.file, io.StringIO)
    return stream.file.getvalue().splitlines()


def batch(number: int, orders: int = 25) -> Batch:
    return Batch(number, tuple(Planned(n, str(n), b"", n, None, b"", b"") for n in range(orders)), b"")


Step = Callable[[Sending, Clock], None]


def after(seconds: float) -> Step:
    def step(_: Sending, clock: Clock) -> None:
        clock.now += seconds

    return step


def settled(number: int, state: str | None = "accepted") -> Step:
    return lambda sending, _: sending.settled(batch(number), state)


def again(number: int) -> Step:
    return lambda sending, _: sending.answered(batch(number), ReplyClass.AGAIN)


def waits(seconds: float, reason: str) -> Step:
    return lambda sending, clock: sending.waiting(Wait(clock.now + seconds, reason))


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), "7 unchanged"),
        ((after(5), settled(1)), "5/s, 35 s left, 7 unchanged"),
        ((after(100), settled(1)), "15/min, 11 min 40 s left, 7 unchanged"),
        ((after(5), settled(1), settled(2, "refused")), "10/s, 15 s left, 25 refused, 7 unchanged"),
        ((again(1),), "retrying 1 batch, 7 unchanged"),
        ((again(1), again(2)), "retrying 2 batches, 7 unchanged"),
        ((again(1), settled(1, None)), "7 unchanged"),
        ((waits(0.6, "pace"),), "7 unchanged"),
        ((waits(30, "the receiver asked"), after(10)), "waiting 20 s: the receiver asked, 7 unchanged"),
        ((waits(30, "the receiver asked"), after(30)), "7 unchanged"),
        ((after(1), *(settled(n) for n in range(8))), "7 unchanged"),
    ],
)
def test_the_sending_in_words(clock: Clock, steps: tuple[Step, ...], expected: str) -> None:
    sending = Sending(200, 7, clock)
    for step in steps:
        step(sending, clock)
    assert sending.told() == expected


def test_off_a_terminal_there_is_a_line_now_and_then(clock: Clock, screen: Screen) -> None:
    with shown(Sending(1000, 0, clock), screen) as watcher:
        for number in range(1, 5):
            clock.now += 1
            watcher.sent(batch(number), 1)
            watcher.answered(batch(number), OK, ReplyClass.ACCEPTED)
            watcher.settled(batch(number), OK, "accepted")
        clock.now += 12
        watcher.answered(batch(5), Reply(503), ReplyClass.AGAIN)
        watcher.waiting(Wait(clock.now + 60, "the receiver asked to wait"))
        watcher.waiting(Wait(clock.now + 60, "the receiver asked to wait"))
        watcher.interrupted(2)
    retrying = "6/s, 2 min 24 s left, retrying 1 batch"
    assert told(screen.err) == [
        "accepted 100 of 1,000 orders, 25/s, 36 s left",
        f"accepted 100 of 1,000 orders, {retrying}",
        f"accepted 100 of 1,000 orders, waiting 1 min 0 s: the receiver asked to wait, {retrying}",
        "finishing 2 requests in flight; again to stop now",
    ]


def test_the_time_to_a_whole_reply_is_measured(clock: Clock) -> None:
    latencies = Latencies(clock)
    assert latencies.percentiles() == {}
    for number in range(100):
        latencies.begin(number)
        clock.now += number + 1
        latencies.end(number, is_whole=True)
    latencies.begin(1)
    clock.now += 1000
    latencies.end(1, is_whole=False)
    assert latencies.percentiles() == {"p50": 51, "p90": 90, "p99": 99, "max": 100}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def made(tmp_path: Path, receiver: Receiver) -> Imported:
    asked = source(tmp_path, table(row("1"), row("2")), map_text("timezone: UTC"))
    return import_orders(job(asked, receiver.origin), Said())


def ending(made: Imported, screen: Screen) -> list[str]:
    show_account(made, screen, COMMAND)
    return told(screen.err)


def test_how_long_it_took_and_what_was_sent_again(made: Imported, screen: Screen) -> None:
    assert made.latencies.keys() == {"p50", "p90", "p99", "max"}
    effort = Effort(9, {"503": 3, "no whole reply in time": 1}, 0)
    assert ending(made._replace(effort=effort, seconds=65.0), screen)[:2] == [
        "9 requests in 1 min 5 s, 0 orders/s",
        "4 requests had to be sent again (HTTP 503: 3, no whole reply in time: 1)",
    ]
    assert told(screen.out)[0] == "2 orders (2 records) read ="


def test_a_rejects_file_is_no_option(
    tmp_path: Path, receiver: Receiver, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = source(tmp_path, table(row("1"), row("2", total="x")), map_text(""))
    one = job(asked, receiver.origin, skip_invalid=True)._replace(rejects=(Path("-x.csv"),))
    told = " ".join(ending(import_orders(one, Said()), screen))
    assert "once mended: richsync import ./-x.csv " in told


def test_a_real_receiver_can_be_asked_for_the_orders(made: Imported, screen: Screen) -> None:
    *_, where, back = ending(made, screen)
    assert where.endswith("which shows them after 5 to 30 minutes")
    ledger = made.outlook.job.ledger
    assert back == f"or read some of them back: richsync verify --checkpoint {ledger} --wait 30m"


def test_after_a_rehearsal_only_its_receiver_has_them(made: Imported, screen: Screen) -> None:
    rehearsal = made.outlook._replace(job=made.outlook.job._replace(is_rehearsal=True))
    (line,) = ending(made._replace(outlook=rehearsal), screen)
    assert line.endswith(f"look at the orders at {made.outlook.job.destination.origin}")


def test_nothing_is_advised_when_nothing_was_accepted(made: Imported, screen: Screen) -> None:
    nothing = made.account._replace(by_disposition={}, read=made.account.read)
    assert ending(made._replace(account=nothing, ending=GaveUpError("gone")), screen) == []


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (Held.INVALID_EXPORT, [f"{MEND}, or import the valid orders: {COMMAND} --skip-invalid"]),
        (Held.RENAMED, ["nothing was sent: restore `orderId:` in the map",
                        f"only if the new ids are meant: {COMMAND} --new-ids"]),
        (Held.CHANGED, ["nothing was sent: look at what changed; if it is meant, say --max-changed 7"]),
        (Held.DRY_RUN, [f"nothing was sent; to send: {COMMAND}"]),
        (Held.DECLINED, [f"nothing was sent; to send: {COMMAND}"]),
        (Held.ENDED, []),
    ],
)  # fmt: skip
def test_pending_orders_come_with_the_next_command(
    made: Imported, screen: Screen, held: Held, expected: list[str]
) -> None:
    outlook = made.outlook._replace(states={"changed": (7, 7)})
    account = made.account._replace(by_disposition={}, held=held)
    assert ending(made._replace(outlook=outlook, account=account), screen) == expected


def test_after_a_part_the_rest_is_named(made: Imported, screen: Screen) -> None:
    outlook = made.outlook._replace(job=made.outlook.job._replace(limit=1, is_rehearsal=True))
    account = made.account._replace(held=Held.LIMIT)
    assert ending(made._replace(outlook=outlook, account=account), screen) == [
        f"look at them at {made.outlook.job.destination.origin}",
        f"then the next 1: {COMMAND}; all the rest: the same without --limit",
    ]


def test_refused_orders_are_named_and_doubtful_requests_told(made: Imported, screen: Screen) -> None:
    doubt = "the receiver may have taken their orders, which counts only once it says so"
    refused = [Refused(0, "2", 3, "refused by the receiver: HTTP 422, bad")]
    account = made.account._replace(by_disposition={Disposition.REJECTED: Tally(3, 3)})
    ended = made._replace(account=account, refused=refused, effort=Effort(2, {}, 1), seconds=0.5)
    assert ending(ended, screen) == [
        f"{made.outlook.job.sources[0].name}:3  order 2 was refused by the receiver: HTTP 422, bad",
        "and 2 more orders",
        f"1 request ended without a whole reply: {doubt}",
    ]


@pytest.mark.parametrize(
    ("states", "rehearsal", "advised"),
    [
        ({"new": (30, 30)}, False, True),
        ({"new": (30, 30), "rejected": (1, 1)}, False, True),
        ({"new": (30, 30)}, True, False),
        ({"new": (30, 30), "unchanged": (1, 1)}, False, False),
        ({"changed": (30, 30)}, False, False),
    ],
)
def test_a_first_import_is_advised_to_begin_with_one_order(
    made: Imported,
    screen: Screen,
    states: dict[str, tuple[int, int]],
    rehearsal: bool,
    advised: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(screen, "ask", lambda question: True)
    outlook = made.outlook._replace(
        states=states, to_send=30, job=made.outlook.job._replace(is_rehearsal=rehearsal)
    )
    assert ScreenTeller(screen, COMMAND, yes=False, show_values=False).confirm(outlook)
    assert [line.endswith(f"before the rest: {COMMAND} --limit 1") for line in told(screen.err)] == (
        [True] * advised
    )
    assert ScreenTeller(screen, COMMAND, yes=True, show_values=False).confirm(outlook)
    assert len(told(screen.err)) == advised


def test_a_bar_leaves_room_for_the_marks_of_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Screen, "is_live", True)
    for name, value in {"FORCE_COLOR": "1", "COLUMNS": "60", "TERM": "xterm"}.items():
        monkeypatch.setenv(name, value)
    screen = Screen()
    screen.err = Stream("stderr", file=io.StringIO())
    with shown(Sending(475, 112), screen) as bar:
        bar.settled(batch(1, 13), OK, "accepted")
    lines = re.split(r"[\r\n]", re.sub(r"\x1b\[[\d;?]*\w", "", "\n".join(told(screen.err))))
    assert " 13/475 " in "".join(lines[-3:])
    assert max(map(len, lines)) <= 55
