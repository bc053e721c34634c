"""The journey of a user: what is known of a person, a user object, a token."""

from collections.abc import Iterable, Iterator, Mapping
from secrets import token_bytes
from typing import NamedTuple

from richsync.checks import CHECKS
from richsync.errors import UnusableError
from richsync.exports import Export
from richsync.findings import told
from richsync.model import Odd, Part, Problem, Row
from richsync.orders import is_set_aside
from richsync.pipeline.surveys import Progress
from richsync.tokens import IV_BYTES, encrypt, field_of, user_of

_TICK = 500
_IDENTITIES = ("id", "uid", "email")


class Issued(NamedTuple):
    """A token, and the user it is for."""

    user_id: str
    token: str


class Refused(NamedTuple):
    """A line that holds no user to make a token for; `is_last` says that nothing after it was read."""

    line: int
    why: str
    is_last: bool = False


def issue(user: Mapping[str, object], secret: str) -> Issued:
    """Make the token of one user, other bytes each time; raises as `encrypt` does."""
    return Issued(str(user["id"]), encrypt(user, secret, token_bytes(IV_BYTES)))


def issue_all(export: Export, secret: str, progress: Progress | None = None) -> Iterator[Issued | Refused]:
    """A token for each user of a list, as it is read; a line that holds none says why. Blank ones are none.

    Raises:
        UnusableError: no column of it says who somebody is.
    """
    if export.columns and not {field_of(name) for name in export.columns}.intersection(_IDENTITIES):
        raise UnusableError(
            f"{export.name} has no column id, uid or email: {', '.join(export.columns)}",
            "name one of its columns so",
        )
    for count, (line, row, _) in enumerate(export, start=1):
        if not isinstance(row, Odd | Part):
            yield _issued(line, row, export.columns, secret)
        elif isinstance(row, Odd) and (CHECKS[row.code].whole or not is_set_aside(row)):
            yield Refused(line, told(Problem(row.code, note=row.note)), CHECKS[row.code].whole)
        if progress and not count % _TICK:
            progress.reading(export, count)


def _issued(line: int, row: Row, columns: Iterable[str], secret: str) -> Issued | Refused:
    try:
        given = row.items() if isinstance(row, dict) else zip(columns, row, strict=True)
        return issue(user_of(given), secret)
    except UnusableError as error:
        return Refused(line, error.message)
