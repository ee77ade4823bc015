"""Queues as an admin makes, changes and closes them, who serves them, and how they stand."""

from typing import Any

import pytest

from chalicelib.kit.values import QueueId
from tests.house import Answer, Client, House


@pytest.fixture
def olga(house: House) -> Client:
    return house.connected(house.hired("olga", role_ids=("admin",)))


def made(by: Client, name: str = "Returns", **facts: Any) -> Any:
    answer = by.rest("POST", "/v1/queues", {"name": name, **facts})
    assert answer.status == 201, answer
    return answer.body


def change(by: Client, queue: Any, **facts: Any) -> Answer:
    headers = {"if-match": str(queue["version"])}
    return by.rest("PATCH", f"/v1/queues/{queue['id']}", facts, headers=headers)


def test_a_queue_is_made_with_the_products_defaults_and_read_as_it_was_made(olga: Client) -> None:
    queue = made(olga)

    assert olga.rest("GET", f"/v1/queues/{queue['id']}").body == queue
    told = {name: queue[name] for name in ("mode", "strategy", "offer_timeout_s", "first_reply_limit_s")}
    assert told == {
        "mode": "auto",
        "strategy": "least_loaded",
        "offer_timeout_s": 20,
        "first_reply_limit_s": 60,
    }
    assert (queue["max_misses"], queue["relax_after_s"], queue["max_wait_s"]) == (2, 90, 900)
    assert queue["wrap_up"] == {"policy": "required", "limit_s": 90, "extension_s": 60, "weight": 1}
    assert queue["idle"] == {"warn_after_s": 300, "end_after_s": 480}


def test_what_is_named_is_changed_and_what_is_null_is_taken_away(olga: Client) -> None:
    other = made(olga, "Other")
    queue = made(olga, max_waiting=10, overflow={"queue_id": other["id"]}, wrap_up={"limit_s": 30})
    assert queue["overflow"] == {"queue_id": other["id"], "after_s": 120}

    changed = change(olga, queue, max_waiting=None, overflow=None, mode="ring").body

    assert (changed["max_waiting"], changed["overflow"], changed["mode"]) == (None, None, "ring")
    assert (changed["wrap_up"]["limit_s"], changed["version"]) == (30, 2)
    assert change(olga, queue, mode="manual").code == "stale_version"
    assert change(olga, changed, name=None).status == 422


@pytest.mark.parametrize(
    ("facts", "code", "path"),
    [
        ({"unit_id": "nowhere"}, "unknown_unit", "unit_id"),
        ({"scheme_id": "nothing"}, "unknown_scheme", "scheme_id"),
        ({"required_skills": [{"skill": "Chess", "level": 2}]}, "unknown_skill", "required_skills"),
        ({"overflow": {"queue_id": "nothing"}}, "unknown_overflow", "overflow.queue_id"),
        ({"mode": "telepathy"}, "invalid", "mode"),
        ({"idle": {"warn_after_s": 60, "end_after_s": 30}}, "invalid", "idle"),
        ({"wrap_up": {"weight": 2}}, "invalid", "wrap_up.weight"),
    ],
)
def test_what_leads_nowhere_is_refused_by_its_field(
    olga: Client, facts: dict[str, Any], code: str, path: str
) -> None:
    before = olga.rest("GET", "/v1/queues").body
    refused = olga.rest("POST", "/v1/queues", {"name": "X", **facts})

    assert (refused.status, refused.code) == (422, code)
    assert [e["path"] for e in refused.body["errors"]] == [path]
    assert olga.rest("GET", "/v1/queues").body == before


def test_what_flows_over_never_comes_back(olga: Client) -> None:
    first = made(olga, "First")
    second = made(olga, "Second", overflow={"queue_id": first["id"]})
    third = made(olga, "Third", overflow={"queue_id": second["id"]})

    for leads_back in (first, second, third):
        refused = change(olga, first, overflow={"queue_id": leads_back["id"]})
        assert (refused.status, refused.code) == (409, "overflow_cycle")


def test_of_two_overflows_that_make_a_circle_together_one_is_refused(house: House, olga: Client) -> None:
    first, second = made(olga, "First"), made(olga, "Second")
    olga_too = house.again(olga)
    house.faults.before(
        "TransactWriteItems",
        lambda: change(olga_too, second, overflow={"queue_id": first["id"]}),
        about="'overflows'",
    )

    refused = change(olga, first, overflow={"queue_id": second["id"]})

    assert (refused.status, refused.code) == (409, "stale_version")
    assert house.faults.none_left


# closing


def test_a_queue_with_customers_in_it_is_not_closed(house: House, olga: Client) -> None:
    session_id, _ = house.waiting()

    refused = olga.rest("DELETE", "/v1/queues/support")

    assert (refused.status, refused.code) == (409, "queue_has_waiting")
    assert house.desk.session_store.tail(session_id).session.waits_in_queue  # type: ignore[arg-type]


def test_what_leads_into_a_queue_is_named_where_it_would_be_closed(olga: Client) -> None:
    refused = olga.rest("DELETE", "/v1/queues/support")
    assert (refused.status, refused.code) == (409, "queue_in_use")
    assert "Fernhill Outfitters" in refused.body["detail"]

    queue = made(olga)
    made(olga, "Other", overflow={"queue_id": queue["id"]})
    assert "Other" in olga.rest("DELETE", f"/v1/queues/{queue['id']}").body["detail"]


def test_a_closed_queue_is_gone_and_what_was_in_it_goes_on(house: House, olga: Client) -> None:
    talk = house.talk()
    queue = made(olga)
    source = olga.rest("GET", "/v1/sources").body["items"][0]
    headers = {"if-match": str(source["version"])}
    moved = olga.rest(
        "PATCH", f"/v1/sources/{source['id']}", {"default_queue_id": queue["id"]}, headers=headers
    )
    assert moved.status == 200, moved

    assert olga.rest("DELETE", "/v1/queues/support").status == 204

    assert [q["id"] for q in olga.rest("GET", "/v1/queues").body["items"]] == [queue["id"]]
    assert olga.rest("GET", "/v1/queues/support").status == 404
    assert QueueId("support") not in house.agent("ann").queue_ids
    assert talk.ann.say(talk.session_id, "Hello")["type"] == "accepted"
    assert talk.ann.ask("end_session", session_id=talk.session_id)["state"] == "wrap_up"
    filed = talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")
    assert filed["state"] == "closed"


# members


def test_a_member_is_given_what_waits_and_takes_their_terms(house: House, olga: Client) -> None:
    rob = house.connected(house.hired("rob", role_ids=("agent",)))
    house.desk.agents.set_status(rob.caller.id, "accepting", None)  # type: ignore[arg-type]
    rob.hello()
    session_id, _ = house.waiting()
    path = f"/v1/queues/support/members/{rob.caller.id}"
    assert rob.rest("GET", "/v1/queues").body["items"] == []

    put = olga.rest("PUT", path, {"priority": 3, "capacity": 1})

    assert put.body == {"agent_id": rob.caller.id, "priority": 3, "capacity": 1}
    assert house.desk.session_store.tail(session_id).session.owner_id == rob.caller.id  # type: ignore[arg-type]
    assert [q["id"] for q in rob.rest("GET", "/v1/queues").body["items"]] == ["support"]
    assert put.body in olga.rest("GET", "/v1/queues/support/members").body["items"]

    assert olga.rest("DELETE", path).status == 204
    assert olga.rest("DELETE", path).status == 404
    assert put.body not in olga.rest("GET", "/v1/queues/support/members").body["items"]
    other, _ = house.waiting()
    assert house.desk.session_store.tail(other).session.waits_in_queue  # type: ignore[arg-type]


def test_nobody_joins_a_queue_that_there_is_not_nor_does_one_who_is_not(house: House, olga: Client) -> None:
    ann = house.agent("ann").id
    assert olga.rest("PUT", f"/v1/queues/nothing/members/{ann}", {}).status == 404
    assert olga.rest("PUT", "/v1/queues/support/members/nobody", {}).code == "unknown_agent"


# how it stands


def test_the_status_says_who_waits_and_who_could_serve(house: House, olga: Client) -> None:
    talk = house.talk()
    house.on_duty("bob")
    bob = house.agent("bob")
    house.desk.agents.set_status(bob.id, "busy", None)

    status = olga.rest("GET", "/v1/queues/support/status").body
    seen = {a["name"]: a for a in status["agents"]}
    assert (status["waiting"], status["oldest_queued_at"], status["free_slots"]) == (0, None, 3)
    assert (seen["Ann"]["load"], seen["Ann"]["free_slots"], seen["Ann"]["duty"]) == (1, 3, "on_shift")
    assert (seen["Bob"]["routing_status"], seen["Bob"]["free_slots"]) == ("busy", 0)
    assert (seen["Sue"]["connected"], seen["Sue"]["free_slots"]) == (False, 0)

    house.desk.agents.set_status(talk.ann.caller.id, "busy", None)  # type: ignore[arg-type]
    began = house.clock.now
    for _ in range(2):
        house.waiting()
    status = olga.rest("GET", "/v1/queues/support/status").body
    assert (status["waiting"], status["free_slots"]) == (2, 0)
    assert status["oldest_queued_at"] == began.isoformat().replace("+00:00", "Z")


def test_only_a_member_or_somebody_with_a_wider_reach_sees_a_queues_status(house: House) -> None:
    rob = house.connected(house.hired("rob", role_ids=("agent",)))

    assert rob.rest("GET", "/v1/queues/support/status").status == 404
    assert house.on_duty("ann").rest("GET", "/v1/queues/support/status").status == 200
