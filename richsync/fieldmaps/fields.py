"""One field of a map: its source, or the first of several, and what is done to it."""

from collections.abc import Mapping

from richsync.fieldmaps import layouts
from richsync.fieldmaps.aggregates import AGGREGATES
from richsync.fieldmaps.document import Listing, Node, Scalar, Table
from richsync.fieldmaps.mistakes import Mistakes, one_of
from richsync.fieldmaps.model import Action, Lines, Mapped, Pipe, Source
from richsync.fieldmaps.nearest import nearest
from richsync.fieldmaps.sources import SourceError, source
from richsync.schema import Field
from richsync.verbs import VERBS, Arguments, Context, Lookup, VerbError, lookup_table, step

_WORDS = ("from", "first_of", "do", "lookup", "aggregate", "default")
_VERBS = {name: f"{name} is a verb: `do: [{name}{': …' if VERBS[name].fewest else ''}]`" for name in VERBS}
_OF_LISTS = "it says where lines are: in a list, or beside `aggregate:`, which makes one value of theirs"
_ONE_ROW = dict.fromkeys(("file", "match"), layouts.ONE_ROW)
_ELSEWHERE = _VERBS | dict.fromkeys(layouts.WORDS, _OF_LISTS) | _ONE_ROW
FALLBACKS = ("keep", "drop", "reject")


class Fields:
    """Reads fields, and says what is wrong with them."""

    def __init__(self, mistakes: Mistakes) -> None:
        self.mistakes = mistakes

    def mapped(self, node: Node, target: Field, path: str) -> Mapped:
        """A field; one with mistakes has no pipes."""
        before = len(self.mistakes.found)
        if self.mistakes.is_todo(node, f"{path}{target.name}", target.doc):
            return Mapped(f"{path}{target.name}", target, (), None, node.line, node.column)
        if text := _unquoted(node):
            self.mistakes.say(node, "braces without quotes are a mapping", f'quote the text: "{text}"')
            return Mapped(f"{path}{target.name}", target, (), None, node.line, node.column)
        node, within = self._within(node, target)
        members: dict[str, Node] = {"from": node}
        if _has_members(node):
            what = f"the field {path}{target.name}"
            members = self.mistakes.members(node, _WORDS, what, _ELSEWHERE)
        sources = self._sources(node, members)
        actions = self._actions(members["do"]) if "do" in members else ()
        lookup = self._lookup(members["lookup"]) if "lookup" in members else None
        aggregate = self._aggregate(members["aggregate"], target, path) if "aggregate" in members else ""
        default = self.mistakes.word(members["default"]) if "default" in members else None
        if len(self.mistakes.found) > before:
            return Mapped(f"{path}{target.name}", target, (), "", node.line, node.column)
        pipes = tuple(Pipe(each, (*own, *actions), lookup) for each, own in sources)
        place = (node.line, node.column)
        return Mapped(
            f"{path}{target.name}", target, pipes, default, *place, aggregate=aggregate, within=within
        )

    def _within(self, node: Node, target: Field) -> tuple[Node, Lines | None]:
        """The field without the words that say where the lines of an aggregate are, and what they say."""
        if not (isinstance(node, Table) and any(key.text == "aggregate" for key, _ in node.pairs)):
            return node, None
        lines, rest = layouts.lines(node, target, self.mistakes)
        return rest, lines if lines.layout or lines.where else None

    def _aggregate(self, node: Node, target: Field, path: str) -> str:
        """What is made of the values that a field has in the rows of an order."""
        name = self.mistakes.word(node)
        aggregate = AGGREGATES.get(name)
        if path:
            self.mistakes.say(node, "aggregate: is for fields of the order itself")
        elif aggregate is None:
            help_text = nearest(name, AGGREGATES) or one_of(AGGREGATES)
            self.mistakes.say(node, f"there is no aggregate {name!r}", help_text)
        elif target.kind not in aggregate.kinds:
            self.mistakes.say(node, f"{target.name} cannot be a {name}: it is a {target.kind}")
        return name

    def _sources(self, node: Node, members: Mapping[str, Node]) -> list[tuple[Source, tuple[Action, ...]]]:
        """The sources, each with what is done to it alone."""
        given = [members[name] for name in ("from", "first_of") if name in members]
        if len(given) != 1:
            self.mistakes.say(node, "a field has one source: `from:`, or `first_of:` with a list")
            return []
        several = "first_of" in members
        if several and not (isinstance(given[0], Listing) and given[0].items):
            self.mistakes.say(given[0], "first_of: is a list of sources")
            return []
        nodes = given[0].items if several and isinstance(given[0], Listing) else (given[0],)
        return [found for each in nodes if (found := self._one_source(each, several)) is not None]

    def _one_source(self, node: Node, several: bool) -> tuple[Source, tuple[Action, ...]] | None:
        members: dict[str, Node] = {"from": node}
        if several and _has_members(node):
            members = self.mistakes.members(node, ("from", "do"), "a source of first_of:")
        actions = self._actions(members["do"]) if "do" in members else ()
        try:
            return source(members.get("from", node)), actions
        except SourceError as error:
            self.mistakes.say(node, str(error))
            return None

    def _actions(self, node: Node) -> tuple[Action, ...]:
        if not isinstance(node, Listing):
            self.mistakes.say(node, "do: is a list of verbs, `do: [lower]`")
            return ()
        return tuple(found for each in node.items if (found := self._action(each)) is not None)

    def _action(self, node: Node) -> Action | None:
        """A verb with arguments that suit it; the columns it names are looked up when the export is known."""
        match node:
            case Scalar(text=name):
                arguments = Arguments()
            case Table(pairs=[(Scalar(text=name), values)]):
                arguments = self._arguments(values)
            case _:
                self.mistakes.say(node, "a verb is `name`, or `name: argument`", code="RS308")
                return None
        try:
            step(name, arguments, Context())
        except VerbError as error:
            help_text = "" if name in VERBS else nearest(name, VERBS) or one_of(VERBS)
            self.mistakes.say(node, str(error), help_text, "RS308")
            return None
        return Action(name, arguments, node.line, node.column)

    def _arguments(self, node: Node) -> Arguments:
        if isinstance(node, Table):
            lines = ((key.text, self.mistakes.words(value)) for key, value in node.pairs)
            return Arguments(table=tuple((name, tuple(each.text for each in words)) for name, words in lines))
        return Arguments(tuple(each.text for each in self.mistakes.words(node)))

    def _lookup(self, node: Node) -> Lookup | None:
        if not isinstance(node, Table):
            self.mistakes.say(node, "lookup: is a list of `found: sent` lines")
            return None
        pairs = {key.text: self._result(value) for key, value in node.pairs}
        otherwise = pairs.pop("otherwise", "report")
        known = otherwise in (*FALLBACKS, "report")
        return Lookup(lookup_table(pairs), otherwise if known else f"={otherwise.removeprefix('=')}")

    def _result(self, node: Node) -> str:
        return node.text if isinstance(node, Scalar) else self.mistakes.word(node)


def _unquoted(node: Node) -> str:
    """The text that `{Product}` was meant to be; "" for a mapping with values."""
    match node:
        case Table(pairs=((Scalar(text=name), Scalar(text="")),)) if name not in (*_WORDS, "column"):
            return f"{{{name}}}"
        case _:
            return ""


def _has_members(node: Node) -> bool:
    """Whether it is a mapping of its own, not a source."""
    return isinstance(node, Table) and [key.text for key, _ in node.pairs] != ["column"]
