"""What holds for every test."""

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

# How long an example takes says something about the machine, not about richsync. CI tries the same examples
# each time, so that it fails for a change and not by chance.
settings.register_profile("patient", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def _signals_are_heard_again() -> Iterator[None]:
    """A run that was interrupted ignores further signals, and here it ends before its process does."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
