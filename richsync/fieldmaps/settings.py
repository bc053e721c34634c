"""`export:`, how the export writes things: words as they stand in the map to `ExportSettings`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from richsync.fieldmaps.document import Scalar
from richsync.fieldmaps.model import Column, Condition, ExportSettings
from richsync.model import Mistake
from richsync.values import date_format, number_style, zone

Words = Sequence[Scalar]


def _format(words: Words, found: ExportSettings) -> ExportSettings:
    name = words[0].text
    if name not in ("csv", "jsonl"):
        raise ValueError(f"{name!r} is not a format: csv or jsonl")
    return replace(found, read_as=replace(found.read_as, format=name))


def _encoding(words: Words, found: ExportSettings) -> ExportSettings:
    try:
        "".encode(words[0].text)
    except (LookupError, ValueError):
        raise ValueError(f"{words[0].text!r} is not an encoding: utf-8, cp1252, latin-1, utf-16") from None
    return replace(found, read_as=replace(found.read_as, encoding=words[0].text))


def _delimiter(words: Words, found: ExportSettings) -> ExportSettings:
    mark = {"tab": "\t", "\\t": "\t"}.get(words[0].text, words[0].text)
    if len(mark) != 1 or mark.isalnum() or mark in '"\r\n':
        raise ValueError(f"{words[0].text!r} is not a delimiter: one character, or `tab`")
    return replace(found, read_as=replace(found.read_as, delimiter=mark))


def _numbers(words: Words, found: ExportSettings) -> ExportSettings:
    return replace(found, numbers=tuple(number_style(each.text) for each in words))


def _dates(words: Words, found: ExportSettings) -> ExportSettings:
    return replace(found, dates=tuple(date_format(each.text) for each in words))


def _header(words: Words, found: ExportSettings) -> ExportSettings:
    names = tuple(each.text.strip() for each in words)
    if not all(names):
        raise ValueError("a column's name is missing")
    return replace(found, read_as=replace(found.read_as, columns=names))


def _path(words: Words, found: ExportSettings) -> ExportSettings:
    names = tuple(words[0].text.split("."))
    if not all(names):
        raise ValueError(f"{words[0].text!r} leads nowhere: names of members, `data.orders`")
    return replace(found, read_as=replace(found.read_as, path=names))


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

_TABLE: Mapping[str, Callable[[Words, ExportSettings], ExportSettings]] = {
    "format": _format,
    "encoding": _encoding,
    "delimiter": _delimiter,
    "columns": _header,
    "path": _path,
    "numbers": _numbers,
    "dates": _dates,
    "timezone": lambda words, found: replace(found, zone=zone(words[0].text)),
    "empty": lambda words, found: replace(found, empty=frozenset(each.text for each in words)),
    "group": lambda words, found: replace(found, group=_columns(words)),
    "fill_down": lambda words, found: replace(found, fill_down=_columns(words)),
    "scattered": lambda words, found: replace(found, scattered=_is_true(words[0].text)),
    "parent": lambda words, found: replace(found, parent=_columns(words)[0]),
    "repeats": lambda words, found: replace(found, repeats=_repeats(words[0].text)),
}
_SINGLE = frozenset({"format", "encoding", "delimiter", "path", "timezone", "scattered", "parent", "repeats"})
_NOT_BESIDE_PARENT = ("group", "fill_down", "scattered")
NAMES = (*_TABLE, "where")


def _with(name: str, words: Words, found: ExportSettings) -> ExportSettings:
    if name in _SINGLE and len(words) > 1:
        raise ValueError(f"{name}: takes one value")
    return _TABLE[name](words, found)


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
