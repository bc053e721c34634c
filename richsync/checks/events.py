"""RS8, RS9: the event as it would be sent, and what should not be in it."""

from richsync.checks.check import ERROR, INFO, WARNING, Check, Example

_EVENT = (
    b'{"event": "order", "properties": {"amount": %s, "orderId": "1", "orderDbKey": "1", '
    b'"createdAt": 1709632800000, "items": [{"id": "T", "price": 9.5, "quantity": 1}]}, '
    b'"userProperties": {"uid": "ann@example.com"}}\n'
)

EVENTS = (
    Check(
        "RS801",
        "event-too-large",
        WARNING,
        "the event is larger than 256 KB",
        "No limit is published, and what is too large for the receiver is dropped silently.",
        "map fewer columns, or shorten the cell",
        Example(f"product\n{'x' * 300_000}", "product\nx"),
    ),
    Check(
        "RS802",
        "bad-event",
        ERROR,
        "{column}: {note}",
        "Richpanel drops an event that is not in its form silently.",
        "make it what `richsync schema event` says, or map the export that it was made of",
        Example(_EVENT % b'"9,50"', _EVENT % b"9.50"),
    ),
    Check(
        "RS803",
        "default-used",
        INFO,
        "where nothing stands for {field}, the map's default was taken: {note}",
        "It is sent like a value of the shop's own.",
        "nothing, if so many are right",
        Example(
            "qty\n",
            "qty\n1",
            "order: {items: {name: product, price: price, quantity: {from: qty, default: 1}}}",
        ),
    ),
    Check(
        "RS901",
        "card-number",
        WARNING,
        "{column} holds numbers of payment cards ({note})",
        "They must not be stored, and nothing can be deleted in Richpanel.",
        'leave the column out of the map, or take them out: `do: [replace: ["/[0-9][0-9 -]{13,}/", ""]]`',
        Example(
            "note\ncard 4111 1111 1111 1111",
            "note\nrings twice",
            "order: {custom: {note: note}}",
        ),
    ),
    Check(
        "RS903",
        "secret-column",
        WARNING,
        "{column} is mapped, and its name speaks of a secret",
        "Everybody who answers customers could read it, and nothing can be deleted in Richpanel.",
        "leave it out of the map; if it is none, `checks: {ignore: [RS903]}`",
        Example("product,Access Token\nTea,x7", "product\nTea", "order: {custom: {token: Access Token}}", ""),
    ),
)
