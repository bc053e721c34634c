"""Delivery by simulation: a clock that is a number, and a receiver that is a list of replies."""

import itertools
import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.delivery.machine import Delivery
from richsync.delivery.moves import Done, Effort, Policy, Send, Settled, Wait
from richsync.delivery.pace import UNLIMITED, Rate, parse_rate
from richsync.delivery.patience import Patience
from richsync.delivery.queue import Pack
from richsync.delivery.replies import ReplyClass, classify, described
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


def order(order_id: object, customer: int) -> Planned:
    return Planned(0, str(order_id), b"", customer, None, b"", b"{}")


def batch(number: int, customers: Iterable[int] | None = None) -> Batch:
    """Orders `3`, or `3.0`, `3.1` and so on of batch 3, one of each customer."""
    if customers is None:
        return Batch(number, (order(number, number),), b"body %d" % number)
    orders = tuple(order(f"{number}.{place}", customer) for place, customer in enumerate(customers))
    return Batch(number, orders, b"body %d" % number)


def numbered(count: int) -> list[Batch]:
    return [batch(number) for number in range(1, count + 1)]


def packing(first: int = 1000) -> Pack:
    numbers = itertools.count(first)
    return lambda orders: Batch(next(numbers), tuple(orders), b"")


def machine(batches: Iterable[Batch], policy: Policy, jitter: Callable[[], float] = lambda: 0.5) -> Delivery:
    return Delivery(iter(batches), packing(), policy, now=0.0, random=jitter)


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
    """Runs a delivery to its end; `replies` says for each batch what comes back and after how long."""

    batches: Sequence[Batch]
    policy: Policy
    replies: Callable[[Batch], tuple[Reply, float]]
    seed: int = 0
    now: float = 0.0
    dispatched: list[tuple[float, Batch]] = field(default_factory=list)
    settled: list[tuple[float, Settled]] = field(default_factory=list)
    most: int = 0
    flying: list[tuple[float, int, Batch, Reply]] = field(default_factory=list)
    ending: RichsyncError | None = None

    def run(self) -> "Simulation":
        delivery = machine(self.batches, self.policy, random.Random(self.seed).random)
        for step in range(100_000):
            move = delivery.next(self.now)
            self.settled += [(self.now, each) for each in delivery.settled()]
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
        reply, delay = self.replies(move.batch)
        self.flying.append((self.now + delay, step, move.batch, reply))
        self.dispatched.append((self.now, move.batch))
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
        delivery.answered(answered, reply, self.now)

    def ids(self, state: str) -> list[str]:
        """The orders settled in a state, in that order."""
        return [
            order.order_id for _, each in self.settled if each.state == state for order in each.batch.orders
        ]

    @property
    def last_acceptance(self) -> float:
        return max((moment for moment, each in self.settled if each.state == "accepted"), default=0.0)


def scripted(
    replies: Iterable[tuple[Reply, float]], last: tuple[Reply, float]
) -> Callable[[Batch], tuple[Reply, float]]:
    """Each request is answered by the next of `replies`, then by the last."""
    script = itertools.chain(replies, itertools.repeat(last))
    return lambda _: next(script)


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
        (200, b'{"success": false, "message": "refus\xe9"}', ReplyClass.ORDERS_FAULT),
        (200, b'{"success": false, "message": "line\n\tline", "score": NaN}', ReplyClass.ORDERS_FAULT),
        (200, b'{"success": true, "success": false}', ReplyClass.ORDERS_FAULT),
        (200, b'{"ok": false, "echo": "cut sho', ReplyClass.ORDERS_FAULT),
        (200, b'{"ok": false} <!-- 12 ms -->', ReplyClass.ORDERS_FAULT),
        (200, b'{"errors": [{"message": "no", ' + b'"echo": ' * 9, ReplyClass.ORDERS_FAULT),
        (200, b'{"error": nothing', ReplyClass.ACCEPTED),
        (200, b'{"data": {"error": "x", "echo": "cut sho', ReplyClass.ACCEPTED),
        (200, b'{"success" false}', ReplyClass.ACCEPTED),
        (200, b'{"a": ' * 30_000, ReplyClass.ACCEPTED),
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
    body=st.binary() | st.sampled_from([b'{"error":', b'{"ok":1e999}', b'{"ok":%s}' % (b"9" * 5000)]),
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


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"no secret open sesame/!", "no secret …!"),
        (b"OPEN SESAME/ is wrong", "… is wrong"),
        (b'{"error":"secret=open sesame\\/"}', '{"error":"secret=…"}'),
        (b"xopen sesame/x", "x…x"),
        (b"the key is no key at all, monkey", "the … is no … at all, monkey"),
        (b'{"error":"Zo\\u00eb-Zo\\u00eb"}', '{"error":"…"}'),
        (b"x " * 600 + b"open sesame/", ("x " * 100).strip()),
    ],
)
def test_what_is_secret_is_described_to_nobody(body: bytes, shown: str) -> None:
    reply = Reply(400, body, private=("open sesame/", "key", "Zo\u00eb-Zo\u00eb", ""))
    assert described(reply) == f"HTTP 400, {shown}"


def test_dispatches_are_evenly_spaced() -> None:
    run = Simulation(numbered(6), Policy(rate=Rate(5, 10.0)), scripted([], (ACCEPTED, 0.1))).run()
    assert [moment for moment, _ in run.dispatched] == [0, 2, 4, 6, 8, 10]
    assert run.ending is None


def test_the_pace_counts_from_when_a_request_departs() -> None:
    """Writing it down took 0.5 s: counted from before, the next one would follow too soon."""
    delivery = machine(numbered(2), Policy(rate=Rate(1, 1.0)))
    sent(delivery, 0)
    delivery.departed(0.5)
    assert delivery.next(1) == Wait(1.5, "pace")


def test_no_more_in_flight_than_lanes() -> None:
    delivery = machine(numbered(5), Policy(rate=UNLIMITED, lanes=3))
    assert [sent(delivery, 0).number for _ in range(3)] == [1, 2, 3]
    assert delivery.next(0) == Wait(None, "answers")
    assert (delivery.in_flight, delivery.waiting) == (3, "answers")


def test_a_waiting_retry_keeps_its_lane() -> None:
    delivery = machine(numbered(3), Policy(rate=UNLIMITED, lanes=1))
    assert delivery.answered(sent(delivery, 0), BROKEN, 1) is ReplyClass.AGAIN
    assert delivery.next(1) == Wait(1.5, "retry")
    assert delivery.next(1.5) == Send(batch(1), 2)
    assert delivery.effort == Effort(2, {"500": 1}, 0)


def test_orders_of_one_customer_wait_for_each_other_and_nobody_skips_ahead() -> None:
    delivery = machine([batch(1, [7, 8]), batch(2, [8, 9]), batch(3, [5])], Policy(rate=UNLIMITED))
    first = sent(delivery, 0)
    assert delivery.next(0) == Wait(None, "answers")
    delivery.answered(first, SILENT, 1)
    assert delivery.next(1) == Wait(1.5, "retry")
    delivery.answered(sent(delivery, 1.5), ACCEPTED, 2)
    assert [sent(delivery, 2).number, sent(delivery, 2).number] == [2, 3]
    assert delivery.effort.retries == {"no reply in time": 1}


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


@pytest.mark.parametrize(
    ("asked", "told"),
    [(601.0, "10 min 1 s"), (7500.0, "2 h 5 min"), (1e6, "11 days 13 h")]
    + [(seconds, "more than a year") for seconds in (1e26, math.inf)],
)
def test_retry_after_beyond_ten_minutes_gives_up(asked: float, told: str) -> None:
    delivery = machine(numbered(2), Policy())
    delivery.answered(sent(delivery, 0), Reply(503, retry_after=asked), 1)
    error = ending(delivery, 1)
    assert isinstance(error, GaveUpError)
    assert f"asks to wait {told}: HTTP 503" in error.message
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
    policy = Policy(rate=Rate(1, 1.0), give_up=1e6, first_reply=1e6)
    run = Simulation(numbered(3), policy, replies).run()
    assert run.dispatched[-1][0] - run.dispatched[-2][0] == 16


@pytest.mark.parametrize(
    ("reply", "error", "said"),
    [
        (Reply(401, b"who?"), NotAllowedError, "refused the key: HTTP 401, who?"),
        (Reply(404), WrongAddressError, "HTTP 404"),
        (Reply(302), WrongAddressError, "HTTP 302"),
        (Reply(None, failure="self-signed", hopeless=True), GaveUpError, "cannot be reached: self-signed"),
    ],
)
def test_replies_that_stop_the_run(reply: Reply, error: type[RichsyncError], said: str) -> None:
    delivery = machine(numbered(9), Policy(rate=UNLIMITED))
    first, second, third = (sent(delivery, 0) for _ in range(3))
    delivery.answered(first, reply, 1)
    assert delivery.next(1) == Wait(None, "finishing")
    assert delivery.answered(second, ACCEPTED, 2) is ReplyClass.ACCEPTED
    delivery.answered(third, BROKEN, 3)
    stop = ending(delivery, 3)
    assert type(stop) is error
    assert said in stop.message
    assert delivery.effort.retries == {}
    assert [(each.batch, each.state) for each in delivery.settled()] == [
        (first, None),
        (second, "accepted"),
        (third, None),
    ]
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
    assert stop.message == "interrupted: the orders that were not answered are pending"


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
        (BROKEN, Policy(), 20),
        (BROKEN, Policy(give_up=7), 7),
        (BROKEN, Policy().patient(100), 100),
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
    assert run.ids("accepted") == ["1", "2", "3", "4", "5"]
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
    patience.decided(20.0)
    assert patience.ends_at is None
    patience.failed(BROKEN)
    assert patience.ends_at == 71.0
    assert [patience.ran_out(now) for now in (70.9, 71.0)] == [False, True]


REFUSED = Reply(422, b"amount is wrong")


def many(batches: int, size: int = 8, *, customers: int | None = None) -> list[Batch]:
    """Batches of so many orders, `1.0` to `1.7` and so on; each of a customer of its own unless told."""
    ids = itertools.count()
    return [
        batch(number, [next(ids) % (customers or 10**9) for _ in range(size)])
        for number in range(1, batches + 1)
    ]


def at(faults: Mapping[str, Reply], usual: Reply = ACCEPTED) -> Callable[[Batch], tuple[Reply, float]]:
    """A batch that holds an order at fault gets that order's reply, others the usual one."""

    def reply(held: Batch) -> tuple[Reply, float]:
        found = (faults[each.order_id] for each in held.orders if each.order_id in faults)
        return next(found, usual), 0.1

    return reply


FAST = Policy(UNLIMITED, give_up=1e4, first_reply=1e4)


@pytest.mark.parametrize("reply", [REFUSED, Reply(413), Reply(400, b"no"), Reply(200, b'{"success":false}')])
def test_a_refused_batch_is_halved_until_the_order_at_fault_is_alone(reply: Reply) -> None:
    run = Simulation(many(4), FAST, at({"2.3": reply})).run()
    assert run.ending is None
    assert run.ids("refused") == ["2.3"]
    assert len(run.ids("accepted")) == 31
    assert sorted(len(held.orders) for _, held in run.dispatched) == [1, 1, 2, 2, 4, 4, 8, 8, 8, 8]


def test_a_batch_of_halves_is_another_batch_and_a_retry_the_same() -> None:
    script = scripted([(BROKEN, 0.1), (REFUSED, 0.1)], (ACCEPTED, 0.1))
    run = Simulation(many(1, 2), FAST, script).run()
    assert [held.number for _, held in run.dispatched] == [1, 1, 1000, 1001]
    assert run.dispatched[0][1] is run.dispatched[1][1]
    assert [(each.batch.number, each.state) for _, each in run.settled] == [
        (1, None),
        (1000, "accepted"),
        (1001, "accepted"),
    ]


def test_halves_go_before_everything_that_came_after() -> None:
    run = Simulation(many(3, 4, customers=2), FAST, at({"1.1": REFUSED})).run()
    sent_first = {
        each.order_id: place for place, (_, held) in enumerate(run.dispatched) for each in held.orders
    }
    assert sorted(sent_first, key=lambda each: (sent_first[each], each)) == sorted(sent_first)
    assert run.ids("refused") == ["1.1"]


def refusals(count: int, *, same: bool) -> dict[str, Reply]:
    ids = [each.order_id for held in many(count // 8 + 1) for each in held.orders][:count]
    return {each: Reply(422, b"wrong" if same else each.encode()) for each in ids}


def test_a_receiver_that_refuses_all_the_same_way_is_at_odds_with_the_request() -> None:
    run = Simulation(many(20), FAST, lambda _: (REFUSED, 0.1)).run()
    assert isinstance(run.ending, GaveUpError)
    said = "nothing was accepted, and 28 orders were refused the same way: HTTP 422, amount is wrong"
    assert run.ending.message == said
    assert {each.state for _, each in run.settled} == {None}
    singles = [held for _, held in run.dispatched if len(held.orders) == 1]
    assert 25 <= len(singles) <= 25 + FAST.lanes


@pytest.mark.parametrize(
    ("orders", "same", "refused", "stops"),
    [
        (1, True, 0, True),
        (8, True, 0, True),
        (8, False, 8, False),
        (40, True, 0, True),
        (40, False, 40, False),
    ],
)
def test_refusals_count_at_the_end_unless_all_are_the_same(
    orders: int, same: bool, refused: int, stops: bool
) -> None:
    queue = many(-(-orders // 8), min(orders, 8))
    run = Simulation(queue, FAST, at(refusals(orders, same=same))).run()
    assert isinstance(run.ending, GaveUpError) == stops
    assert len(run.ids("refused")) == refused


def test_what_was_refused_and_what_failed_are_both_told() -> None:
    replies = {"1": REFUSED, "2": REFUSED, "3": BROKEN}
    run = Simulation(numbered(3), FAST, at(replies)).run()
    assert isinstance(run.ending, GaveUpError)
    assert run.ending.message == (
        "nothing was accepted, and 2 orders were refused the same way: HTTP 422, amount is wrong; "
        "the receiver failed at 1 order, even sent alone: 3; at last with HTTP 500, without a text"
    )
    assert run.ids("refused") == []


def test_the_first_acceptance_makes_every_refusal_certain() -> None:
    first = refusals(24, same=True)
    run = Simulation(many(20), FAST, at(first)).run()
    assert run.ending is None
    assert sorted(run.ids("refused")) == sorted(first)
    assert len(run.ids("accepted")) == 160 - 24


def test_an_answer_still_owed_may_clear_the_request() -> None:
    """25 were refused the same way and the 26th, still in flight, is accepted: the orders were at fault."""
    delivery = machine(numbered(30), Policy(UNLIMITED, lanes=26))
    flying = [sent(delivery, 0) for _ in range(26)]
    for each in flying[:25]:
        delivery.answered(each, REFUSED, 1)
    assert delivery.settled() == []
    assert delivery.next(1) == Wait(None, "answers")
    delivery.answered(flying[25], ACCEPTED, 2)
    assert Counter(each.state for each in delivery.settled()) == {"refused": 25, "accepted": 1}
    assert sent(delivery, 2).number == 27


def test_refusals_that_were_held_stay_in_doubt_when_the_run_is_interrupted() -> None:
    delivery = machine(numbered(3), Policy(UNLIMITED))
    delivery.answered(sent(delivery, 0), REFUSED, 1)
    delivery.interrupt(2)
    assert isinstance(ending(delivery, 1), InterruptedRunError)
    assert [each.state for each in delivery.settled()] == [None]


def test_what_breaks_a_receiver_is_put_aside_until_the_rest_is_through() -> None:
    run = Simulation(many(40), FAST, at({"2.3": BROKEN})).run()
    assert isinstance(run.ending, GaveUpError)
    assert "failed at 1 order, even sent alone: 2.3; at last with HTTP 500" in run.ending.message
    assert len(run.ids("accepted")) == 319
    assert run.ids("refused") == []
    assert Counter(held.number for _, held in run.dispatched)[2] == 8
    assert {each.order_id for _, held in run.dispatched[-40:] for each in held.orders} >= {"2.3"}
    assert [each.batch.orders[0].order_id for _, each in run.settled if each.state is None][-1] == "2.3"


@pytest.mark.parametrize(("policy", "accepted"), [(Policy(lanes=1), 0), (Policy(lanes=1).patient(300), 239)])
def test_what_breaks_a_receiver_at_the_start_takes_patience(policy: Policy, accepted: int) -> None:
    run = Simulation(many(30), policy, at({"1.0": BROKEN})).run()
    assert len(run.ids("accepted")) == accepted
    assert isinstance(run.ending, GaveUpError)
    assert ("--give-up 5m" in run.ending.hint) is (accepted == 0)


def test_as_many_such_batches_as_there_are_lanes_do_not_stop_the_others() -> None:
    faults = {f"{number}.0": BROKEN for number in range(1, 9)}
    run = Simulation(many(30), FAST, at(faults)).run()
    assert len(run.ids("accepted")) == 232
    assert isinstance(run.ending, GaveUpError)
    assert "failed at 8 orders" in run.ending.message


@pytest.mark.parametrize("reply", [Reply(429), Reply(503, retry_after=1.0), Reply(None, failure="no way")])
def test_what_says_nothing_about_a_batch_does_not_put_it_aside(reply: Reply) -> None:
    script = scripted([(ACCEPTED, 0.1), *[(reply, 0.1)] * 20], (ACCEPTED, 0.1))
    run = Simulation(many(3), Policy(UNLIMITED, lanes=1, give_up=1e4), script).run()
    assert run.ending is None
    assert [held.number for _, held in run.dispatched] == [1, *[2] * 21, 3]


def test_later_orders_of_a_customer_wait_with_those_put_aside() -> None:
    run = Simulation(many(12, 8, customers=37), FAST, at({"1.0": BROKEN})).run()
    arrived = [each.order_id for _, settled in run.settled if settled.state for each in settled.batch.orders]
    customer = {each.order_id: each.customer for held in run.batches for each in held.orders}
    rank = {each: place for place, each in enumerate(customer)}
    for one in set(customer.values()):
        ranks = [rank[each] for each in arrived if customer[each] == one]
        assert ranks == sorted(ranks)
    assert len(arrived) == 95


def test_not_too_much_is_put_aside() -> None:
    """One customer has every order: what waits is tried again before it fills the memory."""
    run = Simulation(many(300, 8, customers=1), FAST, at({"1.0": BROKEN})).run()
    assert len(run.ids("accepted")) == 2399
    waited = [place for place, (_, held) in enumerate(run.dispatched) if held.orders[0].order_id == "1.0"]
    assert waited[-1] < 100


def test_ambiguous_endings_are_counted() -> None:
    replies = [Reply(None, failure="cut", ambiguous=True), Reply(None, failure="refused"), ACCEPTED]
    delivery = machine(numbered(1), FAST, lambda: 0.0)
    for now, reply in enumerate(replies):
        delivery.answered(sent(delivery, now), reply, now)
    assert delivery.effort == Effort(3, {"cut": 1, "refused": 1}, 1)


def test_an_error_of_the_source_stops_the_run() -> None:
    def broken() -> Iterable[Batch]:
        yield batch(1)
        raise GaveUpError("the spool")

    delivery = machine(broken(), Policy(rate=UNLIMITED))
    first = sent(delivery, 0)
    assert delivery.next(0) == Wait(None, "finishing")
    assert delivery.answered(first, ACCEPTED, 1) is ReplyClass.ACCEPTED
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
    assert Counter(run.ids("accepted")) == Counter(order.order_id for held in queue for order in held.orders)
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
    decided = {
        order.order_id: moment for moment, each in run.settled if each.state for order in each.batch.orders
    }
    first: dict[str, float] = {}
    for moment, held in run.dispatched:
        for each in held.orders:
            first.setdefault(each.order_id, moment)
    orders = [each for held in queue for each in held.orders]
    for earlier, later in itertools.combinations(orders, 2):
        if earlier.customer == later.customer:
            assert decided[earlier.order_id] <= first[later.order_id]


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
        assert len(run.ids("accepted")) == sum(len(held.orders) for held in queue)
        return
    assert isinstance(run.ending, GaveUpError)
    # The last answers may come a whole request after the breaker, the next request a slowed pace later.
    assert run.now <= run.last_acceptance + policy.give_up + asked + 2 * 29.0 + 16 * policy.rate.interval
