"""The mistakes of a map, gathered while it is read, and the small readings that can go wrong anywhere."""

from collections.abc import Iterable, Mapping

from richsync.fieldmaps.document import Listing, Node, Scalar, Table
from richsync.fieldmaps.model import Column, Condition
from richsync.fieldmaps.nearest import nearest
from richsync.model import Mistake

TODO = "TODO"
"""Stands in a map for a source or a setting that is still to be decided."""


class Mistakes:
    """All mistakes of a map; what is wrong is said and left out, and the reading goes on.

    `undecided` is what the map says is still to be decided: it loads, and nothing is read with it.
    """

    def __init__(self) -> None:
        self.found: list[Mistake] = []
        self.undecided: list[Mistake] = []

    def say(self, node: Node, message: str, help_text: str = "", code: str = "RS301") -> None:
        """One mistake, at a node's place."""
        self.found.append(Mistake(code, node.line, node.column, message, help_text))

    def is_todo(self, node: Node, what: str, doc: str = "") -> bool:
        """Whether the map says that this is still to be decided; it is noted."""
        if not isinstance(node, Scalar) or node.text != TODO:
            return False
        message = f"{what} is still to be decided{f': {doc}' if doc else ''}"
        self.undecided.append(Mistake("RS305", node.line, node.column, message))
        return True

    def members(
        self, node: Node, names: Iterable[str], what: str, elsewhere: Mapping[str, str] | None = None
    ) -> dict[str, Node]:
        """The members of a table, the unknown ones said and left out; `elsewhere` says where some belong."""
        if not isinstance(node, Table):
            self.say(node, f"{what} is a list of `name: value` lines")
            return {}
        known = tuple(names)
        for key, _ in node.pairs:
            if key.text not in known:
                hint = (elsewhere or {}).get(key.text) or nearest(key.text, known) or one_of(known)
                self.say(key, f"{what} has no {key.text!r}", hint)
        return {key.text: value for key, value in node.pairs if key.text in known}

    def word(self, node: Node) -> str:
        """One text that says something."""
        if isinstance(node, Scalar) and node.text.strip():
            return node.text
        self.say(node, "a text is needed here")
        return ""

    def text(self, node: Node) -> str:
        """One text, be it only a space."""
        return node.text if isinstance(node, Scalar) and node.text else self.word(node)

    def column(self, node: Node) -> Column:
        """A column's name, with its place."""
        return Column(self.word(node), node.line, node.column)

    def words(self, node: Node) -> list[Scalar]:
        """One text or a list of texts."""
        found = node.items if isinstance(node, Listing) else (node,)
        for each in found:
            if not isinstance(each, Scalar):
                self.say(each, "a text, or a list of texts, is needed here")
        if not found:
            self.say(node, "the list is empty")
        return [each for each in found if isinstance(each, Scalar)]

    def conditions(self, node: Node) -> tuple[Condition, ...]:
        """`where:`: columns, each with the texts it may hold."""
        if not isinstance(node, Table):
            self.say(node, "where: is a list of `column: value` lines")
            return ()
        return tuple(
            Condition(
                Column(key.text, key.line, key.column), frozenset(each.text for each in self.words(value))
            )
            for key, value in node.pairs
        )


def one_of(names: Iterable[str]) -> str:
    """The names that could stand there."""
    return f"one of {', '.join(names)}"


def mistake_at(column: Column, message: str, help_text: str, code: str = "RS301") -> Mistake:
    """A mistake that shows only with the export, at the place where the map names a column."""
    return Mistake(code, column.line, column.column, message, help_text)
