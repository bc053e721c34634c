"""The sandbox's socket side: HTTP/1.1 with connections kept open, a thread each, on loopback only."""

import ipaddress
import re
import socket
import socketserver
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from richsync.errors import UnusableError
from richsync.sandbox.receiver import Answer, Behaviour, Receiver, failed
from richsync.sandbox.store import Store, Stored
from richsync.wire import PATH

MOST_BODY = 8 * 1024 * 1024
_PORT = re.compile(r":\d*$")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Sandbox:
    """A receiver listening on `address`, a loopback address, and `port`, 0 for any that is free.

    Orders are kept in the file `store`, or in memory; signatures are checked when `secret` is given.
    Serve with `serve_forever` (which `close` ends) or, in a thread of its own, with `start`.

    Raises:
        UnusableError: the address is not loopback, the port is taken, or the file is not a sandbox's.
    """

    def __init__(
        self,
        address: str = "127.0.0.1",
        port: int = 8765,
        store: Path | None = None,
        secret: str = "",
        behaviour: Behaviour | None = None,
    ) -> None:
        host = _loopback(address)
        self._store = Store(store)
        self._receiver = Receiver(self._store, secret, behaviour or Behaviour())
        try:
            self._server = _Server(host, port, self._receiver)
        except (OSError, OverflowError) as error:
            self._store.close()
            raise UnusableError(
                f"the sandbox cannot listen on {host} port {port}: {error}",
                "is another sandbox running? `richsync sandbox --port 0` takes any free port",
            ) from None
        self._served = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_ending: object) -> None:
        self.close()

    @property
    def origin(self) -> str:
        """What to give as `--endpoint`, such as `http://127.0.0.1:8765`."""
        host, port = self._server.server_address[:2]
        return f"http://[{host!s}]:{port}" if ":" in str(host) else f"http://{host!s}:{port}"

    def serve_forever(self) -> None:
        """Answer requests until `close` is called from another thread, or an exception such as Ctrl-C."""
        self._served = True
        self._server.serve_forever(poll_interval=0.1)

    def start(self) -> Self:
        """Answer requests in a thread of its own."""
        self._served = True
        threading.Thread(target=self.serve_forever, name="sandbox", daemon=True).start()
        return self

    def orders(self) -> list[Stored]:
        """Every order that is stored, as they last arrived."""
        return self._store.orders()

    def close(self) -> None:
        """Stop listening, end open connections, and close the store; further calls do nothing."""
        self._receiver.close()
        if self._served:  # `shutdown` waits for a loop to end, for ever if none was begun
            self._server.shutdown()
        self._server.end_connections()
        self._server.server_close()
        self._store.close()


def _loopback(address: str) -> str:
    host = "127.0.0.1" if address == "localhost" else address
    if not _is_loopback(host):
        raise UnusableError(
            f"{address} is not a loopback address, and a sandbox holds customers' data",
            "use 127.0.0.1 or ::1",
        )
    return host


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


class _Server(ThreadingHTTPServer):
    """Knows its open connections, so that closing need not wait for clients that keep theirs."""

    daemon_threads = False

    def __init__(self, host: str, port: int, receiver: Receiver) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.receiver = receiver
        self._connections: set[socket.socket] = set()
        super().__init__((host, port), _Handler)

    def server_bind(self) -> None:
        """Bind without asking the name service for this machine's name, as HTTPServer would."""
        socketserver.TCPServer.server_bind(self)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Remember the connection."""
        connection, client = super().get_request()
        self._connections.add(connection)
        return connection, client

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        """Let every open connection read its end."""
        for connection in tuple(self._connections):
            try:
                connection.shutdown(socket.SHUT_RD)
            except OSError:  # the client was faster
                self._connections.discard(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "richsync-sandbox"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60
    server: _Server

    def do_POST(self) -> None:
        """Answer a batch."""
        body = self._body()
        if isinstance(body, Answer):
            self.close_connection = True
            self._answer(body)
        elif self.path != PATH:
            self._answer(failed(404, f"orders go to {PATH}"))
        else:
            self._answer(self.server.receiver.take(body))

    def do_HEAD(self) -> None:
        """Answer like GET, without the body."""
        self.do_GET()

    def do_GET(self) -> None:
        """Answer with an order or a page."""
        if self._is_local():
            self._answer(self.server.receiver.show(self.path, self.headers.get("x-richpanel-key", "")))
        else:
            self._answer(failed(421, "the sandbox answers to loopback names only"))

    def _body(self) -> bytes | Answer:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            return failed(411, "a Content-Length is required")
        if len(length) > len(str(MOST_BODY)) or int(length) > MOST_BODY:
            return failed(413, f"more than {MOST_BODY} bytes")
        body = self.rfile.read(int(length))
        return body if len(body) == int(length) else failed(400, "the body was cut short")

    def _is_local(self) -> bool:
        """A page elsewhere that resolves its own name to 127.0.0.1 must not read what is stored here."""
        host = _PORT.sub("", self.headers.get("Host", "localhost").strip())
        return host.lower() == "localhost" or _is_loopback(host.strip("[]"))

    def _answer(self, answer: Answer) -> None:
        self.close_connection = self.close_connection or answer.cut
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        if answer.retry_after:
            self.send_header("Retry-After", str(answer.retry_after))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body[: len(answer.body) // 2] if answer.cut else answer.body)

    def end_headers(self) -> None:
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class says so
        """Say nothing: only the display speaks."""
