"""How long the receiver took to answer."""

from array import array
from collections.abc import Callable, Mapping

_SHARES = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}


class Latencies:
    """The time from each request to its whole reply, by the number of its batch."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._begun: dict[int, float] = {}
        self._taken = array("d")

    def begin(self, number: int) -> None:
        """The request leaves."""
        self._begun[number] = self._clock()

    def end(self, number: int, *, is_whole: bool) -> None:
        """It came to an end; one without a whole reply does not count."""
        began = self._begun.pop(number)
        if is_whole:
            self._taken.append(self._clock() - began)

    def percentiles(self) -> Mapping[str, float]:
        """`p50`, `p90`, `p99` and `max` in seconds; nothing when nothing was answered."""
        taken = sorted(self._taken)
        return {name: taken[round((len(taken) - 1) * share)] for name, share in _SHARES.items() if taken}
