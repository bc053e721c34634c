"""The records of a JSON export: an object a line, or objects found one by one in whatever they are put in."""

import re
from collections.abc import Iterable, Iterator, Sequence

from richsync.exports.envelopes import kind, wrapped
from richsync.exports.lines import LOOKED_AT
from richsync.exports.windows import LostError, Window
from richsync.jsontext import Digits, DuplicateKeyError, JsonTextError, loads
from richsync.model import Odd, Record, Row

_MARK = "\ufeff"
_LINE_BREAK = re.compile(r"\s*[\r\n]\s*")
_GOES_ON = re.compile(r"[^\r\n]*(?:[\[{,:][ \t]*(?:[\r\n]|\Z)|[\r\n]\s*[,}\]])")


def is_one_a_line(opening: str, path: Sequence[str]) -> bool:
    """Whether an export that begins like this has an order on each line, or shall be read as if it had."""
    first = re.split(r"[\r\n]", opening, maxsplit=1)[0]
    if first.startswith("[") or (first == opening and len(first) >= LOOKED_AT):
        return False
    if isinstance(_read(first), dict):
        return not wrapped(first, path)
    return not _GOES_ON.match(opening)


def object_batches(lists: Iterable[list[str]]) -> Iterator[list[Record]]:
    """The records of each list of lines, of which the first is the file's first.

    Where files were joined, the byte order mark of the next one stands before its first object.
    """
    line = 1
    for lines in lists:
        raws = [each.removeprefix(_MARK) for each in lines]
        yield [(number, _read(raw), raw) for number, raw in enumerate(raws, start=line)]
        line += len(lines)


def found_objects(window: Window, path: Sequence[str]) -> Iterator[Record]:
    """The objects of lists and envelopes, and those that stand one after another; each on a line of its own.

    Raises:
        LostError: where the next one begins cannot be known.
    """
    while first := window.next():
        if first == "[":
            yield from _listed(window)
        elif first == "{":
            yield from _opened(window, path)
        else:
            raise LostError(f"line {window.line}: an object is expected, and {first!r} stands there")


def _opened(window: Window, path: Sequence[str]) -> Iterator[Record]:
    """An order, or what an envelope holds."""
    names = wrapped(window.ahead(LOOKED_AT), path)
    if len(names) > 1:
        raise LostError(_several(names))
    if not names:
        yield _taken(window)
        return
    for name in _members(window):
        value = kind(window.ahead(LOOKED_AT), 0)
        if name == names[0]:
            yield from _held(window, path[1:])
        elif value == "objects" and not path:
            raise LostError(_several([*names, name]))
        elif value in ("objects", "list"):
            for _ in _listed(window):
                pass
        else:
            window.take()


def _held(window: Window, path: Sequence[str]) -> Iterator[Record]:
    first = window.next()
    if first == "[":
        yield from _listed(window)
    elif first == "{":
        yield from _opened(window, path)
    else:
        yield _taken(window)


def _listed(window: Window) -> Iterator[Record]:
    window.skip("[")
    if window.next() == "]":
        window.skip("]")
        return
    more = ","
    while more == ",":
        yield _taken(window)
        more = window.skip(",]")


def _members(window: Window) -> Iterator[str]:
    """The names of an object's members; whoever is told one reads its value."""
    window.skip("{")
    more = ","
    while more == ",":
        name = window.take()
        window.skip(":")
        window.next()
        yield name[1:-1]
        more = window.skip(",}")


def _taken(window: Window) -> Record:
    window.next()
    line = window.line
    text = window.take()
    row = _read(text, "it")
    return line, row, (_LINE_BREAK.sub(" ", text) if isinstance(row, dict) else text) + "\n"


def _several(names: Sequence[str]) -> str:
    which = f"say which, `path: {names[0]}` under `export:` in the map"
    return f"several lists could be the orders: {', '.join(names)}; {which}"


def _read(raw: str, what: str = "the line") -> Row | Odd:
    if not raw.strip():
        return Odd("RS207")
    try:
        value = loads(raw)
    except DuplicateKeyError as error:
        return Odd("RS222", str(error))
    except JsonTextError as error:
        if error.column is None:
            return Odd("RS220", str(error))
        column = min(error.column, len(raw.rstrip()) + 1)  # what is missing is missed where the text ends
        return Odd("RS220", f"{error}, {_place(raw, column)}", at=column - 1)
    return value if isinstance(value, dict) else Odd("RS221", f"{what} is {_kind(value)}, not an object")


def _place(raw: str, column: int) -> str:
    """Where in a record, in which lines count from its first."""
    before = raw[: column - 1]
    above = len(re.findall(r"\r\n?|\n", before))
    start = max(before.rfind("\n"), before.rfind("\r")) + 1
    return f"line {above + 1} of it, column {column - start}" if above else f"column {column}"


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
