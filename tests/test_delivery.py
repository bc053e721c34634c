"""Delivery by simulation: a clock that is a number, and a receiver that is a list of replies."""

import itertools
import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.delivery import (
    UNLIMITED,
    Delivery,
    Done,
    Outcome,
    Policy,
    Rate,
    ReplyClass,
    Send,
    Wait,
    classify,
    described,
    parse_rate,
)
from richsync.delivery.patience import Patience
from richsync.errors import (
    GaveUpError,
    InterruptedRunError,
    NotAllowedError,
    RichsyncError,
    WrongAddressError,
)
from richsync.model import Batch, Planned, Reply

ACCEPTED = Reply(200, b'{"ok": true}')
BROKEN = Reply(500)
SILENT = Reply(None, failure="no reply in time")


def batch(number: int, customers: Iterable[int] | None = None) -> Batch:
    held = [number] if customers is None else customers
    orders = tuple(Planned(0, str(number), b"", customer, None, b"", b"{}") for customer in held)
    return Batch(number, orders, b"body %d" % number)


def numbered(count: int) -> list[Batch]:
    return [batch(number) for number in range(1, count + 1)]


def machine(batches: Iterable[Batch], policy: Policy, jitter: Callable[[], float] = lambda: 0.5) -> Delivery:
    return Delivery(iter(batches), policy, now=0.0, random=jitter)


def sent(delivery: Delivery, now: float) -> Batch:
    move = delivery.next(now)
    assert isinstance(move, Send), move
    return move.batch


def ending(delivery: Delivery, now: float) -> RichsyncError | None:
    move = delivery.next(now)
    assert isinstance(move, Done), move
    return move.ending


@dataclass
class Simulation:
    """Runs a delivery to its end; each request is answered by the next of `replies`, then by the last."""

    batches: Sequence[Batch]
    policy: Policy
    replies: Callable[[], tuple[Reply, float]]
    seed: int = 0
    now: float = 0.0
    dispatched: list[tuple[float, int]] = field(default_factory=list)
    accepted: list[int] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    most: int = 0
    flying: list[tuple[float, int, Batch, Reply]] = field(default_factory=list)
    ending: RichsyncError | None = None

    def run(self) -> "Simulation":
        delivery = machine(self.batches, self.policy, random.Random(self.seed).random)
        for step in range(100_000):
            move = delivery.next(self.now)
            if isinstance(move, Done):
                self.ending = move.ending
                return self
            if isinstance(move, Send):
                self._send(move, step)
            else:
                self._advance(delivery, move)
            assert delivery.in_flight == len(self.flying)
        raise AssertionError("the delivery does not end")

    def _send(self, move: Send, step: int) -> None:
        reply, delay = self.replies()
        self.flying.append((self.now + delay, step, move.batch, reply))
        self.dispatched.append((self.now, move.batch.number))
        self.most = max(self.most, len(self.flying))

    def _advance(self, delivery: Delivery, wait: Wait) -> None:
        self.flying.sort()
        until = math.inf if wait.until is None else wait.until
        assert until > self.now
        assert self.flying or wait.until is not None, "waits for an answer that nobody owes"
        if not self.flying or self.flying[0][0] > until:
            self.now = until
            return
        self.now, _, answered, reply = self.flying.pop(0)
        if delivery.answered(answered, reply, self.now) is Outcome.ACCEPTED:
            self.accepted.append(answered.number)
            self.moments.append(self.now)


def scripted(
    replies: Iterable[tuple[Reply, float]], last: tuple[Reply, float]
) -> Callable[[], tuple[Reply, float]]:
    script = itertools.chain(replies, itertools.repeat(last))
    return lambda: next(script)


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (200, b"", ReplyClass.ACCEPTED),
        (204, b"", ReplyClass.ACCEPTED),
        (200, b"<html>", ReplyClass.ACCEPTED),
        (200, b'{"success": true, "error": null, "errors": []}', ReplyClass.ACCEPTED),
        (200, b'{"data": {"success": false}}', ReplyClass.ACCEPTED),
        (200, b'[{"success": false}]', ReplyClass.ACCEPTED),
        (200, b"\xff\xfe", ReplyClass.ACCEPTED),
        (200, b'{"success": false}', ReplyClass.ORDERS_FAULT),
        (200, b'\xef\xbb\xbf{"ok": false}', ReplyClass.ORDERS_FAULT),
        (202, b'{"error": "x"}', ReplyClass.ORDERS_FAULT),
        (200, b'{"errors": [1]}', ReplyClass.ORDERS_FAULT),
        (200, b'{"error": "ProvisionedThroughputExceededException"}', ReplyClass.AGAIN),
        (400, b"ProvisionedThroughputExceededException: rate", ReplyClass.AGAIN),
        (413, b"ProvisionedThroughputExceededException: rate", ReplyClass.ORDERS_FAULT),
        *((status, b"", ReplyClass.AGAIN) for status in (None, 408, 425, 429, 500, 502, 503, 504, 599)),
        *((status, b"", ReplyClass.ORDERS_FAULT) for status in (400, 413, 422)),
        *((status, b"", ReplyClass.NOT_ALLOWED) for status in (401, 403)),
        *(
            (status, b"", ReplyClass.WRONG_ADDRESS)
            for status in (100, 301, 302, 308, 404, 405, 410, 415, 418, 600)
        ),
    ],
)
def test_what_a_reply_means(status: int | None, body: bytes, meaning: ReplyClass) -> None:
    assert classify(Reply(status, body)) is meaning


@given(
    status=st.none() | st.integers(0, 999),
    body=st.binary() | st.sampled_from([b'{"error":', b'{"ok":1e999}']),
)
def test_every_reply_means_something(status: int | None, body: bytes) -> None:
    assert classify(Reply(status, body)) in ReplyClass


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("50/30s", Rate(50, 30.0)),
        ("5/s", Rate(5, 1.0)),
        ("2/m", Rate(2, 60.0)),
        (" 3/2h ", Rate(3, 7200.0)),
        ("unlimited", UNLIMITED),
    ],
)
def test_rates(text: str, rate: Rate) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize(
    "text", ["", "5", "0/s", "5/0s", "-1/s", "5/d", "1.5/s", "5/s5", "٣/s", "1" * 5000 + "/s"]
)
def test_what_is_no_rate(text: str) -> None:
    with pytest.raises(ValueError, match="write 50/30s, 5/s, 2/m or unlimited"):
        parse_rate(text)


def test_a_policy_needs_a_lane() -> None:
    with pytest.raises(ValueError, match="at least one lane"):
        Policy(lanes=0)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"", "HTTP 400, without a text"),
        (b"no \x1b[31msuch\r\n id", r"HTTP 400, no \x1b[31msuch\r\n id"),
        (b"bad e-mail zoe@example.com!", "HTTP 400, bad e-mail …"),
        (b"phone +49 170 1234567", "HTTP 400, phone …"),
        (b'{"hs": "' + b"QUJD" * 30 + b'"}', 'HTTP 400, {"hs": "…"}'),
        (b"word " * 100, "HTTP 400, " + ("word " * 40).strip()),
        ("\u202eévil".encode(), r"HTTP 400, \u202eévil"),
    ],
)
def test_replies_are_described_safely(body: bytes, shown: str) -> None:
    assert described(Reply(400, body)) == shown


def test_dispatches_are_evenly_spaced() -> None:
    run = Simulation(numbered(6), Policy(rate=Rate(5, 10.0)), scripted([], (ACCEPTED, 0.1))).run()
    assert [moment for moment, _ in run.dispatched] == [0, 2, 4, 6, 8, 10]
    assert run.ending is None


def test_no_more_in_flight_than_lanes() -> None:
    delivery = machine(numbered(5), Policy(rate=UNLIMITED, lanes=3))
    assert [sent(delivery, 0).number for _ in range(3)] == [1, 2, 3]
    assert delivery.next(0) == Wait(None, "answers")
    assert (delivery.in_flight, delivery.waiting) == (3, "answers")


def test_a_waiting_retry_keeps_its_lane() -> None:
    delivery = machine(numbered(3), Policy(rate=UNLIMITED, lanes=1))
    assert delivery.answered(sent(delivery, 0), BROKEN, 1) is Outcome.AGAIN
    assert delivery.next(1) == Wait(1.5, "retry")
    assert delivery.next(1.5) == Send(batch(1), 2)
    assert delivery.retries == {"500": 1}


def test_orders_of_one_customer_wait_for_each_other_and_nobody_skips_ahead() -> None:
    delivery = machine([batch(1, [7, 8]), batch(2, [8, 9]), batch(3, [5])], Policy(rate=UNLIMITED))
    first = sent(delivery, 0)
    assert delivery.next(0) == Wait(None, "answers")
    delivery.answered(first, SILENT, 1)
    assert delivery.next(1) == Wait(1.5, "retry")
    delivery.answered(sent(delivery, 1.5), ACCEPTED, 2)
    assert [sent(delivery, 2).number, sent(delivery, 2).number] == [2, 3]
    assert (delivery.accepted, delivery.retries) == (2, {"no reply in time": 1})


@pytest.mark.parametrize(
    ("failures", "wait"), [(1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0), (5, 16.0), (6, 30.0), (7, 30.0)]
)
def test_back_off_doubles_up_to_half_a_minute(failures: int, wait: float) -> None:
    delivery = machine(numbered(1), Policy(rate=UNLIMITED, give_up=1e6, first_reply=1e6), lambda: 1.0)
    before = now = 0.0
    for _ in range(failures):
        delivery.answered(sent(delivery, now), BROKEN, now)
        move = delivery.next(now)
        assert isinstance(move, Wait)
        assert move.until is not None
        before, now = now, move.until
    assert now - before == wait


def test_the_first_retry_due_goes_first() -> None:
    jitter = iter([1.0, 0.1])
    delivery = machine(numbered(2), Policy(rate=UNLIMITED), lambda: next(jitter))
    first, second = sent(delivery, 0), sent(delivery, 0)
    delivery.answered(first, BROKEN, 1)
    delivery.answered(second, BROKEN, 1)
    assert delivery.next(1) == Wait(1.1, "retry")
    assert sent(delivery, 5) == second


def test_retry_after_holds_every_lane() -> None:
    delivery = machine(numbered(3), Policy(rate=UNLIMITED))
    first, second = sent(delivery, 0), sent(delivery, 0)
    delivery.answered(first, Reply(429, retry_after=60.0), 1)
    delivery.answered(second, ACCEPTED, 2)
    assert delivery.next(2) == Wait(61, "the receiver asked to wait")
    assert [sent(delivery, 61).number, sent(delivery, 61).number] == [1, 3]


def test_retry_after_beyond_ten_minutes_gives_up() -> None:
    delivery = machine(numbered(2), Policy())
    assert delivery.answered(sent(delivery, 0), Reply(503, retry_after=601.0), 1) is Outcome.STOPPED
    error = ending(delivery, 1)
    assert isinstance(error, GaveUpError)
    assert "asks to wait 601 s" in error.message
    assert "run the same command again" in error.hint


@pytest.mark.parametrize(
    ("reply", "interval"),
    [
        (Reply(429), 2.0),
        (Reply(503), 2.0),
        (Reply(429, retry_after=0.0), 2.0),
        (Reply(500), 1.0),
        (Reply(429, retry_after=1.0), 1.0),
    ],
)
def test_an_overrun_receiver_halves_the_pace(reply: Reply, interval: float) -> None:
    delivery = machine(numbered(3), Policy(rate=Rate(1, 1.0)), lambda: 0.0)
    delivery.answered(sent(delivery, 0), reply, 0)
    sent(delivery, 10)
    assert delivery.next(10) == Wait(10 + interval, "pace")


def test_the_pace_recovers_by_a_tenth_every_twenty_acceptances() -> None:
    replies = scripted([*[(ACCEPTED, 0.0)] * 10, (Reply(429), 0.0)], (ACCEPTED, 0.0))
    run = Simulation(numbered(200), Policy(rate=Rate(1, 1.0)), replies).run()
    moments = [moment for moment, _ in run.dispatched]
    gaps = [round(after - before, 6) for before, after in itertools.pairwise(moments)]
    expected = [max(1.0, round(2 / 1.1**step, 6)) for step in range(10) for _ in range(20)]
    assert gaps == [*[1.0] * 10, *expected][: len(gaps)]


def test_the_pace_never_falls_below_a_sixteenth() -> None:
    replies = scripted([(Reply(503), 0.0)] * 9, (ACCEPTED, 0.0))
    policy = Policy(rate=Rate(1, 1.0), give_up=1e6)
    run = Simulation(numbered(3), policy, replies).run()
    assert run.dispatched[-1][0] - run.dispatched[-2][0] == 16


@pytest.mark.parametrize(
    ("reply", "error", "said"),
    [
        (Reply(401, b"who?"), NotAllowedError, "refused the key: HTTP 401, who?"),
        (Reply(404), WrongAddressError, "HTTP 404"),
        (Reply(302), WrongAddressError, "HTTP 302"),
        (Reply(422, b"bad"), GaveUpError, "refused a batch of 1 orders: HTTP 422, bad"),
        (Reply(200, b'{"ok":false}'), GaveUpError, '{"ok":false}'),
        (Reply(None, failure="self-signed", hopeless=True), GaveUpError, "cannot be reached: self-signed"),
    ],
)
def test_replies_that_stop_the_run(reply: Reply, error: type[RichsyncError], said: str) -> None:
    delivery = machine(numbered(9), Policy(rate=UNLIMITED))
    first, second, third = (sent(delivery, 0) for _ in range(3))
    assert delivery.answered(first, reply, 1) is Outcome.STOPPED
    assert delivery.next(1) == Wait(None, "finishing")
    assert delivery.answered(second, ACCEPTED, 2) is Outcome.ACCEPTED
    assert delivery.answered(third, BROKEN, 3) is Outcome.STOPPED
    stop = ending(delivery, 3)
    assert type(stop) is error
    assert said in stop.message
    assert delivery.retries == {}
    assert "nothing is lost: run the same command again" in stop.hint


def test_an_interruption_lets_what_is_in_flight_finish() -> None:
    delivery = machine(numbered(9), Policy(rate=UNLIMITED))
    first = sent(delivery, 0)
    delivery.interrupt(15)
    delivery.interrupt(2)
    assert delivery.next(0) == Wait(None, "finishing")
    delivery.answered(first, ACCEPTED, 1)
    stop = ending(delivery, 1)
    assert isinstance(stop, InterruptedRunError)
    assert stop.exit_status == 143


def test_waiting_retries_do_not_delay_an_interruption() -> None:
    delivery = machine(numbered(1), Policy())
    delivery.answered(sent(delivery, 0), BROKEN, 0)
    delivery.interrupt(2)
    assert isinstance(ending(delivery, 0), InterruptedRunError)


@pytest.mark.parametrize(
    ("reply", "policy", "seconds"),
    [
        (SILENT, Policy(), 20),
        (SILENT, Policy(give_up=5), 5),
        (BROKEN, Policy(), 300),
        (BROKEN, Policy(give_up=7), 7),
    ],
)
def test_the_breaker(reply: Reply, policy: Policy, seconds: float) -> None:
    run = Simulation(numbered(9), policy, scripted([], (reply, 0.01))).run()
    assert isinstance(run.ending, GaveUpError)
    assert f"for {seconds} s; the last failure: {described(reply)}" in run.ending.message
    assert seconds <= run.now <= seconds + 0.01


def test_the_breaker_counts_from_the_last_acceptance() -> None:
    replies = scripted([(ACCEPTED, 0.1)] * 5, (SILENT, 0.1))
    run = Simulation(numbered(9), Policy(rate=Rate(1, 10.0), give_up=100), replies).run()
    assert run.accepted == [1, 2, 3, 4, 5]
    assert 150 <= run.now <= 150.1


def test_a_slow_first_reply_is_no_silence() -> None:
    run = Simulation(numbered(2), Policy(lanes=1), scripted([], (ACCEPTED, 29.0))).run()
    assert run.ending is None


def test_a_slow_pace_is_no_silence() -> None:
    replies = scripted([(ACCEPTED, 1.0), (SILENT, 1.0)], (ACCEPTED, 1.0))
    run = Simulation(numbered(2), Policy(rate=Rate(1, 200.0)), replies).run()
    assert run.ending is None


def test_waiting_as_asked_stops_the_breaker() -> None:
    replies = scripted([(Reply(429, retry_after=250.0), 0.1)] * 5, (ACCEPTED, 0.1))
    run = Simulation(numbered(3), Policy(lanes=2), replies).run()
    assert run.ending is None
    assert run.now > 500


def test_overlapping_waits_count_once() -> None:
    patience = Patience(give_up=10.0, first_reply=10.0, now=0.0)
    patience.failed(BROKEN)
    patience.hold(61.0, now=1.0)
    patience.hold(32.0, now=2.0)
    assert (patience.held_until, patience.ends_at) == (61.0, 70.0)
    patience.accepted(20.0)
    assert patience.ends_at is None
    patience.failed(BROKEN)
    assert patience.ends_at == 71.0
    assert [patience.ran_out(now) for now in (70.9, 71.0)] == [False, True]


def test_an_error_of_the_source_stops_the_run() -> None:
    def broken() -> Iterable[Batch]:
        yield batch(1)
        raise GaveUpError("the spool")

    delivery = machine(broken(), Policy(rate=UNLIMITED))
    first = sent(delivery, 0)
    assert delivery.next(0) == Wait(None, "finishing")
    assert delivery.answered(first, ACCEPTED, 1) is Outcome.ACCEPTED
    stop = ending(delivery, 1)
    assert isinstance(stop, GaveUpError)
    assert stop.message == "the spool"


REPLIES = st.sampled_from(
    [
        ACCEPTED,
        ACCEPTED,
        BROKEN,
        SILENT,
        Reply(429),
        Reply(503),
        Reply(429, retry_after=0.0),
        Reply(429, retry_after=3.0),
        Reply(503, retry_after=40.0),
    ]
)
DELAYS = st.sampled_from([0.0, 0.01, 0.3, 2.0, 29.0])
POLICIES = st.builds(
    Policy,
    rate=st.sampled_from([UNLIMITED, Rate(50, 30.0), Rate(3, 1.0), Rate(1, 5.0)]),
    lanes=st.integers(1, 6),
    give_up=st.just(1e5),
    first_reply=st.just(1e5),
)
QUEUES = st.lists(st.sets(st.integers(0, 9), min_size=1, max_size=4), max_size=25).map(
    lambda queue: [batch(number, customers) for number, customers in enumerate(queue, start=1)]
)
SCRIPTS = st.lists(st.tuples(REPLIES, DELAYS), max_size=60)


@given(queue=QUEUES, policy=POLICIES, script=SCRIPTS, seed=st.integers(0, 2**32))
def test_every_batch_is_accepted_once_under_the_pace(
    queue: list[Batch], policy: Policy, script: list[tuple[Reply, float]], seed: int
) -> None:
    run = Simulation(queue, policy, scripted(script, (ACCEPTED, 0.1)), seed).run()
    assert run.ending is None
    assert Counter(run.accepted) == Counter(held.number for held in queue)
    assert run.most <= policy.lanes
    moments = [moment for moment, _ in run.dispatched]
    # Half-open windows, with a hair for the rounding of sums.
    window = policy.rate.requests
    assert all(
        moments[i + window] - moments[i] > policy.rate.seconds - 1e-6 for i in range(len(moments) - window)
    )


@given(queue=QUEUES, policy=POLICIES, script=SCRIPTS, seed=st.integers(0, 2**32))
def test_no_order_overtakes_another_of_its_customer(
    queue: list[Batch], policy: Policy, script: list[tuple[Reply, float]], seed: int
) -> None:
    run = Simulation(queue, policy, scripted(script, (ACCEPTED, 0.1)), seed).run()
    settled = dict(zip(run.accepted, run.moments, strict=True))
    first: dict[int, float] = {}
    for moment, number in run.dispatched:
        first.setdefault(number, moment)
    assert list(first) == sorted(first)
    for earlier, later in itertools.combinations(queue, 2):
        if earlier.customers & later.customers:
            assert settled[earlier.number] <= first[later.number]


@given(
    queue=QUEUES.filter(bool),
    script=st.lists(st.tuples(REPLIES, DELAYS), max_size=20),
    last=st.tuples(st.sampled_from([BROKEN, SILENT, Reply(429)]), DELAYS),
    seed=st.integers(0, 2**32),
)
def test_a_deaf_receiver_is_given_up_in_time(
    queue: list[Batch], script: list[tuple[Reply, float]], last: tuple[Reply, float], seed: int
) -> None:
    policy = Policy(give_up=60.0)
    run = Simulation(queue, policy, scripted(script, last), seed).run()
    asked = sum(reply.retry_after or 0.0 for reply, _ in script)
    if run.ending is None:
        assert len(run.accepted) == len(queue)
        return
    assert isinstance(run.ending, GaveUpError)
    # The last answers may come a whole request after the breaker, the next request a slowed pace later.
    assert run.now <= max([0.0, *run.moments]) + policy.give_up + asked + 2 * 29.0 + 16 * policy.rate.interval
