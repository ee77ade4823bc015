"""Handing on: to a colleague who may decline, to a queue until somebody takes it; and what can't work is said before."""

from typing import Any

import pytest

from chalicelib.agents.store import PROFILE, AgentItem
from chalicelib.kit.values import QueueId, SessionId
from chalicelib.queues.model import Queue
from chalicelib.sessions.items import HEAD, SessionItem
from chalicelib.sessions.model import Session
from tests.house import Answer, Client, House, Talk

SALES = QueueId("sales")


@pytest.fixture
def talk(house: House) -> Talk:
    """Cleo and Ann, who has said hello; Bob serves sales, a queue that is taken from."""
    house.staffed(Queue(id=SALES, name="Sales", mode="manual"), bob={})
    talk = house.talk()
    talk.ann.say(talk.session_id, "Hello", after=2)
    return talk


@pytest.fixture
def bob(house: House, talk: Talk) -> Client:
    return house.on_duty("bob")


# to an agent


def test_a_transfer_to_an_agent_is_an_offer_and_its_source_keeps_it_meanwhile(
    house: House, talk: Talk, bob: Client
) -> None:
    answer = _transfer(talk, to_agent_id=bob.caller.id, comment="Speaks French")

    assert (answer.status, answer.body["state"], answer.body["agent"]["name"]) == (200, "active", "Ann")
    assert answer.body["offer"]["agent"]["name"] == "Bob"
    (made,) = bob.heard("offer.made")
    assert (made["why"], made["comment"], made["by"]["name"]) == ("transfer", "Speaks French", "Ann")
    assert made["deadline"] == "2026-11-22T12:00:30Z"
    assert {name: house.load(name)[0] for name in ("ann", "bob")} == {"ann": 1.0, "bob": 1.0}
    assert talk.ann.say(talk.session_id, "One moment", after=3)["type"] == "accepted"
    assert "Bob" not in str(talk.cleo.told)


def test_accepting_moves_it_from_desk_to_desk_with_its_log_its_number_and_its_time(
    house: House, talk: Talk, bob: Client
) -> None:
    before = _read(house, talk.session_id)
    _transfer(talk, to_agent_id=bob.caller.id, comment="Speaks French")

    assert bob.ask("accept_offer", session_id=talk.session_id)["state"] == "active"

    after = _read(house, talk.session_id)
    assert (after.owner_id, after.offer, after.transfers) == (bob.caller.id, None, 1)
    assert (after.id, after.number, after.queued_at) == (before.id, before.number, before.queued_at)
    assert (house.load("ann"), house.load("bob")) == (
        (0.0, frozenset()),
        (1.0, frozenset({talk.session_id})),
    )
    handed, mine = after.segments[-2:]
    assert (handed.ended_how, handed.to_agent and handed.to_agent.name, handed.comment) == (
        "transferred",
        "Bob",
        "Speaks French",
    )
    assert (mine.how, mine.agent and mine.agent.name) == ("transfer", "Bob")
    assert talk.ann.heard("session.changed")[-1]["agent"]["name"] == "Bob"
    assert house.log(talk.session_id)[-1][2] == "Ann handed the conversation to Bob."
    assert talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}").code == "not_found"


def test_declined_it_comes_back_with_a_line_and_is_not_offered_to_that_one_again(
    house: House, talk: Talk, bob: Client
) -> None:
    _transfer(talk, to_agent_id=bob.caller.id)

    bob.ask("decline_offer", session_id=talk.session_id, reason="no French")

    session = _read(house, talk.session_id)
    assert (session.owner_id, session.offer, session.state) == (talk.ann.caller.id, None, "active")
    assert house.load("bob") == (0.0, frozenset())
    assert talk.ann.heard("message.sent")[-1]["system"] == {
        "code": "transfer_declined",
        "about": {"agent": "Bob", "reason": "no French"},
    }
    assert "declined" not in str(talk.cleo.told)
    assert _transfer(talk, to_agent_id=bob.caller.id).code == "agent_declined"


def test_unanswered_it_comes_back_after_thirty_seconds(house: House, talk: Talk, bob: Client) -> None:
    _transfer(talk, to_agent_id=bob.caller.id)
    house.clock.passes(seconds=30)

    house.desk.rounds.expire_idle_sessions()

    session = _read(house, talk.session_id)
    assert (session.owner_id, session.offer) == (talk.ann.caller.id, None)
    assert [f["why"] for f in bob.heard("offer.withdrawn")] == ["expired"]
    assert talk.ann.heard("message.sent")[-1]["system"]["code"] == "transfer_expired"


def test_its_source_may_cancel_it_and_offer_it_to_another(house: House, talk: Talk, bob: Client) -> None:
    sue = house.on_duty("sue")
    _transfer(talk, to_agent_id=bob.caller.id)
    assert _transfer(talk, to_agent_id=sue.caller.id).code == "offer_pending"

    cancelled = talk.ann.rest("POST", f"/v1/sessions/{talk.session_id}/transfer/cancel", {})

    assert (cancelled.status, cancelled.body["offer"]) == (200, None)
    assert [f["why"] for f in bob.heard("offer.withdrawn")] == ["withdrawn"]
    assert house.load("bob") == (0.0, frozenset())
    assert _transfer(talk, to_agent_id=sue.caller.id).status == 200


def test_asking_for_the_same_transfer_twice_is_no_error(house: House, talk: Talk, bob: Client) -> None:
    """The first answer may have been lost."""
    _transfer(talk, to_agent_id=bob.caller.id)

    assert _transfer(talk, to_agent_id=bob.caller.id).status == 200
    assert len(bob.heard("offer.made")) == 1
    assert house.load("bob")[0] == 1.0


@pytest.mark.parametrize("who", ["cleo", "ann"])
def test_an_end_withdraws_what_is_on_offer(house: House, talk: Talk, bob: Client, who: str) -> None:
    _transfer(talk, to_agent_id=bob.caller.id)

    getattr(talk, who).ask("end_session", session_id=talk.session_id)

    assert [f["why"] for f in bob.heard("offer.withdrawn")] == ["ended"]
    assert house.load("bob") == (0.0, frozenset())
    assert _read(house, talk.session_id).offer is None


@pytest.mark.parametrize(
    ("actions", "code"),
    [
        ([AgentItem.enabled.set(False)], "agent_disabled"),
        ([AgentItem.capacity.set(0)], "agent_full"),
        ([AgentItem.routing_status.set("break")], "agent_on_break"),
        ([AgentItem.routing_status.set("offline")], "agent_not_connected"),
        ([AgentItem.lease_until.set(0)], "agent_not_connected"),
        (
            [AgentItem.roster_version.set(1), AgentItem.duty.set([]), AgentItem.opens_1.set(0)],
            "agent_off_duty",
        ),
        ([AgentItem.role_ids.set("auditor")], "agent_not_serving"),
    ],
)
def test_who_can_not_take_it_is_refused_before_anything_is_sent(
    house: House, talk: Talk, bob: Client, actions: list[Any], code: str
) -> None:
    AgentItem(bob.caller.id, PROFILE).update(actions=[*actions, AgentItem.closes_1.set(1)])
    before = house.log(talk.session_id)

    refused = _transfer(talk, to_agent_id=bob.caller.id)

    assert (refused.status, refused.code) == (409, code)
    assert _why_not(talk, bob) == code
    assert house.log(talk.session_id) == before
    assert bob.heard("offer.made") == []


def test_one_who_fills_up_just_before_the_write_is_refused_too(house: House, talk: Talk, bob: Client) -> None:
    def fills_up() -> None:
        AgentItem(bob.caller.id, PROFILE).update(actions=[AgentItem.load.set(400)])

    house.faults.before("TransactWriteItems", fills_up)

    assert _transfer(talk, to_agent_id=bob.caller.id).code == "agent_full"
    assert house.faults.none_left
    assert _read(house, talk.session_id).offer is None


def test_a_busy_colleague_may_be_asked(house: House, talk: Talk, bob: Client) -> None:
    bob.ask("set_routing_status", status="busy")

    assert _transfer(talk, to_agent_id=bob.caller.id).status == 200


def test_nobody_hands_on_to_themselves_or_to_nobody(talk: Talk) -> None:
    assert _transfer(talk, to_agent_id=talk.ann.caller.id).code == "transfer_to_oneself"
    assert _transfer(talk, to_agent_id="nobody").code == "unknown_target"
    assert _transfer(talk, to_queue_id="nowhere").code == "unknown_target"
    assert _transfer(talk).status == 422
    assert _transfer(talk, to_agent_id="a", to_queue_id="b").status == 422


def test_after_five_times_a_supervisor_must(house: House, talk: Talk, bob: Client) -> None:
    SessionItem(talk.session_id, HEAD).update(actions=[SessionItem.transfers.set(5)])
    sue = house.on_duty("sue")

    assert _transfer(talk, to_agent_id=bob.caller.id).code == "too_many_transfers"

    body = {"to_agent_id": bob.caller.id}
    assert sue.rest("POST", f"/v1/sessions/{talk.session_id}/transfer", body).status == 200


def test_what_is_over_is_not_handed_on(talk: Talk, bob: Client) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)

    assert _transfer(talk, to_agent_id=bob.caller.id).code == "not_active"
    assert _transfer(talk, to_queue_id=SALES).code == "not_active"


# to a queue


def test_to_a_queue_the_source_is_free_at_once_and_it_waits_with_its_time_and_a_boost(
    house: House, talk: Talk, bob: Client
) -> None:
    queued_at = _read(house, talk.session_id).queued_at
    house.clock.passes(minutes=3)

    answer = _transfer(talk, to_queue_id=SALES, comment="wants a quote")

    assert (answer.status, answer.body["state"], answer.body["queue_id"]) == (200, "queued", SALES)
    session = _read(house, talk.session_id)
    assert (session.queued_at, session.boost, session.transfers) == (queued_at, 1, 1)
    assert house.load("ann") == (0.0, frozenset())
    assert (session.segments[-2].to_queue_id, session.segments[-2].comment) == (SALES, "wants a quote")
    assert talk.cleo.heard("message.sent")[-1]["system"]["code"] == "transferred_to_queue"
    assert talk.cleo.heard("queue.moved")[-1]["position"] == 1
    assert bob.ask("take_session", session_id=talk.session_id)["state"] == "active"
    assert _read(house, talk.session_id).boost == 0


def test_a_queue_that_assigns_has_it_taken_at_once_and_not_by_its_source(house: House, talk: Talk) -> None:
    bob = house.on_duty("bob")

    _transfer(talk, to_queue_id="support")

    assert _read(house, talk.session_id).owner_id == bob.caller.id


def test_its_source_may_have_it_back_until_it_is_taken(house: House, talk: Talk, bob: Client) -> None:
    _transfer(talk, to_queue_id=SALES)

    back = talk.ann.rest("POST", f"/v1/sessions/{talk.session_id}/transfer/cancel", {})

    assert (back.status, back.body["state"], back.body["agent"]["name"]) == (200, "active", "Ann")
    session = _read(house, talk.session_id)
    assert (session.queue_id, session.transfers, session.handed_over) == ("support", 0, None)
    assert house.load("ann") == (1.0, frozenset({talk.session_id}))
    again = talk.ann.rest("POST", f"/v1/sessions/{talk.session_id}/transfer/cancel", {})
    assert (again.status, again.body["agent"]["name"]) == (200, "Ann")
    assert bob.ask("take_session", session_id=talk.session_id)["code"] == "not_found"


def test_once_taken_it_is_not_had_back(house: House, talk: Talk, bob: Client) -> None:
    _transfer(talk, to_queue_id=SALES)
    bob.ask("take_session", session_id=talk.session_id)

    assert talk.ann.rest("POST", f"/v1/sessions/{talk.session_id}/transfer/cancel", {}).status == 404
    assert _read(house, talk.session_id).owner_id == bob.caller.id


def test_having_it_back_needs_a_free_slot(house: House, talk: Talk, bob: Client) -> None:
    AgentItem(talk.ann.caller.id, PROFILE).update(actions=[AgentItem.capacity.set(1)])
    bob.ask("set_routing_status", status="busy")
    _transfer(talk, to_queue_id=SALES)
    house.waiting()
    assert house.load("ann")[0] == 1.0

    back = talk.ann.rest("POST", f"/v1/sessions/{talk.session_id}/transfer/cancel", {})

    assert (back.status, back.code) == (409, "desk_full")
    assert _read(house, talk.session_id).state == "queued"


def test_a_queue_where_nobody_could_ever_serve_it_is_no_route(house: House, talk: Talk) -> None:
    house.staffed(Queue(id=QueueId("empty"), name="Empty"))
    skilled = Queue.model_validate(
        {
            "id": "french",
            "name": "French",
            "required_skills": [{"skill": "french", "level": 1}],
            "relax_after_s": None,
        }
    )
    house.staffed(skilled, bob={})

    assert _transfer(talk, to_queue_id="empty").code == "no_route"
    assert _transfer(talk, to_queue_id="french").code == "no_route"
    assert _read(house, talk.session_id).owner_id == talk.ann.caller.id


def test_whoever_may_hand_it_on_sees_where_to(house: House, talk: Talk, bob: Client) -> None:
    of = f"/v1/sessions/{talk.session_id}/transfer-targets"

    agents = {t["name"]: t for t in talk.ann.rest("GET", of).body["items"]}
    queues = {t["name"]: t for t in talk.ann.rest("GET", of + "?kind=queue").body["items"]}

    assert (agents["Bob"]["why_not"], agents["Bob"]["free"], agents["Bob"]["connected"]) == (None, 4.0, True)
    assert agents["Ann"]["why_not"] == "transfer_to_oneself"
    assert agents["Sue"]["why_not"] == "agent_not_connected"
    assert (queues["Sales"]["why_not"], queues["Sales"]["mode"], queues["Sales"]["waiting"]) == (
        None,
        "manual",
        0,
    )
    assert bob.rest("GET", of).code == "not_found"


# races


def test_of_an_acceptance_and_an_end_exactly_one_wins(house: House, talk: Talk, bob: Client) -> None:
    _transfer(talk, to_agent_id=bob.caller.id)
    house.faults.before("TransactWriteItems", lambda: talk.ann.ask("end_session", session_id=talk.session_id))

    bob.ask("accept_offer", session_id=talk.session_id)

    assert house.faults.none_left
    assert (_read(house, talk.session_id).state, _read(house, talk.session_id).owner_id) == (
        "wrap_up",
        talk.ann.caller.id,
    )
    assert (house.load("ann")[0], house.load("bob")[0]) == (1.0, 0.0)


def test_a_queue_that_takes_nobody_in_is_listed_with_why_not(house: House, talk: Talk) -> None:
    house.staffed(Queue(id=QueueId("closed"), name="Closed", max_waiting=0), bob={})

    of = f"/v1/sessions/{talk.session_id}/transfer-targets?kind=queue"
    targets = talk.ann.rest("GET", of).body["items"]

    assert {t["id"]: t["why_not"] for t in targets}["closed"] == "queue_closed"
    refused = _transfer(talk, to_queue_id="closed", comment="yours")
    assert (refused.status, refused.code) == (409, "queue_closed")


# builders


def _transfer(talk: Talk, **body: Any) -> Answer:
    return talk.ann.rest("POST", f"/v1/sessions/{talk.session_id}/transfer", body)


def _why_not(talk: Talk, target: Client) -> str | None:
    """What the dialog says of somebody; one who is disabled isn't in it, and is refused all the same."""
    of = f"/v1/sessions/{talk.session_id}/transfer-targets"
    found = [t for t in talk.ann.rest("GET", of).body["items"] if t["id"] == target.caller.id]
    return found[0]["why_not"] if found else "agent_disabled"


def _read(house: House, session_id: str) -> Session:
    return house.desk.session_store.tail(SessionId(session_id)).session
