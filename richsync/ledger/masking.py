"""What may be kept of a refusal: its own words, without anything that came from an order."""

import re
from collections.abc import Iterable, Iterator

from richsync.jsontext import loads
from richsync.model import Batch, Reply

MASK = "•••"
_KEPT = 300
_LONGEST_WORD = 24
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_WORD = re.compile(r"\w+")
_MASKS = re.compile(rf"{MASK}(?:\W?{MASK})+")


def masked(head: bytes, private: Iterable[str]) -> str:
    """The first 300 characters of a reply; every word of `private`, every number and every long run masked.

    Numbers of up to three digits stay: they are status codes and positions.
    """
    secret = {word.casefold() for text in private for word in _WORD.findall(text)}
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), head.decode("utf-8", "replace"))
    clean = "".join(character if character.isprintable() else " " for character in text)
    shown = _WORD.sub(lambda match: _shown(match[0], secret), clean)
    return _MASKS.sub(MASK, shown)[:_KEPT]


def _shown(word: str, secret: set[str]) -> str:
    number = any(character.isdigit() for character in word) and not (
        word.isdecimal() and len(word) <= len("999")
    )
    return MASK if number or len(word) > _LONGEST_WORD or word.casefold() in secret else word


def refusal(batch: Batch, reply: Reply) -> str:
    """What a reply says, masked, of the orders it refused."""
    of_orders = (text for order in batch.orders for text in texts(order.body))
    return masked(reply.head, [*reply.private, *of_orders])


def texts(body: bytes) -> Iterator[str]:
    """Every value of an event that is text or a number, as text; not the word `order` it begins with."""
    return _leaves({name: member for name, member in loads(body.decode()).items() if name != "event"})


def _leaves(value: object) -> Iterator[str]:
    match value:
        case dict():
            for member in value.values():
                yield from _leaves(member)
        case list():
            for member in value:
                yield from _leaves(member)
        case str() | int() | float() if not isinstance(value, bool):
            yield str(value)
