"""Canned answers: whose they are, how they are found, what they say, and the sheet they come in."""

from typing import Any

import pytest

from chalicelib.canned_answers.initials import spelling_of
from chalicelib.canned_answers.model import rendered
from chalicelib.kit.values import QueueId
from chalicelib.queues.model import Queue
from chalicelib.sign_in.service import caller_of
from tests.house import Answer, Client, House

PATH = "/v1/canned-answers"


@pytest.fixture
def ann(house: House) -> Client:
    return house.on_duty("ann")


@pytest.fixture
def bob(house: House) -> Client:
    return house.connected(caller_of(house.agent("bob")))


@pytest.fixture
def sue(house: House) -> Client:
    return house.connected(caller_of(house.agent("sue")))


@pytest.fixture
def olga(house: House) -> Client:
    """An admin, who belongs to no queue."""
    return house.connected(house.hired("olga", role_ids=("admin",)))


def _new(by: Client, code: str, **facts: Any) -> Answer:
    body = {"code": code, "title": code.title(), "text": f"This is {code}.", **facts}
    return by.rest("POST", PATH, body)


def _made(by: Client, code: str, **facts: Any) -> str:
    made = _new(by, code, **facts)
    assert made.status == 201, made.text
    return str(made.body["id"])


def _codes(by: Client, query: str = "") -> list[str]:
    return [a["code"] for a in by.rest("GET", f"{PATH}?{query}").body["items"]]


# whose they are


def test_ones_own_is_seen_by_nobody_else(ann: Client, bob: Client, olga: Client) -> None:
    answer_id = _made(ann, "bye")

    assert _codes(ann) == ["bye"]
    for other in (bob, olga):
        assert _codes(other) == []
        assert other.rest("GET", f"{PATH}/{answer_id}").status == 404
        assert other.rest("DELETE", f"{PATH}/{answer_id}").status == 404


def test_a_queues_are_seen_by_those_who_serve_it(house: House, ann: Client, sue: Client) -> None:
    house.staffed(Queue(id=QueueId("far"), name="Far"))
    near = _made(sue, "near", scope="queue", queue_id="support")
    far = _made(sue, "far", scope="queue", queue_id="far")

    assert _codes(ann) == ["near"]
    assert ann.rest("GET", f"{PATH}/{near}").body["queue_id"] == "support"
    assert ann.rest("GET", f"{PATH}/{far}").status == 404
    assert _codes(ann, "queue_id=far") == []
    assert _codes(sue, "queue_id=far") == ["far"]


def test_everybodys_are_an_admins_to_write(ann: Client, sue: Client, olga: Client) -> None:
    answer_id = _made(olga, "hello", scope="global")

    assert _codes(ann) == ["hello"]
    for other, code in ((ann, "mine"), (sue, "ours")):
        refused = _new(other, code, scope="global")
        assert (refused.status, refused.code) == (403, "forbidden")
        assert other.rest("DELETE", f"{PATH}/{answer_id}").status == 403
    assert _new(ann, "mine", scope="queue", queue_id="support").status == 403


@pytest.mark.parametrize("facts", [{"scope": "queue"}, {"scope": "global", "queue_id": "support"}])
def test_a_queues_answer_names_its_queue_and_no_other_does(olga: Client, facts: dict[str, Any]) -> None:
    refused = _new(olga, "hello", **facts)

    assert (refused.status, refused.code) == (422, "which_queue")


def test_a_code_stands_once_in_its_place_whatever_its_case(ann: Client, bob: Client, olga: Client) -> None:
    _made(ann, "Bye")
    _made(bob, "bye")
    _made(olga, "bye", scope="global")

    refused = _new(ann, "BYE")

    assert (refused.status, refused.code) == (409, "code_taken")


def test_a_code_that_was_given_up_is_free(ann: Client) -> None:
    answer_id = _made(ann, "bye")
    one = f"{PATH}/{answer_id}"

    changed = ann.rest("PATCH", one, {"code": "ciao"}, headers={"if-match": "1"}).body
    assert (changed["code"], changed["text"], changed["version"]) == ("ciao", "This is bye.", 2)
    _made(ann, "bye")
    assert ann.rest("PATCH", one, {"code": "bye"}, headers={"if-match": "2"}).code == "code_taken"
    assert ann.rest("PATCH", one, {"code": "x"}, headers={"if-match": "1"}).code == "stale_version"

    assert ann.rest("DELETE", one).status == 204
    _made(ann, "ciao")
    assert sorted(_codes(ann)) == ["bye", "ciao"]


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"code": "with space"}, "code"),
        ({"code": ""}, "code"),
        ({"title": ""}, "title"),
        ({"text": " "}, "text"),
        ({"text": {"en": "", "zh-CN": ""}}, "text"),
        ({"text": "Dear {customer.password}"}, "text"),
        ({"text": {"en": "Hi", "zh-CN": "{agent.token}"}}, "text"),
        ({"group": "a/b/c/d"}, "group"),
        ({"group": "a//b"}, "group"),
    ],
)
def test_what_is_no_answer_is_refused_at_its_field(ann: Client, facts: dict[str, Any], path: str) -> None:
    refused = ann.rest("POST", PATH, {"code": "hi", "title": "Hi", "text": "Hi"} | facts)

    assert refused.status == 422
    assert [e["path"] for e in refused.body["errors"]] == [path]


# how they are found


@pytest.fixture
def library(ann: Client) -> Client:
    for code, title, text, group in (
        ("refund", {"en": "How to return", "zh-CN": "退款说明"}, {"en": "Send it back.", "zh-CN": "请寄回。"}, "Returns"),
        ("late", "Delivery is late", "Your parcel from Chongqing is late.", "Orders/Delivery"),
        ("cq", "重庆银行", "请转账。", "Orders"),
        ("returns", "Opening hours", "Nine to five.", ""),
    ):  # fmt: skip
        _made(ann, code, title=title, text=text, group=group)
    return ann


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("/ref", ["refund"]),
        ("tksm", ["refund"]),
        ("tk", ["refund"]),
        ("tuikuan", ["refund"]),
        ("退款", ["refund"]),
        ("寄回", ["refund"]),
        ("CQ", ["cq"]),
        ("cqyh", ["cq"]),
        ("return", ["returns", "refund"]),
        ("returns", ["returns", "refund"]),
        ("delivery late", ["late"]),
        ("late nine", []),
        ("chong", ["cq", "late"]),
        ("ack", []),
        ("  ", []),
    ],
)
def test_what_is_typed_leads_to_answers_the_best_first(library: Client, asked: str, found: list[str]) -> None:
    assert _codes(library, f"q={asked.replace(' ', '%20')}") == found


def test_of_equal_ones_the_often_used_comes_first(house: House, ann: Client) -> None:
    talk = house.talk()
    for code in ("aa1", "aa2"):
        _made(ann, code)
    often = next(a["id"] for a in ann.rest("GET", PATH).body["items"] if a["code"] == "aa2")

    for _ in range(2):
        ann.rest("POST", f"{PATH}/{often}/use", {"session_id": talk.session_id})

    assert _codes(ann, "q=aa") == ["aa2", "aa1"]
    assert ann.rest("GET", f"{PATH}/{often}").body["uses"] == 2


def test_the_list_is_paged_over_all_there_is(ann: Client, sue: Client, olga: Client) -> None:
    for code in ("a", "b", "c"):
        _made(ann, code)
        _made(sue, code, scope="queue", queue_id="support")
        _made(olga, code, scope="global")

    seen: list[tuple[str, str]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = ann.rest("GET", f"{PATH}?limit=2" + (f"&cursor={cursor}" if cursor else "")).body
        assert len(page["items"]) <= 2
        seen += [(a["scope"], a["code"]) for a in page["items"]]
        cursor = page["next_cursor"]

    assert sorted(seen) == sorted((s, c) for s in ("personal", "queue", "global") for c in "abc")
    assert ann.rest("GET", f"{PATH}?cursor=xx").code == "bad_cursor"


def test_a_category_suggests_answers_and_those_below_it_do_so_too(
    ann: Client, bob: Client, olga: Client
) -> None:
    shared = [_made(olga, code, scope="global") for code in ("one", "two", "three")]
    own = _made(olga, "own")
    top = {"label": "Top", "suggested_answer_ids": [shared[2], shared[0]]}
    top_id = olga.rest("POST", "/v1/categories", top).body["id"]
    below = olga.rest("POST", "/v1/categories", {"label": "Below", "parent_id": top_id}).body["id"]

    assert _codes(ann, f"category_id={below}") == _codes(ann, f"category_id={top_id}") == ["three", "one"]
    assert _codes(ann, "category_id=orders") == _codes(ann, "category_id=no-such") == []
    for unknown in (own, "g.no-such", "x"):
        refused = olga.rest("POST", "/v1/categories", top | {"suggested_answer_ids": [unknown]})
        assert (refused.status, refused.code) == (422, "unknown_answer")

    olga.rest("DELETE", f"{PATH}/{shared[2]}")
    assert _codes(ann, f"category_id={below}") == ["one"]


# what they say


def test_variables_become_what_they_stand_for(house: House, ann: Client) -> None:
    talk = house.talk()
    text = "Dear {customer.name}, {agent.name} of {queue.name} at {source.name}: {session.number}{customer.level} {x}"
    answer_id = _made(ann, "hi", text={"en": text, "zh-CN": "您好，{customer.name}"})
    session = ann.rest("GET", f"/v1/sessions/{talk.session_id}").body
    name = session["customer"]["name"]

    said = ann.rest("POST", f"{PATH}/{answer_id}/use", {"session_id": talk.session_id}).body["text"]

    assert said == f"Dear {name}, Ann of Support at Fernhill Outfitters: {session['number']} {{x}}"
    body = {"session_id": talk.session_id, "lang": "zh-CN"}
    assert ann.rest("POST", f"{PATH}/{answer_id}/use", body).body["text"] == f"您好，{name}"


def test_what_is_put_in_is_not_looked_at_again() -> None:
    facts = {"customer.name": "{agent.name}", "agent.name": "Ann"}

    assert rendered("{customer.name} and {agent.name} {constructor} {agent.__class__}", facts) == (
        "{agent.name} and Ann {constructor} {agent.__class__}"
    )


def test_an_answer_is_said_in_ones_own_sessions_alone(house: House, ann: Client, bob: Client) -> None:
    talk = house.talk()
    answer_id = _made(bob, "hi", text="{customer.name}")

    refused = bob.rest("POST", f"{PATH}/{answer_id}/use", {"session_id": talk.session_id})

    assert refused.status == 404
    assert bob.rest("GET", f"{PATH}/{answer_id}").body["uses"] == 0


# the sheet

SHEET = """code,title,title_zh,text,text_zh,group
hi,Hello,问候,"Hello, {customer.name}!",您好！,Greetings
bye,Goodbye,,"Two
lines",,
"""


def _import(by: Client, sheet: str = SHEET, **facts: Any) -> Answer:
    return by.rest("POST", f"{PATH}/import", {"csv": sheet, **facts})


def test_a_sheet_makes_changes_and_leaves_answers(ann: Client) -> None:
    assert _import(ann, dry_run=True).body["created"] == ["hi", "bye"]
    assert _codes(ann) == []

    assert _import(ann, "\ufeff" + SHEET).body == {"created": ["hi", "bye"], "updated": [], "unchanged": []}
    again = _import(ann, SHEET.replace("Goodbye", "So long")).body

    assert again == {"created": [], "updated": ["bye"], "unchanged": ["hi"]}
    answers = {a["code"]: a for a in ann.rest("GET", PATH).body["items"]}
    assert answers["hi"]["text"] == {"en": "Hello, {customer.name}!", "zh-CN": "您好！"}
    assert (answers["hi"]["group"], answers["hi"]["initials"]) == ("Greetings", "wh")
    assert (answers["bye"]["title"], answers["bye"]["text"]) == ("So long", "Two\nlines")


def test_a_sheet_with_a_wrong_line_keeps_nothing_and_names_the_line(ann: Client) -> None:
    sheet = SHEET + "hi,Again,,Hi,,\nno good,Bad,,Hi,,\nx,Bad,,{customer.x},,\n"

    refused = _import(ann, sheet)

    assert (refused.status, refused.code) == (422, "sheet_does_not_fit")
    assert [e["path"] for e in refused.body["errors"]] == ["csv.5.code", "csv.6.code", "csv.7.text"]
    assert _codes(ann) == []


@pytest.mark.parametrize(
    "sheet", [" ", "code,title\nhi,Hi", "code,title,text,colour\n", "code,code,title,text\n", '"code,title']
)
def test_what_is_no_sheet_is_refused(ann: Client, sheet: str) -> None:
    refused = _import(ann, sheet)

    assert (refused.status, refused.code) == (422, "sheet_does_not_fit")


def test_a_sheet_for_everybody_is_an_admins(ann: Client, olga: Client) -> None:
    assert _import(ann, scope="global").status == 403
    assert _import(olga, scope="global").status == 200
    assert sorted(_codes(ann)) == ["bye", "hi"]


def test_a_title_is_found_by_whichever_way_its_letters_are_read() -> None:
    """重 is zhong or chong: 重庆 is a city that is typed cq."""
    assert {"zq", "cq"} <= set(spelling_of("重庆").initials.split())
    assert spelling_of("问候").initials.split()[0] == "wh"
    assert spelling_of("Hello") == ("", "")


def test_of_two_who_remove_one_at_once_the_second_is_told_so(house: House, ann: Client) -> None:
    answer_id = _made(ann, "bye")
    house.faults.before(
        "TransactWriteItems", lambda: ann.rest("DELETE", f"{PATH}/{answer_id}"), about=answer_id
    )

    second = ann.rest("DELETE", f"{PATH}/{answer_id}")

    assert (second.status, second.code) == (409, "stale_version")
    assert _codes(ann) == []
