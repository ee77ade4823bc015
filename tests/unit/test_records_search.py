"""Finding a record: by time and what it has, and by the words in it; never more than one may read, never at a growing cost."""

from typing import Any

import pytest

from chalicelib.kit.paging import to_cursor
from chalicelib.records.words import MOST, distinct, words_of
from tests.house import Answer, Client, House


@pytest.fixture
def ann(house: House) -> Client:
    return house.on_duty("ann")


@pytest.fixture
def sue(house: House) -> Client:
    sue = house.on_duty("sue")
    sue.ask("set_routing_status", status="busy")
    return sue


def served(house: House, agent: Client, text: str = "Hi", option_id: str = "product", **start: Any) -> str:
    """A session that this agent served and filed, and the minute's function has seen."""
    cleo = house.customer()
    cleo.hello()
    session_id = str(cleo.ask("start_session", text=text, **start)["session_id"])
    agent.say(session_id, "Let me see", after=2)
    cleo.ask("end_session", session_id=session_id)
    agent.ask("file_disposition", session_id=session_id, option_id=option_id)
    cleo.ask("rate_session", session_id=session_id, score=4)
    indexed(house)
    return session_id


def indexed(house: House) -> None:
    """Nothing can be taken back any more, and the minute's function runs."""
    house.clock.passes(minutes=2)
    house.desk.rounds.expire_idle_sessions()


def found(client: Client, query: str) -> list[str]:
    return [i["session_id"] for i in listed(client, query).body["items"]]


def listed(client: Client, query: str) -> Answer:
    answer = client.rest("GET", f"/v1/sessions?{query}")
    assert answer.status == 200, answer
    return answer


def all_pages(client: Client, query: str) -> list[str]:
    ids, cursor = [], ""
    while True:
        body = listed(client, query + cursor).body
        ids += [i["session_id"] for i in body["items"]]
        if not body["next_cursor"]:
            return ids
        cursor = f"&cursor={body['next_cursor']}"


# by what a record has


def test_records_are_found_by_what_they_have(house: House, ann: Client, sue: Client) -> None:
    orders = served(house, ann, category_id="orders")
    refunds = served(house, ann, category_id="refunds", option_id="refunds.how")

    assert found(sue, "queue_id=support") == [refunds, orders]
    assert found(sue, "category_id=orders") == [orders]
    assert found(sue, "disposition=refunds.how") == [refunds]
    assert found(sue, "score=4&disposition=product") == [orders]
    assert found(sue, "score=5") == []
    assert found(sue, "queue_id=other") == []
    assert found(sue, f"agent_id={ann.caller.id}&category_id=refunds") == [refunds]


def test_time_is_half_open_and_reaches_over_months(house: House, ann: Client, sue: Client) -> None:
    ids = []
    for _ in range(4):
        ids.append(served(house, ann))
        house.clock.passes(days=20)

    assert found(sue, "from=2026-11-01T00:00:00Z&to=2026-12-13T00:00:00Z") == [ids[1], ids[0]]
    ended = ann.rest("GET", f"/v1/sessions/{ids[1]}").body["ended_at"]
    assert found(sue, f"from={ended}&to=2027-01-02T00:00:00Z") == [ids[2], ids[1]]
    assert found(sue, f"from=2026-11-01T00:00:00Z&to={ended}") == [ids[0]]
    assert all_pages(sue, "from=2025-01-01T00:00:00Z&to=2027-12-31T00:00:00Z&limit=1") == ids[::-1]


def test_pages_go_on_without_holes_or_doubles(house: House, ann: Client, sue: Client) -> None:
    ids = [served(house, ann, category_id="orders" if n % 2 else "refunds") for n in range(9)]

    assert all_pages(sue, "queue_id=support&limit=2") == ids[::-1]
    assert all_pages(sue, "category_id=orders&limit=2") == ids[1::2][::-1]


def test_who_reads_only_their_own_searches_only_there(house: House, ann: Client) -> None:
    bob = house.on_duty("bob")
    bob.ask("set_routing_status", status="busy")
    own = served(house, ann, text="blue parcel")
    ann.ask("set_routing_status", status="busy")
    bob.ask("set_routing_status", status="accepting")
    other = served(house, bob, text="blue parcel")

    assert found(ann, "queue_id=support") == [own]
    assert found(bob, "queue_id=support") == [other]
    assert found(ann, "q=parcel") == [own]


def test_a_page_costs_at_most_four_requests_beside_its_sessions_and_the_org_chart(
    house: House, ann: Client, sue: Client
) -> None:
    for _ in range(3):
        served(house, ann)
    token = sue.token
    house.meter.reset()

    house.rest("GET", "/v1/sessions?from=2020-01-01T00:00:00Z&to=2026-12-01T00:00:00Z&score=1", token=token)

    assert house.meter.requests["Query"] <= 4 + 1


@pytest.mark.parametrize("query", ["score=0", "score=6", "from=yesterday", "from=2026-11-22", "state=lost"])
def test_what_is_out_of_bounds_is_refused(sue: Client, query: str) -> None:
    answer = sue.rest("GET", f"/v1/sessions?{query}")

    assert (answer.status, answer.code) == (422, "invalid")
    assert [e["path"] for e in answer.body["errors"]] == [query.partition("=")[0]]


@pytest.mark.parametrize(
    "position",
    [
        {"month": "2026-11", "id": "x", "at": ""},
        {"month": "2026-13", "id": "x", "at": "1"},
        {"month": "2020-01", "id": "", "at": ""},
        {"month": "2026-11", "id": "x", "at": "1"},
    ],
)
def test_a_cursor_of_another_search_is_refused(sue: Client, position: dict[str, str]) -> None:
    query = f"from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z&cursor={to_cursor(position)}"

    assert sue.rest("GET", f"/v1/sessions?{query}").code == "bad_cursor"


def test_searching_by_words_hints_at_nothing_that_others_served(house: House, ann: Client) -> None:
    for n in range(3):
        served(house, ann, text=f"secretword {n}")
    bob = house.on_duty("bob")

    body = listed(bob, "q=secretword&limit=1").body

    assert body == {"items": [], "next_cursor": None}


# by words


def test_a_record_is_found_by_words_of_either_side_in_any_form(
    house: House, ann: Client, sue: Client
) -> None:
    english = served(house, ann, text="Where is my blue PARCEL?")
    chinese = served(house, ann, text="我的订单A12号还没有到，我要退款")

    assert found(sue, "q=parcel") == [english]
    assert found(sue, "q=Blue%20parcel") == [english]
    assert found(sue, "q=%E9%80%80%E6%AC%BE") == [chinese]  # 退款
    assert found(sue, "q=%E6%88%91%E8%A6%81%E9%80%80%E6%AC%BE%20a12") == [chinese]  # 我要退款 a12
    assert found(sue, "q=blue%20refund") == []
    assert found(sue, "q=let%20me%20see") == [chinese, english]


def test_words_and_filters_hold_together(house: House, ann: Client, sue: Client) -> None:
    orders = served(house, ann, text="blue parcel", category_id="orders")
    served(house, ann, text="blue parcel", category_id="refunds")

    assert found(sue, "q=parcel&category_id=orders") == [orders]


def test_words_that_are_none_ask_for_nothing(sue: Client) -> None:
    assert sue.rest("GET", "/v1/sessions?q=%3F%21").code == "nothing_asked"


def test_pages_by_words_go_on_without_holes_or_doubles(house: House, ann: Client, sue: Client) -> None:
    ids = [served(house, ann, text=f"parcel {'blue' if n % 3 else 'red'}") for n in range(7)]

    assert all_pages(sue, "q=parcel&limit=2") == ids[::-1]
    assert all_pages(sue, "q=red%20parcel&limit=1") == ids[::3][::-1]


def test_what_goes_on_is_found_by_its_words_only_when_it_is_closed(house: House, sue: Client) -> None:
    ann = house.on_duty("ann")
    session_id, cleo = house.waiting("blue parcel")
    indexed(house)
    assert found(sue, "q=parcel") == []

    cleo.ask("end_session", session_id=session_id)
    ann.ask("file_disposition", session_id=session_id, option_id="product")
    indexed(house)

    assert found(sue, "q=parcel") == [session_id]


def test_what_was_taken_back_is_not_found_by_its_words(house: House, ann: Client, sue: Client) -> None:
    """Nothing is indexed while it could still be taken back: a customer may write again, and take it back then."""
    session_id, cleo = house.waiting("blue parcel")
    secret = cleo.say(session_id, "my card is 4711", after=2)["seq"]
    cleo.ask("end_session", session_id=session_id)
    ann.ask("file_disposition", session_id=session_id, option_id="product")
    house.desk.rounds.expire_idle_sessions()
    house.clock.passes(seconds=90)
    cleo.ask("start_session", text="One more thing")
    assert cleo.ask("recall_message", session_id=session_id, seq=secret)["type"] == "accepted"

    cleo.ask("end_session", session_id=session_id)
    indexed(house)

    assert found(sue, "q=parcel") == [session_id]
    assert found(sue, "q=4711") == []


def test_a_reopened_record_is_indexed_anew_and_found_once(house: House, ann: Client, sue: Client) -> None:
    session_id = served(house, ann, text="blue parcel")
    cleo = next(c for c in house.clients if c.caller.kind == "customer")
    cleo.ask("start_session", text="and a green one")
    cleo.ask("end_session", session_id=session_id)
    indexed(house)

    assert found(sue, "q=parcel") == [session_id]
    assert found(sue, "q=green") == [session_id]


def test_indexing_that_was_cut_short_is_done_by_the_next_round(
    house: House, ann: Client, sue: Client
) -> None:
    house.faults.never_arrives("BatchWriteItem")
    session_id = served(house, ann, text="blue parcel")
    assert house.faults.none_left
    assert found(sue, "q=parcel") == []

    indexed(house)

    assert found(sue, "q=parcel") == [session_id]


def test_indexing_costs_a_write_a_different_word(house: House, ann: Client) -> None:
    session_id, cleo = house.waiting("parcel parcel blue")
    cleo.ask("end_session", session_id=session_id)
    ann.ask("file_disposition", session_id=session_id, option_id="product")
    house.clock.passes(minutes=2)
    house.meter.reset()

    house.desk.rounds.expire_idle_sessions()

    assert house.meter.requests["BatchWriteItem"] == 1
    assert house.meter.write_units == 2 + 2 + 1  # two words; the session item and its index of what is due


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Where is it?", ["where", "is", "it"]),
        ("Café ＡＢＣ", ["café", "abc"]),
        ("我要退款", ["我要", "要退", "退款"]),
        ("订单A12号", ["订单", "a12", "号"]),
        ("退", ["退"]),
        ("テスト", ["テス", "スト"]),
        ("snake_case", ["snake", "case"]),
        ("?!… 🎉", []),
        ("x" * 100, ["x" * 40]),
    ],
)
def test_a_text_is_cut_into_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_a_record_has_so_many_words_at_most() -> None:
    assert len(distinct(f"word{n}" for n in range(10_000))) == MOST
