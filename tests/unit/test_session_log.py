"""The log of a session: gapless, once, in one order, and nothing said after the end; whoever races, and whatever is lost."""

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from chalicelib.kit.values import ClientId, MessageId, SessionId
from chalicelib.sessions.entries import Entry, Party
from tests.house import Client, House, Talk


@pytest.fixture
def talk(house: House) -> Talk:
    return house.talk()


def test_entries_are_counted_from_one_without_holes_in_the_order_they_were_said(
    house: House, talk: Talk
) -> None:
    talk.ann.say(talk.session_id, "Hello", after=2)
    talk.cleo.say(talk.session_id, "My parcel", after=3)
    talk.cleo.say(talk.session_id, "is late", after=4)

    assert house.log(talk.session_id) == [
        (1, None, "Hi"),
        (2, None, "Ann joined the conversation."),
        (3, None, "Hello"),
        (4, None, "My parcel"),
        (5, None, "is late"),
    ]


# resends


@pytest.mark.parametrize("after", [2, 0, None, 99, 999_999_999_999])
def test_a_resend_gets_the_first_answer_wherever_it_says_it_stood(
    house: House, talk: Talk, after: int | None
) -> None:
    first = talk.cleo.say(talk.session_id, "My parcel", client_id="C1", after=2)
    talk.ann.say(talk.session_id, "Yes?", after=3)
    talk.ann.say(talk.session_id, "Which one?", after=4)

    again = talk.cleo.say(talk.session_id, "My parcel", client_id="C1", after=after)

    assert again == first
    assert [text for _, _, text in house.log(talk.session_id)].count("My parcel") == 1


def test_a_resend_after_the_end_still_gets_the_first_answer(talk: Talk) -> None:
    first = talk.cleo.say(talk.session_id, "My parcel", client_id="C1", after=2)
    talk.ann.ask("end_session", session_id=talk.session_id)

    assert talk.cleo.say(talk.session_id, "My parcel", client_id="C1", after=2) == first


def test_a_resend_over_rest_of_what_was_sent_by_socket_gets_the_same_place(talk: Talk) -> None:
    first = talk.cleo.say(talk.session_id, "My parcel", client_id="C1", after=2)

    again = talk.cleo.rest(
        "POST", f"/v1/widget/sessions/{talk.session_id}/messages", {"client_id": "C1", "text": "My parcel"}
    )

    assert again.status == 201
    assert (again.body["seq"], again.body["message_id"]) == (first["seq"], first["message_id"])


def test_the_same_text_in_another_unicode_form_is_the_same_message(talk: Talk) -> None:
    first = talk.cleo.say(talk.session_id, "Cafe\u0301", client_id="C1", after=2)

    assert talk.cleo.say(talk.session_id, "Café", client_id="C1", after=2) == first


@pytest.mark.parametrize("other", [{"text": "Something else"}, {"text": "Hello", "reply_to": 1}])
def test_another_body_under_the_same_client_id_is_refused(
    house: House, talk: Talk, other: dict[str, object]
) -> None:
    talk.cleo.say(talk.session_id, "Hello", client_id="C1", after=2)

    refused = talk.cleo.ask("send_message", session_id=talk.session_id, client_id="C1", after=2, **other)

    assert refused["code"] == "client_id_reused"
    assert len(house.log(talk.session_id)) == 3


def test_a_note_and_a_message_of_one_client_id_are_two_bodies(talk: Talk) -> None:
    talk.ann.say(talk.session_id, "Hm", client_id="C1", after=2)

    assert talk.ann.say(talk.session_id, "Hm", client_id="C1", after=2, visibility="staff")["code"] == (
        "client_id_reused"
    )


def test_client_ids_are_their_senders_own(house: House, talk: Talk) -> None:
    talk.cleo.say(talk.session_id, "From Cleo", client_id="C1", after=2)

    assert talk.ann.say(talk.session_id, "From Ann", client_id="C1", after=3)["seq"] == 4


# races


def test_a_message_that_finds_its_place_taken_goes_behind_and_each_is_told_once(
    house: House, talk: Talk
) -> None:
    house.faults.before("PutItem", lambda: talk.ann.say(talk.session_id, "Ann's", after=2))

    assert talk.cleo.say(talk.session_id, "Cleo's", after=2)["seq"] == 4

    assert house.faults.none_left
    assert [text for _, _, text in house.log(talk.session_id)][2:] == ["Ann's", "Cleo's"]
    assert talk.cleo.texts == ["Ann's"]
    assert talk.ann.texts == ["Cleo's"]


def test_an_end_that_comes_first_leaves_nothing_to_say(house: House, talk: Talk) -> None:
    house.faults.before("PutItem", lambda: talk.ann.ask("end_session", session_id=talk.session_id))

    assert talk.cleo.say(talk.session_id, "Wait", after=2)["code"] == "session_ended"

    assert house.faults.none_left
    assert house.log(talk.session_id)[-1] == (3, None, "Ann ended the conversation.")


def test_a_message_that_comes_first_stands_before_the_end(house: House, talk: Talk) -> None:
    house.faults.before("TransactWriteItems", lambda: talk.cleo.say(talk.session_id, "Wait", after=2))

    assert talk.ann.ask("end_session", session_id=talk.session_id)["state"] == "wrap_up"

    assert house.faults.none_left
    assert [text for _, _, text in house.log(talk.session_id)][2:] == ["Wait", "Ann ended the conversation."]


def test_both_ending_at_once_end_it_once(house: House, talk: Talk) -> None:
    house.faults.before(
        "TransactWriteItems", lambda: talk.cleo.ask("end_session", session_id=talk.session_id)
    )

    assert talk.ann.ask("end_session", session_id=talk.session_id)["state"] == "wrap_up"

    assert [text for _, _, text in house.log(talk.session_id)][2:] == ["The customer ended the conversation."]


def test_six_people_at_once_with_resends_end_gapless_and_each_in_order(house: House, talk: Talk) -> None:
    clients = [house.again(talk.cleo) for _ in range(3)] + [house.again(talk.ann) for _ in range(3)]
    for client in clients:
        client.hello()
    start = Barrier(len(clients))

    def writes(number: int, client: Client) -> dict[str, int]:
        chance, known, places = random.Random(number), 2, {}
        start.wait()
        for n in range(25):
            text = f"{number}.{n:02d}"
            for _ in range(1 + (chance.random() < 0.3)):
                answer = {"type": "refused", "code": "busy"}
                while answer.get("code") == "busy":
                    answer = client.say(talk.session_id, text, client_id=f"W{number}N{n}", after=known)
                assert places.setdefault(text, answer["seq"]) == answer["seq"]
            known = answer["seq"]
        return places

    with ThreadPoolExecutor(len(clients)) as pool:
        answered = list(pool.map(writes, range(len(clients)), clients))

    log = house.log(talk.session_id)
    assert [seq for seq, _, _ in log] == list(range(1, 6 * 25 + 3))
    stored = {text: seq for seq, _, text in log[2:]}
    assert stored == {text: seq for places in answered for text, seq in places.items()}
    for number in range(6):
        own = [text for _, _, text in log[2:] if text and text.startswith(f"{number}.")]
        assert own == sorted(own)


# what is lost on the way


def test_a_message_whose_answer_was_lost_is_found_by_the_resend(house: House, talk: Talk) -> None:
    house.faults.answer_lost("PutItem")
    talk.cleo.attempt("send_message", session_id=talk.session_id, text="Hello", client_id="C1", after=2)

    assert talk.cleo.say(talk.session_id, "Hello", client_id="C1", after=2)["seq"] == 3

    assert [text for _, _, text in house.log(talk.session_id)][2:] == ["Hello"]


def test_a_message_that_the_client_of_the_cloud_sent_twice_is_stored_once(house: House, talk: Talk) -> None:
    house.faults.sent_twice("PutItem")

    assert talk.cleo.say(talk.session_id, "Hello", after=2)["seq"] == 3

    assert house.faults.none_left
    assert [text for _, _, text in house.log(talk.session_id)][2:] == ["Hello"]


def test_a_message_that_never_arrived_is_stored_by_the_resend(house: House, talk: Talk) -> None:
    house.faults.never_arrives("PutItem")
    talk.cleo.attempt("send_message", session_id=talk.session_id, text="Hello", client_id="C1", after=2)
    assert len(house.log(talk.session_id)) == 2

    assert talk.cleo.say(talk.session_id, "Hello", client_id="C1", after=2)["seq"] == 3


def test_whose_turn_it_is_is_made_good_by_the_resend(house: House, talk: Talk) -> None:
    house.faults.never_arrives("UpdateItem", about="waits_for")
    talk.ann.attempt("send_message", session_id=talk.session_id, text="Hello", client_id="C1", after=2)
    assert house.faults.none_left

    talk.ann.say(talk.session_id, "Hello", client_id="C1", after=2)

    read = house.desk.workbench.get(talk.ann.caller, talk.session_id)
    assert read.waits_for == "customer"
    assert read.first_reply_at == house.clock.now


def test_whose_turn_it_is_follows_the_log_even_where_its_own_write_comes_late(
    house: House, talk: Talk
) -> None:
    """Ann's message stands; before her turn is noted Cleo writes again, so it is ours once more."""
    house.faults.before(
        "UpdateItem", lambda: talk.cleo.say(talk.session_id, "And?", after=3), about="waits_for"
    )

    talk.ann.say(talk.session_id, "One moment", after=2)

    read = house.desk.workbench.get(talk.ann.caller, talk.session_id)
    assert read.last_message
    assert read.last_message.text == "And?"
    assert read.waits_for == "us"
    assert read.first_reply_at == house.clock.now


@pytest.mark.parametrize("fault", ["answer_lost", "sent_twice", "never_arrives"])
def test_a_first_message_whose_storing_went_wrong_is_in_one_session_once(house: House, fault: str) -> None:
    cleo = house.customer()
    cleo.hello()
    getattr(house.faults, fault)("TransactWriteItems")
    cleo.attempt("start_session", client_id="S1", text="Hi")

    session_id = cleo.ask("start_session", client_id="S1", text="Hi")["session_id"]

    assert house.log(session_id) == [(1, None, "Hi")]
    assert len(house.desk.reception.history(cleo.caller, 10, None).items) == 1


@pytest.mark.parametrize("fault", ["answer_lost", "sent_twice", "never_arrives"])
def test_an_end_whose_storing_went_wrong_is_done_once(house: House, talk: Talk, fault: str) -> None:
    getattr(house.faults, fault)("TransactWriteItems")
    talk.ann.attempt("end_session", session_id=talk.session_id)

    assert talk.ann.ask("end_session", session_id=talk.session_id)["state"] == "wrap_up"

    assert [text for _, _, text in house.log(talk.session_id)][2:] == ["Ann ended the conversation."]


@pytest.mark.parametrize("fault", ["answer_lost", "sent_twice", "never_arrives"])
def test_a_filing_whose_storing_went_wrong_is_done_once(house: House, talk: Talk, fault: str) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)
    getattr(house.faults, fault)("TransactWriteItems")
    talk.ann.attempt("file_disposition", session_id=talk.session_id, client_id="F1", option_id="product")

    again = talk.ann.ask("file_disposition", session_id=talk.session_id, client_id="F1", option_id="product")

    assert again["state"] == "closed"
    texts = [text for _, _, text in house.log(talk.session_id)]
    assert texts.count("Filed as Product question.") == 1
    assert house.load("ann") == (0.0, frozenset())


@pytest.mark.parametrize("fault", ["answer_lost", "sent_twice", "never_arrives"])
def test_a_claim_whose_storing_went_wrong_is_done_once(house: House, fault: str) -> None:
    ann = house.on_duty("ann")
    ann.ask("set_routing_status", status="busy")
    session_id, _ = house.waiting()
    getattr(house.faults, fault)("TransactWriteItems", about=session_id)
    ann.attempt("set_routing_status", status="accepting")

    house.desk.rounds.drain_queues()

    assert house.faults.none_left
    assert [text for _, _, text in house.log(session_id)] == ["Hi", "Ann joined the conversation."]
    assert house.load("ann") == (1.0, frozenset({session_id}))


def test_a_peer_that_cannot_be_told_for_now_does_not_spoil_the_answer(house: House, talk: Talk) -> None:
    talk.ann.clog()

    assert talk.cleo.say(talk.session_id, "Hello", after=2)["type"] == "accepted"


def test_one_who_cannot_be_told_keeps_nothing_from_the_others(house: House, talk: Talk) -> None:
    tab = house.again(talk.ann)
    tab.hello()
    talk.ann.clog()

    talk.cleo.attempt("send_message", session_id=talk.session_id, text="Hello", after=2)

    assert tab.texts == ["Hello"]


def test_after_a_reconnect_all_that_was_missed_is_caught_up(house: House, talk: Talk) -> None:
    talk.cleo.cut()
    for n in range(3):
        talk.ann.say(talk.session_id, f"Message {n}", after=2 + n)

    tab = house.again(talk.cleo)
    welcome = tab.hello(catch_up=[{"session_id": talk.session_id, "after": 2}])

    assert [m["text"] for m in welcome["caught_up"][0]["messages"]] == ["Message 0", "Message 1", "Message 2"]
    assert welcome["caught_up"][0]["head"] == 5
    assert tab.ask("ping")["heads"] == {talk.session_id: [5, 0]}


# notes


def test_notes_stand_behind_the_message_they_follow_and_leave_no_hole(house: House, talk: Talk) -> None:
    first = talk.ann.say(talk.session_id, "A regular", after=2, visibility="staff")
    second = talk.ann.say(talk.session_id, "Be kind", after=2, visibility="staff")
    talk.cleo.say(talk.session_id, "Hello?", after=2)
    third = talk.ann.say(talk.session_id, "On it", after=3, visibility="staff")

    assert [(a["seq"], a["staff_seq"]) for a in (first, second, third)] == [(2, 1), (2, 2), (3, 1)]
    assert [seq for seq, staff_seq, _ in house.log(talk.session_id) if staff_seq is None] == [1, 2, 3]


def test_a_note_sent_again_gets_the_first_answer(talk: Talk) -> None:
    first = talk.ann.say(talk.session_id, "A regular", client_id="N1", after=2, visibility="staff")
    talk.cleo.say(talk.session_id, "Hello?", after=2)

    again = talk.ann.say(talk.session_id, "A regular", client_id="N1", after=2, visibility="staff")

    assert again == first


def test_a_note_may_be_added_after_the_end(house: House, talk: Talk) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)

    assert talk.ann.say(talk.session_id, "Called back", visibility="staff")["staff_seq"] == 1


def test_a_note_that_races_a_message_stands_behind_it_so_that_nobody_can_miss_it(
    house: House, talk: Talk
) -> None:
    """Staff catch up by pairs: a note put before a message that was seen already would never be asked for."""
    for operation in ("PutItem", "TransactWriteItems"):
        house.faults.before(
            operation, lambda: talk.cleo.say(talk.session_id, "Hello?", after=2), about="A regular"
        )

    note = talk.ann.say(talk.session_id, "A regular", after=2, visibility="staff")

    assert (note["seq"], note["staff_seq"]) == (3, 1)


def test_a_filing_that_races_a_message_stands_behind_it(house: House, talk: Talk) -> None:
    house.faults.before("TransactWriteItems", lambda: talk.cleo.say(talk.session_id, "Hello?", after=2))

    talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")

    assert [(seq, staff_seq) for seq, staff_seq, _ in house.log(talk.session_id)][-2:] == [(3, None), (3, 1)]


def test_notes_reach_a_customer_by_no_road(house: House, talk: Talk) -> None:
    session_id, secret = talk.session_id, "SECRET"
    tab = house.again(talk.cleo)
    tab.hello()
    for n in range(6):
        talk.ann.say(session_id, f"{secret} {n}", visibility="staff")
    talk.ann.ask("file_disposition", session_id=session_id, option_id="orders.damaged", note=secret)

    late = house.again(talk.cleo)
    late.hello(catch_up=[{"session_id": session_id, "after": 0}])
    for client in (talk.cleo, late):
        client.ask("catch_up", session_id=session_id, after=0)
        client.ask("ping")
    asked = "/v1/widget/sessions"
    answers = [
        late.rest("GET", f"{asked}/current").text,
        late.rest("GET", f"{asked}/{session_id}/messages").text,
        late.rest("GET", f"{asked}/{session_id}/messages?after=2").text,
        late.rest("GET", f"{asked}/{session_id}/messages?before=9").text,
        late.rest("GET", "/v1/widget/history").text,
    ]
    talk.ann.ask("end_session", session_id=session_id)

    for client in (talk.cleo, tab, late):
        assert secret not in str(client.told)
        assert "staff" not in {f.get("visibility") for f in client.told}
        assert "Filed" not in str(client.told)
        assert all(not f.get("staff_seq") for f in client.told)
    assert all(secret not in text and '"staff_seq":1' not in text for text in answers)
    assert late.heard("pong")[-1]["heads"] == {session_id: [2, 0]}


def test_many_notes_do_not_hide_the_last_message(talk: Talk) -> None:
    for n in range(8):
        talk.ann.say(talk.session_id, f"Note {n}", visibility="staff")

    seen = talk.cleo.rest("GET", "/v1/widget/sessions/current").body

    assert seen["last_message"]["text"] == "Ann joined the conversation."


# costs


@pytest.mark.parametrize("said_before", [10, 2_000])
@pytest.mark.parametrize("who", ["cleo", "ann"])
def test_a_message_in_the_middle_of_a_talk_costs_one_write_and_one_and_a_half_reads(
    house: House, talk: Talk, who: str, said_before: int
) -> None:
    head = _fill(house, talk, said_before)
    sender: Client = getattr(talk, who)
    head = sender.say(talk.session_id, "Opens the turn", after=head)["seq"]
    house.meter.reset()

    assert sender.say(talk.session_id, "Goes on", after=head)["type"] == "accepted"

    assert dict(house.meter.requests) == {"Query": 2, "PutItem": 1}
    assert (house.meter.write_units, house.meter.read_units) == (1.0, 1.5)
    peer = talk.ann if who == "cleo" else talk.cleo
    assert peer.texts[-1] == "Goes on"


def test_the_first_message_of_a_turn_costs_one_update_more(house: House, talk: Talk) -> None:
    talk.ann.say(talk.session_id, "Hello", after=2)
    house.meter.reset()

    talk.cleo.say(talk.session_id, "Hello", after=3)

    assert dict(house.meter.requests) == {"Query": 2, "PutItem": 1, "UpdateItem": 1}
    assert (house.meter.write_units, house.meter.read_units) == (2.0, 1.5)


def test_typing_is_never_stored(house: House, talk: Talk) -> None:
    house.meter.reset()

    talk.cleo.send({"type": "typing", "session_id": talk.session_id, "on": True})

    assert house.meter.write_units == 0
    assert talk.ann.heard("typing")[-1]["on"] is True


def test_a_dead_socket_is_tried_once(house: House, talk: Talk) -> None:
    talk.cleo.cut()
    house.sockets.tried.clear()

    for n in range(3):
        talk.ann.say(talk.session_id, f"Are you there? {n}", after=2 + n)

    assert house.sockets.tried.count(talk.cleo.connection_id) == 1


def _fill(house: House, talk: Talk, count: int) -> int:
    """Says so many things past the doors, quickly. Gives the head."""
    for n in range(count):
        by = Party("agent", talk.ann.caller.id, "Ann") if n % 2 else Party("customer", talk.cleo.caller.id)
        house.desk.session_store.append(
            Entry(
                session_id=SessionId(talk.session_id),
                seq=3 + n,
                message_id=MessageId(f"M{n}"),
                kind="text",
                by=by,
                sent_at=house.clock.now,
                client_id=ClientId(f"F{n}"),
                text="x" * 40,
            )
        )
    return 2 + count
