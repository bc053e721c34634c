"""What the map alone says: columns that should stay where they are."""

import re
from collections.abc import Iterable

from richsync.model import Problem
from richsync.senses.sense import Mapped

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+")
_SECRETS = (
    "password passwd pwd passwort kennwort senha contraseña contrasena wachtwoord motdepasse secret token "
    "apikey cvv cvc cvn cvv2 pin iban ssn"
)
_SECRET = frozenset(_SECRETS.split())
_TOGETHER = ("mot de passe", "api key", "card number", "credit card", "security code", "kreditkartennummer")


def secrets(fields: Mapped) -> Iterable[Problem]:
    """RS903: mapped columns whose names speak of passwords, tokens and cards."""
    told: dict[str, Problem] = {}
    for path, column in fields.columns.items():
        words = [word.casefold() for word in _WORD.findall(column)]
        spaced = " ".join(words)
        if not _SECRET.isdisjoint(words) or any(f" {each} " in f" {spaced} " for each in _TOGETHER):
            told.setdefault(column, Problem("RS903", column, path))
    return told.values()
