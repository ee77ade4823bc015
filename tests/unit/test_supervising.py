"""What a supervisor does with a session of somebody else's."""

from typing import Any

import pytest

from chalicelib.agents.store import PROFILE, AgentItem
from tests.house import Answer, Client, House


@pytest.fixture
def sue(house: House) -> Client:
    return _watching(house, "sue")


def test_a_waiting_session_is_given_to_an_agent_who_does_not_accept_by_themselves(
    house: House, sue: Client
) -> None:
    bob = _watching(house, "bob")
    session_id, cleo = house.waiting()

    answer = _act(sue, session_id, "assign", {"agent_id": bob.caller.id})

    assert (answer.status, answer.body["state"], answer.body["agent"]["name"]) == (200, "active", "Bob")
    assert house.load("bob") == (1.0, frozenset({session_id}))
    assert cleo.heard("session.changed")[-1]["agent"]["name"] == "Bob"
    assert bob.heard("session.changed")[-1]["session_id"] == session_id


def test_a_session_moves_from_one_desk_to_another_whole(house: House, sue: Client) -> None:
    talk = house.talk()
    bob = _watching(house, "bob")

    answer = _act(sue, talk.session_id, "assign", {"agent_id": bob.caller.id})

    assert (house.load("ann"), house.load("bob")) == ((0, frozenset()), (1.0, frozenset({talk.session_id})))
    assert [s["ended_how"] for s in answer.body["segments"]] == ["assigned", "assigned", None]
    assert talk.ann.heard("session.changed")[-1]["agent"]["name"] == "Bob"
    assert talk.ann.say(talk.session_id, "Still me?")["code"] == "not_found"
    assert bob.say(talk.session_id, "Hello", after=3)["type"] == "accepted"


def test_assigning_to_whom_it_is_assigned_already_changes_nothing(house: House, sue: Client) -> None:
    talk = house.talk()
    log = house.log(talk.session_id)

    answer = _act(sue, talk.session_id, "assign", {"agent_id": talk.ann.caller.id})

    assert answer.status == 200
    assert house.log(talk.session_id) == log


def test_a_full_desk_is_not_filled_further_unless_asked_and_then_it_is_marked(
    house: House, sue: Client
) -> None:
    bob = _watching(house, "bob")
    AgentItem(bob.caller.id, PROFILE).update(actions=[AgentItem.capacity.set(1)])
    first, second = house.waiting()[0], house.waiting()[0]
    assert _act(sue, first, "assign", {"agent_id": bob.caller.id}).status == 200

    assert _act(sue, second, "assign", {"agent_id": bob.caller.id}).code == "desk_full"
    assert house.load("bob") == (1.0, frozenset({first}))
    over = _act(sue, second, "assign", {"agent_id": bob.caller.id, "over_capacity": True})

    assert over.status == 200
    assert house.load("bob") == (2.0, frozenset({first, second}))
    (offer,) = sue.rest("GET", f"/v1/sessions/{second}/offers").body["items"]
    assert (offer["how"], offer["explanation"]["over_capacity"]) == ("assigned", True)
    assert offer["explanation"]["by"] == sue.caller.id


@pytest.mark.parametrize("why", ["disabled", "gone", "break", "offline"])
def test_nobody_who_is_not_there_is_given_work(house: House, sue: Client, why: str) -> None:
    bob = _watching(house, "bob")
    session_id, _ = house.waiting()
    _makes_unavailable(house, bob, why)

    answer = _act(sue, session_id, "assign", {"agent_id": bob.caller.id})

    assert (answer.status, answer.code) == (409, "agent_unavailable")
    assert house.load("bob") == (0, frozenset())


@pytest.mark.parametrize("why", ["disabled", "gone", "break"])
def test_nor_one_who_went_between_the_look_and_the_write(house: House, sue: Client, why: str) -> None:
    bob = _watching(house, "bob")
    session_id, _ = house.waiting()
    house.faults.before("TransactWriteItems", lambda: _makes_unavailable(house, bob, why))

    answer = _act(sue, session_id, "assign", {"agent_id": bob.caller.id})

    assert (answer.status, answer.code) == (409, "agent_unavailable")
    assert house.load("bob") == (0, frozenset())
    assert house.faults.none_left


def test_an_agent_whom_nobody_knows_is_named_as_the_fault(house: House, sue: Client) -> None:
    session_id, _ = house.waiting()

    answer = _act(sue, session_id, "assign", {"agent_id": "nobody"})

    assert (answer.status, answer.code) == (422, "unknown_agent")
    assert [e["path"] for e in answer.body["errors"]] == ["agent_id"]


def test_what_has_ended_is_given_to_nobody(house: House, sue: Client) -> None:
    talk = house.talk()
    talk.cleo.ask("end_session", session_id=talk.session_id)

    for act, body in (("assign", {"agent_id": sue.caller.id}), ("take-over", {})):
        assert _act(sue, talk.session_id, act, body).code == "session_ended"


def test_a_supervisor_takes_over_however_full_their_desk_is(house: House, sue: Client) -> None:
    talk = house.talk()
    AgentItem(sue.caller.id, PROFILE).update(actions=[AgentItem.capacity.set(0)])

    answer = _act(sue, talk.session_id, "take-over", {})

    assert (answer.status, answer.body["agent"]["name"]) == (200, "Sue")
    assert (house.load("ann"), house.load("sue")) == ((0, frozenset()), (1.0, frozenset({talk.session_id})))
    assert talk.ann.heard("session.changed")[-1]["agent"]["name"] == "Sue"


def test_the_agent_who_lost_it_gets_the_next_one(house: House, sue: Client) -> None:
    ann = house.on_duty("ann")
    AgentItem(ann.caller.id, PROFILE).update(actions=[AgentItem.capacity.set(1)])
    first, second = house.waiting()[0], house.waiting()[0]

    _act(sue, first, "take-over", {})

    assert house.load("ann") == (1.0, frozenset({second}))


def test_a_whisper_reaches_the_agent_and_never_the_customer(house: House, sue: Client) -> None:
    talk = house.talk()
    heard = len(talk.cleo.told)

    answer = _act(sue, talk.session_id, "whisper", {"text": "Offer a refund"})

    assert (answer.status, answer.body["staff_seq"]) == (201, 1)
    (note,) = [f for f in talk.ann.heard("message.sent") if f["kind"] == "note"]
    assert (note["text"], note["by"]["name"]) == ("Offer a refund", "Sue")
    assert len(talk.cleo.told) == heard


def test_the_same_whisper_again_is_one(house: House, sue: Client) -> None:
    talk = house.talk()

    first, again = (
        _act(sue, talk.session_id, "whisper", {"client_id": "W1", "text": "Now"}) for _ in range(2)
    )

    assert first.body == again.body


def test_where_nobody_serves_there_is_nobody_to_whisper_to(house: House, sue: Client) -> None:
    session_id, _ = house.waiting()

    assert _act(sue, session_id, "whisper", {"text": "Hello?"}).code == "not_active"


def test_a_supervisor_ends_it_by_force_and_its_agent_ends_it(house: House, sue: Client) -> None:
    talk = house.talk()

    assert _act(sue, talk.session_id, "end", {}).body["close_reason"] == "forced_by_supervisor"
    assert talk.ann.heard("wrap_up.started")[-1]["session_id"] == talk.session_id


def test_one_who_waits_is_ended_by_force_too(house: House, sue: Client) -> None:
    session_id, _ = house.waiting()

    assert _act(sue, session_id, "end", {}).body["close_reason"] == "forced_by_supervisor"


def test_an_agent_supervises_nothing(house: House) -> None:
    talk = house.talk()

    for act, body in (
        ("assign", {"agent_id": talk.ann.caller.id}),
        ("take-over", {}),
        ("whisper", {"text": "x"}),
    ):
        assert _act(talk.ann, talk.session_id, act, body).code == "forbidden"


def _watching(house: House, name: str) -> Client:
    """Here, and given nothing by itself."""
    client = house.on_duty(name)
    client.ask("set_routing_status", status="busy")
    return client


def _makes_unavailable(house: House, client: Client, why: str) -> None:
    item, agents = AgentItem(client.caller.id, PROFILE), house.desk.agents
    if why == "disabled":
        item.update(actions=[AgentItem.enabled.set(False)])
    elif why == "gone":
        item.update(actions=[AgentItem.lease_until.set(1)])
    else:
        agents.set_status(house.agent(client.caller.name.lower()).id, why, None)  # type: ignore[arg-type]


def _act(client: Client, session_id: str, act: str, body: Any) -> Answer:
    return client.rest("POST", f"/v1/sessions/{session_id}/{act}", body)
