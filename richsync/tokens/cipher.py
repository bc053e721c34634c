"""AES-256-CBC over a user object, as the shop's server makes it.

Source: Richpanel's page "Authorizing User" and its plugins. The key is text that stands for bytes: the first
32 ASCII characters of the hex digest.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from richsync.errors import RichsyncError, UnusableError
from richsync.jsontext import JsonTextError, dumps, loads

IV_BYTES = 16
_BLOCK_BYTES = 16
_TOKEN = re.compile(r"([0-9a-fA-F]{32}):([0-9a-fA-F]*)")
_COPY = "copy the whole token again, or make another with `richsync encrypt-user`"


class TokenError(RichsyncError):
    """The token does not hold a user that this secret can read."""

    exit_code = 1


def encrypt(user: Mapping[str, object], secret: str, iv: bytes) -> str:
    """Make the token: `hex(iv):hex(ciphertext)`, in lower case. `iv` is 16 bytes, random ones each time.

    Raises:
        UnusableError: the user holds what JSON cannot (a lone surrogate), or the secret is no text.
    """
    try:
        text = dumps(dict(user))
    except JsonTextError as error:
        raise UnusableError(f"the user cannot be encrypted: {error}") from None
    padder = PKCS7(AES256.block_size).padder()
    encryptor = _cipher(secret, iv).encryptor()
    data = encryptor.update(padder.update(text) + padder.finalize()) + encryptor.finalize()
    return f"{iv.hex()}:{data.hex()}"


def decrypt(token: str, secret: str) -> dict[str, Any]:
    """Read the user object of a token, whose lines may be wrapped; fractions as the doubles a receiver makes.

    Raises:
        TokenError: it is no token, it was cut or damaged, or made with another secret.
    """
    iv, data = _parts("".join(token.split()))
    decryptor = _cipher(secret, iv).decryptor()
    padded = decryptor.update(data) + decryptor.finalize()
    unpadder = PKCS7(AES256.block_size).unpadder()
    try:
        text = (unpadder.update(padded) + unpadder.finalize()).decode()
    except ValueError:
        raise _unread(padded) from None
    try:
        user = loads(text, exact=False)
    except JsonTextError as error:
        raise TokenError(f"the token holds no JSON: {error}", _COPY) from None
    if not isinstance(user, dict):
        raise TokenError("the token holds JSON that is no object", _COPY)
    return user


def _parts(token: str) -> tuple[bytes, bytes]:
    parts = _TOKEN.fullmatch(token)
    if not parts:
        raise TokenError("this is not a token: it is 32 hex digits, a colon and more hex digits", _COPY)
    iv, data = parts.groups()
    if not data or len(data) % (2 * _BLOCK_BYTES):
        raise TokenError(f"the token was cut: {len(data)} hex digits are not whole blocks of 32", _COPY)
    return bytes.fromhex(iv), bytes.fromhex(data)


def _unread(padded: bytes) -> TokenError:
    """Why not: a wrong secret makes noise of every block; what was cut or damaged leaves some whole."""
    blocks = (padded[start : start + _BLOCK_BYTES] for start in range(0, len(padded), _BLOCK_BYTES))
    if any(block.isascii() and block.decode().isprintable() for block in blocks):
        return TokenError("the token was cut or damaged; the secret is the right one", _COPY)
    return TokenError("the token was made with another secret, or is damaged", "check RICHPANEL_API_SECRET")


def _cipher(secret: str, iv: bytes) -> Cipher[CBC]:
    try:
        digest = hashlib.sha256(secret.encode())
    except UnicodeEncodeError:
        raise UnusableError("the API secret is not UTF-8 text", "set RICHPANEL_API_SECRET again") from None
    return Cipher(AES256(digest.hexdigest()[:32].encode()), CBC(iv))
