"""A verification on the screen: what is asked for, what is not there, and what to do about it."""

import shlex
import time
from typing import Any

from richsync.display.progress import PLAIN_EVERY
from richsync.display.screen import Screen, Styled
from richsync.ledger import LedgerView
from richsync.pipeline.verifications import Verified
from richsync.readbacks import ReadBack, Verdict
from richsync.reports import VERSION
from richsync.shown import counted

_MOST_SHOWN = 50


class ScreenWitness:
    """Says what is asked for, and now and then how far that is."""

    def __init__(self, origin: str, screen: Screen) -> None:
        self._origin = origin
        self._screen = screen
        self._last = time.monotonic()
        self._count = self._done = 0

    def asking(self, view: LedgerView, count: int, seconds: float) -> None:
        """Before the first question."""
        self._count = count
        accepted = counted(view.counts["accepted"], "order")
        long = f", in {seconds:.0f} s at least" if seconds >= PLAIN_EVERY else ""
        self._screen.note(f"{view.path} calls {accepted} accepted")
        self._screen.note(f"{count:,} of them read back from {self._origin}{long}")

    def read_back(self, found: ReadBack) -> None:
        """A line now and then."""
        self._done += 1
        if time.monotonic() - self._last >= PLAIN_EVERY:
            self._last = time.monotonic()
            self._screen.note(f"read back {self._done:,} of {self._count:,}, the last is {found.verdict}")

    def waiting(self, missed: int, seconds: float) -> None:
        """Between two rounds."""
        self._done, self._count = 0, missed
        self._screen.note(f"{counted(missed, 'order')} not seen as sent; asked for again in {seconds:.0f} s")


def show_verified(found: Verified, screen: Screen) -> None:
    """Those that are not visible, then how many of each."""
    for each in found.missed[:_MOST_SHOWN]:
        note = f": {each.note}" if each.note else ""
        screen.result(Styled(f"  {each.order_id}  ", "bold"), f"{each.verdict}{note}")
    if len(found.missed) > _MOST_SHOWN:
        screen.result(f"  … {len(found.missed) - _MOST_SHOWN:,} more")
    counts = ", ".join(f"{found.counts[verdict]:,} {verdict}" for verdict in Verdict)
    screen.result(f"{counted(found.counts.total(), 'order')} read back: {counts}")


def show_next(found: Verified, again: list[str], written: str | None, screen: Screen) -> None:
    """What to do about orders that are not there; `again` sends them, by the ids in the file `written`."""
    if not found.missed:
        return
    if found.counts[Verdict.NOT_YET]:
        screen.note("Richpanel shows orders after 5 to 30 minutes: --wait 30m asks again until then")
    if written is None:
        screen.note("-o FILE writes the ids of these orders, and names the command that sends them again")
    else:
        screen.note(f"to send them again: {shlex.join(again)}")


def as_json(found: Verified) -> dict[str, Any]:
    """The same for machines."""
    return {
        "schema": VERSION,
        "ledger": str(found.view.path),
        "accepted": found.view.counts["accepted"],
        "read_back": found.counts.total(),
        "counts": {str(verdict): found.counts[verdict] for verdict in Verdict},
        "missed": [
            {"order_id": each.order_id, "verdict": str(each.verdict), "note": each.note or None}
            for each in found.missed
        ],
    }
