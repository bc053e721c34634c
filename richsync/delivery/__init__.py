"""Delivery: when to send which batch, and what the replies mean; pure, without clock, socket or thread."""

from richsync.delivery.machine import (
    LONGEST_RETRY_AFTER,
    Delivery,
    Done,
    Move,
    Outcome,
    Policy,
    Send,
    Wait,
)
from richsync.delivery.pace import UNLIMITED, Rate, parse_rate
from richsync.delivery.replies import ReplyClass, classify, described

__all__ = [
    "LONGEST_RETRY_AFTER",
    "UNLIMITED",
    "Delivery",
    "Done",
    "Move",
    "Outcome",
    "Policy",
    "Rate",
    "ReplyClass",
    "Send",
    "Wait",
    "classify",
    "described",
    "parse_rate",
]
