"""`export:`, how the export writes things: words as they stand in the map to `ExportSettings`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from richsync.fieldmaps.document import Scalar
from richsync.fieldmaps.model import Column, ExportSettings
from richsync.model import Mistake
from richsync.values import date_format, number_style

Words = Sequence[Scalar]


def zone(name: str) -> tzinfo:
    """A time zone by its IANA name.

    Raises:
        ValueError: no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is not a time zone: use a name like Europe/Berlin, or UTC") from None


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


def _columns(words: Words) -> tuple[Column, ...]:
    if not all(each.text.strip() for each in words):
        raise ValueError("a column's name is missing")
    return tuple(Column(each.text, each.line, each.column) for each in words)


_TABLE: Mapping[str, Callable[[Words, ExportSettings], ExportSettings]] = {
    "format": _format,
    "encoding": _encoding,
    "delimiter": _delimiter,
    "numbers": _numbers,
    "dates": _dates,
    "timezone": lambda words, found: replace(found, zone=zone(words[0].text)),
    "empty": lambda words, found: replace(found, empty=frozenset(each.text for each in words)),
    "group": lambda words, found: replace(found, group=_columns(words)),
    "fill_down": lambda words, found: replace(found, fill_down=_columns(words)),
}
_SINGLE = frozenset({"format", "encoding", "delimiter", "timezone"})
NAMES = (*_TABLE, "where")


def _with(name: str, words: Words, found: ExportSettings) -> ExportSettings:
    if name in _SINGLE and len(words) > 1:
        raise ValueError(f"{name}: takes one value")
    return _TABLE[name](words, found)


def settings(
    words: Mapping[str, Words], where: tuple[tuple[Column, frozenset[str]], ...]
) -> tuple[ExportSettings, list[Mistake]]:
    """The settings, and what is wrong with the others."""
    found = ExportSettings(where=where)
    mistakes = []
    for name, given in words.items():
        try:
            found = _with(name, given, found)
        except ValueError as error:
            mistakes.append(Mistake("RS301", given[0].line, given[0].column, str(error)))
    return found, mistakes
