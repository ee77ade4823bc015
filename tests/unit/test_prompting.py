"""An agent is silent: prompted at the reply's target, told on at twice that, and at four times somebody else goes on."""

import pytest

from tests.house import Client, House, Talk


@pytest.fixture
def talk(house: House) -> Talk:
    """Ann has answered once, and it is her turn again."""
    talk = house.talk()
    talk.ann.say(talk.session_id, "Hello", after=2)
    talk.cleo.say(talk.session_id, "Where is it?", after=3)
    return talk


@pytest.fixture
def sue(house: House) -> Client:
    sue = house.on_duty("sue")
    sue.ask("set_routing_status", status="busy")
    sue.ask("watch", what="list")
    return sue


def test_nobody_is_told_before_the_target_has_passed(house: House, talk: Talk, sue: Client) -> None:
    _sweeps(house, seconds=59)

    assert (talk.ann.heard("reply.prompted"), sue.heard("reply.late")) == ([], [])


def test_a_silent_agent_is_prompted_once(house: House, talk: Talk, sue: Client) -> None:
    for _ in range(3):
        _sweeps(house, seconds=22)

    (told,) = talk.ann.heard("reply.prompted")
    assert (told["session_id"], told["waits_since"]) == (talk.session_id, "2026-11-22T12:00:00Z")
    assert sue.heard("reply.late") == []


def test_at_twice_the_target_supervisors_are_told_and_nobody_else(
    house: House, talk: Talk, sue: Client
) -> None:
    bob = house.on_duty("bob")
    bob.ask("watch", what="list")
    bob.ask("set_routing_status", status="busy")
    for _ in range(3):
        _sweeps(house, seconds=60)

    (told,) = sue.heard("reply.late")
    assert (told["session_id"], told["agent"]["name"]) == (talk.session_id, "Ann")
    assert len(talk.ann.heard("reply.prompted")) == 1
    assert (bob.heard("reply.late"), talk.cleo.heard("reply.late")) == ([], [])


def test_at_four_times_somebody_else_goes_on(house: House, talk: Talk) -> None:
    house.on_duty("bob")
    _sweeps(house, seconds=240)

    assert house.load("bob") == (1.0, frozenset({talk.session_id}))
    assert house.load("ann") == (0, frozenset())
    assert talk.ann.heard("session.changed")[-1]["state"] == "queued"
    assert talk.cleo.heard("session.changed")[-1]["agent"]["name"] == "Bob"


def test_where_nobody_else_could_it_stays_with_whom_it_is(house: House, talk: Talk, sue: Client) -> None:
    for _ in range(6):
        _sweeps(house, seconds=60)

    assert house.load("ann") == (1.0, frozenset({talk.session_id}))
    house.on_duty("bob")
    _sweeps(house, seconds=60)
    assert house.load("bob") == (1.0, frozenset({talk.session_id}))


def test_one_who_answers_in_time_is_left_alone_and_the_next_silence_is_told_anew(
    house: House, talk: Talk
) -> None:
    _sweeps(house, seconds=61)
    talk.ann.say(talk.session_id, "One moment", after=4)
    house.on_duty("bob")
    _sweeps(house, seconds=200)
    assert len(talk.ann.heard("reply.prompted")) == 1

    talk.cleo.say(talk.session_id, "And now?", after=5)
    for _ in range(3):
        _sweeps(house, seconds=40)

    assert len(talk.ann.heard("reply.prompted")) == 2
    assert house.load("ann") == (1.0, frozenset({talk.session_id}))


def test_an_answer_that_comes_while_it_is_offered_anew_keeps_it(house: House, talk: Talk) -> None:
    house.on_duty("bob")
    house.clock.passes(seconds=240)
    house.faults.before("TransactWriteItems", lambda: talk.ann.say(talk.session_id, "Here it is", after=4))

    house.desk.rounds.expire_idle_sessions()

    assert house.faults.none_left
    assert house.load("ann") == (1.0, frozenset({talk.session_id}))


def test_a_hold_is_no_silence(house: House, talk: Talk, sue: Client) -> None:
    talk.ann.ask("hold_session", session_id=talk.session_id)
    for _ in range(5):
        _sweeps(house, seconds=60)

    assert (talk.ann.heard("reply.prompted"), sue.heard("reply.late")) == ([], [])


def test_two_sweeps_at_once_tell_once(house: House, talk: Talk) -> None:
    house.clock.passes(seconds=61)
    house.faults.before("UpdateItem", house.desk.rounds.expire_idle_sessions, about="prompted")

    house.desk.rounds.expire_idle_sessions()

    assert house.faults.none_left
    assert len(talk.ann.heard("reply.prompted")) == 1


def _sweeps(house: House, *, seconds: int) -> None:
    house.clock.passes(seconds=seconds)
    house.desk.rounds.expire_idle_sessions()
