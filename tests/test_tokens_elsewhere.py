"""OpenSSL's command, Node and PHP read our tokens and we theirs; so it is with the README's code."""

import json
import re
import shutil
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from richsync.tokens import decrypt, encrypt
from tests.peers import INSTALLED, IV, PEERS, SECRET, TOKEN, USER, Sealed, Sealing, run
from tests.readme import blocks

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
SCALAR = TEXT | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans()
VALUE = st.recursive(
    SCALAR, lambda each: st.lists(each, max_size=3) | st.dictionaries(TEXT, each, max_size=3), max_leaves=4
)
USERS = st.dictionaries(st.sampled_from(["id", "firstName", "email"]) | TEXT, VALUE, min_size=1, max_size=6)
SEALINGS = st.lists(st.builds(Sealing, USERS, TEXT, st.binary(min_size=16, max_size=16)), max_size=20)
ODD = [
    Sealing({"id": "1", "name": "Zo\u00eb \U0001f600 </script>\"'\\/\u2028"}, "gehe\u00efm \U0001f511", IV),
    Sealing({"id": "x" * 7, "n": {"deep": [1, True, "\u5f20\u4f1f"]}}, "", IV),
    *(Sealing({"id": "x" * size}, "a b'c\"d$e", bytes(16)) for size in range(5, 9)),
]


@pytest.mark.parametrize("name", INSTALLED)
@settings(max_examples=3)
@given(drawn=SEALINGS)
def test_another_program_makes_and_reads_the_same(name: str, drawn: Sequence[Sealing]) -> None:
    """So many users in a process, and few processes: starting one takes longer than its users."""
    asked = [Sealing(USER, SECRET, IV), *ODD, *drawn]
    ours = [Sealed(encrypt(*each), each.secret) for each in asked]
    made, read = PEERS[name](asked, ours)
    assert read == [each.user for each in asked]
    assert [decrypt(token, each.secret) for token, each in zip(made, asked, strict=True)] == read
    assert ours[0].token == TOKEN


def test_the_known_text_has_one_token() -> None:
    """PHP and JavaScript write JSON without spaces, as we do: then the tokens are the same, too."""
    for name in ("node", "php"):
        if shutil.which(name):
            assert PEERS[name]([Sealing(USER, SECRET, IV)], []) == ([TOKEN], [])


# The code that the README shows

CALLS = {
    "php": "foreach (json_decode(stream_get_contents(STDIN), true) as [$user, $secret])"
    ' { echo richpanel_token($user, $secret), "\\n"; }',
    "js": "for (const [user, secret] of JSON.parse(require('node:fs').readFileSync(0, 'utf8')))"
    " { console.log(richpanelToken(user, secret)); }",
}
RUNS = {"php": ("php", "-r"), "js": ("node", "-e")}


def python(code: str) -> Callable[[dict[str, Any], str], str]:
    names: dict[str, Any] = {}
    exec(code, names)
    made: Callable[[dict[str, Any], str], str] = names["richpanel_token"]
    return made


def shown(language: str, users: Sequence[tuple[dict[str, Any], str]]) -> list[str]:
    """The tokens that the README's code makes."""
    (code,) = blocks(language)
    if language == "python":
        return [python(code)(user, secret) for user, secret in users]
    if not shutil.which(RUNS[language][0]):
        pytest.skip(f"{RUNS[language][0]} is not installed")
    text = f"{code.removeprefix('<?php')}\n{CALLS[language]}"
    return run((*RUNS[language], text), json.dumps(users).encode()).decode().split()


@pytest.mark.parametrize("language", ["php", "js", "python"])
def test_the_code_of_the_readme_makes_tokens(language: str) -> None:
    users = [(each.user, each.secret) for each in (Sealing(USER, SECRET, IV), *ODD)]
    tokens = shown(language, users)
    assert [decrypt(token, secret) for token, (_, secret) in zip(tokens, users, strict=True)] == [
        user for user, _ in users
    ]
    assert all(re.fullmatch("[0-9a-f]{32}:([0-9a-f]{32})+", token) for token in tokens)
    assert len({token[:32] for token in tokens}) == len(tokens), "each token has its own start"
