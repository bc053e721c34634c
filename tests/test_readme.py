"""The README is true: every command of its sessions is run and gives what is shown."""

import csv
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from richsync.tokens import decrypt
from tests.make_samples import MISTAKES
from tests.readme import BLOCK, README, blocks, shown_map
from tests.support import PROGRAM, SAMPLES, environment, waited

NOBODY = "http://127.0.0.1:9"
SHOWN = "http://127.0.0.1:8765"
REAL = "https://api.richpanel.com"
REJECTS = "orders_with_mistakes.rejects.csv"
LEFT_OUT = "…"

VOLATILE = {
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ": "<moment>",
    r"\b[0-9a-f]{32}:[0-9a-f]{32,}": "<token>",
}


class Typed(NamedTuple):
    """A command of a session, and what the README shows below it."""

    command: str
    shown: str


def typed(session: str) -> Iterator[Typed]:
    for part in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
        command, _, shown = re.sub(r"\\\n\s*", "", part).partition("\n")
        yield Typed(command, shown)


SESSIONS = [step for session in blocks("console") for step in typed(session)]


def settled(text: str) -> str:
    for pattern, word in VOLATILE.items():
        text = re.sub(pattern, word, text)
    return text


def fits(shown: str, real: str) -> bool:
    """Whether the real output is what is shown; a line `…` stands for any lines."""
    parts = [re.escape(part) for part in re.split(rf"^{LEFT_OUT}\n", settled(shown), flags=re.MULTILINE)]
    return re.fullmatch("(?:.*\n)*?".join(parts), settled(real)) is not None


@pytest.mark.parametrize(
    ("shown", "real", "expected"),
    [
        ("a\n", "a\n", True),
        ("a\n", "a\nb\n", False),
        ("a\n…\nc\n", "a\nb\nb\nc\n", True),
        ("a\n…\nc\n", "a\nc\n", True),
        ("…\n", "", True),
        ("…\nb\n", "a b\n", False),
        ("sent 2026-01-31T09:30:00Z\n", "sent 2025-12-01T23:59:59Z\n", True),
        ("", "a\n", False),
    ],
)
def test_what_is_shown_fits_or_not(shown: str, real: str, expected: bool) -> None:
    assert fits(shown, real) is expected


def test_sessions_are_cut_into_commands() -> None:
    assert list(typed("$ a \\\n    b\nout\n$ echo $?\n1\n")) == [
        Typed("a b", "out\n"),
        Typed("echo $?", "1\n"),
    ]


class Reader:
    """Someone who types what the README shows, in a copy of the repository's samples.

    Nothing leaves this machine: what would go to Richpanel goes to the sandbox, with the ledger of a real
    import, and its output is read with the addresses exchanged.
    """

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self.stack = stack
        self.variables: dict[str, str] = {}
        self.origin = NOBODY
        self.code = 0

    def type(self, command: str) -> str:
        """The output, stdout and stderr as a terminal has them."""
        match shlex.split(command):
            case ["cd", name]:
                self.folder /= name
                return ""
            case ["export", setting]:
                name, _, value = setting.partition("=")
                self.variables[name] = value
                return ""
            case ["echo", "$?"]:
                told, self.code = f"{self.code}\n", 0
                return told
            case ["richsync", "sandbox", *options]:
                return self.sandbox(options)
            case ["richsync", *arguments]:
                return self.richsync(arguments)
        raise AssertionError(f"the README shows a command that is not run: {command}")

    def sandbox(self, options: list[str]) -> str:
        ready, log = self.folder / "origin", self.folder / "sandbox.log"
        ready.unlink(missing_ok=True)
        command = [*PROGRAM, "sandbox", *options, "--port", "0", "--ready-file", str(ready)]
        with log.open("w", encoding="utf-8") as file:
            process = self.stack.enter_context(
                subprocess.Popen(command, env=environment(), stdout=file, stderr=subprocess.STDOUT)
            )
        self.stack.callback(process.terminate)
        waited(ready.exists)
        self.origin = ready.read_text(encoding="utf-8").strip()
        return log.read_text(encoding="utf-8").replace(self.origin, SHOWN)

    def richsync(self, arguments: list[str]) -> str:
        rehearsal = SHOWN in arguments
        given = [self.origin if each == SHOWN else each for each in arguments]
        real = {} if rehearsal else {"RICHPANEL_ENDPOINT": self.origin, **ledger_of(arguments)}
        ended = subprocess.run(
            [*PROGRAM, *given],
            cwd=self.folder,
            env=environment(**({"RICHPANEL_API_KEY": None} | self.variables | real)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=60,
        )
        self.code = ended.returncode
        return ended.stdout.decode().replace(self.origin, SHOWN if rehearsal else REAL)


def ledger_of(arguments: list[str]) -> Mapping[str, str]:
    """The ledger of a real import, which the sandbox's address would turn into a rehearsal's."""
    return {"RICHSYNC_CHECKPOINT": "shop.richsync"} if "shop.csv" in arguments else {}


@contextmanager
def reading(folder: Path) -> Iterator[Reader]:
    copy = folder / "sample_data"
    copy.mkdir()
    for path in SAMPLES.iterdir():
        if path.suffix in (".csv", ".jsonl", ".yaml"):
            (copy / path.name).write_bytes(path.read_bytes())
    till = (SAMPLES / "orders.csv").read_text(encoding="utf-8")
    (copy / "shop.csv").write_text(till[: till.index("\n24031,") + 1], encoding="utf-8")
    (copy / "shop.map.yaml").write_text(shown_map(), encoding="utf-8")
    with ExitStack() as stack:
        yield Reader(folder, stack)


RIGHT = {
    "RS401": "336.56",
    "RS403": "guest@example.com",
    "RS502": "563.25",
    "RS504": "1",
    "RS507": "2025-02-28 10:15",
    "RS511": "soren.angstrom@example.com",
    "RS513": "180.00",
}


def mend(path: Path) -> None:
    """What the README asks of its reader: mend the cells, and keep one of what stands twice."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    at = {name: index for index, name in enumerate(header)}
    firsts = {row[0]: row for row in reversed(rows)}
    for mistake in MISTAKES:
        if mistake.code in RIGHT:
            column = "Email" if mistake.code == "RS403" else mistake.column
            firsts[mistake.order][at[column]] = RIGHT[mistake.code]
    twice = {mistake.order for mistake in MISTAKES if mistake.code == "RS703"}
    kept = [row for row in rows if row[0] not in twice or row is firsts[row[0]]]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *kept])


def test_the_sessions_are_what_richsync_does(tmp_path: Path) -> None:
    with reading(tmp_path) as reader:
        for step, following in zip(SESSIONS, [*SESSIONS[1:], Typed("", "")], strict=True):
            if REJECTS in step.command:
                mend(reader.folder / REJECTS)
            real = reader.type(step.command)
            assert fits(step.shown, real), f"$ {step.command}\n{real}"
            if following.command != "echo $?":
                assert reader.code == int("--skip-invalid" in step.command), f"$ {step.command}\n{real}"
    assert {"init", "validate", "preview", "import", "status", "sandbox", "encrypt-user"} <= {
        step.command.split()[1] for step in SESSIONS if step.command.startswith("richsync ")
    }


def test_commands_stand_in_sessions_only() -> None:
    """So that each of them is run."""
    for language in {name for name, _ in BLOCK.findall(README)} - {"console"}:
        assert not any(re.search(r"^\$? ?richsync ", text, re.MULTILINE) for text in blocks(language))


def test_the_token_is_the_users() -> None:
    (secret,) = re.findall(r"export RICHPANEL_API_SECRET=(\S+)", README)
    (token,) = re.findall(r"^[0-9a-f]{32}:[0-9a-f]+$", README, re.MULTILINE)
    assert decrypt(token, secret) == {"id": "1234", "uid": "adam@example.com", "email": "adam@example.com"}
