"""RS8: the event as it would be sent."""

from richsync.checks.check import ERROR, WARNING, Check, Example

_EVENT = (
    b'{"event": "order", "properties": {"orderId": "1", "orderDbKey": "1", "createdAt": 1709632800000, '
    b'"amount": %s, "items": [{"id": "T", "price": 9.5, "quantity": 1}]}, '
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
)
