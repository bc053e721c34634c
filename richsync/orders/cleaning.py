"""A row as it is read: without what cannot be seen, and with a finding for what cannot be sent."""

from collections.abc import Sequence

from richsync.fieldmaps import Bound
from richsync.fieldmaps.columns import bad_characters
from richsync.model import Problem, Row
from richsync.values import SPREADSHEET_ERRORS, control_character, tidy


def all_cleaned(
    rows: Sequence[Row], raws: Sequence[str], bound: Bound, said: Sequence[list[Problem]]
) -> tuple[Sequence[Row], Sequence[str]]:
    """The same of many rows: of a table with nothing to be cleaned anywhere, by one look for all of it."""
    texts = ["|".join(row) for row in rows if isinstance(row, list)]
    if len(texts) == len(rows) and not _is_untidy("|".join(texts)):
        return rows, texts
    each = zip(rows, raws, said, strict=True)
    found = [cleaned(row, raw, bound, problems) for row, raw, problems in each]
    return [row for row, _ in found], [text for _, text in found]


def cleaned(row: Row, raw: str, bound: Bound, problems: list[Problem]) -> tuple[Row, str]:
    """The row without what cannot be seen, and the text of its cells that tells rows apart."""
    if isinstance(row, list):
        text = "|".join(row)
        return (_tidied(row, bound, problems) if _is_untidy(text) else row), text
    text = "|".join([raw.strip(), *(row[name] for name in bound.joined)])
    if ("\\" in text or not text.isprintable()) and (bad := bad_characters(row)):
        problems.append(Problem("RS108", "the record", note=bad))
    return row, text


def _is_untidy(joined: str) -> bool:
    """Whether any cell of a row (joined by `|`) may need to be tidied: one look for the whole row."""
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


def _tidied(row: list[str], bound: Bound, problems: list[Problem]) -> list[str]:
    """The row's cells without what cannot be seen; what cannot be sent is a problem, once a cell."""
    tidy_row = [cell if cell.isalnum() else tidy(cell) for cell in row]
    for at, (column, field) in bound.columns.items():
        cell = tidy_row[at]
        if row[at][:1] == "'" != cell[:1]:
            problems.append(Problem("RS514", column, field, row[at]))
        if cell in SPREADSHEET_ERRORS:
            problems.append(Problem("RS513", column, field, cell))
            tidy_row[at] = ""
        elif bad := ("" if cell.isprintable() else control_character(cell)):
            problems.append(Problem("RS108", column, field, note=bad))
            tidy_row[at] = ""
    return tidy_row
