"""The ledger (checkpoint file): for each order id, the form last put on the wire and what became of it."""

from richsync.ledger.masking import refusal
from richsync.ledger.store import Binding
from richsync.ledger.view import Accepted, LedgerView, OrderTrace, Run
from richsync.ledger.writer import Ledger, RunStart

__all__ = ["Accepted", "Binding", "Ledger", "LedgerView", "OrderTrace", "Run", "RunStart", "refusal"]
