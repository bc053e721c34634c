"""What is written to stdout and stderr: as it stands off a terminal, in colours on one."""

import io
import os
import re
import sys
from pathlib import Path

import pytest
from rich.progress import Progress

from richsync.display.screen import Screen
from richsync.display.streams import Stream, Styled, line_of

WORDS = ("a\x1b[31mb", Styled("bold\x07", "bold"), " [red]c[/red] :smile:\u202e")
ESCAPED = r"a\x1b[31mbbold\x07 [red]c[/red] :smile:\u202e"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def written(*parts: str | Styled) -> str:
    file = io.StringIO()
    Stream("stdout", file=file).print(*(parts or WORDS))
    return file.getvalue()


@pytest.fixture(autouse=True)
def _told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


def test_off_a_terminal_there_are_only_words_and_nothing_is_markup() -> None:
    assert written() == f"{ESCAPED}\n" == f"{line_of(WORDS)}\n"


@pytest.mark.parametrize(
    ("name", "value", "colours"),
    [("FORCE_COLOR", "1", True), ("TTY_COMPATIBLE", "1", True), ("TTY_COMPATIBLE", "0", False)],
)
def test_what_counts_as_a_terminal_can_be_told(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, colours: bool
) -> None:
    monkeypatch.setenv(name, value)
    shown = written()
    assert ("\x1b[1mbold\\x07\x1b[0m" in shown) is colours
    assert shown.replace("\x1b[1m", "").replace("\x1b[0m", "") == f"{ESCAPED}\n"


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("one two three four five six", ["one two three four", "    five six"]),
        (
            "     history  one two three four",
            ["     history  one two", "              three", "              four"],
        ),
        ("  mend: one two three four five", ["  mend: one two three", "    four five"]),
        (
            "nothing was sent: richsync import a.csv --yes",
            ["nothing was sent:", "    richsync import a.csv --yes"],
        ),
        (
            "see richsync rule; it says all there is",
            ["see richsync rule; it", "    says all there is"],
        ),
        ("one averylongwordthatdoesnotfit two", ["one", "    averylongwordthatdoesnotfit", "    two"]),
        ("a.richsync calls 9 orders accepted", ["a.richsync calls 9", "    orders accepted"]),
        ("    | one two three four five", ["    | one two three four five"]),
        ('{\n  "one": "two three four five six"}', ["{", '  "one": "two three four five six"}']),
        (
            "\u5c71\u7530 \u592a\u90ce \u5c71\u7530 \u592a\u90ce \u5c71\u7530",
            ["\u5c71\u7530 \u592a\u90ce \u5c71\u7530 \u592a\u90ce", "    \u5c71\u7530"],
        ),
    ],
)
def test_a_terminal_has_whole_words_and_whole_commands(
    monkeypatch: pytest.MonkeyPatch, line: str, lines: list[str]
) -> None:
    for name, value in {"TTY_COMPATIBLE": "1", "COLUMNS": "21", "TERM": "dumb"}.items():
        monkeypatch.setenv(name, value)
    assert written(line).splitlines() == lines


def test_a_line_that_goes_on_keeps_its_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "20")
    assert written("one two three ", Styled("four five", "bold")) == (
        "one two three \x1b[1mfour\x1b[0m\n    \x1b[1mfive\x1b[0m\n"
    )


def test_json_has_its_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    written_json = written(Styled('{"a": 1}', "json"))
    assert "\x1b[" in written_json
    assert re.sub(r"\x1b\[[\d;]*m", "", written_json) == '{"a": 1}\n'


def test_a_stream_that_was_closed_before_the_start_takes_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    screen = Screen()
    screen.note("nobody")
    screen.error("hears", "this")
    assert not screen.err.is_terminal


@pytest.mark.parametrize("colours", [False, True])
def test_when_nobody_reads_on_the_run_goes_on(monkeypatch: pytest.MonkeyPatch, colours: bool) -> None:
    if colours:
        monkeypatch.setenv("FORCE_COLOR", "1")
    reads, writes = os.pipe()
    os.close(reads)
    with os.fdopen(writes, "w", encoding="utf-8") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        screen = Screen()
        for _ in range(3):
            screen.result("a line")
        assert os.path.samestat(os.fstat(pipe.fileno()), Path(os.devnull).stat())


def test_a_result_stays_on_its_stream_while_a_bar_moves_on_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = io.StringIO(), Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    screen = Screen()
    with Progress(console=screen.err.console, transient=True) as bar:
        bar.add_task("checking", total=2)
        screen.result("a line")
        screen.lines(["another\n"])
    assert out.getvalue() == "a line\nanother\n"
    assert "line" not in err.getvalue()
