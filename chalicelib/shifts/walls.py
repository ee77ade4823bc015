"""From what a wall clock shows to instants, and back. Pure.

A local time that a clock change skips is read by the offset before the gap and so falls after it; one that is shown twice is the first.
So do RFC 5545 (3.3.5) and PEP 495, and every calendar that reads our feeds.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo


@cache
def zone_of(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def instant(on: date, at: str, zone: str) -> datetime:
    """When the zone's wall clock shows `at` ("HH:MM") on this day, in UTC."""
    wall = datetime.combine(on, time.fromisoformat(at), tzinfo=zone_of(zone))
    return wall.astimezone(UTC)


def local_day(at: datetime, zone: str) -> date:
    return at.astimezone(zone_of(zone)).date()


def days(first: date, last: date) -> list[date]:
    """From the first to the last, both in it."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
