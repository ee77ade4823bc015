"""The calendar's rules, one at a time: what the walk minute by minute proves together, said so that a person can read it."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.agents.duty import Window
from chalicelib.kit.values import AgentId
from chalicelib.protocol.shifts import (
    BreakRule,
    BusinessHours,
    CalendarDay,
    HolidayCalendar,
    HoursWindow,
    Leave,
    Override,
    RosterAssignment,
    Rotation,
    Shift,
    ShiftBreak,
    ShiftTemplate,
)
from chalicelib.shifts.calendar import Roster, cache_of, judge, spells, windows
from chalicelib.shifts.coverage import coverage, required_staff
from chalicelib.shifts.hours import Hours, next_opening
from chalicelib.shifts.moments import moments
from chalicelib.shifts.planning import (
    Book,
    long_runs,
    plan,
    shift_on,
    shifts_between,
    short_rests,
    template_on,
)
from chalicelib.shifts.walls import instant

ANN = AgentId("ann")
DAY = datetime(2026, 11, 23, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def at(hour: float, day: int = 0) -> datetime:
    return DAY + timedelta(days=day, hours=hour)


def shift(starts: float, ends: float, **facts: object) -> Shift:
    facts = {"id": f"s{starts}", **facts}
    return Shift(agent_id=ANN, starts_at=at(starts), ends_at=at(ends), **facts)  # type: ignore[arg-type]


def override(starts: float, ends: float, kind: str, made: float = 0) -> Override:
    return Override(
        id=f"o{made}",
        agent_id=ANN,
        kind=kind,  # type: ignore[arg-type]
        starts_at=at(starts),
        ends_at=at(ends),
        created_at=at(made),
        created_by="sue",
    )


# wall clocks


@pytest.mark.parametrize(
    ("zone", "on", "shows", "is_at"),
    [
        ("Europe/Berlin", date(2027, 3, 28), "02:30", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        ("Europe/Berlin", date(2027, 10, 31), "02:30", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        ("America/New_York", date(2027, 3, 14), "02:30", datetime(2027, 3, 14, 7, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", date(2027, 10, 3), "02:15", datetime(2027, 10, 2, 15, 45, tzinfo=UTC)),
        ("Asia/Kathmandu", date(2027, 1, 1), "00:00", datetime(2026, 12, 31, 18, 15, tzinfo=UTC)),
    ],
)
def test_a_skipped_local_time_falls_after_the_gap_and_a_doubled_one_is_the_first(
    zone: str, on: date, shows: str, is_at: datetime
) -> None:
    assert instant(on, shows, zone) == is_at


# rotations


def test_a_crews_offset_moves_it_into_the_cycle_and_the_anchor_reaches_back() -> None:
    rotation = Rotation(id="r", name="R", anchor=date(2026, 11, 23), days=["e", "l", None], time_zone="UTC")

    week = [date(2026, 11, 22) + timedelta(days=n) for n in range(5)]

    assert [template_on(rotation, 0, on) for on in week] == [None, "e", "l", None, "e"]
    assert [template_on(rotation, 1, on) for on in week] == ["e", "l", None, "e", "l"]
    assert [template_on(rotation, -1, on) for on in week] == ["l", None, "e", "l", None]


def test_an_assignment_holds_from_its_first_day_on_and_before_its_last() -> None:
    rotation = Rotation(id="r", name="R", anchor=date(2026, 11, 23), days=["t"], time_zone="Asia/Shanghai")
    template = ShiftTemplate(id="t", name="T", starts="22:00", duration_min=480, code="晚")
    book = Book({"r": rotation}, {"t": template})
    assignment = RosterAssignment(
        id="a", agent_id=ANN, rotation_id="r", from_=date(2026, 11, 23), to=date(2026, 11, 25)
    )

    made = shifts_between(assignment, at(-100), at(200), book)

    assert [s.on for s in made] == [date(2026, 11, 23), date(2026, 11, 24)]
    assert made[0].starts_at == at(14)
    assert made[0].code == "晚"
    assert made == [shift_on(assignment, s.on, book) for s in made if s.on]


# what is made again


def test_a_plan_made_twice_writes_nothing_the_second_time() -> None:
    wanted = [shift(9, 17, assignment_id="a"), shift(33, 41, assignment_id="a")]
    first = plan([], wanted, firm=False)

    assert first.put == tuple(wanted)
    assert not plan(first.put, wanted, firm=False)
    assert not plan(first.put, wanted, firm=True)


def test_a_published_shift_is_moved_by_a_firm_plan_alone() -> None:
    stands = shift(9, 17, id="x", assignment_id="a")
    moved = shift(10, 18, id="x", assignment_id="a")

    assert not plan([stands], [moved], firm=False)
    (put,) = plan([stands], [moved], firm=True).put
    assert (put.starts_at, put.version) == (at(10), 2)


def test_what_a_rotation_gives_no_more_goes_unless_it_is_promised() -> None:
    draft, promised = shift(9, 17, assignment_id="a", published=False), shift(33, 41, assignment_id="a")

    assert plan([draft, promised], [], firm=False).drop == (draft,)
    assert plan([draft, promised], [], firm=True).drop == (draft, promised)


def test_a_shift_made_by_hand_stays_and_what_would_overlap_it_is_named() -> None:
    by_hand, wanted = shift(12, 20, id="hand"), shift(9, 17, assignment_id="a")

    found = plan([by_hand], [wanted], firm=True)

    assert not found
    assert found.clashes == ((wanted, by_hand),)


# precedence


def test_an_override_goes_before_a_leave_and_the_newest_override_before_the_older() -> None:
    leave = Leave(
        id="l", agent_id=ANN, kind="sick", starts_at=at(0), ends_at=at(24), state="approved", created_at=at(0)
    )
    roster = Roster(
        ANN, (shift(9, 17),), (leave,), overrides=(override(10, 14, "add", 1), override(11, 12, "remove", 2))
    )

    seen = [(s.starts_at, s.judged.duty, s.judged.because) for s in spells(roster, at(9), at(17))]

    assert seen == [
        (at(9), "off_shift", "leave"),
        (at(10), "on_shift", "override"),
        (at(11), "off_shift", "override"),
        (at(12), "on_shift", "override"),
        (at(14), "off_shift", "leave"),
    ]


def test_a_leave_that_is_only_asked_for_and_a_shift_that_is_a_draft_count_for_nothing() -> None:
    asked = Leave(id="l", agent_id=ANN, kind="sick", starts_at=at(9), ends_at=at(17), created_at=at(0))

    assert judge(Roster(ANN, (shift(9, 17),), (asked,)), at(10)).duty == "on_shift"
    assert judge(Roster(ANN, (shift(9, 17, published=False),)), at(10)).duty == "off_shift"


def test_who_has_no_roster_is_on_but_for_a_leave() -> None:
    leave = Leave(
        id="l", agent_id=ANN, kind="sick", starts_at=at(9), ends_at=at(17), state="approved", created_at=at(0)
    )
    roster = Roster(ANN, leaves=(leave,), rostered=False)

    assert [judge(roster, at(h)).because for h in (8, 9, 17)] == ["no_roster", "leave", "no_roster"]
    assert cache_of(roster, at(8), at(24), None).works(at(18))
    assert not cache_of(roster, at(8), at(24), None).works(at(9))


def test_a_routable_break_is_no_break_for_dispatch() -> None:
    pauses = [
        ShiftBreak(starts_at=at(10), ends_at=at(10.25), routable=True, kind="reading"),
        ShiftBreak(starts_at=at(12), ends_at=at(12.5)),
    ]
    roster = Roster(ANN, (shift(9, 17, breaks=pauses),))

    assert [judge(roster, at(h)).duty for h in (10, 12, 12.5)] == ["on_shift", "on_break", "on_shift"]


# windows


def test_new_work_ends_ten_minutes_before_the_shift_and_at_a_breaks_very_start() -> None:
    roster = Roster(ANN, (shift(9, 17, breaks=[ShiftBreak(starts_at=at(12), ends_at=at(12.5))]),))

    assert windows(spells(roster, at(0), at(24))) == [
        Window(at(9), at(12)),
        Window(at(12.5), at(17) - timedelta(minutes=10)),
    ]


def test_shifts_that_touch_are_one_spell_of_work() -> None:
    roster = Roster(ANN, (shift(9, 17), shift(17, 20)))

    assert windows(spells(roster, at(0), at(24))) == [Window(at(9), at(20) - timedelta(minutes=10))]


def test_a_short_shift_keeps_half_of_itself_for_new_work_whenever_it_is_asked() -> None:
    roster = Roster(ANN, (shift(9, 9.2),), version=3)

    for now in (at(9), at(9.05)):
        assert cache_of(roster, now, at(24), None).windows == (Window(at(9), at(9.1)),)


# what is told


def test_a_shift_has_its_moments_in_order() -> None:
    roster = Roster(ANN, (shift(9, 17, breaks=[ShiftBreak(starts_at=at(12), ends_at=at(12.5))]),))

    told = [(m.at, m.what) for m in moments(roster, at(0), at(24))]

    assert told == [
        (at(9), "started"),
        (at(9) + timedelta(minutes=5), "late"),
        (at(12), "break"),
        (at(16.75), "ending"),
        (at(17), "ended"),
        (at(17.25), "hand_over"),
    ]


def test_each_moment_belongs_to_one_of_the_spans_it_is_asked_in() -> None:
    roster = Roster(ANN, (shift(9, 17), shift(22, 30), shift(40, 41)))
    cuts = [at(0) + n * timedelta(minutes=7) for n in range(500)]

    piecewise = [m for a, b in itertools.pairwise(cuts) for m in moments(roster, a, b)]

    assert piecewise == moments(roster, cuts[0], cuts[-1])


# warnings


def test_short_rest_and_too_many_days_in_a_row_are_found() -> None:
    late_then_early = [shift(14, 22), shift(30, 38)]
    week = [shift(24 * n + 9, 24 * n + 17) for n in range(7)]

    assert short_rests(late_then_early) == [(late_then_early[0], late_then_early[1])]
    assert short_rests([shift(9, 17), shift(28, 36)]) == []
    assert [len(run) for run in long_runs(week, "UTC")] == [7]
    assert long_runs(week[:6], "UTC") == []


# business hours


HOURS = BusinessHours(
    id="h",
    name="Shop",
    time_zone="Asia/Shanghai",
    week={
        day: [HoursWindow(starts="09:00", ends="12:00"), HoursWindow(starts="13:00", ends="18:00")]  # type: ignore[misc]
        for day in ("mon", "tue", "wed", "thu", "fri")
    },
    holiday_calendar_id="cn",
)
CALENDAR = HolidayCalendar(
    id="cn",
    name="中国",
    days=[
        CalendarDay(on=date(2026, 10, 1), name="国庆节"),
        CalendarDay(on=date(2026, 10, 2), name="国庆节"),
        CalendarDay(on=date(2026, 10, 10), name="调休", working=True, as_day="fri"),
    ],
)


def shanghai(day: int, hour: float) -> datetime:
    return datetime(2026, 10, day, tzinfo=UTC) + timedelta(hours=hour - 8)


def test_several_windows_a_day_are_half_open() -> None:
    hours = Hours(HOURS)

    opened = [
        hours.is_open(t)
        for t in (shanghai(8, 9) - SECOND, shanghai(8, 9), shanghai(8, 12), shanghai(8, 13), shanghai(8, 18))
    ]

    assert opened == [False, True, False, True, False]


def test_a_holiday_is_closed_and_a_make_up_day_open() -> None:
    hours = Hours(HOURS, CALENDAR)

    assert not hours.is_open(shanghai(1, 10))
    assert hours.is_open(shanghai(10, 10))
    assert not Hours(HOURS).is_open(shanghai(10, 10))
    assert next_opening(shanghai(1, 10), [hours]) == shanghai(5, 9)


def test_hours_over_night_reach_into_the_next_day() -> None:
    bar = BusinessHours(
        id="b", name="Bar", time_zone="UTC", week={"mon": [HoursWindow(starts="20:00", ends="03:00")]}
    )

    assert Hours(bar).open_between(at(0), at(48)) == [Window(at(20), at(27))]
    assert Hours(bar).is_open(at(2, day=1))
    assert not Hours(bar).is_open(at(3, day=1))


def test_a_queue_opens_when_its_hours_and_somebody_on_duty_meet() -> None:
    always = Hours(
        BusinessHours(
            id="x",
            name="X",
            time_zone="UTC",
            week={"mon": [HoursWindow(starts="09:00", ends="18:00")]},
        )
    )

    assert next_opening(at(0), [always], [Window(at(6), at(8)), Window(at(11), at(19))]) == at(11)
    assert next_opening(at(12), [always], [Window(at(11), at(19))]) == at(12)
    assert next_opening(at(0), [], [Window(at(6), at(8))]) == at(6)
    assert next_opening(at(0), [], []) is None
    assert next_opening(at(20), [always]) == at(9, day=7)


# coverage


def test_an_agent_counts_in_the_quarters_they_serve_through() -> None:
    template = ShiftTemplate(id="t", name="T", starts="09:00", duration_min=60, min_staff=2, queue_ids=["q"])
    worked = shift(9, 10, template_id="t", breaks=[ShiftBreak(starts_at=at(9.5), ends_at=at(9.6))])
    required = required_staff([worked], {"t": template}, "q")

    found = coverage(
        [Roster(ANN, (worked,)), Roster(AgentId("bob"), rostered=False)], required, at(9), at(10.25)
    )

    assert [(q.staff, q.always, q.required, q.gap) for q in found] == [
        (2, 1, 2, 0),
        (2, 1, 2, 0),
        (1, 1, 2, 1),
        (2, 1, 2, 0),
        (1, 1, 0, 0),
    ]
    assert required_staff([worked], {"t": template}, "another") == {}


def test_a_break_outside_its_shift_is_refused() -> None:
    with pytest.raises(ValueError, match="does not lie within"):
        ShiftTemplate(
            id="t",
            name="T",
            starts="09:00",
            duration_min=60,
            breaks=[BreakRule(offset_min=50, duration_min=20)],
        )
