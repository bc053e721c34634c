import base64
import contextlib
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.jsontext import dumps
from richsync.model import MOST_ORDERS, Planned
from richsync.wire import (
    MOST_BYTES,
    EnvelopeError,
    Packer,
    Sender,
    Signature,
    envelope,
    opened,
    payload,
    sign,
)

PAYLOAD = (
    rb'{"appClientId":"demo_key","event":"send_batch","events":[{"event":"order","properties":'
    rb'{"orderId":"1","amount":10.5,"name":"Zo\u00eb/\ud83d\ude00"}}]}'
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NAMES = TEXT.filter(lambda name: name != "appClientId")
VALUES = st.recursive(
    st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
EVENTS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=4)
SENDERS = st.builds(Sender, TEXT, st.sampled_from(Signature), TEXT)


def planned(number: int, size: int = 20) -> Planned:
    body = dumps({"n": number, "x": "x" * size})
    return Planned(number, str(number), b"digest", number, None, b"print", body)


def test_the_known_signature() -> None:
    sender = Sender("demo_key", Signature.SHA256, "s3cr3t-demo")
    expected = "e3ad6156846096809ea18b431e80705acd45de98c97432584bd452d54053270f"
    assert sign(base64.b64encode(PAYLOAD), sender) == expected


def test_payload_of_the_known_event() -> None:
    event = dumps(
        {"event": "order", "properties": {"orderId": "1", "amount": 10.5, "name": "Zo\u00eb/\U0001f600"}}
    )
    keyed = PAYLOAD.replace(b"}}]}", b'},"appClientId":"demo_key"}]}')
    assert payload([event], "demo_key") == keyed


def test_md5_is_over_the_same_bytes() -> None:
    expected = hashlib.md5(b"aHM=secret", usedforsecurity=False).hexdigest()
    assert sign(b"aHM=", Sender("key", Signature.MD5, "secret")) == expected


@given(st.lists(EVENTS, max_size=4), SENDERS)
def test_what_is_sent_is_what_is_opened(events: list[dict[str, Any]], sender: Sender) -> None:
    body = envelope(map(dumps, events), sender)
    read = opened(body)
    assert read.events == [event | {"appClientId": sender.api_key} for event in events]
    assert read.api_key == sender.api_key
    signed = sender.signature is not Signature.NONE
    assert read.signature == (sign(read.hs.encode(), sender) if signed else "")


@given(st.lists(EVENTS, max_size=4), SENDERS)
def test_the_form_on_the_wire(events: list[dict[str, Any]], sender: Sender) -> None:
    body = envelope(map(dumps, events), sender)
    hs: str = json.loads(body)["hs"]
    data = base64.b64decode(hs, validate=True)
    assert body.isascii()
    assert data.isascii()
    assert base64.b64encode(data).decode() == hs
    assert list(json.loads(data)) == ["appClientId", "event", "events"]


def test_base64_is_the_standard_one() -> None:
    hs = json.loads(envelope([dumps({"a": "???>>>~~~" * 30})], Sender("key")))["hs"]
    assert {"+", "/"} & set(hs)
    assert not {"-", "_", "\n"} & set(hs)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([], []),
        ([20], [1]),
        ([20] * MOST_ORDERS, [25]),
        ([20] * (2 * MOST_ORDERS + 1), [25, 25, 1]),
        ([200_000] * 3, [1, 1, 1]),
        ([100_000] * 7, [3, 3, 1]),
        ([20, 600_000, 20], [1, 1, 1]),
        ([600_000, 700_000], [1, 1]),
    ],
)
def test_batches_close_at_25_orders_or_half_a_megabyte(sizes: list[int], expected: list[int]) -> None:
    orders = [planned(number, size) for number, size in enumerate(sizes)]
    cut = list(Packer(Sender("key")).batches(orders))
    assert [len(batch.orders) for batch in cut] == expected
    assert [batch.number for batch in cut] == list(range(1, len(cut) + 1))
    assert [order for batch in cut for order in batch.orders] == orders


@given(st.lists(st.integers(0, 600_000), max_size=40))
def test_no_batch_is_too_large_but_a_lone_order(sizes: list[int]) -> None:
    for batch in Packer(Sender("key")).batches(map(planned, range(len(sizes)), sizes)):
        assert len(batch.orders) == 1 or len(batch.body) <= MOST_BYTES + 4096
        assert len(batch.orders) <= MOST_ORDERS
        assert len(opened(batch.body).events) == len(batch.orders)


def inner(text: str) -> bytes:
    return b'{"hs":"' + base64.b64encode(text.encode()) + b'"}'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the body is not JSON"),
        (b"\xff{}", "the body is not ASCII"),
        (b"[]", "the body is not an object"),
        (b"{}", "`hs` is not a text"),
        (b'{"hs": 1.5}', "`hs` is not a text"),
        (b'{"hs": "a_-="}', "not standard base64"),
        (b'{"hs": "YQ==\\n"}', "not standard base64"),
        (b'{"hs": "\\u00e9"}', "not standard base64"),
        (b'{"hs": "", "hs": ""}', "stands twice"),
        (inner("{"), "the payload is not JSON"),
        (inner("1"), "the payload is not an object"),
        (inner('{"name": "Zo\u00eb"}'), "the payload is not ASCII"),
        (inner('{"event": "order", "events": []}'), "not a `send_batch`"),
        (inner('{"event": "send_batch", "events": {}}'), "not a `send_batch`"),
        (inner('{"event": "send_batch", "events": []}'), "`appClientId` is not a text"),
        (inner('{"appClientId": 1, "event": "send_batch", "events": []}'), "`appClientId` is not a text"),
        (inner('{"appClientId": "k", "event": "send_batch", "events": [1e999]}'), "range of a double"),
        (inner('{"appClientId": "k", "event": "send_batch", "events": []}')[:-1] + b',"s":1}', "`s` is not"),
        (inner("[" * 100_000), "nested too deeply"),
    ],
)
def test_what_is_not_an_envelope_is_said(body: bytes, reason: str) -> None:
    with pytest.raises(EnvelopeError, match=reason):
        opened(body)


@given(
    st.binary() | st.text().map(str.encode) | VALUES.map(dumps) | VALUES.map(lambda v: inner(json.dumps(v)))
)
def test_garbage_is_an_envelope_error_only(body: bytes) -> None:
    with pytest.raises(EnvelopeError):
        opened(body)


@given(st.lists(EVENTS, max_size=2), st.data())
def test_a_damaged_envelope_opens_or_is_an_envelope_error(
    events: list[dict[str, Any]], data: st.DataObject
) -> None:
    body = bytearray(envelope(map(dumps, events), Sender("key", Signature.MD5, "secret")))
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(EnvelopeError):
        opened(bytes(body))
