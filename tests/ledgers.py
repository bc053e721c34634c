"""Ledgers for tests: their orders, their runs, and a process of their own to be killed."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from richsync.ledger import Binding, Ledger, RunStart
from richsync.model import Batch, Planned, Reply

BINDING = Binding("api.richpanel.com", "key-12345678")
RUN = RunStart("orders.csv", "orders.map.yaml", "0.1.0")
OK = Reply(200, b"ok", 2)
CHILD = """
import os, sys, time
from pathlib import Path
from richsync.ledger import Binding, Ledger, RunStart
from richsync.model import Batch, Planned, Reply
path = Path(sys.argv[1])
def batch(number, *ids):
    orders = (Planned(0, each, b"B", 0, None, each.encode(), b"{}") for each in ids)
    return Batch(number, tuple(orders), b"")
def opened():
    return Ledger.open(path, Binding("api.richpanel.com", "key-12345678"), RunStart("s", "m", "v"))
def wait():
    print("ready", flush=True)
    time.sleep(60)
"""


def planned(order_id: str, form: str = "A", updated: int | None = None) -> Planned:
    body = json.dumps({"event": "order", "properties": {"orderId": order_id}}).encode()
    return Planned(1, order_id, form.encode(), 7, updated, f"cells {order_id}".encode(), body)


def batch(number: int, *orders: Planned) -> Batch:
    return Batch(number, orders, b"{}")


def opened(path: Path, binding: Binding = BINDING, seconds: float = 0.0) -> Ledger:
    return Ledger.open(path, binding, RUN, clock=lambda: seconds)


def send(ledger: Ledger, sent: Batch, state: str | None = "accepted", reply: Reply = OK) -> None:
    ledger.opening(sent)
    ledger.commit()
    ledger.settle(sent, reply, state)
    ledger.commit()


def states(path: Path, *ids: str) -> list[tuple[str, str]]:
    view = Ledger.look(path)
    traces = [view.order(each) for each in ids]
    return [(bytes.fromhex(each.digest).decode(), each.state) for each in traces if each]


@contextlib.contextmanager
def child(path: Path, script: str) -> Iterator["subprocess.Popen[str]"]:
    """A process that has said `ready`; killed with SIGKILL at the end."""
    command = [sys.executable, "-c", CHILD + script, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()
