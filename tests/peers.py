"""Other programs that make and read tokens, each the way Richpanel's documentation and plugins do."""

import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

SECRET = "s3cr3t-demo"
IV = bytes(range(16))
USER = {"id": "1234", "firstName": "Adam", "lastName": "Smith", "email": "adam@example.com"}
TOKEN = (
    "000102030405060708090a0b0c0d0e0f:f0f5082336095e2655c59eddc3418a1a41c2a98c474fea78cb0052ecdd251ea0c76d7e88c7"
    "ed7e7def17d16e99fc935a5d613e9addfe8454515404162d71b73e85328b0c528ed503bbb76b6cf6a66af6"
)

NODE = """
const crypto = require('crypto');
const [users, tokens] = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const keyOf = (secret) => Buffer.from(crypto.createHash('sha256').update(secret).digest('hex')).slice(0, 32);
const made = users.map(([user, secret, iv]) => {
  const cipher = crypto.createCipheriv('aes-256-cbc', keyOf(secret), Buffer.from(iv, 'hex'));
  let encrypted = cipher.update(JSON.stringify(user));
  encrypted = Buffer.concat([encrypted, cipher.final()]);
  return iv + ':' + encrypted.toString('hex');
});
const read = tokens.map(([token, secret]) => {
  const [iv, data] = token.split(':').map((part) => Buffer.from(part, 'hex'));
  const decipher = crypto.createDecipheriv('aes-256-cbc', keyOf(secret), iv);
  return JSON.parse(Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8'));
});
process.stdout.write(JSON.stringify([made, read]));
"""
PHP = """
[$users, $tokens] = json_decode(stream_get_contents(STDIN));
$keyOf = fn (string $secret) => substr(hash('sha256', $secret), 0, 32);
$made = array_map(fn ($each) => $each[2] . ':' . bin2hex(openssl_encrypt(
    json_encode($each[0]), 'aes-256-cbc', $keyOf($each[1]), OPENSSL_RAW_DATA, hex2bin($each[2])
)), $users);
$read = array_map(function ($each) use ($keyOf) {
    [$iv, $data] = array_map('hex2bin', explode(':', $each[0]));
    $text = openssl_decrypt($data, 'aes-256-cbc', $keyOf($each[1]), OPENSSL_RAW_DATA, $iv);
    return json_decode($text, false, 512, JSON_THROW_ON_ERROR);
}, $tokens);
echo json_encode([$made, $read], JSON_THROW_ON_ERROR);
"""


class Sealing(NamedTuple):
    """A user to make a token for, with a secret and 16 bytes."""

    user: dict[str, Any]
    secret: str
    iv: bytes


class Sealed(NamedTuple):
    """A token, and the secret that reads it."""

    token: str
    secret: str


Peer = Callable[[Sequence[Sealing], Sequence[Sealed]], tuple[list[str], list[dict[str, Any]]]]
"""Makes tokens for these users, and reads the users of those tokens."""


def script(*command: str) -> Peer:
    """A program that gets all of it at once on standard input, and answers on standard output."""

    def peer(users: Sequence[Sealing], tokens: Sequence[Sealed]) -> tuple[list[str], list[dict[str, Any]]]:
        asked = [[(user, secret, iv.hex()) for user, secret, iv in users], tokens]
        made, read = json.loads(run(command, json.dumps(asked).encode()))
        return made, read

    return peer


def openssl(users: Sequence[Sealing], tokens: Sequence[Sealed]) -> tuple[list[str], list[dict[str, Any]]]:
    """Its command, a process for each."""
    made = [
        f"{iv.hex()}:{enciphered(json.dumps(user).encode(), secret, iv.hex()).hex()}"
        for user, secret, iv in users
    ]
    read = []
    for token, secret in tokens:
        iv, data = token.split(":")
        read.append(json.loads(enciphered(bytes.fromhex(data), secret, iv, "-d")))
    return made, read


def enciphered(data: bytes, secret: str, iv: str, *options: str) -> bytes:
    key = sha256(secret.encode()).hexdigest()[:32].encode().hex()
    return run(("openssl", "enc", "-aes-256-cbc", "-K", key, "-iv", iv, *options), data)


def run(command: Sequence[str], data: bytes) -> bytes:
    return subprocess.run(command, input=data, capture_output=True, check=True, timeout=30).stdout


PEERS: dict[str, Peer] = {
    "openssl": openssl,
    "node": script("node", "-e", NODE),
    "php": script("php", "-r", PHP),
}
INSTALLED = [
    pytest.param(
        name, marks=pytest.mark.skipif(not shutil.which(name), reason=f"{name} is not installed"), id=name
    )
    for name in PEERS
]


def sealed(text: bytes) -> str:
    """A token of any text, whether a user or not."""
    padding = 16 - len(text) % 16
    encryptor = Cipher(AES256(sha256(SECRET.encode()).hexdigest()[:32].encode()), CBC(IV)).encryptor()
    return f"{IV.hex()}:{encryptor.update(text + bytes([padding]) * padding).hex()}"
