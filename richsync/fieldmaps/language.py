"""A map's text to a `FieldMap`: every mistake at once, each with its place and the nearest right name."""

from collections.abc import Mapping

from richsync.checks import Weights
from richsync.errors import BadMapError
from richsync.fieldmaps import layouts, otherfiles, settings
from richsync.fieldmaps.derive import derive
from richsync.fieldmaps.document import Listing, Node, Scalar, Table, parse
from richsync.fieldmaps.fields import Fields
from richsync.fieldmaps.mistakes import Mistakes
from richsync.fieldmaps.model import (
    Block,
    ExportSettings,
    FieldMap,
    Lines,
    Mapped,
)
from richsync.fieldmaps.nearest import nearest
from richsync.fieldmaps.weighing import weights
from richsync.schema import CUSTOMER, PROPERTIES, Field, Kind

LANGUAGE = "1"
_LISTS = ("items", "fulfillment", "tracking")
_MEANT = {
    "total": "the total of an order is `amount:`, of a line `totalPrice:`",
    "lineitems": "the lines of an order are `items:`",
    "products": "the lines of an order are `items:`",
    "tracking": "parcels are of a fulfillment: `fulfillment: {id: …, tracking: {trackingNumber: …}}`",
    "trackingnumber": "parcels are of a fulfillment: `fulfillment: {id: …, tracking: {trackingNumber: …}}`",
    "billingaddress": "an order has `billingCity:`, `billingPostcode:` and so on, a profile an address",
    "shippingaddress": "an order has `shippingCity:`, `shippingPostcode:` and so on, a profile an address",
}
"""Names that people expect, without regard to case and underscores, and how it is said."""

_TOP = ("richsync", "export", "order", "customer", "checks", "checkpoint")


def load(text: str, name: str) -> FieldMap:
    """Read a field map.

    Raises:
        BadMapError: with every mistake in it.
    """
    loader = _Loader(parse(text, name))
    field_map = loader.field_map(name)
    if loader.mistakes.found:
        raise BadMapError(sorted(loader.mistakes.found, key=lambda each: (each.line, each.column)), name)
    return field_map


class _Loader:
    """Walks the document once; `mistakes` fills on the way, and what is wrong is left out.

    `unread` are the paths of objects that could not be read: what is missing in them is not told as well;
    `sections` says where the map names the objects that it is missing in.
    """

    def __init__(self, document: Table) -> None:
        self.document = document
        self.mistakes = Mistakes()
        self.fields = Fields(self.mistakes)
        self.unread: set[str] = set()
        self.sections: dict[str, Node] = {}
        self.settings = ExportSettings()

    def field_map(self, name: str) -> FieldMap:
        top = self.mistakes.members(self.document, _TOP, "a map")
        keys = {key.text: key for key, _ in self.document.pairs}
        self.sections = {
            "customer.": keys.get("customer", self.document),
            "": keys.get("order", self.document),
        }
        self.version(top.get("richsync"))
        if "export" in top:
            self.settings = self.export(top["export"])
        order = self.block(top.get("order"), PROPERTIES, "")
        customer = self.block(top.get("customer"), CUSTOMER, "customer.", order)
        order, customer, derived = derive(order, customer)
        self.required(order, PROPERTIES, "")
        self.required(customer, CUSTOMER, "customer.")
        checkpoint = self.mistakes.word(top["checkpoint"]) if "checkpoint" in top else ""
        weighed = weights(top["checks"], self.mistakes) if "checks" in top else Weights()
        undecided = tuple(self.mistakes.undecided)
        return FieldMap(name, self.settings, order, customer, checkpoint, derived, weighed, undecided)

    def version(self, node: Node | None) -> None:
        if node is None:
            self.mistakes.say(
                self.document, "the version of the language is missing", "begin with `richsync: 1`"
            )
        elif not isinstance(node, Scalar) or node.text != LANGUAGE:
            self.mistakes.say(
                node, "this richsync reads version 1 of the map language", "write `richsync: 1`"
            )

    # export:

    def export(self, node: Node) -> ExportSettings:
        members = self.mistakes.members(node, settings.NAMES, "export:")
        members = {
            name: value for name, value in members.items() if not self.mistakes.is_todo(value, f"{name}:")
        }
        where, join = members.pop("where", None), members.pop("join", None)
        words = {name: given for name, value in members.items() if (given := self.mistakes.words(value))}
        found, mistakes = settings.settings(words, self.mistakes.conditions(where) if where else ())
        self.mistakes.found += mistakes
        return found._replace(joins=otherfiles.joins(join, self.mistakes)) if join else found

    # order: and customer:

    def block(
        self, node: Node | None, fields: tuple[Field, ...], path: str, lender: Block | None = None
    ) -> Block:
        """The fields of one object; `lender` is the order that a profile's address may be taken from."""
        if node is None:
            return Block()
        if not isinstance(node, Table):
            name = path.rstrip(".") or "order"
            self.mistakes.say(node, f"{name}: is a list of `field: source` lines", _lines_of(node, name))
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
                self.sections[f"{path}{target.name}."] = key
                lists.append(self.lines(value, target, path))
            elif target.kind is Kind.OBJECT:
                objects.append((target, self.object(value, target, path, lender)))
            else:
                plain[key.text] = self.fields.mapped(value, target, path)
        # In the table's order, custom ones by name: a map's lines can be moved and no event changes.
        place = {each.name: i for i, each in enumerate(fields)}
        return Block(
            tuple(plain[name] for name in targets if name in plain),
            tuple(sorted(objects, key=lambda each: place[each[0].name])),
            tuple(sorted(lists, key=lambda each: place[each.field.name])),
            tuple(sorted(custom, key=lambda each: each.field.name)),
        )

    def unknown_target(self, key: Scalar, path: str, targets: Mapping[str, Field]) -> None:
        words = layouts.WORDS if path.rpartition(".")[0].rpartition(".")[2] in _LISTS else ()
        meant = _MEANT.get(key.text.casefold().replace("_", ""), "")
        guess = meant or nearest(key.text, (*targets, *words))
        place = f"under {path.rstrip('.')}:" if path else "of an order"
        known = f"a name of your own goes under `custom:`; known are {', '.join(targets)}"
        help_text = layouts.ONE_ROW if key.text in ("file", "match") else guess or known
        self.mistakes.say(key, f"{key.text!r} is not a field {place}", help_text, "RS302")

    def object(self, node: Node, target: Field, path: str, lender: Block | None) -> Block:
        if lender is not None and isinstance(node, Scalar) and node.text == "from order":
            return lent_address(lender, target, path)
        return self.block(node, target.parts, f"{path}{target.name}.")

    def lines(self, node: Node, target: Field, path: str) -> Lines:
        inside = f"{path}{target.name}."
        if self.mistakes.is_todo(node, f"{path}{target.name}", target.doc):
            self.unread.add(inside)
            return Lines(target, Block())
        if not isinstance(node, Table):
            return Lines(target, self.block(node, target.parts, inside))
        found, fields = layouts.lines(node, target, self.mistakes)
        return found._replace(block=self.block(fields, target.parts, inside))

    def custom(self, node: Node, path: str, targets: Mapping[str, Field]) -> tuple[Mapped, ...]:
        if not isinstance(node, Table):
            self.mistakes.say(node, "custom: is a list of `name: source` lines")
            return ()
        for key, _ in node.pairs:
            if not key.text.strip():
                self.mistakes.say(key, "a name is needed before the colon")
            if key.text in targets:
                message = f"{key.text!r} is a field of Richpanel's own"
                self.mistakes.say(key, message, "move it out of custom:", "RS306")
        named = ((Field(key.text, Kind.ANY, "a custom property"), value) for key, value in node.pairs)
        return tuple(self.fields.mapped(value, each, path) for each, value in named)

    # what must be there

    def required(self, block: Block, fields: tuple[Field, ...], path: str) -> None:
        """Required fields that nothing maps or derives; said once each, with the way to say it."""
        if path in self.unread:
            return
        given = {mapped.field.name for mapped in block.fields} | {lines.field.name for lines in block.lists}
        for each in fields:
            if each.required and each.name not in given:
                self.mistakes.say(
                    self.sections.get(path, self.document),
                    f"{path}{each.name} is not mapped: {each.doc}",
                    _how(path, each),
                    "RS305",
                )
        for lines in block.lists:
            inside = f"{path}{lines.field.name}."
            lent = _lent(inside, lines.block)
            needed = tuple(part for part in lines.field.parts if part.name not in lent)
            self.required(lines.block, needed, inside)


def _lent(path: str, block: Block) -> tuple[str, ...]:
    """What an order lends a list of fulfillments, or the items in it, when the map does not name it."""
    if path == "fulfillment.":
        return ("items",)
    names_line = block.get("sku") or any(field.name == "contains" for field, _ in block.objects)
    of_line = ("id", "name", "price") if names_line else ("name", "price")
    return of_line if path == "fulfillment.items." else ()


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


def _lines_of(node: Node, name: str) -> str:
    """How fields are written under a name, for who wrote something else there."""
    name = name.rpartition(".")[2]
    if name in _LISTS and isinstance(node, Listing):
        return f"without dashes: what is said once under {name}: holds for every line"
    return {
        "customer": "`customer: {email: <column>}`",
        "items": "`items: {name: <column>, price: <column>, quantity: <column>}`",
    }.get(name, f"`{name}: {{<field>: <column>}}`")


def _how(path: str, each: Field) -> str:
    section = path.rstrip(".").replace(".", ": ") or "order"
    if each.kind is Kind.LIST:
        return f"say where the lines are: `{each.name}:` under {section}:, with `price:` and `quantity:`"
    return f"add `{each.name}: <column>` under {section}:"
