import json
import shutil
import subprocess
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.errors import UnusableError
from richsync.tokens import TokenError, decrypt, encrypt, user_of

SECRET = "s3cr3t-demo"
IV = bytes(range(16))
USER = {"id": "1234", "firstName": "Adam", "lastName": "Smith", "email": "adam@example.com"}
TOKEN = (
    "000102030405060708090a0b0c0d0e0f:f0f5082336095e2655c59eddc3418a1a41c2a98c474fea78cb0052ecdd251ea0c76d7e88c7"
    "ed7e7def17d16e99fc935a5d613e9addfe8454515404162d71b73e85328b0c528ed503bbb76b6cf6a66af6"
)
USERS: list[dict[str, Any]] = [
    USER,
    {"id": "1", "name": "Zo\u00eb \U0001f600"},
    {"id": "0123", "tags": ["a", 1, 2.5, True, None], "nested": {"x": "/"}},
    {"id": "x" * 15},
    {"id": "x" * 16},
]
SECRETS = [SECRET, "", "gehe\u00efm \U0001f511", "a b'c\"d$e"]

DECIPHER = """
const [token, secret] = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const crypto = require('crypto');
const key = crypto.createHash('sha256').update(secret, 'utf8').digest('hex').substring(0, 32);
const [iv, data] = token.split(':');
const aes = crypto.createDecipheriv('aes-256-cbc', Buffer.from(key), Buffer.from(iv, 'hex'));
process.stdout.write(Buffer.concat([aes.update(Buffer.from(data, 'hex')), aes.final()]));
"""
ENCIPHER = """
const [user, secret, iv] = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const crypto = require('crypto');
const key = crypto.createHash('sha256').update(secret, 'utf8').digest('hex').substring(0, 32);
const aes = crypto.createCipheriv('aes-256-cbc', Buffer.from(key), Buffer.from(iv, 'hex'));
const data = Buffer.concat([aes.update(JSON.stringify(user), 'utf8'), aes.final()]);
process.stdout.write(iv + ':' + data.toString('hex'));
"""

needs_node = pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")


def node(script: str, *values: object) -> str:
    run = subprocess.run(
        ["node", "-e", script],
        input=json.dumps(values),
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    return run.stdout


def openssl(data: bytes, secret: str, iv: str, *options: str) -> bytes:
    key = sha256(secret.encode()).hexdigest()[:32].encode().hex()
    command = ["openssl", "enc", "-aes-256-cbc", "-K", key, "-iv", iv, *options]
    return subprocess.run(command, input=data, capture_output=True, check=True, timeout=30).stdout


def test_the_known_token() -> None:
    assert encrypt(USER, SECRET, IV) == TOKEN
    assert decrypt(TOKEN, SECRET) == USER


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("user", USERS)
@needs_openssl
def test_openssl_makes_and_reads_the_same(user: dict[str, Any], secret: str) -> None:
    iv, data = encrypt(user, secret).split(":")
    text = openssl(bytes.fromhex(data), secret, iv, "-d")
    assert text.isascii()
    assert json.loads(text) == user
    assert openssl(text, secret, iv).hex() == data


@pytest.mark.parametrize("secret", SECRETS)
@needs_node
def test_node_makes_and_reads_the_same(secret: str) -> None:
    for user in USERS:
        assert json.loads(node(DECIPHER, encrypt(user, secret), secret)) == user
        assert decrypt(node(ENCIPHER, user, secret, IV.hex()), secret) == user


MEMBERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.dictionaries(MEMBERS, MEMBERS | st.integers(0, 2**53) | st.booleans()), MEMBERS)
def test_a_token_holds_its_user(user: dict[str, Any], secret: str) -> None:
    token = encrypt(user, secret)
    assert decrypt(f" {token.upper()}\n", secret) == user


def test_two_tokens_of_one_user_differ() -> None:
    assert encrypt(USER, SECRET) != encrypt(USER, SECRET)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "no token",
        TOKEN[:-2],
        TOKEN[:-32],
        TOKEN.replace(":", ""),
        TOKEN.partition(":")[0] + ":",
        TOKEN[:-1] + "g",
        TOKEN[:-2] + ("00" if TOKEN[-2:] != "00" else "11"),
        "f" + TOKEN[1:],
        TOKEN + "\n" + TOKEN,
    ],
)
def test_what_was_cut_or_damaged_is_no_token(token: str) -> None:
    with pytest.raises(TokenError) as caught:
        decrypt(token, SECRET)
    assert caught.value.exit_code == 1
    assert caught.value.hint


@given(MEMBERS.filter(lambda secret: secret != SECRET))
def test_another_secret_reads_nothing(secret: str) -> None:
    with pytest.raises(TokenError):
        decrypt(TOKEN, secret)


@needs_openssl
@pytest.mark.parametrize("text", [b"[1]", b'"Adam"', b"\xff", b'{"id": "1", "id": "2"}', b'{"id": NaN}'])
def test_what_holds_no_user_is_refused(text: bytes) -> None:
    data = openssl(text, SECRET, IV.hex()).hex()
    with pytest.raises(TokenError):
        decrypt(f"{IV.hex()}:{data}", SECRET)


def test_text_that_cannot_be_sent_is_unusable() -> None:
    with pytest.raises(UnusableError, match="surrogates"):
        encrypt({"id": "\ud800"}, SECRET)
    with pytest.raises(UnusableError, match="not UTF-8") as caught:
        encrypt(USER, "secret\udcff")
    assert "secret\udcff" not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize(
    ("fields", "user"),
    [
        ({"id": "7"}, {"id": "7", "uid": "7"}),
        (
            {"email": " Adam@Example.COM "},
            {"id": "adam@example.com", "uid": "adam@example.com", "email": " Adam@Example.COM "},
        ),
        ({"uid": "U-1"}, {"id": "U-1", "uid": "U-1"}),
        (
            {"uid": "A@b.example", "id": 7, "email": "c@d.example"},
            {"id": 7, "uid": "a@b.example", "email": "c@d.example"},
        ),
        (
            {"name": "Z", "id": "1", "email": "", "tags": [], "x": None, "y": " ", "n": 0},
            {"id": "1", "uid": "1", "name": "Z", "n": 0},
        ),
        (
            {"vip": False, "firstName": "A", "email": "a@b.example", "id": "1"},
            {"id": "1", "uid": "a@b.example", "vip": False, "firstName": "A", "email": "a@b.example"},
        ),
    ],
)
def test_the_user_object(fields: dict[str, object], user: dict[str, object]) -> None:
    made = user_of(fields)
    assert made == user
    assert list(made) == list(user)


@pytest.mark.parametrize("fields", [{}, {"name": "Adam"}, {"id": "", "uid": " ", "email": None}])
def test_a_user_must_be_someone(fields: dict[str, object]) -> None:
    with pytest.raises(UnusableError, match="id, a uid or an e-mail"):
        user_of(fields)
