"""RS8: the event as it would be sent."""

from richsync.checks.check import WARNING, Check, Example

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
)
