"""Rehearsals of what goes wrong: `richsync sandbox` misbehaves as it is told to."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support import run_richsync, small_export, started, tallied, waited


@contextmanager
def rehearsing(folder: Path, *options: str) -> Iterator[str]:
    """The address of a sandbox that misbehaves so."""
    ready = folder / "origin"
    with started("sandbox", "--port", "0", "--ready-file", ready, *options, cwd=folder):
        waited(ready.exists)
        yield ready.read_text().strip()


@pytest.mark.parametrize(
    ("options", "code", "accepted", "told"),
    [
        (("--refuse", "7", "--refuse", "23"), 1, 28, "small.csv:8  order 7 was refused by the receiver: "),
        (("--fail", "429/2", "--retry-after", "0.1s"), 0, 30, "had to be sent again (HTTP 429: "),
        (("--fail", "503/3", "--fail", "500/2"), 0, 30, "had to be sent again (HTTP 50"),
        (("--fail", "401"), 3, 0, "the receiver refused the key: HTTP 401"),
        (("--fail", "404"), 2, 0, "the receiver does not take this request: HTTP 404"),
        (("--cut", "2"), 0, 30, "ended without a whole reply"),
        (("--delay", "1s"), 0, 30, "2 requests in "),
        (("--lenient", "--refuse", "7"), 0, 30, "accepted means that a 2xx was read back"),
    ],
)
def test_what_goes_wrong_is_told(
    tmp_path: Path, options: tuple[str, ...], code: int, accepted: int, told: str
) -> None:
    small_export(tmp_path, 30)
    with rehearsing(tmp_path, *options) as origin:
        ended = run_richsync("import", "small.csv", "--endpoint", origin, "--rate", "unlimited", cwd=tmp_path)
    assert ended.code == code, ended.err
    assert tallied(ended.out)["accepted"][0] == accepted
    assert told in ended.err


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (("--fail", "200"), "503/5 for every fifth request"),
        (("--fail", "503/0"), "503/5 for every fifth request"),
        (("--fail", "teapot"), "503/5 for every fifth request"),
        (("--retry-after", "3s"), "add --fail 429 or 503"),
        (("--fail", "500", "--retry-after", "3s"), "add --fail 429 or 503"),
        (("--fail", "429", "--retry-after", "soon"), "write 30s, 5m or 1h"),
        (("--delay", "-1s"), "write 30s, 5m or 1h"),
        (("--delay", "9999999999h"), "write 30s, 5m or 1h"),
        (("--cut", "0"), "richsync sandbox --help"),
        (("--refuse", " "), "--refuse 1001"),
    ],
)
def test_what_it_cannot_do_is_said(tmp_path: Path, options: tuple[str, ...], hint: str) -> None:
    ended = run_richsync("sandbox", "--port", "0", *options, cwd=tmp_path)
    assert ended.code == 2
    assert "error: " in ended.err
    assert hint in ended.err
