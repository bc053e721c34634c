"""The plan of a run: what is known of every order, on disk, so that memory does not grow with the export."""

from richsync.plans.plan import Plan
from richsync.plans.spool import Place, Spool
from richsync.plans.values import Money, Occurrence, Older, Overview, Refused, RejectedRows, Renamed, Repeat

__all__ = [
    "Money",
    "Occurrence",
    "Older",
    "Overview",
    "Place",
    "Plan",
    "Refused",
    "RejectedRows",
    "Renamed",
    "Repeat",
    "Spool",
]
