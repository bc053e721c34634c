"""Reading back: what is asked for, what the replies mean, and how patiently."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from richsync.cli.app import application
from richsync.client import Destination, Limits
from richsync.client.reader import Reader
from richsync.delivery.moves import Policy
from richsync.delivery.pace import UNLIMITED
from richsync.display.screen import Screen
from richsync.display.verifications import ScreenWitness, show_verified
from richsync.errors import GaveUpError, LedgerError, NotAllowedError, UnusableError
from richsync.ledger import Binding, LedgerView
from richsync.model import Reply
from richsync.pipeline.imports import import_orders
from richsync.pipeline.verifications import SAMPLE, Clock, Inquiry, Verified, verify
from richsync.readbacks import ReadBack, Sent, Verdict, judged
from richsync.sandbox import Sandbox
from tests.importing import Said, job
from tests.small import map_text, row, source, table

KEY = "key-12345678"

# What a reply says

EVENT: dict[str, Any] = {
    "event": "order",
    "properties": {"orderId": "7", "amount": 9.5, "items": [{"id": "T", "price": 9.5}], "status": "paid"},
    "userProperties": {"uid": "a@b.com"},
    "time": {"sentAt": 5},
}
DIGEST = bytes.fromhex("00" * 16)
UNKNOWN_FORM = Sent("7", DIGEST)
KNOWN_FORM = Sent("7", DIGEST, EVENT)
STORED = EVENT["properties"]


@pytest.mark.parametrize(
    ("reply", "sent", "expected"),
    [
        (Reply(404, b"whatever"), UNKNOWN_FORM, (Verdict.NOT_YET, "")),
        (Reply(200, b"{}"), UNKNOWN_FORM, (Verdict.NOT_YET, "")),
        (Reply(200, b"null"), UNKNOWN_FORM, (Verdict.NOT_YET, "")),
        (Reply(500, b"oops"), UNKNOWN_FORM, (Verdict.UNKNOWN, "HTTP 500, oops")),
        (Reply(None, failure="no reply in time"), UNKNOWN_FORM, (Verdict.UNKNOWN, "no reply in time")),
        (Reply(302), UNKNOWN_FORM, (Verdict.UNKNOWN, "HTTP 302, without a text")),
        (Reply(200, b"<html>"), UNKNOWN_FORM, (Verdict.UNKNOWN, "the reply is not JSON")),
        (Reply(200, b"\xff"), UNKNOWN_FORM, (Verdict.UNKNOWN, "the reply is not JSON")),
        ({"orderId": "8", "x": True}, UNKNOWN_FORM, (Verdict.UNKNOWN, "the reply does not name the order")),
        ([7], UNKNOWN_FORM, (Verdict.UNKNOWN, "the reply does not name the order")),
        ({"data": {"order": {"id": 7}}}, UNKNOWN_FORM, (Verdict.VISIBLE, "")),
        ([{"orderId": "7", "amount": 8}], UNKNOWN_FORM, (Verdict.VISIBLE, "")),
        ({"orderId": "7", "amount": "9.50", "more": 1}, KNOWN_FORM, (Verdict.VISIBLE, "")),
        ({"orderId": "7", "amount": 8, "status": "new"}, KNOWN_FORM, (Verdict.DIFFERS, "in amount, status")),
        ({"orderId": "7", "amount": "dear"}, KNOWN_FORM, (Verdict.DIFFERS, "in amount")),
        ({"orderId": "7", "items": []}, KNOWN_FORM, (Verdict.DIFFERS, "in items")),
        ({"orderId": "7", "items": [{"price": "9.5", "id": "T"}]}, KNOWN_FORM, (Verdict.VISIBLE, "")),
        ({**EVENT, "properties": {**STORED, "new": 1}}, KNOWN_FORM, (Verdict.VISIBLE, "")),
        (
            {**EVENT, "properties": {"orderId": "7"}},
            KNOWN_FORM,
            (Verdict.DIFFERS, "in amount, items, status"),
        ),
        (
            EVENT,
            UNKNOWN_FORM,
            (Verdict.DIFFERS, "it is not the form that was accepted; name the export to see in what"),
        ),
    ],
    ids=str,
)
def test_what_a_reply_says(reply: Any, sent: Sent, expected: tuple[Verdict, str]) -> None:
    given = reply if isinstance(reply, Reply) else Reply(200, json.dumps(reply).encode())
    assert judged(given, sent) == ReadBack("7", *expected)


# A receiver that is not ours


class Shelf(ThreadingHTTPServer):
    """Answers what is asked for by its last segment, else `always`; the last of several answers stays."""

    daemon_threads = True

    def __init__(self, always: tuple[int, bytes], answers: dict[str, list[tuple[int, bytes]]]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.always = always
        self.answers = answers
        self.asked: list[str] = []

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Shelf

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        answers = self.server.answers.get(self.path.rpartition("/")[2], [self.server.always])
        status, body = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", body.decode())
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class says so
        """Say nothing."""


@contextmanager
def shelf(
    always: tuple[int, bytes] = (404, b"{}"), answers: dict[str, list[tuple[int, bytes]]] | None = None
) -> Iterator[Shelf]:
    with Shelf(always, answers or {}) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()


class Time:
    """A clock that stands still until somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        self.slept.append(seconds)

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.seconds, self.sleep)


class Silent:
    """A witness of whom only what was asked for is known."""

    count = 0

    def asking(self, view: LedgerView, count: int, seconds: float) -> None:
        self.count = count

    def read_back(self, found: ReadBack) -> None:
        """Say nothing."""

    def waiting(self, missed: int, seconds: float) -> None:
        """Say nothing."""


class Shop(NamedTuple):
    """A folder with an export whose orders were accepted by a sandbox."""

    folder: Path
    origin: str

    def inquiry(self, **other: Any) -> Inquiry:
        asked = Inquiry(
            ledger=self.folder / "orders.richsync",
            binding=Binding("127.0.0.1", KEY),
            destination=Destination(self.origin),
            rest_key="rest",
        )
        return asked._replace(**other)

    def send(self, *rows: str) -> None:
        asked = source(self.folder, table(*rows), map_text("timezone: UTC"))
        policy = Policy(rate=UNLIMITED)
        assert import_orders(job(asked, self.origin)._replace(policy=policy), Said()).exit_code == 0


ROWS = [row(str(n), date=f"2024-01-01T00:{n:02}:00Z") for n in range(1, 41)]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with Sandbox(port=0).start() as sandbox:
        shop = Shop(tmp_path_factory.mktemp("shop"), sandbox.origin)
        shop.send(*ROWS)
        yield shop


def asked_of(shop: Shop, server: Shelf, time: Time, **other: Any) -> Verified:
    return verify(shop.inquiry(destination=Destination(server.origin), **other), Silent(), time.clock)


def test_a_sample_is_the_first_the_last_and_the_same_others_each_time(shop: Shop) -> None:
    with shelf((200, b"{}")) as server:
        found = [asked_of(shop, server, Time()) for _ in range(2)]
    assert found[0] == found[1]
    ids = [each.order_id for each in found[0].missed]
    assert len(ids) == len(set(ids)) == SAMPLE
    accepted = [each.order_id for each in found[0].view.accepted()]
    assert (ids[0], ids[-1]) == (accepted[0], accepted[-1])


def test_never_more_than_fifty_requests_in_half_a_minute(shop: Shop) -> None:
    time = Time()
    found = verify(shop.inquiry(every=True), Silent(), time.clock)
    assert found.counts == {Verdict.VISIBLE: 40}
    assert time.slept == pytest.approx([0.6] * 39)


def test_what_is_there_is_compared_with_what_the_export_gives(shop: Shop) -> None:
    export = shop.folder / "orders.csv"
    asked = source(shop.folder, export.read_bytes(), map_text("timezone: UTC"))
    stored = b'{"orderId": "3", "amount": 1, "createdAt": 0}'
    with shelf(answers={"3": [(200, stored)]}) as server:
        found = asked_of(shop, server, Time(), source=asked, order_id="3")
        assert found.missed == (ReadBack("3", Verdict.DIFFERS, "in amount, createdAt"),)
        changed = source(shop.folder, table(row("3", total="1")), map_text(), "changed.csv")
        assert not asked_of(shop, server, Time(), source=changed, order_id="3").missed


def test_it_waits_until_all_are_there_or_time_is_up(shop: Shop) -> None:
    time = Time()
    with shelf(answers={"3": [(404, b""), (404, b""), (200, b'{"orderId": "3"}')]}) as server:
        assert not asked_of(shop, server, time, order_id="3", patience=1800).missed
        assert len(server.asked) == 3
        assert sum(time.slept) == pytest.approx(40)
        late = asked_of(shop, server, time, order_id="4", patience=30)
    assert late.missed == (ReadBack("4", Verdict.NOT_YET),)
    assert sum(time.slept) == pytest.approx(70)


def test_who_asks_to_wait_is_waited_for(shop: Shop) -> None:
    time = Time()
    with shelf(answers={"3": [(429, b"17"), (503, b""), (200, b'{"orderId": "3"}')]}) as server:
        assert not asked_of(shop, server, time, order_id="3").missed
    assert time.slept[0] == 17
    with shelf((429, b"4000")) as server, pytest.raises(GaveUpError, match="asks to wait 1 h 6 min"):
        asked_of(shop, server, Time())


def test_a_receiver_that_fails_is_tried_again_and_then_not_believed(shop: Shop) -> None:
    with shelf((500, b"oops")) as server:
        found = asked_of(shop, server, Time(), order_id="3")
        assert len(server.asked) == 6
    assert found.missed == (ReadBack("3", Verdict.UNKNOWN, "HTTP 500, oops"),)
    for order_id in (None, "3"):
        with pytest.raises(GaveUpError, match="does not answer: the connection was refused"):
            asked_of(shop, server, Time(), order_id=order_id)
    time = Time()
    with pytest.raises(GaveUpError):
        asked_of(shop, server, time, order_id="3", patience=600)
    assert sum(time.slept) >= 600


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_ends_it_at_once(shop: Shop, status: int) -> None:
    with shelf((status, b"no such key: key-of-the-desk")) as server:
        with pytest.raises(NotAllowedError, match=rf"refused the REST key: HTTP {status}, no such key: …$"):
            asked_of(shop, server, Time(), rest_key="key-of-the-desk")
        assert len(server.asked) == 1


def test_only_what_the_ledger_calls_accepted_is_read_back(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(UnusableError, match="calls no order 77 accepted"):
        verify(shop.inquiry(order_id="77"), Silent())
    with pytest.raises(LedgerError, match="another API key"):
        verify(shop.inquiry(binding=Binding("127.0.0.1", "another")), Silent())
    with pytest.raises(UnusableError, match="there is no ledger"):
        verify(shop.inquiry(ledger=tmp_path / "none.richsync"), Silent())


@pytest.mark.parametrize(
    ("order_id", "path"), [("a/b?c", "a%2Fb%3Fc"), ("..", "%2E%2E"), ("Ø 1", "%C3%98%201"), ("1.5", "1.5")]
)
def test_an_id_is_one_segment_of_the_path(order_id: str, path: str) -> None:
    with shelf() as server, Reader(Destination(server.origin), KEY, "rest") as reader:
        assert reader.read(order_id).status == 404
    assert server.asked == [f"/v1/order/{KEY}/{path}"]


def test_a_key_that_no_header_can_hold_is_refused() -> None:
    with pytest.raises(UnusableError, match="no key has"):
        Reader(Destination("http://127.0.0.1:9"), KEY, "a\nb")


# The command


def run(shop: Shop, capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    words = ["--checkpoint", shop.folder / "orders.richsync", "--api-key", KEY, *arguments]
    code = application("verify")(["verify", *map(str, words)], standalone_mode=False)
    shown = capsys.readouterr()
    return int(code or 0), shown.out, shown.err


@pytest.fixture
def keyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RICHPANEL_REST_KEY", "rest")


@pytest.mark.usefixtures("keyed")
def test_an_order_that_is_there(shop: Shop, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "missed.txt"
    options = ("--order", "3", "--endpoint", shop.origin)
    code, told, err = run(shop, capsys, *options, "-o", out)
    assert (code, told) == (0, "1 order read back: 1 visible, 0 not yet, 0 differs, 0 cannot tell\n")
    assert f"calls 40 orders accepted\n1 of them read back from {shop.origin}\n" in err
    assert out.read_text() == ""
    report = json.loads(run(shop, capsys, *options, "--json")[1])
    assert report["counts"] == {"visible": 1, "not yet": 0, "differs": 0, "cannot tell": 0}


@pytest.mark.usefixtures("keyed")
def test_an_order_that_is_not_there_can_be_sent_again(
    shop: Shop, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "missed.txt"
    with shelf() as server:
        code, told, err = run(shop, capsys, "--order", "3", "--endpoint", server.origin, "-o", out)
        assert "-o FILE" in run(shop, capsys, "--order", "3", "--endpoint", server.origin)[2]
    assert (code, out.read_text()) == (1, "3\n")
    assert told.startswith("  3  not yet\n")
    again = f"richsync import {shop.folder / 'orders.csv'} --resend --only-ids {out} --checkpoint"
    assert f"to send them again: {again}" in err
    assert "--wait 30m" in err


def test_who_waits_is_told_how_far_it_is(
    shop: Shop, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("richsync.display.verifications.PLAIN_EVERY", 0.0)
    screen = Screen(plain=True)
    with shelf() as server:
        asked = shop.inquiry(destination=Destination(server.origin), every=True, patience=24)
        found = verify(asked, ScreenWitness(server.origin, screen), Time().clock)
    show_verified(found._replace(missed=found.missed * 2), screen)
    shown = capsys.readouterr()
    assert "40 of them read back" in shown.err
    assert ", in 24 s at least" in shown.err
    assert "read back 40 of 40, the last is not yet" in shown.err
    assert "40 orders not seen as sent; asked for again in 1 s" in shown.err
    assert shown.out.endswith(
        "  … 30 more\n40 orders read back: 0 visible, 40 not yet, 0 differs, 0 cannot tell\n"
    )


def test_a_reply_that_drips_is_not_waited_for(shop: Shop) -> None:
    limits = Limits(whole=-1.0)
    with shelf() as server, Reader(Destination(server.origin, limits=limits), KEY, "rest") as reader:
        assert reader.read("3").failure == "no whole reply in time"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--all", "--order", "3"), "are two questions"),
        (("--wait", "soon"), "--wait 'soon' is not a time"),
        ((), "there is no REST key"),
    ],
)
def test_what_cannot_be_asked(
    shop: Shop,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.delenv("RICHPANEL_REST_KEY", raising=False)
    if "--wait" in arguments:
        monkeypatch.setenv("RICHPANEL_REST_KEY", "rest")
    with pytest.raises(UnusableError, match=told):
        run(shop, capsys, "--endpoint", shop.origin, *arguments)
