"""Delivery: when to send which batch, and what the replies mean; pure, without clock, socket or thread."""
