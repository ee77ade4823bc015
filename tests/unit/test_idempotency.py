"""A POST under an `Idempotency-Key` is done once: who did not hear the answer asks again and gets it, and nobody else does."""

from typing import Any

import pytest

from tests.house import Answer, Client, House, Talk

SECRET = "canary7f3a"


def _starts(client: Client, text: str = SECRET, key: str = "K1", **facts: Any) -> Answer:
    body = {"client_id": client.house.next_id(), "text": text} | facts
    return client.rest("POST", "/v1/widget/sessions", body, headers={"Idempotency-Key": key})


def _kept(house: House) -> str:
    return str(house.engine._make_api_call("Scan", {"TableName": "deskbell-connections"}))


@pytest.fixture
def cleo(house: House) -> Client:
    return house.customer()


def test_the_same_key_gives_the_same_answer_and_nothing_is_done_twice(house: House, talk: Talk) -> None:
    path, note = f"/v1/sessions/{talk.session_id}/notes", {"client_id": "N1", "text": "Calls back"}
    key = {"Idempotency-Key": "K1"}
    first = talk.ann.rest("POST", path, note, headers=key)
    log = house.log(talk.session_id)
    talk.ann.say(talk.session_id, "Anything else?")

    again = talk.ann.rest("POST", path, note, headers=key)

    assert (again.status, again.text) == (first.status, first.text) == (201, first.text)
    assert (again.headers.get("Idempotency-Replayed"), first.headers.get("Idempotency-Replayed")) == (
        "true",
        None,
    )
    assert house.log(talk.session_id)[: len(log)] == log
    assert [text for _, staff, text in house.log(talk.session_id) if staff].count("Calls back") == 1


def test_the_same_key_with_another_body_or_for_another_thing_is_refused(talk: Talk) -> None:
    key = {"Idempotency-Key": "K1"}
    path = f"/v1/sessions/{talk.session_id}"
    talk.ann.rest("POST", path + "/notes", {"client_id": "N1", "text": "One"}, headers=key)

    for where, body in (
        ("/notes", {"client_id": "N1", "text": "Two"}),
        ("/messages", {"client_id": "N1", "text": "One"}),
    ):
        answer = talk.ann.rest("POST", path + where, body, headers=key)
        assert (answer.status, answer.code) == (422, "idempotency_key_reused")


def test_another_callers_same_key_is_another_key(house: House) -> None:
    cleo, mallory = house.customer(), house.customer()
    body = {"client_id": "S1", "text": SECRET}
    key = {"Idempotency-Key": "K1"}
    first = cleo.rest("POST", "/v1/widget/sessions", body, headers=key).body

    other = mallory.rest("POST", "/v1/widget/sessions", body, headers=key).body

    assert other["session_id"] != first["session_id"]


def test_what_was_refused_may_be_tried_again_under_the_same_key(house: House, cleo: Client) -> None:
    body = {"client_id": "S1", "text": "Hi", "category_id": "nothing-such"}
    key = {"Idempotency-Key": "K1"}
    assert cleo.rest("POST", "/v1/widget/sessions", body, headers=key).code == "unknown_category"

    answer = cleo.rest("POST", "/v1/widget/sessions", body | {"category_id": "orders"}, headers=key)

    assert answer.status == 201


def test_two_at_once_are_done_once(house: House, cleo: Client) -> None:
    token, seen = cleo.token, []
    body = {"client_id": "S1", "text": "Hi"}

    def ask() -> Answer:
        return house.rest("POST", "/v1/widget/sessions", body, token=token, headers={"Idempotency-Key": "K1"})

    house.faults.before("TransactWriteItems", lambda: seen.append(ask()))

    assert ask().status == 201
    assert (seen[0].status, seen[0].code) == (409, "still_being_done")
    assert seen[0].headers["Retry-After"] == "1"


def test_what_was_begun_and_is_not_known_is_not_repeated_blindly(house: House, cleo: Client) -> None:
    """Whether it was done is not known, and doing it again could be once too often."""
    token, body = cleo.token, {"client_id": "S1", "text": "Hi"}
    key = {"Idempotency-Key": "K1"}
    house.faults.never_arrives("UpdateItem", about="repeat:")
    assert house.rest("POST", "/v1/widget/sessions", body, token=token, headers=key).status == 201
    house.machine.passes(seconds=60)

    answer = house.rest("POST", "/v1/widget/sessions", body, token=token, headers=key)

    assert (answer.status, answer.code) == (409, "answer_not_kept")


def test_a_key_is_kept_for_a_day(house: House, cleo: Client) -> None:
    body, key = {"client_id": "S1", "text": "Hi"}, {"Idempotency-Key": "K1"}
    cleo.rest("POST", "/v1/widget/sessions", body, headers=key)

    house.machine.passes(hours=23, minutes=59)
    assert cleo.rest("POST", "/v1/widget/sessions", body, headers=key).headers["Idempotency-Replayed"]
    house.machine.passes(minutes=1)

    assert "Idempotency-Replayed" not in cleo.rest("POST", "/v1/widget/sessions", body, headers=key).headers


@pytest.mark.parametrize("key", ["", "x" * 201, "a\x7fb"])
def test_what_is_no_key_is_refused(cleo: Client, key: str) -> None:
    answer = _starts(cleo, key=key)

    assert (answer.status, answer.code) == (422, "invalid")
    assert answer.body["errors"][0]["path"] == "Idempotency-Key"


def test_the_table_tells_nothing_of_what_was_answered_nor_the_key(house: House, cleo: Client) -> None:
    first = house.rest(
        "POST",
        "/v1/sign-in",
        {"email": "ann@demo.local", "password": "deskbell-demo"},
        headers={"Idempotency-Key": "canary-key-1"},
    ).body
    _starts(cleo)

    kept = _kept(house)

    assert "repeat:" in kept
    for secret in (first["token"], first["refresh_token"].rpartition(".")[2], SECRET, "canary-key-1"):
        assert secret not in kept


def test_it_costs_nothing_without_the_header_and_two_writes_with_it(house: House, talk: Talk) -> None:
    path, token = f"/v1/sessions/{talk.session_id}/messages", talk.ann.token

    def requests(number: int, **headers: str) -> dict[str, int]:
        house.meter.reset()
        body = {"client_id": f"M{number}", "text": "Hi", "after": 2}
        assert house.rest("POST", path, body, token=token, headers=headers).status == 201
        return dict(house.meter.requests)

    requests(0)
    without, with_it = requests(1), requests(2, **{"Idempotency-Key": "K1"})

    more = {name: with_it[name] - without.get(name, 0) for name in with_it}
    assert {name: n for name, n in more.items() if n} == {"PutItem": 1, "UpdateItem": 1}


# a refresh whose answer was lost


def test_a_refresh_whose_answer_was_lost_is_answered_again_under_its_key(house: House) -> None:
    signed_in = {"email": "ann@demo.local", "password": "deskbell-demo"}
    spent = {"refresh_token": house.rest("POST", "/v1/sign-in", signed_in).body["refresh_token"]}
    key = {"Idempotency-Key": "K1"}
    lost = house.rest("POST", "/v1/sign-in/refresh", spent, headers=key).body

    again = house.rest("POST", "/v1/sign-in/refresh", spent, headers=key).body

    assert again == lost
    turned = {"refresh_token": again["refresh_token"]}
    assert house.rest("POST", "/v1/sign-in/refresh", turned, headers={"Idempotency-Key": "K2"}).status == 200


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "another"}])
def test_who_has_the_spent_token_alone_ends_the_family(house: House, headers: dict[str, str]) -> None:
    signed_in = {"email": "ann@demo.local", "password": "deskbell-demo"}
    spent = {"refresh_token": house.rest("POST", "/v1/sign-in", signed_in).body["refresh_token"]}
    turned = house.rest("POST", "/v1/sign-in/refresh", spent, headers={"Idempotency-Key": "K1"}).body

    assert house.rest("POST", "/v1/sign-in/refresh", spent, headers=headers).code == "refresh_token_invalid"

    fresh = {"refresh_token": turned["refresh_token"]}
    assert house.rest("POST", "/v1/sign-in/refresh", fresh).code == "refresh_token_invalid"


def test_a_failure_of_ours_leaves_the_key_free(house: House, cleo: Client) -> None:
    token, body = cleo.token, {"client_id": "S1", "text": "Hi"}
    house.faults.never_arrives("TransactWriteItems")

    with_failure = house.rest(
        "POST", "/v1/widget/sessions", body, token=token, headers={"Idempotency-Key": "K"}
    )
    again = house.rest("POST", "/v1/widget/sessions", body, token=token, headers={"Idempotency-Key": "K"})

    assert (with_failure.status, again.status) == (500, 201)


@pytest.fixture
def talk(house: House) -> Talk:
    return house.talk()


def test_what_was_tried_under_a_key_is_not_what_is_done_under_it(house: House) -> None:
    """The question after the path belongs to what was asked."""
    olga = house.connected(house.hired("olga", role_ids=("admin",)))
    text, headers = b"tags: [{name: vip}]\n", {"Idempotency-Key": "K1", "content-type": "application/yaml"}
    tried = olga.rest("POST", "/v1/config/apply?dry_run=true", text, headers=headers)
    assert tried.status == 200, tried

    done = olga.rest("POST", "/v1/config/apply", text, headers=headers)

    assert (done.status, done.code) == (422, "idempotency_key_reused")
