"""A preset's text, fitted to an export that lacks some of its columns: lines that do not fit are comments."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from richsync.fieldmaps import FieldMap
from richsync.fieldmaps.lacks import Lack, lacks


class Fitted(NamedTuple):
    """A preset as an export needs it, and what was passed over: it has as many lines as it had."""

    text: str
    passed_over: Sequence[Lack]


def fitted(text: str, field_map: FieldMap, columns: Sequence[str]) -> Fitted:
    """The preset (and the map that it is) without what names columns that an export lacks.

    What cannot be left out stays, for the mistake to be told; of JSON, which has no columns, all of it.
    """
    found = lacks(field_map, columns) if columns else ()
    lines = text.splitlines()
    for lack in found:
        if lack.is_whole:
            _comment_out(lines, lack)
        else:
            _spare(lines, lack)
    _close_empty(lines)
    return Fitted("".join(f"{line}\n" for line in lines), found)


def names_of(lack: Lack) -> str:
    """The columns that are not there."""
    return ", ".join(repr(each.name) for each in lack.columns)


def _comment_out(lines: list[str], lack: Lack) -> None:
    """The line that names the field, and those below that are part of it."""
    key = f"{lack.path.rpartition('.')[2]}:"
    at = lack.columns[0].line - 1
    while not lines[at].lstrip().startswith(key):
        at -= 1
    depth = _depth(lines[at])
    below = next((i for i in range(at + 1, len(lines)) if _depth(lines[i]) <= depth), len(lines))
    for i in range(at, below):
        lines[i] = f"{' ' * depth}# {lines[i][depth:]}"
    lines[at] += f"  # not in this export: {names_of(lack)}"


def _spare(lines: list[str], lack: Lack) -> None:
    """One source less, or what stands in for it."""
    for column in lack.columns:
        name, at = re.escape(column.name), column.line - 1
        line = re.sub(rf"\{{{name}\|([^{{}}]*)\}}", r"\1", lines[at])
        line = re.sub(rf", {name}(?=[,\]])", "", line)
        lines[at] = re.sub(rf"^( *)(- {name})$", r"\1# \2", line)
    lines[lack.columns[0].line - 1] += f"  # not in this export: {names_of(lack)}"


def _close_empty(lines: list[str]) -> None:
    """A name with nothing left below it is a comment too."""
    for at in reversed(range(len(lines))):
        said = lines[at].partition("#")[0].rstrip()
        if said.endswith(":") and _is_empty(lines[at + 1 :], _depth(lines[at])):
            lines[at] = f"{' ' * _depth(lines[at])}# {lines[at].lstrip()}"


def _is_empty(below: Iterable[str], depth: int) -> bool:
    first = next((line for line in below if line.partition("#")[0].strip()), "")
    return _depth(first) <= depth


def _depth(line: str) -> int:
    """How far it is indented; a blank line not at all."""
    return len(line) - len(line.lstrip())
