"""The door to the network: one request in, one `Reply` out, whatever happens in between."""

import contextlib
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, Self

import httpx

from richsync import __version__, wire
from richsync.client.destinations import Destination
from richsync.errors import UnusableError
from richsync.model import Reply

MOST_READ = 64 * 1024
"""Bytes of a reply's body that are read; the rest is left."""

MOST_OF_AN_ORDER = 8 * 1024 * 1024
"""The same of an order that is read back."""

_HEADERS = {
    "Content-Type": "application/json",
    "User-Agent": f"richsync/{__version__}",
    "Accept-Encoding": "identity",
}


class Door:
    """Connections to one destination, one a lane: so many requests at a time; an async context.

    Proxies and `SSL_CERT_FILE` are taken from the environment, but a loopback address is never asked for
    through a proxy: plain text must not leave the machine.

    Raises:
        UnusableError: the environment's certificates or proxies cannot be used.
    """

    def __init__(self, destination: Destination, lanes: int) -> None:
        self._url = httpx.URL(destination.origin + wire.PATH)
        self._headers = httpx.Headers({"Host": self._url.netloc.decode("ascii"), **_HEADERS})
        self._extensions = {"timeout": _timeout(destination).as_dict()}
        # A client looks at all its connections whenever a request begins or ends: each has one of its own.
        with _setting_up():
            settings = _settings(destination)
            self._clients = tuple(httpx.AsyncClient(**settings) for _ in range(lanes))
        self._free = list(self._clients)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in self._clients:
            await client.aclose()

    async def post(self, body: bytes) -> Reply:
        """Send one request body; a failure of any kind is a reply without a status."""
        # The client would put URL and headers together anew for each request, which takes as long as sending.
        headers, extensions = self._headers, self._extensions
        request = httpx.Request("POST", self._url, headers=headers, content=body, extensions=extensions)
        client = self._free.pop()
        try:
            async with contextlib.aclosing(await client.send(request, stream=True)) as response:
                head = bytearray()
                async for piece in response.aiter_bytes():
                    head += piece
                    if len(head) >= MOST_READ:
                        break
                return _reply(response, head[:MOST_READ])
        except (httpx.HTTPError, OSError) as error:
            return _failure(error)
        finally:
            self._free.append(client)


class Desk:
    """One connection to a destination, for one question at a time; a context. It is set up like a `Door`.

    Raises:
        UnusableError: the environment's certificates or proxies cannot be used.
    """

    def __init__(self, destination: Destination) -> None:
        self._origin = destination.origin
        self._whole = destination.limits.whole
        with _setting_up():
            self._client = httpx.Client(**_settings(destination))

    def __enter__(self) -> Self:
        self._client.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, path: str, headers: Mapping[str, str]) -> Reply:
        """Ask for what is at a path; a failure of any kind is a reply without a status."""
        deadline = time.monotonic() + self._whole
        try:
            with self._client.stream("GET", self._origin + path, headers=headers) as response:
                head = bytearray()
                for piece in response.iter_bytes():
                    head += piece
                    if time.monotonic() > deadline:
                        return Reply(None, failure="no whole reply in time")
                    if len(head) >= MOST_OF_AN_ORDER:
                        break
                return _reply(response, head[:MOST_OF_AN_ORDER])
        except (httpx.HTTPError, OSError) as error:
            return _failure(error)


@contextlib.contextmanager
def _setting_up() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
        hint = "check SSL_CERT_FILE, SSL_CERT_DIR, HTTPS_PROXY and ALL_PROXY"
        raise UnusableError(f"no connection can be set up: {type(error).__name__}", hint) from error


def _settings(destination: Destination) -> dict[str, Any]:
    return {
        "headers": _HEADERS,
        "verify": _verification(destination),
        "timeout": _timeout(destination),
        "limits": httpx.Limits(max_connections=1, max_keepalive_connections=1),
        "mounts": {destination.origin: None} if destination.is_loopback else None,
        "follow_redirects": False,
    }


def _verification(destination: Destination) -> ssl.SSLContext:
    # Plain text goes to this machine only, and the certificates take longer to load than a hundred requests.
    is_plain = destination.origin.startswith("http:")
    return httpx.create_ssl_context(False if is_plain else destination.verify)


def _timeout(destination: Destination) -> httpx.Timeout:
    return httpx.Timeout(destination.limits.read, connect=destination.limits.connect)


def _reply(response: httpx.Response, head: bytearray) -> Reply:
    asked = seconds_asked(response.headers.get("Retry-After", ""), time.time())
    return Reply(response.status_code, bytes(head), response.num_bytes_downloaded, asked)


def seconds_asked(text: str, now: float) -> float | None:
    """The seconds a `Retry-After` asks for (RFC 9110: digits or a date); None when it is neither."""
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return max(0.0, (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now)


_FAILURES: tuple[tuple[type[BaseException], str, bool], ...] = (
    (ssl.SSLCertVerificationError, "the certificate does not verify: {0.verify_message}", False),
    (httpx.ConnectTimeout, "no connection in time", False),
    (httpx.ReadTimeout, "no reply in time", True),
    (httpx.WriteTimeout, "the request was not taken in time", True),
    (httpx.ReadError, "the connection broke", True),
    (httpx.WriteError, "the connection broke", True),
    (ssl.SSLError, "no TLS connection could be made: {0.reason}", False),
    (socket.gaierror, "the name could not be resolved: {0.strerror}", False),
    (httpx.ProxyError, "the proxy refused: {0}", False),
    (ConnectionRefusedError, "the connection was refused", False),
    (httpx.ConnectError, "no connection could be made", False),
    (httpx.RemoteProtocolError, "the reply was cut short or is not HTTP", True),
    (httpx.DecodingError, "the reply's body cannot be decoded", True),
    (httpx.NetworkError, "the connection broke", True),
    (BaseException, "the request failed", True),
)
"""What went wrong, and whether the receiver may have taken the request all the same.

The first that fits an error or a cause of it: below one that broke while TLS was read stands one of TLS.
"""


def _failure(error: Exception) -> Reply:
    causes = list(_causes(error))
    kind, text, ambiguous, cause = next(
        (kind, text, ambiguous, cause)
        for kind, text, ambiguous in _FAILURES
        for cause in causes
        if isinstance(cause, kind)
    )
    hopeless = kind is ssl.SSLCertVerificationError
    return Reply(None, failure=text.format(cause), hopeless=hopeless, ambiguous=ambiguous)


def _causes(error: BaseException) -> Iterator[BaseException]:
    yield error
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _causes(inner)
    before = error.__cause__ or error.__context__
    if before is not None:
        yield from _causes(before)
