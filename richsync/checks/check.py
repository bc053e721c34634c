"""What a kind of finding is: its weight, its words, and a small export that has it."""

from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


ERROR, WARNING, INFO = Severity


class Example(NamedTuple):
    """A small export that has the finding, and one that is mended.

    Text holds only the columns that matter (or the members, in JSON), the others of a shop's export are good;
    bytes are the file as a whole. `map` is what the map says besides, `mended_map` what it says in the mended
    one, if that differs. `beside` is the name and the text of a joined file.
    """

    bad: str | bytes
    mended: str | bytes
    map: str = ""
    mended_map: str | None = None
    beside: tuple[str, str] = ("", "")


class Check(NamedTuple):
    """One kind of finding.

    `says` is the message with `{field}`, `{column}` and `{note}` to be filled in, `why` what is bad about it,
    `mend` what to do about it. `whole` marks faults of the file as a whole: nothing in it can be trusted,
    nothing of it is sent.
    """

    code: str
    name: str
    severity: Severity
    says: str
    why: str
    mend: str
    example: Example
    whole: bool = False


HEADER = b"id,date,total,product,price,qty,email\n"
FIRST = b"1,2024-03-05T10:00:00Z,9.50,Tea,9.50,1,ann@example.com\n"
SECOND = b"2,2024-03-06T10:00:00Z,4.00,Cup,4.00,1,bob@example.com\n"
GOOD = HEADER + FIRST + SECOND
LINE = (
    b'{"id": "1", "date": "2024-03-05T10:00:00Z", "total": 9.50, "product": "Tea", "price": 9.50, '
    b'"qty": 1, "email": "ann@example.com"}\n'
)
