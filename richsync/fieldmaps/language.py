"""A map's text to a `FieldMap`: every mistake at once, each with its place and the nearest right name."""

from collections.abc import Iterable, Mapping

from richsync.errors import BadMapError
from richsync.fieldmaps import settings
from richsync.fieldmaps.derive import derive
from richsync.fieldmaps.document import Listing, Node, Scalar, Table, parse
from richsync.fieldmaps.model import Block, Column, ExportSettings, FieldMap, Lines, Mapped, Pipe, Source
from richsync.fieldmaps.nearest import nearest
from richsync.fieldmaps.sources import SourceError, source
from richsync.model import Mistake
from richsync.schema import CUSTOMER, PROPERTIES, Field, Kind
from richsync.verbs import VERBS, Lookup, Step, VerbError, lookup_table, step

LANGUAGE = "1"
_FIELD_WORDS = ("from", "first_of", "do", "lookup", "default")
_FALLBACKS = ("keep", "drop", "reject")
_TOP = ("richsync", "export", "order", "customer", "checkpoint")


def load(text: str, name: str) -> FieldMap:
    """Read a field map.

    Raises:
        BadMapError: with every mistake in it.
    """
    loader = _Loader(parse(text, name))
    field_map = loader.field_map(name)
    if loader.mistakes:
        raise BadMapError(sorted(loader.mistakes, key=lambda each: (each.line, each.column)), name)
    return field_map


class _Loader:
    """Walks the document once; `mistakes` fills on the way, and what is wrong is left out.

    `unread` are the paths of objects that could not be read: what is missing in them is not told as well.
    """

    def __init__(self, document: Table) -> None:
        self.document = document
        self.mistakes: list[Mistake] = []
        self.unread: set[str] = set()
        self.settings = ExportSettings()

    def say(self, node: Node, message: str, help_text: str = "", code: str = "RS301") -> None:
        self.mistakes.append(Mistake(code, node.line, node.column, message, help_text))

    def field_map(self, name: str) -> FieldMap:
        top = self.members(self.document, _TOP, "a map")
        self.version(top.get("richsync"))
        if "export" in top:
            self.settings = self.export(top["export"])
        order = self.block(top.get("order"), PROPERTIES, "")
        customer = self.block(top.get("customer"), CUSTOMER, "customer.", order)
        order, customer, derived = derive(order, customer)
        self.required(order, PROPERTIES, "")
        self.required(customer, CUSTOMER, "customer.")
        checkpoint = self.word(top["checkpoint"]) if "checkpoint" in top else ""
        return FieldMap(name, self.settings, order, customer, checkpoint, derived)

    def version(self, node: Node | None) -> None:
        if node is None:
            self.say(self.document, "the version of the language is missing", "begin with `richsync: 1`")
        elif not isinstance(node, Scalar) or node.text != LANGUAGE:
            self.say(node, "this richsync reads version 1 of the map language", "write `richsync: 1`")

    def members(self, node: Node, names: Iterable[str], what: str) -> dict[str, Node]:
        """The members of a table, the unknown ones said and left out."""
        if not isinstance(node, Table):
            self.say(node, f"{what} is a list of `name: value` lines")
            return {}
        known = tuple(names)
        for key, _ in node.pairs:
            if key.text not in known:
                self.say(key, f"{what} has no {key.text!r}", nearest(key.text, known) or _one_of(known))
        return {key.text: value for key, value in node.pairs if key.text in known}

    def word(self, node: Node) -> str:
        if isinstance(node, Scalar) and node.text.strip():
            return node.text
        self.say(node, "a text is needed here")
        return ""

    def words(self, node: Node) -> list[Scalar]:
        """One text or a list of texts."""
        found = node.items if isinstance(node, Listing) else (node,)
        for each in found:
            if not isinstance(each, Scalar):
                self.say(each, "a text, or a list of texts, is needed here")
        if not found:
            self.say(node, "the list is empty")
        return [each for each in found if isinstance(each, Scalar)]

    # export:

    def export(self, node: Node) -> ExportSettings:
        members = self.members(node, settings.NAMES, "export:")
        where = members.pop("where", None)
        words = {name: given for name, value in members.items() if (given := self.words(value))}
        found, mistakes = settings.settings(words, self.conditions(where) if where else ())
        self.mistakes += mistakes
        return found

    def conditions(self, node: Node) -> tuple[tuple[Column, frozenset[str]], ...]:
        if not isinstance(node, Table):
            self.say(node, "where: is a list of `column: value` lines")
            return ()
        return tuple(
            (Column(key.text, key.line, key.column), frozenset(each.text for each in self.words(value)))
            for key, value in node.pairs
        )

    # order: and customer:

    def block(
        self, node: Node | None, fields: tuple[Field, ...], path: str, lender: Block | None = None
    ) -> Block:
        """The fields of one object; `lender` is the order that a profile's address may be taken from."""
        if node is None:
            return Block()
        if not isinstance(node, Table):
            self.say(node, f"{path.rstrip('.') or 'order'}: is a list of `field: source` lines")
            self.unread.add(path)
            return Block()
        targets = {each.name: each for each in fields}
        plain: dict[str, Mapped] = {}
        objects: list[tuple[Field, Block]] = []
        lists: list[Lines] = []
        custom: tuple[Mapped, ...] = ()
        for key, value in node.pairs:
            target = targets.get(key.text)
            if key.text == "custom":
                custom = self.custom(value, path, targets)
            elif target is None:
                self.unknown_target(key, path, targets)
            elif target.kind is Kind.LIST:
                lists.append(self.lines(value, target, path))
            elif target.kind is Kind.OBJECT:
                objects.append((target, self.object(value, target, path, lender)))
            elif mapped := self.mapped(value, target, path):
                plain[key.text] = mapped
        # In the table's order, custom ones by name: a map's lines can be moved and no event changes.
        place = {each.name: i for i, each in enumerate(fields)}
        return Block(
            tuple(plain[name] for name in targets if name in plain),
            tuple(sorted(objects, key=lambda each: place[each[0].name])),
            tuple(sorted(lists, key=lambda each: place[each.field.name])),
            tuple(sorted(custom, key=lambda each: each.field.name)),
        )

    def unknown_target(self, key: Scalar, path: str, targets: Mapping[str, Field]) -> None:
        guess = nearest(key.text, targets)
        place = f"under {path.rstrip('.')}:" if path else "of an order"
        help_text = guess or f"a name of your own goes under `custom:`; known are {', '.join(targets)}"
        self.say(key, f"{key.text!r} is not a field {place}", help_text, "RS302")

    def object(self, node: Node, target: Field, path: str, lender: Block | None) -> Block:
        if lender is not None and isinstance(node, Scalar) and node.text == "from order":
            return lent_address(lender, target, path)
        return self.block(node, target.parts, f"{path}{target.name}.")

    def lines(self, node: Node, target: Field, path: str) -> Lines:
        inside = f"{path}{target.name}."
        if not isinstance(node, Table):
            return Lines(target, self.block(node, target.parts, inside))
        named = {key.text: value for key, value in node.pairs}
        found = named.get("path")
        column = Column(self.word(found), found.line, found.column) if found else None
        rest = Table(tuple(pair for pair in node.pairs if pair[0].text != "path"), node.line, node.column)
        return Lines(target, self.block(rest, target.parts, inside), column)

    def custom(self, node: Node, path: str, targets: Mapping[str, Field]) -> tuple[Mapped, ...]:
        if not isinstance(node, Table):
            self.say(node, "custom: is a list of `name: source` lines")
            return ()
        for key, _ in node.pairs:
            if not key.text.strip():
                self.say(key, "a name is needed before the colon")
            if key.text in targets:
                message = f"{key.text!r} is a field of Richpanel's own"
                self.say(key, message, "move it out of custom:", "RS306")
        named = ((Field(key.text, Kind.ANY, "a custom property"), value) for key, value in node.pairs)
        mapped = (self.mapped(value, each, path) for each, value in named)
        return tuple(each for each in mapped if each is not None)

    # one field

    def mapped(self, node: Node, target: Field, path: str) -> Mapped | None:
        members: dict[str, Node] = {"from": node}
        if isinstance(node, Table) and [key.text for key, _ in node.pairs] != ["column"]:
            members = self.members(node, _FIELD_WORDS, f"the field {path}{target.name}")
        before = len(self.mistakes)
        sources = self.sources(node, members)
        steps = self.steps(members["do"]) if "do" in members else ()
        lookup = self.lookup(members["lookup"]) if "lookup" in members else None
        default = self.word(members["default"]) if "default" in members else None
        if len(self.mistakes) > before:
            return Mapped(f"{path}{target.name}", target, (), "", node.line, node.column)
        pipes = tuple(Pipe(each, steps, lookup) for each in sources)
        return Mapped(f"{path}{target.name}", target, pipes, default, node.line, node.column)

    def sources(self, node: Node, members: Mapping[str, Node]) -> list[Source]:
        given = [members[name] for name in ("from", "first_of") if name in members]
        if len(given) != 1:
            self.say(node, "a field has one source: `from:`, or `first_of:` with a list")
            return []
        several = "first_of" in members
        if several and not (isinstance(given[0], Listing) and given[0].items):
            self.say(given[0], "first_of: is a list of sources")
            return []
        nodes = given[0].items if several and isinstance(given[0], Listing) else (given[0],)
        return [found for each in nodes if (found := self.one_source(each)) is not None]

    def one_source(self, node: Node) -> Source | None:
        try:
            return source(node)
        except SourceError as error:
            self.say(node, str(error))
            return None

    def steps(self, node: Node) -> tuple[Step, ...]:
        if not isinstance(node, Listing):
            self.say(node, "do: is a list of verbs, `do: [lower]`")
            return ()
        return tuple(found for each in node.items if (found := self.step(each)) is not None)

    def step(self, node: Node) -> Step | None:
        match node:
            case Scalar(text=name):
                arguments: list[str] = []
            case Table(pairs=[(Scalar(text=name), Scalar() | Listing() as values)]):
                arguments = [each.text for each in self.words(values)]
            case _:
                self.say(node, "a verb is `name`, or `name: argument`", code="RS308")
                return None
        try:
            return step(name, arguments, self.settings.zone)
        except VerbError as error:
            help_text = "" if name in VERBS else nearest(name, VERBS) or _one_of(VERBS)
            self.say(node, str(error), help_text, "RS308")
            return None

    def lookup(self, node: Node) -> Lookup | None:
        if not isinstance(node, Table):
            self.say(node, "lookup: is a list of `found: sent` lines")
            return None
        pairs = {key.text: self.result(value) for key, value in node.pairs}
        otherwise = pairs.pop("otherwise", "report")
        known = otherwise in (*_FALLBACKS, "report")
        return Lookup(lookup_table(pairs), otherwise if known else f"={otherwise.removeprefix('=')}")

    def result(self, node: Node) -> str:
        return node.text if isinstance(node, Scalar) else self.word(node)

    # what must be there

    def required(self, block: Block, fields: tuple[Field, ...], path: str) -> None:
        """Required fields that nothing maps or derives; said once each, with the way to say it."""
        if path in self.unread:
            return
        given = {mapped.field.name for mapped in block.fields} | {lines.field.name for lines in block.lists}
        for each in fields:
            if each.required and each.name not in given:
                self.say(
                    self.document, f"{path}{each.name} is not mapped: {each.doc}", _how(path, each), "RS305"
                )
        for lines in block.lists:
            lent = "items" if lines.field.name == "fulfillment" else ""
            needed = tuple(part for part in lines.field.parts if part.name != lent)
            self.required(lines.block, needed, f"{path}{lines.field.name}.")


def lent_address(order: Block, target: Field, path: str) -> Block:
    """A profile's address made of the order's own: `billingCity` gives `billingAddress.city`."""
    prefix = target.name.removesuffix("Address")
    names = {"AddressLine1": "address1", "AddressLine2": "address2"}
    parts = {part.name: part for part in target.parts}
    lent = []
    for mapped in order.fields:
        tail = mapped.field.name.removeprefix(prefix)
        name = names.get(tail, tail[:1].lower() + tail[1:])
        if mapped.field.name.startswith(prefix) and name in parts:
            lent.append(
                Mapped(f"{path}{target.name}.{name}", parts[name], mapped.pipes, mapped.default, derived=True)
            )
    return Block(tuple(lent))


def _one_of(names: Iterable[str]) -> str:
    return f"one of {', '.join(names)}"


def _how(path: str, each: Field) -> str:
    section = path.rstrip(".").replace(".", ": ") or "order"
    if each.kind is Kind.LIST:
        return f"say where the lines are: `{each.name}:` under {section}:, with `price:` and `quantity:`"
    return f"add `{each.name}: <column>` under {section}:"
