"""Two customers who turn out to be one: the history follows, talks go on, and it can be undone."""

from typing import Any

import pytest

from chalicelib.kit.values import SessionId
from tests.house import Answer, Client, House

CANARY = "canary7f3a"


@pytest.fixture
def admin(house: House) -> Client:
    return house.connected(house.hired("olga", role_ids=("admin",)))


@pytest.fixture
def ann(house: House) -> Client:
    return house.on_duty("ann")


def comes(house: House) -> tuple[Client, dict[str, Any]]:
    tokens = house.rest("POST", "/v1/widget/customers", {"source_key": "demo"}).body
    client = house.connected(house.desk.sign_in.caller(tokens["token"]))
    client.hello()
    return client, tokens


def talked(house: House, client: Client, ann: Client, text: str) -> str:
    session_id = str(client.ask("start_session", text=text)["session_id"])
    client.ask("end_session", session_id=session_id)
    ann.ask("file_disposition", session_id=session_id, option_id="product")
    house.clock.passes(hours=1)
    ann.ask("ping")
    return session_id


def merges(admin: Client, one: Client, into: Client) -> Answer:
    return admin.rest("POST", f"/v1/customers/{one.caller.id}/merge", {"into": into.caller.id})


def history(admin: Client, client: Client) -> list[str]:
    items = admin.rest("GET", f"/v1/customers/{client.caller.id}/history").body["items"]
    return [item["session_id"] for item in items]


def kept(house: House) -> str:
    tables = house.engine._make_api_call("ListTables", {})["TableNames"]
    return str([house.engine._make_api_call("Scan", {"TableName": table}) for table in tables])


def test_the_history_of_both_is_one_and_it_stands_on_the_record_who_did_it(
    house: House, admin: Client, ann: Client
) -> None:
    (cleo, _), (also_cleo, _) = comes(house), comes(house)
    first = talked(house, cleo, ann, "One")
    second = talked(house, also_cleo, ann, "Two")

    answer = merges(admin, also_cleo, cleo)

    assert answer.status == 200
    assert answer.body["id"] == cleo.caller.id
    (record,) = answer.body["merges"]
    assert (record["customer_id"], record["by"]["name"], record["undone_at"]) == (
        also_cleo.caller.id,
        "Olga",
        None,
    )
    assert history(admin, cleo) == [second, first]
    assert history(admin, also_cleo) == []
    assert admin.rest("GET", f"/v1/customers/{also_cleo.caller.id}").body["merged_into"] == cleo.caller.id
    read = admin.rest("GET", f"/v1/sessions/{second}").body
    assert read["customer"]["id"] == cleo.caller.id
    lines = admin.rest("GET", f"/v1/sessions/{second}/timeline").body["items"]
    assert lines[-1]["system"]["code"] == "customer_became"
    assert merges(admin, also_cleo, cleo).status == 200


def test_a_talk_goes_on_where_it_is_and_either_browser_is_the_one_customer(
    house: House, admin: Client, ann: Client
) -> None:
    (cleo, _), (also_cleo, tokens) = comes(house), comes(house)
    first = talked(house, cleo, ann, "One")
    session_id = also_cleo.ask("start_session", text="Two")["session_id"]

    merges(admin, also_cleo, cleo)

    assert house.load("ann") == (1.0, frozenset({session_id}))
    assert also_cleo.connection_id in house.sockets.closed
    back = house.connected(house.desk.sign_in.caller(tokens["token"]))
    assert [s["session_id"] for s in back.hello()["sessions"]] == [session_id]
    assert back.caller.id == cleo.caller.id
    ann.say(session_id, "There you are")
    assert back.texts == ["There you are"]
    past = house.rest("GET", "/v1/widget/history", token=tokens["token"]).body["items"]
    assert {p["session"]["session_id"] for p in past} == {first, session_id}
    turned = house.rest(
        "POST",
        "/v1/widget/customers",
        {"source_key": "demo", "refresh_token": tokens["refresh_token"]},
    ).body
    assert turned["customer_id"] == cleo.caller.id
    ticket = house.rest("POST", "/v1/socket-tickets", {}, token=turned["token"]).body["ticket"]
    assert house.desk.sign_in.redeem(ticket).id == cleo.caller.id
    out = {"refresh_token": turned["refresh_token"]}
    assert house.rest("POST", "/v1/widget/sign-out", out, token=turned["token"]).status == 204
    assert house.rest("GET", "/v1/widget/history", token=turned["token"]).status == 401


def test_where_both_have_a_talk_one_ends_as_merged(house: House, admin: Client, ann: Client) -> None:
    (cleo, _), (also_cleo, _) = comes(house), comes(house)
    first = cleo.ask("start_session", text="One")["session_id"]
    house.clock.passes(minutes=1)
    second = also_cleo.ask("start_session", text="Two")["session_id"]

    merges(admin, also_cleo, cleo)

    states = {s: house.desk.session_store.tail(SessionId(s)).session for s in (first, second)}
    assert (states[first].state, states[first].close_reason) == ("wrap_up", "merged")
    assert (states[second].state, states[second].customer_id) == ("active", cleo.caller.id)
    assert cleo.ask("start_session", text="Again")["session_id"] == second


def test_undone_each_has_what_was_theirs(house: House, admin: Client, ann: Client) -> None:
    (cleo, _), (other, _) = comes(house), comes(house)
    first = talked(house, cleo, ann, "One")
    second = talked(house, other, ann, "Two")
    live = other.ask("start_session", text="Three")["session_id"]
    merges(admin, other, cleo)
    house.clock.passes(days=30)

    answer = admin.rest("POST", f"/v1/customers/{other.caller.id}/unmerge", {})

    assert (answer.status, answer.body["merged_into"]) == (200, None)
    assert (history(admin, cleo), history(admin, other)) == ([first], [live, second])
    (record,) = admin.rest("GET", f"/v1/customers/{cleo.caller.id}").body["merges"]
    assert record["undone_at"] is not None
    back = house.desk.sign_in.caller(house.desk.sign_in.begin(other.caller).access.text)
    assert back.id == other.caller.id
    assert house.desk.customers.live_session(other.caller.id, "demo") == live  # type: ignore[arg-type]
    again = admin.rest("POST", f"/v1/customers/{other.caller.id}/unmerge", {})
    assert (again.status, again.code) == (409, "not_merged")
    assert merges(admin, other, cleo).status == 200


def test_after_thirty_days_it_stays(house: House, admin: Client) -> None:
    (cleo, _), (other, _) = comes(house), comes(house)
    merges(admin, other, cleo)
    house.clock.passes(days=30, seconds=1)

    answer = admin.rest("POST", f"/v1/customers/{other.caller.id}/unmerge", {})

    assert (answer.status, answer.code) == (409, "merge_too_old")


def test_who_cannot_be_merged_is_said(house: House, admin: Client, ann: Client) -> None:
    (a, _), (b, _), (c, _) = comes(house), comes(house), comes(house)
    assert merges(admin, a, a).code == "merge_with_itself"
    assert merges(admin, a, b).status == 200

    assert merges(admin, a, c).code == "customer_merged"
    assert merges(admin, c, a).code == "customer_merged"
    assert admin.rest("POST", f"/v1/customers/{c.caller.id}/merge", {"into": "nobody"}).status == 404
    assert ann.rest("POST", f"/v1/customers/{c.caller.id}/merge", {"into": b.caller.id}).status == 403
    assert admin.rest("POST", f"/v1/customers/{a.caller.id}/erase", {}).code == "customer_merged"


def test_an_unsigned_browser_never_becomes_a_customer_whom_a_site_signed(
    house: House, admin: Client, ann: Client
) -> None:
    (cleo, _), (known, _) = comes(house), comes(house)
    house.desk.customers.replace(
        house.desk.customers.get(known.caller.id).changed({"verified": True})  # type: ignore[arg-type]
    )
    session_id = cleo.ask("start_session", text="Hi")["session_id"]
    refused = merges(admin, cleo, known)
    assert (refused.status, refused.code) == (409, "customer_talking")
    cleo.ask("end_session", session_id=session_id)

    assert merges(admin, cleo, known).status == 200

    assert history(admin, known) == [session_id]
    assert cleo.connection_id in house.sockets.closed


@pytest.mark.parametrize("operation", ["TransactWriteItems", "UpdateItem", "DeleteItem", "Query", "GetItem"])
@pytest.mark.parametrize("nth", [0, 1, 2, 3])
def test_a_merge_that_was_cut_short_is_finished_by_asking_again(
    house: House, admin: Client, ann: Client, operation: str, nth: int
) -> None:
    (cleo, _), (other, _) = comes(house), comes(house)
    first = talked(house, other, ann, "One")
    live = other.ask("start_session", text="Two")["session_id"]
    token, path = admin.token, f"/v1/customers/{other.caller.id}/merge"
    for _ in range(nth):
        house.faults.before(operation, lambda: None)
    house.faults.never_arrives(operation)
    house.rest("POST", path, {"into": cleo.caller.id}, token=token)

    answer = house.rest("POST", path, {"into": cleo.caller.id}, token=token)

    if answer.status != 200:  # the fault struck the second time
        answer = house.rest("POST", path, {"into": cleo.caller.id}, token=token)
    assert answer.status == 200
    assert history(admin, cleo) == [live, first]
    assert house.load("ann") == (1.0, frozenset({live}))


def test_a_talk_that_begins_while_its_customer_is_merged_does_not_begin_as_the_old_one(
    house: House, admin: Client
) -> None:
    (cleo, _), (other, _) = comes(house), comes(house)
    path, token = f"/v1/customers/{other.caller.id}/merge", admin.token
    house.faults.before(
        "TransactWriteItems",
        lambda: house.rest("POST", path, {"into": cleo.caller.id}, token=token),
        about="~number",
    )

    other.ask("start_session", text="Hi")

    assert house.faults.none_left
    assert history(admin, other) == []


def test_erasing_one_erases_whoever_was_merged_into_them(house: House, admin: Client, ann: Client) -> None:
    (cleo, _), (other, tokens), (third, _) = comes(house), comes(house), comes(house)
    for client in (cleo, other, third):
        talked(house, client, ann, CANARY)
    merges(admin, third, other)
    merges(admin, other, cleo)

    answer = admin.rest("POST", f"/v1/customers/{cleo.caller.id}/erase", {})

    assert answer.body == {"done": True, "sessions": 3, "held": 0}
    left = kept(house)
    for trace in (CANARY, cleo.caller.id, other.caller.id, third.caller.id):
        assert trace not in left, trace
    assert house.rest("GET", "/v1/widget/history", token=tokens["token"]).status == 401
