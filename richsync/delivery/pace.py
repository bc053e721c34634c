"""How fast requests may follow one another, and how long to wait after a failure."""

import math
import re
from collections.abc import Callable
from typing import NamedTuple

_LONGEST_BACK_OFF = 30.0
_SLOWEST = 1 / 16
_FASTER_AFTER = 20


class Rate(NamedTuple):
    """At most so many requests in any window of so many seconds; 0 seconds: unlimited."""

    requests: int
    seconds: float

    @property
    def interval(self) -> float:
        """Seconds between two requests."""
        return self.seconds / self.requests


UNLIMITED = Rate(1, 0.0)
PUBLISHED_RATE = Rate(50, 30.0)
"""The only limit Richpanel publishes, that of its REST API."""

_RATE = r"([1-9][0-9]{0,8})/([1-9][0-9]{0,8})?([smh])"
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}


def parse_rate(text: str) -> Rate:
    """Read `50/30s`, `5/s`, `2/m` or `unlimited`.

    Raises:
        ValueError: it is none of these; the text says how a rate is written.
    """
    if text.strip() == "unlimited":
        return UNLIMITED
    match = re.fullmatch(_RATE, text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a rate: write 50/30s, 5/s, 2/m or unlimited")
    requests, count, unit = match.groups()
    return Rate(int(requests), int(count or 1) * _SECONDS[unit])


class Pace:
    """Even spacing under a ceiling: halved when the receiver asks, a tenth faster after 20 acceptances.

    It never falls below a sixteenth of the ceiling: a receiver that refuses one request in twenty would
    otherwise bring a run to a standstill.
    """

    def __init__(self, ceiling: Rate) -> None:
        self._interval = ceiling.interval
        self._share = 1.0
        self._accepted = 0
        self._last = -math.inf

    @property
    def free_at(self) -> float:
        """When the next request may leave."""
        return self._last + self._interval / self._share

    def dispatched(self, now: float) -> None:
        """A request left."""
        self._last = now

    def accepted(self) -> None:
        """A request was accepted."""
        self._accepted += 1
        if self._accepted % _FASTER_AFTER == 0:
            self._share = min(1.0, self._share * 1.1)

    def slow_down(self) -> None:
        """The receiver is overrun and did not say for how long."""
        self._accepted = 0
        self._share = max(_SLOWEST, self._share / 2)


def back_off(failures: int, random: Callable[[], float]) -> float:
    """Seconds to wait after so many failures: doubling up to half a minute, with full jitter."""
    return random() * min(_LONGEST_BACK_OFF, 0.5 * 2.0 ** min(failures, 10))
