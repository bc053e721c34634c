"""Every way a run can end early, each with its exit code and the next thing to do.

RichsyncError
├── UnusableError (2)       the command cannot run as given
│   ├── BadMapError         the field map has mistakes, all of them at once
│   └── WrongAddressError   the receiver says the request or the address is wrong
├── NotAllowedError (3)     401 or 403
├── GaveUpError (4)         the receiver or the network; resumable
├── LedgerError (5)         held by another run, damaged, newer, or another shop's
├── BugError (70)           the account does not add up
└── InterruptedRunError (130, 143)
"""

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from richsync.model import Mistake


class RichsyncError(Exception):
    """An ending that is not a result: what happened, where and why, and in `hint` the next command."""

    exit_code: ClassVar[int] = 70

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def exit_status(self) -> int:
        """What the process exits with."""
        return self.exit_code


class UnusableError(RichsyncError):
    """The command cannot run as given: usage, configuration, unreadable input."""

    exit_code = 2


class BadMapError(UnusableError):
    """The field map `name` has mistakes; `mistakes` holds every one, in the order of the file."""

    def __init__(self, mistakes: "Sequence[Mistake]", name: str = "the map") -> None:
        count = len(mistakes)
        message = f"{name} has {count} mistake{'s' if count > 1 else ''}: nothing was read or sent"
        super().__init__(message, "mend the map and run the same command again")
        self.mistakes = tuple(mistakes)
        self.name = name


class WrongAddressError(UnusableError):
    """The receiver answered with a redirect, 404 or the like: nothing was marked."""


class NotAllowedError(RichsyncError):
    """The receiver refused the credentials."""

    exit_code = 3


class GaveUpError(RichsyncError):
    """The receiver or the network did not take the orders in time; the run can be resumed."""

    exit_code = 4


class LedgerError(RichsyncError):
    """The ledger is held by another run, damaged, newer than this richsync, or another shop's."""

    exit_code = 5


class BugError(RichsyncError):
    """The account of the run does not add up: a mistake in richsync itself."""

    exit_code = 70


class InterruptedRunError(RichsyncError):
    """Ctrl-C (130) or SIGTERM (143): what was not answered is pending."""

    def __init__(self, message: str, hint: str = "", *, signal_number: int = 2) -> None:
        super().__init__(message, hint)
        self.signal_number = signal_number

    @property
    def exit_status(self) -> int:
        """128 and the signal, as shells have it."""
        return 128 + self.signal_number
