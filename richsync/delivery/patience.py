"""When to give up on a receiver that accepts nothing."""

from richsync.delivery.replies import RESUME, described
from richsync.errors import GaveUpError
from richsync.model import Reply


class Patience:
    """A breaker: it runs out after so many seconds in which something failed and nothing was decided.

    Decided means accepted, or refused for an order's fault. `first_reply` seconds hold until the first such
    reply, `give_up` from then on. Neither the time a receiver asked for nor the time in which nothing was
    under way counts.
    """

    def __init__(self, *, give_up: float, first_reply: float, now: float) -> None:
        self.held_until = now
        self._give_up = give_up
        self._first_reply = min(first_reply, give_up)
        self._quiet_since = now
        self._has_decided = False
        self._replied = False
        self._failure = ""

    @property
    def ends_at(self) -> float | None:
        """When it runs out; None while nothing has failed."""
        return self._quiet_since + self._seconds if self._failure else None

    @property
    def _seconds(self) -> float:
        return self._give_up if self._has_decided else self._first_reply

    def ran_out(self, now: float) -> bool:
        """Whether it is time to give up."""
        return self.ends_at is not None and now >= self.ends_at

    def begin(self, now: float) -> None:
        """Something is under way again, after nothing was."""
        if not self._failure:
            self._quiet_since = now

    def decided(self, now: float) -> None:
        """A batch was accepted, or refused for an order's fault."""
        self._has_decided = self._replied = True
        self._failure = ""
        self._quiet_since = max(now, self.held_until)

    def failed(self, reply: Reply) -> None:
        """A batch must be sent again."""
        self._replied = self._replied or reply.status is not None
        self._failure = described(reply)

    def hold(self, until: float, now: float) -> None:
        """The receiver asked to wait."""
        self._quiet_since += max(0.0, until - max(now, self.held_until))
        self.held_until = max(self.held_until, until)

    def ending(self) -> GaveUpError:
        """The ending of a run whose patience ran out."""
        what = "nothing was accepted" if self._replied else "the receiver did not answer"
        said = f"{what} for {self._seconds:g} s; the last failure: {self._failure}"
        is_longer_later = self._seconds < self._give_up
        return GaveUpError(said, f"--give-up 5m waits longer; {RESUME}" if is_longer_later else RESUME)
