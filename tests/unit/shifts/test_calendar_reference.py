"""The calendar against a slow and obvious one that walks minute by minute, over every change of clock from 2024 to 2035.

DESKBELL_CALENDAR_ROUNDS: how many rosters are made up around each change; one in every run of the tests.
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from chalicelib.kit.values import AgentId
from chalicelib.protocol.shifts import (
    BreakRule,
    Leave,
    Override,
    RosterAssignment,
    Rotation,
    Shift,
    ShiftTemplate,
    Swap,
)
from chalicelib.shifts.calendar import Judged, Roster, judge, spells
from chalicelib.shifts.planning import Book, breaks_of, shifts_between

ROUNDS = int(os.environ.get("DESKBELL_CALENDAR_ROUNDS", "1"))
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Shanghai",
    "Asia/Kathmandu",
)
MINUTE = timedelta(minutes=1)
ANN = AgentId("ann")
BOB = AgentId("bob")
UNCHANGING = (date(2024, 2, 28), date(2026, 12, 31), date(2032, 2, 29))
"""For zones without a change: a leap day, a turn of the year, another leap day."""


def changes(zone: str) -> list[datetime]:
    """The hour in which each change of the zone's clock happens, found by looking."""
    tz, at = ZoneInfo(zone), datetime(2024, 1, 1, tzinfo=UTC)
    found = []
    while at < datetime(2036, 1, 1, tzinfo=UTC):
        following = at + timedelta(hours=6)
        if at.astimezone(tz).utcoffset() != following.astimezone(tz).utcoffset():
            hours = (at + timedelta(hours=n) for n in range(7))
            found.append(
                next(
                    h
                    for h in hours
                    if (h + timedelta(hours=1)).astimezone(tz).utcoffset() != h.astimezone(tz).utcoffset()
                )
            )
        at = following
    return found


def cases() -> Iterator[tuple[str, datetime]]:
    for zone in ZONES:
        found = changes(zone)
        yield from ((zone, at) for at in found)
        if not found:
            yield from ((zone, datetime.combine(on, time(12), tzinfo=UTC)) for on in UNCHANGING)


class Slow:
    """Two days either side, a wall clock read for each minute of them."""

    def __init__(self, zone: str, around: datetime) -> None:
        self.first = around.replace(minute=0) - timedelta(days=2)
        tz = ZoneInfo(zone)
        self.walls = [
            (self.first + n * MINUTE).astimezone(tz).replace(tzinfo=None) for n in range(4 * 24 * 60)
        ]
        self.shown: dict[datetime, int] = {}
        for n, wall in enumerate(self.walls):
            self.shown.setdefault(wall, n)
        self.duty: list[Judged] = [Judged("off_shift", "no_shift")] * len(self.walls)

    def when_it_shows(self, on: date, at: str) -> int | None:
        """The first minute at which the wall clock shows this; if none does, as far after the gap as it would lie within."""
        asked = datetime.combine(on, time.fromisoformat(at))
        if not self.walls[0] <= asked <= self.walls[-1]:
            return None
        if asked in self.shown:
            return self.shown[asked]
        for n, wall in enumerate(self.walls):
            if wall > asked and self.walls[n - 1] < asked:
                return n + int((asked - self.walls[n - 1]) / MINUTE) - 1
        return None

    def paint(self, starts_at: datetime, ends_at: datetime, judged: Judged) -> None:
        first, last = (starts_at - self.first) // MINUTE, (ends_at - self.first) // MINUTE
        for n in range(max(0, first), min(last, len(self.walls))):
            self.duty[n] = judged

    def work(self, start: int, template: ShiftTemplate, shift_id: str) -> None:
        for worked in range(template.duration_min):
            pauses = any(
                b.offset_min <= worked < b.offset_min + b.duration_min and not b.routable
                for b in template.breaks
            )
            if 0 <= start + worked < len(self.duty) and self.duty[start + worked].duty == "off_shift":
                self.duty[start + worked] = (
                    Judged("on_break", "break", shift_id) if pauses else Judged("on_shift", "shift", shift_id)
                )


def made_up(zone: str, around: datetime, random: Random) -> tuple[Slow, Roster]:
    slow = Slow(zone, around)
    wall = (around + timedelta(minutes=random.choice((0, 29, 30, 45, 59, 60, 61, 90)))).astimezone(
        ZoneInfo(zone)
    )
    starts = random.choice((f"{wall:%H:%M}", "02:30", "02:00", "01:45", "22:00", "00:00", "09:15"))
    duration = random.choice((1, 45, 480, 600, 1440))
    breaks = []
    if duration > 60:
        offset = random.randrange(0, duration - 60)
        breaks = [
            BreakRule(offset_min=offset, duration_min=random.randrange(1, 60), routable=random.random() < 0.3)
        ]
    template = ShiftTemplate(id="t", name="T", starts=starts, duration_min=duration, breaks=breaks)
    on = around.astimezone(ZoneInfo(zone)).date()
    rotation = Rotation(
        id="r",
        name="R",
        anchor=on - timedelta(days=random.randrange(400)),
        days=[random.choice(("t", "t", None)) for _ in range(random.randrange(1, 8))],
        time_zone=zone,
    )
    assignment = RosterAssignment(
        id="a", agent_id=ANN, rotation_id="r", offset=random.randrange(-9, 9), from_=on - timedelta(days=3)
    )
    book = Book({"r": rotation}, {"t": template})
    made = shifts_between(assignment, slow.first, slow.first + timedelta(days=4), book)
    published = [s.model_copy(update={"published": True}) for s in made]
    _walk(slow, rotation, assignment, template, published)
    return slow, _changed(slow, published, random)


def _walk(
    slow: Slow, rotation: Rotation, assignment: RosterAssignment, template: ShiftTemplate, made: list[Shift]
) -> None:
    """Day after day through the cycle, counting on fingers; each day's shift starts where the wall clock shows it."""
    ids = {shift.on: shift.id for shift in made}
    place, on = assignment.offset % len(rotation.days), rotation.anchor
    while on > assignment.from_:
        on -= timedelta(days=len(rotation.days))
    while on <= slow.walls[-1].date():
        if rotation.days[place] and on >= assignment.from_ and on in ids:
            start = slow.when_it_shows(on, template.starts)
            assert start is not None, on
            slow.work(start, template, ids[on])
        elif rotation.days[place] and on >= assignment.from_:
            start = slow.when_it_shows(on, template.starts)
            assert start is None or not 0 <= start < len(slow.walls), f"{on} has no shift"
        place, on = (place + 1) % len(rotation.days), on + timedelta(days=1)


def _changed(slow: Slow, shifts: list[Shift], random: Random) -> Roster:
    """Leaves first, then swaps, then overrides, each painted over what is there: that is what precedence means."""

    def span() -> tuple[datetime, datetime]:
        starts_at = slow.first + random.randrange(len(slow.walls)) * MINUTE
        return starts_at, starts_at + random.randrange(1, 900) * MINUTE

    leaves, swaps, overrides = [], [], []
    for n in range(random.randrange(3)):
        since, until = span()
        state = random.choice(("approved", "approved", "requested", "declined", "cancelled"))
        leaves.append(
            Leave(
                id=f"l{n}",
                agent_id=ANN,
                kind="annual",
                starts_at=since,
                ends_at=until,
                state=state,
                created_at=since,
            )
        )
        if state == "approved":
            slow.paint(since, until, Judged("off_shift", "leave"))
    for n in range(random.randrange(3)):
        since, until = span()
        gives = random.random() < 0.5
        swaps.append(
            Swap(
                id=f"s{n}",
                agent_id=ANN if gives else BOB,
                taken_by=BOB if gives else ANN,
                shift_id="x",
                starts_at=since,
                ends_at=until,
                state="approved",
                created_at=slow.first,
                decided_at=slow.first + n * MINUTE,
            )
        )
        slow.paint(since, until, Judged("off_shift", "swap") if gives else Judged("on_shift", "swap", "x"))
    for n in range(random.randrange(4)):
        since, until = span()
        kind = random.choice(("add", "remove", "replace", "stands in"))
        overrides.append(
            Override(
                id=f"o{n}",
                agent_id=BOB if kind == "stands in" else ANN,
                by_agent_id={"replace": BOB, "stands in": ANN}.get(kind),
                kind="replace" if kind == "stands in" else kind,
                starts_at=since,
                ends_at=until,
                created_at=slow.first + n * MINUTE,
                created_by="sue",
            )
        )
        works = kind in ("add", "stands in")
        slow.paint(since, until, Judged("on_shift" if works else "off_shift", "override"))
    return Roster(ANN, tuple(shifts), tuple(leaves), tuple(swaps), tuple(overrides), version=1)


def runs(slow: Slow) -> list[tuple[datetime, Judged]]:
    """Where each stretch of the minutes begins."""
    return [
        (slow.first + n * MINUTE, judged)
        for n, judged in enumerate(slow.duty)
        if n == 0 or judged != slow.duty[n - 1]
    ]


@pytest.mark.parametrize(
    ("zone", "around"), list(cases()), ids=lambda x: f"{x:%Y-%m-%d}" if isinstance(x, datetime) else x
)
def test_the_calendar_says_what_a_walk_minute_by_minute_says(zone: str, around: datetime) -> None:
    for round_ in range(ROUNDS):
        random = Random(f"{zone} {around} {round_}")
        slow, roster = made_up(zone, around, random)
        until = slow.first + len(slow.walls) * MINUTE

        found = spells(roster, slow.first, until)

        assert [(s.starts_at, s.judged) for s in found] == runs(slow)
        assert [s.ends_at for s in found] == [s.starts_at for s in found[1:]] + [until]
        for spell in random.sample(found, min(4, len(found))):
            assert (
                judge(roster, spell.starts_at) == judge(roster, spell.ends_at - MINUTE / 60) == spell.judged
            )


def test_every_change_of_clock_of_these_years_is_among_the_cases() -> None:
    by_zone = {zone: len(changes(zone)) for zone in ZONES}

    assert by_zone == {
        "Europe/Berlin": 24,
        "America/New_York": 24,
        "Australia/Lord_Howe": 24,
        "America/Sao_Paulo": 0,
        "Asia/Shanghai": 0,
        "Asia/Kathmandu": 0,
    }


def test_the_minutes_of_work_stay_the_same_whatever_the_clock_does() -> None:
    template = ShiftTemplate(
        id="t",
        name="Night",
        starts="22:00",
        duration_min=600,
        breaks=[BreakRule(offset_min=240, duration_min=30)],
    )
    rotation = Rotation(id="r", name="R", anchor=date(2024, 1, 1), days=["t"], time_zone="Europe/Berlin")
    assignment = RosterAssignment(id="a", agent_id=ANN, rotation_id="r", from_=date(2024, 1, 1))
    book = Book({"r": rotation}, {"t": template})

    made = shifts_between(
        assignment, datetime(2024, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC), book
    )

    assert {shift.ends_at - shift.starts_at for shift in made} == {timedelta(minutes=600)}
    assert {b.ends_at - b.starts_at for shift in made for b in shift.breaks} == {timedelta(minutes=30)}
    assert len(made) == 12 * 365 + 3
    assert breaks_of(template, made[0].starts_at) == made[0].breaks
