"""Where orders go: an origin, checked before anything is read, and without what only the sending needs."""

import ipaddress
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, urlsplit

from richsync.errors import UnusableError

if TYPE_CHECKING:
    import ssl

_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
_PORTS = {"https": 443, "http": 80}


class Limits(NamedTuple):
    """Seconds: to connect, between two pieces read, for a whole attempt, and after the first signal."""

    connect: float = 10.0
    read: float = 30.0
    whole: float = 60.0
    drain: float = 30.0


class Destination(NamedTuple):
    """Where batches go: an origin as `checked_origin` gives it, and how its certificate is verified."""

    origin: str
    verify: "ssl.SSLContext | bool" = True
    limits: Limits = Limits()

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine: a rehearsal."""
        return _is_loopback(urlsplit(self.origin).hostname or "")

    @property
    def host(self) -> str:
        """What a ledger is bound to: the host, with a port only if it is not the usual one of a real host."""
        url = urlsplit(self.origin)
        host = url.hostname or ""
        return host if self.is_loopback or url.port is None else f"{host}:{url.port}"


def checked_origin(text: str) -> str:
    """The origin that `text` names, as `scheme://host` or `scheme://host:port`.

    Raises:
        UnusableError: it is not an origin, or plain http to another machine than this one. The message
            quotes nothing: a mistaken endpoint may hold a password.
    """
    hint = "write an origin, such as https://api.richpanel.com"
    try:
        url = _split(text.strip())
        host, port = _host(url), _port(url)
    except ValueError:
        raise UnusableError("the endpoint is not a URL", hint) from None
    wrong = next((reason for reason, holds in _faults(url, host, port) if holds), None)
    if wrong is not None:
        raise UnusableError(f"the endpoint {wrong}", hint)
    return f"{url.scheme}://{host}" if port in (None, _PORTS[url.scheme]) else f"{url.scheme}://{host}:{port}"


def _split(text: str) -> SplitResult:
    if not text.isprintable() or " " in text:
        raise ValueError("no URL holds what cannot be seen")
    return urlsplit(text)


def _host(url: SplitResult) -> str:
    """The host as it goes over the wire."""
    host = url.hostname or ""
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host)}]"
    host = host.encode("idna").decode()
    if host and not _HOST.fullmatch(host):
        raise ValueError("no host has such a name")
    return host


def _port(url: SplitResult) -> int | None:
    written = url.netloc.rpartition("@")[2].rpartition("]")[2].partition(":")[2]
    return int(written) if written else None


def _faults(url: SplitResult, host: str, port: int | None) -> Iterator[tuple[str, bool]]:
    yield "must begin with https://", url.scheme not in _PORTS
    yield "names no host", not host
    yield "names a port outside 1 to 65535", port is not None and not 0 < port < 2**16
    yield "must not hold a user name or password", "@" in url.netloc
    more = url.path not in ("", "/") or url.query or url.fragment
    yield "must not have a path, a query or a fragment", bool(more)
    plain = url.scheme == "http" and not _is_loopback(url.hostname or "")
    yield "must be https: orders go in plain text only to this machine", plain


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
