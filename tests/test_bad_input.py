"""Whatever is wrong, the command says what, where, why and the next command; never a traceback."""

import re
import resource
import signal
import sqlite3
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import trustme

from tests.support import (
    KEY,
    PROGRAM,
    SMALL_HEADER,
    SMALL_MAP,
    Ended,
    Receiver,
    Reply,
    environment,
    receiving,
    run_richsync,
    small_export,
    started,
    tallied,
    waited,
)

NOWHERE = "http://127.0.0.1:9"
GOOD_ROW = "1,2024-01-01,5,Tea,a@example.com\n"
SECRET = "s3cret-of-the-tests"


def export_of(folder: Path, content: str | bytes, name: str = "small.csv") -> None:
    small_export(folder, 1)
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def imported(folder: Path, *more: str | Path, origin: str = NOWHERE, **env: str | None) -> Ended:
    ended = run_richsync(
        "import", "small.csv", "--endpoint", origin, "--rate", "unlimited", *more,
        cwd=folder, env=environment(**env),
    )  # fmt: skip
    assert "Traceback" not in ended.err
    assert "a bug in richsync" not in ended.err
    return ended


class Bad(NamedTuple):
    """An export's content, the exit code and what is told of it."""

    content: str | bytes
    code: int
    told: tuple[str, ...]


EXPORTS = {
    "empty": Bad("", 1, ("RS102", "small.csv:1:1")),
    "header only": Bad(f"{SMALL_HEADER}\n", 1, ("RS103", "small.csv:2:1")),
    "an image": Bad(b"\x89PNG\r\n\x1a\n\x00\x00", 1, ("RS106", "PNG", "CSV or JSONL")),
    "binary": Bad(bytes(range(255, -1, -1)) * 20, 1, ("error RS1",)),
    "broken UTF-8": Bad(f"{SMALL_HEADER}\n1,2024-01-01,5,Blå tè ".encode() + b"\xe9,a@example.com\n", 1,
                        ("RS104 line 2", "cp1252", "encoding: cp1252")),
    "unclosed quote": Bad(f'{SMALL_HEADER}\n{GOOD_ROW}2,2024-01-01,5,"Tea,a@example.com\n', 1,
                          ("RS204", "line 3, column 16", "were not read", "close the quote")),
    "ragged row": Bad(f"{SMALL_HEADER}\n{GOOD_ROW}2,2024-01-01,5\n", 1,
                      ("RS203 the row has 3 cells, the header has 5", "small.csv:3:1", "--skip-invalid")),
    "bad number": Bad(f"{SMALL_HEADER}\n1,2024-01-01,five,Tea,a@example.com\n", 1,
                      ("RS501", "small.csv:2:14", '"five"', "once mended: richsync import small.rej")),
}  # fmt: skip


@pytest.mark.parametrize("bad", EXPORTS.values(), ids=EXPORTS)
def test_bad_exports_are_told_with_place_and_mend_and_nothing_is_sent(tmp_path: Path, bad: Bad) -> None:
    export_of(tmp_path, bad.content)
    with receiving() as receiver:
        ended = imported(tmp_path, origin=receiver.origin)
        assert receiver.requests == []
    assert ended.code == bad.code
    assert [words for words in bad.told if words not in ended.err] == []
    assert "  mend: " in ended.err


def test_a_broken_json_line_is_a_rejected_record(tmp_path: Path) -> None:
    good = '{"id":"1","date":"2024-01-01","total":1,"product":"Cup","email":"a@example.com"}\n'
    export_of(tmp_path, f'{good}{{"id":\n', "small.jsonl")
    ended = run_richsync("import", "small.jsonl", "--endpoint", NOWHERE, cwd=tmp_path)
    assert ended.code == 1
    assert "RS220" in ended.err
    assert "small.jsonl:2:7" in ended.err
    assert tallied(ended.out)["rejected"] == tallied(ended.out)["pending"] == (1, 1)


MAPS = {
    "unknown column": (SMALL_MAP.replace("amount: total", "amount: totl"),
                       ("odd.yaml:6:11 RS303", "'totl'", "did you mean 'total'?")),
    "unknown target": (SMALL_MAP.replace("amount:", "amuont:"),
                       ("odd.yaml:6:3 RS302", "did you mean 'amount'?", "RS305 amount is not mapped")),
    "not YAML": ("richsync: 1\norder: [\n", ("odd.yaml:", "not YAML")),
    "empty": ("", ("odd.yaml:1:1", "the file is empty", "richsync: 1")),
    "not UTF-8": (b"richsync: 1 # caf\xe9\n", ("odd.yaml is not UTF-8: byte 18", "save it as UTF-8")),
}  # fmt: skip


@pytest.mark.parametrize(("content", "told"), MAPS.values(), ids=MAPS)
def test_bad_maps_are_told_with_place_and_mend(
    tmp_path: Path, content: str | bytes, told: tuple[str, ...]
) -> None:
    small_export(tmp_path, 1)
    (tmp_path / "odd.yaml").write_bytes(content.encode() if isinstance(content, str) else content)
    ended = imported(tmp_path, "--map", "odd.yaml")
    assert ended.code == 2
    assert ended.out == ""
    assert [words for words in told if words not in ended.err] == []
    assert "next: " in ended.err


ARGUMENTS = {
    "missing file": (("import", "nope.csv"), ("there is no file nope.csv", "check the path")),
    "missing file, known map": (("import", "nope.csv", "-m", "small.map.yaml", "--dry-run"),
                                ("cannot read nope.csv: No such file", "check the path")),
    "folder": (("import", "folder", "-m", "small.map.yaml", "--dry-run"),
               ("cannot read folder: Is a directory",)),
    "no map": (("import", "plain.csv"), ("no field map for plain.csv", "plain.map.yaml", "--map FILE")),
    "map missing": (("import", "small.csv", "-m", "nope.yaml"), ("nope.yaml cannot be read", "--map")),
    "stdin without a map": (("validate", "-"), ("no field map for it", "--map FILE")),
    "plain http": (("import", "small.csv", "--endpoint", "http://example.com"), ("must be https",)),
    "path": (("import", "small.csv", "--endpoint", "https://example.com/v2"), ("must not have a path",)),
    "password": (("import", "small.csv", "--endpoint", "https://me:hunter2@example.com"),
                 ("must not hold a user name or password",)),
    "no URL": (("import", "small.csv", "--endpoint", "https://[::"), ("is not a URL",)),
    "no --yes": (("import", "small.csv", "--endpoint", "https://example.com"),
                 ("cannot be undone", "richsync import small.csv --endpoint https://example.com --yes")),
    "no secret": (("import", "small.csv", "--endpoint", NOWHERE, "--signature", "md5"),
                  ("needs the API secret", "RICHPANEL_API_SECRET")),
    "secret file": (("import", "small.csv", "--endpoint", NOWHERE, "--signature", "md5",
                     "--api-secret-file", "nope"), ("the API secret cannot be read: No such file",)),
    "ledger below a file": (("import", "small.csv", "--endpoint", NOWHERE, "--checkpoint", "small.csv/x"),
                            ("the ledger", "Not a directory", "--checkpoint FILE")),
    "ledger is a folder": (("import", "small.csv", "--endpoint", NOWHERE, "--checkpoint", "folder"),
                           ("folder is not a file", "--checkpoint FILE")),
    "no folder": (("import", "small.csv", "--endpoint", NOWHERE, "--checkpoint", "nope/x.richsync"),
                  ("nope/x.richsync could not be written: No such file or directory",)),
    "rejects over the export": (("import", "small.csv", "--endpoint", NOWHERE, "--rejects", "./small.csv"),
                                ("cannot take the place of small.csv", "--rejects FILE")),
    "rejects over the map": (("import", "small.csv", "--endpoint", NOWHERE, "--rejects", "small.map.yaml"),
                             ("cannot take the place of small.map.yaml",)),
    "rejects in no folder": (("import", "small.csv", "--endpoint", NOWHERE, "--rejects", "nope/r.csv"),
                             ("the rejects could not be written to nope/r.csv", "--rejects FILE")),
    "unknown option": (("import", "small.csv", "--nope"), ("No such option: --nope", "import --help")),
    "unknown command": (("imprt",), ("No such command 'imprt'", "import")),
    "two sources": (("preview", "small.csv", "b"), ("unexpected extra argument", "preview --help")),
    "a second source that is not there": (("import", "small.csv", "b"), ("no file b", "check the path")),
    "no source": (("import",), ("Missing argument 'SOURCE", "import --help")),
    "rate": (("import", "small.csv", "--endpoint", NOWHERE, "--rate", "fast"),
             ("'fast' is not a rate", "50/30s")),
    "give-up": (("import", "small.csv", "--endpoint", NOWHERE, "--give-up", "soon"),
                ("'soon' is not a time", "30s")),
    "limit": (("import", "small.csv", "--limit", "0"), ("--limit", "not in the range x>=1")),
    "signature": (("import", "small.csv", "--signature", "rsa"), ("'rsa' is not one of", "sha256")),
    "delimiter": (("import", "small.csv", "--endpoint", NOWHERE, "--delimiter", ";;"),
                  ("';;' cannot be a delimiter",)),
    "encoding": (("import", "small.csv", "--endpoint", NOWHERE, "--encoding", "klingon"),
                 ("there is no encoding 'klingon'", "utf-8")),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "told"), ARGUMENTS.values(), ids=ARGUMENTS)
def test_a_command_that_cannot_run_says_why_and_what_next(
    tmp_path: Path, arguments: tuple[str, ...], told: tuple[str, ...]
) -> None:
    export = small_export(tmp_path, 1)
    (tmp_path / "folder").mkdir()
    (tmp_path / "plain.csv").write_text(export.read_text())
    ended = run_richsync(*arguments, cwd=tmp_path)
    assert ended.code == 2, ended.err
    assert ended.out == ""
    assert [words for words in told if words not in ended.err] == []
    assert "Traceback" not in ended.err
    assert "hunter2" not in ended.err
    assert export.exists()


@pytest.mark.parametrize("key", [None, "", "  \t"])
def test_without_a_key_nothing_is_sent(tmp_path: Path, key: str | None) -> None:
    small_export(tmp_path, 1)
    ended = imported(tmp_path, RICHPANEL_API_KEY=key)
    assert ended.code == 2
    assert "there is no API key" in ended.err
    assert "set RICHPANEL_API_KEY" in ended.err


# the ledger


def test_a_ledger_belongs_to_one_key_and_one_host(tmp_path: Path) -> None:
    small_export(tmp_path, 1)
    with receiving() as receiver:
        ledger = ("--checkpoint", "shop.richsync")
        assert imported(tmp_path, *ledger, origin=receiver.origin).code == 0
        other_key = imported(tmp_path, *ledger, origin=receiver.origin, RICHPANEL_API_KEY="other")
        rehearsed = imported(
            tmp_path, *ledger, "--dry-run", origin=receiver.origin, RICHPANEL_API_KEY="other"
        )
        other_host = imported(tmp_path, *ledger, "--yes", origin="https://example.invalid")
    assert (other_key.code, rehearsed.code, other_host.code) == (5, 5, 5)
    assert "belongs to another API key" in other_key.err
    assert "belongs to another host" in other_host.err
    assert "--checkpoint FILE" in other_key.err
    assert KEY not in other_key.err


def test_a_key_that_was_refused_can_be_corrected(tmp_path: Path) -> None:
    small_export(tmp_path, 1)
    with receiving(Reply(401)) as receiver:
        assert imported(tmp_path, origin=receiver.origin, RICHPANEL_API_KEY="mistyped").code == 3
        assert imported(tmp_path, origin=receiver.origin).code == 0


def newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()


def damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (newer, "update richsync"),
        (damaged, "is damaged"),
        (lambda path: path.write_text("hello"), "is not a richsync ledger; it was left as it is"),
    ],
)
def test_a_ledger_that_cannot_be_trusted_is_refused(
    tmp_path: Path, spoil: Callable[[Path], object], told: str
) -> None:
    small_export(tmp_path, 1)
    ledger = tmp_path / "small.rehearsal.richsync"
    with receiving() as receiver:
        imported(tmp_path, origin=receiver.origin)
        spoil(ledger)
        before = ledger.read_bytes()
        ended = imported(tmp_path, origin=receiver.origin)
        assert len(receiver.requests) == 1
    assert ended.code == 5
    assert told in ended.err
    assert ledger.read_bytes() == before


def test_the_second_of_two_imports_at_once_is_refused(tmp_path: Path) -> None:
    small_export(tmp_path, 100)
    with (
        receiving(delay=2) as receiver,
        started("import", "small.csv", "--endpoint", receiver.origin, cwd=tmp_path) as first,
    ):
        waited(lambda: receiver.requests)
        second = imported(tmp_path, origin=receiver.origin)
        first.kill()
        first.communicate()
    assert second.code == 5
    assert f"another import (pid {first.pid}, host " in second.err
    assert "wait until it ends" in second.err


def test_a_full_disk_is_found_before_anything_is_sent(tmp_path: Path) -> None:
    small_export(tmp_path, 3000)

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    with receiving() as receiver:
        ended = subprocess.run(
            [*PROGRAM, "import", "small.csv", "--endpoint", receiver.origin],
            cwd=tmp_path,
            env={name: text for name, text in environment().items() if "COVERAGE" not in name},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=small_files,
            timeout=30,
        )
        assert receiver.requests == []
    assert ended.returncode == 2
    assert "the orders could not be set down" in ended.stderr
    assert "File too large" in ended.stderr
    assert "nothing was sent" in ended.stderr


# the receiver and the network


class Answered(NamedTuple):
    """What the receiver always answers, the exit code, and what is told."""

    reply: Reply
    code: int
    told: tuple[str, ...]


FINAL = {
    "401": Answered(Reply(401, b"who?"), 3, ("refused the key: HTTP 401, who?", "check the API key")),
    "403": Answered(Reply(403), 3, ("refused the key: HTTP 403",)),
    "400": Answered(Reply(400, b'{"error":"bad order"}'), 4, ("refused the same way: HTTP 400",)),
    "413": Answered(Reply(413), 4, ("HTTP 413",)),
    "422": Answered(Reply(422), 4, ("HTTP 422",)),
    "200 that denies": Answered(Reply(200, b'{"success":false}'), 4, ("HTTP 200",)),
    "404": Answered(Reply(404), 2, ("does not take this request: HTTP 404", "check --endpoint")),
    "redirect": Answered(Reply(302, headers={"Location": "https://example.com/"}), 2, ("HTTP 302",)),
    "500": Answered(
        Reply(500, b"\x1b[2Joops"), 4, ("nothing was accepted for 1 s", r"HTTP 500, \x1b[2Joops")
    ),
    "429": Answered(Reply(429, headers={"Retry-After": "601"}), 4, ("asks to wait 10 min 1 s",)),
    "cut short": Answered(Reply(cut=True), 4, ("the reply was cut short",)),
}


@pytest.mark.parametrize("answered", FINAL.values(), ids=FINAL)
def test_a_receiver_that_never_accepts_ends_the_run_and_it_can_be_resumed(
    tmp_path: Path, answered: Answered
) -> None:
    small_export(tmp_path, 60)
    with receiving(always=answered.reply) as receiver:
        ended = imported(tmp_path, "--give-up", "1s", origin=receiver.origin)
    assert ended.code == answered.code
    assert [words for words in answered.told if words not in ended.err] == []
    assert tallied(ended.out)["pending"] == (60, 60)
    assert f"run the same command again: richsync import small.csv --endpoint {receiver.origin}" in ended.err


def test_a_refused_connection_and_a_stranger_s_certificate_are_told(tmp_path: Path) -> None:
    small_export(tmp_path, 3)
    ended = imported(tmp_path, "--give-up", "1s")
    assert ended.code == 4
    assert "the connection was refused" in ended.err
    with receiving() as receiver:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
        receiver.wrap(context)
        ended = imported(tmp_path, origin=receiver.origin)
        assert receiver.requests == []
    assert ended.code == 4
    assert "the certificate does not verify" in ended.err
    assert tallied(ended.out)["pending"] == (3, 3)


def test_without_a_standard_input_there_is_nobody_to_ask(tmp_path: Path) -> None:
    small_export(tmp_path, 3)
    command = (*PROGRAM, "import", "small.csv", "--endpoint")

    def closed(origin: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["sh", "-c", '"$@" <&-', "sh", *command, origin], cwd=tmp_path, env=environment(),
            capture_output=True, check=False, timeout=30,
        )  # fmt: skip

    with receiving() as receiver:
        assert closed(receiver.origin).returncode == 0
        assert len(receiver.events) == 3
    ended = closed("https://example.com")
    assert ended.returncode == 2
    assert b"there is no terminal to ask on" in ended.stderr


@pytest.mark.parametrize(
    ("options", "env", "told"),
    [
        (("\udcff.csv",), {}, "the name '\\udcff.csv' is not UTF-8 text"),
        (("small.csv", "--map", "\udcff.yaml"), {}, "the name '\\udcff.yaml' is not UTF-8 text"),
        (("small.csv", "--rejects", "\udcff"), {}, "the name '\\udcff' is not UTF-8 text"),
        (("small.csv", "--checkpoint", "\udcff"), {}, "the name '\\udcff' is not UTF-8 text"),
        (("small.csv",), {"RICHPANEL_API_KEY": "k\udcff"}, "the API key is not UTF-8 text"),
        (("small.csv", "--signature", "md5"), {"RICHPANEL_API_SECRET": "\udcff"}, "the API secret is not"),
    ],
)
def test_what_is_no_text_is_neither_sent_nor_noted(
    tmp_path: Path, options: tuple[str, ...], env: dict[str, str], told: str
) -> None:
    small_export(tmp_path, 1)
    small_export(tmp_path, 1, "\udcff.csv")
    ended = run_richsync("import", "--endpoint", NOWHERE, *options, cwd=tmp_path, env=environment(**env))
    assert (ended.code, told in ended.err) == (2, True)


@pytest.mark.parametrize(
    "words",
    [
        ("import", "a\nb.csv", "--dry-run"),
        ("import", "small.csv", "--dry-run", "--rejects", "a\nb"),
        ("import", "small.csv", "--dry-run", "--checkpoint", "a\nb"),
        ("validate", "a\nb.csv"),
        ("validate", "small.csv", "--rejects", "a\nb"),
        ("init", "a\nb.csv"),
        ("init", "small.csv", "--force", "-o", "a\nb"),
        ("init", "small.csv", "a\nb.csv", "--force"),
        ("init", "--preset", "etsy", "a\nb.csv"),
    ],
)
def test_no_command_that_is_told_breaks_in_the_name_of_a_file(tmp_path: Path, words: tuple[str, ...]) -> None:
    small_export(tmp_path, 1)
    small_export(tmp_path, 1, "a\nb.csv")
    ended = run_richsync(*words, cwd=tmp_path)
    assert ended.code == 2
    assert "has a line break" in ended.err
    assert "a\nb" not in ended.err


def test_a_command_that_is_named_can_be_typed(tmp_path: Path) -> None:
    small_export(tmp_path, 3, "-odd.csv")
    options = ("--map", "small.map.yaml", "--endpoint", "https://example.com", "--dry-run")
    ended = run_richsync("import", *options, "--", "-odd.csv", cwd=tmp_path)
    assert (
        "to send: richsync import --map small.map.yaml --endpoint https://example.com ./-odd.csv" in ended.err
    )


# what is shown


def test_the_secret_is_nowhere(tmp_path: Path) -> None:
    small_export(tmp_path, 30)
    echo = Reply(400, f"bad secret {SECRET}?".encode())
    with receiving(Reply(), always=echo) as receiver:
        ended = imported(
            tmp_path, "--signature", "sha256", "--lanes", "1", origin=receiver.origin,
            RICHPANEL_API_SECRET=SECRET,
        )  # fmt: skip
    stored = [path.read_bytes() for path in tmp_path.iterdir()]
    assert ended.code == 1
    assert tallied(ended.out)["rejected"] == (5, 5)
    assert not any(SECRET.encode() in content for content in stored)
    assert not any(KEY.encode() in content for content in stored)
    assert SECRET not in ended.out


CONTROLS = (
    SMALL_HEADER + "\n"
    '"\x1b[31m1[red]",2024-01-01,x[bold],Tea,a@example.com\n'
    '[red]2[/red],2024-01-02,"\x1b]0;owned\x07",Cup,b@example.com\n'
)


@pytest.mark.parametrize("command", ["import", "validate", "preview"])
def test_what_an_export_holds_is_shown_escaped_and_is_no_markup(tmp_path: Path, command: str) -> None:
    export_of(tmp_path, CONTROLS)
    more = ("--endpoint", NOWHERE) if command == "import" else ()
    ended = run_richsync(command, "small.csv", *more, cwd=tmp_path, env=environment(FORCE_COLOR="1"))
    shown = re.sub(r"\x1b\[[\d;]*m", "", ended.out + ended.err)
    assert ended.code == 1
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", shown)
    assert "\x1b[31m1[red]" not in ended.out + ended.err
    if command != "preview":
        assert r"\x1b[31m1[red]" in shown
        assert "[red]2[/red]" in shown
        assert '"x[bold]"' in shown


@pytest.mark.parametrize("arguments", [("preview", "-n", "900"), ("validate", "--json"), ("--help",)])
def test_a_closed_pipe_ends_quietly(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    small_export(tmp_path, 900)
    with started(
        arguments[0], *(["small.csv", *arguments[1:]][: 9 * len(arguments) - 9]), cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        err = process.stderr.read()
        process.wait(20)
    assert "Traceback" not in err
    assert "BrokenPipe" not in err
    assert "error" not in err


def test_an_import_goes_on_when_nobody_listens_any_more(tmp_path: Path) -> None:
    small_export(tmp_path, 100)
    with receiving(delay=0.1) as receiver:
        with started("import", "small.csv", "--endpoint", receiver.origin, cwd=tmp_path) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            process.stderr.close()
            assert process.wait(20) == 0
        assert len(receiver.events) == 100


def colours(receiver: Receiver, folder: Path, *more: str, **env: str) -> bool:
    ended = imported(folder, "--resend", *more, origin=receiver.origin, **env)
    return "\x1b[3" in ended.out + ended.err or "\x1b[1;3" in ended.out + ended.err


def test_colour_only_when_it_is_wanted(tmp_path: Path) -> None:
    small_export(tmp_path, 3)
    with receiving() as receiver:
        assert colours(receiver, tmp_path, FORCE_COLOR="1")
        assert not colours(receiver, tmp_path)
        assert not colours(receiver, tmp_path, FORCE_COLOR="1", NO_COLOR="1")
        assert not colours(receiver, tmp_path, "--no-color", FORCE_COLOR="1")


def test_quiet_says_only_the_result_and_errors(tmp_path: Path) -> None:
    small_export(tmp_path, 3)
    with receiving() as receiver:
        ended = imported(tmp_path, "-q", origin=receiver.origin)
    assert ended.err == ""
    assert tallied(ended.out)["accepted"] == (3, 3)
    ended = imported(tmp_path, "-q", "--resend", "--give-up", "1s")
    assert ended.code == 4
    assert ended.err.startswith("error: the receiver did not answer")
