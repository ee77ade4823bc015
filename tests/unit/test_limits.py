"""What may be done only so often: refused in words, with the time to wait, and at no cost to what a message costs."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.gateway.addresses import EDGE_HEADER
from chalicelib.kit.limits import USUAL, Limits
from tests.house import NOON, House


@pytest.fixture
def house() -> Iterator[House]:
    with House.open(limits="customers=3/300,sign_in_address=4/300") as house:
        yield house


def passes(house: House, **time: float) -> None:
    house.clock.passes(**time)
    house.machine.passes(**time)


def test_the_twenty_first_message_in_ten_seconds_waits_and_half_a_second_later_one_more_is_heard(
    house: House,
) -> None:
    talk = house.talk()
    head = 2
    for n in range(19):  # the first one opened the session
        head = talk.cleo.say(talk.session_id, f"{n}", after=head)["seq"]

    refused = talk.cleo.say(talk.session_id, "too much", after=head)

    assert (refused["code"], refused["retry_after_s"]) == ("rate_limited", 1)
    assert talk.ann.say(talk.session_id, "I am here", after=head)["type"] == "accepted"
    passes(house, seconds=0.5)
    assert talk.cleo.say(talk.session_id, "one more", after=head)["seq"] == head + 2
    assert talk.cleo.say(talk.session_id, "and no other", after=head)["code"] == "rate_limited"


def test_a_resend_is_never_too_much(house: House) -> None:
    talk = house.talk()
    head, client_id = 2, ""
    for n in range(19):
        client_id = house.next_id()
        head = talk.cleo.say(talk.session_id, f"{n}", after=head, client_id=client_id)["seq"]

    again = talk.cleo.say(talk.session_id, "18", after=head - 1, client_id=client_id)

    assert (again["type"], again["seq"]) == ("accepted", head)


def test_a_customer_who_is_too_quick_is_told_so_over_rest_too(house: House) -> None:
    talk = house.talk()
    path = f"/v1/widget/sessions/{talk.session_id}/messages"
    answers = [
        talk.cleo.rest("POST", path, {"client_id": house.next_id(), "kind": "text", "text": "x", "after": 2})
        for _ in range(20)
    ]

    assert [a.status for a in answers] == [201] * 19 + [429]
    assert (answers[-1].code, answers[-1].headers["Retry-After"]) == ("rate_limited", "1")


def test_what_is_judged_costs_a_message_nothing(house: House) -> None:
    """Its count stands in the newest entry, which is read anyway."""
    talk = house.talk()
    head = talk.cleo.say(talk.session_id, "turn", after=2)["seq"]
    house.meter.reset()

    talk.cleo.say(talk.session_id, "Hello", after=head)

    assert (house.meter.write_units, house.meter.read_units) == (1.0, 1.5)


def test_the_sixth_session_within_an_hour_waits_for_the_next_hour(house: House) -> None:
    cleo = house.customer()
    cleo.hello()
    for n in range(5):
        session_id = cleo.ask("start_session", text=f"{n}")["session_id"]
        assert cleo.ask("leave_queue", session_id=session_id)["type"] == "accepted"

    refused = cleo.ask("start_session", text="again")

    assert refused["code"] == "rate_limited"
    assert 0 < refused["retry_after_s"] <= 3600
    passes(house, seconds=refused["retry_after_s"])
    assert cleo.ask("start_session", text="again")["type"] == "accepted"


def test_a_socket_that_never_stops_is_refused_and_others_are_not(house: House) -> None:
    cleo, other = house.customer(), house.customer()
    cleo.hello()
    other.hello()
    answers = [cleo.ask("ping", visible=True)["type"] for _ in range(200)]

    assert answers.count("pong") == 199
    assert cleo.codes == ["rate_limited"]
    assert other.ask("ping", visible=True)["type"] == "pong"
    passes(house, seconds=10)
    assert cleo.ask("ping", visible=True)["type"] == "pong"


def test_passwords_are_tried_ten_times_for_one_address_whatever_its_letters() -> None:
    with House.open(limits="") as house:
        tries = [
            house.rest("POST", "/v1/sign-in", {"email": email, "password": "guess"})
            for email in ["ann@demo.local", "ANN@demo.local "] * 5
        ]
        refused = house.rest("POST", "/v1/sign-in", {"email": "ann@demo.local", "password": "deskbell-demo"})
        other = house.rest("POST", "/v1/sign-in", {"email": "bob@demo.local", "password": "deskbell-demo"})

        assert {a.code for a in tries} == {"wrong_credentials"}
        assert (refused.status, refused.code) == (429, "rate_limited")
        assert other.status == 200


def test_one_network_address_tries_passwords_so_often_and_another_still_may(house: House) -> None:
    body = {"email": "nobody@demo.local", "password": "guess"}
    by_edge = {EDGE_HEADER: "stack-guid", "x-forwarded-for": "203.0.113.7"}
    for n in range(4):
        body["email"] = f"nobody{n}@demo.local"
        assert house.rest("POST", "/v1/sign-in", body, headers=by_edge).status == 401

    assert house.rest("POST", "/v1/sign-in", body, headers=by_edge).status == 429
    elsewhere = {**by_edge, "x-forwarded-for": "203.0.113.8"}
    assert house.rest("POST", "/v1/sign-in", body, headers=elsewhere).status == 401


def test_who_makes_up_where_they_come_from_is_counted_all_the_same(house: House) -> None:
    for n, edge in enumerate(["", "a guess", "stack-guid\u00e9"]):
        made_up = {EDGE_HEADER: edge, "x-forwarded-for": f"203.0.113.{n}"}
        assert (
            house.rest("POST", "/v1/widget/customers", {"source_key": "demo"}, headers=made_up).status == 201
        )

    again = house.rest(
        "POST", "/v1/widget/customers", {"source_key": "demo"}, headers={"x-forwarded-for": "203.0.113.99"}
    )
    assert (again.status, again.code) == (429, "rate_limited")


def test_off_lifts_them_all_and_what_is_no_limit_is_refused_in_words() -> None:
    assert all(Limits("off")[name].most is None for name in USUAL)
    changed = Limits("messages=3/60, files=1/5")
    assert (changed["messages"].most, changed["messages"].within) == (3, timedelta(minutes=1))
    assert changed["files"].most == 1
    assert changed["sessions"] == USUAL["sessions"]
    for wrong in ("on", "messages", "messages=0/5", "messages=5/0", "letters=1/1", "messages=5"):
        with pytest.raises(ValueError, match="is no limit"):
            Limits(wrong)


def test_what_was_due_long_ago_is_forgiven() -> None:
    limit = USUAL["messages"]
    due = None
    for _ in range(20):
        due = limit.paced(due, NOON)

    later = limit.paced(due, NOON + timedelta(days=1))

    assert later == limit.paced(None, NOON + timedelta(days=1))


def test_pages_looked_at_are_told_only_so_often() -> None:
    with House.open(limits="pages=2/300") as house:
        cleo = house.customer()
        page = {"url": "https://shop.example/", "title": "Shop", "dwell_s": 1}
        answers = [cleo.rest("POST", "/v1/widget/pages", page) for _ in range(3)]

    assert [a.status for a in answers] == [204, 204, 429]
