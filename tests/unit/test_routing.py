"""By skill, by who served before, by how long it has waited: what the policy means in the house, and what it costs."""

from dataclasses import replace

import pytest

from chalicelib.agents.store import PROFILE, AgentItem
from chalicelib.kit.documents import QueueItem
from chalicelib.kit.values import AgentId, QueueId, SessionId
from chalicelib.protocol.skills import SkillLevel
from chalicelib.queues.model import Member, Queue
from chalicelib.sessions.items import HEAD, SessionItem, line_of, to_facts, turn_facts
from chalicelib.sessions.model import Session
from tests.house import Client, House

SUPPORT = QueueId("support")


# skills


def test_a_session_asks_for_its_queues_skills_and_waits_for_whoever_has_them(house: House) -> None:
    _said(house, required_skills=[{"skill": "french", "level": 2}])
    house.on_duty("ann")
    bob = house.on_duty("bob")
    bob.ask("set_routing_status", status="busy")
    _skilled(bob, french=2)

    session_id, _ = house.waiting()

    session = _read(house, session_id)
    assert session.required_skills == (SkillLevel(skill="french", level=2),)
    assert session.state == "queued"
    bob.ask("set_routing_status", status="accepting")
    assert _read(house, session_id).owner_id == bob.caller.id


def test_nobody_hides_behind_the_unservable(house: House) -> None:
    """Thirty wait for somebody who speaks French; the one behind them, who asks for nothing, is served at once."""
    _said(house, required_skills=[{"skill": "french", "level": 1}], max_waiting=100)
    ann = house.on_duty("ann")
    french = [house.waiting()[0] for _ in range(30)]
    _said(house, required_skills=[])

    session_id, _ = house.waiting()

    assert _read(house, session_id).owner_id == ann.caller.id
    assert {_read(house, s).state for s in french} == {"queued"}


def test_after_a_while_anybody_of_the_queue_serves_it(house: House) -> None:
    _said(house, required_skills=[{"skill": "french", "level": 1}], relax_after_s=90)
    ann = house.on_duty("ann")
    session_id, _ = house.waiting()
    house.clock.passes(seconds=88)
    house.desk.rounds.drain_queues()
    assert _read(house, session_id).state == "queued"

    house.clock.passes(seconds=1)
    house.desk.rounds.drain_queues()

    assert _read(house, session_id).owner_id == ann.caller.id


def test_one_who_jumped_ahead_does_not_hide_one_whose_skills_are_relaxed(house: House) -> None:
    _said(house, required_skills=[{"skill": "french", "level": 1}], relax_after_s=90)
    ann = house.on_duty("ann")
    old, _ = house.waiting()
    house.clock.passes(seconds=100)
    young, _ = house.waiting()
    _changed(house, young, priority=2)

    house.desk.rounds.drain_queues()

    assert _read(house, old).owner_id == ann.caller.id
    assert _read(house, young).state == "queued"


# across queues


def test_a_free_slot_goes_to_whoever_waits_longest_in_any_of_the_agents_queues(house: House) -> None:
    house.staffed(Queue(id=QueueId("a-first"), name="First"), ann={})
    ann = house.on_duty("ann")
    ann.ask("set_routing_status", status="busy")
    AgentItem(ann.caller.id, PROFILE).update(actions=[AgentItem.capacity.set(1)])
    oldest, younger = house.waiting()[0], house.waiting()[0]
    _changed(house, younger, queue_id=QueueId("a-first"))

    ann.ask("set_routing_status", status="accepting")

    assert [_read(house, s).state for s in (oldest, younger)] == ["active", "queued"]


def test_a_queue_of_higher_priority_is_five_minutes_ahead_a_step(house: House) -> None:
    ann = house.on_duty("ann")
    ann.ask("set_routing_status", status="busy")
    AgentItem(ann.caller.id, PROFILE).update(actions=[AgentItem.capacity.set(1)])
    first, _ = house.waiting()
    _said(house, priority=1)
    house.clock.passes(minutes=4)
    second, _ = house.waiting()

    ann.ask("set_routing_status", status="accepting")

    assert [_read(house, s).state for s in (first, second)] == ["queued", "active"]


# who served before


def test_a_customer_who_comes_again_within_a_day_gets_whoever_served_them(house: House) -> None:
    talk = house.talk()
    talk.ann.ask("end_session", session_id=talk.session_id)
    talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")
    house.on_duty("bob")  # who is idle, and never got any
    house.clock.passes(hours=2)

    again = talk.cleo.ask("start_session", text="It is me again")["session_id"]

    assert again != talk.session_id
    assert _read(house, again).owner_id == talk.ann.caller.id
    (why,) = talk.ann.rest("GET", f"/v1/sessions/{again}/offers").body["items"]
    assert why["explanation"]["strategy"] == "returning"


def test_a_full_desk_is_waited_for_half_a_minute_by_whichever_drain_comes(house: House) -> None:
    talk = house.talk()
    talk.ann.ask("end_session", session_id=talk.session_id)
    talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")
    AgentItem(talk.ann.caller.id, PROFILE).update(actions=[AgentItem.capacity.set(0)])
    bob = house.on_duty("bob")
    house.clock.passes(hours=2)
    again = talk.cleo.ask("start_session", text="It is me again")["session_id"]
    house.clock.passes(seconds=29)
    house.desk.rounds.drain_queues()
    assert _read(house, again).state == "queued"

    house.clock.passes(seconds=1)
    house.desk.rounds.drain_queues()

    assert _read(house, again).owner_id == bob.caller.id


# waiting too long, and too many


def test_waiting_too_long_goes_on_in_another_queue_with_its_time(house: House) -> None:
    house.staffed(Queue(id=QueueId("night"), name="Night"), bob={})
    _said(house, overflow={"queue_id": "night", "after_s": 120})
    QueueItem(f"members:{SUPPORT}", house.agent("bob").id).delete()
    bob = house.on_duty("bob")
    session_id, cleo = house.waiting()
    queued_at = _read(house, session_id).queued_at
    house.clock.passes(seconds=118)
    house.desk.rounds.expire_idle_sessions()
    assert _read(house, session_id).queue_id == SUPPORT

    house.clock.passes(seconds=1)
    house.desk.rounds.expire_idle_sessions()

    session = _read(house, session_id)
    assert (session.queue_id, session.queued_at, session.owner_id) == ("night", queued_at, bob.caller.id)
    assert [s.ended_how for s in session.segments] == ["overflowed", "assigned", None]
    assert [m["system"]["code"] for m in cleo.heard("message.sent") if m["system"]] == [
        "overflowed",
        "assigned",
    ]


def test_it_does_not_go_back_to_where_it_was(house: House) -> None:
    night = Queue.model_validate(
        {"id": "night", "name": "Night", "overflow": {"queue_id": "support", "after_s": 60}}
    )
    house.staffed(night)
    _said(house, overflow={"queue_id": "night", "after_s": 60})
    session_id, _ = house.waiting()
    for _ in range(5):
        house.clock.passes(minutes=1)
        house.desk.rounds.expire_idle_sessions()

    assert _read(house, session_id).queue_id == "night"
    assert len(_read(house, session_id).segments) == 2


def test_who_overflows_still_waits_no_longer_than_the_limit_in_all(house: House) -> None:
    house.staffed(Queue(id=QueueId("night"), name="Night", max_wait_s=300))
    _said(house, overflow={"queue_id": "night", "after_s": 240})
    session_id, cleo = house.waiting()
    house.clock.passes(minutes=4)
    house.desk.rounds.expire_idle_sessions()
    house.clock.passes(minutes=1)
    cleo.ask("ping")

    house.desk.rounds.expire_idle_sessions()

    assert _read(house, session_id).close_reason == "queue_timeout"


def test_one_too_many_is_told_at_once(house: House) -> None:
    _said(house, max_waiting=2)
    waiting = [house.waiting()[0] for _ in range(2)]

    session_id, cleo = house.waiting()

    assert _read(house, session_id).close_reason == "queue_full"
    assert {_read(house, s).state for s in waiting} == {"queued"}
    assert cleo.heard("session.changed")[-1]["close_reason"] == "queue_full"
    assert cleo.heard("message.sent")[-1]["system"]["code"] == "queue_full"


def test_whoever_is_served_at_once_is_never_too_many(house: House) -> None:
    _said(house, max_waiting=0)
    ann = house.on_duty("ann")
    AgentItem(ann.caller.id, PROFILE).update(actions=[AgentItem.capacity.set(1)])

    served, turned_away = house.waiting()[0], house.waiting()[0]

    assert _read(house, served).state == "active"
    assert _read(house, turned_away).close_reason == "queue_full"


@pytest.mark.parametrize(("slots", "may_wait"), [(0, 10), (1, 10), (3, 15)])
def test_by_default_five_may_wait_for_each_slot_on_duty_and_ten_at_least(
    house: House, slots: int, may_wait: int
) -> None:
    ann = house.on_duty("ann")
    AgentItem(ann.caller.id, PROFILE).update(
        actions=[AgentItem.capacity.set(slots), AgentItem.load.set(100 * slots)]
    )

    ended = [_read(house, house.waiting()[0]).close_reason for _ in range(may_wait + 1)]

    assert ended == [None] * may_wait + ["queue_full"]


# places


def test_only_those_whose_place_has_changed_are_told(house: House) -> None:
    people = [house.waiting() for _ in range(3)]
    told = [len(cleo.heard("queue.moved")) for _, cleo in people]
    assert told == [1, 1, 1]

    people[1][1].ask("leave_queue", session_id=people[1][0])

    assert [len(cleo.heard("queue.moved")) for _, cleo in people] == [1, 1, 2]
    assert people[2][1].heard("queue.moved")[-1]["position"] == 2


# what-if


def test_a_supervisor_may_ask_who_would_get_it_and_why(house: House) -> None:
    ann, bob, sue = (house.on_duty(name) for name in ("ann", "bob", "sue"))
    bob.ask("set_routing_status", status="break", reason="lunch")
    _skilled(ann, french=3)
    asked = {"source_id": "demo", "category_id": "orders", "skills": [{"skill": "french", "level": 2}]}

    told = sue.rest("POST", "/v1/routing/simulate", asked)

    assert (told.status, told.body["queue_id"], told.body["agent"]["name"]) == (200, "support", "Ann")
    why = {c["name"]: c["excluded_by"] for c in told.body["explanation"]["candidates"]}
    assert why == {"Ann": None, "Bob": "not_accepting", "Sue": "lacks_skill"}
    assert house.load("ann")[0] == 0.0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"queue_id": "nowhere"}, "unknown_place"),
        ({"source_id": "nowhere"}, "unknown_place"),
        ({"source_id": "demo", "category_id": "nothing"}, "unknown_category"),
        ({}, "invalid"),
        ({"queue_id": "support", "source_id": "demo"}, "invalid"),
    ],
)
def test_a_question_about_nowhere_is_refused(house: House, body: dict[str, str], code: str) -> None:
    refused = house.on_duty("sue").rest("POST", "/v1/routing/simulate", body)

    assert (refused.status, refused.code) == (422, code)


def test_an_agent_may_not_ask_it(house: House) -> None:
    assert house.on_duty("ann").rest("POST", "/v1/routing/simulate", {"queue_id": "support"}).status == 403


# metamorphic


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_the_order_in_which_agents_come_changes_nothing_of_who_gets_what(
    house: House, order: tuple[int, ...]
) -> None:
    names = ("ann", "bob", "sue")
    agents = [house.on_duty(name) for name in names]
    for agent in agents:
        agent.ask("set_routing_status", status="busy")
        AgentItem(agent.caller.id, PROFILE).update(actions=[AgentItem.capacity.set(1)])
    sessions = [house.waiting()[0] for _ in range(3)]
    for i in order:
        AgentItem(agents[i].caller.id, PROFILE).update(actions=[AgentItem.routing_status.set("accepting")])

    house.desk.rounds.drain_queues()

    owners = [_read(house, s).owner_id for s in sessions]
    assert owners == sorted(a.caller.id for a in agents)


# costs


def test_an_assignment_costs_the_same_with_twenty_or_a_thousand_waiting(house: House) -> None:
    """Of twenty signatures each time, and of those whom nobody here can serve."""
    _said(house, max_waiting=100_000)
    few, many = _cost(house, waiting=20), _cost(house, waiting=1_000)

    assert few == many
    assert few["Query"] < 50


def test_an_assignment_costs_the_same_whoever_works_in_other_queues(house: House) -> None:
    bare = _cost(house, waiting=0)
    for n in range(20):
        queue = QueueId(f"other-{n}")
        house.desk.queues.create(Queue(id=queue, name=f"Other {n}"))
        for m in range(50):
            house.desk.queues.add_member(queue, Member(agent_id=AgentId(f"agent-{n}-{m}")))

    assert _cost(house, waiting=0) == bare


def _cost(house: House, waiting: int) -> dict[str, int]:
    """Requests of a drain that assigns one, while so many others wait whom nobody can serve."""
    ann = house.on_duty("ann")
    ann.ask("set_routing_status", status="busy")
    session_id, cleo = house.waiting()
    _wait_for_nobody(house, _read(house, session_id), waiting)
    AgentItem(ann.caller.id, PROFILE).update(actions=[AgentItem.routing_status.set("accepting")])
    house.meter.reset()
    assert house.desk.dispatch.drain(SUPPORT) == 1
    spent = dict(house.meter.requests)
    cleo.ask("end_session", session_id=session_id)
    ann.ask("file_disposition", session_id=session_id, option_id="product")
    ann.leaves()
    return spent


def _wait_for_nobody(house: House, like: Session, count: int) -> None:
    """So many more in the queue, of twenty signatures."""
    kinds = [replace(like, required_skills=(SkillLevel(skill=f"skill-{n}", level=1),)) for n in range(20)]
    raws = [_item(kind).to_raw() for kind in kinds]
    for n in range(count):
        raw = raws[n % 20]
        rank = f"{n:015d}:{count}"
        line = line_of(raw["line"]["S"].partition("|")[0], rank)
        places = {"session_id": f"w{count}-{n}", "rank": rank, "line": line}
        item = raw | {name: {"S": value} for name, value in places.items()}
        house.engine._make_api_call("PutItem", {"TableName": SessionItem.Meta.table_name, "Item": item})


# builders


def _item(session: Session) -> SessionItem:
    item = SessionItem(session.id, HEAD)
    for name, value in {**to_facts(session), **turn_facts(session)}.items():
        setattr(item, name, value)
    return item


def _said(house: House, **rules: object) -> None:
    queue = house.desk.queues.get(SUPPORT)
    changed = Queue.model_validate(queue.model_dump() | rules)
    QueueItem("queue", SUPPORT, version=1, body=changed.model_dump_json()).save()


def _skilled(client: Client, **skills: int) -> None:
    AgentItem(client.caller.id, PROFILE).update(actions=[AgentItem.skills.set(dict(skills))])


def _changed(house: House, session_id: str, **facts: object) -> None:
    _item(replace(_read(house, session_id), **facts)).save()  # type: ignore[arg-type]


def _read(house: House, session_id: str) -> Session:
    return house.desk.session_store.tail(SessionId(session_id)).session
