"""What one customer alone can't do to the others: stop a queue, hide a desk, fill an item, or make everybody pay."""

import pytest
from botocore.exceptions import ClientError

from chalicelib.connections.model import MOST_SOCKETS
from chalicelib.kit.values import SessionId
from chalicelib.reception.starting import MOST_SEGMENTS
from tests.house import Client, House, Talk


@pytest.fixture
def cleo(house: House) -> Client:
    cleo = house.customer()
    cleo.hello()
    return cleo


def _error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "x"}}, "PutItem")


def test_the_name_of_an_answer_has_a_limit(cleo: Client) -> None:
    body = {"client_id": "C1", "text": "Hi", "answers": {"k" * 61: "x"}}

    assert cleo.rest("POST", "/v1/widget/sessions", body).code == "invalid"


def test_one_session_that_cannot_be_assigned_keeps_nobody_behind_it_waiting(house: House) -> None:
    ann = house.on_duty("ann")
    ann.ask("set_routing_status", status="busy")
    stuck, _ = house.waiting()
    behind, _ = house.waiting()

    def fails() -> None:
        raise ClientError(
            {"Error": {"Code": "ValidationException", "Message": "too large"}}, "TransactWriteItems"
        )

    house.faults.before("TransactWriteItems", fails, about=stuck)

    assert ann.ask("set_routing_status", status="accepting")["type"] == "accepted"

    assert house.faults.none_left
    assert house.desk.session_store.tail(SessionId(behind)).session.state == "active"


def test_a_doorbell_that_fails_fails_nothing_that_was_stored(house: House, cleo: Client) -> None:
    house.on_duty("ann")
    house.faults.never_arrives("BatchGetItem")

    answer = cleo.ask("start_session", text="Hi")

    assert house.faults.none_left
    assert (answer["type"], answer["seq"]) == ("accepted", 1)
    house.desk.rounds.drain_queues()
    assert house.load("ann")[0] == 1.0


def test_there_is_no_endless_record(house: House, cleo: Client) -> None:
    ann = house.on_duty("ann")
    first = cleo.ask("start_session", text="Hi")["session_id"]
    ids = {first}
    for _ in range(MOST_SEGMENTS):
        cleo.ask("end_session", session_id=cleo.rest("GET", "/v1/widget/sessions/current").body["session_id"])
        ids.add(cleo.ask("start_session", text="Again, what now?")["session_id"])

    assert len(ids) > 1
    assert len(house.desk.session_store.tail(SessionId(first)).session.segments) <= MOST_SEGMENTS + 1
    assert ann.heard("session.changed")


def test_a_customer_has_so_many_sockets_and_the_oldest_makes_room(house: House) -> None:
    talk = house.talk()
    tabs = []
    for _ in range(MOST_SOCKETS + 3):
        house.machine.passes(seconds=1)
        tabs.append(house.again(talk.cleo))
        tabs[-1].hello()

    talk.ann.say(talk.session_id, "Hello", after=2)

    assert talk.cleo.connection_id in house.sockets.closed
    assert tabs[-1].texts == ["Hello"]
    assert len([t for t in tabs if t.connection_id not in house.sockets.closed]) == MOST_SOCKETS


def test_asking_for_one_session_fifty_times_reads_it_once(house: House) -> None:
    talk, head = house.talk(), 2
    for n in range(30):
        head = talk.ann.say(talk.session_id, f"{n}" + "字" * 4_900, after=head)["seq"]
    house.meter.reset()

    welcome = house.again(talk.cleo).hello(catch_up=[{"session_id": talk.session_id, "after": 0}] * 50)

    assert len(welcome["caught_up"]) == 1
    assert house.meter.requests["Query"] < 10


def test_what_has_no_room_in_a_welcome_hides_nothing_that_has(house: House) -> None:
    ann = house.on_duty("ann")
    large = []
    for size in (5_000, 10):
        session_id, cleo = house.waiting()
        large.append(session_id)
        for n in range(1, 2 if size == 10 else 3):
            cleo.say(session_id, f"{n}" + "\u0001" * (size - 5), after=1 + n)

    assert {s["session_id"] for s in house.again(ann).hello()["sessions"]} == set(large)


# a write that meets a transaction


@pytest.mark.parametrize("operation", ["PutItem", "UpdateItem"])
def test_a_write_that_meets_a_transaction_is_tried_again(house: House, operation: str) -> None:
    talk = house.talk()

    def meets() -> None:
        raise _error("TransactionConflictException")

    house.faults.before(operation, meets)

    assert talk.ann.say(talk.session_id, "Hello", after=2)["type"] == "accepted"
    assert talk.ann.ask("ping")["type"] == "pong"
    assert house.faults.none_left
    assert [text for _, _, text in house.log(talk.session_id)][2:] == ["Hello"]


def test_a_start_that_meets_another_transaction_is_tried_again(house: House, cleo: Client) -> None:
    def meets() -> None:
        reasons = [{"Code": "TransactionConflict", "Message": "x"}] + [{"Code": "None"}] * 4
        raise ClientError(
            {  # type: ignore[typeddict-unknown-key]
                "Error": {"Code": "TransactionCanceledException", "Message": "x"},
                "CancellationReasons": reasons,
            },
            "TransactWriteItems",
        )

    house.faults.before("TransactWriteItems", meets)

    answer = cleo.ask("start_session", text="Hi")

    assert house.faults.none_left
    assert (answer["type"], answer.get("seq")) == ("accepted", 1)


# silence is ours


def _silent(house: House, talk: Talk, minutes: int) -> str:
    for _ in range(minutes):
        house.clock.passes(minutes=1)
        house.desk.rounds.expire_idle_sessions()
    return house.desk.session_store.tail(SessionId(talk.session_id)).session.state


def test_after_a_hold_the_customer_waits_for_us(house: House) -> None:
    talk = house.talk()
    talk.ann.say(talk.session_id, "One moment", after=2)
    talk.ann.ask("hold_session", session_id=talk.session_id, until="2026-11-22T12:10:00Z")
    _silent(house, talk, 10)

    assert _silent(house, talk, 4) == "active"
    assert not talk.cleo.heard("idle.warned")


def test_who_was_passed_on_waits_for_the_next_agent(house: House) -> None:
    talk = house.talk()
    talk.ann.say(talk.session_id, "I pass you on", after=2)
    talk.ann.ask("requeue_session", session_id=talk.session_id)
    house.on_duty("bob")

    assert _silent(house, talk, 12) == "queued"  # Bob's silence passes it on once more, and is nobody's end
    assert not talk.cleo.heard("idle.warned")


def test_a_first_reply_is_the_owners_own_and_of_this_period(house: House) -> None:
    talk = house.talk()
    talk.ann.say(talk.session_id, "I pass you on", after=2)
    house.clock.passes(minutes=1)
    talk.ann.ask("requeue_session", session_id=talk.session_id)
    house.on_duty("bob")
    house.clock.passes(minutes=1)
    talk.cleo.say(talk.session_id, "Hello?", after=1)

    segments = talk.ann.house.desk.session_store.tail(SessionId(talk.session_id)).session.periods

    assert [s.first_reply_at is not None for s in segments] == [False, True, False, False]


# what was done and whose answer was lost


@pytest.mark.parametrize("command", ["hold_session", "requeue_session"])
def test_done_once_more_by_the_same_hand_is_no_error(house: House, command: str) -> None:
    talk = house.talk()
    first = talk.ann.ask(command, session_id=talk.session_id)
    log = house.log(talk.session_id)

    again = talk.ann.ask(command, session_id=talk.session_id)

    assert (first["type"], again["type"], again["state"]) == ("accepted", "accepted", first["state"])
    assert house.log(talk.session_id) == log


# places


def test_reading_messages_keeps_the_place_of_one_without_a_socket(house: House) -> None:
    session_id, cleo = house.waiting()
    token = cleo.token
    cleo.leaves()
    for _ in range(8):
        house.machine.passes(seconds=30)
        house.clock.passes(seconds=30)
        house.rest("GET", f"/v1/widget/sessions/{session_id}/messages", token=token)
        house.desk.rounds.expire_idle_sessions()

    assert house.desk.session_store.tail(SessionId(session_id)).session.state == "queued"


def test_many_that_are_due_are_all_looked_at_though_some_cannot_be(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.rounds.expiry.AT_ONCE", 3)
    left = []
    for _ in range(14):
        session_id, cleo = house.waiting()
        cleo.leaves()
        left.append(session_id)
    house.clock.passes(minutes=2)
    house.faults.never_arrives("Query", about=left[0])

    house.desk.rounds.expire_idle_sessions()

    states = [house.desk.session_store.tail(SessionId(s)).session.state for s in left]
    assert house.faults.none_left
    assert states.count("closed") >= 13
