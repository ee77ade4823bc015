"""Spam, tests and blocked customers; and one act on many sessions."""

from typing import Any

import pytest

from tests.house import Answer, Client, House


@pytest.mark.parametrize("reason", ["spam", "test"])
def test_it_ends_is_filed_by_itself_and_is_not_rated(house: House, reason: str) -> None:
    talk = house.talk()
    talk.ann.say(talk.session_id, "Hello", after=2)

    answer = _act(talk.ann, talk.session_id, reason)

    assert (answer.body["state"], answer.body["close_reason"]) == ("closed", reason)
    assert answer.body["disposition"]["option_id"] == reason
    assert answer.body["disposition"]["filed_by"]["name"] == "Ann"
    assert house.load("ann") == (0, frozenset())
    assert talk.cleo.heard("rating.asked") == []
    assert talk.cleo.ask("rate_session", session_id=talk.session_id, score=5)["code"] == "not_ratable"
    assert talk.cleo.heard("message.sent")[-1]["system"]["code"] == "ended_by_agent"


def test_marking_it_twice_is_once(house: House) -> None:
    talk = house.talk()
    _act(talk.ann, talk.session_id, "test")
    log = house.log(talk.session_id)

    assert _act(talk.ann, talk.session_id, "test").status == 200
    assert house.log(talk.session_id) == log


@pytest.mark.parametrize("ended", ["wrap_up", "closed"])
def test_what_has_ended_is_filed_as_spam_still_and_its_customer_hears_nothing(
    house: House, ended: str
) -> None:
    talk = house.talk()
    talk.ann.ask("end_session", session_id=talk.session_id)
    if ended == "closed":
        talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")
    said = len(talk.cleo.heard("message.sent"))

    answer = _act(talk.ann, talk.session_id, "spam")

    assert (answer.body["close_reason"], answer.body["disposition"]["option_id"]) == ("spam", "spam")
    assert house.load("ann") == (0, frozenset())
    assert len(talk.cleo.heard("message.sent")) == said


def test_who_sent_spam_is_kept_out_for_a_week(house: House) -> None:
    talk = house.talk()
    _act(talk.ann, talk.session_id, "spam")

    refused = talk.cleo.ask("start_session", text="Buy now")
    assert (refused["code"], "2026-11-29 12:00 UTC" in refused["detail"]) == ("customer_blocked", True)
    answer = talk.cleo.rest("POST", "/v1/widget/sessions", {"client_id": "C1", "text": "Buy now"})
    assert (answer.status, answer.code) == (403, "customer_blocked")

    house.clock.passes(days=7)
    assert talk.cleo.ask("start_session", text="Hi")["type"] == "accepted"


def test_who_only_tried_something_may_come_again_and_begins_anew(house: House) -> None:
    talk = house.talk()
    _act(talk.ann, talk.session_id, "test")

    started = talk.cleo.ask("start_session", text="Once more")

    assert started["type"] == "accepted"
    assert started["session_id"] != talk.session_id


def test_a_block_ends_what_goes_on_and_keeps_out_until_it_is_lifted(house: House) -> None:
    talk = house.talk()
    sue = _sue(house)

    answer = _act(talk.ann, talk.session_id, "block", {"reason": "Threats"})

    assert (answer.body["state"], answer.body["close_reason"]) == ("closed", "blocked")
    assert talk.cleo.heard("session.changed")[-1]["close_reason"] == "blocked"
    (block,) = sue.rest("GET", "/v1/blocks").body["items"]
    assert (block["customer_id"], block["reason"]) == (talk.cleo.caller.id, "Threats")
    assert (block["until"], block["by"]["name"]) == ("2026-11-29T12:00:00Z", "Ann")

    assert sue.rest("POST", f"/v1/customers/{talk.cleo.caller.id}/unblock", {}).status == 204
    assert sue.rest("GET", "/v1/blocks").body["items"] == []
    assert talk.cleo.ask("start_session", text="Sorry")["type"] == "accepted"


def test_one_who_was_blocked_after_a_good_talk_does_not_go_on_in_it(house: House) -> None:
    talk = house.talk()
    talk.ann.ask("end_session", session_id=talk.session_id)
    assert _block(_sue(house), talk.cleo.caller.id).status == 201

    assert talk.cleo.ask("start_session", text="And another thing")["code"] == "customer_blocked"


def test_a_block_of_one_who_waits_takes_them_out_of_the_queue(house: House) -> None:
    session_id, cleo = house.waiting()
    sue = _sue(house)

    assert _block(sue, cleo.caller.id).body["customer_id"] == cleo.caller.id

    assert sue.rest("GET", f"/v1/sessions/{session_id}").body["close_reason"] == "blocked"
    assert sue.rest("GET", "/v1/sessions?tab=queue").body["items"] == []


def test_a_change_made_from_before_the_block_does_not_undo_it(house: House) -> None:
    (_, cleo), sue = house.waiting(), _sue(house)
    admin = house.connected(house.hired("olga", role_ids=("admin",)))
    path = f"/v1/customers/{cleo.caller.id}"
    version = admin.rest("GET", path).body["version"]
    _block(sue, cleo.caller.id)

    stale = admin.rest("PATCH", path, {"remark": "x"}, headers={"if-match": str(version)})

    assert stale.code == "stale_version"
    version = admin.rest("GET", path).body["version"]
    assert admin.rest("PATCH", path, {"remark": "x"}, headers={"if-match": str(version)}).status == 200
    assert cleo.ask("start_session", text="Hi")["code"] == "customer_blocked"


def test_the_list_of_blocks_goes_on_page_by_page_and_forgets_what_has_run_out(house: House) -> None:
    sue = _sue(house)
    blocked = sorted(house.waiting()[1].caller.id for _ in range(3))
    for customer_id in blocked:
        assert _block(sue, customer_id).status == 201
    short = house.waiting()[1].caller.id
    assert _block(sue, short, until="2026-11-22T12:01:00Z").status == 201
    house.clock.passes(minutes=2)

    found, cursor = [], ""
    while not found or cursor:
        page = sue.rest("GET", f"/v1/blocks?limit=2{cursor}").body
        found += [b["customer_id"] for b in page["items"]]
        cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else ""
    assert found == blocked


@pytest.mark.parametrize("until", ["2026-11-22T12:00:00Z", "2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z"])
def test_a_block_that_ends_before_it_begins_or_never_is_refused(house: House, until: str) -> None:
    talk = house.talk()

    for answer in (
        _act(talk.ann, talk.session_id, "block", {"until": until}),
        _block(_sue(house), talk.cleo.caller.id, until=until),
    ):
        assert (answer.status, [e["path"] for e in answer.body["errors"]]) == (422, ["until"])
    assert house.load("ann") == (1.0, frozenset({talk.session_id}))


def test_an_agent_blocks_whom_they_serve_and_nobody_else(house: House) -> None:
    talk = house.talk()

    assert _block(talk.ann, talk.cleo.caller.id).code == "forbidden"
    assert talk.ann.rest("GET", "/v1/blocks").code == "forbidden"


# one act on many


def test_each_of_many_has_its_own_result_in_the_order_asked(house: House) -> None:
    sue = _sue(house)
    first, second = house.waiting()[0], house.waiting()[0]

    results = _bulk(sue, [second, "nothing-here", first, second], act="tag", tags=["storm"])

    assert [(r["id"], r["ok"], r["code"]) for r in results] == [
        (second, True, None),
        ("nothing-here", False, "not_found"),
        (first, True, None),
        (second, True, None),
    ]
    assert [r["session"]["tags"] for r in results if r["ok"]] == [["storm"]] * 3


def test_what_there_is_no_time_for_is_said_and_not_done(house: House) -> None:
    sue = _sue(house)
    waiting = [house.waiting()[0] for _ in range(3)]
    token = sue.token
    house.faults.after("TransactWriteItems", lambda: house.machine.passes(seconds=21))

    asked = {"ids": waiting, "act": "tag", "tags": ["storm"]}
    results = house.rest("POST", "/v1/sessions/bulk", asked, token=token).body["items"]

    assert [r["code"] for r in results] == [None, "not_reached", "not_reached"]
    assert house.desk.session_store.tail(waiting[1]).session.tags == ()  # type: ignore[arg-type]


def test_tags_are_added_to_those_there_are(house: House) -> None:
    sue = _sue(house)
    session_id, _ = house.waiting()
    _bulk(sue, [session_id], act="tag", tags=["a", "b"])

    (result,) = _bulk(sue, [session_id], act="tag", tags=["b", "c"])

    assert result["session"]["tags"] == ["a", "b", "c"]


def test_many_are_ended_with_one_text_in_each_readers_language(house: House) -> None:
    sue = _sue(house)
    waiting = [house.waiting() for _ in range(2)]
    texts = {"en": "Our shop is closed today.", "zh-CN": "今天不营业。"}

    results = _bulk(sue, [s for s, _ in waiting], act="end", texts=texts)

    assert [r["session"]["close_reason"] for r in results] == ["forced_by_supervisor"] * 2
    for _, cleo in waiting:
        told = cleo.heard("message.sent")[-1]
        assert told["text"] == "Our shop is closed today."
        assert told["system"]["about"] == texts


def test_many_are_given_to_an_agent_as_far_as_there_is_room(house: House) -> None:
    sue, bob = _sue(house), house.on_duty("bob")
    bob.ask("set_routing_status", status="busy")
    waiting = [house.waiting()[0] for _ in range(5)]

    results = _bulk(sue, waiting, act="assign", agent_id=bob.caller.id)

    assert [r["code"] for r in results] == [None] * 4 + ["desk_full"]
    assert house.load("bob") == (4.0, frozenset(waiting[:4]))


def test_the_other_acts_do_what_they_do_for_one(house: House) -> None:
    sue = _sue(house)
    talk = house.talk()
    waiting, cleo = house.waiting()
    talk.ann.ask("set_routing_status", status="busy")

    assert _bulk(sue, [talk.session_id], act="requeue")[0]["session"]["state"] == "queued"
    assert _bulk(sue, [waiting], act="priority", priority=3)[0]["session"]["priority"] == 3
    assert _bulk(sue, [waiting], act="block")[0]["session"]["state"] == "closed"
    assert cleo.ask("start_session", text="Hi")["code"] == "customer_blocked"
    assert _bulk(sue, [talk.session_id], act="spam")[0]["session"]["close_reason"] == "spam"


def test_an_agent_files_their_own_in_bulk_and_gives_nothing_away(house: House) -> None:
    talk = house.talk()
    others, _ = house.waiting()
    bob = house.on_duty("bob")
    talk.ann.ask("end_session", session_id=talk.session_id)

    assert _bulk(talk.ann, [talk.session_id], act="assign", agent_id=bob.caller.id)[0]["code"] == "forbidden"
    assert _bulk(bob, [talk.session_id], act="dispose", option_id="product")[0]["code"] == "not_found"
    (filed,) = _bulk(talk.ann, [talk.session_id], act="dispose", option_id="product")
    assert filed["session"]["state"] == "closed"
    assert others


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"act": "assign"}, "agent_id"),
        ({"act": "tag"}, "tags"),
        ({"act": "priority"}, "priority"),
        ({"act": "dispose"}, "option_id"),
        ({"act": "end", "texts": {}}, "texts"),
        ({"act": "spam", "texts": {"en": "Bye"}}, "texts"),
        ({"act": "requeue", "priority": 1}, "priority"),
        ({"act": "explode"}, "act"),
        ({"act": "spam", "ids": []}, "ids"),
        ({"act": "spam", "ids": ["S"] * 201}, "ids"),
    ],
)
def test_an_act_has_what_it_needs_and_nothing_of_another(
    house: House, body: dict[str, Any], path: str
) -> None:
    answer = _sue(house).rest("POST", "/v1/sessions/bulk", {"ids": ["S"], **body})

    assert (answer.status, [e["path"].split(".")[0] for e in answer.body["errors"]]) == (422, [path])


def _sue(house: House) -> Client:
    sue = house.on_duty("sue")
    sue.ask("set_routing_status", status="busy")
    return sue


def _act(client: Client, session_id: str, act: str, body: Any = None) -> Answer:
    return client.rest("POST", f"/v1/sessions/{session_id}/{act}", body or {})


def _block(client: Client, customer_id: str, **body: Any) -> Answer:
    return client.rest("POST", f"/v1/customers/{customer_id}/block", body)


def _bulk(client: Client, ids: list[str], **act: Any) -> list[Any]:
    answer = client.rest("POST", "/v1/sessions/bulk", {"ids": ids, **act})
    assert answer.status == 200, answer
    return list(answer.body["items"])
