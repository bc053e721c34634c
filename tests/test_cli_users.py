"""`encrypt-user` and `decrypt-user` as they are typed, in this process; the secret is shown nowhere."""

import contextlib
import io
import json
import os
import re
import shlex
import stat
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from richsync.cli.app import _run
from richsync.display.screen import Screen
from richsync.tokens import decrypt
from tests.peers import SECRET, TOKEN, USER
from tests.support import PROGRAM, Ended, at_terminal, environment, run_richsync, waited

KEY = "key-1"
ADAM = ("--id", "1234", "--email", "Adam@Example.com", "--first-name", "Adam")
MADE = {"id": "1234", "uid": "adam@example.com", "email": "Adam@Example.com", "firstName": "Adam"}

Typed = Callable[..., Ended]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Types a command in an empty folder; the secret is in the environment unless it is said otherwise."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, stdin: bytes | None = b"", secret: str = SECRET) -> Ended:
        monkeypatch.setenv("RICHPANEL_API_SECRET", secret)
        monkeypatch.delenv("RICHPANEL_API_KEY", raising=False)
        monkeypatch.setattr(sys, "argv", ["richsync", *arguments])
        monkeypatch.setattr(sys, "stdin", None if stdin is None else io.TextIOWrapper(io.BytesIO(stdin)))
        code = _run(Screen())
        out, err = capsys.readouterr()
        assert SECRET not in out + err
        assert "a bug" not in err
        return Ended(code, out, err)

    return run


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
@pytest.mark.parametrize("asked", ["rule", "--help", "--version"])
def test_a_result_that_cannot_be_written_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], asked: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["richsync", asked])
    with contextlib.suppress(OSError), Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert _run(Screen()) == 2
    assert "the result could not be written: No space left on device" in capsys.readouterr().err


def token_of(ended: Ended) -> Any:
    assert (ended.code, ended.err) == (0, "")
    return decrypt(ended.out.strip(), SECRET)


# One user


def test_the_secret_comes_in_three_ways(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"\ufeff {SECRET}\r\n")
    ways = (
        typed("encrypt-user", *ADAM, secret=f" {SECRET}\n"),
        typed("encrypt-user", *ADAM, "--api-secret-file", "secret", secret=""),
        typed(
            "encrypt-user", *ADAM, "--api-secret-file", "-", secret="another", stdin=f"{SECRET}\n".encode()
        ),
    )
    assert [token_of(ended) for ended in ways] == [MADE] * 3
    assert len({ended.out for ended in ways}) == 3, "each token has its own start"


@pytest.mark.parametrize(
    ("arguments", "user"),
    [
        (("--prop", "plan=a=b", "--prop", "tier=", "--id", "1"), {"id": "1", "uid": "1", "plan": "a=b"}),
        (("--prop", "last_name=Smith", "--uid", "u"), {"id": "u", "uid": "u", "lastName": "Smith"}),
        (("--user", "user.json", "--name", "Adam"), {"id": 7, "uid": "7", "vip": True, "name": "Adam"}),
        (("--user", "-"), {"id": "8", "uid": "8"}),
    ],
)
def test_a_user_is_options_and_an_object(
    typed: Typed, tmp_path: Path, arguments: tuple[str, ...], user: dict[str, object]
) -> None:
    (tmp_path / "user.json").write_text('{"id": 7, "vip": true, "email": null}')
    assert token_of(typed("encrypt-user", *arguments, stdin=b'\xef\xbb\xbf{"id": "8"}\n')) == user


@pytest.mark.parametrize("name", ["</script><script>alert(1)</script>", "\"'`\\ \U0001f600 &amp; \u2028"])
def test_the_forms(typed: Typed, name: str) -> None:
    user = {"id": "1", "uid": "1", "name": name.replace("\u2028", "").strip()}
    json_line = typed("encrypt-user", "--id", "1", "--name", name, "--output-format", "json")
    line = json.loads(json_line.out)
    assert (list(line), line["id"]) == (["id", "token"], "1")
    assert decrypt(line["token"], SECRET)["id"] == "1"
    script = typed("encrypt-user", "--id", "1", "--output-format", "js")
    assert re.fullmatch(r'window\.richpanelSettings = "[0-9a-f:]+";\n', script.out)
    page = typed(
        "encrypt-user", "--id", "1", "--name", name, "--output-format", "html", "--api-key", f" {KEY}\n"
    )
    assert page.out.isascii()
    assert page.out.count("</script") == 1
    assert f"https://api.richpanel.com/v2/j/{KEY}?version" in page.out
    assert "secret stays there" in page.out
    (token,) = re.findall("[0-9a-f]{32}:[0-9a-f]+", page.out)
    assert decrypt(token, SECRET).keys() == user.keys()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--name", "Adam"), "a user needs an id, a uid or an e-mail"),
        (("--email", "adam"), "email is not an e-mail address"),
        (("--id", "1", "--prop", "ID=2"), "id is given twice"),
        (("--id", "1", "--prop", "plan"), "--prop plan has no name and value"),
        (("--id", "1", "--prop", " =x"), "has no name and value"),
        (("--id", "a\udcff"), "control character (U+DCFF)"),
        (("--id", "1", "--user", "user.json"), "id is given twice"),
        (("--user", "gone.json"), "the user cannot be read: No such file"),
        (("--user", "latin.json"), "the user cannot be read: byte 9 is not UTF-8"),
        (("--user", "\x00"), "the user cannot be read: that is no file"),
        (("--user", "list.json"), "the user is no JSON object"),
        (("--user", "users.csv"), "the user is no JSON"),
        (("--user", "-", "--api-secret-file", "-"), "standard input cannot be both"),
        (("--from", "users.csv", "--id", "1"), "--from names all users, and another is given"),
        (("--from", "users.csv", "--user", "user.json"), "--from names all users, and another is given"),
        (("--from", "users.csv", "--output-format", "html"), "many users are written as JSON, not html"),
        (("--from", "gone.csv"), "cannot read gone.csv"),
        (("--from", "users.csv", "-o", "./users.csv"), "users.csv is to be read and written"),
        (("--from", "users.csv", "-o", "gone/tokens"), "the tokens could not be written to gone/tokens"),
        (("--id", "1", "-o", "gone/token"), "the token could not be written to gone/token"),
        (("--id", "1", "--output-format", "html"), "the snippet needs the API key"),
        (("--id", "1", "--output-format", "html", "--api-key", "k\udcff"), "the API key is not UTF-8"),
        (("--id", "1", "--output-format", "xml"), "Invalid value for '--output-format'"),
        (("--id", "1", "--api-secret", SECRET), "No such option: --api-secret"),
        (("--id", "1", "--api-secret-file", SECRET), "the API secret cannot be read: No such file"),
        (("--id", "1", "--api-secret-file", "."), "the API secret cannot be read: Is a directory"),
        (("--id", "1", "--api-secret-file", "users.csv"), "the API secret has several lines"),
        (("--id", "1", "--api-secret-file", "-"), "there is no API secret"),
    ],
)
def test_what_cannot_be_made_is_told(
    typed: Typed, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    (tmp_path / "user.json").write_text('{"id": 7}')
    (tmp_path / "latin.json").write_bytes(b'{"id": "\xe9"}')
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "users.csv").write_text("id,name\n1,Adam\n")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    ended = typed("encrypt-user", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("stdin", [b"", None])
@pytest.mark.parametrize("command", [("encrypt-user", "--id", "1"), ("decrypt-user", TOKEN)])
def test_without_a_secret_nothing_is_made(
    typed: Typed, command: tuple[str, ...], stdin: bytes | None
) -> None:
    ended = typed(*command, secret=" ", stdin=stdin)
    assert (ended.code, ended.out) == (2, "")
    assert "there is no API secret" in ended.err
    assert "--api-secret-file" in ended.err


def test_standard_input_may_be_closed(typed: Typed) -> None:
    assert "standard input is closed" in typed("decrypt-user", "-", stdin=None).err


def test_a_token_can_go_to_a_file(typed: Typed, tmp_path: Path) -> None:
    ended = typed("encrypt-user", *ADAM, "-o", "token")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    path = tmp_path / "token"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert decrypt(path.read_text(), SECRET) == MADE
    assert token_of(typed("encrypt-user", *ADAM, "-o", "-")) == MADE


# Many


USERS = "ID;E-Mail;First name;Plan\n1;A@b.example;\u00c5sa;x\n2;nobody;Bo;\n\n3;;\U0001f600;y\n"


@pytest.mark.parametrize("output", [(), ("--output", "tokens.jsonl")])
def test_many_are_lines_of_json_and_bad_ones_are_told(
    typed: Typed, tmp_path: Path, output: tuple[str, ...]
) -> None:
    (tmp_path / "users.csv").write_text(USERS)
    ended = typed("encrypt-user", "--from", "users.csv", *output)
    written = (tmp_path / "tokens.jsonl").read_text() if output else ended.out
    lines = [json.loads(line) for line in written.splitlines()]
    assert [(line["id"], decrypt(line["token"], SECRET)) for line in lines] == [
        (
            "1",
            {"id": "1", "uid": "a@b.example", "email": "A@b.example", "firstName": "\u00c5sa", "Plan": "x"},
        ),
        ("3", {"id": "3", "uid": "3", "firstName": "\U0001f600", "Plan": "y"}),
    ]
    assert ended.code == 1
    assert ended.err.splitlines() == [
        "users.csv: csv, utf-8; id from ID; email from E-Mail; firstName from First name; Plan",
        "error: users.csv:3: email is not an e-mail address",
        "2 tokens made, 1 line refused",
    ]


def test_many_come_also_from_standard_input_as_told(typed: Typed) -> None:
    text = "id|name\n1|\xc5sa;x\n".encode("cp1252")
    ended = typed("encrypt-user", "--from", "-", "--encoding", "cp1252", "--delimiter", "|", "-q", stdin=text)
    assert (ended.code, ended.err) == (0, "")
    assert decrypt(json.loads(ended.out)["token"], SECRET)["name"] == "\xc5sa;x"


def test_a_guessed_encoding_is_told(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_bytes("id,name\n1,S\xf8ren \xc5ngstr\xf6m\n".encode("cp1252"))
    ended = typed("encrypt-user", "--from", "users.csv")
    assert ended.code == 0
    assert "read as cp125" in ended.err


def test_after_a_broken_line_nothing_is_read_and_that_is_said(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_text('id,name\n1,a\n2,"b\n3,c\n')
    ended = typed("encrypt-user", "--from", "users.csv")
    assert ended.code == 1
    assert [json.loads(line)["id"] for line in ended.out.splitlines()] == ["1"]
    assert "users.csv:3: the quote opened on line 3" in ended.err
    assert "nothing after it was read" in ended.err


# And back


def test_a_token_is_shown_as_json(typed: Typed) -> None:
    assert typed("decrypt-user", TOKEN).report == USER
    assert typed("decrypt-user", "-", stdin=f" {TOKEN}\n\n".encode()).report == USER
    made = typed("encrypt-user", "--id", "1", "--name", "Zo\u00eb \U0001f600 [bold]")
    shown = typed("decrypt-user", made.out.strip())
    assert '"name": "Zo\u00eb \U0001f600 [bold]"' in shown.out


@pytest.mark.parametrize(
    ("token", "secret", "code", "told"),
    [
        (TOKEN, "another", 1, "made with another secret"),
        (TOKEN[:-1], SECRET, 1, "the token was cut"),
        (TOKEN[:-32], SECRET, 1, "cut or damaged; the secret is the right one"),
        ("token", SECRET, 1, "this is not a token"),
        ("", SECRET, 1, "this is not a token"),
        (TOKEN, f"{SECRET}\n{SECRET}", 2, "the API secret has several lines"),
        (TOKEN, "\udcff", 2, "the API secret is not UTF-8"),
    ],
)
def test_what_cannot_be_read_is_told(typed: Typed, token: str, secret: str, code: int, told: str) -> None:
    ended = typed("decrypt-user", token, secret=secret)
    assert (ended.code, ended.out) == (code, "")
    assert told in ended.err


def test_standard_input_is_one_thing(typed: Typed) -> None:
    ended = typed("decrypt-user", "-", "--api-secret-file", "-")
    assert ended.code == 2
    assert "cannot be both the token and the secret" in ended.err
    assert "byte 1 is not UTF-8" in typed("decrypt-user", "-", stdin=b"\xff").err


# As a process


def test_a_prompt_hides_the_secret(tmp_path: Path) -> None:
    """Asked for on a terminal, which shows the question and the token, and never what was typed."""

    def answer(terminal: int, process: "subprocess.Popen[bytes]") -> None:
        waited(lambda: not termios.tcgetattr(terminal)[3] & termios.ECHO)
        os.write(terminal, f"{SECRET}\n".encode())

    code, shown = at_terminal(
        "encrypt-user", *ADAM, cwd=tmp_path, answer=answer, question=b"API secret (not shown): "
    )
    assert code == 0
    assert SECRET not in shown
    (token,) = re.findall("[0-9a-f]{32}:[0-9a-f]+", re.sub(r"\s", "", shown))
    assert decrypt(token, SECRET) == MADE


def test_when_nobody_reads_on_it_ends(tmp_path: Path) -> None:
    """Long before the end of the list, and quietly."""
    (tmp_path / "users.csv").write_text("id\n" + "1\n" * 200_000)
    command = shlex.join([*PROGRAM, "encrypt-user", "--from", "users.csv"]) + " | head -n 1"
    ended = subprocess.run(
        command,
        shell=True,
        cwd=tmp_path,
        env=environment(RICHPANEL_API_SECRET=SECRET),
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert json.loads(ended.stdout)["id"] == "1"
    (made,) = re.findall("([0-9,]+) tokens made", ended.stderr)
    assert int(made.replace(",", "")) < 50_000
    assert "rror" not in ended.stderr


def test_ten_thousand_users_take_seconds(tmp_path: Path) -> None:
    rows = "".join(f"{n},user{n}@example.com,First {n},Last {n}\n" for n in range(10_000))
    (tmp_path / "users.csv").write_text(f"id,email,first_name,last_name\n{rows}")
    secret = environment(RICHPANEL_API_SECRET=SECRET)
    ended = run_richsync("encrypt-user", "--from", "users.csv", cwd=tmp_path, env=secret)
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [str(n) for n in range(10_000)]
    assert decrypt(json.loads(lines[-1])["token"], SECRET)["lastName"] == "Last 9999"
