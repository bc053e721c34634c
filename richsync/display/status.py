"""What a ledger knows, on the screen and as JSON."""

from typing import Any

from richsync.display.screen import Screen, Styled
from richsync.ledger import LedgerView, OrderTrace, Run
from richsync.pipeline.leftovers import leftovers
from richsync.reports import VERSION, iso
from richsync.shown import counted

_RUNS_SHOWN = 10
_MEANINGS = {
    "accepted": "a 2xx was read back",
    "sending": "put on the wire, no answer known: sent again by the next run",
    "refused": "refused by the receiver",
}


_ENDINGS = {
    "InterruptedRunError": "interrupted",
    "GaveUpError": "given up",
    "NotAllowedError": "the key was refused",
    "WrongAddressError": "the request was refused",
    "UnusableError": "it could not go on",
    "LedgerError": "the ledger failed",
    "BugError": "a bug in richsync",
}


def show_ledger(view: LedgerView, screen: Screen) -> None:
    """Totals and runs."""
    screen.result(Styled(str(view.path), "bold"), f": {view.host}, API key …{view.key_tail}")
    for state, count in view.counts.items():
        if count or state == "accepted":
            screen.result(f"  {count:>9,} {state}  ({_MEANINGS[state]})")
    undone = leftovers(view.runs)
    if not undone and _is_settled(view):
        screen.result("  left: nothing")
    for left in undone:
        counts = ((left.pending, "pending"), (left.rejected, "rejected"))
        words = ", ".join(f"{count:,} {word}" for count, word in counts if count)
        screen.result(Styled("  left: ", "yellow"), f"{words} of {left.source}")
    for run in view.runs[-_RUNS_SHOWN:]:
        screen.result(f"  {run.started}  {run.source}: {_ended(run)}")
    if len(view.runs) > _RUNS_SHOWN:
        screen.result(f"  {counted(len(view.runs) - _RUNS_SHOWN, 'earlier run')} not shown; all with --json")


def _is_settled(view: LedgerView) -> bool:
    """Whether the last run came to its end, and no order waits for another one."""
    waiting = sum(count for state, count in view.counts.items() if state != "accepted")
    return bool(view.runs and view.runs[-1].counts) and not waiting


def _ended(run: Run) -> str:
    if run.ended is None:
        return "under way, or killed; run the import again to go on"
    ending = _ENDINGS.get(run.ending or "", run.ending)
    counts = ", ".join(f"{count:,} {name}" for name, count in run.counts.items() if count)
    return f"{ending}; {counts or 'no orders'}" if run.counts else f"{ending} before its account was made"


def show_order(view: LedgerView, order_id: str, trace: OrderTrace | None, screen: Screen) -> None:
    """One order, from sending to answer."""
    if trace is None:
        screen.result(f"{view.path} does not know order {order_id}: it was never sent from here")
        return
    screen.result(Styled(f"order {trace.order_id}: ", "bold"), f"{trace.state} ({_MEANINGS[trace.state]})")
    sources = {run.id: run.source for run in view.runs}
    screen.result(f"  sent      {trace.sent} in batch {trace.batch} of run {trace.run}, {sources[trace.run]}")
    answer = f"{trace.answered}, {trace.status or trace.reply_class}" if trace.answered else "none"
    screen.result(f"  answered  {answer}")
    screen.result(f"  form      {trace.digest}")
    if trace.updated is not None:
        screen.result(f"  updated   {iso(trace.updated)} in the shop")
    if trace.note:
        screen.result(f"  reply     {trace.note}")


def as_json(view: LedgerView, order_id: str | None, trace: OrderTrace | None) -> dict[str, Any]:
    """The same for machines."""
    known: dict[str, Any] = {
        "schema": VERSION,
        "ledger": str(view.path),
        "host": view.host,
        "orders": dict(view.counts),
        "left": [each._asdict() for each in leftovers(view.runs)],
        "runs": [
            {
                "id": run.id,
                "started": run.started,
                "ended": run.ended,
                "ending": run.ending,
                "source": run.source,
                "map": run.map,
                "version": run.version,
                "counts": dict(run.counts),
            }
            for run in view.runs
        ],
    }
    if order_id is None:
        return known
    return known | {"order": trace and trace._asdict()}
