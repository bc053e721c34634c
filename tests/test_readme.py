"""The README is true: its sessions are run and its tables compared with those in the code."""

import csv
import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer

from richsync.checks import CHECKS
from richsync.cli.app import app
from richsync.errors import InterruptedRunError, RichsyncError
from richsync.fieldmaps import load
from richsync.fieldmaps.derive import ITEM, ORDER
from richsync.fieldmaps.settings import NAMES
from richsync.schema import CUSTOMER, PROPERTIES, Field
from richsync.tokens import decrypt
from richsync.verbs import VERBS, Verb
from tests.make_samples import MISTAKES
from tests.support import PROGRAM, SAMPLES, environment, waited

README = (SAMPLES.parent / "README.md").read_text(encoding="utf-8")
NOBODY = "http://127.0.0.1:9"
SHOWN = "http://127.0.0.1:8765"
REAL = "https://api.richpanel.com"
REJECTS = "orders_with_mistakes.rejects.csv"
LEFT_OUT = "…"

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
VOLATILE = {
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ": "<moment>",
    r"\b[0-9a-f]{32}:[0-9a-f]{32,}": "<token>",
}


class Typed(NamedTuple):
    """A command of a session, and what the README shows below it."""

    command: str
    shown: str


def blocks(language: str) -> list[str]:
    return [text for name, text in BLOCK.findall(README) if name == language]


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
            case ["richsync", "sandbox"]:
                return self.sandbox()
            case ["richsync", *arguments]:
                return self.richsync(arguments)
        raise AssertionError(f"the README shows a command that is not run: {command}")

    def sandbox(self) -> str:
        ready, log = self.folder / "origin", self.folder / "sandbox.log"
        command = [*PROGRAM, "sandbox", "--port", "0", "--ready-file", str(ready)]
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


def shown_map() -> str:
    (found,) = blocks("yaml")
    return found


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
            told = following.command == "echo $?" or "--skip-invalid" in step.command
            assert told or reader.code == 0, f"$ {step.command}\n{real}"
    assert {"validate", "preview", "import", "status", "sandbox", "encrypt-user"} <= {
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


# The tables


def table(head: str) -> list[list[str]]:
    """The cells of the table with this first column."""
    lines = README.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {head} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return rows


def code(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def written(verb: Verb) -> str:
    """As it stands in a map's `do:`."""
    arguments = [json.dumps(each) for each in verb.example[0]]
    if not arguments:
        return verb.name
    return f"{verb.name}: {arguments[0] if len(arguments) == 1 else '[' + ', '.join(arguments) + ']'}"


def test_the_verbs() -> None:
    expected = [
        [f"`{written(verb)}`", verb.doc, " → ".join(f"`{json.dumps(each)}`" for each in verb.example[1:])]
        for verb in VERBS.values()
    ]
    assert table("verb") == expected


@pytest.mark.parametrize("verb", [code(row[0])[0] for row in table("verb")])
def test_a_verb_can_be_written_as_shown(verb: str) -> None:
    text = shown_map().replace('split: ","', verb)
    assert text != shown_map() or verb == 'split: ","'
    load(text, "shop.map.yaml")


def test_the_settings() -> None:
    assert tuple(code(row[0])[0] for row in table("setting")) == NAMES


def test_the_findings() -> None:
    found = [each for row in table("about") for each in row[1].split(", ")]
    assert found == [
        f"{check.code}{'*' * check.whole} {check.name} {check.severity[0].upper()}"
        for check in CHECKS.values()
    ]
    groups = [{each[:3] for each in row[1].split(", ")} for row in table("about")]
    assert all(len(group) == 1 for group in groups)


def endings(error: type[RichsyncError]) -> Iterator[type[RichsyncError]]:
    yield error
    for each in error.__subclasses__():
        yield from endings(each)


def test_the_exit_codes() -> None:
    found = [int(each) for row in table("exit code") for each in row[0].split(", ")]
    interrupted = {InterruptedRunError("", signal_number=number).exit_status for number in (2, 15)}
    expected = {error.exit_code for error in endings(RichsyncError)} | {0, 1} | interrupted
    assert found == sorted(expected)


SIDES = ("billing", "shipping")
PARTS = [each.name.removeprefix("billing") for each in PROPERTIES if each.name.startswith("billing")]
ADDRESSES = {side + part for side in SIDES for part in PARTS}
FIELDS = {
    "order": tuple(each for each in PROPERTIES if each.name not in ADDRESSES),
    "items": next(each.parts for each in PROPERTIES if each.name == "items"),
    "fulfillment": next(each.parts for each in PROPERTIES if each.name == "fulfillment"),
    "customer": CUSTOMER,
}


@pytest.mark.parametrize(("section", "fields"), FIELDS.items(), ids=FIELDS)
def test_the_fields(section: str, fields: tuple[Field, ...]) -> None:
    (listed,) = re.findall(
        rf"^(?:Fields of|Of) `{section}:`[^`*]*(.*?)\.\n", README, re.DOTALL | re.MULTILINE
    )
    assert listed.split() == [f"**`{each.name}`**" if each.required else f"`{each.name}`" for each in fields]


def test_the_fields_of_addresses() -> None:
    (listed,) = re.findall(r"^Of an address, after (.*?)\.\n", README, re.DOTALL | re.MULTILINE)
    assert code(listed) == [*SIDES, *PARTS]
    assert {each.name for each in PROPERTIES} >= ADDRESSES


def test_the_derived_fields() -> None:
    (derived,) = re.findall(r"\*\*Derived\*\*.*?\n\n", README, re.DOTALL)
    for each in (*ORDER, *ITEM):
        assert {each.target, *each.sources} <= set(code(derived))


def test_the_map_loads() -> None:
    shown = load(shown_map(), "shop.map.yaml")
    assert shown.checkpoint == "shop.richsync"
    assert {each.field.name for each in shown.order.fields} >= {"orderId", "status", "coupons"}


# The options


def options(command: str) -> set[str]:
    group: Any = typer.main.get_command(app)
    return {name for each in group.commands[command].params for name in each.opts if name.startswith("-")}


def test_the_options_of_import_are_all_there() -> None:
    assert {each for row in table("of `import`") for each in code(row[0])} == options("import")


def test_the_options_of_validate_are_all_there() -> None:
    (listed,) = re.findall(r"^`validate` takes (.*?)\. The", README, re.DOTALL | re.MULTILINE)
    assert set(code(listed)) == {each for each in options("validate") if each.startswith("--")}


def test_every_option_exists() -> None:
    every = {"--version"}.union(
        *(options(name) for name in ("import", "status", "preview", "sandbox", "encrypt-user"))
    )
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", README)) <= every


def test_the_variables_exist() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (SAMPLES.parent / "richsync").rglob("*.py"))
    for name in set(re.findall(r"\b(?:RICHPANEL|RICHSYNC)_[A-Z_]+\b", README)):
        assert name in source


def test_no_place_of_this_machine_is_named() -> None:
    assert str(SAMPLES.parent) not in README
    assert os.environ.get("HOME", "/root") + "/" not in README
