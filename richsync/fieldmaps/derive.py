"""The fields a map need not name: each is taken from another that says the same."""

from typing import NamedTuple

from richsync.fieldmaps.model import Block, Lines, Mapped
from richsync.schema import CUSTOMER, PROPERTIES, Field


class Derivation(NamedTuple):
    """`target` is filled from the first mapped of `sources`, when the map does not name it."""

    target: str
    sources: tuple[str, ...]


ORDER = (
    Derivation("orderDbKey", ("orderId",)),
    Derivation("financialStatus", ("paymentStatus",)),
    Derivation("paymentStatus", ("financialStatus",)),
)
ITEM = (Derivation("id", ("sku", "optionId", "name")),)
PERSON = (Derivation("uid", ("email",)),)


def derive(order: Block, customer: Block) -> tuple[Block, Block, tuple[str, ...]]:
    """Both blocks with what follows from them, and in words what was added."""
    said: list[str] = []
    order = _filled(order, ORDER, PROPERTIES, "", said)
    order = _email(order, customer, PROPERTIES, "", said)
    customer = _email(customer, order, CUSTOMER, "customer.", said)
    customer = _filled(customer, PERSON, CUSTOMER, "customer.", said)
    lists = tuple(lines._replace(block=_lines(lines, said)) for lines in order.lists)
    return order._replace(lists=lists), customer, tuple(said)


def _lines(lines: Lines, said: list[str]) -> Block:
    if lines.field.name != "items":
        return lines.block
    return _filled(lines.block, ITEM, lines.field.parts, "items.", said)


def _filled(
    block: Block, derivations: tuple[Derivation, ...], fields: tuple[Field, ...], path: str, said: list[str]
) -> Block:
    for target, sources in derivations:
        found = [mapped for name in sources if (mapped := block.get(name))]
        if found and block.get(target) is None:
            pipes = tuple(pipe for mapped in found for pipe in mapped.pipes)
            default = next((mapped.default for mapped in found if mapped.default is not None), None)
            made = Mapped(f"{path}{target}", _field(fields, target), pipes, default, derived=True)
            mapped = made._replace(aggregate=found[0].aggregate, within=found[0].within)
            block = _with(block, mapped, fields)
            said.append(f"{path}{target} from {', '.join(mapped.path for mapped in found)}")
    return block


def _email(block: Block, other: Block, fields: tuple[Field, ...], path: str, said: list[str]) -> Block:
    """The order's e-mail is the customer's, and the other way round."""
    lent = other.get("email")
    if lent is None or block.get("email") is not None:
        return block
    said.append(f"{path}email from {lent.path}")
    mapped = Mapped(f"{path}email", _field(fields, "email"), lent.pipes, lent.default, derived=True)
    return _with(block, mapped, fields)


def _with(block: Block, mapped: Mapped, fields: tuple[Field, ...]) -> Block:
    """The block with one more field, in the order of the table."""
    place = {each.name: i for i, each in enumerate(fields)}
    every = sorted((*block.fields, mapped), key=lambda each: place[each.field.name])
    return block._replace(fields=tuple(every))


def _field(fields: tuple[Field, ...], name: str) -> Field:
    return next(each for each in fields if each.name == name)
