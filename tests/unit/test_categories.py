"""Categories: a tree of three levels, what a talk gets from it, and what is asked before it."""

from typing import Any

import pytest

from chalicelib.kit.values import QueueId
from chalicelib.queues.model import Queue
from tests.house import Client, House


@pytest.fixture
def olga(house: House) -> Client:
    """An admin."""
    return house.connected(house.hired("olga", role_ids=("admin",)))


def _made(olga: Client, label: str, **facts: Any) -> str:
    made = olga.rest("POST", "/v1/categories", {"label": label, **facts})
    assert made.status == 201, made.text
    return str(made.body["id"])


def _moved(olga: Client, category_id: str, **change: Any) -> Any:
    version = olga.rest("GET", f"/v1/categories/{category_id}").body["version"]
    return olga.rest("PATCH", f"/v1/categories/{category_id}", change, headers={"if-match": str(version)})


def _offered(house: House, lang: str = "en", key: str = "demo") -> list[str]:
    config = house.rest("GET", f"/v1/widget/config?source_key={key}&lang={lang}").body
    return [c["label"] for c in config["categories"]]


def test_a_new_category_is_offered_in_its_order_and_language(house: House, olga: Client) -> None:
    _made(olga, "Gifts", order=1)
    made = olga.rest("POST", "/v1/categories", {"label": {"en": "Repairs", "zh-CN": "维修"}, "order": 2})

    assert made.body["version"] == 1
    assert "Gifts" in _offered(house)
    assert "维修" in _offered(house, "zh-CN")
    assert _offered(house).index("Gifts") < _offered(house).index("Repairs")


def test_the_tree_has_three_levels(olga: Client) -> None:
    one = _made(olga, "One")
    two = _made(olga, "Two", parent_id=one)
    three = _made(olga, "Three", parent_id=two)

    four = olga.rest("POST", "/v1/categories", {"label": "Four", "parent_id": three})

    assert (four.status, four.code) == (422, "too_deep")
    assert [e["path"] for e in four.body["errors"]] == ["parent_id"]


def test_a_move_takes_what_is_below_along_and_keeps_to_three_levels(olga: Client) -> None:
    top = _made(olga, "Top")
    branch = _made(olga, "Branch")
    _made(olga, "Leaf", parent_id=_made(olga, "Twig", parent_id=branch))

    assert _moved(olga, branch, parent_id=top).code == "too_deep"
    assert olga.rest("GET", f"/v1/categories/{branch}").body["parent_id"] is None
    assert _moved(olga, top, parent_id=branch).status == 200


def test_a_category_under_itself_is_refused_at_any_distance(olga: Client) -> None:
    one = _made(olga, "One")
    two = _made(olga, "Two", parent_id=one)
    three = _made(olga, "Three", parent_id=two)

    for below in (one, two, three):
        refused = _moved(olga, one, parent_id=below)
        assert (refused.status, refused.code) == (422, "under_itself")


def test_two_moves_at_once_make_no_circle(house: House, olga: Client) -> None:
    one, two = _made(olga, "One"), _made(olga, "Two")
    house.faults.before("TransactWriteItems", lambda: _moved(olga, two, parent_id=one))

    late = _moved(olga, one, parent_id=two)

    assert (late.status, late.code) == (409, "stale_version")
    parents = [olga.rest("GET", f"/v1/categories/{c}").body["parent_id"] for c in (one, two)]
    assert parents == [None, one]
    assert house.faults.none_left


@pytest.mark.parametrize(
    ("facts", "code", "path"),
    [
        ({"parent_id": "no-such"}, "unknown_category", "parent_id"),
        ({"queue_id": "no-such"}, "unknown_queue", "queue_id"),
        ({"source_ids": ["demo", "no-such"]}, "unknown_source", "source_ids"),
        ({"scheme_id": "no-such"}, "unknown_scheme", "scheme_id"),
        ({"business_hours_id": "no-such"}, "unknown_hours", "business_hours_id"),
        ({"required_skills": [{"skill": "no-such"}]}, "unknown_skill", "required_skills"),
    ],
)
def test_what_it_refers_to_must_be(olga: Client, facts: dict[str, Any], code: str, path: str) -> None:
    for answer in (
        olga.rest("POST", "/v1/categories", {"label": "New", **facts}),
        olga.rest("PATCH", "/v1/categories/orders", facts, headers={"if-match": "1"}),
    ):
        assert (answer.status, answer.code) == (422, code)
        assert [e["path"] for e in answer.body["errors"]] == [path]


def test_a_category_is_offered_where_it_and_all_above_it_are(house: House, olga: Client) -> None:
    shop = olga.rest("POST", "/v1/sources", {"name": "Shop", "default_queue_id": "support"}).body
    ours = _made(olga, "Ours", source_ids=[shop["id"]])
    below = _made(olga, "Below", parent_id=ours)

    assert {"Ours", "Below"}.isdisjoint(_offered(house))
    assert {"Ours", "Below"} <= set(_offered(house, key=shop["key"]))
    refused = house.customer().ask("start_session", text="Hi", category_id=below)
    assert refused["code"] == "unknown_category"


def test_one_with_others_below_it_stays_and_they_are_named(olga: Client) -> None:
    one = _made(olga, "One")
    two = _made(olga, "Two", parent_id=one)

    refused = olga.rest("DELETE", f"/v1/categories/{one}")

    assert (refused.status, refused.code) == (409, "category_in_use")
    assert "Two" in refused.body["detail"]
    assert olga.rest("DELETE", f"/v1/categories/{two}").status == 204
    assert olga.rest("DELETE", f"/v1/categories/{one}").status == 204


def test_what_was_removed_is_offered_no_more_and_keeps_its_name(house: House, olga: Client) -> None:
    cleo = house.customer()
    cleo.ask("start_session", text="Hi", category_id="sizes")

    olga.rest("DELETE", "/v1/categories/sizes")

    assert "Sizes and products" not in _offered(house)
    assert "sizes" not in [c["id"] for c in olga.rest("GET", "/v1/categories").body["items"]]
    kept = olga.rest("GET", "/v1/categories/sizes").body
    assert (kept["removed"], kept["label"]["en"]) == (True, "Sizes and products")
    assert olga.rest("DELETE", "/v1/categories/sizes").status == 404
    assert _moved(olga, "sizes", order=1).status == 404
    assert house.customer().ask("start_session", text="Hi", category_id="sizes")["code"] == "unknown_category"


def test_a_talk_gets_queue_and_priority_from_the_nearest_that_says(house: House, olga: Client) -> None:
    house.staffed(Queue(id=QueueId("refunds"), name="Refunds"))
    top = _made(olga, "Top", queue_id="refunds", priority=2)
    below = _made(olga, "Below", parent_id=_made(olga, "Between", parent_id=top, priority=-1))
    cleo = house.customer()

    session_id = cleo.ask("start_session", text="Hi", category_id=below)["session_id"]

    read = olga.rest("GET", f"/v1/sessions/{session_id}").body
    assert (read["queue_id"], read["priority"]) == ("refunds", -1)
    assert (read["category_id"], read["chosen_category_id"]) == (below, below)


def test_the_chosen_and_the_corrected_category_are_both_kept(house: House) -> None:
    ann, cleo = house.on_duty("ann"), house.customer()
    session_id = cleo.ask("start_session", text="Hi", category_id="orders")["session_id"]
    version = ann.rest("GET", f"/v1/sessions/{session_id}").body["version"]

    corrected = ann.rest(
        "PATCH",
        f"/v1/sessions/{session_id}",
        {"category_id": "refunds"},
        headers={"if-match": str(version)},
    ).body

    assert (corrected["category_id"], corrected["chosen_category_id"]) == ("refunds", "orders")


# what is asked before the talk

FIELDS = [
    {"name": "order", "label": "Order number", "required": True},
    {"name": "pieces", "label": "How many", "kind": "number"},
    {"name": "reason", "label": "Why", "kind": "select", "options": ["broken", "late"]},
]


def test_what_a_category_asks_stands_at_the_door(house: House, olga: Client) -> None:
    top = _made(olga, "Returns", fields=FIELDS)
    _made(olga, "Shoes", parent_id=top)

    config = house.rest("GET", "/v1/widget/config?source_key=demo").body
    asked = {c["label"]: [f["name"] for f in c["fields"]] for c in config["categories"]}

    assert asked["Returns"] == asked["Shoes"] == ["order", "pieces", "reason"]
    assert asked["Something else"] == []


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({}, ["answers.order"]),
        ({"order": "7", "pieces": "many"}, ["answers.pieces"]),
        ({"order": "7", "reason": "bored"}, ["answers.reason"]),
        ({"reason": "bored"}, ["answers.order", "answers.reason"]),
    ],
)
def test_answers_that_do_not_fit_are_told_by_their_names(
    house: House, olga: Client, answers: dict[str, Any], wrong: list[str]
) -> None:
    category = _made(olga, "Returns", fields=FIELDS)
    body = {"client_id": "C1", "category_id": category, "answers": answers, "text": "Hi"}
    cleo = house.customer()

    refused = cleo.rest("POST", "/v1/widget/sessions", body)

    assert (refused.status, refused.code) == (422, "answer_does_not_fit")
    assert sorted(e["path"] for e in refused.body["errors"]) == wrong
    assert cleo.rest("GET", "/v1/widget/sessions/current").status == 404


def test_answers_that_fit_stand_with_the_session_beside_what_the_page_told(
    house: House, olga: Client
) -> None:
    category = _made(olga, "Returns", fields=FIELDS)
    answers = {"order": "4711", "pieces": 2, "plan": "gold"}

    started = house.customer().ask("start_session", text="Hi", category_id=category, answers=answers)

    assert olga.rest("GET", f"/v1/sessions/{started['session_id']}").body["answers"] == answers


def test_two_fields_of_one_name_are_refused(olga: Client) -> None:
    twice = [{"name": "order", "label": "One"}, {"name": "order", "label": "Two"}]

    refused = olga.rest("POST", "/v1/categories", {"label": "New", "fields": twice})

    assert [e["path"] for e in refused.body["errors"]] == ["fields"]
