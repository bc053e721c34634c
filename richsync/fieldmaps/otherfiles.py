"""Other files that an export is read together with: how a map names them, and what they are matched by."""

from collections.abc import Iterator, Mapping

from richsync.fieldmaps import settings
from richsync.fieldmaps.columns import ORDER
from richsync.fieldmaps.document import Node, Scalar, Table
from richsync.fieldmaps.mistakes import Mistakes
from richsync.fieldmaps.model import Column, FieldMap, Join, Lines, OtherFile
from richsync.model import ReadAs

READ_AS = ("format", "encoding", "delimiter", "columns", "path")
"""The settings of `export:` that another file can have of its own."""

_WORDS = ("file", "match", "where")
_OURS = ORDER.strip("$.")


def other_file(given: Mapping[str, Node], mistakes: Mistakes) -> OtherFile | None:
    """What `file:` and `match:` say; None when they say nothing that can be used."""
    name, read_as = _named(given["file"], mistakes)
    match = given.get("match")
    if not isinstance(match, Table) or not match.pairs:
        message = "match: says which column of the file holds which of the export"
        mistakes.say(match or given["file"], message, "`match: {order_id: id}`")
        return None
    pairs = ((Column(key.text, key.line, key.column), mistakes.column(value)) for key, value in match.pairs)
    return OtherFile(name, tuple(pairs), read_as) if name.name else None


def _named(node: Node, mistakes: Mistakes) -> tuple[Column, ReadAs]:
    """A file by its name, or by a table that says also how it is read."""
    if not isinstance(node, Table):
        return mistakes.column(node), ReadAs()
    members = mistakes.members(node, ("name", *READ_AS), "file:")
    if "name" not in members:
        mistakes.say(node, "name: says which file", "`file: {name: items.csv, encoding: cp1252}`")
    told = {word: mistakes.words(value) for word, value in members.items() if word in READ_AS}
    found, wrong = settings.settings({word: words for word, words in told.items() if words}, ())
    mistakes.found += wrong
    name = mistakes.column(members["name"]) if "name" in members else Column("", node.line, node.column)
    return name, found.read_as


def joins(node: Node, mistakes: Mistakes) -> tuple[Join, ...]:
    """What `join:` says, each file under the name that its columns begin with."""
    if not isinstance(node, Table):
        mistakes.say(node, "join: is a list of `name: {file: …, match: …}` lines")
        return ()
    found = (_join(key, value, mistakes) for key, value in node.pairs)
    return tuple(each for each in found if each is not None)


def _join(key: Scalar, node: Node, mistakes: Mistakes) -> Join | None:
    if key.text == _OURS or not key.text.isidentifier():
        help_text = f"`{_OURS}` is the order itself; letters, digits and _ are the others"
        mistakes.say(key, f"{key.text!r} cannot name a joined row", help_text)
        return None
    members = mistakes.members(node, _WORDS, f"join: {key.text}")
    if "file" not in members:
        mistakes.say(key, "file: says which file the row is in", "`{file: buyers.csv, match: {id: buyer}}`")
        return None
    file = other_file(members, mistakes)
    where = mistakes.conditions(members["where"]) if "where" in members else ()
    return Join(Column(f"${key.text}", key.line, key.column), file, where) if file else None


def all_joins(field_map: FieldMap) -> Iterator[Join]:
    """Every row that records or lines of lists bring."""
    yield from field_map.export.joins
    order = field_map.order
    totals = (each.within for each in (*order.fields, *order.custom) if each.within)
    for lines in (*order.lists, *totals):
        yield from _of_lines(lines)


def _of_lines(lines: Lines) -> Iterator[Join]:
    yield from lines.joins
    for inner in lines.block.lists:
        yield from _of_lines(inner)
