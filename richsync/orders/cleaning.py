"""A row as it is read: without what cannot be seen, and with a finding for what cannot be sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from richsync.fieldmaps import Bound
from richsync.fieldmaps.filling import Chunk
from richsync.jsontext import stands_as_it_is
from richsync.model import Problem, Row
from richsync.values import SPREADSHEET_ERRORS, bad_characters, control_character, may_hide, tidy

_DELETE = "\x7f"


def all_cleaned(
    rows: Sequence[Row], raws: Sequence[str], bound: Bound, said: Sequence[list[Problem]]
) -> tuple[Chunk, Sequence[Sequence[str]]]:
    """Rows without what cannot be seen, and the texts of each that tell it apart from others."""
    table = [row for row in rows if isinstance(row, list)]
    if len(table) == len(rows):
        return _tidied(table, bound, said), table
    each = zip(rows, raws, said, strict=True)
    found = [cleaned(row, raw, bound, problems) for row, raw, problems in each]
    return Chunk([row for row, _ in found]), [[text] for _, text in found]


def cleaned(row: Row, raw: str, bound: Bound, problems: list[Problem]) -> tuple[Row, str]:
    """The same of one row."""
    if isinstance(row, list):
        text = "|".join(row)
        return (_tidied([row], bound, [problems]).rows[0] if _is_untidy(text) else row), text
    return row, "|".join([raw.strip(), *(row[name] for name in bound.joined)])


def unsendable(text: str, properties: Mapping[str, Any], customer: Mapping[str, Any]) -> list[Problem]:
    """The first field of an order from JSON that cannot be sent: members that no field takes do not count."""
    if not may_hide(text):
        return []
    filled = {**properties, **{f"customer.{name}": value for name, value in customer.items()}}
    found = ((name, bad_characters(value)) for name, value in filled.items())
    return [Problem("RS108", field=name, note=bad) for name, bad in found if bad][:1]


def _is_untidy(joined: str) -> bool:
    """Whether any of some cells (joined by `|`) may need to be tidied: one look for all of them."""
    return (
        not _is_printable(joined)
        or (" " in joined and ("| " in joined or " |" in joined))
        or ("'" in joined and ("|'" in joined or joined[0] == "'"))
        or ("=" in joined and ("|=" in joined or joined[0] == "="))
        or joined[:1] == " "
        or joined[-1:] == " "
        or ("#" in joined and ("!" in joined or "#N/A" in joined or "#NAME?" in joined))
    )


def _is_printable(text: str) -> bool:
    return (text.isascii() and _DELETE not in text and stands_as_it_is(text)) or text.isprintable()


def _tidied(rows: Sequence[list[str]], bound: Bound, said: Sequence[list[Problem]]) -> Chunk:
    """Rows without what cannot be seen: mostly it is in one column, if there is any."""
    columns: list[Sequence[str]] = list(zip(*rows, strict=True))
    untidy = [at for at in bound.columns if _is_untidy("|".join(columns[at]))]
    for at in untidy:
        columns[at] = _sendable(columns[at], bound.columns[at], said)
    return Chunk(list(map(list, zip(*columns, strict=True))) if untidy else rows, columns)


def _sendable(cells: Sequence[str], about: tuple[str, str], said: Sequence[list[Problem]]) -> Sequence[str]:
    """A column's cells tidied, without those that cannot be sent: each is a problem of its row."""
    column, field = about
    tidied = [cell if cell.isalnum() else tidy(cell) for cell in cells]
    for at, (written, cell, problems) in enumerate(zip(cells, tidied, said, strict=True)):
        if written[:1] == "'" != cell[:1]:
            problems.append(Problem("RS514", column, field, written))
        if cell in SPREADSHEET_ERRORS:
            problems.append(Problem("RS513", column, field, cell))
            tidied[at] = ""
        elif bad := ("" if cell.isprintable() else control_character(cell)):
            problems.append(Problem("RS108", column, field, note=bad))
            tidied[at] = ""
    return tidied
