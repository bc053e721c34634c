"""What a delivery is told, and what it tells its driver to do."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

from richsync.delivery.pace import PUBLISHED_RATE, Rate
from richsync.errors import RichsyncError
from richsync.model import Batch, Reply


@dataclass(frozen=True, slots=True)
class Policy:
    """How hard to try; `give_up` and `first_reply` are the seconds of `Patience`.

    Raises:
        ValueError: without a lane nothing could ever be sent.
    """

    rate: Rate = PUBLISHED_RATE
    lanes: int = 4
    give_up: float = 300.0
    first_reply: float = 20.0

    def __post_init__(self) -> None:
        if self.lanes < 1:
            raise ValueError("at least one lane is needed")

    def patient(self, seconds: float) -> "Policy":
        """The same with one patience, at the start and later."""
        return replace(self, give_up=seconds, first_reply=seconds)


class Send(NamedTuple):
    """Send this batch now; `attempt` counts from 1."""

    batch: Batch
    attempt: int


class Wait(NamedTuple):
    """Ask again at `until`, or as soon as something is answered; None: only then."""

    until: float | None
    reason: str


class Done(NamedTuple):
    """Nothing is in flight and nothing will be; without an ending every order was accepted or refused."""

    ending: RichsyncError | None


Move: TypeAlias = Send | Wait | Done


class Effort(NamedTuple):
    """What a delivery took so far.

    `requests` counts attempts, `retries` the failed ones by their reason, `ambiguous` those whose end does
    not tell whether the receiver has the orders.
    """

    requests: int
    retries: Mapping[str, int]
    ambiguous: int


NO_EFFORT = Effort(0, {}, 0)


class Settled(NamedTuple):
    """A batch that was sent is done with: "accepted", "refused", or None.

    None leaves its orders in doubt: they are sent again in other batches, or by the next run.
    """

    batch: Batch
    reply: Reply
    state: str | None
