"""The table of findings: what can be wrong with an export, a map or an order, and how it is mended.

Codes are never reused. An error means that the order cannot be sent right; a warning that it would be sent,
probably wrong; a note is a note.
"""

from richsync.checks.check import Check, Example, Severity
from richsync.checks.table import CHECKS, NAMES, named
from richsync.checks.weights import Weights, has_error, severity_of

__all__ = ["CHECKS", "NAMES", "Check", "Example", "Severity", "Weights", "has_error", "named", "severity_of"]
