"""What is older than its source keeps it goes, whole, and what is on legal hold stays; and who may change what of a session."""

from typing import Any

import pytest

from chalicelib.sources.model import Retention
from tests.house import Client, House, Talk

CANARY = "canary7f3a"


@pytest.fixture
def admin(house: House) -> Client:
    return house.connected(house.hired("olga", role_ids=("admin",)))


def served(house: House, text: str) -> str:
    ann = next((c for c in house.clients if c.caller.name == "Ann"), None) or house.on_duty("ann")
    cleo = house.customer()
    cleo.hello()
    ann.ask("ping")
    session_id = str(cleo.ask("start_session", text=text)["session_id"])
    cleo.ask("end_session", session_id=session_id)
    ann.ask("file_disposition", session_id=session_id, option_id="product")
    house.clock.passes(minutes=2)
    house.desk.rounds.expire_idle_sessions()
    return session_id


def keeps(house: House, days: int) -> None:
    shop = house.desk.sources.by_key("demo")
    assert shop
    changed = {"version": shop.version + 1, "retention": Retention(messages_days=days)}
    house.desk.sources.replace(shop.model_copy(update=changed))


def kept(house: House) -> str:
    tables = house.engine._make_api_call("ListTables", {})["TableNames"]
    return str([house.engine._make_api_call("Scan", {"TableName": table}) for table in tables])


def exists(admin: Client, session_id: str) -> bool:
    return admin.rest("GET", f"/v1/sessions/{session_id}").status == 200


def change(client: Client, session_id: str, **facts: Any) -> Any:
    version = client.rest("GET", f"/v1/sessions/{session_id}").body.get("version", 1)
    return client.rest("PATCH", f"/v1/sessions/{session_id}", facts, headers={"if-match": str(version)})


def test_what_is_older_goes_whole_and_what_is_younger_stays(house: House, admin: Client) -> None:
    keeps(house, 30)
    old = served(house, CANARY)
    house.clock.passes(days=20)
    young = served(house, "I stay")
    house.clock.passes(days=10)

    assert house.desk.rounds.apply_retention() == 1
    assert house.desk.rounds.apply_retention() == 0

    assert not exists(admin, old)
    assert CANARY not in kept(house)
    assert exists(admin, young)
    assert [(r.sessions, r.held) for r in house.desk.retention.receipts()] == [(1, 0)]


def test_a_legal_hold_stays_until_it_is_lifted(house: House, admin: Client) -> None:
    keeps(house, 30)
    session_id = served(house, "Evidence")
    assert change(admin, session_id, legal_hold=True).body["legal_hold"] is True
    house.clock.passes(days=60)
    house.desk.rounds.apply_retention()
    assert exists(admin, session_id)

    change(admin, session_id, legal_hold=False)
    house.desk.rounds.apply_retention()

    assert not exists(admin, session_id)


def test_what_goes_on_is_never_too_old(house: House, admin: Client) -> None:
    keeps(house, 1)
    talk = house.talk()
    house.clock.passes(days=5)

    house.desk.rounds.apply_retention()

    assert exists(admin, talk.session_id)


def test_one_record_that_cannot_go_keeps_nothing_from_the_others(house: House, admin: Client) -> None:
    keeps(house, 1)
    sessions = [served(house, f"{CANARY} {n}") for n in range(3)]
    house.clock.passes(days=5)
    house.faults.never_arrives("DeleteItem")

    house.desk.rounds.apply_retention()
    assert house.faults.none_left
    house.desk.rounds.apply_retention()

    assert not any(exists(admin, s) for s in sessions)
    assert CANARY not in kept(house)


# changing a session


@pytest.fixture
def talk(house: House) -> Talk:
    return house.talk()


def test_an_agent_changes_what_staff_knows_of_a_session(talk: Talk) -> None:
    changed = change(
        talk.ann,
        talk.session_id,
        category_id="refunds",
        priority=2,
        tags=["vip", "late", "vip"],
        attributes={"order": "4711"},
    ).body

    assert (changed["category_id"], changed["chosen_category_id"], changed["priority"]) == (
        "refunds",
        None,
        2,
    )
    assert (changed["tags"], changed["attributes"]) == (["vip", "late"], {"order": "4711"})
    assert "vip" not in str(talk.cleo.told)
    items = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}/timeline").body["items"]
    assert items[-1]["system"]["about"]["what"] == "attributes, category_id, priority, tags"


def test_a_change_from_an_old_version_is_refused(house: House, talk: Talk) -> None:
    token, path = talk.ann.token, f"/v1/sessions/{talk.session_id}"
    version = talk.ann.rest("GET", path).body["version"]
    first = {"if-match": str(version)}
    assert house.rest("PATCH", path, {"priority": 1}, token=token, headers=first).status == 200

    answer = house.rest("PATCH", path, {"priority": 2}, token=token, headers=first)

    assert (answer.status, answer.code) == (409, "stale_version")


def test_saying_what_is_so_already_changes_nothing(house: House, talk: Talk) -> None:
    change(talk.ann, talk.session_id, tags=["vip"])
    log = house.log(talk.session_id)

    assert change(talk.ann, talk.session_id, tags=["vip"]).status == 200
    assert house.log(talk.session_id) == log


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"category_id": "no-such"}, "unknown_category"),
        ({"priority": 6}, "invalid"),
        ({"tags": [""]}, "invalid"),
        ({"state": "closed"}, "invalid"),
        ({"legal_hold": True}, "forbidden"),
    ],
)
def test_what_may_not_be_changed_so_is_refused(talk: Talk, facts: dict[str, Any], code: str) -> None:
    assert change(talk.ann, talk.session_id, **facts).code == code


def test_a_priority_moves_one_who_waits(house: House, admin: Client) -> None:
    first, second = house.waiting()[0], house.waiting()[0]
    queue_id = house.desk.session_store.tail(second).session.queue_id  # type: ignore[arg-type]

    change(admin, second, priority=1)

    assert [w.session_id for w in house.desk.session_store.waiting(queue_id, 20)] == [second, first]


def test_a_message_that_was_left_at_another_source_keeps_that_sources_days(house: House) -> None:
    """One queue may be where several sources lead."""
    shop = house.desk.sources.by_key("demo")
    assert shop
    brief = {"id": "brief", "version": 1, "key": "brief", "retention": Retention(messages_days=1)}
    house.desk.sources.create(shop.model_copy(update=brief))
    cleo = house.customer()
    body = {"text": "Where is it?", "contact": {"email": "cleo@example.com"}}
    session_id = cleo.rest("POST", "/v1/widget/left-messages", body).body["session_id"]
    house.clock.passes(days=9)

    assert house.desk.rounds.apply_retention() == 0

    assert house.desk.session_store.tail(session_id).session.state == "left_message"
    keeps(house, 2)
    assert house.desk.rounds.apply_retention() == 1
