"""A run that ends in the middle, by any signal at any moment: the next one goes on, and nothing is lost."""

import random
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import (
    SMALL_HEADER,
    Ended,
    Receiver,
    receiving,
    run_richsync,
    small_export,
    started,
    tallied,
    waited,
)

ORDERS = 500
BATCHES = 20


def command(receiver: Receiver, *more: str) -> tuple[str, ...]:
    return ("import", "small.csv", "--endpoint", receiver.origin, "--rate", "unlimited", *more)


def remapped(folder: Path, status: str) -> None:
    """Another form for every order."""
    path = folder / "small.map.yaml"
    text = re.sub(r"  status: .*\n", "", path.read_text())
    path.write_text(text.replace("order:\n", f"order:\n  status: ={status}\n"))


def ended_of(process: "subprocess.Popen[str]") -> Ended:
    out, err = process.communicate(timeout=30)
    return Ended(process.returncode, out, err)


SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT)


def end_after(delay: float, number: int, receiver: Receiver, folder: Path, *, sending: bool) -> None:
    """Start an import and signal it so many seconds later, or after its first request when `sending`."""
    before = len(receiver.requests)
    with started(*command(receiver), cwd=folder) as process:
        if sending:
            waited(lambda: len(receiver.requests) > before or process.poll() is not None)
        time.sleep(delay)
        process.send_signal(number)
        process.communicate()


@pytest.mark.parametrize("kills", [9, pytest.param(500, marks=pytest.mark.soak)])
def test_killed_again_and_again_every_order_arrives_in_its_last_form(tmp_path: Path, kills: int) -> None:
    small_export(tmp_path, ORDERS)
    moments = random.Random(20240229)
    with receiving(delay=0.03) as receiver:
        for attempt in range(kills):
            remapped(tmp_path, f"form{attempt // 3 % 4}")
            sending = attempt % 4 != 0
            delay = moments.uniform(0, 0.25 if sending else 0.9)
            end_after(delay, moments.choice(SIGNALS), receiver, tmp_path, sending=sending)
        remapped(tmp_path, "form0")  # a form of before: what was accepted in it since may be another
        receiver.delay = 0
        ended = run_richsync(*command(receiver), cwd=tmp_path)
        assert ended.code == 0, ended.err
        again = run_richsync(*command(receiver), cwd=tmp_path)
    assert tallied(again.out)["unchanged"] == (ORDERS, ORDERS)
    assert {event["properties"]["status"] for event in receiver.orders.values()} == {"form0"}
    assert set(receiver.orders) == {str(number) for number in range(1, ORDERS + 1)}
    last = tallied(ended.out)
    assert last["accepted"][0] + last["unchanged"][0] == ORDERS
    report = run_richsync("status", "--json", cwd=tmp_path).report
    print(f"{kills} kills: {len(receiver.requests)} requests for {ORDERS} orders")  # noqa: T201 - a soak's figures
    assert report["orders"] == {"accepted": ORDERS, "sending": 0, "refused": 0}
    counts = run_richsync("validate", "small.csv", "--json", cwd=tmp_path).report["counts"]
    assert counts["orders"] == counts["valid_orders"] + counts["bad_orders"] == ORDERS


def test_a_kill_costs_at_most_the_batches_in_flight(tmp_path: Path) -> None:
    small_export(tmp_path, ORDERS)
    with receiving(delay=0.05) as receiver:
        with started(*command(receiver, "--lanes", "2"), cwd=tmp_path) as process:
            waited(lambda: len(receiver.requests) >= 6)
            process.kill()
            process.communicate()
        ended = run_richsync(*command(receiver), cwd=tmp_path)
    assert ended.code == 0
    assert len(receiver.requests) <= BATCHES + 2
    for uid in range(60):
        of_one = [e for e in receiver.events if e["userProperties"]["uid"] == f"customer{uid}@example.com"]
        assert of_one[-1]["properties"]["createdAt"] == max(e["properties"]["createdAt"] for e in of_one)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_settles_what_is_in_flight_and_names_the_command_that_goes_on(
    tmp_path: Path, number: int, code: int
) -> None:
    small_export(tmp_path, ORDERS)
    with receiving(delay=0.2) as receiver:
        with started(*command(receiver), cwd=tmp_path) as process:
            waited(lambda: len(receiver.requests) >= 2)
            process.send_signal(number)
            ended = ended_of(process)
        assert ended.code == code
        assert "in flight; again to stop now" in ended.err
        (resume,) = re.findall(r"run the same command again: richsync (.*)", ended.err)
        sent = len(receiver.events)
        assert tallied(ended.out)["accepted"] == (sent, sent)
        assert tallied(ended.out)["pending"] == (ORDERS - sent, ORDERS - sent)
        assert "the run ended early" in ended.out
        report = run_richsync("status", "--json", cwd=tmp_path).report
        assert report["orders"] == {"accepted": sent, "sending": 0, "refused": 0}
        assert report["runs"][-1]["ending"] == "InterruptedRunError"
        receiver.delay = 0
        ended = run_richsync(*shlex.split(resume), cwd=tmp_path)
    assert ended.code == 0
    assert len(receiver.events) == ORDERS


def test_a_second_signal_stops_at_once(tmp_path: Path) -> None:
    small_export(tmp_path, ORDERS)
    with receiving(delay=8) as receiver, started(*command(receiver), cwd=tmp_path) as process:
        waited(lambda: receiver.requests)
        process.send_signal(signal.SIGINT)
        begun = time.monotonic()
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        ended = ended_of(process)
        assert time.monotonic() - begun < 5
    assert ended.code == 130
    assert tallied(ended.out)["accepted"] == (0, 0)
    report = run_richsync("status", "--json", cwd=tmp_path).report
    assert report["orders"]["sending"] > 0
    assert report["orders"]["accepted"] == 0


@pytest.mark.parametrize("pause", [0.0, 0.005, 0.01, 0.02, 0.03, 0.04])
def test_two_signals_in_a_row_leave_the_account_whole(tmp_path: Path, pause: float) -> None:
    small_export(tmp_path, ORDERS)
    with receiving(delay=0.01) as receiver, started(*command(receiver, "--json"), cwd=tmp_path) as process:
        waited(lambda: len(receiver.requests) >= 2)
        process.send_signal(signal.SIGINT)
        time.sleep(pause)
        process.send_signal(signal.SIGTERM)
        ended = ended_of(process)
    assert ended.code == ended.report["exit_code"]
    assert ended.code in (130, 143), "of two that come together either may be the first"
    assert "Traceback" not in ended.err


INTERRUPTED_WHILE_LOADING = """
import os, signal, sys
from richsync import cli
class Interrupting:
    def find_spec(self, name, *_):
        if name == "typer":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
cli.main()
"""


def test_a_signal_while_it_is_loaded_ends_it_without_a_traceback() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_WHILE_LOADING], capture_output=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (-signal.SIGINT, b"")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_checking_sends_nothing(tmp_path: Path, number: int, code: int) -> None:
    small_export(tmp_path, 3)
    options = ("--map", "small.map.yaml", "--checkpoint", "pipe.richsync")
    rows = (f"{order},2024-01-01,1,Cup,customer@example.com" for order in range(60_000))
    with receiving() as receiver:
        asked = ("import", "-", "--endpoint", receiver.origin, *options)
        with started(*asked, cwd=tmp_path, piped=True) as process:
            assert process.stdin is not None
            process.stdin.write("\n".join((SMALL_HEADER, *rows)))
            process.stdin.flush()
            waited((tmp_path / "pipe.richsync").exists)
            process.send_signal(number)
            ended = ended_of(process)
        assert receiver.requests == []
    assert ended.code == code
    assert "nothing more was sent" in ended.err
    assert "richsync import - --endpoint" in ended.err
    assert "Traceback" not in ended.err
