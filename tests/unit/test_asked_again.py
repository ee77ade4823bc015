"""A customer has the whole of the limit after the agent's last word, whenever they were asked before."""

from tests.house import House


def test_an_agent_who_writes_after_the_question_gives_the_whole_time_again(house: House) -> None:
    talk = house.talk()
    talk.ann.say(talk.session_id, "Which order?", after=2)
    _ticks(house, seconds=300)
    assert len(talk.cleo.heard("idle.warned")) == 1
    house.clock.passes(seconds=100)
    talk.ann.say(talk.session_id, "It stands on the receipt", after=4)

    _ticks(house, seconds=300)

    assert talk.cleo.heard("idle.warned")[-1]["ends_at"] == "2026-11-22T12:14:40Z"
    assert house.desk.session_store.tail(talk.session_id).session.state == "active"  # type: ignore[arg-type]

    _ticks(house, seconds=180)

    ended = house.desk.session_store.tail(talk.session_id).session  # type: ignore[arg-type]
    assert ended.close_reason == "customer_idle"


def _ticks(house: House, **time: float) -> None:
    house.clock.passes(**time)
    house.desk.rounds.expire_idle_sessions()
