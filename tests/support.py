"""What the end-to-end tests share: richsync as a process of its own, and a receiver that is not ours."""

import base64
import contextlib
import json
import os
import pty
import re
import select
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from tests.forked import forked

PROGRAM = (sys.executable, "-m", "richsync")
SAMPLES = Path(__file__).resolve().parent.parent / "sample_data"
KEY = "key-of-the-tests"
LONGEST = 30.0
OURS = ("RICHPANEL_", "RICHSYNC_", "NO_COLOR", "FORCE_COLOR", "COLUMNS")


class Ended(NamedTuple):
    """How a process ended: what it answered, and what it told people."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> Any:
        return json.loads(self.out)


class Reply(NamedTuple):
    """An answer of the receiver; a body that is `cut` ends before it should."""

    status: int = 200
    body: bytes = b'{"success":true}'
    headers: Mapping[str, str] = {}
    cut: bool = False


class Receiver(ThreadingHTTPServer):
    """Takes batches on loopback: answers by the next of `replies`, then `always`, after `delay` seconds.

    A batch that holds an order of `poisoned` gets the reply that stands there. `requests` are the bodies as
    they came, `batches` the events of those that were accepted.
    """

    daemon_threads = True

    def __init__(self, *replies: Reply, always: Reply | None = None, delay: float = 0.0) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies = list(replies)
        self.always = always or Reply()
        self.delay = delay
        self.poisoned: dict[str, Reply] = {}
        self.requests: list[dict[str, str]] = []
        self.batches: list[list[dict[str, Any]]] = []
        self.scheme = "http"
        self._lock = threading.Lock()

    @property
    def origin(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}"

    @property
    def events(self) -> list[dict[str, Any]]:
        """Every accepted event, in the order of arrival."""
        return [event for batch in self.batches for event in batch]

    @property
    def orders(self) -> dict[str, dict[str, Any]]:
        """Each order in the form it has now."""
        return {event["properties"]["orderId"]: event for event in self.events}

    def wrap(self, context: ssl.SSLContext) -> None:
        self.scheme = "https"
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def take(self, path: str, body: bytes) -> Reply:
        with self._lock:
            request = json.loads(body)
            self.requests.append(request)
            events = decoded(request)["events"]
            reply = self._poison(events) or (self.replies.pop(0) if self.replies else self.always)
            if path == "/v2/bt" and reply.status == 200 and not reply.cut:
                self.batches.append(events)
        time.sleep(self.delay)
        return reply

    def _poison(self, events: list[dict[str, Any]]) -> Reply | None:
        ids = (event["properties"]["orderId"] for event in events)
        return next((self.poisoned[each] for each in ids if each in self.poisoned), None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A killed client, or one that does not trust the certificate, is no error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Receiver

    def do_POST(self) -> None:
        reply = self.server.take(self.path, self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(reply.status)
        self.send_header("Content-Length", str(len(reply.body) + 9 * reply.cut))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)
        self.close_connection = self.close_connection or reply.cut

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class says so
        """Say nothing."""


def decoded(request: Mapping[str, str]) -> Any:
    """A request's payload; strict about the alphabet of base64 and about ASCII."""
    return json.loads(base64.b64decode(request["hs"], validate=True).decode("ascii"))


@contextlib.contextmanager
def receiving(*replies: Reply, always: Reply | None = None, delay: float = 0.0) -> Iterator[Receiver]:
    with Receiver(*replies, always=always, delay=delay) as receiver:
        threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield receiver
        finally:
            receiver.shutdown()


def environment(**more: str | None) -> dict[str, str]:
    """This process's, without what is set for richsync, and with what is given (None: without)."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    given = {"RICHPANEL_API_KEY": KEY} | more
    return plain | {name: value for name, value in given.items() if value is not None}


def run_richsync(
    *arguments: str | Path,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
) -> Ended:
    """Run it off a terminal, to its end."""
    given = env if env is not None else environment()
    code, out, err = forked([*map(str, arguments)], cwd, given, stdin, LONGEST)
    return Ended(code, out.decode(), err.decode())


@contextlib.contextmanager
def started(*arguments: str | Path, cwd: Path, piped: bool = False) -> Iterator[subprocess.Popen[str]]:
    """Run it beside the test, on a pipe to write to or without input; it does not outlive the block."""
    with subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        cwd=cwd,
        env=environment(),
        text=True,
        stdin=subprocess.PIPE if piped else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)


SMALL_MAP = """\
richsync: 1
export: {dates: iso, timezone: UTC}
order:
  orderId: id
  createdAt: date
  amount: total
  items: {name: product, price: total, quantity: =1}
customer: {uid: email}
"""
SMALL_HEADER = "id,date,total,product,email"


def small_export(folder: Path, orders: int, name: str = "small.csv") -> Path:
    """A made-up export of so many orders by 60 customers, who come back in turn, with its map beside it."""
    (folder / "small.map.yaml").write_text(SMALL_MAP)
    start = date(2023, 1, 1)
    rows = (
        f"{number},{start + timedelta(days=number)},{number}.50,Cup,customer{number % 60}@example.com"
        for number in range(1, orders + 1)
    )
    export = folder / name
    export.write_text("\n".join((SMALL_HEADER, *rows, "")))
    return export


def copied(folder: Path, *names: str) -> Path:
    """Sample exports with their maps; gives the first export."""
    for name in names:
        for path in (SAMPLES / name, SAMPLES / f"{name.rpartition('.')[0]}.map.yaml"):
            (folder / path.name).write_bytes(path.read_bytes())
    return folder / names[0]


def tallied(screen: str) -> dict[str, tuple[int, int]]:
    """(orders, records) of each disposition, as the last lines of an import show them."""
    found = re.findall(r"^ +([\d,]+) ([a-z]+)(?: \((\d+) records?\))?", screen, re.MULTILINE)
    return {name: (int(orders), int(records or orders)) for orders, name, records in found}


def waited(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until it holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def at_terminal(
    *arguments: str | Path,
    cwd: Path,
    answer: Callable[[int, "subprocess.Popen[bytes]"], object],
    question: bytes = b"(n)",
) -> tuple[int, str]:
    """Run it on a terminal and `answer` what it asks once; gives the exit code and all that was shown."""
    ours, its = pty.openpty()
    shown = b""
    with subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        cwd=cwd,
        env=environment(TERM="xterm", COLUMNS="100"),
        stdin=its,
        stdout=its,
        stderr=its,
        start_new_session=True,  # or a hidden prompt asks at the terminal of whoever runs the tests
    ) as process:
        os.close(its)
        asked = False
        with contextlib.suppress(OSError):  # how a terminal says that nobody is left at its other end
            while True:
                if not select.select([ours], [], [], LONGEST)[0]:
                    process.kill()
                shown += os.read(ours, 65536)
                if not asked and question in shown:
                    asked = True
                    answer(ours, process)
        process.wait(LONGEST)
    os.close(ours)
    return process.returncode, shown.decode()
