"""In a shift work comes by itself: what the minute's round makes of a roster, and that twice, late, overlapping or overtaken it leaves the same."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.house import Client, House
from tests.unit.shifts.scheduler import HOUR, SECOND, Scheduler, hours, iso

MINUTE = timedelta(minutes=1)
LUNCH = [{"offset_min": 180, "duration_min": 30, "kind": "lunch"}]


@pytest.fixture
def sam(house: House) -> Scheduler:
    return Scheduler(house)


def at(house: House, when: datetime, *here: Client) -> None:
    """It is that time now, and these have not gone away meanwhile."""
    house.clock.now = when
    for client in here:
        client.ask("ping")


def tick(house: House, when: datetime, *here: Client) -> int:
    at(house, when, *here)
    return house.desk.rounds.rotate_shifts()


def told(client: Client) -> list[str]:
    return [f["type"] for f in client.told if f["type"].startswith(("shift.", "break."))]


def status(house: House, name: str) -> tuple[str, str | None]:
    agent = house.agent(name)
    return agent.routing_status, agent.break_reason


def owner(house: House, session_id: str) -> str | None:
    agent = house.desk.session_store.tail(session_id).session.agent  # type: ignore[arg-type]
    return agent.name if agent else None


def outcome(house: House) -> list[Any]:
    """All that a round leaves of each agent, but for when it came and the seconds of a choice that is over."""
    agents = [house.agent(name) for name in ("ann", "bob", "sue")]
    now = house.clock.now
    return [
        (
            a.routing_status,
            a.break_reason,
            a.status_at,
            a.pause,
            a.on_since,
            a.slots,
            a.duty(now),
            a.works(now),
        )
        for a in agents
    ]


def lunch_shift(sam: Scheduler, name: str = "ann") -> dict[str, Any]:
    """From one to nine o'clock after noon, with lunch from four to half past."""
    template_id = sam.template("13:00", breaks=LUNCH)
    return sam.shift(name, 1, 9, template_id=template_id)


# a shift's life


def test_a_shift_that_starts_sets_accepting_and_leaves_ten_seconds_to_say_not_yet(
    house: House, sam: Scheduler
) -> None:
    ann = house.on_duty("ann")
    made = sam.shift("ann", 1, 9)
    ann.ask("set_routing_status", status="busy")
    session_id, _ = house.waiting()

    assert tick(house, hours(1), ann) == 1

    (started,) = ann.heard("shift.started")
    assert started == {
        "type": "shift.started",
        "shift_id": made["id"],
        "starts_at": iso(hours(1)),
        "ends_at": iso(hours(9)),
        "accepting": True,
        "choose_until": iso(hours(1) + 10 * SECOND),
    }
    assert status(house, "ann") == ("accepting", None)
    assert owner(house, session_id) is None
    house.clock.now = hours(1) + 10 * SECOND
    house.desk.rounds.drain_queues()
    assert owner(house, session_id) == "Ann"


def test_not_yet_is_a_status_like_any_other_and_stands(house: House, sam: Scheduler) -> None:
    ann = house.on_duty("ann")
    sam.shift("ann", 1, 9)
    ann.ask("set_routing_status", status="busy")
    tick(house, hours(1), ann)
    session_id, _ = house.waiting()

    ann.ask("set_routing_status", status="busy")
    house.clock.passes(minutes=1)
    house.desk.rounds.drain_queues()
    tick(house, hours(1.1), ann)

    assert status(house, "ann") == ("busy", None)
    assert owner(house, session_id) is None


def test_whoever_accepts_already_gets_what_waits_as_the_shift_starts(house: House, sam: Scheduler) -> None:
    ann = house.on_duty("ann")
    sam.shift("ann", 1, 9)
    session_id, _ = house.waiting()

    tick(house, hours(1), ann)

    assert ann.heard("shift.started")[0]["accepting"] is False
    assert owner(house, session_id) == "Ann"


def test_a_break_sets_and_ends_itself_and_brings_back_what_was(house: House, sam: Scheduler) -> None:
    ann = house.on_duty("ann")
    lunch_shift(sam)
    tick(house, hours(1), ann)

    tick(house, hours(4), ann)
    assert status(house, "ann") == ("break", "lunch")
    assert ann.heard("break.started")[0]["ends_at"] == iso(hours(4.5))
    session_id, _ = house.waiting()
    assert owner(house, session_id) is None

    tick(house, hours(4.5), ann)
    assert status(house, "ann") == ("accepting", None)
    assert owner(house, session_id) == "Ann"
    assert told(ann) == ["shift.started", "break.started", "break.ended"]


def test_a_live_chat_delays_a_break_and_never_cancels_it(house: House, sam: Scheduler) -> None:
    ann = house.on_duty("ann")
    lunch_shift(sam)
    tick(house, hours(1), ann)
    session_id, _ = house.waiting()
    assert owner(house, session_id) == "Ann"

    tick(house, hours(4), ann)
    assert status(house, "ann") == ("busy", "break due")
    tick(house, hours(4.6), ann)
    assert status(house, "ann") == ("busy", "break due")
    ann.ask("end_session", session_id=session_id)
    ann.ask("file_disposition", session_id=session_id, option_id="product")
    tick(house, hours(4.7), ann)

    assert status(house, "ann") == ("break", "lunch")
    assert ann.heard("break.started")[-1]["ends_at"] == iso(hours(5.2))
    tick(house, hours(5.2), ann)
    assert status(house, "ann") == ("accepting", None)


def test_an_agent_may_end_a_break_by_hand_and_it_does_not_come_back(house: House, sam: Scheduler) -> None:
    ann = house.on_duty("ann")
    lunch_shift(sam)
    tick(house, hours(1), ann)
    tick(house, hours(4), ann)

    at(house, hours(4.2), ann)
    ann.ask("set_routing_status", status="busy")
    for hour in (4.3, 4.5, 4.6):
        tick(house, hours(hour), ann)

    assert status(house, "ann") == ("busy", None)


def test_before_the_end_the_agent_hears_what_is_on_the_desk_and_gets_nothing_new(
    house: House, sam: Scheduler
) -> None:
    ann = house.on_duty("ann")
    made = sam.shift("ann", 1, 9)
    tick(house, hours(1), ann)
    session_id, _ = house.waiting()

    tick(house, hours(8.75), ann)
    assert ann.heard("shift.ending") == [
        {
            "type": "shift.ending",
            "shift_id": made["id"],
            "ends_at": iso(hours(9)),
            "last_dispatch_at": iso(hours(9) - 10 * MINUTE),
            "sessions": [session_id],
        }
    ]
    house.clock.now = hours(9) - 10 * MINUTE - 2 * SECOND
    assert owner(house, house.waiting()[0]) == "Ann"
    house.clock.now = hours(9) - 10 * MINUTE
    assert owner(house, house.waiting()[0]) is None
    tick(house, hours(9), ann)
    assert ann.heard("shift.ended")[0]["hand_over_at"] == iso(hours(9.25))


def test_who_is_not_accepting_five_minutes_after_the_start_is_said_to_be_late_once(
    house: House, sam: Scheduler
) -> None:
    ann = house.on_duty("ann")
    sam.shift("ann", 1, 9)
    tick(house, hours(1), ann)
    ann.ask("set_routing_status", status="busy")

    for minutes in (4, 5, 6):
        tick(house, hours(1) + minutes * MINUTE, ann)

    late = [e for e in ann.heard("agent.status_changed") if e["why"].startswith("late")]
    assert len(late) == 1


def test_what_is_left_on_a_desk_goes_to_the_next_crew_after_a_quarter_of_an_hour(
    house: House, sam: Scheduler
) -> None:
    ann, bob = house.on_duty("ann"), house.on_duty("bob")
    sam.shift("ann", 1, 3)
    sam.shift("bob", 3, 6)
    tick(house, hours(1), ann, bob)
    session_id, _ = house.waiting()
    assert owner(house, session_id) == "Ann"

    tick(house, hours(3), ann, bob)
    tick(house, hours(3.24), ann, bob)
    assert owner(house, session_id) == "Ann"
    tick(house, hours(3.25), ann, bob)

    assert owner(house, session_id) == "Bob"
    assert house.load("ann") == (0.0, frozenset())


def test_without_a_next_crew_it_is_finished_in_overtime_and_handed_on_when_one_comes(
    house: House, sam: Scheduler
) -> None:
    ann, bob = house.on_duty("ann"), house.on_duty("bob")
    house.desk.agents.set_status(house.agent("sue").id, "offline", None)
    sam.shift("ann", 1, 3)
    sam.shift("bob", 5, 8)
    tick(house, hours(1), ann, bob)
    session_id, _ = house.waiting()

    for hour in (3, 3.25, 3.5, 4.9):
        tick(house, hours(hour), ann, bob)
        assert owner(house, session_id) == "Ann"
    tick(house, hours(5.1), ann, bob)
    tick(house, hours(5.2), ann, bob)

    assert owner(house, session_id) == "Bob"


def test_staying_on_is_overtime_with_work_and_only_for_who_is_there(house: House, sam: Scheduler) -> None:
    ann = house.on_duty("ann")
    sam.shift("ann", 1, 3)
    path = f"/v1/agents/{ann.caller.id}/stay-on"
    assert ann.rest("POST", path, {"minutes": 30}).code == "not_on_duty"
    house.clock.now = hours(2.9)

    made = ann.rest("POST", path, {"minutes": 30})

    assert (made.status, made.body["starts_at"], made.body["ends_at"]) == (
        201,
        iso(hours(3)),
        iso(hours(3.5)),
    )
    assert sam.duty("ann", hours(3.2))["duty"] == "overtime"
    house.clock.now = hours(3.2)
    assert owner(house, house.waiting()[0]) == "Ann"
    assert ann.rest("POST", f"/v1/agents/{sam.agent('bob')}/stay-on", {"minutes": 30}).status == 404


# as a scheduled function


def busy_day(house: House, sam: Scheduler) -> tuple[Client, Client]:
    """Ann has lunch, Bob works through, Bob says himself that he is busy for a while."""
    ann, bob = house.on_duty("ann"), house.on_duty("bob")
    lunch_shift(sam)
    sam.shift("bob", 2, 12)
    return ann, bob


def day_by_the_minute(house: House, people: tuple[Client, ...], until: datetime, every: timedelta) -> None:
    now = hours(0)
    while now < until:
        now = min(now + every, until)
        if now == hours(2.5):
            at(house, now)
            people[1].ask("set_routing_status", status="busy")
        tick(house, now, *people)


@pytest.mark.parametrize("until", [1.5, 4.2, 10])
def test_late_by_hours_it_leaves_what_running_in_time_left(until: float) -> None:
    left = []
    for every in (15 * MINUTE, 30 * MINUTE, 24 * HOUR):
        with House.open(randomness=Once()) as house:
            people = busy_day(house, Scheduler(house))
            if every > HOUR:
                at(house, hours(min(2.5, until)), *people)
                if until >= 2.5:
                    people[1].ask("set_routing_status", status="busy")
                tick(house, hours(until), *people)
            else:
                day_by_the_minute(house, people, hours(until), every)
            left.append(outcome(house))

    assert left[0] == left[1] == left[2]


class Once:
    """Ids that are the same in each house."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, bits: int) -> int:
        self._count += 1
        return self._count


def test_twice_is_nothing(house: House, sam: Scheduler) -> None:
    ann, bob = busy_day(house, sam)
    tick(house, hours(4), ann, bob)
    before, heard = outcome(house), told(ann)

    assert tick(house, hours(4), ann, bob) == 0

    assert (outcome(house), told(ann)) == (before, heard)


def test_two_that_overlap_tell_everything_once(house: House, sam: Scheduler) -> None:
    ann = house.on_duty("ann")
    sam.shift("ann", 1, 9)
    at(house, hours(1), ann)
    house.faults.before("UpdateItem", house.desk.rounds.rotate_shifts, about="rotated_to")

    house.desk.rounds.rotate_shifts()

    assert house.faults.none_left
    assert told(ann) == ["shift.started"]


def test_a_late_off_never_overtakes_a_newer_on(house: House, sam: Scheduler) -> None:
    """The round has decided that Ann's shift is over; before it writes, she stays on."""
    ann = house.on_duty("ann")
    sam.shift("ann", 1, 3)
    tick(house, hours(1), ann)
    at(house, hours(3), ann)
    house.faults.before("UpdateItem", lambda: sam.override("ann", 2.9, 5, "add"), about="rotated_to")

    house.desk.rounds.rotate_shifts()

    assert house.faults.none_left
    assert "shift.ended" not in told(ann)
    assert house.agent("ann").on_since is not None
    assert owner(house, house.waiting()[0]) == "Ann"


def test_a_stale_round_never_overrides_a_status_set_meanwhile(house: House, sam: Scheduler) -> None:
    ann = house.on_duty("ann")
    lunch_shift(sam)
    tick(house, hours(1), ann)
    at(house, hours(4), ann)
    house.faults.before(
        "TransactWriteItems",
        lambda: ann.ask("set_routing_status", status="busy", reason="boss"),
        about="rotated_to",
    )
    house.clock.passes(seconds=1)

    house.desk.rounds.rotate_shifts()

    assert house.faults.none_left
    assert status(house, "ann") == ("busy", "boss")


def test_a_round_whose_answer_is_lost_is_mended_by_the_next(house: House, sam: Scheduler) -> None:
    ann = house.on_duty("ann")
    sam.shift("ann", 1, 9)
    ann.ask("set_routing_status", status="busy")
    at(house, hours(1), ann)
    house.faults.answer_lost("TransactWriteItems", about="rotated_to")
    house.desk.rounds.rotate_shifts()

    tick(house, hours(1) + MINUTE, ann)

    assert house.faults.none_left
    assert status(house, "ann") == ("accepting", None)


def test_no_round_is_needed_for_work_to_come_and_to_stop(house: House, sam: Scheduler) -> None:
    """A late tick misroutes nothing."""
    house.on_duty("ann")
    sam.shift("ann", 1, 3)
    sam.shift("ann", 5, 7)

    got = []
    for hour in (1, 3, 5, 7):
        house.clock.now = hours(hour)
        got.append(owner(house, house.waiting()[0]) == "Ann")

    assert got == [True, False, True, False]


def test_nobody_is_read_for_whom_nothing_is_due(house: House, sam: Scheduler) -> None:
    ann = house.on_duty("ann")
    sam.shift("ann", 1, 9)
    tick(house, hours(1), ann)
    house.clock.passes(minutes=1)
    house.meter.reset()

    house.desk.rounds.rotate_shifts()

    assert dict(house.meter.requests) == {"GetItem": 2, "Query": 1}


def test_a_clock_that_was_set_back_leaves_nobody_off_duty(house: House, sam: Scheduler) -> None:
    """On one machine it may be; the roster is followed anew from there."""
    ann = house.on_duty("ann")
    template_id = sam.template("00:00", duration_min=1440, breaks=[{"offset_min": 900, "duration_min": 60}])
    sam.assigned("ann", sam.rotation(template_id))
    tick(house, hours(1), ann)
    for ahead in (24 * 365 + 3.5, 24 * 365 + 9):
        tick(house, hours(ahead), ann)

        tick(house, hours(1), ann)

        assert status(house, "ann") == ("accepting", None)
        assert house.agent("ann").works(hours(1))
        assert house.agent("ann").duty(hours(1)) == "on_shift"
    tick(house, hours(3), ann)
    assert status(house, "ann") == ("break", "break")


def test_a_change_of_the_roster_puts_off_nothing_that_is_due(house: House, sam: Scheduler) -> None:
    ann = house.on_duty("ann")
    sam.shift("ann", 1, 9)
    at(house, hours(1), ann)

    sam.shift("ann", 24, 30)
    tick(house, hours(1) + MINUTE, ann)

    assert told(ann) == ["shift.started"]


def test_the_weeks_ahead_are_made_though_their_own_round_never_came(house: House, sam: Scheduler) -> None:
    ann = house.on_duty("ann")
    sam.assigned("ann", sam.rotation(sam.template("00:00", duration_min=1440)))

    tick(house, hours(24 * 365), ann)

    assert owner(house, house.waiting()[0]) == "Ann"
