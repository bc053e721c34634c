"""An import as it goes: the findings, what is about to happen, the one question, the sending."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from richsync.client import Watcher
from richsync.display.findings import show_export, show_findings
from richsync.display.imports.sending import Sending, shown
from richsync.display.progress import Reading
from richsync.display.screen import Screen, Styled
from richsync.pipeline.outlooks import Outlook
from richsync.pipeline.surveys import Survey
from richsync.reports import Teller, days, money, needed
from richsync.shown import counted, cut

_FEW = 5
_LONGEST = 40
"""Characters of an id that are shown: the file that was named may hold no ids, but customers."""
_WORDS = (
    ("new", "new"),
    ("changed", "changed"),
    ("in doubt", "never answered, sent again"),
    ("refused before", "refused before, sent again"),
    ("unchanged", "unchanged"),
)
"""The states of orders that can be sent, and how they are told."""


class ScreenTeller(Reading):
    """Shows an import as it goes, live on a terminal and in plain lines elsewhere."""

    def __init__(self, screen: Screen, command: str, *, yes: bool, show_values: bool) -> None:
        super().__init__(screen)
        self._command = command
        self._yes = yes
        self._show_values = show_values

    def checked(self, survey: Survey) -> None:
        """What was read, how, and with which map."""
        super().checked(survey)
        show_export(survey, self._screen)

    # before sending

    def compared(self, outlook: Outlook) -> None:
        """The findings, then what is about to happen."""
        for survey in outlook.surveys:
            told = Teller(survey, show_values=self._show_values).told
            show_findings(told, self._screen.note, self._screen.err.width)
        for label, text in _outlook(outlook):
            self._screen.note(Styled(f"{label:>12}  ", "bold"), text)

    def confirm(self, outlook: Outlook) -> bool:
        """Ask once."""
        if self._yes:
            return True
        from rich.prompt import Confirm

        if _is_first(outlook):
            first = "this is the first import into this ledger: send one order, and see it in Richpanel"
            self._screen.note(f"{first}, before the rest: {self._command} --limit 1")
        orders, origin = counted(outlook.to_send, "order"), outlook.job.destination.origin
        undone = "" if outlook.job.is_rehearsal else " It cannot be undone"
        question = f"Send {orders} to {origin}?{undone}"
        ask = partial(Confirm.ask, question, console=self._screen.err.console, default=False)
        return bool(self._screen.ask(ask))

    # while sending

    @contextmanager
    def delivering(self, outlook: Outlook) -> Iterator[Watcher]:
        """A bar of what is to be sent, or plain lines."""
        with shown(Sending(outlook.to_send, outlook.orders("unchanged")), self._screen) as watcher:
            yield watcher


def _is_first(outlook: Outlook) -> bool:
    """Whether nothing was sent before to a receiver that takes nothing back."""
    is_all_new = outlook.orders("new") == sum(outlook.orders(state) for state, _ in _WORDS)
    return is_all_new and outlook.to_send > 1 and not outlook.job.is_rehearsal


def _outlook(outlook: Outlook) -> Iterator[tuple[str, str]]:
    """What is about to happen, a line each."""
    job, overview = outlook.job, outlook.overview
    states = [
        f"{outlook.orders(state):,} {word}"
        for state, word in (*_WORDS, ("scope", "out of scope"))
        if outlook.orders(state) or state == "new"
    ]
    yield "orders", ", ".join([*states, f"{outlook.orders('rejected'):,} rejected"])
    if overview.orders:
        customers = counted(overview.customers, "customer")
        yield "history", f"{days(overview, outlook.surveys)}, {customers}, {money(overview)}"
    if outlook.unknown:
        few = ", ".join(cut(each, _LONGEST) for each in outlook.unknown[:_FEW]) + " …" * (
            len(outlook.unknown) > _FEW
        )
        yield "not there", f"{counted(len(outlook.unknown), 'id')} of --only-ids: {few}"
    yield "destination", f"{job.destination.origin}, signature {job.sender.signature}"
    yield "ledger", str(job.ledger)
    if outlook.held:
        yield "to send", f"nothing: {outlook.held}"
        return
    yield "to send", needed(outlook.to_send, job.policy.rate)
