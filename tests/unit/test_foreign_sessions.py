"""What is not one's own does not exist, by every road; and nobody hears of somebody's trying."""

import re
from typing import Any

import pytest

from chalicelib.gateway.rest import Route
from chalicelib.permissions.model import scopes
from tests.house import Client, House, Talk

BODIES: dict[str, Any] = {
    "Nothing": {},
    "NewMessage": {"client_id": "C1", "text": "Let me in"},
    "NewMarks": {"delivered": 1, "read": 1},
    "LeavingQueue": {"choice": "leave"},
    "NewAnswer": {"by": "next_visit", "text": "x"},
    "NewFiling": {"option_id": "product"},
    "NewCall": {"number": "+4930123456"},
    "CallChange": {"note": "mine"},
    "NewReminder": {"at": "2026-11-22T13:00:00Z"},
    "NewAssignment": {"agent_id": "A"},
    "NewWhisper": {"text": "Let me in"},
    "NewBlock": {},
    "NewHold": {},
    "Declining": {},
    "Transferring": {"to_queue_id": "support"},
    "NewRating": {"score": 5},
    "SessionChange": {"tags": ["mine"]},
}
COMMANDS: dict[str, dict[str, Any]] = {
    "send_message": {"text": "Let me in"},
    "recall_message": {"seq": 1},
    "catch_up": {"after": 0},
    "typing": {"on": True},
    "mark": {"read": 1},
    "end_session": {},
}
CUSTOMERS = COMMANDS | {"leave_queue": {}, "still_here": {}, "rate_session": {"score": 5}}
AGENTS = COMMANDS | {
    "take_session": {},
    "accept_offer": {},
    "decline_offer": {},
    "transfer_session": {"to_queue_id": "support"},
    "hold_session": {},
    "resume_session": {},
    "requeue_session": {},
    "file_disposition": {"option_id": "product"},
}
MATCHES = {"if-match": "1"}
STATES = ["queued", "active", "wrap_up", "closed"]


@pytest.fixture
def mallory(house: House) -> Client:
    """Another customer of the same shop."""
    mallory = house.customer()
    mallory.hello()
    return mallory


@pytest.fixture
def bob(house: House) -> Client:
    """An agent of the same queue, who holds nothing."""
    bob = house.on_duty("bob")
    bob.ask("set_routing_status", status="busy")
    return bob


@pytest.mark.parametrize("state", STATES)
def test_another_customers_session_is_not_found_by_any_command(
    house: House, mallory: Client, state: str
) -> None:
    talk = _in_state(house, state)
    before = _traces(house, talk)
    for command, facts in CUSTOMERS.items():
        assert mallory.ask(command, session_id=talk.session_id, **facts)["code"] == "not_found", command

        assert _traces(house, talk) == before, command


@pytest.mark.parametrize("state", STATES)
def test_another_customers_session_is_not_found_by_any_route(
    house: House, mallory: Client, state: str
) -> None:
    talk = _in_state(house, state)
    before = _traces(house, talk)
    for route in _routes(house, "/v1/widget/"):
        answer = mallory.rest(route.method, _path(route, talk), _body(route), headers=MATCHES)
        assert (answer.status, answer.code) == (404, "not_found"), route.path

    assert _traces(house, talk) == before


def test_another_customers_session_is_not_caught_up_in_a_hello(house: House, mallory: Client) -> None:
    talk = house.talk()

    welcome = mallory.hello(catch_up=[{"session_id": talk.session_id, "after": 0}])

    assert welcome["caught_up"] == []
    assert welcome["sessions"] == []
    assert mallory.ask("ping")["heads"] == {}
    assert mallory.rest("GET", "/v1/widget/history").body["items"] == []
    assert mallory.rest("GET", "/v1/widget/sessions/current").code == "not_found"


def test_the_same_client_id_of_another_customer_starts_another_session(house: House, mallory: Client) -> None:
    cleo = house.customer()
    cleo.hello()
    own = cleo.ask("start_session", client_id="S1", text="Hi")["session_id"]

    assert mallory.ask("start_session", client_id="S1", text="Hi")["session_id"] != own


@pytest.mark.parametrize("state", ["active", "wrap_up", "closed"])
def test_a_colleagues_session_is_not_found_by_any_command(house: House, bob: Client, state: str) -> None:
    talk = _in_state(house, state)
    before = _traces(house, talk)
    for command, facts in AGENTS.items():
        assert bob.ask(command, session_id=talk.session_id, **facts)["code"] == "not_found", command

        assert _traces(house, talk) == before, command


@pytest.mark.parametrize("state", ["active", "wrap_up", "closed"])
def test_a_colleagues_session_is_not_found_by_any_route(house: House, bob: Client, state: str) -> None:
    talk = _in_state(house, state)
    before = _traces(house, talk)
    for route in _routes(house, "/v1/sessions/"):
        answer = bob.rest(route.method, _path(route, talk), _body(route), headers=MATCHES)
        assert (answer.status, answer.code) == _unseen(route, bob), route.path

    assert _traces(house, talk) == before


def test_what_waits_in_ones_queue_may_be_read_and_taken_and_nothing_else(house: House, bob: Client) -> None:
    talk = _in_state(house, "queued")
    before = _traces(house, talk)
    for command in AGENTS:
        if command not in ("catch_up", "take_session"):
            answer = bob.ask(command, session_id=talk.session_id, **AGENTS[command])
            assert answer["code"] == "forbidden", command
    for route in _routes(house, "/v1/sessions/"):
        if route.method == "POST" and not route.path.endswith("/take"):
            answer = bob.rest(route.method, _path(route, talk), _body(route), headers=MATCHES)
            assert (answer.status, answer.code) == (403, "forbidden"), route.path
            assert _traces(house, talk) == before

    assert bob.ask("catch_up", session_id=talk.session_id, after=0)["type"] == "caught_up"


def test_what_waits_in_a_queue_that_is_not_ones_own_does_not_exist(house: House) -> None:
    talk = _in_state(house, "queued")
    stranger = house.connected(house.hired("mia", role_ids=("agent",)))
    stranger.hello()
    before = _traces(house, talk)
    for command in AGENTS:
        answer = stranger.ask(command, session_id=talk.session_id, **AGENTS[command])
        assert answer["code"] == "not_found", command
    for route in _routes(house, "/v1/sessions/"):
        answer = stranger.rest(route.method, _path(route, talk), _body(route), headers=MATCHES)
        assert (answer.status, answer.code) == _unseen(route, stranger), route.path

    assert _traces(house, talk) == before


def test_a_supervisor_reads_and_acts_on_what_is_an_agents(house: House) -> None:
    sue = house.on_duty("sue")
    sue.ask("set_routing_status", status="busy")
    talk = house.talk()

    assert sue.rest("GET", f"/v1/sessions/{talk.session_id}").status == 200
    assert sue.say(talk.session_id, "Let me help", after=2)["seq"] == 3
    assert talk.cleo.texts == ["Let me help"]
    assert talk.ann.texts == ["Let me help"]


def test_nothing_is_told_to_whom_it_does_not_concern(house: House, mallory: Client, bob: Client) -> None:
    """Presence, typing, marks and counts included."""
    deaf = [len(client.told) for client in (mallory, bob)]
    talk = house.talk()

    talk.ann.say(talk.session_id, "Hello", after=2)
    talk.cleo.send({"type": "typing", "session_id": talk.session_id, "on": True})
    talk.cleo.ask("mark", session_id=talk.session_id, read=3)
    talk.ann.say(talk.session_id, "A regular", visibility="staff")
    talk.cleo.ask("end_session", session_id=talk.session_id)
    talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")

    assert [len(client.told) for client in (mallory, bob)] == deaf


def test_a_watcher_hears_which_session_moved_and_nothing_of_it(house: House, bob: Client) -> None:
    bob.ask("watch", what="list")
    talk = house.talk("My secret")

    changed = bob.heard("list.changed")
    assert {f["session_id"] for f in changed} == {talk.session_id}
    assert all(set(f) == {"type", "tab", "session_id", "version"} for f in changed)


def test_an_agent_may_not_set_a_colleagues_status_and_a_supervisor_may(house: House, bob: Client) -> None:
    ann = house.on_duty("ann")
    path = f"/v1/agents/{ann.caller.id}/routing-status"

    assert bob.rest("PUT", path, {"status": "offline"}).status == 404
    assert house.agent("ann").routing_status == "accepting"
    assert house.on_duty("sue").rest("PUT", path, {"status": "offline"}).status == 200
    assert house.agent("ann").routing_status == "offline"
    assert ann.heard("agent.status_changed")[-1]["by"]["name"] == "Sue"


def test_an_agent_reads_themselves_and_a_supervisor_all(house: House, bob: Client) -> None:
    ann = house.agent("ann")

    assert bob.rest("GET", f"/v1/agents/{ann.id}").status == 404
    assert [a["alias"] for a in bob.rest("GET", "/v1/agents").body["items"]] == ["Bob"]
    sue = house.on_duty("sue")
    assert sue.rest("GET", f"/v1/agents/{ann.id}").body["alias"] == "Ann"
    assert [a["alias"] for a in sue.rest("GET", "/v1/agents").body["items"]] == ["Ann", "Bob", "Owner", "Sue"]


def _in_state(house: House, state: str) -> Talk:
    ann = house.on_duty("ann")
    if state == "queued":
        ann.ask("set_routing_status", status="busy")
        session_id, cleo = house.waiting()
        return Talk(session_id, cleo, ann)
    talk = house.talk()
    if state != "active":
        talk.cleo.ask("end_session", session_id=talk.session_id)
    if state == "closed":
        talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")
    return talk


def _traces(house: House, talk: Talk) -> tuple[Any, ...]:
    """All that somebody's trying could leave behind: in the store, or on a screen."""
    read = house.desk.session_store.tail(talk.session_id)  # type: ignore[arg-type]
    heard = sum(
        len(c.told) for c in house.clients if c.caller.id in (talk.cleo.caller.id, talk.ann.caller.id)
    )
    return house.log(talk.session_id), read.session, heard


def _routes(house: House, under: str) -> list[Route]:
    found = [r for r in house.desk.routes if r.path.startswith(under) and "{session_id}" in r.path]
    assert len(found) > 4
    return found


def _unseen(route: Route, client: Client) -> tuple[int, str]:
    """What is asked of what one may not see: not found; or, where one may do that to nothing at all, forbidden whatever there is."""
    may_somewhere = scopes(client.caller.role_ids, route.allow)
    return (404, "not_found") if may_somewhere else (403, "forbidden")


def _path(route: Route, talk: Talk) -> str:
    return re.sub(r"{\w+}", talk.session_id, route.path)


def _body(route: Route) -> Any:
    return BODIES[route.body.__name__] if route.body else None
