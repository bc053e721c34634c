"""What the sandbox answers, without sockets: a body or a path in, an `Answer` out."""

import itertools
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote

from richsync.jsontext import SAFE_INTEGER, JsonTextError, dumps
from richsync.model import MOST_ORDERS
from richsync.sandbox.pages import order_page, overview
from richsync.sandbox.store import Arrived, Store
from richsync.schema import event_faults
from richsync.wire import EnvelopeError, Opened, Sender, Signature, opened, sign

MOST_SHOWN = 200
WAITING = frozenset({429, 503})
"""The statuses with which a receiver may ask to come again later."""
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_SIGNATURES = {64: Signature.SHA256, 32: Signature.MD5}


class Behaviour(NamedTuple):
    """How to misbehave on purpose, at the batch endpoint.

    `fail` gives a status to every so many requests, `{503: 5}`; 429 and 503 ask to wait `retry_after`
    seconds, if any. Each answer comes `delay` seconds late; every `cut_every`-th breaks off, though its
    orders were taken. `refuse` are order ids that are at fault. Not `strict`, faults are noted and answered
    with 200, like the real receiver does.
    """

    fail: Mapping[int, int] = {}
    retry_after: int = 0
    cut_every: int = 0
    delay: float = 0.0
    refuse: frozenset[str] = frozenset()
    strict: bool = True


class Answer(NamedTuple):
    """A reply: `retry_after` in seconds, 0 without such a header; one that is `cut` ends before it should."""

    status: int
    body: bytes
    kind: str = "application/json"
    retry_after: int = 0
    cut: bool = False


def failed(status: int, error: str, faults: list[str] | None = None, retry_after: int = 0) -> Answer:
    """An answer that says in JSON what is wrong."""
    body = {"error": error} | ({"faults": faults} if faults else {})
    return Answer(status, dumps(body), retry_after=retry_after)


class Receiver:
    """Answers requests from several threads. `now` gives seconds since the epoch."""

    def __init__(
        self, store: Store, secret: str, behaviour: Behaviour, now: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._secret = secret
        self._behaviour = behaviour
        self._now = now
        self._numbers = itertools.count(1)
        self._closing = threading.Event()

    def close(self) -> None:
        """Let no request wait any longer."""
        self._closing.set()

    def take(self, body: bytes) -> Answer:
        """Answer a batch."""
        number = next(self._numbers)
        self._closing.wait(self._behaviour.delay)
        failure = self._failure(number)
        if failure:
            return self._kept([], [], failure)
        return self._judged(body)._replace(cut=_is_turn(number, self._behaviour.cut_every))

    def _judged(self, body: bytes) -> Answer:
        """Answer a batch honestly."""
        try:
            batch = opened(body)
        except EnvelopeError as error:
            return self._kept([], [str(error)], failed(400, str(error)))
        faults = list(_batch_faults(batch, self._secret))
        orders: list[Arrived] = []
        for place, event in enumerate([] if faults else batch.events, 1):
            found = _faults_of(event, batch.api_key, self._behaviour.refuse)
            faults += [f"event {place}: {fault}" for fault in found]
            if not found:
                orders.append(_arrived(event))
        return self._kept(orders, faults, self._verdict(faults))

    def show(self, target: str, rest_key: str) -> Answer:
        """Answer a GET: `target` is the request's path and query as they stood."""
        path, _, query = target.partition("?")
        match [unquote(part) for part in path.split("/")[1:]]:
            case ["v1", "order", api_key, order_id]:
                return self._order(order_id, api_key) if rest_key.strip() else failed(401, "x-richpanel-key")
            case ["order", order_id]:
                order = self._store.named(order_id)
                return _page(order_page(order)) if order else failed(404, "no such order")
            case [""]:
                return self._overview(parse_qs(query).get("q", [""])[0].strip())
            case _:
                return failed(404, "no such page")

    def _failure(self, number: int) -> Answer | None:
        ways = self._behaviour
        status = next((each for each, every in ways.fail.items() if _is_turn(number, every)), None)
        if status is None:
            return None
        return failed(status, "failed on purpose", retry_after=ways.retry_after * (status in WAITING))

    def _verdict(self, faults: list[str]) -> Answer:
        if faults and self._behaviour.strict:
            return failed(400, f"{len(faults)} fault{'s' if len(faults) > 1 else ''}", faults)
        return Answer(200, b'{"success":true}')

    def _kept(self, orders: list[Arrived], faults: list[str], answer: Answer) -> Answer:
        try:
            self._store.keep(orders, faults, answer.status, int(self._now() * 1000))
        except sqlite3.Error as error:
            return failed(500, f"the sandbox cannot store: {error}")
        return answer

    def _order(self, order_id: str, api_key: str) -> Answer:
        order = self._store.named(order_id, api_key)
        return Answer(200, order.event.encode()) if order else Answer(404, b"{}")

    def _overview(self, part: str) -> Answer:
        store = self._store
        return _page(overview(store.totals(), store.newest(MOST_SHOWN, part), store.faults(MOST_SHOWN), part))


def _is_turn(number: int, every: int) -> bool:
    return every > 0 and number % every == 0


def _page(text: str) -> Answer:
    return Answer(200, text.encode(), "text/html; charset=utf-8")


def _batch_faults(batch: Opened, secret: str) -> Iterator[str]:
    if len(batch.events) > MOST_ORDERS:
        yield f"{len(batch.events)} events, more than {MOST_ORDERS}"
    if batch.signature and secret:
        signature = _SIGNATURES.get(len(batch.signature))
        if not signature:
            yield "the signature is neither SHA-256 nor MD5 in hex"
        elif batch.signature != sign(batch.hs.encode(), Sender(batch.api_key, signature, secret)):
            yield "the signature is not that of this body and secret"


def _faults_of(event: Any, api_key: str, refuse: frozenset[str]) -> list[str]:
    try:
        text = dumps(event)
    except JsonTextError as error:
        return [str(error)]
    if b"\\u0000" in text and _NUL.search(text):
        return ["a NUL in a text"]
    faults = event_faults(event)
    if faults:
        return faults
    if event.get("appClientId") != api_key:
        return ["appClientId: not that of the batch"]
    if abs(event["time"]["sentAt"]) > SAFE_INTEGER:
        return ["time.sentAt: beyond 2^53"]
    return ["refused on purpose"] if event["properties"]["orderId"] in refuse else []


def _arrived(event: dict[str, Any]) -> Arrived:
    return Arrived(
        event["properties"]["orderId"],
        event["appClientId"],
        event["userProperties"]["uid"],
        int(event["time"]["sentAt"]),
        dumps(event).decode(),
    )
