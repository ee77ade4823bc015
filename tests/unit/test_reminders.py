"""A reminder comes back in its agent's list at its time, is told once, and stays until it is done."""

from typing import Any

import pytest

from tests.house import Answer, Client, House, Talk

SOON = "2026-11-22T12:10:00Z"


@pytest.fixture
def talk(house: House) -> Talk:
    return house.talk()


def test_it_is_listed_from_the_start_and_due_at_its_time(house: House, talk: Talk) -> None:
    made = _remind(talk, note="Ask the warehouse")

    assert made.status == 201
    assert (made.body["session_id"], made.body["customer_id"]) == (talk.session_id, talk.cleo.caller.id)
    assert (made.body["note"], made.body["due"], made.body["version"]) == ("Ask the warehouse", False, 1)
    house.clock.passes(minutes=10)
    (listed,) = _list(talk.ann)
    assert (listed["id"], listed["due"]) == (made.body["id"], True)


def test_its_agent_is_told_once_however_often_is_looked(house: House, talk: Talk) -> None:
    made = _remind(talk, note="Now").body
    house.desk.rounds.expire_idle_sessions()
    assert talk.ann.heard("reminder.due") == []

    house.clock.passes(minutes=10)
    for _ in range(3):
        house.desk.rounds.expire_idle_sessions()

    (told,) = talk.ann.heard("reminder.due")
    assert (told["reminder_id"], told["session_id"], told["note"]) == (made["id"], talk.session_id, "Now")
    assert [r["id"] for r in _list(talk.ann)] == [made["id"]]


def test_it_outlives_the_talk_it_was_made_in(house: House, talk: Talk) -> None:
    _remind(talk)
    talk.ann.ask("end_session", session_id=talk.session_id)
    talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")
    house.clock.passes(minutes=10)

    house.desk.rounds.expire_idle_sessions()

    assert len(talk.ann.heard("reminder.due")) == 1


def test_done_takes_it_off_the_list_and_twice_is_once(house: House, talk: Talk) -> None:
    made = _remind(talk).body

    first, again = (talk.ann.rest("POST", f"/v1/reminders/{made['id']}/done", {}) for _ in range(2))

    assert first.body["done_at"] == "2026-11-22T12:00:00Z"
    assert again.body == first.body
    assert _list(talk.ann) == []
    house.clock.passes(minutes=10)
    house.desk.rounds.expire_idle_sessions()
    assert talk.ann.heard("reminder.due") == []


def test_one_that_is_told_while_it_is_done_is_done(house: House, talk: Talk) -> None:
    made = _remind(talk).body
    house.clock.passes(minutes=10)
    house.faults.before("UpdateItem", house.desk.reminders.tell_due, about="done_at")

    assert talk.ann.rest("POST", f"/v1/reminders/{made['id']}/done", {}).body["done_at"]

    assert house.faults.none_left
    assert _list(talk.ann) == []


def test_those_on_a_customer_stand_beside_those_on_a_session_by_their_time(house: House, talk: Talk) -> None:
    late = _remind(talk, at="2026-11-22T13:00:00Z").body["id"]
    admin = house.connected(house.hired("olga", role_ids=("admin",)))
    path = f"/v1/customers/{talk.cleo.caller.id}/remind"
    on_customer = admin.rest("POST", path, {"at": SOON, "note": "Birthday"})

    assert (on_customer.status, on_customer.body["session_id"]) == (201, None)
    assert [r["id"] for r in _list(admin)] == [on_customer.body["id"]]
    assert [r["id"] for r in _list(talk.ann)] == [late]


def test_the_list_goes_on_page_by_page(talk: Talk) -> None:
    made = [_remind(talk, at=f"2026-11-22T12:{minute}:00Z").body["id"] for minute in (50, 20, 40, 10, 30)]
    in_order = [made[n] for n in (3, 1, 4, 2, 0)]

    found, cursor = [], ""
    while not found or cursor:
        page = talk.ann.rest("GET", f"/v1/reminders?limit=2{cursor}").body
        found += [r["id"] for r in page["items"]]
        cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else ""

    assert found == in_order


def test_nobody_sees_or_does_a_colleagues(house: House, talk: Talk) -> None:
    made = _remind(talk).body
    bob = house.on_duty("bob")

    assert _list(bob) == []
    for name in (made["id"], "nothing", "s.x.y", "x." + made["id"], f"s..{made['id']}"):
        assert bob.rest("POST", f"/v1/reminders/{name}/done", {}).status == 404


@pytest.mark.parametrize("at", ["2026-11-22T12:00:00Z", "2020-01-01T00:00:00Z", "2029-01-01T00:00:00Z"])
def test_a_time_that_is_past_or_too_far_is_refused(talk: Talk, at: str) -> None:
    answer = _remind(talk, at=at)

    assert (answer.status, [e["path"] for e in answer.body["errors"]]) == (422, ["at"])


def test_a_hundred_open_ones_are_enough(talk: Talk) -> None:
    made = [_remind(talk).body["id"] for _ in range(100)]

    assert _remind(talk).code == "too_many_reminders"
    talk.ann.rest("POST", f"/v1/reminders/{made[0]}/done", {})
    assert _remind(talk).status == 201


def test_an_erased_customers_reminders_are_gone(house: House, talk: Talk) -> None:
    admin = house.connected(house.hired("olga", role_ids=("admin",)))
    customer = f"/v1/customers/{talk.cleo.caller.id}"
    _remind(talk, note="canary")
    admin.rest("POST", f"{customer}/remind", {"at": SOON, "note": "canary"})

    assert admin.rest("POST", f"{customer}/erase", {}).body["done"]

    for table in house.engine._make_api_call("ListTables", {})["TableNames"]:
        assert "canary" not in str(house.engine._make_api_call("Scan", {"TableName": table})["Items"])
    assert (_list(talk.ann), _list(admin)) == ([], [])


def test_the_minutes_look_costs_one_query_however_many_there_are(house: House, talk: Talk) -> None:
    for _ in range(20):
        _remind(talk)
    house.meter.reset()

    assert house.desk.reminders.tell_due() == 0

    assert dict(house.meter.requests) == {"Query": 1}


def _remind(talk: Talk, at: str = SOON, **body: Any) -> Answer:
    return talk.ann.rest("POST", f"/v1/sessions/{talk.session_id}/remind", {"at": at, **body})


def _list(client: Client) -> list[Any]:
    return list(client.rest("GET", "/v1/reminders").body["items"])
