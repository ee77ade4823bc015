"""Filing: by a leaf of the scheme, with a note where it asks for one; while talking or after; and corrected."""

from typing import Any

import pytest

from chalicelib.agents.store import PROFILE, AgentItem
from chalicelib.sign_in.service import caller_of
from tests.house import House, Talk


@pytest.fixture
def talk(house: House) -> Talk:
    return house.talk()


def test_filing_in_wrap_up_closes_and_frees_the_slot(house: House, talk: Talk) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)
    assert house.load("ann") == (1.0, frozenset({talk.session_id}))

    filed = talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")

    assert filed["state"] == "closed"
    assert house.load("ann") == (0.0, frozenset())
    assert _read(talk)["closed_at"] == "2026-11-22T12:00:00Z"


@pytest.mark.parametrize("who", ["cleo", "ann"])
def test_what_was_filed_while_talking_is_closed_by_the_end(house: House, talk: Talk, who: str) -> None:
    filed = talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")
    assert filed["state"] == "active"
    assert house.load("ann")[0] == 1.0

    ended = getattr(talk, who).ask("end_session", session_id=talk.session_id)

    assert ended["state"] == "closed"
    assert house.load("ann") == (0.0, frozenset())
    assert not talk.ann.heard("wrap_up.started")


@pytest.mark.parametrize("who", ["cleo", "ann"])
def test_wrap_up_starts_with_the_scheme_whoever_ended_it(talk: Talk, who: str) -> None:
    getattr(talk, who).ask("end_session", session_id=talk.session_id)

    (started,) = talk.ann.heard("wrap_up.started")
    assert (started["session_id"], started["scheme"]) == (talk.session_id, "after-talk")


def test_ending_again_starts_no_second_wrap_up(talk: Talk) -> None:
    for _ in range(3):
        assert talk.cleo.ask("end_session", session_id=talk.session_id)["state"] == "wrap_up"
        assert talk.ann.ask("end_session", session_id=talk.session_id)["state"] == "wrap_up"

    assert len(talk.ann.heard("wrap_up.started")) == 1


@pytest.mark.parametrize(
    "option_id", ["orders", "refunds", "no-such", "Orders.where", "orders.", "__proto__"]
)
def test_only_a_leaf_of_the_scheme_can_be_filed(house: House, talk: Talk, option_id: str) -> None:
    refused = talk.ann.ask("file_disposition", session_id=talk.session_id, option_id=option_id)

    assert refused["code"] == "unknown_option"
    assert [e["path"] for e in refused["errors"]] == ["option_id"]
    assert len(house.log(talk.session_id)) == 2


@pytest.mark.parametrize("note", ["", "   ", "\n"])
def test_a_note_that_is_asked_for_is_required(talk: Talk, note: str) -> None:
    facts = {"session_id": talk.session_id, "option_id": "orders.damaged"}

    assert talk.ann.ask("file_disposition", note=note, **facts)["code"] == "note_required"
    assert talk.ann.ask("file_disposition", note="A dent", **facts)["type"] == "accepted"
    assert _read(talk)["disposition"]["note"] == "A dent"


def test_fields_that_the_scheme_has_not_are_refused(talk: Talk) -> None:
    refused = talk.ann.ask(
        "file_disposition", session_id=talk.session_id, option_id="product", fields={"price": 1}
    )

    assert refused["code"] == "fields_do_not_fit"
    assert [e["path"] for e in refused["errors"]] == ["fields.price"]


def test_the_words_it_was_filed_under_are_kept(talk: Talk) -> None:
    talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="orders.where", resolved="partly")

    filing = _read(talk)["disposition"]
    assert filing["path"] == [{"en": "Order", "zh-CN": "订单"}]
    assert filing["label"] == {"en": "Where is my order", "zh-CN": "查询物流"}
    assert (filing["scheme_id"], filing["scheme_version"], filing["resolved"]) == ("after-talk", 1, "partly")
    assert filing["filed_by"]["name"] == "Ann"
    assert filing["filed_at"] == "2026-11-22T12:00:00Z"


def test_a_correction_replaces_what_is_shown_and_the_log_keeps_both(house: House, talk: Talk) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)
    talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")
    corrected = talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="refunds.how")

    assert corrected["state"] == "closed"
    assert _read(talk)["disposition"]["option_id"] == "refunds.how"
    assert [text for _, staff_seq, text in house.log(talk.session_id) if staff_seq] == [
        "Filed as Product question.",
        "Filed as How to return.",
    ]
    assert house.load("ann") == (0.0, frozenset())


def test_the_customer_is_told_nothing_of_how_they_are_filed(talk: Talk) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)
    talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="orders.damaged", note="A dent")

    seen = str(talk.cleo.told) + talk.cleo.rest("GET", "/v1/widget/history").text
    assert "dent" not in seen
    assert "Damaged" not in seen
    assert "disposition" not in seen


def test_what_nobody_served_cannot_be_filed(house: House) -> None:
    ann = house.on_duty("ann")
    ann.ask("set_routing_status", status="busy")
    waits, _ = house.waiting()
    left, cleo = house.waiting()
    cleo.ask("leave_queue", session_id=left)
    sue = house.connected(caller_of(house.agent("sue")))

    for session_id in (waits, left):
        refused = sue.ask("file_disposition", session_id=session_id, option_id="product")
        assert refused.get("code") == "not_in_wrap_up", session_id


def test_a_supervisor_files_for_an_agent_and_frees_the_agents_slot(house: House, talk: Talk) -> None:
    sue = house.on_duty("sue")
    talk.ann.ask("end_session", session_id=talk.session_id)

    assert sue.ask("file_disposition", session_id=talk.session_id, option_id="product")["state"] == "closed"

    assert house.load("ann") == (0.0, frozenset())
    assert _read(talk)["disposition"]["filed_by"]["name"] == "Sue"


@pytest.mark.parametrize("command", ["file_disposition", "end_session"])
def test_a_slot_that_is_free_already_holds_nothing_up(house: House, talk: Talk, command: str) -> None:
    """Letting go is idempotent: a recount may have been there before."""
    facts: dict[str, Any] = {"option_id": "product"}
    if command == "file_disposition":
        talk.ann.ask("end_session", session_id=talk.session_id)
    else:
        talk.ann.ask("file_disposition", session_id=talk.session_id, **facts)
    AgentItem(talk.ann.caller.id, PROFILE).update(actions=[AgentItem.load.set(0), AgentItem.slots.remove()])

    facts = facts if command == "file_disposition" else {}
    assert talk.ann.ask(command, session_id=talk.session_id, **facts)["state"] == "closed"
    assert house.load("ann") == (0.0, frozenset())


def test_the_scheme_of_a_session_is_that_of_its_queue(talk: Talk) -> None:
    scheme = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}/scheme").body

    assert scheme["id"] == "after-talk"
    assert {o["option_id"] for o in scheme["options"]} >= {"orders", "orders.where", "product"}
    assert [s["id"] for s in talk.ann.rest("GET", "/v1/schemes").body["items"]] == ["after-talk"]


def _read(talk: Talk) -> dict[str, Any]:
    read: dict[str, Any] = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}").body
    return read
