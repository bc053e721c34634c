import base64
import copy
import http.client
import json
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from richsync.errors import UnusableError
from richsync.jsontext import dumps
from richsync.sandbox import Behaviour, Sandbox, server
from richsync.sandbox.pages import moment
from richsync.sandbox.receiver import Receiver
from richsync.sandbox.store import Store
from richsync.wire import Sender, Signature, envelope

EVENT: dict[str, Any] = {
    "event": "order",
    "properties": {
        "orderId": "1001",
        "orderDbKey": "1001",
        "orderName": "#1001",
        "amount": 10.5,
        "currency": "EUR",
        "status": "paid",
        "createdAt": 1609966695361,
        "items": [{"id": "p1", "price": 5.25, "quantity": 2}],
    },
    "userProperties": {"uid": "zoe@example.com"},
    "time": {"sentAt": 1609966695361},
}
KEY = {"x-richpanel-key": "rest"}


def event(order_id: str = "1001", **properties: object) -> dict[str, Any]:
    made = copy.deepcopy(EVENT)
    made["properties"] |= {"orderId": order_id, **properties}
    return made


SENDER = Sender("demo_key")


def body(*events: dict[str, Any], sender: Sender = SENDER) -> bytes:
    return envelope(map(dumps, events), sender)


def damaged(**members: object) -> dict[str, Any]:
    return event("bad") | members


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(port=0).start() as running:
        yield running


@contextmanager
def connected(sandbox: Sandbox) -> Iterator[http.client.HTTPConnection]:
    with closing(
        http.client.HTTPConnection(sandbox.origin.removeprefix("http://"), timeout=10)
    ) as connection:
        yield connection


def ask(
    sandbox: Sandbox, method: str, path: str, data: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, str, http.client.HTTPMessage]:
    with connected(sandbox) as connection:
        connection.request(method, path, data, headers or {})
        reply = connection.getresponse()
        return reply.status, reply.read().decode(), reply.headers


def post(sandbox: Sandbox, data: bytes) -> tuple[int, Any]:
    status, text, _ = ask(sandbox, "POST", "/v2/bt", data)
    return status, json.loads(text)


def raw(sandbox: Sandbox, data: bytes) -> bytes:
    host, port = sandbox.origin.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_orders_are_stored_as_they_came(sandbox: Sandbox) -> None:
    assert post(sandbox, body(event("2"), event("1"))) == (200, {"success": True})
    first, second = sandbox.orders()
    assert (first.order_id, second.order_id) == ("2", "1")
    assert (first.sequence, second.sequence) == (1, 2)
    assert json.loads(first.event) == event("2") | {"appClientId": "demo_key"}
    assert (first.uid, first.sent_at, first.api_key, first.received) == (
        "zoe@example.com",
        1609966695361,
        "demo_key",
        1,
    )


def test_an_order_that_comes_again_is_updated(sandbox: Sandbox) -> None:
    for amount in (1, 2.5):
        post(sandbox, body(event("1", amount=amount), event("2")))
    first, second = sandbox.orders()
    assert json.loads(first.event)["properties"]["amount"] == 2.5
    assert (first.received, first.sequence, second.sequence) == (2, 3, 4)
    assert first.first_at <= first.last_at


def test_one_id_under_two_keys_is_two_orders(sandbox: Sandbox) -> None:
    for key in ("one", "two"):
        post(sandbox, body(event("1", amount=len(key)), sender=Sender(key)))
    assert [order.api_key for order in sandbox.orders()] == ["one", "two"]
    assert ask(sandbox, "GET", "/v1/order/three/1", headers=KEY)[:2] == (404, "{}")


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (event("bad", amount="10.5"), "properties.amount: empty, or not of type number"),
        (event("bad", orderName=" "), "properties.orderName: empty, or not of type text"),
        (event("bad", note="a\x00b"), "a NUL in a text"),
        (event("bad", items=[]), "properties.items: empty, or not a list"),
        (damaged(event="Order"), "event: not `order`"),
        (damaged(time={"sentAt": "2021"}), "time.sentAt: not of type moment"),
        (damaged(time={"sentAt": 1e300}), "time.sentAt: beyond 2^53"),
        (damaged(userProperties={"email": "a@b.example"}), "userProperties.uid: missing"),
    ],
)
def test_an_event_at_fault_is_not_stored(sandbox: Sandbox, bad: dict[str, Any], fault: str) -> None:
    status, reply = post(sandbox, body(event("good"), bad))
    assert status == 400
    assert reply["error"] == "1 fault"
    assert reply["faults"][0].startswith(f"event 2: {fault}")
    assert [order.order_id for order in sandbox.orders()] == ["good"]


def packed(text: str) -> bytes:
    return b'{"hs":"' + base64.b64encode(text.encode()) + b'"}'


BATCH = '{"appClientId":"k","event":"send_batch","events":[%s]}'
KEYED = json.dumps(event() | {"appClientId": "k"})


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"nonsense", "the body is not JSON"),
        (b"", "the body is not JSON"),
        (packed(BATCH % '"Zo\u00eb"'), "the payload is not ASCII"),
        (body(*[event(str(number)) for number in range(26)]), "26 events, more than 25"),
        (packed(BATCH % json.dumps(event())), "event 1: appClientId: not that of the batch"),
        (packed(BATCH % KEYED.replace('"k"', '"other"')), "event 1: appClientId: not that of the batch"),
        (packed(BATCH % KEYED.replace("#1001", "\\ud800")), "event 1: cannot be written as JSON"),
        (packed(BATCH % KEYED.replace("#1001", "\\\\u0000\\u0000")), "event 1: a NUL in a text"),
        (packed(BATCH % '[], "x"'), "event 1: event: not an object"),
    ],
)
def test_a_batch_at_fault_stores_nothing(sandbox: Sandbox, data: bytes, fault: str) -> None:
    status, reply = post(sandbox, data)
    assert status == 400
    assert fault in json.dumps(reply)
    assert sandbox.orders() == []
    assert fault in ask(sandbox, "GET", "/")[1]


def test_a_backslash_before_u0000_is_no_nul(sandbox: Sandbox) -> None:
    assert post(sandbox, body(event(note="\\u0000")))[0] == 200


@pytest.mark.parametrize(
    ("sender", "status"),
    [
        (Sender("k"), 200),
        (Sender("k", Signature.SHA256, "right"), 200),
        (Sender("k", Signature.MD5, "right"), 200),
        (Sender("k", Signature.SHA256, "wrong"), 400),
        (Sender("k", Signature.MD5, "wrong"), 400),
    ],
)
def test_signatures_are_checked(sender: Sender, status: int) -> None:
    with Sandbox(port=0, secret="right").start() as sandbox:
        assert post(sandbox, body(event(), sender=sender))[0] == status
        assert len(sandbox.orders()) == (status == 200)


def test_a_signature_of_another_length_is_a_fault() -> None:
    data = body(event())[:-1] + b',"s":"abc"}'
    with Sandbox(port=0, secret="right").start() as sandbox:
        assert post(sandbox, data)[1]["faults"] == ["the signature is neither SHA-256 nor MD5 in hex"]


@pytest.mark.parametrize("order_id", ["1001", "a/b", "%2F", "#1 \u00e9?", "<b>"])
def test_an_order_is_read_back(sandbox: Sandbox, order_id: str) -> None:
    post(sandbox, body(event(order_id)))
    path = f"/v1/order/demo_key/{quote(order_id, safe='')}"
    status, text, headers = ask(sandbox, "GET", path, headers=KEY)
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert json.loads(text)["properties"]["orderId"] == order_id
    assert ask(sandbox, "GET", path)[0] == 401
    assert ask(sandbox, "GET", path, headers={"x-richpanel-key": " "})[0] == 401
    assert ask(sandbox, "GET", path + "0", headers=KEY)[:2] == (404, "{}")


def test_pages_show_what_arrived_and_escape_it(sandbox: Sandbox) -> None:
    evil = "<script>alert(1)</script>"
    post(sandbox, body(event(evil, orderName=evil, status=evil, **{evil: ""}), event("7", amount=99.5)))
    post(sandbox, body(event(evil, orderName=evil), event("8")))
    status, page, headers = ask(sandbox, "GET", "/")
    assert status == 200
    assert "default-src 'none'; style-src 'unsafe-inline'" in headers["Content-Security-Policy"]
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 3
    assert "99.5 EUR" in page
    assert page.index('href="/order/8"') < page.index('href="/order/7"')
    one = ask(sandbox, "GET", f"/order/{quote(evil, safe='')}")[1]
    assert "<script" not in one
    assert "&quot;orderName&quot;" in one


@pytest.mark.parametrize(("query", "shown"), [("12", {"12", "312"}), ("", {"7", "12", "312"}), ("%", set())])
def test_orders_are_searched(sandbox: Sandbox, query: str, shown: set[str]) -> None:
    post(sandbox, body(event("7"), event("12"), event("312")))
    page = ask(sandbox, "GET", f"/?q={quote(query)}")[1]
    assert {order for order in ("7", "12", "312") if f'"/order/{order}"' in page} == shown


def test_the_page_counts(sandbox: Sandbox) -> None:
    assert "No order here yet" in ask(sandbox, "GET", "/")[1]
    for data in (body(event("1"), event("2")), body(event("1")), b"nonsense"):
        post(sandbox, data)
    page = ask(sandbox, "GET", "/")[1]
    for name, count in {"Orders": 2, "Customers": 1, "Requests": 3, "Updates": 1}.items():
        assert f"<dt>{name}</dt><dd>{count}</dd>" in page
    assert "<dt>Faults</dt><dd class=bad>1</dd>" in page


@pytest.mark.parametrize("path", ["/x", "/order/404", "/v1/order/k", "/v1/order/k/1/2", "x", "/order"])
def test_other_paths_are_not_found(sandbox: Sandbox, path: str) -> None:
    assert ask(sandbox, "GET", path, headers=KEY)[0] == 404
    assert ask(sandbox, "POST", path, b"{}")[0] == 404


def test_an_address_that_is_none_is_not_found(sandbox: Sandbox) -> None:
    assert raw(sandbox, b"GET http://[ HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 404")


def test_head_has_no_body(sandbox: Sandbox) -> None:
    reply = raw(sandbox, b"HEAD / HTTP/1.1\r\n\r\n")
    assert reply.startswith(b"HTTP/1.1 200")
    assert reply.endswith(b"\r\n\r\n")
    assert b"Content-Length: 0" not in reply


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost:1", 200),
        ("[::1]", 200),
        ("[", 421),
        ("", 421),
    ],
)
def test_a_page_elsewhere_cannot_read_it(sandbox: Sandbox, host: str, status: int) -> None:
    assert ask(sandbox, "GET", "/", headers={"Host": host})[0] == status


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"", b"411"),
        (b"Content-Length: -1\r\n", b"411"),
        (b"Content-Length: x\r\n", b"411"),
        (b"Transfer-Encoding: chunked\r\n", b"411"),
        (b"Content-Length: 8388609\r\n", b"413"),
        (b"Content-Length: " + b"9" * 5000 + b"\r\n", b"413"),
        (b"Content-Length: 10\r\n", b"400"),
    ],
)
def test_a_body_needs_an_honest_length(sandbox: Sandbox, head: bytes, status: bytes) -> None:
    reply = raw(sandbox, b"POST /v2/bt HTTP/1.1\r\n" + head + b"\r\n{}")
    assert reply.split(b" ")[1] == status
    assert b"Connection: close" in reply


@pytest.mark.parametrize(
    "data", [b"\x00\xff\r\n\r\n", b"POST\r\n\r\n", b"DELETE / HTTP/1.1\r\n\r\n", b"GET " + b"x" * 70_000]
)
def test_what_is_not_http_leaves_it_running(
    sandbox: Sandbox, data: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    raw(sandbox, data)
    assert post(sandbox, body(event()))[0] == 200
    assert capfd.readouterr() == ("", "")


def statuses(behaviour: Behaviour, count: int) -> list[int]:
    with Sandbox(port=0, behaviour=behaviour).start() as sandbox:
        return [post(sandbox, body(event(str(number))))[0] for number in range(count)]


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        (Behaviour(), [200, 200, 200, 200]),
        (Behaviour({500: 2}), [200, 500, 200, 500]),
        (Behaviour({429: 3}), [200, 200, 429, 200]),
        (Behaviour({429: 2, 500: 1}), [500, 429, 500, 429]),
        (Behaviour(refuse=frozenset({"0", "3"})), [400, 200, 200, 400]),
        (Behaviour(refuse=frozenset({"0", "3"}), strict=False), [200, 200, 200, 200]),
    ],
)
def test_it_misbehaves_on_purpose(behaviour: Behaviour, expected: list[int]) -> None:
    assert statuses(behaviour, 4) == expected


def test_a_failed_request_stores_nothing_and_says_when_to_come_again() -> None:
    behaviour = Behaviour({429: 2, 500: 1}, retry_after=7)
    with Sandbox(port=0, behaviour=behaviour).start() as sandbox:
        found = [ask(sandbox, "POST", "/v2/bt", body(event())) for _ in range(2)]
        assert [(status, headers.get("Retry-After")) for status, _, headers in found] == [
            (500, None),
            (429, "7"),
        ]
        assert sandbox.orders() == []


def test_a_reply_that_is_cut_comes_after_its_orders_were_taken() -> None:
    with Sandbox(port=0, behaviour=Behaviour(cut_every=2)).start() as sandbox:
        assert post(sandbox, body(event("1")))[0] == 200
        with pytest.raises(http.client.IncompleteRead):
            post(sandbox, body(event("2")))
        assert [order.order_id for order in sandbox.orders()] == ["1", "2"]


def test_not_strict_it_swallows_silently_but_notes() -> None:
    with Sandbox(port=0, behaviour=Behaviour(strict=False)).start() as sandbox:
        assert post(sandbox, body(event(amount=None))) == (200, {"success": True})
        assert sandbox.orders() == []
        assert "properties.amount" in ask(sandbox, "GET", "/")[1]


def test_delay_waits_but_not_for_closing() -> None:
    started = time.monotonic()
    assert statuses(Behaviour(delay=0.1), 1) == [200]
    assert time.monotonic() - started >= 0.1
    with Sandbox(port=0, behaviour=Behaviour(delay=60)).start() as sandbox, connected(sandbox) as connection:
        connection.request("POST", "/v2/bt", body(event()))
        time.sleep(0.2)
        sandbox.close()
    assert time.monotonic() - started < 10


def test_the_store_outlives_the_sandbox(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    for _ in range(2):
        with Sandbox(port=0, store=store).start() as sandbox:
            post(sandbox, body(event("1"), event("2")))
    with Sandbox(port=0, store=store) as sandbox:
        orders = sandbox.orders()
    assert [(order.order_id, order.received, order.sequence) for order in orders] == [
        ("1", 2, 3),
        ("2", 2, 4),
    ]
    assert store.stat().st_mode & 0o777 == 0o600


def foreign(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE ledger (x)")
    return path


def test_what_is_not_its_store_is_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "orders.csv"
    text.write_text("id,amount\n" * 100)
    for path in (foreign(tmp_path / "x.richsync"), text, tmp_path, tmp_path / "none" / "x"):
        with pytest.raises(UnusableError) as caught:
            Sandbox(port=0, store=path)
        assert caught.value.hint
    assert text.read_text() == "id,amount\n" * 100


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.0.1", "example.com", ""])
def test_it_listens_on_loopback_only(address: str) -> None:
    with pytest.raises(UnusableError, match="not a loopback address"):
        Sandbox(address, 0)


@pytest.mark.parametrize("address", ["localhost", "127.0.0.1", "127.0.0.2"])
def test_any_loopback_address_will_do(address: str) -> None:
    with Sandbox(address, 0).start() as sandbox:
        assert post(sandbox, body(event()))[0] == 200


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6")
def test_loopback_of_ipv6() -> None:
    try:
        sandbox = Sandbox("::1", 0)
    except UnusableError:
        pytest.skip("no IPv6 loopback here")
    with sandbox.start():
        assert sandbox.origin.startswith("http://[::1]:")
        assert post(sandbox, body(event()))[0] == 200


@pytest.mark.parametrize("port", [-1, 70_000])
def test_a_port_that_is_none(port: int) -> None:
    with pytest.raises(UnusableError, match=f"port {port}"):
        Sandbox(port=port)


def test_a_port_in_use(sandbox: Sandbox) -> None:
    with pytest.raises(UnusableError) as caught:
        Sandbox(port=int(sandbox.origin.rsplit(":", 1)[1]))
    assert "--port" in caught.value.hint


def test_it_need_not_be_started_to_be_closed() -> None:
    sandbox = Sandbox(port=0)
    sandbox.close()
    sandbox.close()


def test_serving_ends_when_it_is_closed() -> None:
    sandbox = Sandbox(port=0)
    thread = threading.Thread(target=sandbox.serve_forever)
    thread.start()
    assert post(sandbox, body(event()))[0] == 200
    sandbox.close()
    thread.join(5)
    assert not thread.is_alive()


def test_lanes_at_once_lose_nothing(sandbox: Sandbox) -> None:
    def lane(name: str) -> None:
        with connected(sandbox) as connection:
            for number in range(20):
                connection.request("POST", "/v2/bt", body(*[event(f"{name}{number}-{i}") for i in range(5)]))
                assert connection.getresponse().read() == b'{"success":true}'

    lanes = [threading.Thread(target=lane, args=(name,)) for name in "abcd"]
    for each in lanes:
        each.start()
    for each in lanes:
        each.join()
    orders = sandbox.orders()
    assert len({order.order_id for order in orders}) == 400
    assert [order.sequence for order in orders] == list(range(1, 401))


def test_a_store_that_fails_is_answered_with_500() -> None:
    store = Store()
    receiver = Receiver(store, "", Behaviour(), lambda: 1.0)
    assert receiver.take(body(event())).status == 200
    assert store.orders()[0].first_at == 1000
    store.close()
    assert receiver.take(body(event())).status == 500


@pytest.mark.parametrize(("error", "said"), [(ConnectionResetError(), False), (KeyError(), True)])
def test_only_clients_that_went_away_are_not_told(
    error: Exception, said: bool, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Receiver, "show", fail)
    with Sandbox(port=0).start() as sandbox, pytest.raises(http.client.RemoteDisconnected):
        ask(sandbox, "GET", "/")
    assert ("Traceback" in capfd.readouterr().err) is said


@pytest.mark.parametrize(
    ("milliseconds", "shown"),
    [(0, "1970-01-01 00:00"), (1609966695361, "2021-01-06 20:58"), (10**17, str(10**17))],
)
def test_moments(milliseconds: int, shown: str) -> None:
    assert moment(milliseconds) == shown


def test_a_body_may_have_eight_megabytes() -> None:
    assert server.MOST_BODY == 8 * 1024 * 1024
