"""The whole table, by code."""

from collections.abc import Mapping

from richsync.checks.check import Check
from richsync.checks.events import EVENTS
from richsync.checks.files import FILES
from richsync.checks.maps import MAPS
from richsync.checks.numbers_and_dates import NUMBERS_AND_DATES
from richsync.checks.orders import ORDERS
from richsync.checks.presence import PRESENCE
from richsync.checks.sense import SENSE
from richsync.checks.structure import STRUCTURE
from richsync.checks.texts import TEXTS

_EVERY = (*FILES, *STRUCTURE, *MAPS, *PRESENCE, *NUMBERS_AND_DATES, *TEXTS, *SENSE, *ORDERS, *EVENTS)

CHECKS: Mapping[str, Check] = {each.code: each for each in sorted(_EVERY, key=lambda each: each.code)}
_NAMED: Mapping[str, Check] = {each.name: each for each in _EVERY} | dict(CHECKS)

NAMES = tuple(_NAMED)
"""Every word that a finding goes by: its code, and its name."""


def named(word: str) -> Check | None:
    """The finding by its code or its name, in any case; None when there is none."""
    return _NAMED.get(word.upper()) or _NAMED.get(word.lower())
