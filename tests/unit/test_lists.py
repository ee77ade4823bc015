"""The lists an agent works from, and finding what is over."""

import pytest

from chalicelib.agents.store import PROFILE, AgentItem
from chalicelib.kit.paging import to_cursor
from chalicelib.kit.values import QueueId
from chalicelib.queues.model import Queue
from tests.house import Answer, Client, House


@pytest.fixture
def ann(house: House) -> Client:
    return house.on_duty("ann")


def test_a_session_moves_through_the_tabs(house: House, ann: Client) -> None:
    ann.ask("set_routing_status", status="busy")
    session_id, _ = house.waiting()
    assert _tabs(ann) == {"queue": [session_id], "mine": [], "wrap_up": [], "closed": []}

    ann.ask("take_session", session_id=session_id)
    assert _tabs(ann) == {"queue": [], "mine": [session_id], "wrap_up": [], "closed": []}

    ann.ask("end_session", session_id=session_id)
    assert _tabs(ann) == {"queue": [], "mine": [], "wrap_up": [session_id], "closed": [session_id]}

    ann.ask("file_disposition", session_id=session_id, option_id="product")
    assert _tabs(ann) == {"queue": [], "mine": [], "wrap_up": [], "closed": [session_id]}


def test_mine_has_those_who_wait_for_us_first_and_the_longest_waiting_of_them_on_top(
    house: House, ann: Client
) -> None:
    first, second, third = (house.waiting()[0] for _ in range(3))
    ann.say(first, "One moment", after=2)
    house.clock.passes(minutes=1)

    assert _ids(ann.rest("GET", "/v1/sessions?tab=mine")) == [second, third, first]


def test_the_queue_stands_in_its_order(house: House, ann: Client) -> None:
    ann.ask("set_routing_status", status="busy")
    waiting = [house.waiting()[0] for _ in range(4)]

    assert _ids(ann.rest("GET", "/v1/sessions?tab=queue")) == waiting


def test_a_row_shows_what_its_list_needs(house: House) -> None:
    talk = house.talk("Where is it?")
    talk.ann.say(talk.session_id, "A regular", visibility="staff")

    (row,) = talk.ann.rest("GET", "/v1/sessions?tab=mine").body["items"]

    assert row["customer"]["id"] == talk.cleo.caller.id
    assert row["last_message"]["text"] == "Ann joined the conversation."
    assert (row["state"], row["agent"]["name"], row["queue_id"]) == ("active", "Ann", "support")
    assert (row["waits_for"], row["head"]) == ("us", 2)


# by number


def test_a_record_is_found_by_its_number_however_it_was_written_down(house: House) -> None:
    talk = house.talk()
    number = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}").body["number"]
    misread = number.replace("1", "I").replace("0", "O")

    for asked in (
        number,
        number.lower(),
        number.replace("-", ""),
        number.replace("-", "%20"),
        f"%20{number}%20",
        misread,
        misread.lower(),
        number.replace("1", "l"),
        number[:3],
        number[:4],
        number[:5],
        number[:6],
        number[:8].lower(),
    ):
        assert _ids(talk.ann.rest("GET", f"/v1/sessions?number={asked}")) == [talk.session_id], asked


def test_a_number_that_goes_on_differently_finds_nothing(house: House) -> None:
    talk = house.talk()
    number = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}").body["number"]
    last = "Z" if number[-1] != "Z" else "Y"

    for asked in (number[:-1] + last, number + "Z", number[1:]):
        assert _ids(talk.ann.rest("GET", f"/v1/sessions?number={asked}")) == [], asked


@pytest.mark.parametrize("number", ["K", "K7", "-", "!!!", "%00%00%00"])
def test_fewer_than_three_letters_are_no_number(ann: Client, number: str) -> None:
    answer = ann.rest("GET", f"/v1/sessions?number={number}")

    assert (answer.status, answer.code) == (422, "nothing_asked")


def test_a_list_must_be_named(ann: Client) -> None:
    for query in ("", "?limit=5", "?number=", "?customer_id=", "?agent_id="):
        assert ann.rest("GET", f"/v1/sessions{query}").code == "nothing_asked"
    assert ann.rest("GET", "/v1/sessions?tab=everything").code == "invalid"


# pages


def test_pages_go_on_where_the_last_one_ended_without_holes_or_doubles(house: House, ann: Client) -> None:
    closed = _closed_by(house, ann, 7)

    for path in ("/v1/sessions?tab=closed", f"/v1/sessions?agent_id={ann.caller.id}"):
        pages, cursor = [], ""
        while not pages or cursor:
            answer = ann.rest("GET", f"{path}&limit=3{cursor}")
            pages.append(_ids(answer))
            cursor = f"&cursor={answer.body['next_cursor']}" if answer.body["next_cursor"] else ""
        assert [i for page in pages for i in page] == closed[::-1]
        assert [len(page) for page in pages][:2] == [3, 3]


def test_a_customers_records_are_listed_newest_first_for_whoever_served_them(
    house: House, ann: Client
) -> None:
    cleo = house.customer()
    cleo.hello()
    served = []
    for _ in range(3):
        session_id = cleo.ask("start_session", text="Hi")["session_id"]
        cleo.ask("end_session", session_id=session_id)
        ann.ask("file_disposition", session_id=session_id, option_id="product")
        served.insert(0, session_id)
        house.clock.passes(minutes=30)
    bob = house.on_duty("bob")

    assert _ids(ann.rest("GET", f"/v1/sessions?customer_id={cleo.caller.id}")) == served
    assert _ids(bob.rest("GET", f"/v1/sessions?customer_id={cleo.caller.id}")) == []


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%00",
        "é",
        "W10",
        "bnVsbA",
        to_cursor({}),
        to_cursor({"id": "x"}),
        to_cursor({"id": "x", "at": "abc"}),
        to_cursor({"id": "x", "at": ""}),
        to_cursor({"id": "", "at": "1"}),
        to_cursor({"id": "x", "at": "9" * 60}),
        to_cursor({"id": "x", "at": "1e999"}),
        to_cursor({"id": "x", "at": "NaN"}),
        to_cursor({"id": "x", "at": "1", "more": "1"}),
    ],
)
def test_a_cursor_of_no_list_is_refused(house: House, ann: Client, cursor: str) -> None:
    cleo = house.customer()
    for client, path in (
        (ann, "/v1/sessions?tab=closed"),
        (ann, "/v1/sessions?customer_id=x"),
        (cleo, "/v1/widget/history?limit=3"),
    ):
        answer = client.rest("GET", f"{path}&cursor={cursor}")
        assert (answer.status, answer.code) == (422, "bad_cursor"), path


def test_a_cursor_of_another_list_is_refused(house: House) -> None:
    """A number's cursor among times, and the other way round."""
    ann = house.on_duty("ann")
    _closed_by(house, ann, 2)
    by_time = ann.rest("GET", "/v1/sessions?tab=closed&limit=1").body["next_cursor"]

    assert ann.rest("GET", f"/v1/sessions?number=K7Q&cursor={by_time}").code == "bad_cursor"


def test_what_may_not_be_read_is_not_even_hinted_at_by_a_cursor(house: House) -> None:
    bob = house.on_duty("bob")
    _closed_by(house, bob, 3)
    ann = house.on_duty("ann")

    answer = ann.rest("GET", f"/v1/sessions?agent_id={bob.caller.id}&limit=1")

    assert answer.body == {"items": [], "next_cursor": None}


def test_a_supervisor_finds_what_any_agent_served(house: House) -> None:
    bob = house.on_duty("bob")
    closed = _closed_by(house, bob, 2)
    sue = house.on_duty("sue")

    assert _ids(sue.rest("GET", f"/v1/sessions?agent_id={bob.caller.id}")) == closed[::-1]


@pytest.mark.parametrize(
    ("path", "field", "names"),
    [
        ("/v1/agents", "alias", ["Ann", "Bob", "ÉMILE", "emile", "Owner", "Sue", "Sue"]),
        ("/v1/queues", "id", ["sales", "support", "z-last"]),
        ("/v1/schemes", "id", ["after-talk"]),
    ],
)
def test_lists_of_who_and_what_there_is_go_on_page_by_page(
    house: House, path: str, field: str, names: list[str]
) -> None:
    for name in ("sue", "emile", "émile"):
        house.hired(name, role_ids=("agent",), alias={"émile": "ÉMILE", "sue": "Sue"}.get(name, name))
    for queue_id in ("sales", "z-last"):
        house.desk.queues.create(Queue(id=QueueId(queue_id), name="x"))
    sue = house.on_duty("sue")

    found: list[str] = []
    cursor = ""
    while not found or cursor:
        answer = sue.rest("GET", f"{path}?limit=2{cursor}")
        assert 0 < len(answer.body["items"]) <= 2
        found += [item[field] for item in answer.body["items"]]
        cursor = f"&cursor={answer.body['next_cursor']}" if answer.body["next_cursor"] else ""

    assert sorted(found) == sorted(names)
    assert sue.rest("GET", f"{path}?cursor=x").code == "bad_cursor"


def test_an_agent_with_a_full_desk_pays_one_query_for_each_session_on_it(house: House, ann: Client) -> None:
    AgentItem(ann.caller.id, PROFILE).update(actions=[AgentItem.capacity.set(8)])
    for _ in range(8):
        house.waiting()
    house.meter.reset()

    assert len(house.desk.lists.held(house.agent("ann"))) == 8

    assert house.meter.requests["Query"] == 8


def _closed_by(house: House, agent: Client, count: int) -> list[str]:
    closed = []
    for _ in range(count):
        session_id, cleo = house.waiting()
        cleo.ask("end_session", session_id=session_id)
        agent.ask("file_disposition", session_id=session_id, option_id="product")
        closed.append(session_id)
    return closed


def _tabs(client: Client) -> dict[str, list[str]]:
    return {
        tab: _ids(client.rest("GET", f"/v1/sessions?tab={tab}"))
        for tab in ("queue", "mine", "wrap_up", "closed")
    }


def _ids(answer: Answer) -> list[str]:
    assert answer.status == 200, answer
    return [item["session_id"] for item in answer.body["items"]]
