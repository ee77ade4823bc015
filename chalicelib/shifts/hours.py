"""Business hours: when a queue is open by its clock, holidays and make-up days counted. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.agents.duty import Window
from chalicelib.protocol.shifts import BusinessHours, HolidayCalendar, HoursWindow, Weekday
from chalicelib.shifts.walls import days, instant, local_day

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOKED_AHEAD = timedelta(weeks=8)


@dataclass(frozen=True)
class Hours:
    """Hours with the calendar they go by."""

    rules: BusinessHours
    calendar: HolidayCalendar | None = None

    def windows_on(self, on: date) -> Sequence[HoursWindow]:
        """A make-up day has the hours of the day it makes up for; a holiday none."""
        special = next((d for d in self.calendar.days if d.on == on), None) if self.calendar else None
        if special is None:
            return self.rules.week.get(WEEKDAYS[on.weekday()], [])
        return self.rules.week.get(special.as_day, []) if special.working else []

    def open_between(self, since: datetime, until: datetime) -> list[Window]:
        """Half-open, in order, neighbours that touch as one, cut at neither end."""
        zone = self.rules.time_zone
        found: list[Window] = []
        around = days(local_day(since, zone) - timedelta(days=1), local_day(until, zone))
        opened = sorted(
            (_window(on, w, zone) for on in around for w in self.windows_on(on)), key=lambda w: w.opens_at
        )
        for window in opened:
            if window.closes_at <= window.opens_at:
                continue  # a clock change has swallowed it
            if found and window.opens_at <= found[-1].closes_at:
                found[-1] = Window(found[-1].opens_at, max(found[-1].closes_at, window.closes_at))
            else:
                found.append(window)
        return [w for w in found if w.closes_at > since and w.opens_at < until]

    def is_open(self, at: datetime) -> bool:
        return any(w.covers(at) for w in self.open_between(at, at + timedelta(minutes=1)))


def _window(on: date, hours: HoursWindow, zone: str) -> Window:
    """What ends no later than it starts ends on the next day."""
    last = on if hours.ends > hours.starts else on + timedelta(days=1)
    return Window(instant(on, hours.starts, zone), instant(last, hours.ends, zone))


def after_open_time(at: datetime, span: timedelta, hours: Sequence[Hours]) -> datetime:
    """When it has been open for so long since `at`. No hours, or none in sight: the clock's own time."""
    meeting = [Window(at, at + LOOKED_AHEAD)]
    for rules in hours:
        meeting = _both(meeting, rules.open_between(at, at + LOOKED_AHEAD))
    left = span
    for window in sorted(meeting, key=lambda w: w.opens_at):
        opens_at = max(window.opens_at, at)
        if window.closes_at - opens_at >= left:
            return opens_at + left
        left -= max(window.closes_at - opens_at, timedelta(0))
    return at + span


def next_opening(
    at: datetime, hours: Sequence[Hours], staffed: Sequence[Window] | None = None
) -> datetime | None:
    """The first instant, `at` or later, at which all of the hours are open and somebody serves; None: none in sight.

    No hours: round the clock. `staffed`: when somebody is on duty; None: always, for somebody has no roster.
    """
    horizon = at + LOOKED_AHEAD
    meeting = [Window(at, horizon)] if staffed is None else staffed
    for rules in hours:
        meeting = _both(meeting, rules.open_between(at, horizon))
    return min((max(w.opens_at, at) for w in meeting if w.closes_at > at), default=None)


def _both(some: Sequence[Window], others: Sequence[Window]) -> list[Window]:
    return [
        Window(max(one.opens_at, other.opens_at), min(one.closes_at, other.closes_at))
        for one in some
        for other in others
        if max(one.opens_at, other.opens_at) < min(one.closes_at, other.closes_at)
    ]
