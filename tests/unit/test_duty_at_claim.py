"""Duty is judged at the claim itself, by windows on the agent's item that end by themselves."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.agents.duty import DutyCache, Stretch, Window
from chalicelib.agents.model import RosterMoved
from chalicelib.agents.store import PROFILE, AgentItem, roster_written
from chalicelib.kit.clock import to_ms
from chalicelib.kit.table import transact
from tests.house import NOON, House

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def rostered(house: House, name: str, *windows: tuple[datetime, datetime], read: int = 0) -> None:
    """The agent's roster says this from now on: on duty in these windows, each to its end."""
    cache = DutyCache(
        read + 1,
        tuple(Stretch(since, until, "on_shift") for since, until in windows),
        tuple(Window(since, until) for since, until in windows),
    )
    transact([roster_written(house.agent(name).id, read, cache, house.clock.now)], house.next_id())


def owner(house: House, session_id: str) -> str | None:
    agent = house.desk.session_store.tail(session_id).session.agent  # type: ignore[arg-type]
    return agent.name if agent else None


def why_not(house: House, session_id: str) -> list[dict[str, Any]]:
    """What keeps each member of the queue, as the next drain would explain it."""
    (waiting,) = house.desk.session_store.waiting("support", 20)  # type: ignore[arg-type]
    assert waiting.session_id == session_id
    sue = house.on_duty("sue")
    told = sue.rest("POST", "/v1/routing/simulate", {"queue_id": "support"}).body["explanation"]
    return [{c["name"]: c["excluded_by"]} for c in told["candidates"] if c["name"] == "Ann"]


def test_an_agent_off_duty_gets_nothing_and_is_said_to_be_off(house: House) -> None:
    house.on_duty("ann")
    rostered(house, "ann", (NOON + HOUR, NOON + 2 * HOUR))

    session_id, _ = house.waiting()

    assert owner(house, session_id) is None
    assert why_not(house, session_id) == [{"Ann": "off_duty"}]


@pytest.mark.parametrize(
    ("after", "gets_it"),
    [(-SECOND, False), (timedelta(), True), (HOUR - SECOND, True), (HOUR, False)],
    ids=["a second before", "at the start", "a second before the end", "at the end"],
)
def test_a_window_is_half_open_to_the_second(house: House, after: timedelta, gets_it: bool) -> None:  # noqa: FBT001
    house.on_duty("ann")
    rostered(house, "ann", (NOON + HOUR, NOON + 2 * HOUR))
    house.clock.now = NOON + HOUR + after

    session_id, _ = house.waiting()

    assert (owner(house, session_id) == "Ann") is gets_it


def test_the_second_window_counts_as_the_first_does(house: House) -> None:
    house.on_duty("ann")
    rostered(house, "ann", (NOON - 2 * HOUR, NOON - HOUR), (NOON, NOON + HOUR))

    session_id, _ = house.waiting()

    assert owner(house, session_id) == "Ann"


def test_who_has_no_roster_counts_as_on_duty(house: House) -> None:
    house.on_duty("ann")

    session_id, _ = house.waiting()

    assert owner(house, session_id) == "Ann"


def test_a_queue_may_ignore_duty(house: House) -> None:
    support = house.desk.queues.get("support")  # type: ignore[arg-type]
    house.desk.queues.replace(
        support.model_copy(update={"ignore_duty": True, "version": support.version + 1})
    )
    house.on_duty("ann")
    rostered(house, "ann")

    session_id, _ = house.waiting()

    assert owner(house, session_id) == "Ann"


def test_who_was_on_duty_when_read_and_is_off_at_the_write_is_not_given_it(house: House) -> None:
    """The roster changed between dispatch's look and its claim."""
    house.on_duty("ann")
    rostered(house, "ann", (NOON, NOON + HOUR))
    house.faults.before(
        "TransactWriteItems", lambda: rostered(house, "ann", read=1), about="last_assigned_at"
    )

    session_id, _ = house.waiting()

    assert owner(house, session_id) is None
    assert house.faults.none_left


def test_time_that_passes_between_the_look_and_the_write_is_seen_by_the_write(house: House) -> None:
    house.on_duty("ann")
    rostered(house, "ann", (NOON, NOON + HOUR))
    house.clock.now = NOON + HOUR - SECOND
    house.faults.before("BatchGetItem", lambda: house.clock.passes(seconds=1), about="agents")

    session_id, _ = house.waiting()

    assert owner(house, session_id) is None
    assert house.faults.none_left


def test_an_older_roster_never_overwrites_a_newer_one(house: House) -> None:
    rostered(house, "ann", (NOON, NOON + HOUR))
    rostered(house, "ann", (NOON, NOON + 2 * HOUR), read=1)

    with pytest.raises(RosterMoved):
        rostered(house, "ann", read=1)

    assert house.agent("ann").works(NOON + HOUR)


def test_work_that_a_roster_set_accepting_for_comes_after_the_choice_to_say_not_yet(house: House) -> None:
    ann = house.on_duty("ann")
    at = NOON + timedelta(seconds=10)
    AgentItem(ann.caller.id, PROFILE).update(actions=[AgentItem.accepts_from.set(to_ms(at))])
    session_id, _ = house.waiting()
    house.clock.now = at - SECOND
    house.desk.rounds.drain_queues()
    assert owner(house, session_id) is None

    house.clock.now = at
    house.desk.rounds.drain_queues()

    assert owner(house, session_id) == "Ann"


def test_an_agents_duty_is_read_as_of_now(house: House) -> None:
    ann = house.on_duty("ann")
    rostered(house, "ann", (NOON, NOON + HOUR))
    path = f"/v1/agents/{ann.caller.id}"
    assert ann.rest("GET", path).body["duty"] == "on_shift"

    house.clock.now = NOON + HOUR

    assert ann.rest("GET", path).body["duty"] == "off_shift"
