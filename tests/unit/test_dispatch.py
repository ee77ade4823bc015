"""Which session goes to which agent, and that nobody gets more than they can hold, whoever asks at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from chalicelib.agents.store import PROFILE, AgentItem
from chalicelib.kit.documents import QueueItem
from chalicelib.kit.values import QueueId, SessionId
from chalicelib.queues.model import Queue
from chalicelib.sessions.items import HEAD, SessionItem, to_facts
from tests.house import Client, House

QUEUE = Queue(id=QueueId("support"), name="Support")
SALES = QueueId("sales")


# who is able, judged as of the write


def test_an_agent_who_is_not_accepting_gets_nothing(house: House) -> None:
    ann = house.on_duty("ann")
    ann.ask("set_routing_status", status="break", reason="lunch")

    session_id, _ = house.waiting()

    assert _state(house, session_id) == "queued"


def test_an_agent_whose_lease_ran_out_gets_nothing(house: House) -> None:
    house.on_duty("ann")
    house.machine.passes(seconds=76)

    session_id, _ = house.waiting()

    assert _state(house, session_id) == "queued"


def test_a_disabled_agent_gets_nothing(house: House) -> None:
    ann = house.on_duty("ann")
    _set(ann, AgentItem.enabled.set(False))

    session_id, _ = house.waiting()

    assert _state(house, session_id) == "queued"


def test_an_agent_gets_nothing_of_a_queue_that_is_not_theirs(house: House) -> None:
    house.staffed(Queue(id=SALES, name="Sales"), bob={})
    house.on_duty("bob")
    _leave_support(house, "bob")

    session_id, _ = house.waiting()

    assert _state(house, session_id) == "queued"


@pytest.mark.parametrize(
    "action",
    [
        AgentItem.enabled.set(False),
        AgentItem.routing_status.set("busy"),
        AgentItem.lease_until.set(0),
        AgentItem.capacity.set(0),
    ],
)
def test_what_makes_an_agent_unable_just_before_the_claim_stops_it(house: House, action: object) -> None:
    session_id, ann = _waits_while_ann_is_away(house)
    house.faults.before("TransactWriteItems", lambda: _set(ann, action), about=session_id)

    ann.ask("set_routing_status", status="accepting")

    assert house.faults.none_left
    assert _state(house, session_id) == "queued"
    assert house.load("ann") == (0.0, frozenset())


def test_who_is_refused_at_the_claim_does_not_keep_it_from_the_next_who_can(house: House) -> None:
    bob = house.on_duty("bob")
    bob.ask("set_routing_status", status="busy")
    session_id, ann = _waits_while_ann_is_away(house)

    def bob_comes_and_ann_goes() -> None:
        _set(bob, AgentItem.routing_status.set("accepting"))
        _set(ann, AgentItem.routing_status.set("busy"))

    house.faults.before("TransactWriteItems", bob_comes_and_ann_goes)
    ann.ask("set_routing_status", status="accepting")

    assert house.faults.none_left
    assert _owner(house, session_id) == "Bob"


def test_who_is_refused_at_the_claim_does_not_let_a_later_one_pass(house: House) -> None:
    """Ann is full at the write: the longest waiting goes to Bob, not the one behind it."""
    bob = house.on_duty("bob")
    bob.ask("set_routing_status", status="busy")
    first, ann = _waits_while_ann_is_away(house)
    house.clock.passes(minutes=1)
    second, _ = house.waiting()
    for agent in (ann, bob):
        _set(agent, AgentItem.capacity.set(1))
        _set(agent, AgentItem.routing_status.set("accepting"))
    _set(bob, AgentItem.last_assigned_at.set(1))  # so that Ann, who never got any, comes first
    house.faults.before("TransactWriteItems", lambda: _set(ann, AgentItem.routing_status.set("busy")))

    house.desk.dispatch.drain(QUEUE.id)

    assert house.faults.none_left

    assert [_owner(house, s) for s in (first, second)] == ["Bob", None]


# never above capacity


def test_no_claim_goes_above_capacity_with_many_drains_at_once(house: House) -> None:
    ann, bob = house.on_duty("ann"), house.on_duty("bob")
    for agent in (ann, bob):
        agent.ask("set_routing_status", status="busy")
    sessions = [house.waiting()[0] for _ in range(12)]
    for agent in (ann, bob):
        _set(agent, AgentItem.routing_status.set("accepting"))

    _at_once(6, lambda: house.desk.dispatch.drain(QUEUE.id))
    house.desk.rounds.drain_queues()

    held = {name: house.load(name) for name in ("ann", "bob")}
    assert {load for load, _ in held.values()} == {4.0}
    assert all(len(slots) == 4 for _, slots in held.values())
    owned = {s: _owner(house, s) for s in sessions}
    assert {s for s, owner in owned.items() if owner == "Ann"} == held["ann"][1]
    assert {s for s, owner in owned.items() if owner == "Bob"} == held["bob"][1]
    assert all(len(house.log(s)) == (2 if owned[s] else 1) for s in sessions)
    assert [_state(house, s) for s in sessions] == ["active"] * 8 + ["queued"] * 4


def test_a_memberships_own_capacity_holds_at_the_claim_too(house: House) -> None:
    """Between the reading of the desk and the claim another queue puts something on it."""
    house.staffed(Queue(id=SALES, name="Sales"), ann={"capacity": 1})
    ann = house.on_duty("ann")
    ann.ask("set_routing_status", status="busy")
    in_sales, in_support = house.waiting()[0], house.waiting()[0]
    _to_queue(house, SALES, in_sales)
    _set(ann, AgentItem.routing_status.set("accepting"))
    house.faults.before("TransactWriteItems", lambda: house.desk.dispatch.drain(QUEUE.id))

    house.desk.dispatch.drain(SALES)

    assert house.faults.none_left
    assert house.load("ann") == (1.0, frozenset({in_support}))


def test_taking_holds_the_membership_to_its_capacity_as_well(house: House) -> None:
    house.staffed(Queue(id=SALES, name="Sales", mode="manual"), ann={"capacity": 1})
    ann = house.on_duty("ann")
    ann.ask("set_routing_status", status="busy")
    first, second = house.waiting()[0], house.waiting()[0]
    _to_queue(house, SALES, first, second)
    ann.ask("take_session", session_id=first)

    assert ann.ask("take_session", session_id=second)["code"] == "desk_full"


def test_two_drains_at_once_assign_one_session_once(house: House) -> None:
    session_id, ann = _waits_while_ann_is_away(house)
    bob = house.on_duty("bob")
    bob.ask("set_routing_status", status="busy")
    for agent in (ann, bob):
        _set(agent, AgentItem.routing_status.set("accepting"))

    _at_once(4, lambda: house.desk.dispatch.drain(QUEUE.id))

    assert sorted(house.load(name)[0] for name in ("ann", "bob")) == [0.0, 1.0]
    assert [text for _, _, text in house.log(session_id)] == [
        "Hi",
        f"{_owner(house, session_id)} joined the conversation.",
    ]


def test_of_two_agents_taking_one_session_exactly_one_succeeds(house: House) -> None:
    ann, bob = house.on_duty("ann"), house.on_duty("bob")
    for agent in (ann, bob):
        agent.ask("set_routing_status", status="busy")
    session_id, _ = house.waiting()
    house.faults.before("TransactWriteItems", lambda: bob.ask("take_session", session_id=session_id))

    refused = ann.ask("take_session", session_id=session_id)

    assert refused["code"] == "not_queued"
    assert _owner(house, session_id) == "Bob"
    assert house.load("ann") == (0.0, frozenset())


def test_a_claim_that_races_a_message_goes_behind_it(house: House) -> None:
    session_id, ann = _waits_while_ann_is_away(house)
    cleo = _customer_of(house, session_id)
    house.faults.before("TransactWriteItems", lambda: cleo.say(session_id, "Still there?", after=1))

    ann.ask("set_routing_status", status="accepting")

    assert [text for _, _, text in house.log(session_id)] == [
        "Hi",
        "Still there?",
        "Ann joined the conversation.",
    ]


def test_a_customer_who_leaves_just_before_the_claim_is_not_assigned(house: House) -> None:
    session_id, ann = _waits_while_ann_is_away(house)
    cleo = _customer_of(house, session_id)
    house.faults.before("TransactWriteItems", lambda: cleo.ask("leave_queue", session_id=session_id))

    ann.ask("set_routing_status", status="accepting")

    assert _state(house, session_id) == "closed"
    assert house.load("ann") == (0.0, frozenset())


# which session, and when


def test_the_longest_waiting_goes_first_and_priority_moves_it_forward(house: House) -> None:
    ann = house.on_duty("ann")
    ann.ask("set_routing_status", status="busy")
    waiting = []
    for _ in range(3):
        waiting.append(house.waiting()[0])
        house.clock.passes(minutes=2)
    _prioritise(house, waiting[2], 1)
    _set(ann, AgentItem.capacity.set(2))

    ann.ask("set_routing_status", status="accepting")

    assert [_state(house, s) for s in waiting] == ["active", "queued", "active"]


def test_a_slot_freed_by_filing_takes_the_next_from_the_queue(house: House) -> None:
    ann, first, second = _full_desk(house)
    ann.ask("end_session", session_id=first)
    assert _state(house, second) == "queued"

    ann.ask("file_disposition", session_id=first, option_id="product")

    assert _owner(house, second) == "Ann"
    assert house.load("ann") == (1.0, frozenset({second}))


@pytest.mark.parametrize("who", ["agent", "customer"])
def test_a_slot_freed_by_the_end_of_what_is_filed_takes_the_next_from_the_queue(
    house: House, who: str
) -> None:
    ann, first, second = _full_desk(house)
    ann.ask("file_disposition", session_id=first, option_id="product")
    ender = ann if who == "agent" else _customer_of(house, first)

    assert ender.ask("end_session", session_id=first)["state"] == "closed"

    assert _owner(house, second) == "Ann"


def test_an_agent_who_says_hello_gets_what_waits(house: House) -> None:
    session_id, _ = house.waiting()

    house.on_duty("ann")

    assert _owner(house, session_id) == "Ann"


def test_a_first_message_is_assigned_at_once_though_the_index_has_not_heard_of_it(house: House) -> None:
    """Indexes of DynamoDB follow a moment later: what has just been queued must not wait for the minute's sweep."""
    house.on_duty("ann")
    house.faults.lags("waiting")

    session_id, _ = house.waiting()

    assert house.faults.none_left
    assert _owner(house, session_id) == "Ann"


def test_the_sweep_assigns_whatever_the_events_missed(house: House) -> None:
    session_id, ann = _waits_while_ann_is_away(house)
    _set(ann, AgentItem.routing_status.set("accepting"))

    assert house.desk.rounds.drain_queues() == 1
    assert house.desk.rounds.drain_queues() == 0

    assert _owner(house, session_id) == "Ann"


def test_a_queue_that_cannot_be_drained_does_not_keep_the_sweep_from_the_others(house: House) -> None:
    session_id, ann = _waits_while_ann_is_away(house)
    _set(ann, AgentItem.routing_status.set("accepting"))
    house.desk.queues.create(Queue(id=QueueId("a-first"), name="First"))
    house.faults.never_arrives("Query", about="a-first")

    house.desk.rounds.drain_queues()

    assert house.faults.none_left
    assert _owner(house, session_id) == "Ann"


def test_a_session_without_words_takes_no_place(house: House) -> None:
    house.on_duty("ann")
    cleo = house.customer()
    cleo.hello()
    session_id = cleo.ask("start_session")["session_id"]
    assert house.desk.session_store.waiting(QUEUE.id, 20) == []

    cleo.say(session_id, "Hi")

    assert _owner(house, session_id) == "Ann"


def test_a_manual_queue_waits_to_be_taken(house: House) -> None:
    house.staffed(Queue(id=SALES, name="Sales", mode="manual"), ann={})
    ann = house.on_duty("ann")
    ann.ask("set_routing_status", status="busy")
    session_id, _ = house.waiting()
    _to_queue(house, SALES, session_id)
    ann.ask("set_routing_status", status="accepting")
    assert _state(house, session_id) == "queued"

    assert ann.ask("take_session", session_id=session_id)["state"] == "active"


def test_taking_what_one_has_already_is_no_error(house: House) -> None:
    """The first answer may have been lost."""
    session_id, ann = _waits_while_ann_is_away(house)
    ann.ask("take_session", session_id=session_id)

    assert ann.ask("take_session", session_id=session_id)["state"] == "active"
    assert house.load("ann") == (1.0, frozenset({session_id}))


def test_taking_with_a_full_desk_is_refused(house: House) -> None:
    ann, _, second = _full_desk(house)

    assert ann.ask("take_session", session_id=second)["code"] == "desk_full"


def test_who_waits_is_told_their_place_and_who_is_served_is_not(house: House) -> None:
    session_id, _ = _waits_while_ann_is_away(house)
    _, second = house.waiting()
    assert [f["position"] for f in second.heard("queue.moved")][-1] == 2
    first = _customer_of(house, session_id)

    first.ask("leave_queue", session_id=session_id)

    assert [f["position"] for f in second.heard("queue.moved")][-1] == 1
    moved = second.heard("queue.moved")[-1]
    assert 0 <= moved["wait_low_s"] <= moved["wait_high_s"]


def test_one_who_was_just_assigned_is_not_told_a_place_from_an_index_that_lags(house: House) -> None:
    session_id, ann = _waits_while_ann_is_away(house)
    cleo = _customer_of(house, session_id)
    _set(ann, AgentItem.routing_status.set("accepting"))
    before = len(cleo.heard("queue.moved"))

    with house.faults.stands_still("waiting"):
        house.desk.dispatch.drain(QUEUE.id)

    assert _owner(house, session_id) == "Ann"
    assert len(cleo.heard("queue.moved")) == before


def test_each_assignment_keeps_why(house: House) -> None:
    bob = house.on_duty("bob")
    bob.ask("set_routing_status", status="busy")
    talk = house.talk()

    offers = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}/offers").body["items"]

    assert [(o["how"], o["agent_id"]) for o in offers] == [("auto", talk.ann.caller.id)]
    why = offers[0]["explanation"]
    assert why["strategy"] == "least_loaded"
    rules = {c["agent_id"]: c["excluded_by"] for c in why["candidates"]}
    assert rules[talk.ann.caller.id] is None
    assert rules[bob.caller.id] == "not_accepting"
    assert rules[house.agent("sue").id] == "not_connected"


def test_the_policy_is_not_told_to_the_customer(house: House) -> None:
    talk = house.talk()

    seen = talk.cleo.rest("GET", f"/v1/widget/sessions/{talk.session_id}/messages").text

    assert "strategy" not in str(talk.cleo.told) + seen
    assert "candidates" not in str(talk.cleo.told) + seen


# costs


def test_an_assignment_costs_the_same_whatever_is_finished_and_waits_elsewhere(house: House) -> None:
    bare = _cost_of_an_assignment(house)
    house.staffed(Queue(id=SALES, name="Sales"))
    ann = house.on_duty("ann")
    for _ in range(12):
        session_id, cleo = house.waiting()
        cleo.ask("end_session", session_id=session_id)
        ann.ask("file_disposition", session_id=session_id, option_id="product")
    ann.ask("set_routing_status", status="busy")
    _to_queue(house, SALES, *(house.waiting()[0] for _ in range(12)))

    assert _cost_of_an_assignment(house) == bare


def _cost_of_an_assignment(house: House) -> dict[str, int]:
    session_id, ann = _waits_while_ann_is_away(house)
    _set(ann, AgentItem.routing_status.set("accepting"))
    house.meter.reset()
    assert house.desk.dispatch.drain(QUEUE.id) == 1
    spent = dict(house.meter.requests)
    ann.ask("end_session", session_id=session_id)
    ann.ask("file_disposition", session_id=session_id, option_id="product")
    ann.leaves()
    return spent


# builders


def _waits_while_ann_is_away(house: House) -> tuple[str, Client]:
    ann = house.on_duty("ann")
    ann.ask("set_routing_status", status="busy")
    return house.waiting()[0], ann


def _full_desk(house: House) -> tuple[Client, str, str]:
    """Ann holds one and can hold no more; another waits."""
    ann = house.on_duty("ann")
    _set(ann, AgentItem.capacity.set(1))
    return ann, house.waiting()[0], house.waiting()[0]


def _customer_of(house: House, session_id: str) -> Client:
    session = house.desk.session_store.tail(SessionId(session_id)).session
    client = next(
        c for c in house.clients if (c.caller.kind, c.caller.id) == ("customer", session.customer_id)
    )
    assert client.heard("welcome")
    return client


def _state(house: House, session_id: str) -> str:
    return house.desk.session_store.tail(SessionId(session_id)).session.state


def _owner(house: House, session_id: str) -> str | None:
    agent = house.desk.session_store.tail(SessionId(session_id)).session.agent
    return agent.name if agent else None


def _set(client: Client, action: object) -> None:
    AgentItem(client.caller.id, PROFILE).update(actions=[action])  # type: ignore[list-item]


def _leave_support(house: House, name: str) -> None:
    QueueItem(f"members:{QUEUE.id}", house.agent(name).id).delete()


def _to_queue(house: House, queue_id: QueueId, *session_ids: str) -> None:
    for session_id in session_ids:
        SessionItem(session_id, HEAD).update(
            actions=[SessionItem.queue_id.set(queue_id), SessionItem.waiting.set(queue_id)]
        )


def _prioritise(house: House, session_id: str, priority: int) -> None:
    session = replace(house.desk.session_store.tail(SessionId(session_id)).session, priority=priority)
    SessionItem(session_id, HEAD).update(
        actions=[
            SessionItem.priority.set(priority),
            SessionItem.rank.set(session.rank),
            SessionItem.line.set(to_facts(session)["line"]),
        ]
    )


def _at_once(count: int, act: object) -> None:
    start = Barrier(count)

    def go(_: int) -> None:
        start.wait()
        act()  # type: ignore[operator]

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(go, range(count)))
