"""After an erasure a canary is found nowhere (I22): in no table, object, letter or answer that is kept, whatever they did here."""

from typing import Any

import pytest

from tests import media
from tests.house import Client, House
from tests.unit.test_identity import Site

CANARY = "canary7f3a"
ADDRESS = f"{CANARY}@example.com"


@pytest.fixture
def admin(house: House) -> Client:
    return house.connected(house.hired("olga", role_ids=("admin",)))


def everything(house: House) -> str:
    """All that is kept: tables, objects by number, letters."""
    tables = house.engine._make_api_call("ListTables", {})["TableNames"]
    rows = [house.engine._make_api_call("Scan", {"TableName": table}) for table in tables]
    return f"{rows} {house.files.kept} files {[bytes(c) for c in house.mail.letters.values()]}"


def test_whatever_somebody_did_here_an_erasure_takes_all_of_it(house: House, admin: Client) -> None:
    site, ann = Site(house), house.on_duty("ann")
    before = site.comes().body
    cleo = house.connected(house.desk.sign_in.caller(before["token"]))
    cleo.hello()
    looks_around(cleo)
    talk = talks(house, cleo, ann)
    left = leaves_messages(cleo)
    answer = {"by": "email", "text": f"About {CANARY}"}
    assert ann.rest("POST", f"/v1/sessions/{left[0]}/answer", answer).status == 200
    house.mail.away = True
    assert ann.rest("POST", f"/v1/sessions/{left[1]}/answer", answer).status == 200
    other = merged(house, admin, cleo)
    signed = site.signs(name=CANARY, email=ADDRESS, phone="+49 30 123456", level=CANARY)
    now = site.comes(signed, refresh_token=before["refresh_token"]).body
    admin.rest("POST", f"/v1/customers/{now['customer_id']}/reveal", {"field": "email"})
    admin.rest("POST", f"/v1/customers/{now['customer_id']}/block", {"reason": CANARY})
    assert CANARY in everything(house)

    erased = admin.rest("POST", f"/v1/customers/{now['customer_id']}/erase", {})

    assert erased.body["done"] is True, erased
    kept = everything(house)
    for trace in (CANARY, now["customer_id"], before["customer_id"], other, talk, *left, "123456"):
        assert trace not in kept, (trace, kept[max(0, kept.find(trace) - 300) :][:400])
    assert "0 files []" in kept


def looks_around(cleo: Client) -> None:
    page = {"url": f"https://shop.example/{CANARY}", "title": CANARY, "dwell_s": 3}
    assert cleo.rest("POST", "/v1/widget/pages", page).status == 204


def talks(house: House, cleo: Client, ann: Client) -> str:
    body = {"client_id": house.next_id(), "text": CANARY, "page": f"https://shop.example/{CANARY}"}
    key = {"Idempotency-Key": CANARY}
    session_id = str(cleo.rest("POST", "/v1/widget/sessions", body, headers=key).body["session_id"])
    ann.say(session_id, f"On {CANARY}", after=2)
    ann.say(session_id, f"Note on {CANARY}", visibility="staff")
    cleo.ask("end_session", session_id=session_id)
    ann.ask("file_disposition", session_id=session_id, option_id="product", note=CANARY)
    cleo.rest("POST", f"/v1/widget/sessions/{session_id}/rating", {"score": 5, "comment": CANARY})
    house.clock.passes(hours=1)
    house.desk.rounds.expire_idle_sessions()
    ann.ask("ping")
    return session_id


def leaves_messages(cleo: Client) -> list[str]:
    facts = {"name": f"{CANARY}.pdf", "size": len(media.PDF), "kind": "file"}
    opened = cleo.rest("POST", "/v1/attachments", facts).body
    cleo.house.files.uploaded(opened["upload"], media.PDF)
    cleo.rest("POST", f"/v1/attachments/{opened['attachment_id']}/complete", {})
    found = []
    for files in ([opened["attachment_id"]], []):
        body: dict[str, Any] = {"text": CANARY, "contact": {"email": ADDRESS}, "attachment_ids": files}
        answer = cleo.rest("POST", "/v1/widget/left-messages", body)
        assert answer.status == 201, answer
        found.append(str(answer.body["session_id"]))
    return found


def merged(house: House, admin: Client, into: Client) -> str:
    other = house.customer()
    other.hello()
    other.ask("start_session", text=CANARY)
    body = {"into": into.caller.id}
    assert admin.rest("POST", f"/v1/customers/{other.caller.id}/merge", body).status == 200
    return other.caller.id
