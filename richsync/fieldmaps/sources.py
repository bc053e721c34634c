"""The sources of a field: a column, a text with columns in braces, or a constant."""

import re

from richsync.fieldmaps.document import Node, Scalar, Table
from richsync.fieldmaps.model import Column, Constant, Slot, Source, Text

_SLOT = re.compile(r"\{([^{}|]*)(?:\|([^{}]*))?\}")


class SourceError(ValueError):
    """The text is not a source; the message says why."""


def source(node: Node) -> Source:
    """Read a source: `Column`, `"{a} - {b}"`, `=constant`, or `{column: "=odd{name}"}`.

    Raises:
        SourceError: it is none of these.
    """
    if isinstance(node, Table):
        return _literal_column(node)
    if not isinstance(node, Scalar) or not node.text.strip():
        needed = "a column, a text with {columns}, or =constant is needed here"
        raise SourceError(f"{needed}; what follows a # is a comment, unless it is quoted")
    if node.text.strip() == "=":
        raise SourceError("nothing stands after the =; leave the field out to send nothing")
    if node.text.startswith("="):
        return Constant(node.text[1:])
    if "{" in node.text or "}" in node.text:
        return _text(node)
    return Column(node.text, node.line, node.column)


def _literal_column(node: Table) -> Column:
    match node.pairs:
        case [(Scalar(text="column"), Scalar(text=name) as named)] if name:
            return Column(name, named.line, named.column)
        case _:
            raise SourceError("only `{column: name}` can stand here")


def _text(node: Scalar) -> Source:
    parts: list[str | Slot] = []
    end = 0
    for slot in _SLOT.finditer(node.text):
        if not slot.group(1).strip():
            raise SourceError("a column's name is missing between the braces")
        parts += [node.text[end : slot.start()]] if slot.start() > end else []
        parts.append(Slot(Column(slot.group(1), node.line, node.column), slot.group(2)))
        end = slot.end()
    parts += [node.text[end:]] if end < len(node.text) else []
    if any("{" in part or "}" in part for part in parts if isinstance(part, str)):
        raise SourceError("a brace is not closed; a column with braces in its name is `{column: name}`")
    return Text(tuple(parts))
