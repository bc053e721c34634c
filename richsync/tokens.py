"""The user token `richpanelSettings`: AES-256-CBC over a user object, as the shop's server makes it.

Source: Richpanel's documentation and plugins. The key is text that stands for bytes: the first 32 ASCII
characters of the hex digest. A token neither expires nor proves who made it: whoever holds one can use it.
"""

import hashlib
import os
import re
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from richsync.errors import RichsyncError, UnusableError
from richsync.jsontext import JsonTextError, dumps, loads
from richsync.values import uid_of

_IV = 16
_TOKEN = re.compile(r"([0-9a-fA-F]{32}):((?:[0-9a-fA-F]{32})+)")
_HINT = "was it made with another secret, or cut when it was copied?"


class TokenError(RichsyncError):
    """The token does not hold a user that this secret can read."""

    exit_code = 1


def encrypt(user: Mapping[str, object], secret: str, iv: bytes | None = None) -> str:
    """Make the token: `hex(iv):hex(ciphertext)`, in lower case. Without `iv`, 16 random bytes.

    Raises:
        UnusableError: the user holds what JSON cannot (a lone surrogate).
    """
    iv = os.urandom(_IV) if iv is None else iv
    try:
        text = dumps(dict(user))
    except JsonTextError as error:
        raise UnusableError(f"the user cannot be encrypted: {error}") from None
    padder = PKCS7(AES256.block_size).padder()
    encryptor = _cipher(secret, iv).encryptor()
    data = encryptor.update(padder.update(text) + padder.finalize()) + encryptor.finalize()
    return f"{iv.hex()}:{data.hex()}"


def decrypt(token: str, secret: str) -> dict[str, Any]:
    """Read the user object of a token; numbers with a fraction as the doubles a receiver makes of them.

    Raises:
        TokenError: it is no token, it was cut or damaged, or made with another secret.
    """
    parts = _TOKEN.fullmatch(token.strip())
    if not parts:
        raise TokenError("this is not a token: 32 hex digits, a colon, whole blocks of hex", _HINT)
    iv, data = map(bytes.fromhex, parts.groups())
    decryptor = _cipher(secret, iv).decryptor()
    unpadder = PKCS7(AES256.block_size).unpadder()
    try:
        text = unpadder.update(decryptor.update(data) + decryptor.finalize()) + unpadder.finalize()
        user = loads(text.decode(), exact=False)
    except ValueError:  # bad padding, bad UTF-8, bad JSON: one cause
        raise TokenError("this secret does not read the token", _HINT) from None
    if not isinstance(user, dict):
        raise TokenError("the token holds no user object", _HINT)
    return user


def user_of(fields: Mapping[str, object]) -> dict[str, object]:
    """The user object for what is known of a person: `id` and `uid` first, the rest as given.

    `uid` is what an import would send: as given, else the e-mail, else the id. Empty fields are left out.

    Raises:
        UnusableError: neither an id nor a uid nor an e-mail is given.
    """
    known = {name: value for name, value in fields.items() if _filled(value)}
    source = known.get("uid", known.get("email", known.get("id")))
    if source is None:
        raise UnusableError("a user needs an id, a uid or an e-mail", "give one of --id, --uid and --email")
    uid = uid_of(str(source))
    return {"id": known.get("id", uid), "uid": uid} | {
        name: value for name, value in known.items() if name not in {"id", "uid"}
    }


def _cipher(secret: str, iv: bytes) -> Cipher[CBC]:
    try:
        digest = hashlib.sha256(secret.encode())
    except UnicodeEncodeError:
        raise UnusableError("the API secret is not UTF-8 text", "set RICHPANEL_API_SECRET again") from None
    return Cipher(AES256(digest.hexdigest()[:32].encode()), CBC(iv))


def _filled(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value not in (None, [], {})
