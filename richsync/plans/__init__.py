"""The plan of a run: what is known of every order, on disk, so that memory does not grow with the export."""

from richsync.plans.plan import Money, Occurrence, Overview, Plan, RejectedRows, Renamed, Repeat
from richsync.plans.spool import Spool

__all__ = ["Money", "Occurrence", "Overview", "Plan", "RejectedRows", "Renamed", "Repeat", "Spool"]
