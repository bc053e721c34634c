"""The format of tokens: made, read, and what is said of those that cannot be read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.errors import UnusableError
from richsync.tokens import TokenError, decrypt, encrypt
from tests.peers import IV, SECRET, TOKEN, USER, sealed

LONG = encrypt(USER | {"name": "Zo\u00eb", "note": "x" * 64}, SECRET, IV)
NOTHING_READ = "made with another secret, or is damaged"
PARTLY_READ = "cut or damaged; the secret is the right one"
NO_TOKEN = "this is not a token"


def test_the_known_token() -> None:
    assert encrypt(USER, SECRET, IV) == TOKEN
    assert decrypt(TOKEN, SECRET) == USER
    assert decrypt("\r\n ".join((TOKEN[:40], TOKEN[40:80], TOKEN[80:])), SECRET) == USER


MEMBERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.dictionaries(MEMBERS, MEMBERS | st.integers(0, 2**53) | st.booleans()), MEMBERS)
def test_a_token_holds_its_user(user: dict[str, Any], secret: str) -> None:
    token = encrypt(user, secret, IV)
    assert decrypt(f" {token.upper()}\n", secret) == user


def flipped(token: str, at: int) -> str:
    """With one hex digit changed; counted from the end when it is negative."""
    at %= len(token)
    return f"{token[:at]}{'0' if token[at] != '0' else '1'}{token[at + 1 :]}"


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("", NO_TOKEN),
        ("no token", NO_TOKEN),
        (LONG.replace(":", ""), NO_TOKEN),
        (LONG[:20], NO_TOKEN),
        (LONG[:-1] + "g", NO_TOKEN),
        (f"{LONG}\n{LONG}", NO_TOKEN),
        (LONG[:33], "cut: 0 hex digits are not whole blocks of 32"),
        (LONG[:-2], "cut: [0-9]+ hex digits are not whole blocks"),
        (LONG[:-32], PARTLY_READ),
        (flipped(LONG, -1), PARTLY_READ),
        (flipped(LONG, 35), PARTLY_READ),
        (flipped(LONG, 1), "holds no JSON"),
        (TOKEN[:65], PARTLY_READ),
        (flipped(encrypt({"id": "7"}, SECRET, IV), -1), NOTHING_READ),
        (encrypt(USER, "another", IV), NOTHING_READ),
    ],
)
def test_what_was_cut_or_damaged_is_told(token: str, said: str) -> None:
    with pytest.raises(TokenError, match=said) as caught:
        decrypt(token, SECRET)
    assert caught.value.exit_code == 1
    assert caught.value.hint
    assert SECRET not in f"{caught.value} {caught.value.hint}"


@given(MEMBERS.filter(lambda secret: secret != SECRET))
def test_another_secret_reads_nothing(secret: str) -> None:
    with pytest.raises(TokenError, match=NOTHING_READ):
        decrypt(LONG, secret)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"[1]", "no object"),
        (b'"Adam"', "no object"),
        (b'{"id": "1", "id": "2"}', "stands twice"),
        (b'{"id": NaN}', "NaN is not JSON"),
        (b"\xff" * 40, NOTHING_READ),
    ],
)
def test_what_holds_no_user_is_refused(text: bytes, said: str) -> None:
    with pytest.raises(TokenError, match=said):
        decrypt(sealed(text), SECRET)


def test_text_that_cannot_be_sent_is_unusable() -> None:
    with pytest.raises(UnusableError, match="surrogates"):
        encrypt({"id": "\ud800"}, SECRET, IV)
    with pytest.raises(UnusableError, match="not UTF-8") as caught:
        encrypt(USER, "secret\udcff", IV)
    assert "secret\udcff" not in f"{caught.value} {caught.value.hint}"
