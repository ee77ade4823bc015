"""Customers as admins see them; and that after an erasure nothing of one is left anywhere."""

import json
from typing import Any

import pytest

from chalicelib.sign_in.service import caller_of
from tests import media
from tests.house import Client, House

CANARY = "canary7f3a"


@pytest.fixture
def admin(house: House) -> Client:
    return house.connected(house.hired("olga", role_ids=("admin",)))


@pytest.fixture
def cleo(house: House) -> Client:
    cleo = house.customer()
    cleo.hello()
    return cleo


def talks(house: House, cleo: Client, text: str = "Hi") -> str:
    """A talk that Ann served, ended and filed."""
    ann = next((c for c in house.clients if c.caller.name == "Ann"), None) or house.on_duty("ann")
    session_id = str(cleo.ask("start_session", text=text)["session_id"])
    ann.say(session_id, f"About {text}", after=2)
    ann.say(session_id, f"Note on {text}", visibility="staff")
    cleo.ask("end_session", session_id=session_id)
    ann.ask("file_disposition", session_id=session_id, option_id="orders.damaged", note=f"Filed {text}")
    house.clock.passes(hours=1)
    house.desk.rounds.expire_idle_sessions()
    return session_id


def kept(house: House) -> str:
    """Everything in every table, as text."""
    tables = house.engine._make_api_call("ListTables", {})["TableNames"]
    return str([house.engine._make_api_call("Scan", {"TableName": table}) for table in tables])


def test_a_customer_is_read_and_changed_from_the_version_that_was_read(admin: Client, cleo: Client) -> None:
    path = f"/v1/customers/{cleo.caller.id}"
    read = admin.rest("GET", path).body
    assert (read["name"], read["version"], read["verified"]) == (cleo.caller.name, 1, False)

    changed = admin.rest(
        "PATCH", path, {"name": "Cleo", "attributes": {"orders": "14"}}, headers={"if-match": '"1"'}
    )

    assert (changed.status, changed.body["name"], changed.body["version"]) == (200, "Cleo", 2)
    assert admin.rest("GET", path).body["attributes"] == {"orders": "14"}
    late = admin.rest("PATCH", path, {"level": "gold"}, headers={"if-match": "1"})
    assert (late.status, late.code) == (409, "stale_version")
    assert admin.rest("GET", path).body["level"] is None


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 428, "precondition_required"),
        ({"if-match": "x"}, 422, "invalid"),
        ({"if-match": "9" * 40}, 422, "invalid"),
        ({"if-match": "-1"}, 422, "invalid"),
    ],
)
def test_a_change_says_from_which_version_it_was_made(
    admin: Client, cleo: Client, headers: dict[str, str], status: int, code: str
) -> None:
    answer = admin.rest("PATCH", f"/v1/customers/{cleo.caller.id}", {"level": "gold"}, headers=headers)

    assert (answer.status, answer.code) == (status, code)


def test_of_two_changes_at_once_one_is_refused_and_none_is_lost(
    house: House, admin: Client, cleo: Client
) -> None:
    path, first = f"/v1/customers/{cleo.caller.id}", {"if-match": "1"}
    token = admin.token
    house.faults.before(
        "PutItem", lambda: house.rest("PATCH", path, {"level": "gold"}, token=token, headers=first)
    )

    answer = house.rest("PATCH", path, {"level": "silver"}, token=token, headers=first)

    assert house.faults.none_left
    assert answer.code == "stale_version"
    assert admin.rest("GET", path).body["level"] == "gold"


def test_only_admins_export_and_erase_customers_and_who_never_met_one_does_not_find_them(
    house: House, cleo: Client
) -> None:
    ann, sue = (house.connected(caller_of(house.agent(name))) for name in ("ann", "sue"))
    for client in (ann, sue):
        for path in ("/export", "/erase"):
            answer = client.rest("POST", f"/v1/customers/{cleo.caller.id}{path}", {})
            assert (answer.status, answer.code) == (403, "forbidden")
        for path in ("", "/history"):
            answer = client.rest("GET", f"/v1/customers/{cleo.caller.id}{path}")
            assert (answer.status, answer.code) == (404, "not_found")


def test_the_history_has_all_their_sessions_newest_first(house: House, admin: Client, cleo: Client) -> None:
    sessions = [talks(house, cleo, f"Question {n}") for n in range(3)]

    first = admin.rest("GET", f"/v1/customers/{cleo.caller.id}/history?limit=2").body
    rest = admin.rest("GET", f"/v1/customers/{cleo.caller.id}/history?cursor={first['next_cursor']}").body

    assert [s["session_id"] for s in first["items"] + rest["items"]] == sessions[::-1]
    assert rest["next_cursor"] is None


def test_an_export_has_everything_that_was_said(house: House, admin: Client, cleo: Client) -> None:
    for n in range(7):
        talks(house, cleo, f"{CANARY} {n}")

    pages: list[dict[str, Any]] = []
    while not pages or pages[-1]["next_cursor"]:
        body = {"cursor": pages[-1]["next_cursor"]} if pages else {}
        pages.append(admin.rest("POST", f"/v1/customers/{cleo.caller.id}/export", body).body)

    exported = [item for page in pages for item in page["items"]]
    texts = json.dumps(exported)
    assert len(exported) == 7
    for n in range(7):
        for said in (
            f'"{CANARY} {n}"',
            f"About {CANARY} {n}",
            f"Note on {CANARY} {n}",
            f"Filed {CANARY} {n}",
        ):
            assert said in texts


# erasure


def erased(house: House, admin: Client, cleo: Client) -> int:
    """Asks until it is done. How many sessions went."""
    token, sessions = admin.token, 0
    while True:
        answer = house.rest("POST", f"/v1/customers/{cleo.caller.id}/erase", {}, token=token)
        assert answer.status == 200, answer
        sessions += answer.body["sessions"]
        if answer.body["done"]:
            return sessions


def test_after_an_erasure_nothing_of_them_is_left_and_others_are_whole(
    house: House, admin: Client, cleo: Client
) -> None:
    other = house.customer()
    other.hello()
    stays = talks(house, other, "I stay")
    for n in range(3):
        talks(house, cleo, f"{CANARY} {n}")
    admin.rest(
        "PATCH",
        f"/v1/customers/{cleo.caller.id}",
        {"name": CANARY, "remark": CANARY, "attributes": {CANARY: CANARY}},
        headers={"if-match": "1"},
    )
    assert CANARY in kept(house)

    assert erased(house, admin, cleo) == 3

    left = kept(house)
    for trace in (CANARY, cleo.caller.id, cleo.caller.name, cleo.connection_id):
        assert trace not in left, trace
    assert admin.rest("GET", f"/v1/customers/{cleo.caller.id}").status == 404
    assert next(text for _, _, text in house.log(stays)) == "I stay"


def test_files_of_either_side_are_erased_with_the_talk(house: House, admin: Client) -> None:
    talk = house.talk(CANARY)
    for client in (talk.cleo, talk.ann):
        _sends_a_file(client, talk.session_id)
    assert house.files.kept > 0

    erased(house, admin, talk.cleo)

    assert house.files.kept == 0
    assert "attachment:" not in kept(house)


def test_a_talk_that_goes_on_is_ended_and_no_desk_keeps_a_slot_for_it(
    house: House, admin: Client, cleo: Client
) -> None:
    ann = house.on_duty("ann")
    cleo.ask("start_session", text=CANARY)
    assert house.load("ann")[0] == 1.0

    erased(house, admin, cleo)

    assert house.load("ann") == (0.0, frozenset())
    assert CANARY not in kept(house)
    assert ann.heard("session.changed")[-1]["state"] in ("wrap_up", "closed")


def test_they_are_signed_out_everywhere_before_anything_else(
    house: House, admin: Client, cleo: Client
) -> None:
    token = cleo.token

    erased(house, admin, cleo)

    assert house.rest("GET", "/v1/widget/history", token=token).status == 401
    assert cleo.connection_id in house.sockets.closed


@pytest.mark.parametrize("operation", ["DeleteItem", "BatchWriteItem", "Query", "TransactWriteItems"])
@pytest.mark.parametrize("nth", [0, 1, 3])
def test_an_erasure_that_was_cut_short_is_finished_by_asking_again(
    house: House, admin: Client, cleo: Client, operation: str, nth: int
) -> None:
    for n in range(2):
        talks(house, cleo, f"{CANARY} {n}")
    cleo.ask("start_session", text=f"{CANARY} again")
    token = admin.token
    for _ in range(nth):
        house.faults.before(operation, lambda: None)
    house.faults.never_arrives(operation)
    house.rest("POST", f"/v1/customers/{cleo.caller.id}/erase", {}, token=token)

    house.rest("POST", f"/v1/customers/{cleo.caller.id}/erase", {}, token=token)

    left = kept(house)
    assert CANARY not in left
    assert cleo.caller.id not in left


def test_a_talk_that_the_index_has_not_heard_of_is_erased_too(
    house: House, admin: Client, cleo: Client
) -> None:
    token = admin.token
    cleo.ask("start_session", text=CANARY)
    house.faults.lags("by_customer")

    house.rest("POST", f"/v1/customers/{cleo.caller.id}/erase", {}, token=token)

    assert house.faults.none_left
    assert CANARY not in kept(house)


def test_a_talk_that_begins_while_its_customer_is_erased_does_not_begin(
    house: House, admin: Client, cleo: Client
) -> None:
    path, token = f"/v1/customers/{cleo.caller.id}/erase", admin.token
    house.faults.before("TransactWriteItems", lambda: house.rest("POST", path, {}, token=token), about=CANARY)

    refused = cleo.ask("start_session", text=CANARY)

    assert house.faults.none_left
    assert refused["code"] == "source_gone"
    assert CANARY not in kept(house)


def test_words_that_are_indexed_while_their_talk_is_erased_do_not_stay(
    house: House, admin: Client, cleo: Client
) -> None:
    ann = house.on_duty("ann")
    session_id = cleo.ask("start_session", text=CANARY)["session_id"]
    cleo.ask("end_session", session_id=session_id)
    ann.ask("file_disposition", session_id=session_id, option_id="product")
    house.clock.passes(minutes=2)
    path, token = f"/v1/customers/{cleo.caller.id}/erase", admin.token
    house.faults.before("BatchWriteItem", lambda: house.rest("POST", path, {}, token=token), about=CANARY)

    house.desk.rounds.expire_idle_sessions()

    assert house.faults.none_left
    assert CANARY not in kept(house)


def test_a_legal_hold_is_not_erased_and_says_so(house: House, admin: Client, cleo: Client) -> None:
    session_id = talks(house, cleo, CANARY)
    version = admin.rest("GET", f"/v1/sessions/{session_id}").body["version"]
    matches = {"if-match": str(version)}
    admin.rest("PATCH", f"/v1/sessions/{session_id}", {"legal_hold": True}, headers=matches)

    answer = admin.rest("POST", f"/v1/customers/{cleo.caller.id}/erase", {}).body

    assert answer == {"done": False, "sessions": 0, "held": 1}
    assert CANARY in kept(house)


def test_erasing_again_finds_nobody(house: House, admin: Client, cleo: Client) -> None:
    erased(house, admin, cleo)

    answer = admin.rest("POST", f"/v1/customers/{cleo.caller.id}/erase", {})
    assert (answer.status, answer.code) == (404, "not_found")


def _sends_a_file(client: Client, session_id: str) -> None:
    facts = {"session_id": session_id, "name": "bill.pdf", "size": len(media.PDF), "kind": "file"}
    opened = client.rest("POST", "/v1/attachments", facts).body
    client.house.files.uploaded(opened["upload"], media.PDF)
    attachment_id = opened["attachment_id"]
    assert client.rest("POST", f"/v1/attachments/{attachment_id}/complete", {}).status == 200
    said = client.ask("send_message", session_id=session_id, kind="file", attachment_id=attachment_id)
    assert said["type"] == "accepted", said
