"""Each kind of what is kept has its own days: files go while the words stay, and pages before either."""

from contextlib import suppress

import pytest

from chalicelib.kit.values import SessionId
from chalicelib.sources.model import Retention
from tests import media
from tests.house import FAILURES, Client, House, Talk

CANARY = "canary7f3a"


@pytest.fixture
def admin(house: House) -> Client:
    return house.connected(house.hired("olga", role_ids=("admin",)))


def keeps(house: House, **days: int) -> None:
    shop = house.desk.sources.by_key("demo")
    assert shop
    changed = {"version": shop.version + 1, "retention": Retention(**days)}
    house.desk.sources.replace(shop.model_copy(update=changed))


def talk(house: House) -> Talk:
    """With a file of each side, begun on a page, ended and filed."""
    ann, cleo = house.on_duty("ann"), house.customer()
    cleo.hello()
    page = f"https://shop.example/{CANARY}"
    session_id = cleo.rest(
        "POST", "/v1/widget/sessions", {"client_id": house.next_id(), "text": "Hi", "page": page}
    ).body["session_id"]
    for client in (cleo, ann):
        sends(client, session_id)
    cleo.ask("end_session", session_id=session_id)
    ann.ask("file_disposition", session_id=session_id, option_id="product")
    return Talk(session_id, cleo, ann)


def sends(client: Client, session_id: str) -> None:
    facts = {"session_id": session_id, "name": "bill.pdf", "size": len(media.PDF), "kind": "file"}
    opened = client.rest("POST", "/v1/attachments", facts).body
    client.house.files.uploaded(opened["upload"], media.PDF)
    attachment_id = opened["attachment_id"]
    client.rest("POST", f"/v1/attachments/{attachment_id}/complete", {})
    said = client.ask(
        "send_message", session_id=session_id, kind="file", attachment_id=attachment_id, text="See"
    )
    assert said["type"] == "accepted", said


def night(house: House, days: float) -> None:
    house.clock.passes(days=days)
    house.desk.rounds.apply_retention()


def receipts(house: House) -> list[tuple[int, int, int, int]]:
    return [(r.sessions, r.files, r.pages, r.held) for r in house.desk.retention.receipts()]


def kept(house: House) -> str:
    tables = house.engine._make_api_call("ListTables", {})["TableNames"]
    return str([house.engine._make_api_call("Scan", {"TableName": table}) for table in tables])


def holds(admin: Client, session_id: str, *, on: bool) -> None:
    version = admin.rest("GET", f"/v1/sessions/{session_id}").body["version"]
    matches = {"if-match": str(version)}
    answer = admin.rest("PATCH", f"/v1/sessions/{session_id}", {"legal_hold": on}, headers=matches)
    assert answer.status == 200


def test_by_default_pages_are_kept_for_ninety_days_files_for_a_year_and_words_for_three(
    house: House, admin: Client
) -> None:
    session_id = talk(house).session_id

    night(house, 90)
    assert (CANARY in kept(house), house.files.kept) == (True, 2)
    night(house, 1)
    assert (CANARY in kept(house), house.files.kept) == (False, 2)
    night(house, 275)
    assert house.files.kept == 0
    assert admin.rest("GET", f"/v1/sessions/{session_id}").status == 200
    night(house, 730)

    assert admin.rest("GET", f"/v1/sessions/{session_id}").status == 404
    assert receipts(house) == [(0, 0, 1, 0), (0, 2, 0, 0), (1, 0, 0, 0)]


def test_of_a_file_that_is_gone_the_words_and_its_name_stay(house: House, admin: Client) -> None:
    keeps(house, files_days=30)
    session_id = talk(house).session_id
    night(house, 31)

    said = [
        m
        for m in admin.rest("GET", f"/v1/sessions/{session_id}/messages").body["items"]
        if m["kind"] == "file"
    ]

    assert [(m["text"], m["attachment"]["name"], m["attachment"]["gone"]) for m in said] == [
        ("See", "bill.pdf", True)
    ] * 2
    link = admin.rest("GET", f"/v1/attachments/{said[0]['attachment']['attachment_id']}/link")
    assert (link.status, link.code) == (409, "attachment_gone")


def test_a_night_costs_what_has_become_too_old_since_and_not_what_is_kept(house: House) -> None:
    keeps(house, files_days=30, pages_days=30)
    for _ in range(3):
        talk(house)
        house.clock.passes(minutes=5)
    night(house, 31)
    costs = []
    for _ in range(3):
        house.meter.reset()
        night(house, 1)
        costs.append(sum(house.meter.requests.values()))

    assert len(set(costs)) == 1
    assert costs[0] < 130  # a Query for each month that a record could still lie in, back to twelve years


def test_a_legal_hold_keeps_files_and_page_and_once_lifted_they_go(house: House, admin: Client) -> None:
    keeps(house, files_days=30, pages_days=30)
    held, other = talk(house).session_id, talk(house).session_id
    holds(admin, held, on=True)
    for _ in range(2):
        night(house, 31)
    assert house.files.kept == 2
    assert CANARY in kept(house)

    holds(admin, held, on=False)
    night(house, 1)

    assert house.files.kept == 0
    assert CANARY not in kept(house)
    assert admin.rest("GET", f"/v1/sessions/{other}").status == 200


def test_days_that_are_made_shorter_count_for_what_there_is_already(house: House) -> None:
    talk(house)
    night(house, 31)
    assert house.files.kept == 2

    keeps(house, files_days=30)
    night(house, 1)

    assert house.files.kept == 0


@pytest.mark.parametrize("operation", ["UpdateItem", "Query", "GetItem", "PutItem"])
@pytest.mark.parametrize("nth", [0, 1, 2, 3])
def test_what_one_night_did_not_finish_the_next_does(house: House, operation: str, nth: int) -> None:
    keeps(house, files_days=30, pages_days=30)
    for _ in range(2):
        talk(house)
    house.clock.passes(days=31)
    for _ in range(nth):
        house.faults.before(operation, lambda: None)
    house.faults.never_arrives(operation)
    with suppress(*FAILURES):  # a schedule that fails is tried again
        house.desk.rounds.apply_retention()

    for _ in range(3):
        with suppress(*FAILURES):
            night(house, 1)

    assert house.files.kept == 0
    assert CANARY not in kept(house)


def test_a_left_message_that_nobody_answered_goes_in_the_end(house: House, admin: Client) -> None:
    keeps(house, messages_days=30)
    body = {"text": CANARY, "contact": {"email": f"{CANARY}@example.com"}}
    house.customer().rest("POST", "/v1/widget/left-messages", body)
    night(house, 29)
    assert CANARY in kept(house)

    night(house, 2)

    assert CANARY not in kept(house)


# the trail of pages


def test_the_last_pages_are_read_beside_the_session(house: House) -> None:
    talk = house.talk()
    for n in range(3):
        page = {"url": f"https://shop.example/{n}", "title": f"Page {n}", "dwell_s": n}
        assert talk.cleo.rest("POST", "/v1/widget/pages", page).status == 204
        house.clock.passes(seconds=1)

    seen = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}/pages").body["items"]

    assert [(p["title"], p["dwell_s"]) for p in seen] == [("Page 2", 2), ("Page 1", 1), ("Page 0", 0)]


def test_however_many_pages_somebody_looks_at_fifty_are_kept(house: House) -> None:
    talk = house.talk()
    token = talk.cleo.token
    for n in range(60):
        house.rest("POST", "/v1/widget/pages", {"url": f"https://shop.example/{n}"}, token=token)
        house.clock.passes(seconds=1)

    seen = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}/pages").body["items"]

    assert [p["url"].rpartition("/")[2] for p in seen] == [str(n) for n in range(59, 9, -1)]


def test_pages_are_read_no_longer_than_their_source_keeps_them(house: House) -> None:
    keeps(house, pages_days=1)
    talk = house.talk()
    talk.cleo.rest("POST", "/v1/widget/pages", {"url": "https://shop.example/"})
    house.clock.passes(days=1)

    assert talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}/pages").body["items"] == []


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "shop", "https://", "http://a b"])
def test_what_is_no_page_is_not_noted(house: House, url: str) -> None:
    answer = house.customer().rest("POST", "/v1/widget/pages", {"url": url})

    assert (answer.status, answer.code) == (422, "invalid")


def test_an_export_has_the_pages_and_how_to_be_reached(house: House, admin: Client) -> None:
    cleo = house.customer()
    cleo.rest("POST", "/v1/widget/pages", {"url": f"https://shop.example/{CANARY}"})
    left = {"text": "Hi", "contact": {"email": "cleo@example.com", "phone": "+49 30 123456"}}
    session_id = cleo.rest("POST", "/v1/widget/left-messages", left).body["session_id"]

    body = admin.rest("POST", f"/v1/customers/{cleo.caller.id}/export", {}).body

    assert body["customer"]["pages"][0]["url"] == f"https://shop.example/{CANARY}"
    assert body["items"][0]["contact"] == left["contact"]
    assert body["items"][0]["session"]["session_id"] == session_id
    assert house.desk.session_store.tail(SessionId(session_id)).session.contact
