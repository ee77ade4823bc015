"""An agent whose machine dies: their lease ends, and what they served goes on with a colleague, at the front of the queue."""

from datetime import timedelta

import pytest

from tests.house import Client, House, Talk


def later(house: House, seconds: int, *here: Client) -> None:
    """Time passes as it does, minute by minute rounds and heartbeats of these."""
    for n in range(1, seconds + 1):
        house.clock.passes(seconds=1)
        house.machine.passes(seconds=1)
        if n % 25 == 0:
            for client in here:
                client.ask("ping")
        if n % 60 == 0:
            house.desk.rounds.expire_idle_sessions()
            house.desk.rounds.drain_queues()


def owner(house: House, session_id: str) -> str | None:
    return house.desk.session_store.tail(session_id).session.owner_id  # type: ignore[arg-type]


def test_a_lost_agent_is_replaced_within_150_seconds(house: House) -> None:
    talk, bob = house.talk(), house.on_duty("bob")
    sue = house.connected(house.hired("sid", role_ids=("supervisor",)))
    sue.hello()
    talk.ann.say(talk.session_id, "One moment")

    later(house, 150, bob, sue)

    assert owner(house, talk.session_id) == bob.caller.id
    assert house.load("ann") == (0.0, frozenset())
    segment = house.desk.session_store.tail(talk.session_id).session.segments[1]  # type: ignore[arg-type]
    assert segment.ended_at is not None
    (event,) = [e for e in sue.heard("agent.status_changed") if e["agent_id"] == talk.ann.caller.id]
    assert (event["connected"], event["routing_status"], event["why"]) == (False, "accepting", "lost")


def test_who_sends_heartbeats_keeps_what_they_serve(house: House) -> None:
    talk, bob = house.talk(), house.on_duty("bob")
    talk.ann.say(talk.session_id, "One moment")

    later(house, 400, talk.ann, bob)

    assert owner(house, talk.session_id) == talk.ann.caller.id


def test_what_was_let_go_by_loss_keeps_its_time_and_stands_at_the_front(house: House) -> None:
    talk = house.talk()
    queued_at = house.desk.session_store.tail(talk.session_id).session.queued_at  # type: ignore[arg-type]
    house.desk.agents.shorten_lease(talk.ann.caller.id, house.machine.now)  # type: ignore[arg-type]
    house.machine.passes(seconds=76)
    behind, _ = house.waiting()

    house.desk.rounds.expire_idle_sessions()

    session = house.desk.session_store.tail(talk.session_id).session  # type: ignore[arg-type]
    assert (session.state, session.queued_at) == ("queued", queued_at)
    bob = house.agent("bob")
    house.desk.agents.set_status(bob.id, "accepting", None)
    house.desk.agents.renew_lease(bob.id, house.machine.now + timedelta(seconds=75))
    house.desk.dispatch.drain(session.queue_id)
    got = {s: owner(house, s) for s in (talk.session_id, behind)}
    assert got == {talk.session_id: bob.id, behind: bob.id}


def test_who_comes_back_may_go_on_with_what_nobody_else_took(house: House) -> None:
    talk = house.talk()
    house.machine.passes(seconds=76)
    house.desk.rounds.expire_idle_sessions()
    assert owner(house, talk.session_id) is None

    house.again(talk.ann).hello()

    assert owner(house, talk.session_id) == talk.ann.caller.id


def test_what_is_on_hold_goes_on_and_what_waits_for_its_filing_stays(house: House) -> None:
    talk = house.talk()
    held, _ = house.waiting()
    talk.ann.ask("hold_session", session_id=held)
    talk.ann.ask("end_session", session_id=talk.session_id)
    house.machine.passes(seconds=76)

    house.desk.rounds.expire_idle_sessions()

    assert owner(house, held) is None
    assert house.load("ann") == (1.0, frozenset({talk.session_id}))


@pytest.mark.parametrize("times", [1, 2])
def test_a_look_twice_or_late_changes_nothing_more(house: House, times: int) -> None:
    talk = house.talk()
    house.machine.passes(minutes=30)
    for _ in range(times):
        house.desk.rounds.expire_idle_sessions()

    session = house.desk.session_store.tail(talk.session_id).session  # type: ignore[arg-type]
    assert (session.state, len(session.segments)) == ("queued", 3)


def test_a_crash_in_the_midst_is_made_good_by_the_next_round(house: House, talk_of_two: Talk) -> None:
    house.machine.passes(seconds=76)
    house.faults.never_arrives("TransactWriteItems")
    house.desk.rounds.expire_idle_sessions()
    assert house.load("ann")[0] == 1
    assert house.faults.none_left

    house.machine.passes(seconds=60)
    house.desk.rounds.expire_idle_sessions()

    assert house.load("ann") == (0.0, frozenset())


@pytest.fixture
def talk_of_two(house: House) -> Talk:
    talk = house.talk()
    house.waiting()
    return talk


def test_heartbeats_cost_no_index_write_and_a_look_comes_once_a_lease(house: House) -> None:
    ann = house.on_duty("ann")
    first = house.desk.agents.due(house.machine.now + timedelta(hours=1), 10)
    house.machine.passes(seconds=25)
    ann.ask("ping")
    assert house.desk.agents.due(house.machine.now + timedelta(seconds=50), 10) == first
    assert house.desk.agents.due(house.machine.now, 10) == []
