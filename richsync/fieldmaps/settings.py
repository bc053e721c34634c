"""`export:`, how the export writes things: words as they stand in the map to `ExportSettings`."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from richsync.fieldmaps.document import Scalar
from richsync.fieldmaps.model import Column, Condition, ExportSettings
from richsync.model import Mistake
from richsync.values import date_format, number_style, zone

Words = Sequence[Scalar]


def _format(words: Words, found: ExportSettings) -> ExportSettings:
    name = words[0].text
    if name not in ("csv", "json", "jsonl"):
        raise ValueError(f"{name!r} is not a format: csv, json or jsonl")
    return found._replace(read_as=found.read_as._replace(format=name))


def _encoding(words: Words, found: ExportSettings) -> ExportSettings:
    try:
        "".encode(words[0].text)
    except (LookupError, ValueError):
        raise ValueError(f"{words[0].text!r} is not an encoding: utf-8, cp1252, latin-1, utf-16") from None
    return found._replace(read_as=found.read_as._replace(encoding=words[0].text))


def _delimiter(words: Words, found: ExportSettings) -> ExportSettings:
    mark = {"tab": "\t", "\\t": "\t"}.get(words[0].text, words[0].text)
    if len(mark) != 1 or mark.isalnum() or mark in '"\r\n':
        raise ValueError(f"{words[0].text!r} is not a delimiter: one character, or `tab`")
    return found._replace(read_as=found.read_as._replace(delimiter=mark))


def _numbers(words: Words, found: ExportSettings) -> ExportSettings:
    return found._replace(numbers=tuple(number_style(each.text) for each in words))


def _dates(words: Words, found: ExportSettings) -> ExportSettings:
    return found._replace(dates=tuple(date_format(each.text) for each in words))


def _header(words: Words, found: ExportSettings) -> ExportSettings:
    names = tuple(each.text.strip() for each in words)
    if not all(names):
        raise ValueError("a column's name is missing")
    return found._replace(read_as=found.read_as._replace(columns=names))


def _path(words: Words, found: ExportSettings) -> ExportSettings:
    names = tuple(words[0].text.split("."))
    if not all(names):
        raise ValueError(f"{words[0].text!r} leads nowhere: names of members, `data.orders`")
    return found._replace(read_as=found.read_as._replace(path=names))


def _columns(words: Words) -> tuple[Column, ...]:
    if not all(each.text.strip() for each in words):
        raise ValueError("a column's name is missing")
    return tuple(Column(each.text, each.line, each.column) for each in words)


def _is_true(word: str) -> bool:
    if word not in ("true", "false"):
        raise ValueError(f"scattered: is `true` or `false`, not {word!r}")
    return word == "true"


def _repeats(word: str) -> str:
    if word not in REPEATS:
        raise ValueError(f"repeats: is one of {', '.join(REPEATS)}, not {word!r}")
    return word


REPEATS = ("reject", "first", "last", "newest")
"""Which of several orders with one id counts."""


class Setting(NamedTuple):
    """One setting under `export:`: what it says, and how its words are read."""

    doc: str
    read: Callable[[Words, ExportSettings], ExportSettings]


WHERE = (
    "rows to import, `{Type: order}` or `{Type: [order, exchange], Id: filled}`; "
    "the others are skipped and counted"
)

JOIN = (
    "rows of other files that each record brings, under names of your own, `{buyer: {file: customers.csv, "
    "match: {id: customer_id}}}`: then `$buyer.email` is a column"
)

SETTINGS: Mapping[str, Setting] = {
    "format": Setting(
        "`csv`, `json` or `jsonl`",
        _format,
    ),
    "encoding": Setting(
        "how the file is encoded, `cp1252`",
        _encoding,
    ),
    "delimiter": Setting(
        "what separates cells: one character, or `tab`",
        _delimiter,
    ),
    "columns": Setting(
        "the columns' names, `[id, date, total]`, of a CSV file without a header; that one is "
        "missing is never guessed",
        _header,
    ),
    "path": Setting(
        "of JSON: the members that lead to the orders, `data.orders`, when it cannot be seen",
        _path,
    ),
    "numbers": Setting(
        'by example, `"1.234,56"`, with what stands around them: `"R$1.234,56"`, `"1,234.56 '
        'EUR"`, `"(1,234.56)"` for less than zero; several in a list, and what two of them read '
        "differently is an error",
        _numbers,
    ),
    "dates": Setting(
        '`iso` (the default), `epoch`, `epoch_ms`, `epoch_us`, `rfc2822` or a pattern, `"%d.%m.%Y'
        ' %H:%M"`, also with names of months (`%b`), `%I:%M %p`, `%z` and `%Z`; several in a '
        "list, and what two of them read differently is an error",
        _dates,
    ),
    "timezone": Setting(
        "of dates that carry no offset, `Europe/Berlin`; without it they are read as UTC, and that is told",
        lambda words, found: found._replace(zone=zone(words[0].text)),
    ),
    "empty": Setting(
        'cells that mean nothing, `["-", "n/a"]`',
        lambda words, found: found._replace(empty=frozenset(each.text for each in words)),
    ),
    "group": Setting(
        "the column, or columns, whose value the rows of one order share; without it `orderId`, "
        "when it repeats",
        lambda words, found: found._replace(group=_columns(words)),
    ),
    "fill_down": Setting(
        "columns whose empty cells take the value of the row above",
        lambda words, found: found._replace(fill_down=_columns(words)),
    ),
    "scattered": Setting(
        "`true`: rows of one order stand anywhere in the file and are gathered first, on disk",
        lambda words, found: found._replace(scattered=_is_true(words[0].text)),
    ),
    "parent": Setting(
        "in JSON Lines, the member that names the `id` of the record a line belongs to, "
        "`__parentId`; lines become lists in it, `LineItem` by an id like "
        "`gid://shopify/LineItem/1`, else `children`",
        lambda words, found: found._replace(parent=_columns(words)[0]),
    ),
    "repeats": Setting(
        "which of several different orders with one id counts: `reject` (the default) none of "
        "them, `first`, `last` or `newest` by `updatedAt`, else `createdAt`",
        lambda words, found: found._replace(repeats=_repeats(words[0].text)),
    ),
}
_SINGLE = frozenset({"format", "encoding", "delimiter", "path", "timezone", "scattered", "parent", "repeats"})
_NOT_BESIDE_PARENT = ("group", "fill_down", "scattered")
NAMES = (*SETTINGS, "where", "join")


def _with(name: str, words: Words, found: ExportSettings) -> ExportSettings:
    if name in _SINGLE and len(words) > 1:
        raise ValueError(f"{name}: takes one value")
    return SETTINGS[name].read(words, found)


def settings(
    words: Mapping[str, Words], where: tuple[Condition, ...]
) -> tuple[ExportSettings, list[Mistake]]:
    """The settings, and what is wrong with the others."""
    found = ExportSettings(where=where)
    mistakes = []
    for name, given in words.items():
        try:
            found = _with(name, given, found)
        except ValueError as error:
            mistakes.append(Mistake("RS301", given[0].line, given[0].column, str(error)))
    for name in filter(words.get, _NOT_BESIDE_PARENT if found.parent else ()):
        message = f"{name}: has no meaning beside parent:, which says what belongs together"
        mistakes.append(Mistake("RS301", words[name][0].line, words[name][0].column, message))
    return found, mistakes
