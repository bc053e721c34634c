"""Time zones by the names that exports and maps use, and local times in them.

Rails' names are those of its `ActiveSupport::TimeZone`, as Square's exports carry them.
"""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from richsync.values.bad import Bad

_RAILS = {
    "Newfoundland": "America/St_Johns",
    "Atlantic Time (Canada)": "America/Halifax",
    "Eastern Time (US & Canada)": "America/New_York",
    "Indiana (East)": "America/Indiana/Indianapolis",
    "Central Time (US & Canada)": "America/Chicago",
    "Saskatchewan": "America/Regina",
    "Mountain Time (US & Canada)": "America/Denver",
    "Arizona": "America/Phoenix",
    "Pacific Time (US & Canada)": "America/Los_Angeles",
    "Alaska": "America/Juneau",
    "Hawaii": "Pacific/Honolulu",
    "London": "Europe/London",
    "Edinburgh": "Europe/London",
    "Dublin": "Europe/Dublin",
    "Paris": "Europe/Paris",
    "Madrid": "Europe/Madrid",
    "Tokyo": "Asia/Tokyo",
    "Osaka": "Asia/Tokyo",
    "Sapporo": "Asia/Tokyo",
    "Perth": "Australia/Perth",
    "Adelaide": "Australia/Adelaide",
    "Darwin": "Australia/Darwin",
    "Brisbane": "Australia/Brisbane",
    "Sydney": "Australia/Sydney",
    "Canberra": "Australia/Canberra",
    "Melbourne": "Australia/Melbourne",
    "Hobart": "Australia/Hobart",
}

_HOURS = {
    0: "UTC GMT Z WET",
    1: "CET WEST",
    2: "CEST EET SAST",
    3: "EEST MSK",
    8: "AWST HKT SGT",
    9: "JST KST",
    9.5: "ACST",
    10: "AEST",
    10.5: "ACDT",
    11: "AEDT",
    12: "NZST",
    13: "NZDT",
    -3: "BRT ART",
    -4: "EDT",
    -5: "EST CDT",
    -6: "MDT",
    -7: "MST PDT",
    -8: "PST AKDT",
    -9: "AKST",
    -10: "HST",
}
_OFFSETS = {name: timedelta(hours=hours) for hours, names in _HOURS.items() for name in names.split()}
_AMBIGUOUS = frozenset({"CST", "IST", "BST", "AST", "AMT", "GST", "SST", "WST", "PYT", "ECT"})

_EPOCH = date(1970, 1, 1).toordinal()
_DAY = 86_400_000
_MOST_DAYS = 20_000
_NO_DAY = Bad("RS507")
_TWICE = "stands twice, and the earlier one is taken"
_SKIPPED = "is skipped, and moved on by as much"


def zone(name: str) -> tzinfo:
    """A time zone by its IANA name, or by Rails' name of it.

    Raises:
        ValueError: no such zone.
    """
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(_RAILS.get(name, name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is not a time zone: use a name like Europe/Berlin, or UTC") from None


class Clock:
    """The clock of one zone: local times to epoch milliseconds.

    Days are remembered, because an export has few: one on which the clock does not change is an addition.
    """

    def __init__(self, zone: tzinfo | None) -> None:
        self.zone = zone or UTC
        self._days: dict[tuple[int, int, int], int | None] = {}

    def at(self, day: tuple[int, int, int], milliseconds: int) -> int | Bad:
        """The moment so many milliseconds after local midnight of (year, month, day).

        A time that stands twice is the earlier one; one that is skipped is moved on by what is skipped; both
        are told (RS522). A day that does not exist is RS507.
        """
        try:
            midnight = self._days[day]
        except KeyError:
            try:
                midnight = self._remembered(day)
            except (ValueError, OverflowError):
                return _NO_DAY
        return self._changing(day, milliseconds) if midnight is None else midnight + milliseconds

    def named(self, name: str, day: tuple[int, int, int], milliseconds: int) -> int | Bad:
        """The moment by the zone's abbreviation that stands beside it: this zone's own names come first."""
        found = self.at(day, milliseconds)
        if isinstance(found, Bad) and found.value is None:
            return found
        local = datetime(*day, tzinfo=self.zone) + timedelta(milliseconds=milliseconds)
        own = (each.utcoffset() for each in (local, local.replace(fold=1)) if each.tzname() == name)
        offset = next(own, None) or _OFFSETS.get(name)
        if offset is None:
            reason = "several zones are called so" if name in _AMBIGUOUS else "no zone is called so"
            return Bad("RS506", f" ({name}: {reason}; say `timezone:`)")
        return round(local.replace(tzinfo=timezone(offset)).timestamp() * 1000)

    def _remembered(self, day: tuple[int, int, int]) -> int | None:
        """UTC's epoch milliseconds at local midnight; None on a day on which the clock changes."""
        start = datetime(*day, tzinfo=self.zone)
        end = start + timedelta(days=1)
        offsets = {each.utcoffset() for each in (start, start.replace(fold=1), end)}
        shift = start.utcoffset() or timedelta()
        whole = (start.toordinal() - _EPOCH) * _DAY - round(shift.total_seconds() * 1000)
        if len(self._days) >= _MOST_DAYS:
            self._days.clear()
        self._days[day] = found = whole if len(offsets) == 1 else None
        return found

    def _changing(self, day: tuple[int, int, int], milliseconds: int) -> int | Bad:
        local = datetime(*day, tzinfo=self.zone) + timedelta(milliseconds=milliseconds)
        found = round(local.timestamp() * 1000)
        later = local.replace(fold=1).utcoffset() or timedelta()
        ahead = (local.utcoffset() or timedelta()) - later
        if not ahead:
            return found
        return Bad("RS522", _TWICE if ahead > timedelta() else _SKIPPED, found)
