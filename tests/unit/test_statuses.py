"""Routing statuses: set by whoever may, with who and why kept; breaks with reasons and limits; what comes once the desk is empty."""

from typing import Any

import pytest

from tests.house import Answer, Client, House


@pytest.fixture
def olga(house: House) -> Client:
    return house.connected(house.hired("olga", role_ids=("admin",)))


def put(by: Client, of: Client, **facts: Any) -> Answer:
    return by.rest("PUT", f"/v1/agents/{of.caller.id}/routing-status", facts)


def history(by: Client, of: Client, query: str = "") -> Any:
    answer = by.rest("GET", f"/v1/agents/{of.caller.id}/status-history?{query}")
    assert answer.status == 200, answer
    return answer.body


def reason(olga: Client, name: str, **facts: Any) -> Any:
    made = olga.rest("POST", "/v1/break-reasons", {"name": name, **facts})
    assert made.status == 201, made
    return made.body


# history


def test_the_time_in_each_status_is_kept_with_who_and_why(house: House) -> None:
    ann, sue = house.on_duty("ann"), house.on_duty("sue")
    ann.ask("set_routing_status", status="busy")
    house.clock.passes(minutes=3)
    put(sue, ann, status="break", reason="fresh air")
    house.clock.passes(minutes=10)
    ann.ask("set_routing_status", status="accepting")

    now, away, busy = history(sue, ann)["items"]

    assert (now["status"], now["from"], now["to"]) == ("accepting", "2026-11-22T12:13:00Z", None)
    assert (away["status"], away["reason"], away["by"]["name"]) == ("break", "fresh air", "Sue")
    assert (away["from"], away["to"]) == ("2026-11-22T12:03:00Z", "2026-11-22T12:13:00Z")
    assert (busy["status"], busy["to"], busy["by"]["name"]) == ("busy", "2026-11-22T12:03:00Z", "Ann")


def test_the_history_goes_on_page_by_page_without_a_gap(house: House) -> None:
    ann = house.on_duty("ann")
    for n in range(5):
        ann.ask("set_routing_status", status=("busy", "accepting")[n % 2])
        house.clock.passes(minutes=1)
    whole = history(ann, ann)["items"]

    first = history(ann, ann, "limit=2")
    second = history(ann, ann, f"limit=3&cursor={first['next_cursor']}")

    assert first["items"] + second["items"] == whole
    inside = history(ann, ann, "from=2026-11-22T12:01:00Z&to=2026-11-22T12:03:00Z")["items"]
    assert [p["from"] for p in inside] == ["2026-11-22T12:02:00Z", "2026-11-22T12:01:00Z"]


def test_a_status_that_is_so_already_changes_and_tells_nothing(house: House) -> None:
    ann = house.on_duty("ann")
    ann.ask("set_routing_status", status="busy")
    told = len(ann.heard("agent.status_changed"))

    ann.ask("set_routing_status", status="busy")

    assert len(ann.heard("agent.status_changed")) == told
    assert len(history(ann, ann)["items"]) == 1


def test_an_agents_history_is_theirs_and_their_supervisors(house: House) -> None:
    ann, bob = house.on_duty("ann"), house.on_duty("bob")
    path = f"/v1/agents/{ann.caller.id}/status-history"

    assert bob.rest("GET", path).status == 404
    assert house.on_duty("sue").rest("GET", path).status == 200


# who hears of it


def test_the_agent_and_their_supervisors_hear_of_a_status_and_nobody_else(house: House) -> None:
    ann, bob, sue = house.on_duty("ann"), house.on_duty("bob"), house.on_duty("sue")

    put(sue, ann, status="busy", reason="training")

    for client in (ann, sue):
        (event,) = client.heard("agent.status_changed")
        told = {name: event[name] for name in ("agent_id", "connected", "routing_status", "duty", "why")}
        assert told == {
            "agent_id": ann.caller.id,
            "connected": True,
            "routing_status": "busy",
            "duty": "on_shift",
            "why": "training",
        }
        assert event["by"]["name"] == "Sue"
    assert not bob.heard("agent.status_changed")


def test_supervisors_hear_of_their_own_units_people_alone(house: House, olga: Client) -> None:
    north, south = (olga.rest("POST", "/v1/units", {"name": n}).body["id"] for n in ("North", "South"))
    town = olga.rest("POST", "/v1/units", {"name": "Town", "parent_id": north}).body["id"]
    nora = house.connected(house.hired("nora", role_ids=("agent",), unit_id=town))
    listeners = {}
    for name, unit_id in (("inside", north), ("beside", south), ("above", None)):
        listeners[name] = house.connected(house.hired(name, role_ids=("supervisor",), unit_id=unit_id))
        listeners[name].hello()
    nora.hello()

    nora.ask("set_routing_status", status="busy")

    heard = {name: bool(c.heard("agent.status_changed")) for name, c in listeners.items()}
    assert heard == {"inside": True, "beside": False, "above": True}


# reasons for a break


def test_only_so_many_are_away_for_a_reason_at_once(house: House, olga: Client) -> None:
    lunch = reason(olga, "Lunch", max_at_once=1)
    ann, bob = house.on_duty("ann"), house.on_duty("bob")

    assert put(ann, ann, status="break", reason="lunch").body["break_reason"] == "Lunch"
    refused = put(bob, bob, status="break", reason=lunch["id"])
    assert (refused.status, refused.code) == (409, "too_many_on_break")
    assert bob.ask("set_routing_status", status="break", reason="Lunch")["code"] == "too_many_on_break"
    assert house.agent("bob").routing_status == "accepting"
    assert put(bob, bob, status="break", reason="fresh air").status == 200

    put(ann, ann, status="accepting")
    assert put(bob, bob, status="break", reason="Lunch").status == 200
    assert put(ann, ann, status="break", reason="Lunch").code == "too_many_on_break"


def test_of_two_who_go_at_once_for_the_last_place_one_goes(house: House, olga: Client) -> None:
    reason(olga, "Lunch", max_at_once=1)
    ann, bob = house.on_duty("ann"), house.on_duty("bob")
    house.faults.before(
        "TransactWriteItems", lambda: bob.ask("set_routing_status", status="break", reason="Lunch")
    )

    refused = ann.ask("set_routing_status", status="break", reason="Lunch")

    assert refused["code"] == "too_many_on_break"
    assert house.agent("bob").routing_status == "break"
    assert house.faults.none_left


def test_who_stays_longer_than_a_break_lasts_is_seen_and_told_to_the_supervisor_once(
    house: House, olga: Client
) -> None:
    reason(olga, "Coffee", max_minutes=10)
    ann, sue = house.on_duty("ann"), house.on_duty("sue")
    put(ann, ann, status="break", reason="Coffee")
    assert sue.rest("GET", f"/v1/agents/{ann.caller.id}").body["break_ends_at"] == "2026-11-22T12:10:00Z"

    for _ in range(14):
        house.clock.passes(minutes=1)
        house.machine.passes(minutes=1)
        for client in (ann, sue):
            client.ask("ping")
        house.desk.rounds.expire_idle_sessions()

    told = [e for e in sue.heard("agent.status_changed") if e["why"] == "break is over"]
    assert len(told) == 1
    assert (told[0]["break_reason"], told[0]["break_ends_at"]) == ("Coffee", "2026-11-22T12:10:00Z")


def test_a_break_reason_is_known_by_its_name(olga: Client) -> None:
    lunch = reason(olga, "Lunch", max_minutes=30, max_at_once=2)
    path = f"/v1/break-reasons/{lunch['id']}"

    assert olga.rest("POST", "/v1/break-reasons", {"name": "lunch"}).code == "break_reason_taken"
    changed = olga.rest("PATCH", path, {"max_at_once": None}, headers={"if-match": "1"}).body
    assert (changed["max_minutes"], changed["max_at_once"], changed["version"]) == (30, None, 2)
    assert olga.rest("GET", "/v1/break-reasons").body["items"] == [changed]
    assert olga.rest("DELETE", path).status == 204
    assert olga.rest("DELETE", path).status == 404


# next


def test_the_next_status_comes_once_the_desk_is_empty(house: House) -> None:
    talk = house.talk()
    set_ = put(talk.ann, talk.ann, status="busy", next="break", reason="fresh air").body
    assert (set_["routing_status"], set_["next_status"], set_["break_reason"]) == ("busy", "break", None)

    talk.ann.ask("end_session", session_id=talk.session_id)
    assert house.agent("ann").routing_status == "busy"
    talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")

    ann = house.agent("ann")
    assert (ann.routing_status, ann.break_reason, ann.next_status) == ("break", "fresh air", None)
    assert history(talk.ann, talk.ann)["items"][0]["why"] == "the desk is empty"


def test_with_an_empty_desk_the_next_status_comes_at_once(house: House) -> None:
    ann = house.on_duty("ann")

    assert ann.ask("set_routing_status", status="busy", next="offline")["status"] == "offline"


def test_another_word_takes_the_next_status_back(house: House) -> None:
    talk = house.talk()
    talk.ann.ask("set_routing_status", status="busy", next="offline")
    talk.ann.ask("set_routing_status", status="accepting")
    talk.ann.ask("end_session", session_id=talk.session_id)
    talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")

    assert house.agent("ann").routing_status == "accepting"


# two browsers


def test_signing_out_in_one_browser_leaves_who_works_in_another_at_work(house: House) -> None:
    agent = house.agent("ann")
    _, here = house.desk.sign_in.agent(agent.email, "deskbell-demo")
    _, there = house.desk.sign_in.agent(agent.email, "deskbell-demo")
    caller = house.desk.sign_in.caller(there.access.text)
    house.connected(caller).hello()

    house.rest("POST", "/v1/sign-out", {"refresh_token": here.refresh_token}, token=here.access.text)
    assert house.agent("ann").routing_status == "accepting"

    house.rest("POST", "/v1/sign-out", {"refresh_token": there.refresh_token}, token=there.access.text)
    assert house.agent("ann").routing_status == "offline"
