"""The driver over real sockets: each test runs a receiver on loopback and a whole delivery against it."""

import contextlib
import gzip
import itertools
import os
import signal
import socket
import socketserver
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from richsync import __version__
from richsync.client import Destination, Limits, checked_origin
from richsync.client.door import MOST_READ, seconds_asked
from richsync.client.driver import deliver
from richsync.delivery.machine import Delivery
from richsync.delivery.moves import Policy, Wait
from richsync.delivery.pace import UNLIMITED, Rate
from richsync.delivery.replies import ReplyClass
from richsync.errors import (
    GaveUpError,
    InterruptedRunError,
    LedgerError,
    NotAllowedError,
    RichsyncError,
    UnusableError,
    WrongAddressError,
)
from richsync.model import Batch, Planned, Reply

LIMITS = Limits(connect=5.0, read=5.0, whole=5.0, drain=5.0)


class Answer(NamedTuple):
    """Bytes of a reply, sent in pieces after `delay` seconds each; then the connection is kept or not."""

    pieces: tuple[bytes, ...]
    then: str = "keep"
    delay: float = 0.0


def http(status: int, body: bytes = b"", *headers: bytes, delay: float = 0.0) -> Answer:
    lines = [b"HTTP/1.1 %d x" % status, b"Content-Length: %d" % len(body), *headers]
    return Answer((b"\r\n".join([*lines, b"", body]),), delay=delay)


def closing(*pieces: bytes, then: str = "close", delay: float = 0.0) -> Answer:
    return Answer(pieces, then, delay)


OK = http(200, b'{"ok": true}')
ENDLESS = b"HTTP/1.1 200 x\r\nContent-Length: 99\r\n\r\n"


class Handler(socketserver.StreamRequestHandler):
    """A connection: it is read request by request, each answered as the receiver says."""

    server: "Receiver"

    def handle(self) -> None:
        if self.server.resets:
            self.rfile.read(self.server.resets.pop(0))
            self._reset()
            return
        with contextlib.suppress(OSError):
            while (head := self._head()) and self._answer(head):
                pass

    def _head(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()).strip():
            lines.append(line)
        return b"".join(lines)

    def _answer(self, head: bytes) -> bool:
        lengths = (line for line in head.lower().splitlines() if line.startswith(b"content-length:"))
        body = self.rfile.read(int(next(lengths, b":0").split(b":")[1]))
        with self.server.answering(head, body) as answer:
            for piece in answer.pieces:
                time.sleep(answer.delay)
                self.wfile.write(piece)
        if answer.then == "reset":
            self._reset()
        return answer.then == "keep"

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Receiver(socketserver.ThreadingTCPServer):
    """Answers each request by the next of `answers`, then always by `OK`; keeps what it was sent.

    The first connections are reset, each when so many bytes as stand in `resets` were read of it.
    """

    daemon_threads = False

    def __init__(self, *answers: Answer, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = list(answers)
        self.resets: list[int] = []
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self.busy = self.most_busy = 0
        self.connections: set[int] = set()
        self._lock = threading.Lock()
        self.origin = f"{'https' if tls else 'http'}://127.0.0.1:{self.server_address[1]}"
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    @contextlib.contextmanager
    def answering(self, head: bytes, body: bytes) -> Iterator[Answer]:
        with self._lock:
            self.heads.append(head)
            self.bodies.append(body)
            self.connections.add(threading.get_ident())
            self.busy += 1
            self.most_busy = max(self.most_busy, self.busy)
            answer = self.answers.pop(0) if self.answers else OK
        try:
            yield answer
        finally:
            with self._lock:
                self.busy -= 1

    # The base class would send an orderly end where a test wants a reset.
    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        self.close_request(request)


@contextlib.contextmanager
def receiving(*answers: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    with Receiver(*answers, tls=tls) as receiver:
        thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield receiver
        finally:
            receiver.shutdown()
            thread.join()


class Journal:
    """Recorder and watcher in one: what happened in which order, with an action on some of it."""

    def __init__(self, **actions: Callable[[], None]) -> None:
        self.log: list[str] = []
        self.replies: list[Reply] = []
        self.waits: list[Wait] = []
        self._actions = actions

    def _note(self, what: str, *rest: object) -> None:
        self.log.append(" ".join([what, *map(str, rest)]))
        self._actions.get(what, lambda: None)()

    def opening(self, batch: Batch) -> None:
        self._note("opening", batch.number)

    def settle(self, batch: Batch, reply: Reply, state: str | None) -> None:
        self._note("settle", batch.number, state)

    def commit(self) -> None:
        self._note("commit")

    def sent(self, batch: Batch, attempt: int) -> None:
        self._note("sent", batch.number, attempt)

    def answered(self, batch: Batch, reply: Reply, reply_class: ReplyClass) -> None:
        self.replies.append(reply)
        self._note("answered", batch.number, reply_class)

    def waiting(self, wait: Wait) -> None:
        self.waits.append(wait)

    def interrupted(self, in_flight: int) -> None:
        self._note("interrupted", in_flight)

    def settled(self, batch: Batch, reply: Reply, state: str | None) -> None:
        self._note("settled", batch.number, state)

    def count(self, start: str) -> int:
        return sum(line.startswith(start) for line in self.log)


def batches(count: int) -> Iterator[Batch]:
    for number in range(1, count + 1):
        yield packed(number, Planned(number, str(number), b"", number, None, b"", b"{}"))


def packed(number: int, *orders: Planned) -> Batch:
    return Batch(number, orders, b'{"hs":"%d"}' % number)


class Run(NamedTuple):
    ending: RichsyncError | None
    journal: Journal


def run(
    target: Receiver | Destination,
    source: int | Iterator[Batch] = 1,
    policy: Policy | None = None,
    journal: Journal | None = None,
) -> Run:
    """Deliver; retries come without a pause."""
    destination = Destination(target.origin, limits=LIMITS) if isinstance(target, Receiver) else target
    journal = journal or Journal()
    queue = batches(source) if isinstance(source, int) else source
    policy = policy or Policy(UNLIMITED, lanes=1, give_up=5, first_reply=5)
    numbers = itertools.count(1000)
    delivery = Delivery(
        queue, lambda orders: packed(next(numbers), *orders), policy, now=time.monotonic(), random=lambda: 0.0
    )
    return Run(deliver(delivery, destination, journal, journal), journal)


def test_the_order_of_effects() -> None:
    with receiving(OK, http(500), OK) as receiver:
        ending, journal = run(receiver, 2)
    assert ending is None
    assert journal.log == [
        *("opening 1", "commit", "sent 1 1", "answered 1 accepted", "settle 1 accepted"),
        *("opening 2", "commit", "settled 1 accepted", "sent 2 1", "answered 2 again"),
        *("sent 2 2", "answered 2 accepted", "settle 2 accepted", "commit", "settled 2 accepted"),
    ]
    assert receiver.bodies == [b'{"hs":"1"}', b'{"hs":"2"}', b'{"hs":"2"}']
    assert len(receiver.connections) == 1


def test_a_lane_keeps_its_connection() -> None:
    with receiving() as receiver:
        assert run(receiver, 40, Policy(UNLIMITED, lanes=3)).ending is None
    assert (len(receiver.bodies), len(receiver.connections)) == (40, 3)


def test_the_request() -> None:
    with receiving() as receiver:
        run(receiver)
    lines = receiver.heads[0].decode().lower().splitlines()
    assert lines[0] == "post /v2/bt http/1.1"
    assert {"content-type: application/json", f"user-agent: richsync/{__version__}"} <= set(lines)
    assert not [line for line in lines if line.startswith(("authorization", "content-encoding", "cookie"))]


def test_lanes_send_at_the_same_time_and_no_more_than_there_are() -> None:
    with receiving(*(http(200, delay=0.1) for _ in range(6))) as receiver:
        ending, journal = run(receiver, 12, Policy(UNLIMITED, lanes=3))
    assert ending is None
    assert receiver.most_busy == 3
    assert sorted(receiver.bodies) == sorted(batch.body for batch in batches(12))
    assert journal.count("settled") == 12


def test_a_slow_disk_does_not_bring_requests_closer_together() -> None:
    pauses = iter([0.3, 0.0])
    moments: list[float] = []
    journal = Journal(
        commit=lambda: time.sleep(next(pauses, 0.0)), sent=lambda: moments.append(time.monotonic())
    )
    with receiving() as receiver:
        run(receiver, 2, Policy(Rate(1, 0.4), lanes=2), journal)
    assert moments[1] - moments[0] >= 0.39


def test_the_pace_is_kept() -> None:
    with receiving() as receiver:
        begun = time.monotonic()
        ending, journal = run(receiver, 5, Policy(Rate(1, 0.1), lanes=4))
    assert ending is None
    assert time.monotonic() - begun >= 0.4
    assert "pace" in {wait.reason for wait in journal.waits}


def test_waiting_is_not_a_busy_loop() -> None:
    with receiving(http(200, delay=0.25)) as receiver:
        _, journal = run(receiver, 1, Policy(UNLIMITED, lanes=4))
    assert len(journal.waits) <= 4


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (http(200, b"<html>welcome</html>"), None),
        (http(204), None),
        (Answer((b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", *OK.pieces)), None),
        (http(200, gzip.compress(b'{"ok": false}', mtime=0), b"Content-Encoding: gzip"), GaveUpError),
        (http(422, b"order 7"), GaveUpError),
        (http(401), NotAllowedError),
        (http(403, b"<html>denied</html>"), NotAllowedError),
        (http(302, b"", b"Location: /v2/bt"), WrongAddressError),
        (http(404), WrongAddressError),
        (http(429, b"", b"Retry-After: 601"), GaveUpError),
    ],
)
def test_replies_that_settle_or_stop(answer: Answer, error: type[RichsyncError] | None) -> None:
    with receiving(answer) as receiver:
        ending, journal = run(receiver)
    assert (ending and type(ending)) is error
    assert len(receiver.bodies) == 1
    assert journal.log[-1] == ("settled 1 accepted" if error is None else "settled 1 None")


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (http(500, b"<html>"), ""),
        (http(429, b"", b"Retry-After: soon"), ""),
        (closing(b"SSH-2.0-OpenSSH_9.6\r\n"), "the reply was cut short or is not HTTP"),
        (closing(), "the reply was cut short or is not HTTP"),
        (closing(b"HTTP/1.1 20"), "the reply was cut short or is not HTTP"),
        (closing(ENDLESS + b"{"), "the reply was cut short or is not HTTP"),
        (closing(ENDLESS, then="reset", delay=0.05), "the connection broke"),
        (http(200, b"", b"Content-Length: 7"), "the reply was cut short or is not HTTP"),
        (
            closing(b"HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
            "the reply was cut short or is not HTTP",
        ),
        (http(200, b"not gzip", b"Content-Encoding: gzip"), "the reply's body cannot be decoded"),
    ],
)
def test_what_failed_is_sent_again_as_it_was(answer: Answer, failure: str) -> None:
    with receiving(answer) as receiver:
        ending, journal = run(receiver)
    assert ending is None
    assert receiver.bodies == [b'{"hs":"1"}'] * 2
    assert journal.replies[0].failure == failure
    assert journal.log[-1] == "settled 1 accepted"


@pytest.mark.parametrize("read", [0, 20, 100_000])
def test_a_request_that_is_reset_on_its_way_is_sent_again(read: int) -> None:
    order = Planned(1, "1", b"", 1, None, b"", b"{}")
    large = Batch(1, (order,), b'{"hs":"%s"}' % (b"x" * 500_000))
    with receiving() as receiver:
        receiver.resets.append(read)
        ending, journal = run(receiver, iter([large]))
    assert ending is None
    assert receiver.bodies == [large.body]
    assert [reply.status for reply in journal.replies] == [None, 200]
    assert journal.replies[0].ambiguous or not read, "it may have arrived"


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (closing(b"", delay=0.5), "no reply in time"),
        (closing(ENDLESS, *[b"x"] * 9, delay=0.1), "no whole reply in time"),
    ],
)
def test_an_attempt_has_its_limits(answer: Answer, failure: str) -> None:
    with receiving(answer) as receiver:
        ending, journal = run(Destination(receiver.origin, limits=Limits(read=0.3, whole=0.6)))
    assert ending is None
    assert [reply.failure for reply in journal.replies] == [failure, ""]


def test_retry_after_is_obeyed() -> None:
    with receiving(http(503, b"", b"Retry-After: 1")) as receiver:
        begun = time.monotonic()
        ending, journal = run(receiver)
    assert ending is None
    assert time.monotonic() - begun >= 1
    assert "the receiver asked to wait" in {wait.reason for wait in journal.waits}


def test_a_huge_reply_is_cut() -> None:
    with receiving(http(200, b"x" * 5_000_000)) as receiver:
        ending, journal = run(receiver, 2)
    assert ending is None
    assert journal.replies[0].head == b"x" * MOST_READ
    assert MOST_READ <= journal.replies[0].length < 5_000_000


def refusing() -> str:
    """An origin where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_refused_connection_is_given_up() -> None:
    policy = Policy(Rate(1, 0.05), lanes=2, first_reply=0.3)
    ending, journal = run(Destination(refusing()), 3, policy)
    assert isinstance(ending, GaveUpError)
    assert "did not answer for 0.3 s; the last failure: the connection was refused" in ending.message
    assert journal.count("sent 1 ") > 1
    assert journal.log[-1] == "settled 1 None"


def test_all_addresses_of_a_name_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    port = int(refusing().rpartition(":")[2])
    stream = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
    found = [(*stream, (address, port)) for address in ("127.0.0.1", "127.0.0.2")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    ending, _ = run(Destination(f"http://localhost:{port}"), policy=Policy(Rate(1, 0.05), first_reply=0.1))
    assert isinstance(ending, GaveUpError)
    assert "the connection was refused" in ending.message


def test_a_name_that_does_not_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    ending, _ = run(Destination("https://shop.invalid"), policy=Policy(Rate(1, 0.05), first_reply=0.1))
    assert isinstance(ending, GaveUpError)
    assert "the name could not be resolved: Name or service not known" in ending.message


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def server_tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def test_an_unknown_certificate_is_hopeless(server_tls: ssl.SSLContext) -> None:
    with receiving(tls=server_tls) as receiver:
        ending, journal = run(receiver)
    assert isinstance(ending, GaveUpError)
    assert "the certificate does not verify: " in ending.message
    assert (journal.count("sent"), receiver.bodies) == (1, [])


def test_a_trusted_certificate(authority: trustme.CA, server_tls: ssl.SSLContext) -> None:
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with receiving(tls=server_tls) as receiver:
        ending, _ = run(Destination(receiver.origin, trusting))
    assert ending is None
    assert len(receiver.bodies) == 1


def test_the_environment_names_trusted_certificates(
    authority: trustme.CA, server_tls: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with receiving(tls=server_tls) as receiver:
        assert run(receiver).ending is None


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (closing(b"", delay=0.5), "no reply in time"),
        (closing(ENDLESS, then="reset", delay=0.05), "the connection broke"),
        (closing(ENDLESS), "the reply was cut short or is not HTTP"),
    ],
)
def test_what_breaks_under_tls_may_have_arrived(
    authority: trustme.CA, server_tls: ssl.SSLContext, answer: Answer, failure: str
) -> None:
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with receiving(answer, tls=server_tls) as receiver:
        ending, journal = run(Destination(receiver.origin, trusting, LIMITS._replace(read=0.3)))
    assert ending is None
    assert [(reply.failure, reply.ambiguous) for reply in journal.replies] == [(failure, True), ("", False)]


def test_a_connection_that_is_not_made_in_time_is_no_fault_of_tls() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        origin = f"https://127.0.0.1:{silent.getsockname()[1]}"
        policy = Policy(UNLIMITED, first_reply=0.1)
        ending, journal = run(Destination(origin, limits=LIMITS._replace(connect=0.2)), policy=policy)
    assert isinstance(ending, GaveUpError)
    assert {reply.failure for reply in journal.replies} == {"no connection in time"}


def test_a_tls_too_new_for_us(authority: trustme.CA, server_tls: ssl.SSLContext) -> None:
    server_tls.minimum_version = ssl.TLSVersion.TLSv1_3
    older = ssl.create_default_context()
    older.maximum_version = ssl.TLSVersion.TLSv1_2
    with receiving(tls=server_tls) as receiver:
        ending, _ = run(Destination(receiver.origin, older), policy=Policy(Rate(1, 0.05), first_reply=0.1))
    assert isinstance(ending, GaveUpError)
    assert "no TLS connection could be made" in ending.message


@pytest.mark.parametrize(
    ("variable", "value"), [("SSL_CERT_FILE", "/nowhere/ca.pem"), ("ALL_PROXY", "gopher://proxy")]
)
def test_an_unusable_environment(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, value)
    ending, journal = run(Destination("https://shop.invalid"))
    assert isinstance(ending, UnusableError)
    assert variable in ending.hint
    assert journal.log == []


def test_plain_text_needs_no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    with receiving() as receiver:
        assert run(receiver).ending is None


def test_loopback_is_never_asked_for_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with receiving() as proxy, receiving() as receiver:
        monkeypatch.setenv("HTTP_PROXY", proxy.origin)
        assert run(receiver).ending is None
    assert (len(proxy.heads), len(receiver.heads)) == (0, 1)


def test_a_proxy_that_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving(*[http(407)] * 50) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.origin)
        ending, _ = run(Destination("https://shop.invalid"), policy=Policy(Rate(1, 0.05), first_reply=0.1))
    assert isinstance(ending, GaveUpError)
    assert "the proxy refused: 407" in ending.message


def kill(number: int) -> Callable[[], None]:
    return lambda: os.kill(os.getpid(), number)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_first_signal_waits_for_what_is_in_flight(number: int, code: int) -> None:
    journal = Journal(sent=kill(number))
    with receiving(http(200, delay=0.2)) as receiver:
        ending, _ = run(receiver, 5, journal=journal)
    assert isinstance(ending, InterruptedRunError)
    assert ending.exit_status == code
    assert journal.log[-4:] == ["answered 1 accepted", "settle 1 accepted", "commit", "settled 1 accepted"]
    assert (journal.count("interrupted 1"), journal.count("sent")) == (1, 1)


def test_the_handlers_of_signals_are_put_back() -> None:
    def ours(*_: object) -> None: ...

    before = {number: signal.signal(number, ours) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with receiving() as receiver:
            run(receiver)
        assert [signal.getsignal(number) for number in before] == [ours, ours]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_the_second_signal_cuts_at_once() -> None:
    journal = Journal(sent=kill(signal.SIGINT), interrupted=kill(signal.SIGTERM))
    with receiving(http(200, delay=1.5)) as receiver:
        begun = time.monotonic()
        ending, _ = run(Destination(receiver.origin, limits=LIMITS), 5, journal=journal)
        assert time.monotonic() - begun < 1
    assert isinstance(ending, InterruptedRunError)
    assert ending.exit_status == 130
    assert journal.replies == [Reply(None, failure="cut off by the end of the run", ambiguous=True)]
    assert journal.log[-1] == "settled 1 None"


def test_once_interrupted_nothing_keeps_it_from_telling_what_was_sent() -> None:
    journal = Journal(sent=kill(signal.SIGINT), settle=kill(signal.SIGTERM))
    with receiving() as receiver:
        ending, _ = run(receiver, 5, journal=journal)
    os.kill(os.getpid(), signal.SIGINT)
    assert isinstance(ending, InterruptedRunError)
    assert ending.exit_status == 130
    assert journal.log[-1] == "settled 1 accepted"


def test_draining_ends() -> None:
    journal = Journal(sent=kill(signal.SIGINT))
    with receiving(http(200, delay=1.5)) as receiver:
        begun = time.monotonic()
        ending, _ = run(Destination(receiver.origin, limits=LIMITS._replace(drain=0.1)), 5, journal=journal)
        assert time.monotonic() - begun < 1
    assert isinstance(ending, InterruptedRunError)


def test_a_signal_ends_a_long_wait() -> None:
    journal = Journal(answered=kill(signal.SIGINT))
    with receiving(http(429, b"", b"Retry-After: 500")) as receiver:
        begun = time.monotonic()
        ending, _ = run(receiver, 1, journal=journal)
        assert time.monotonic() - begun < 2
    assert isinstance(ending, InterruptedRunError)
    assert journal.log[-1] == "settled 1 None"


def test_outside_the_main_thread_signals_are_left_alone() -> None:
    results: list[Run] = []
    with receiving() as receiver:
        thread = threading.Thread(target=lambda: results.append(run(receiver, 2)))
        thread.start()
        thread.join()
    assert results[0].ending is None


def lost() -> None:
    raise LedgerError("the ledger was replaced")


@pytest.mark.parametrize(("step", "bodies"), [("opening", 0), ("commit", 0), ("settle", 1)])
def test_nothing_is_sent_without_a_record(step: str, bodies: int) -> None:
    journal = Journal(**{step: lost})
    with receiving() as receiver:
        ending, _ = run(receiver, 5, journal=journal)
    assert isinstance(ending, LedgerError)
    assert len(receiver.bodies) == bodies
    assert journal.count("settled") == 0


def test_a_lost_record_cuts_what_is_in_flight() -> None:
    journal = Journal(settle=lost)
    with receiving(http(200, delay=0.1), http(200, delay=1.5)) as receiver:
        begun = time.monotonic()
        destination = Destination(receiver.origin, limits=LIMITS)
        ending, _ = run(destination, 9, Policy(UNLIMITED, lanes=2), journal)
        assert time.monotonic() - begun < 1
    assert isinstance(ending, LedgerError)
    assert (journal.count("opening"), journal.count("settle ")) == (2, 1)


@pytest.mark.parametrize("step", ["settle", "commit"])
def test_a_record_lost_at_the_very_end_goes_before_the_ending(step: str) -> None:
    armed: list[bool] = []
    journal = Journal(answered=lambda: armed.append(True), **{step: lambda: lost() if armed else None})
    with receiving(http(401)) as receiver:
        ending, _ = run(receiver, 1, journal=journal)
    assert isinstance(ending, LedgerError)
    assert journal.count("settled") == 0


def test_an_error_of_the_source_ends_the_run() -> None:
    def torn() -> Iterator[Batch]:
        yield from batches(1)
        raise UnusableError("the spool cannot be read")

    with receiving() as receiver:
        ending, journal = run(receiver, torn())
    assert isinstance(ending, UnusableError)
    assert len(receiver.bodies) == 1
    assert journal.log[-1] == "settled 1 accepted"


def test_a_mistake_in_a_watcher_comes_out_as_it_is() -> None:
    def closed() -> None:
        raise BrokenPipeError

    with receiving() as receiver, pytest.raises(BrokenPipeError):
        run(receiver, 3, journal=Journal(answered=closed))


NOW = 1_700_000_000.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("9" * 5000, float("inf")),
        (formatdate(NOW + 90, usegmt=True), 90.0),
        (formatdate(NOW + 90), 90.0),
        (formatdate(NOW - 90, usegmt=True), 0.0),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
        ("Mon, 99 Foo 2023 99:99:99 GMT", None),
    ],
)
def test_the_seconds_a_retry_after_asks_for(text: str, seconds: float | None) -> None:
    assert seconds_asked(text, NOW) == seconds


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d+ (Jan|Feb) \d+ \d+:\d+:\d+ [+-]?\w+", fullmatch=True))
def test_a_retry_after_is_never_negative(text: str) -> None:
    seconds = seconds_asked(text, NOW)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://api.richpanel.com", "https://api.richpanel.com"),
        (" HTTPS://API.Richpanel.com/ ", "https://api.richpanel.com"),
        ("https://api.richpanel.com:443", "https://api.richpanel.com"),
        ("https://api.richpanel.com:8443", "https://api.richpanel.com:8443"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.8.9.1", "http://127.8.9.1"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
        ("https://api.richpanel.com.:443/", "https://api.richpanel.com."),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_origins(text: str, origin: str) -> None:
    assert checked_origin(text) == origin
    url = httpx.URL(origin)
    assert f"{url.scheme}://{url.netloc.decode()}" == origin


@pytest.mark.parametrize(
    ("origin", "host", "is_loopback"),
    [
        ("https://api.richpanel.com", "api.richpanel.com", False),
        ("https://api.richpanel.com:8443", "api.richpanel.com:8443", False),
        ("https://127.0.0.1.example.com", "127.0.0.1.example.com", False),
        ("http://127.8.9.1:8080", "127.8.9.1", True),
        ("http://[::1]:8080", "::1", True),
        ("http://localhost", "localhost", True),
    ],
)
def test_a_ledger_is_bound_to_a_host_and_a_rehearsal_is_on_this_machine(
    origin: str, host: str, is_loopback: bool
) -> None:
    destination = Destination(origin)
    assert (destination.host, destination.is_loopback) == (host, is_loopback)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "must begin with https://"),
        ("api.richpanel.com", "must begin with https://"),
        ("localhost:8080", "must begin with https://"),
        ("ftp://localhost", "must begin with https://"),
        ("https://", "names no host"),
        ("https://me:hunter2@api.richpanel.com", "must not hold a user name"),
        ("https://api.richpanel.com/v2/bt", "must not have a path"),
        ("https://api.richpanel.com?x=1", "must not have a path"),
        ("https://api.richpanel.com#x", "must not have a path"),
        ("http://api.richpanel.com", "must be https"),
        ("http://127.0.0.1.example.com", "must be https"),
        ("http://localhost.example.com", "must be https"),
        ("http://0.0.0.0", "must be https"),
        ("http://192.168.1.1", "must be https"),
        ("https://a\nb", "is not a URL"),
        ("https://host:port", "is not a URL"),
        ("http://127.0.0.1:65536", "names a port outside 1 to 65535"),
        ("http://127.0.0.1:0", "names a port outside 1 to 65535"),
        ("https://[::1", "is not a URL"),
        ("https://[::g]", "is not a URL"),
        ("https://a b", "is not a URL"),
        ("https://a_b,c", "is not a URL"),
        ("https://a..b", "is not a URL"),
        ("https://-a.b", "is not a URL"),
        ("https://bü cher.example", "is not a URL"),
        ("https://me:hunter2@host:port", "is not a URL"),
        ("https://" + "a" * 64 + ".com", "is not a URL"),
    ],
)
def test_what_is_no_origin(text: str, reason: str) -> None:
    with pytest.raises(UnusableError, match=reason) as caught:
        checked_origin(text)
    assert "hunter2" not in caught.value.message
    assert "https://api.richpanel.com" in caught.value.hint
