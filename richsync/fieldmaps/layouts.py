"""Where the lines of an order are: its rows, numbered columns, products as columns, lists in JSON or in text.

A layout is told in the map beside the fields of a list, by the word it begins with. The table of layouts is
the one source for the loader and the documentation; each layout says itself how it is bound to an export.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol, TypeAlias

from richsync.fieldmaps.blocks import ProductColumns, Repeat
from richsync.fieldmaps.celltexts import FORMS, Form
from richsync.fieldmaps.columns import Names
from richsync.fieldmaps.document import Node, Scalar, Table
from richsync.fieldmaps.filling import Filling
from richsync.fieldmaps.joinedfiles import JoinedFile
from richsync.fieldmaps.lines import Line
from richsync.fieldmaps.memberlists import InCell, Path
from richsync.fieldmaps.mistakes import Mistakes, one_of
from richsync.fieldmaps.model import Block, Column, Lines
from richsync.fieldmaps.nearest import nearest
from richsync.fieldmaps.otherfiles import joins, other_file
from richsync.fieldmaps.unfolding import HOLE, PLACE, Rename, with_holes
from richsync.patterns import Pattern
from richsync.schema import Field

Given: TypeAlias = Mapping[str, Node]
"""The words of a layout as they stand in the map."""


class Layout(Protocol):
    """Where the lines of a list are, as the map says it; `column` is what its first word names."""

    @property
    def column(self) -> Column:
        """A column, or what finds columns, at its place in the map."""
        ...

    def bind(self, lines: Lines, names: Names, line: Line) -> Filling:
        """What appends the lines of a row; what the export does not have becomes a mistake."""
        ...

    def renamed(self, rename: Rename) -> "Layout":
        """The same, for one block of columns that it stands in."""
        ...


class Spelling(NamedTuple):
    """How a map says a layout: the word it begins with, and those that may stand beside it."""

    word: str
    beside: tuple[str, ...]
    doc: str
    example: str
    read: Callable[[Given, Mistakes], Layout | None]


def _path(given: Given, mistakes: Mistakes) -> Layout | None:
    return Path(mistakes.column(given["path"]))


def _repeat(given: Given, mistakes: Mistakes) -> Layout | None:
    column = mistakes.column(given["repeat"])
    if column.name and column.name.count(HOLE) != 1:
        message = f"{PLACE} stands once in it, where the columns have their number"
        mistakes.say(given["repeat"], message, f'`repeat: "Item {PLACE} Name"`')
    return Repeat(column)


def _columns(given: Given, mistakes: Mistakes) -> Layout | None:
    column = mistakes.column(given["columns"])
    try:
        return ProductColumns(column, Pattern(column.name)) if column.name else None
    except ValueError as error:
        mistakes.say(given["columns"], str(error), code="RS308")
        return None


def _cell(given: Given, mistakes: Mistakes) -> Layout | None:
    column = mistakes.column(given["cell"])
    form = _form(given, mistakes)
    settings = {word: node for word, node in given.items() if form and word in form.settings}
    said = {word: mistakes.text(node) for word, node in settings.items()}
    try:
        return InCell(column, *form.make(said)) if form else None
    except ValueError as error:
        mistakes.say(settings.get("pattern", given["cell"]), str(error), code="RS308")
        return None


def _form(given: Given, mistakes: Mistakes) -> Form | None:
    """What `as:` says; a setting of another form is a mistake."""
    name = mistakes.word(given["as"]) if "as" in given else ""
    form = FORMS.get(name)
    if form is None:
        message = f"a cell has no form {name!r}" if name else "as: says how the cell is written"
        mistakes.say(given.get("as", given["cell"]), message, nearest(name, FORMS) or one_of(FORMS))
        return None
    for word, node in given.items():
        if word in _CELL_SETTINGS and word not in form.settings:
            mistakes.say(node, f"{word}: says nothing of a cell as {name}")
    return form


def _file(given: Given, mistakes: Mistakes) -> Layout | None:
    file = other_file(given, mistakes)
    path = mistakes.column(given["path"]) if "path" in given else None
    return JoinedFile(file, path) if file else None


_CELL_SETTINGS = tuple(dict.fromkeys(word for form in FORMS.values() for word in form.settings))

_TABLE = (
    Spelling("path", ("join",), "each member of a list in JSON", "path: lines", _path),
    Spelling(
        "repeat",
        ("join",),
        "numbered columns, from 0 or 1 on: each block of them that is not empty",
        'repeat: "Item {n} Name"',
        _repeat,
    ),
    Spelling(
        "columns",
        ("join",),
        "products as columns: each column that fits, where its cell is filled; `$cell` is the cell",
        'columns: "How many (?P<name>.+)"',
        _columns,
    ),
    Spelling(
        "cell",
        ("as", *_CELL_SETTINGS, "join"),
        "the text of one cell: `as: json`, `pairs` or `pattern`",
        "cell: Details, as: json",
        _cell,
    ),
    Spelling(
        "file",
        ("match", "path", "join"),
        "rows of another file, beside the map or below: those whose columns hold what the order's do; in "
        "JSON with `path:` the members of a list in them",
        "file: order_items.csv, match: {order_id: id}",
        _file,
    ),
)

BESIDE: Mapping[str, str] = {
    "as": "how the cell is written: as JSON, as pairs of a name and a value, or as a pattern says",
    "split": "what stands between items: a text, or a pattern between slashes, `/;(?=id:)/`",
    "split_before": "the text that each item begins with, `Product ID:`",
    "between": "what stands between pairs, `, ` if it is not told",
    "pair": "what stands between a name and its value, `: ` if it is not told",
    "pattern": "one item, its named groups are the columns: `(?P<quantity>\\d+)x (?P<name>.+)`",
    "match": "which column of the file holds what a column of the order does, `{order_id: id}`",
}
"""What the words that stand beside a layout's own say."""

LAYOUTS: Mapping[str, Spelling] = {each.word: each for each in _TABLE}
ONE_ROW = "for one row of another file say `join:` under export:, then `$name.column` is a column"
WORDS = (*dict.fromkeys(word for each in _TABLE for word in (each.word, *each.beside)), "where")


def lines(node: Table, target: Field, mistakes: Mistakes) -> tuple[Lines, Table]:
    """Where the lines of a list are, without its fields, and the table in which those stand."""
    said, fields = parted(node, mistakes)
    where = mistakes.conditions(said["where"]) if "where" in said else ()
    joined = joins(said["join"], mistakes) if "join" in said else ()
    return Lines(target, Block(), read(said, mistakes), where, joined), fields


def parted(node: Table, mistakes: Mistakes) -> tuple[dict[str, Node], Table]:
    """The words of a layout in a list, and the fields that stand beside them."""
    for key, value in node.pairs:
        if key.text == "repeat":
            if isinstance(value, Scalar) and HOLE in value.text:
                mistakes.say(key, "repeat: inside repeat: would take the same numbers")
            node = with_holes(node)
    fields = tuple(pair for pair in node.pairs if pair[0].text not in WORDS)
    return {key.text: value for key, value in node.pairs if key.text in WORDS}, node._replace(pairs=fields)


def read(given: Given, mistakes: Mistakes) -> Layout | None:
    """The layout that the words say; None when the rows are the lines, or when it is not known."""
    words = [name for name in LAYOUTS if name in given]
    said = [name for name in words if not any(name in LAYOUTS[each].beside for each in words)]
    if len(said) > 1:
        mistakes.say(given[said[1]], f"{said[0]}: and {said[1]}: are two places: name one")
        return None
    known = LAYOUTS[said[0]].beside if said else ()
    for word in given:
        if word not in (*said, *known, "where"):
            mistakes.say(given[word], f"{word}: says nothing here", _belongs(word))
    return LAYOUTS[said[0]].read(given, mistakes) if said else None


def _belongs(word: str) -> str:
    places = " or ".join(f"{each.word}:" for each in _TABLE if word in each.beside)
    return f"it belongs to {places}" + ("; for each row, put it under export:" if word == "join" else "")
