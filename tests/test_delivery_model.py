"""Any schedule of replies, losses, crashes and restarts: what the ledger calls accepted, the receiver has.

Delivery, plan and ledger are the real ones; clock, network and receiver are a loop and two dictionaries.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from richsync.accounts import Held, Tally, account
from richsync.delivery.machine import Delivery
from richsync.delivery.moves import Done, Policy, Send
from richsync.delivery.pace import UNLIMITED, Rate
from richsync.delivery.replies import ReplyClass
from richsync.errors import RichsyncError
from richsync.events import express
from richsync.ledger import Binding, Ledger, RunStart
from richsync.model import MOST_ORDERS, Batch, Order, Reply
from richsync.plans import Place, Plan, Spool
from richsync.wire import Packer, Sender

ORDERS = 130
CUSTOMERS = 40
FORMS = "ABC"
MOODS = ("well", "well", "flaky", "flaky", "picky", "picky", "deaf", "strict")
OK = Reply(200, b"{}")
LOST = Reply(None, failure="cut", ambiguous=True)
FAILURES = (LOST, LOST, Reply(None, failure="refused"), Reply(500), Reply(429), Reply(503, retry_after=2.0))


def order(number: int, form: str) -> Order:
    properties = {"orderId": str(number), "amount": 1, "createdAt": number * 1000, "status": form}
    customer = {"uid": f"customer{number % CUSTOMERS}@example.com"}
    return Order(str(number), properties, customer, number + 1, 1, f"{number}\n", str(number))


@dataclass
class Shop:
    """The receiver: the digest of the form it stored of each order, and how it feels."""

    dice: Random
    stored: dict[str, bytes] = field(default_factory=dict)
    taken: int = 0
    mood: str = "well"
    refused: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()

    def take(self, batch: Batch) -> Reply:
        ids = {each.order_id for each in batch.orders}
        if self.mood == "strict":
            return Reply(400, b"unknown field")
        if self.mood == "deaf" or (self.mood == "flaky" and self.dice.random() < 0.3):
            return self._failed(batch)
        if self.mood == "picky" and ids & self.refused:
            return Reply(422, min(ids & self.refused).encode())
        if self.mood == "picky" and ids & self.broken:
            return Reply(500)
        return self._kept(batch)

    def _kept(self, batch: Batch) -> Reply:
        self.taken += len(batch.orders)
        self.stored |= {each.order_id: each.digest for each in batch.orders}
        return OK

    def _failed(self, batch: Batch) -> Reply:
        """A request may fail before the orders are stored, or its reply after."""
        failure = self.dice.choice(FAILURES)
        if failure in (LOST, Reply(500)) and self.dice.random() < 0.5:
            self._kept(batch)
        return failure


class Crash(Exception):  # noqa: N818 - a kill is no error
    """The process is killed here."""


@dataclass
class World:
    """A shop, a ledger, and runs one after the other, each in another form and another way."""

    folder: Path
    dice: Random
    shop: Shop
    now: float = 0.0
    crash_at: int = 10**9
    steps: int = 0
    flying: list[tuple[float, int, Batch]] = field(default_factory=list)
    heard: set[str] = field(default_factory=set)

    def run(
        self, form: str, policy: Policy, *, limit: int | None = None, resend: bool = False
    ) -> Held | None:
        """One import, to its end or to where it is killed; gives why it ended, None when it was killed."""
        self.flying, self.heard, self.steps = [], set(), 0
        try:
            with self._prepared(form, resend=resend) as (ledger, plan):
                plan.queue(limit)
                ending = self._delivered(ledger, plan, policy)
                made = account(Tally(ORDERS, ORDERS), plan.states(), {}, Held.ENDED if ending else Held.LIMIT)
                made.check(ledger.accepted_in_run())
                assert not ledger._open, "sent and not settled"
                assert made.held != Held.LIMIT or limit, "forgotten on the way"
                ledger.finish("complete", {})
                return made.held
        except Crash:
            for _, _, batch in self.flying:
                if self.dice.random() < 0.5:
                    self.shop.take(batch)
            self._check_cost(policy)
            return None

    @contextmanager
    def _prepared(self, form: str, *, resend: bool) -> Iterator[tuple[Ledger, Plan]]:
        opened = Ledger.open(
            self.folder / "l.richsync", Binding("127.0.0.1", "key"), RunStart("s", form, "v")
        )
        with opened as ledger, Spool(Place(self.folder, "--here")) as spool, Plan(spool) as plan:
            ledger._connection.execute("PRAGMA synchronous = OFF")  # the machine itself does not fail here
            with ledger.attached(plan.connection):
                plan.compare(resend=resend)
                for number in range(ORDERS):
                    made = order(number, form)
                    plan.add([made], [express(made)])
                plan.complete()
            yield ledger, plan

    def _delivered(self, ledger: Ledger, plan: Plan, policy: Policy) -> RichsyncError | None:
        packer = Packer(Sender("key"))
        batches = packer.batches(plan.queued())
        delivery = Delivery(batches, packer.pack, policy, now=self.now, random=self.dice.random)
        interrupted_at = self.dice.choice((3, 10, 10**9, 10**9, 10**9))
        while True:
            sends = []
            while isinstance(move := delivery.next(self.now), Send):
                sends.append(move)
            self._record(delivery, [send.batch for send in sends if send.attempt == 1], ledger, plan)
            if isinstance(move, Done):
                return move.ending
            self.flying += [(self.now + self.dice.uniform(0, 2), self.steps, send.batch) for send in sends]
            self._advance(delivery, move.until)
            if self.steps > interrupted_at:
                delivery.interrupt(2)

    def _record(self, delivery: Delivery, opening: list[Batch], ledger: Ledger, plan: Plan) -> None:
        settled = delivery.settled()
        for each in settled:
            ledger.settle(*each)
        for batch in opening:
            ledger.opening(batch)
        self._step()
        ledger.commit()
        self._step()
        for batch, _, state in settled:
            if state == "accepted":
                plan.accepted(batch)
            elif state == "refused":
                plan.refuse(batch, "refused")

    def _advance(self, delivery: Delivery, until: float | None) -> None:
        self.flying.sort(key=lambda each: each[:2])
        if not self.flying or (until is not None and self.flying[0][0] > until):
            assert until is not None
            self.now = until
            return
        arrived, _, batch = self.flying.pop(0)
        self.now = max(self.now, arrived)
        if delivery.answered(batch, self.shop.take(batch), self.now) is ReplyClass.ACCEPTED:
            self.heard |= {each.order_id for each in batch.orders}
        self._step()

    def _step(self) -> None:
        self.steps += 1
        assert self.steps < 50_000, "it does not end"
        if self.steps == self.crash_at:
            raise Crash

    # what must hold

    def known(self) -> dict[str, tuple[str, bytes]]:
        with closing(sqlite3.connect(self.folder / "l.richsync")) as connection:
            rows = connection.execute("SELECT order_id, state, digest FROM orders")
            return {order_id: (state, digest) for order_id, state, digest in rows}

    def check(self) -> None:
        for order_id, (state, digest) in self.known().items():
            if state == "accepted":
                assert self.shop.stored[order_id] == digest, order_id
        assert self.shop.stored.keys() <= self.known().keys(), "sent without a record"

    def _check_cost(self, policy: Policy) -> None:
        """What was accepted and is not in the ledger is sent again: no more than was in flight."""
        accepted = {order_id for order_id, (state, _) in self.known().items() if state == "accepted"}
        assert len(self.heard - accepted) <= policy.lanes * MOST_ORDERS


def lived(folder: Path, seed: int) -> None:
    """Several runs of one seed, then one by a receiver that is well."""
    dice = Random(seed)
    world = World(folder, dice, Shop(dice))
    for _ in range(dice.randint(1, 6)):
        some = [str(number) for number in dice.sample(range(ORDERS), 6)]
        world.shop.mood = dice.choice(MOODS)
        world.shop.refused, world.shop.broken = frozenset(some[:4]), frozenset(some[4:])
        world.crash_at = dice.choice((10**9, dice.randrange(1, 60)))
        policy = Policy(dice.choice((UNLIMITED, Rate(5, 1.0))), dice.randint(1, 5))
        limit = dice.choice((None, None, 40))
        world.run(dice.choice(FORMS), policy, limit=limit, resend=dice.random() < 0.2)
        world.check()
    world.shop.mood, world.crash_at = "well", 10**9
    form = dice.choice(FORMS)
    while world.run(form, Policy(UNLIMITED)):
        world.check()
    world.check()
    forms = {str(number): express(order(number, form)).digest for number in range(ORDERS)}
    assert world.shop.stored == forms
    assert world.known() == {each: ("accepted", digest) for each, digest in forms.items()}


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_nothing_is_lost_and_nothing_is_claimed(tmp_path: Path, first: int) -> None:
    for seed in range(first, first + 20):
        (tmp_path / str(seed)).mkdir()
        lived(tmp_path / str(seed), seed)


@pytest.mark.soak
def test_nothing_is_lost_in_a_thousand_lives(tmp_path: Path) -> None:
    for seed in range(1000, 2000):
        (tmp_path / str(seed)).mkdir()
        lived(tmp_path / str(seed), seed)


def test_an_order_is_sent_only_when_its_form_is_not_the_accepted_one(tmp_path: Path) -> None:
    world = World(tmp_path, Random(1), Shop(Random(1)))
    for form, expected in (("A", ORDERS), ("A", 0), ("B", ORDERS), ("A", ORDERS), ("A", 0)):
        before = world.shop.taken
        while world.run(form, Policy(UNLIMITED)):
            pass
        assert world.shop.taken - before == expected
