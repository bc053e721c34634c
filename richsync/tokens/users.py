"""Who a token is for: the user object, of whatever is known of a person."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from richsync.checks import CHECKS
from richsync.errors import UnusableError
from richsync.schema import CUSTOMER, Kind
from richsync.values import READERS, Bad, bad_characters, is_email, is_empty, tidy

_KINDS = {"id": Kind.IDENTIFIER} | {field.name: field.kind for field in CUSTOMER if not field.parts}
_SEPARATORS = re.compile(r"[\s_-]")
_SPELLINGS = {name.lower(): name for name in _KINDS}


def field_of(name: str) -> str:
    """The field a name means: `firstName` also as `first_name` or `First name`; an unknown one is its own."""
    return _SPELLINGS.get(_SEPARATORS.sub("", name).lower(), name)


def user_of(given: Iterable[tuple[str, object]]) -> dict[str, object]:
    """The user object for names and values, `id` and `uid` first, the rest as given and nothing empty.

    `uid` is what an import would send for this person: as given, else the e-mail, else the id; read as a
    customer's fields are. `id`, which Richpanel requires, is as given, else the uid.

    Raises:
        UnusableError: with everything that is wrong: nobody is meant, or a value cannot be sent.
    """
    user = _named(given)
    read = {name: READERS[kind](user[name]) for name, kind in _KINDS.items() if name in user}
    if faults := list(dict.fromkeys(_faults(user, read))):
        raise UnusableError("; ".join(faults), "see `richsync encrypt-user --help`")
    uid = next(READERS[Kind.UID](read[name]) for name in ("uid", "email", "id") if name in read)
    return {"id": user.get("id", uid), "uid": uid} | {
        name: read.get(name, value) for name, value in user.items() if name not in ("id", "uid")
    }


def _named(given: Iterable[tuple[str, object]]) -> dict[str, object]:
    user: dict[str, object] = {}
    for name, value in given:
        tidied = tidy(value) if type(value) is str else READERS[Kind.ANY](value)
        if is_empty(tidied):
            continue
        field = field_of(name)
        if field in user:
            raise UnusableError(f"{field} is given twice", "give it once")
        user[field] = tidied
    return user


def _faults(user: Mapping[str, object], read: Mapping[str, Any]) -> Iterator[str]:
    if bad := bad_characters(dict(user)):
        yield CHECKS["RS108"].says.format(column="the user", note=bad)
    for name, value in read.items():
        if isinstance(value, Bad):
            yield CHECKS[value.code].says.format(field=name, column=name, note=value.note)
        elif (name == "email" or (name == "uid" and "@" in value)) and not is_email(value):
            yield CHECKS["RS511"].says.format(field=name)
    if not {"id", "uid", "email"} & read.keys():
        yield "a user needs an id, a uid or an e-mail"
