"""Richpanel's order event: `fields` is the table, `event_schema` and `event_faults` are folded from it."""

from richsync.schema.documents import event_schema
from richsync.schema.faults import event_faults, moment_of
from richsync.schema.fields import CUSTOMER, PROPERTIES, Field, Kind, is_personal

__all__ = [
    "CUSTOMER",
    "PROPERTIES",
    "Field",
    "Kind",
    "event_faults",
    "event_schema",
    "is_personal",
    "moment_of",
]
