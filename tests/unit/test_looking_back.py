"""The customer comes back and scrolls up; and either side reads a log from any place in it."""

import pytest

from chalicelib.kit.paging import to_cursor
from tests.house import Client, House, Talk


def test_a_customer_who_comes_back_finds_the_talk_going_on(house: House) -> None:
    talk = house.talk()

    welcome = house.again(talk.cleo).hello()

    assert [s["session_id"] for s in welcome["sessions"]] == [talk.session_id]
    assert welcome["sessions"][0]["last_message"]["text"] == "Ann joined the conversation."
    current = talk.cleo.rest("GET", "/v1/widget/sessions/current").body
    assert {k: current[k] for k in ("session_id", "head", "state")} == {
        "session_id": talk.session_id,
        "head": 2,
        "state": "active",
    }


def test_after_the_end_nothing_is_going_on_and_a_new_talk_is_a_new_session(house: House) -> None:
    talk = house.talk()
    talk.cleo.ask("end_session", session_id=talk.session_id)

    assert talk.cleo.rest("GET", "/v1/widget/sessions/current").code == "not_found"
    assert house.again(talk.cleo).hello()["sessions"] == []
    house.clock.passes(minutes=30)
    again = talk.cleo.ask("start_session", text="One more thing")
    assert again["session_id"] != talk.session_id
    assert house.log(again["session_id"])[0] == (1, None, "One more thing")


def test_starting_while_a_talk_goes_on_says_it_there(house: House) -> None:
    talk = house.talk()

    again = house.again(talk.cleo).ask("start_session", text="Are you there?")

    assert again["session_id"] == talk.session_id
    assert house.log(talk.session_id)[-1] == (3, None, "Are you there?")
    assert talk.ann.texts == ["Are you there?"]


def test_the_same_start_again_is_the_same_session_and_the_same_words(house: House) -> None:
    cleo = house.customer()
    cleo.hello()
    first = cleo.ask("start_session", client_id="S1", text="Hi")

    assert cleo.ask("start_session", client_id="S1", text="Hi") == first
    assert house.log(first["session_id"]) == [(1, None, "Hi")]


def test_the_same_start_with_other_words_is_refused(house: House) -> None:
    cleo = house.customer()
    cleo.hello()
    cleo.ask("start_session", client_id="S1", text="Hi")

    assert cleo.ask("start_session", client_id="S1", text="Bye")["code"] == "client_id_reused"


def test_two_tabs_that_start_at_once_are_in_one_session(house: House) -> None:
    cleo = house.customer()
    cleo.hello()
    tab = house.again(cleo)
    tab.hello()
    house.faults.before("TransactWriteItems", lambda: tab.ask("start_session", text="From the tab"))

    session_id = cleo.ask("start_session", text="From the page")["session_id"]

    assert house.faults.none_left
    assert [text for _, _, text in house.log(session_id)] == ["From the tab", "From the page"]
    assert len(house.desk.reception.history(cleo.caller, 10, None).items) == 1


def test_the_scroll_goes_up_through_all_ones_sessions(house: House) -> None:
    ann, cleo = house.on_duty("ann"), house.customer()
    cleo.hello()
    started = []
    for n in range(5):
        session_id = cleo.ask("start_session", text=f"Question {n}")["session_id"]
        cleo.ask("end_session", session_id=session_id)
        ann.ask("file_disposition", session_id=session_id, option_id="product")
        started.insert(0, session_id)
        house.clock.passes(hours=1)

    pages, cursor = [], ""
    while not pages or cursor:
        page = cleo.rest("GET", f"/v1/widget/history?limit=2{cursor}").body
        pages.append(page["items"])
        cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else ""

    past = [p for page in pages for p in page]
    assert [p["session"]["session_id"] for p in past] == started
    assert [p["messages"][0]["text"] for p in past] == [f"Question {n}" for n in reversed(range(5))]
    assert not any(p["more"] for p in past)
    assert all("disposition" not in p["session"] for p in past)


def test_a_long_talk_shows_its_newest_part_and_the_rest_by_scrolling(house: House) -> None:
    talk, head = house.talk(), 2
    for n in range(120):
        head = talk.ann.say(talk.session_id, f"Message {n}", after=head)["seq"]

    (past,) = talk.cleo.rest("GET", "/v1/widget/history").body["items"]
    assert past["more"] is True
    seqs = [m["seq"] for m in past["messages"]]
    assert seqs == list(range(head - len(seqs) + 1, head + 1))

    while seqs[0] > 1:
        path = f"/v1/widget/sessions/{talk.session_id}/messages?before={seqs[0]}&limit=50"
        seqs = [m["seq"] for m in talk.cleo.rest("GET", path).body["items"]] + seqs
    assert seqs == list(range(1, head + 1))


@pytest.mark.parametrize(
    ("query", "seqs"),
    [
        ("", [1, 2, 3, 4, 5, 6]),
        ("after=0", [1, 2, 3, 4, 5, 6]),
        ("after=4", [5, 6]),
        ("after=6", []),
        ("after=99", []),
        ("after=2&limit=2", [3, 4]),
        ("before=1", []),
        ("before=2", [1]),
        ("before=99", [1, 2, 3, 4, 5, 6]),
        ("before=6&limit=2", [4, 5]),
        ("before=7&limit=1", [6]),
        ("limit=1", [1]),
    ],
)
def test_a_log_is_read_from_any_place(house: House, query: str, seqs: list[int]) -> None:
    talk = _of_six(house)

    for client, path in ((talk.cleo, "/v1/widget/sessions"), (talk.ann, "/v1/sessions")):
        found = client.rest("GET", f"{path}/{talk.session_id}/messages?{query}").body["items"]
        assert [m["seq"] for m in found] == seqs


def test_catching_up_says_whether_there_is_more(house: House) -> None:
    talk = _of_six(house)

    part = talk.cleo.ask("catch_up", session_id=talk.session_id, after=1, limit=2)
    rest = talk.cleo.ask("catch_up", session_id=talk.session_id, after=3, limit=3)
    none = talk.cleo.ask("catch_up", session_id=talk.session_id, after=6)

    assert ([m["seq"] for m in part["messages"]], part["more"], part["head"]) == ([2, 3], True, 6)
    assert ([m["seq"] for m in rest["messages"]], rest["more"], rest["head"]) == ([4, 5, 6], False, 6)
    assert (none["messages"], none["more"], none["head"]) == ([], False, 6)


def test_staff_read_notes_in_their_places_and_go_on_by_pairs(house: House) -> None:
    talk = _of_six(house)
    for n in range(3):
        talk.ann.say(talk.session_id, f"Note {n}", visibility="staff")
    talk.cleo.say(talk.session_id, "Seven", after=6)

    assert _pairs(talk.ann, talk, "staff=true&after=5") == [(6, None), (6, 1), (6, 2), (6, 3), (7, None)]
    assert _pairs(talk.ann, talk, "staff=true&after=6&after_staff=1") == [(6, 2), (6, 3), (7, None)]
    assert _pairs(talk.ann, talk, "staff=true&after=6&after_staff=3") == [(7, None)]
    assert _pairs(talk.ann, talk, "staff=true&before=7&limit=2") == [(6, 2), (6, 3)]
    assert _pairs(talk.ann, talk, "after=5") == [(6, None), (7, None)]


def test_a_page_upwards_does_not_part_a_message_from_its_notes(house: House) -> None:
    """The next page is asked for above a seq: what was cut off from it would never be shown."""
    talk = _of_six(house)
    for n in range(3):
        talk.ann.say(talk.session_id, f"Note {n}", visibility="staff")
    talk.cleo.say(talk.session_id, "Seven", after=6)
    seen: list[tuple[int, int | None]] = []

    while not seen or seen[0] != (1, None):
        before = seen[0][0] if seen else 8
        seen = _pairs(talk.ann, talk, f"staff=true&before={before}&limit=4") + seen

    assert seen == [*((n, None) for n in range(1, 7)), (6, 1), (6, 2), (6, 3), (7, None)]


@pytest.mark.parametrize("who", ["cleo", "ann"])
@pytest.mark.parametrize("query", ["after=1", "before=41"])
def test_pages_of_a_log_go_on_by_their_cursor_whatever_cut_them(house: House, who: str, query: str) -> None:
    """By number or by bytes: a page ends where one post would be full."""
    talk, head = house.talk(), 2
    for n in range(38):
        head = talk.ann.say(talk.session_id, f"{n:02d}" + "字" * 4_900, after=head)["seq"]
        if n % 5 == 0:
            talk.ann.say(talk.session_id, f"Note on {head}", visibility="staff")
    client, path = (talk.cleo, "/v1/widget/sessions") if who == "cleo" else (talk.ann, "/v1/sessions")
    staff = "&staff=true" if who == "ann" else ""

    pages, cursor = [], ""
    while not pages or cursor:
        answer = client.rest("GET", f"{path}/{talk.session_id}/messages?limit=200&{cursor or query}{staff}")
        assert len(answer.text.encode()) < 128 * 1024
        pages.append([(m["seq"], m["staff_seq"]) for m in answer.body["items"]])
        cursor = f"cursor={answer.body['next_cursor']}" if answer.body["next_cursor"] else ""

    found = [place for page in (pages if "after" in query else pages[::-1]) for place in page]
    first = 2 if "after" in query else 1
    assert [seq for seq, staff_seq in found if staff_seq is None] == list(range(first, 41))
    assert len([1 for _, staff_seq in found if staff_seq]) == (8 if who == "ann" else 0)
    assert found == sorted(found, key=lambda place: (place[0], place[1] or 0))
    assert len(pages) > 3


def test_a_cursor_of_no_log_is_refused(house: House) -> None:
    talk = _of_six(house)

    for cursor in ("x", to_cursor({"id": "x"}), to_cursor({"way": "down", "seq": "1", "staff": "0"})):
        path = f"/v1/widget/sessions/{talk.session_id}/messages?cursor={cursor}"
        assert talk.cleo.rest("GET", path).code == "bad_cursor"


def test_a_read_of_a_log_costs_the_same_however_long_it_is(house: House) -> None:
    talk, head = house.talk(), 2
    costs = []
    for length in (60, 400):
        while head < length:
            head = talk.ann.say(talk.session_id, "x" * 20, after=head)["seq"]
        house.meter.reset()
        house.desk.reception.before(talk.cleo.caller, talk.session_id, head, 20)  # type: ignore[arg-type]
        costs.append((dict(house.meter.requests), house.meter.read_units <= 8))

    assert costs[0] == costs[1]


def test_the_segments_of_a_session_are_its_periods(house: House) -> None:
    ann = house.on_duty("ann")
    ann.ask("set_routing_status", status="busy")
    session_id, cleo = house.waiting()
    house.clock.passes(minutes=1)
    ann.ask("take_session", session_id=session_id)
    house.clock.passes(minutes=2)
    cleo.ask("end_session", session_id=session_id)

    waited, served = ann.rest("GET", f"/v1/sessions/{session_id}/segments").body["items"]

    assert (waited["agent"], waited["ended_how"]) == (None, "assigned")
    assert (served["agent"]["name"], served["ended_how"]) == ("Ann", "ended_by_customer")
    assert waited["ended_at"] == served["started_at"]


def test_the_segment_knows_when_its_agent_first_replied(house: House) -> None:
    talk = house.talk()
    house.clock.passes(seconds=20)
    talk.ann.say(talk.session_id, "Hello", after=2)
    house.clock.passes(seconds=20)
    talk.ann.ask("end_session", session_id=talk.session_id)

    served = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}/segments").body["items"][-1]

    assert served["first_reply_at"] == "2026-11-22T12:00:20Z"


def _of_six(house: House) -> Talk:
    talk = house.talk()
    for n in range(4):
        talk.ann.say(talk.session_id, f"Message {n}", after=2 + n)
    return talk


def _pairs(client: Client, talk: Talk, query: str) -> list[tuple[int, int | None]]:
    found = client.rest("GET", f"/v1/sessions/{talk.session_id}/messages?{query}").body["items"]
    return [(m["seq"], m["staff_seq"]) for m in found]
