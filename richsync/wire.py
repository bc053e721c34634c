"""The envelope that carries a batch to `POST /v2/bt`, and back again for the local receiver.

Source: Richpanel's documentation (`hs`, `appClientId`, `send_batch`, batches of 25) and its Magento 2 and
WooCommerce plugins (the signature `s`).
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import count
from typing import Any, NamedTuple

from richsync.jsontext import JsonTextError, dumps, loads
from richsync.model import MOST_ORDERS, Batch, Planned

MOST_BYTES = 512 * 1024
RICHPANEL = "https://api.richpanel.com"
PATH = "/v2/bt"


class Signature(StrEnum):
    """How a body is signed: not at all as documented, like the Magento plugin, or like WooCommerce's."""

    NONE = "none"
    SHA256 = "sha256"
    MD5 = "md5"


class Sender(NamedTuple):
    """Whose orders they are and how they are signed."""

    api_key: str
    signature: Signature = Signature.NONE
    secret: str = ""


class EnvelopeError(ValueError):
    """The body is not an envelope of a batch."""


def payload(events: Iterable[bytes], api_key: str) -> bytes:
    """The batch as ASCII JSON: the key at the top and in every event, keys sorted at the top level."""
    key = dumps(api_key)
    keyed = (body[:-1] + b',"appClientId":' + key + b"}" for body in events)
    return b'{"appClientId":' + key + b',"event":"send_batch","events":[' + b",".join(keyed) + b"]}"


def envelope(events: Iterable[bytes], sender: Sender) -> bytes:
    """The request body of a batch: `{"hs": standard base64 of the payload}`, signed if asked for."""
    hs = base64.b64encode(payload(events, sender.api_key))
    signed = b"" if sender.signature is Signature.NONE else b',"s":"' + sign(hs, sender).encode() + b'"'
    return b'{"hs":"' + hs + b'"' + signed + b"}"


def sign(hs: bytes, sender: Sender) -> str:
    """Hex digest over `hs` and the secret, put together without a separator."""
    digest = hashlib.new(sender.signature, usedforsecurity=False)
    digest.update(hs + sender.secret.encode())
    return digest.hexdigest()


class Packer:
    """Packs one sender's orders into batches, each under a number of its own."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._numbers = count(1)

    def pack(self, orders: Sequence[Planned]) -> Batch:
        """These orders as one batch."""
        return Batch(
            next(self._numbers), tuple(orders), envelope((each.body for each in orders), self._sender)
        )

    def batches(self, orders: Iterable[Planned]) -> Iterator[Batch]:
        """Cut orders into batches, in their order: at most 25 each, closed early at about 512 KB of body."""
        return map(self.pack, _cut(orders))


def _cut(orders: Iterable[Planned]) -> Iterator[list[Planned]]:
    held: list[Planned] = []
    size = 0
    for order in orders:
        grown = size + len(order.body) * 4 // 3
        if held and (len(held) == MOST_ORDERS or grown > MOST_BYTES):
            yield held
            held, grown = [], len(order.body) * 4 // 3
        held.append(order)
        size = grown
    if held:
        yield held


class Opened(NamedTuple):
    """An envelope as a receiver reads it. `signature` is what stood in `s`, "" if nothing did."""

    hs: str
    api_key: str
    events: Sequence[Any]
    signature: str


def opened(body: bytes) -> Opened:
    """Read a request body back.

    Raises:
        EnvelopeError: it is not an envelope, with the reason, which quotes nothing of the body.
    """
    outer = _members("the body", body)
    hs = _text("hs", outer.get("hs"))
    try:
        data = base64.b64decode(hs, validate=True)
    except ValueError:
        raise EnvelopeError("`hs` is not standard base64") from None
    inner = _members("the payload", data)
    events = inner.get("events")
    if inner.get("event") != "send_batch" or not isinstance(events, list):
        raise EnvelopeError("the payload is not a `send_batch` of `events`")
    return Opened(hs, _text("appClientId", inner.get("appClientId")), events, _text("s", outer.get("s", "")))


def _members(what: str, data: bytes) -> dict[str, Any]:
    if not data.isascii():
        raise EnvelopeError(f"{what} is not ASCII")
    try:
        value = loads(data.decode("ascii"), exact=False)
    except JsonTextError as error:
        raise EnvelopeError(f"{what} is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise EnvelopeError(f"{what} is not an object")
    return value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise EnvelopeError(f"`{name}` is not a text")
    return value
