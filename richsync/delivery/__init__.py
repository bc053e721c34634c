"""Delivery: when to send which batch, and what the replies mean; pure, without clock, socket or thread."""

from richsync.delivery.machine import LONGEST_RETRY_AFTER, Delivery
from richsync.delivery.moves import NO_EFFORT, Done, Effort, Move, Policy, Send, Settled, Wait
from richsync.delivery.pace import PUBLISHED_RATE, UNLIMITED, Pace, Rate, back_off, parse_rate
from richsync.delivery.replies import ReplyClass, classify, described

__all__ = [
    "LONGEST_RETRY_AFTER",
    "NO_EFFORT",
    "PUBLISHED_RATE",
    "UNLIMITED",
    "Delivery",
    "Done",
    "Effort",
    "Move",
    "Pace",
    "Policy",
    "Rate",
    "ReplyClass",
    "Send",
    "Settled",
    "Wait",
    "back_off",
    "classify",
    "described",
    "parse_rate",
]
