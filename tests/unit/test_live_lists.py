"""The live lists' order, counts, digests and deltas; looking on at a session; the live board."""

from typing import Any

import pytest

from chalicelib.agents.store import PROFILE, AgentItem
from chalicelib.kit.values import QueueId
from chalicelib.queues.model import Member, Queue
from tests.house import Answer, Client, House


@pytest.fixture
def sue(house: House) -> Client:
    """A supervisor who is given nothing by herself."""
    sue = house.on_duty("sue")
    sue.ask("set_routing_status", status="busy")
    return sue


# tabs and their order


def test_what_is_on_hold_stands_in_a_tab_of_its_own(house: House) -> None:
    talk = house.talk()
    talk.ann.ask("hold_session", session_id=talk.session_id)

    assert _tabs(talk.ann) == {
        "offered": [],
        "mine": [],
        "on_hold": [talk.session_id],
        "wrap_up": [],
        "queue": [],
    }


def test_what_is_offered_to_one_stands_in_their_tab_alone_until_they_answer(house: House) -> None:
    queue = house.desk.queues.get(QueueId("support"))
    rings = {"version": queue.version + 1, "mode": "ring", "offer_timeout_s": 20}
    house.desk.queues.replace(queue.model_copy(update=rings))
    ann = house.on_duty("ann")
    before = ann.ask("ping")["lists"]["offered"]
    session_id, _ = house.waiting()

    assert _tabs(ann) == {"offered": [session_id], "mine": [], "on_hold": [], "wrap_up": [], "queue": []}
    assert _counts(ann)["offered"] == 1
    assert ann.ask("ping")["lists"]["offered"] != before
    ann.ask("accept_offer", session_id=session_id)
    assert _tabs(ann) == {"offered": [], "mine": [session_id], "on_hold": [], "wrap_up": [], "queue": []}


def test_what_is_handed_on_stays_with_its_agent_until_it_is_taken(house: House) -> None:
    talk = house.talk()
    bob = house.on_duty("bob")
    talk.ann.ask("transfer_session", session_id=talk.session_id, to_agent_id=bob.caller.id)

    assert (_ids(talk.ann, "mine"), _ids(bob, "offered")) == ([talk.session_id], [talk.session_id])
    assert (_ids(talk.ann, "offered"), _ids(bob, "mine")) == ([], [])


def test_a_later_answer_has_the_later_target(house: House) -> None:
    """Of 60 seconds for a reply less is used up than of 30 for a first answer, though it has waited longer."""
    ann = house.on_duty("ann")
    answered, cleo = house.waiting()
    ann.say(answered, "Hello", after=2)
    cleo.say(answered, "And?", after=3)
    house.clock.passes(seconds=5)
    fresh, _ = house.waiting()
    house.clock.passes(seconds=10)

    assert _ids(ann, "mine") == [fresh, answered]


def test_those_who_wait_for_the_customer_come_last_the_longest_first(house: House) -> None:
    ann = house.on_duty("ann")
    first, second, third = (house.waiting()[0] for _ in range(3))
    for session_id in (second, first):
        ann.say(session_id, "Yes?", after=2)
        house.clock.passes(seconds=1)

    assert _ids(ann, "mine") == [third, second, first]


def test_a_supervisor_sees_every_desk_the_worst_first_on_each(house: House, sue: Client) -> None:
    ann = house.on_duty("ann")
    first, second = house.waiting()[0], house.waiting()[0]
    ann.say(first, "Yes?", after=2)
    ann.ask("set_routing_status", status="busy")
    house.on_duty("bob")
    third, _ = house.waiting()

    assert _ids(sue, "team") == [second, first, third]
    assert _ids(sue, f"team&agent_id={house.agent('bob').id}") == [third]


def test_the_team_goes_on_page_by_page_in_the_middle_of_a_desk_too(house: House, sue: Client) -> None:
    house.on_duty("ann")
    waiting = {house.waiting()[0] for _ in range(4)}
    house.on_duty("bob")
    waiting |= {house.waiting()[0] for _ in range(3)}

    found, cursor = [], ""
    while not found or cursor:
        page = sue.rest("GET", f"/v1/sessions?tab=team&limit=3{cursor}").body
        found.append([s["session_id"] for s in page["items"]])
        cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else ""

    assert [len(page) for page in found] == [3, 3, 1]
    assert {i for page in found for i in page} == waiting


def test_the_team_is_for_supervisors(house: House) -> None:
    answer = house.on_duty("ann").rest("GET", "/v1/sessions?tab=team")

    assert (answer.status, answer.code) == (403, "forbidden")


# counts


def test_each_tab_has_its_count(house: House, sue: Client) -> None:
    talk = house.talk()
    held, _ = house.waiting()
    talk.ann.ask("hold_session", session_id=held)
    talk.ann.ask("set_routing_status", status="busy")
    house.waiting()

    assert _counts(talk.ann) == {"offered": 0, "mine": 1, "on_hold": 1, "wrap_up": 0, "left": 0, "queue": 1}
    assert _counts(sue) == {
        "offered": 0,
        "mine": 0,
        "on_hold": 0,
        "wrap_up": 0,
        "left": 0,
        "queue": 1,
        "team": 2,
    }


def test_a_count_stops_at_99_and_says_that_there_is_more(house: House) -> None:
    queue = house.desk.queues.all()[0]
    house.desk.queues.replace(queue.model_copy(update={"version": queue.version + 1, "max_waiting": 200}))
    ann = house.on_duty("ann")
    ann.ask("set_routing_status", status="busy")
    for _ in range(101):
        house.waiting()

    answer = ann.rest("GET", "/v1/sessions/counts").body["tabs"]["queue"]

    assert answer == {"count": 99, "more": True}


# digests and deltas


def test_a_seen_screens_ping_costs_a_query_for_each_session_held_and_for_each_queue(house: House) -> None:
    """Whatever waits: who waits is told by keys alone. The Gets are of the agent, as signed in and as renewed."""
    talk = house.talk()
    house.waiting()
    talk.ann.ask("set_routing_status", status="busy")
    spent = []
    for _ in range(2):
        for _ in range(10):
            house.waiting()
        house.meter.reset()
        talk.ann.ask("ping", visible=True)
        spent.append(dict(house.meter.requests))

    assert spent == [{"UpdateItem": 2, "GetItem": 2, "Query": 2 + 1}] * 2


def test_a_hidden_screens_ping_asks_for_no_queue(house: House) -> None:
    talk = house.talk()
    house.meter.reset()

    talk.ann.ask("ping", visible=False)

    assert dict(house.meter.requests) == {"UpdateItem": 2, "GetItem": 2, "Query": 1}


def test_each_list_has_a_digest_that_changes_when_it_does(house: House) -> None:
    ann = house.on_duty("ann")
    seen = [ann.ask("ping")["lists"]]

    def changes() -> set[str]:
        seen.append(ann.ask("ping")["lists"])
        return {tab for tab in seen[-1] if seen[-1][tab] != seen[-2][tab]}

    assert changes() == set()
    session_id, _ = house.waiting()
    assert changes() == {"mine"}
    ann.ask("hold_session", session_id=session_id)
    assert changes() == {"mine", "on_hold"}
    ann.ask("end_session", session_id=session_id)
    assert changes() == {"on_hold", "wrap_up"}
    ann.ask("set_routing_status", status="busy")
    house.waiting()
    assert changes() == {"queue"}


def test_a_watching_supervisor_hears_of_every_transition_by_id_and_version_alone(
    house: House, sue: Client
) -> None:
    talk = house.talk()
    sue.ask("watch", what="list")

    talk.ann.ask("hold_session", session_id=talk.session_id)
    talk.ann.ask("end_session", session_id=talk.session_id)

    changed = sue.heard("list.changed")
    assert [(f["tab"], f["session_id"]) for f in changed] == [("team", talk.session_id)] * 2
    assert all(set(f) == {"type", "tab", "session_id", "version"} for f in changed)
    assert talk.ann.heard("list.changed") == []


def test_who_watches_a_queue_hears_when_its_waiting_ones_change(house: House, sue: Client) -> None:
    sue.ask("watch", what="queue", queue_id="support")
    session_id, cleo = house.waiting()
    cleo.ask("leave_queue", session_id=session_id, choice="leave")

    assert [(f["queue_id"], f["session_id"]) for f in sue.heard("queue.status")] == [
        ("support", session_id)
    ] * 2
    assert sue.heard("list.changed") == []


def test_the_live_board_is_told_of_transitions_until_it_is_closed(house: House, sue: Client) -> None:
    sue.ask("watch", what="live")
    talk = house.talk()
    told = len(sue.heard("live.changed"))
    assert told >= 2
    assert set(sue.heard("live.changed")[-1]) == {"type", "queue_id", "session_id", "version"}

    sue.ask("unwatch", what="live")
    talk.ann.ask("end_session", session_id=talk.session_id)

    assert len(sue.heard("live.changed")) == told


def test_one_socket_may_watch_several_things_and_stop_one_of_them(house: House, sue: Client) -> None:
    sue.ask("watch", what="live")
    sue.ask("watch", what="queue")
    sue.ask("unwatch", what="live")

    house.waiting()

    assert (len(sue.heard("live.changed")), len(sue.heard("queue.status"))) == (0, 1)


@pytest.mark.parametrize(
    ("what", "facts", "code"),
    [
        ("live", {}, "forbidden"),
        ("queue", {"queue_id": "sales"}, "forbidden"),
        ("session", {}, "invalid"),
        ("session", {"session_id": "nothing-here"}, "not_found"),
    ],
)
def test_nobody_watches_what_is_not_theirs(house: House, what: str, facts: dict[str, Any], code: str) -> None:
    house.desk.queues.create(Queue(id=QueueId("sales"), name="Sales"))
    ann = house.on_duty("ann")

    assert ann.ask("watch", what=what, **facts)["code"] == code


def test_supervisors_who_watch_hear_of_an_agents_status_once_with_who_and_why(
    house: House, sue: Client
) -> None:
    ann, bob = house.on_duty("ann"), house.on_duty("bob")
    for what in ("list", "live"):
        sue.ask("watch", what=what)
        bob.ask("watch", what="list")

    ann.ask("set_routing_status", status="break", reason="lunch")

    (told,) = [f for f in sue.heard("agent.status_changed") if f["agent_id"] == ann.caller.id]
    assert (told["routing_status"], told["by"]["name"], told["why"]) == ("break", "Ann", "lunch")
    assert [f for f in bob.heard("agent.status_changed") if f["agent_id"] == ann.caller.id] == []


# looking on


def test_a_supervisor_who_looks_on_hears_all_of_it_live(house: House, sue: Client) -> None:
    talk = house.talk()
    sue.ask("watch", what="session", session_id=talk.session_id)

    talk.cleo.say(talk.session_id, "Where is it?", after=2)
    talk.ann.say(talk.session_id, "A regular", visibility="staff")
    talk.ann.say(talk.session_id, "One moment", after=3)
    talk.cleo.send({"type": "typing", "session_id": talk.session_id, "on": True})
    talk.cleo.ask("mark", session_id=talk.session_id, read=4)
    talk.ann.ask("end_session", session_id=talk.session_id)

    said = [f["text"] for f in sue.heard("message.sent")]
    assert said == ["Where is it?", "A regular", "One moment", "Ann ended the conversation."]
    assert (len(sue.heard("typing")), sue.heard("mark.moved")[-1]["mark"]["read"]) == (1, 4)
    assert sue.heard("session.changed")[-1]["state"] == "wrap_up"


def test_looking_on_ends_when_asked(house: House, sue: Client) -> None:
    talk = house.talk()
    sue.ask("watch", what="session", session_id=talk.session_id)
    sue.ask("unwatch", what="session", session_id=talk.session_id)

    talk.cleo.say(talk.session_id, "Where is it?", after=2)

    assert sue.heard("message.sent") == []


def test_an_agent_does_not_look_on_at_what_waits_and_soon_is_a_colleagues(house: House) -> None:
    bob = house.on_duty("bob")
    bob.ask("set_routing_status", status="busy")
    session_id, cleo = house.waiting()

    assert bob.ask("watch", what="session", session_id=session_id)["code"] == "forbidden"
    house.on_duty("ann")
    cleo.say(session_id, "My secret")
    assert bob.heard("message.sent") == []


def test_a_message_nobody_looks_on_at_costs_nothing_for_it_and_a_watched_one_half_a_unit(
    house: House, sue: Client
) -> None:
    talk = house.talk()
    talk.cleo.say(talk.session_id, "1", after=2)
    costs = []
    for n in (3, 4):
        house.meter.reset()
        talk.cleo.say(talk.session_id, "x", after=n)
        costs.append((dict(house.meter.requests), house.meter.read_units))
        sue.ask("watch", what="session", session_id=talk.session_id)

    assert costs == [({"Query": 2, "PutItem": 1}, 1.5), ({"Query": 3, "PutItem": 1}, 2.0)]


# the live board


def test_the_board_shows_queues_agents_and_those_who_wait(house: House, sue: Client) -> None:
    talk = house.talk()
    AgentItem(talk.ann.caller.id, PROFILE).update(actions=[AgentItem.capacity.set(1)])
    waits, _ = house.waiting()

    board = sue.rest("GET", "/v1/live").body

    (queue,) = board["queues"]
    assert (queue["queue_id"], queue["waiting"]) == ("support", {"count": 1, "more": False})
    assert (queue["oldest_queued_at"], queue["members"], queue["free"]) == ("2026-11-22T12:00:00Z", 3, 0)
    assert [w["session_id"] for w in board["waiting"]] == [waits]
    ann = next(a for a in board["agents"] if a["agent"]["name"] == "Ann")
    assert (ann["connected"], ann["routing_status"], ann["duty"]) == (True, "accepting", "on_shift")
    assert (ann["load"], ann["capacity"], ann["sessions"]) == (1.0, 1, 1)


def test_the_days_service_level_is_counted_as_it_happens(house: House, sue: Client) -> None:
    ann = house.on_duty("ann")
    in_time, late = house.waiting()[0], house.waiting()[0]
    ann.say(in_time, "Hello", after=2)
    ann.say(in_time, "Are you there?", after=3)
    house.clock.passes(seconds=40)
    ann.say(late, "Sorry", after=2)
    ann.ask("set_routing_status", status="busy")
    given_up, cleo = house.waiting()
    cleo.ask("leave_queue", session_id=given_up, choice="leave")

    (queue,) = sue.rest("GET", "/v1/live").body["queues"]

    assert queue["today"] == {
        "queued": 3,
        "answered": 2,
        "in_time": 1,
        "abandoned": 1,
        "service_level": 0.3333,
    }
    assert queue["quarters"] == [{"at": "2026-11-22T12:00:00Z", "queued": 3, "answered": 2, "abandoned": 1}]


@pytest.mark.parametrize("when", ["waiting", "answered", "given up"])
def test_what_is_set_aside_counts_for_nothing(house: House, sue: Client, when: str) -> None:
    if when == "answered":
        ann = house.on_duty("ann")
    session_id, cleo = house.waiting()
    if when == "answered":
        ann.say(session_id, "Hello", after=2)
    if when == "given up":
        cleo.ask("leave_queue", session_id=session_id, choice="leave")

    assert sue.rest("POST", f"/v1/sessions/{session_id}/spam", {}).status == 200

    (queue,) = sue.rest("GET", "/v1/live").body["queues"]
    assert queue["today"] == {
        "queued": 0,
        "answered": 0,
        "in_time": 0,
        "abandoned": 0,
        "service_level": None,
    }


def test_today_begins_at_midnight_where_the_asker_is(house: House, sue: Client) -> None:
    house.waiting()
    house.clock.passes(hours=5)  # 17:00 in London, and tomorrow in Shanghai

    assert _queued_today(sue, "Europe/London") == 1
    assert _queued_today(sue, "Asia/Shanghai") == 0
    assert sue.rest("GET", "/v1/live?time_zone=Mars/Base").code == "unknown_time_zone"


def test_a_figure_that_cannot_be_kept_hurts_nobody(house: House) -> None:
    house.faults.never_arrives("UpdateItem", about="figures:")

    assert house.waiting()

    assert house.faults.none_left


@pytest.mark.parametrize("busy", [0, 40])
def test_the_board_costs_the_same_however_much_happened_today(house: House, sue: Client, busy: int) -> None:
    """A Query for the org chart, two for the queues, two for the queue; one for the agents and one for all of them at once, and one for
    whose queues they are.
    """
    for _ in range(busy):
        session_id, cleo = house.waiting()
        cleo.ask("leave_queue", session_id=session_id, choice="leave")
    token = sue.token
    house.meter.reset()

    assert house.rest("GET", "/v1/live", token=token).status == 200

    assert house.meter.requests["Query"] == 7
    assert house.meter.requests["BatchGetItem"] == 1


def test_the_board_is_for_supervisors(house: House) -> None:
    assert house.on_duty("ann").rest("GET", "/v1/live").code == "forbidden"


def test_another_queue_is_shown_by_its_own(house: House, sue: Client) -> None:
    house.desk.queues.create(Queue(id=QueueId("sales"), name="Sales"))
    house.desk.queues.add_member(QueueId("sales"), Member(agent_id=house.agent("bob").id))

    (queue,) = sue.rest("GET", "/v1/live?queue_id=sales").body["queues"]

    assert queue["name"] == "Sales"


def _queued_today(client: Client, zone: str) -> int:
    (queue,) = client.rest("GET", f"/v1/live?time_zone={zone}").body["queues"]
    return int(queue["today"]["queued"])


def _counts(client: Client) -> dict[str, int]:
    tabs = client.rest("GET", "/v1/sessions/counts").body["tabs"]
    return {tab: count["count"] for tab, count in tabs.items()}


def _tabs(client: Client) -> dict[str, list[str]]:
    return {tab: _ids(client, tab) for tab in ("offered", "mine", "on_hold", "wrap_up", "queue")}


def _ids(client: Client, tab: str) -> list[str]:
    answer: Answer = client.rest("GET", f"/v1/sessions?tab={tab}")
    assert answer.status == 200, answer
    return [item["session_id"] for item in answer.body["items"]]
