"""A row as it is read: without what cannot be seen, and with a finding for what cannot be sent."""

from collections.abc import Sequence

from richsync.fieldmaps import Bound
from richsync.model import Problem, Row
from richsync.values import SPREADSHEET_ERRORS, bad_characters, control_character, may_hide, tidy


def all_cleaned(
    rows: Sequence[Row], raws: Sequence[str], bound: Bound, said: Sequence[list[Problem]]
) -> tuple[Sequence[Row], Sequence[str]]:
    """The same of many rows: of a table with nothing to be cleaned anywhere, by one look for all of it."""
    table = [row for row in rows if isinstance(row, list)]
    texts = ["|".join(row) for row in table]
    if len(table) == len(rows):
        return (_tidied(table, bound, said) if _is_untidy("|".join(texts)) else rows), texts
    each = zip(rows, raws, said, strict=True)
    found = [cleaned(row, raw, bound, problems) for row, raw, problems in each]
    return [row for row, _ in found], [text for _, text in found]


def cleaned(row: Row, raw: str, bound: Bound, problems: list[Problem]) -> tuple[Row, str]:
    """The row without what cannot be seen, and the text of its cells that tells rows apart."""
    if isinstance(row, list):
        text = "|".join(row)
        return (_tidied([row], bound, [problems])[0] if _is_untidy(text) else row), text
    text = "|".join([raw.strip(), *(row[name] for name in bound.joined)])
    if may_hide(text) and (bad := bad_characters(row)):
        problems.append(Problem("RS108", "the record", note=bad))
    return row, text


def _is_untidy(joined: str) -> bool:
    """Whether any of some cells (joined by `|`) may need to be tidied: one look for all of them."""
    return (
        not joined.isprintable()
        or "| " in joined
        or " |" in joined
        or ("'" in joined and ("|'" in joined or joined[0] == "'"))
        or ("=" in joined and ("|=" in joined or joined[0] == "="))
        or joined[:1] == " "
        or joined[-1:] == " "
        or ("#" in joined and ("!" in joined or "#N/A" in joined or "#NAME?" in joined))
    )


def _tidied(rows: Sequence[list[str]], bound: Bound, said: Sequence[list[Problem]]) -> Sequence[list[str]]:
    """Rows without what cannot be seen: mostly it is all in one column."""
    columns: list[Sequence[str]] = list(zip(*rows, strict=True))
    for at, cells in enumerate(columns):
        if _is_untidy("|".join(cells)):
            tidy_cells = [cell if cell.isalnum() else tidy(cell) for cell in cells]
            columns[at] = (
                _sendable(cells, tidy_cells, bound.columns[at], said) if at in bound.columns else tidy_cells
            )
    return list(map(list, zip(*columns, strict=True)))


def _sendable(
    written: Sequence[str], tidied: list[str], about: tuple[str, str], said: Sequence[list[Problem]]
) -> list[str]:
    """A column's tidied cells without those that cannot be sent: each is a problem of its row."""
    column, field = about
    for at, (cell, problems) in enumerate(zip(tidied, said, strict=True)):
        if written[at][:1] == "'" != cell[:1]:
            problems.append(Problem("RS514", column, field, written[at]))
        if cell in SPREADSHEET_ERRORS:
            problems.append(Problem("RS513", column, field, cell))
            tidied[at] = ""
        elif bad := ("" if cell.isprintable() else control_character(cell)):
            problems.append(Problem("RS108", column, field, note=bad))
            tidied[at] = ""
    return tidied
