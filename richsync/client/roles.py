"""Who takes part in a delivery beside the receiver."""

from typing import Protocol

from richsync.delivery.moves import Wait
from richsync.delivery.replies import ReplyClass
from richsync.model import Batch, Reply


class Recorder(Protocol):
    """The ledger's part: what it opens and settles is durable once `commit` returns."""

    def opening(self, batch: Batch) -> None:
        """Write the batch's orders down as being sent."""

    def settle(self, batch: Batch, reply: Reply, state: str | None) -> None:
        """Write down how it ended: "accepted", "refused", or None when its orders stay in doubt."""

    def commit(self) -> None:
        """Make everything since the last commit durable."""


class Watcher(Protocol):
    """Whoever shows progress and keeps the account."""

    def sent(self, batch: Batch, attempt: int) -> None:
        """A request is about to leave."""

    def answered(self, batch: Batch, reply: Reply, reply_class: ReplyClass) -> None:
        """An attempt ended."""

    def waiting(self, wait: Wait) -> None:
        """A lane has nothing to send for now."""

    def interrupted(self, in_flight: int) -> None:
        """The first signal came; so many requests are still to be answered."""

    def settled(self, batch: Batch, reply: Reply, state: str | None) -> None:
        """What `Recorder.settle` was told has been committed."""
