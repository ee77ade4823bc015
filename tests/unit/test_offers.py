"""A ringing queue offers, and whoever does not answer in time passes it on; in a queue that assigns, silence passes it on too."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from chalicelib.agents.store import PROFILE, AgentItem
from chalicelib.kit.documents import QueueItem
from chalicelib.kit.values import AgentId, QueueId, SessionId
from chalicelib.queues.model import Queue
from chalicelib.sessions.model import Session
from tests.house import Client, House

SUPPORT = QueueId("support")


@pytest.fixture
def rings(house: House) -> House:
    """A house whose queue offers, with twenty seconds to answer; Ann and Bob accept work."""
    said(house, mode="ring", offer_timeout_s=20)
    return house


# offering


def test_what_waits_is_offered_to_the_one_chosen_and_to_nobody_else(rings: House) -> None:
    ann, bob = ann_before_bob(rings)

    session_id, _ = rings.waiting()

    (made,) = ann.heard("offer.made")
    assert made["session"]["session_id"] == session_id
    assert made["session"]["state"] == "offered"
    assert made["why"] == "ring"
    assert made["offer_id"] == made["session"]["offer"]["offer_id"]
    assert made["deadline"] == "2026-11-22T12:00:20Z"
    assert bob.heard("offer.made") == []
    session = read(rings, session_id)
    assert (session.state, session.agent, session.offered_to) == ("offered", None, ann.caller.id)
    assert rings.load("ann") == (1.0, frozenset({session_id}))


def test_the_customer_sees_a_place_in_the_queue_and_not_whom_it_is_offered_to(rings: House) -> None:
    rings.on_duty("ann")

    _, cleo = rings.waiting()

    assert cleo.rest("GET", "/v1/widget/sessions/current").body["state"] == "queued"
    assert {f["state"] for f in cleo.heard("session.changed")} == {"queued"}
    assert "Ann" not in str(cleo.told)


def test_accepting_moves_session_and_desk_at_once(rings: House) -> None:
    ann = rings.on_duty("ann")
    session_id, cleo = rings.waiting()

    answer = ann.ask("accept_offer", session_id=session_id)

    assert (answer["type"], answer["state"]) == ("accepted", "active")
    assert rings.load("ann") == (1.0, frozenset({session_id}))
    assert cleo.heard("session.changed")[-1]["agent"]["name"] == "Ann"
    assert ann.heard("offer.withdrawn") == []
    queue, desk = read(rings, session_id).segments
    assert (queue.ended_how, desk.how) == ("assigned", "ring")
    assert desk.offered_at is not None
    assert desk.accepted_at is not None
    assert desk.accepted_at - desk.offered_at == timedelta(seconds=1)


def test_accepting_twice_is_no_error(rings: House) -> None:
    """The first answer may have been lost."""
    ann = rings.on_duty("ann")
    session_id, _ = rings.waiting()
    ann.ask("accept_offer", session_id=session_id)

    assert ann.ask("accept_offer", session_id=session_id)["state"] == "active"
    assert rings.load("ann") == (1.0, frozenset({session_id}))


def test_who_declines_passes_it_on_with_its_time_and_never_gets_it_back(rings: House) -> None:
    ann, bob = ann_before_bob(rings)
    session_id, _ = rings.waiting()
    queued_at = read(rings, session_id).queued_at

    answer = ann.ask("decline_offer", session_id=session_id, reason="in a meeting")

    assert answer["type"] == "accepted"
    assert [f["session"]["session_id"] for f in bob.heard("offer.made")] == [session_id]
    assert [f["why"] for f in ann.heard("offer.withdrawn")] == ["declined"]
    assert rings.load("ann") == (0.0, frozenset())
    bob.ask("decline_offer", session_id=session_id)
    session = read(rings, session_id)
    assert (session.state, session.queued_at, session.tried) == (
        "queued",
        queued_at,
        {ann.caller.id, bob.caller.id},
    )
    rings.desk.rounds.drain_queues()
    assert read(rings, session_id).state == "queued"
    assert ann.ask("decline_offer", session_id=session_id)["type"] == "accepted"


def test_an_offer_that_is_not_answered_goes_on_when_its_time_is_over(rings: House) -> None:
    ann, bob = ann_before_bob(rings)
    session_id, _ = rings.waiting()
    rings.clock.passes(seconds=18.9)
    rings.desk.rounds.expire_idle_sessions()
    assert read(rings, session_id).offered_to == ann.caller.id

    rings.clock.passes(seconds=0.1)
    rings.desk.rounds.expire_idle_sessions()
    rings.desk.rounds.expire_idle_sessions()

    assert read(rings, session_id).offered_to == bob.caller.id
    assert [f["why"] for f in ann.heard("offer.withdrawn")] == ["expired"]
    assert rings.load("ann") == (0.0, frozenset())
    assert rings.desk.agents.get(AgentId(ann.caller.id)).misses == 1


def test_a_heartbeat_passes_on_what_its_agent_let_go_by(rings: House) -> None:
    ann, bob = ann_before_bob(rings)
    session_id, _ = rings.waiting()
    rings.clock.passes(seconds=20)

    ann.ask("ping")

    assert read(rings, session_id).offered_to == bob.caller.id


def test_accepting_too_late_is_refused_and_passes_it_on(rings: House) -> None:
    ann, bob = ann_before_bob(rings)
    session_id, _ = rings.waiting()
    rings.clock.passes(seconds=20)

    refused = ann.ask("accept_offer", session_id=session_id)

    assert refused["code"] == "offer_expired"
    assert read(rings, session_id).offered_to == bob.caller.id
    assert ann.ask("accept_offer", session_id=session_id)["code"] in ("offer_gone", "not_found")


def test_a_customer_who_ends_while_it_is_offered_withdraws_it(rings: House) -> None:
    ann = rings.on_duty("ann")
    session_id, cleo = rings.waiting()

    cleo.ask("leave_queue", session_id=session_id)

    assert read(rings, session_id).state == "closed"
    assert [f["why"] for f in ann.heard("offer.withdrawn")] == ["ended"]
    assert rings.load("ann") == (0.0, frozenset())
    assert ann.rest("GET", f"/v1/sessions/{session_id}").code == "not_found"


def test_what_is_offered_to_a_colleague_can_not_be_taken(rings: House) -> None:
    ann, bob = ann_before_bob(rings)
    session_id, _ = rings.waiting()
    assert ann.heard("offer.made")

    assert bob.ask("take_session", session_id=session_id)["code"] == "not_queued"
    assert bob.ask("accept_offer", session_id=session_id)["code"] == "forbidden"


def test_a_message_while_it_is_offered_is_stored_and_stays_offered(rings: House) -> None:
    ann = rings.on_duty("ann")
    session_id, cleo = rings.waiting()

    assert cleo.say(session_id, "Are you there?", after=1)["seq"] == 2

    assert ann.ask("accept_offer", session_id=session_id)["state"] == "active"
    assert [text for _, staff, text in rings.log(session_id) if staff is None] == [
        "Hi",
        "Are you there?",
        "Ann joined the conversation.",
    ]


def test_offers_and_assignments_of_a_session_are_listed_each_with_why_and_what_became_of_it(
    rings: House,
) -> None:
    ann, bob = ann_before_bob(rings)
    session_id, _ = rings.waiting()
    ann.ask("decline_offer", session_id=session_id, reason="lunch")
    bob.ask("accept_offer", session_id=session_id)

    page = bob.rest("GET", f"/v1/sessions/{session_id}/offers?limit=1").body
    rest = bob.rest("GET", f"/v1/sessions/{session_id}/offers?cursor={page['next_cursor']}").body["items"]

    (first,) = page["items"]
    assert (first["agent_id"], first["how"], first["outcome"], first["reason"]) == (
        ann.caller.id,
        "ring",
        "declined",
        "lunch",
    )
    assert [(o["agent_id"], o["outcome"]) for o in rest] == [(bob.caller.id, "accepted")]
    rules = {c["agent_id"]: c["excluded_by"] for c in rest[0]["explanation"]["candidates"]}
    assert rules[ann.caller.id] == "let_it_go"


# misses


def test_two_misses_in_a_row_put_an_agent_on_a_break(rings: House) -> None:
    ann = rings.on_duty("ann")
    for _ in range(2):
        rings.waiting()
    rings.clock.passes(seconds=20)

    rings.desk.rounds.expire_idle_sessions()

    agent = rings.desk.agents.get(AgentId(ann.caller.id))
    assert (agent.routing_status, agent.break_reason, agent.load) == ("break", "missed", 0)
    told = ann.heard("agent.status_changed")[-1]
    assert (told["routing_status"], told["by"]["role"], told["why"]) == ("break", "system", "missed")


def test_supervisors_who_look_after_the_queue_hear_of_it(rings: House) -> None:
    sue, bob = rings.on_duty("sue"), rings.on_duty("bob")
    for client in (sue, bob):
        client.ask("set_routing_status", status="busy")
        client.ask("watch", what="list")
    rings.on_duty("ann")
    for _ in range(2):
        rings.waiting()
    rings.clock.passes(seconds=20)

    rings.desk.rounds.expire_idle_sessions()

    heard = [(f["routing_status"], f["why"]) for f in sue.heard("agent.status_changed")]
    assert heard[-1] == ("break", "missed")
    assert "missed" not in str(bob.heard("agent.status_changed"))


def test_one_that_is_answered_between_two_misses_makes_good_for_the_first(rings: House) -> None:
    ann = rings.on_duty("ann")
    _misses_one(rings)
    answered, _ = rings.waiting()
    ann.ask("accept_offer", session_id=answered)

    _misses_one(rings)

    agent = rings.desk.agents.get(AgentId(ann.caller.id))
    assert (agent.routing_status, agent.misses) == ("accepting", 1)


def test_coming_back_from_the_break_begins_anew(rings: House) -> None:
    ann = rings.on_duty("ann")
    for _ in range(2):
        rings.waiting()
    rings.clock.passes(seconds=20)
    rings.desk.rounds.expire_idle_sessions()

    ann.ask("set_routing_status", status="accepting")

    assert rings.desk.agents.get(AgentId(ann.caller.id)).misses == 0


# a queue that assigns


def test_no_first_reply_in_time_is_a_miss_and_passes_it_on_with_its_time(house: House) -> None:
    said(house, first_reply_limit_s=60)
    talk = house.talk()
    bob = house.on_duty("bob")
    queued_at = read(house, talk.session_id).queued_at
    house.clock.passes(seconds=59)
    house.desk.rounds.expire_idle_sessions()
    assert read(house, talk.session_id).owner_id == talk.ann.caller.id

    house.clock.passes(seconds=1)
    house.desk.rounds.expire_idle_sessions()

    session = read(house, talk.session_id)
    assert (session.owner_id, session.queued_at) == (bob.caller.id, queued_at)
    assert house.load("ann") == (0.0, frozenset())
    assert house.desk.agents.get(AgentId(talk.ann.caller.id)).misses == 1
    assert [s.ended_how for s in session.segments] == ["assigned", "missed", "assigned", None]
    (missed, _) = bob.rest("GET", f"/v1/sessions/{talk.session_id}/offers").body["items"]
    assert missed["outcome"] == "missed"


def test_a_first_reply_in_time_keeps_it(house: House) -> None:
    talk = house.talk()
    house.on_duty("bob")
    talk.ann.say(talk.session_id, "Hello", after=2)
    house.clock.passes(minutes=2)

    house.desk.rounds.expire_idle_sessions()

    assert read(house, talk.session_id).owner_id == talk.ann.caller.id


def test_a_reply_that_comes_just_before_it_would_go_on_keeps_it(house: House) -> None:
    talk = house.talk()
    house.on_duty("bob")
    house.clock.passes(minutes=2)
    house.faults.before("TransactWriteItems", lambda: talk.ann.say(talk.session_id, "Hello", after=2))

    house.desk.rounds.expire_idle_sessions()

    assert house.faults.none_left
    assert read(house, talk.session_id).owner_id == talk.ann.caller.id
    assert house.desk.agents.get(AgentId(talk.ann.caller.id)).misses == 0


def test_what_an_agent_took_by_choice_is_not_taken_from_them(house: House) -> None:
    ann = house.on_duty("ann")
    ann.ask("set_routing_status", status="busy")
    session_id, _ = house.waiting()
    ann.ask("take_session", session_id=session_id)
    house.clock.passes(minutes=10)

    house.desk.rounds.expire_idle_sessions()

    assert read(house, session_id).owner_id == ann.caller.id


def test_answering_in_one_that_goes_on_means_that_the_misses_are_not_in_a_row(house: House) -> None:
    ann = house.on_duty("ann")
    _set(ann, AgentItem.misses.set(1), AgentItem.missed_since.set(1))
    first, _ = house.waiting()
    ann.say(first, "Hello", after=2)
    house.waiting()
    house.clock.passes(minutes=1)

    house.desk.rounds.expire_idle_sessions()

    agent = house.desk.agents.get(AgentId(ann.caller.id))
    assert (agent.routing_status, agent.misses) == ("accepting", 1)


# deadlines under a minute


def test_a_deadline_asks_to_be_looked_at_when_it_is_over_and_the_look_passes_it_on(rings: House) -> None:
    ann, bob = ann_before_bob(rings)
    session_id, _ = rings.waiting()
    assert rings.later.asked == [(session_id, 20.0)]
    rings.desk.deadlines.look([session_id])
    assert read(rings, session_id).offered_to == ann.caller.id

    rings.clock.passes(seconds=19)
    rings.desk.deadlines.look([session_id, session_id, "nothing-here"])

    assert read(rings, session_id).offered_to == bob.caller.id
    assert rings.later.asked == [(session_id, 20.0), (session_id, 20.0)]


def test_what_the_minutes_sweep_is_soon_enough_for_asks_for_nothing(house: House) -> None:
    said(house, first_reply_limit_s=60)
    house.talk()
    assert house.later.asked == []

    said(house, first_reply_limit_s=30)
    session_id, _ = house.waiting()

    assert house.later.asked == [(session_id, 30.0)]


def test_a_look_that_fails_keeps_nothing_from_the_others_and_comes_once_more(rings: House) -> None:
    ann_before_bob(rings)
    first, second = rings.waiting()[0], rings.waiting()[0]
    rings.clock.passes(seconds=20)
    rings.faults.never_arrives("Query", about=first)

    with pytest.raises(ExceptionGroup):
        rings.desk.deadlines.look([first, second])
    rings.desk.deadlines.look([first])

    assert rings.faults.none_left
    tried = [read(rings, s).tried for s in (first, second)]
    assert [len(t) for t in tried] == [1, 1]


# races


def test_of_an_accept_and_the_sweep_exactly_one_wins(rings: House) -> None:
    ann = rings.on_duty("ann")
    session_id, _ = rings.waiting()
    rings.clock.passes(seconds=18.999)
    answers: list[dict[str, Any]] = []

    def the_sweep_comes() -> None:
        rings.clock.passes(seconds=1)
        rings.desk.rounds.expire_idle_sessions()

    rings.faults.before("TransactWriteItems", the_sweep_comes)
    answers.append(ann.ask("accept_offer", session_id=session_id))

    assert rings.faults.none_left
    session = read(rings, session_id)
    assert answers[0]["type"] == "refused"
    assert (session.state, session.agent) == ("queued", None)
    assert rings.load("ann") == (0.0, frozenset())


def test_two_hundred_claims_at_once_pass_no_capacity_and_assign_each_session_once(house: House) -> None:
    agents = [house.on_duty(name) for name in ("ann", "bob", "sue")]
    for agent in agents:
        agent.ask("set_routing_status", status="busy")
    sessions = [house.waiting()[0] for _ in range(15)]
    for agent in agents:
        _set(agent, AgentItem.routing_status.set("accepting"))
    start = Barrier(10)

    def drains(_: int) -> None:
        start.wait()
        for _ in range(20):
            house.desk.dispatch.drain(SUPPORT)

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(drains, range(10)))
    house.desk.rounds.drain_queues()

    held = {a.caller.name: house.load(a.caller.name.lower()) for a in agents}
    assert {load for load, _ in held.values()} == {4.0}
    owners = [read(house, s).agent for s in sessions]
    assert [o.name for o in owners if o].count("Ann") == 4
    assert len([o for o in owners if o]) == 12
    assert [o is not None for o in owners] == [True] * 12 + [False] * 3
    assert all(len(house.log(s)) == (2 if o else 1) for s, o in zip(sessions, owners, strict=True))


# builders


def ann_before_bob(house: House) -> tuple[Client, Client]:
    """Both accept work; Bob has had some before, so that Ann comes first."""
    ann, bob = house.on_duty("ann"), house.on_duty("bob")
    _set(bob, AgentItem.last_assigned_at.set(1))
    return ann, bob


def said(house: House, **rules: object) -> None:
    """The demo's queue, with other rules."""
    queue = house.desk.queues.get(SUPPORT)
    changed = Queue.model_validate(queue.model_dump() | rules)
    QueueItem("queue", SUPPORT, version=1, body=changed.model_dump_json()).save()


def read(house: House, session_id: str) -> Session:
    return house.desk.session_store.tail(SessionId(session_id)).session


def _misses_one(house: House) -> None:
    house.waiting()
    house.clock.passes(seconds=20)
    house.desk.rounds.expire_idle_sessions()


def _set(client: Client, *actions: object) -> None:
    AgentItem(client.caller.id, PROFILE).update(actions=list(actions))  # type: ignore[arg-type]
