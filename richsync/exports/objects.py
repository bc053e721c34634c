"""The records of a JSONL export, one object a line."""

from collections.abc import Iterable, Iterator

from richsync.jsontext import Digits, DuplicateKeyError, JsonTextError, loads
from richsync.model import Odd, Record, Row


def object_batches(lists: Iterable[list[str]]) -> Iterator[list[Record]]:
    """The records of each list of lines, of which the first is the file's first."""
    line = 1
    for lines in lists:
        yield [(number, _read(raw), raw) for number, raw in enumerate(lines, start=line)]
        line += len(lines)


def _read(raw: str) -> Row | Odd:
    if not raw.strip():
        return Odd("RS207")
    try:
        value = loads(raw)
    except DuplicateKeyError as error:
        return Odd("RS222", str(error))
    except JsonTextError as error:
        return Odd("RS220", f"{error}, column {error.column}")
    return value if isinstance(value, dict) else Odd("RS221", f"the line is {_kind(value)}, not an object")


def _kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case list():
            return "an array"
        case str() if not isinstance(value, Digits):
            return "a text"
        case _:
            return "a number"
