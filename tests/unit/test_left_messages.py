"""A left message: left out of the queue or at once, worked on in its own tab and time, answered by e-mail, call or at the next visit."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kit.values import SessionId
from chalicelib.queues.model import Queue
from chalicelib.sessions.model import Session
from chalicelib.sign_in.service import caller_of
from tests import media
from tests.house import NOON, Answer, Client, House

CONTACT = {"email": "cleo@example.com"}


@pytest.fixture
def cleo(house: House) -> Client:
    return house.customer()


@pytest.fixture
def ann(house: House) -> Client:
    return house.on_duty("ann")


def leaves(cleo: Client, text: str = "Where is my order?", **facts: Any) -> Answer:
    return cleo.rest("POST", "/v1/widget/left-messages", {"text": text, "contact": CONTACT, **facts})


def left(cleo: Client, text: str = "Where is my order?", **facts: Any) -> str:
    answer = leaves(cleo, text, **facts)
    assert answer.status == 201, answer
    return str(answer.body["session_id"])


def answers(agent: Client, session_id: str, by: str, text: str = "It comes tomorrow") -> Answer:
    return agent.rest("POST", f"/v1/sessions/{session_id}/answer", {"by": by, "text": text})


def tab(client: Client, query: str = "") -> list[str]:
    answer = client.rest("GET", f"/v1/sessions?tab=left{query}")
    assert answer.status == 200, answer
    return [item["session_id"] for item in answer.body["items"]]


def session(house: House, session_id: str) -> Session:
    return house.desk.session_store.tail(SessionId(session_id)).session


# leaving


def test_a_left_message_is_a_session_of_its_own_with_a_number_and_a_time_to_be_answered(
    house: House, cleo: Client, ann: Client
) -> None:
    body = leaves(cleo, category_id="orders").body

    read = ann.rest("GET", f"/v1/sessions/{body['session_id']}").body
    assert (read["state"], read["number"], read["category_id"]) == ("left_message", body["number"], "orders")
    assert read["due_at"] == "2026-11-22T16:00:00Z"
    assert read["contact"] == {"email": "c•••@example.com", "phone": None}
    assert [text for _, _, text in house.log(body["session_id"])] == [
        "Where is my order?",
        "The customer left a message.",
    ]
    assert house.load("ann") == (0.0, frozenset())


def test_who_is_not_known_says_how_to_be_reached(cleo: Client) -> None:
    answer = leaves(cleo, contact={})

    assert (answer.status, answer.code) == (422, "contact_required")


@pytest.mark.parametrize(
    "contact",
    [
        {"email": "cleo"},
        {"email": "cleo@shop"},
        {"email": "cleo@example.com\nBcc: all@example.com"},
        {"email": "a@b.example, c@d.example"},
        {"email": "<cleo@example.com>"},
        {"phone": "12"},
        {"phone": "call me"},
        {"mail": "cleo@example.com"},
    ],
)
def test_what_nobody_could_be_reached_by_is_no_contact(cleo: Client, contact: dict[str, str]) -> None:
    assert leaves(cleo, contact=contact).code == "invalid"


def test_one_who_waits_leaves_what_they_said_as_a_message(house: House) -> None:
    session_id, cleo = house.waiting("Hello?")
    behind, _ = house.waiting("Me too")
    refused = cleo.ask("leave_queue", session_id=session_id, choice="leave_message")
    assert (refused["type"], refused["code"]) == ("refused", "contact_required")

    answer = cleo.ask("leave_queue", session_id=session_id, choice="leave_message", contact=CONTACT)

    assert (answer["type"], answer["state"]) == ("accepted", "left_message")
    queue_id = session(house, behind).queue_id
    assert [w.session_id for w in house.desk.session_store.waiting(queue_id, 9)] == [behind]
    assert house.clients[1].heard("queue.moved")[-1]["position"] == 1
    again = cleo.rest(
        "POST",
        f"/v1/widget/sessions/{session_id}/leave-queue",
        {"choice": "leave_message", "contact": CONTACT},
    )
    assert (again.status, again.body["version"]) == (200, answer["version"])


def test_who_is_being_served_leaves_no_message(house: House) -> None:
    talk = house.talk()

    answer = talk.cleo.ask("leave_queue", session_id=talk.session_id, choice="leave_message", contact=CONTACT)

    assert answer["code"] == "not_queued"


def test_whoever_left_a_message_can_begin_a_talk_and_end_either(house: House) -> None:
    session_id, cleo = house.waiting()
    cleo.ask("leave_queue", session_id=session_id, choice="leave_message", contact=CONTACT)

    talk = cleo.ask("start_session", text="I am still here")["session_id"]

    assert talk != session_id
    assert cleo.ask("end_session", session_id=session_id)["state"] == "closed"
    assert cleo.rest("GET", "/v1/widget/sessions/current").body["session_id"] == talk


def test_files_are_uploaded_before_there_is_a_session_and_belong_to_it_from_then_on(
    house: House, cleo: Client, ann: Client
) -> None:
    attachment_id = uploaded(cleo)
    mallory = house.customer()
    assert mallory.rest("GET", f"/v1/attachments/{attachment_id}/link").status == 404
    assert leaves(mallory, attachment_ids=[attachment_id]).code == "attachment_not_ready"
    assert ann.rest("GET", f"/v1/attachments/{attachment_id}/link").status == 404

    session_id = left(cleo, attachment_ids=[attachment_id])

    assert [e["kind"] for e in messages(ann, session_id)] == ["text", "file", "system"]
    assert ann.rest("GET", f"/v1/attachments/{attachment_id}/link").status == 200
    assert leaves(cleo, attachment_ids=[attachment_id]).code == "attachment_not_ready"


def test_a_file_without_a_session_may_be_the_first_thing_said_in_one(house: House, cleo: Client) -> None:
    cleo.hello()
    attachment_id = uploaded(cleo)
    session_id = cleo.ask("start_session")["session_id"]

    said = cleo.ask("send_message", session_id=session_id, kind="file", attachment_id=attachment_id)

    assert said["type"] == "accepted"


def test_an_agent_says_in_which_session_a_file_goes(ann: Client) -> None:
    facts = {"name": "bill.pdf", "size": 10, "kind": "file"}
    answer = ann.rest("POST", "/v1/attachments", facts)

    assert (answer.status, answer.body["errors"][0]["path"]) == (422, "session_id")


# the tab


def test_the_tab_has_what_is_nobodys_first_by_due_time_then_what_is_somebodys_then_the_answered(
    house: House, ann: Client
) -> None:
    first, second, third = (_later(house, n) for n in range(3))
    for_bob = _later(house, 3)
    bob = house.on_duty("bob")
    bob.rest("POST", f"/v1/sessions/{for_bob}/take", {})
    ann.rest("POST", f"/v1/sessions/{first}/take", {})
    answers(ann, second, "next_visit")
    sue = house.connected(caller_of(house.agent("sue")))

    assert tab(sue) == [third, first, for_bob, second]
    assert tab(ann) == [third, first, second]
    assert tab(sue, "&state=answered") == [second]
    assert tab(sue, "&state=left_message") == [third, first, for_bob]
    assert tab(sue, "&queue_id=no-such") == []


def test_the_tab_is_paged_and_costs_the_same_however_many_there_are(house: House, ann: Client) -> None:
    ids = [_later(house, n) for n in range(5)]
    token, found, cursor, costs = ann.token, [], "", []
    while True:
        house.meter.reset()
        page = house.rest("GET", f"/v1/sessions?tab=left&limit=2{cursor}", token=token).body
        costs.append(house.meter.requests["Query"])
        found += [item["session_id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert found == ids
    assert costs == [3, 3, 2]


def test_closed_ones_are_found_the_last_first(house: House, ann: Client) -> None:
    ids = [_later(house, n) for n in range(2)]
    for session_id in ids:
        answers(ann, session_id, "next_visit")
        ann.rest("POST", f"/v1/sessions/{session_id}/end", {})
        house.clock.passes(minutes=1)

    assert tab(ann) == []
    assert tab(ann, "&state=closed") == ids[::-1]


def test_an_agent_of_another_queue_sees_none_of_it(house: House, cleo: Client) -> None:
    session_id = left(cleo)
    mallory = house.connected(house.hired("mallory", role_ids=("agent",)))

    assert tab(mallory) == []
    assert answers(mallory, session_id, "next_visit").status == 404
    assert mallory.rest("POST", f"/v1/sessions/{session_id}/take", {}).status == 404


# whose it is


def test_taking_one_takes_a_slot_and_answering_frees_it(house: House, cleo: Client, ann: Client) -> None:
    session_id = left(cleo)

    taken = ann.rest("POST", f"/v1/sessions/{session_id}/take", {}).body

    assert (taken["state"], taken["agent"]["name"]) == ("left_message", "Ann")
    assert house.load("ann") == (1.0, frozenset({session_id}))
    assert ann.rest("POST", f"/v1/sessions/{session_id}/take", {}).status == 200
    assert answers(ann, session_id, "next_visit").body["state"] == "answered"
    assert house.load("ann") == (0.0, frozenset())


def test_of_two_who_take_it_one_has_it(house: House, cleo: Client, ann: Client) -> None:
    session_id = left(cleo)
    bob = house.on_duty("bob")
    token = bob.token
    house.faults.before(
        "TransactWriteItems",
        lambda: house.rest("POST", f"/v1/sessions/{session_id}/take", {}, token=token),
        about=session_id,
    )

    late = ann.rest("POST", f"/v1/sessions/{session_id}/take", {})

    assert house.faults.none_left
    assert (late.status, late.code) == (409, "left_by_colleague")
    assert (house.load("ann")[0], house.load("bob")[0]) == (0.0, 1.0)


def test_with_a_full_desk_nobody_takes_one(house: House, cleo: Client, ann: Client) -> None:
    for _ in range(4):
        house.waiting()
    session_id = left(cleo)

    answer = ann.rest("POST", f"/v1/sessions/{session_id}/take", {})

    assert (answer.status, answer.code) == (409, "desk_full")


def test_left_messages_are_handed_out_up_to_their_share_of_an_agents_slots(house: House, ann: Client) -> None:
    ids = [_later(house, n) for n in range(3)]

    assert house.desk.rounds.drain_queues() == 1
    assert house.desk.rounds.drain_queues() == 0

    assert house.load("ann") == (1.0, frozenset({ids[0]}))
    assert session(house, ids[0]).agent.name == "Ann"  # type: ignore[union-attr]
    answers(ann, ids[0], "next_visit")
    assert house.desk.rounds.drain_queues() == 1
    assert house.load("ann") == (1.0, frozenset({ids[1]}))


def test_customers_who_wait_come_first(house: House, cleo: Client) -> None:
    session_id, _ = house.waiting("I am here")
    left(cleo)
    ann = house.on_duty("ann")
    ann.ask("set_routing_status", status="accepting")

    house.desk.rounds.drain_queues()

    assert session(house, session_id).agent.name == "Ann"  # type: ignore[union-attr]


@pytest.mark.parametrize("status", ["busy", "break", "offline"])
def test_nobody_who_is_not_accepting_is_handed_one(
    house: House, cleo: Client, ann: Client, status: str
) -> None:
    left(cleo)
    ann.ask("set_routing_status", status=status)

    assert house.desk.rounds.drain_queues() == 0


def test_a_desk_that_fills_meanwhile_gets_none(house: House, ann: Client) -> None:
    """The share was counted on the desk as it was read."""
    first, second = _later(house, 0), _later(house, 1)
    house.faults.before(
        "TransactWriteItems",
        lambda: house.desk.answering_left.take(house.agent("ann"), SessionId(second)),
        about=first,
    )

    house.desk.rounds.drain_queues()

    assert house.faults.none_left
    assert house.load("ann") == (1.0, frozenset({second}))


def test_time_ends_no_left_message(house: House, cleo: Client, ann: Client) -> None:
    session_id = left(cleo)
    ann.rest("POST", f"/v1/sessions/{session_id}/take", {})
    house.clock.passes(days=3)

    house.desk.rounds.expire_idle_sessions()

    assert session(house, session_id).state == "left_message"
    assert house.load("ann")[0] == 1.0


# answering


def test_an_answer_by_email_goes_out_to_the_address_that_was_left(
    house: House, cleo: Client, ann: Client
) -> None:
    session_id = left(cleo)

    answered = answers(ann, session_id, "email", "Er kommt morgen. 明天到。").body

    assert (answered["state"], answered["agent"]["name"]) == ("answered", "Ann")
    (letter,) = house.mail.read
    assert letter["To"] == "cleo@example.com"
    assert letter["From"] == "Demo shop <desk@shop.example>"
    assert answered["number"] in letter["Subject"]
    assert letter.get_content().startswith("Er kommt morgen. 明天到。")
    assert timeline(ann, session_id)[-1] == "answered_by_email"
    assert "cleo@example.com" not in str(ann.rest("GET", f"/v1/sessions/{session_id}").body)


def test_an_answer_for_the_next_visit_stands_in_the_thread_and_is_heard_at_once(
    house: House, cleo: Client, ann: Client
) -> None:
    cleo.hello()
    session_id = left(cleo)
    house.desk.session_store.arrived(SessionId(session_id), cleo.caller.connection, house.machine.now)  # type: ignore[arg-type]

    answers(ann, session_id, "next_visit", "It comes tomorrow")

    assert cleo.texts == ["It comes tomorrow"]
    assert cleo.heard("session.changed")[-1]["state"] == "answered"
    past = cleo.rest("GET", "/v1/widget/history").body["items"][0]
    assert [m["text"] for m in past["messages"]][-1] == "It comes tomorrow"
    assert house.mail.letters == {}


def test_of_a_call_staff_reads_what_was_spoken_about_and_the_customer_does_not(
    house: House, cleo: Client, ann: Client
) -> None:
    cleo.hello()
    session_id = left(cleo, contact={"phone": "+49 30 123456"})
    assert answers(ann, session_id, "email").code == "no_email_left"

    assert answers(ann, session_id, "call", "Told her it comes tomorrow").body["state"] == "answered"

    assert (2, 1, "Told her it comes tomorrow") in house.log(session_id)
    assert "Told her" not in str(cleo.rest("GET", "/v1/widget/history").body)
    assert ann.rest("GET", f"/v1/sessions/{session_id}").body["contact"]["phone"] == "•••56"


def test_without_a_number_nobody_was_called(cleo: Client, ann: Client) -> None:
    assert answers(ann, left(cleo), "call").code == "no_phone_left"


@pytest.mark.parametrize("by", ["email", "next_visit"])
def test_an_answer_says_something(house: House, cleo: Client, ann: Client, by: str) -> None:
    session_id = left(cleo)

    answer = answers(ann, session_id, by, "  ")

    assert (answer.status, answer.body["errors"][0]["path"]) == (422, "text")
    assert session(house, session_id).state == "left_message"


def test_answering_again_after_a_lost_answer_says_and_sends_nothing_twice(
    house: House, cleo: Client, ann: Client
) -> None:
    session_id = left(cleo)
    answers(ann, session_id, "email")
    log = house.log(session_id)

    again = answers(ann, session_id, "email")

    assert (again.status, again.body["state"]) == (200, "answered")
    assert house.log(session_id) == log
    assert house.mail.sent == ["cleo@example.com"]


def test_what_is_answered_is_answered_once(house: House, cleo: Client, ann: Client) -> None:
    session_id = left(cleo)
    answers(ann, session_id, "next_visit")
    talk = house.talk()

    assert answers(ann, session_id, "call").code in ("not_left", "no_phone_left")
    assert answers(talk.ann, talk.session_id, "next_visit").code == "not_left"


def test_a_letter_that_does_not_go_out_at_once_goes_out_by_the_minute(
    house: House, cleo: Client, ann: Client
) -> None:
    session_id = left(cleo)
    house.mail.away = True
    assert answers(ann, session_id, "email").body["state"] == "answered"
    house.desk.rounds.expire_idle_sessions()
    house.mail.away = False

    house.clock.passes(minutes=1)
    house.desk.rounds.expire_idle_sessions()
    house.clock.passes(days=1)
    house.desk.rounds.expire_idle_sessions()

    assert house.mail.sent == ["cleo@example.com"]


@pytest.mark.parametrize("when", ["at once", "later"])
def test_a_letter_that_is_refused_makes_it_work_again(
    house: House, cleo: Client, ann: Client, when: str
) -> None:
    session_id = left(cleo)
    house.mail.refuses = {"cleo@example.com"}
    house.mail.away = when == "later"
    answers(ann, session_id, "email")
    house.mail.away = False
    house.clock.passes(minutes=1)
    house.desk.rounds.expire_idle_sessions()

    assert session(house, session_id).waits_for_answer
    assert timeline(ann, session_id)[-1] == "mail_refused"
    assert answers(ann, session_id, "next_visit").body["state"] == "answered"


def test_a_letter_is_given_up_in_the_end(house: House, cleo: Client, ann: Client) -> None:
    session_id = left(cleo)
    house.mail.away = True
    answers(ann, session_id, "email")
    for _ in range(30):
        house.clock.passes(hours=1)
        house.desk.rounds.expire_idle_sessions()

    assert timeline(ann, session_id)[-1] == "mail_refused"
    assert "~mail" not in kept(house)


def test_without_an_address_to_send_from_nothing_is_half_done(
    house: House, cleo: Client, ann: Client
) -> None:
    session_id = left(cleo)
    vars(house.desk.post)["_mailer"] = None
    log = house.log(session_id)

    answer = answers(ann, session_id, "email")

    assert (answer.status, answer.code) == (503, "mail_not_set_up")
    assert house.log(session_id) == log


@pytest.mark.parametrize("how", ["end", "disposition", "time"])
def test_an_answered_one_closes_when_it_is_filed_ended_or_its_time_has_passed(
    house: House, cleo: Client, ann: Client, how: str
) -> None:
    session_id = left(cleo)
    answers(ann, session_id, "next_visit")

    if how == "time":
        house.clock.passes(hours=48)
        house.desk.rounds.expire_idle_sessions()
    else:
        body = {"option_id": "product"} if how == "disposition" else {}
        assert ann.rest("POST", f"/v1/sessions/{session_id}/{how}", body).status == 200

    assert session(house, session_id).state == "closed"
    house.clock.passes(minutes=3)
    house.desk.rounds.expire_idle_sessions()
    assert ann.rest("GET", "/v1/sessions?q=order").body["items"][0]["session_id"] == session_id


def test_who_writes_again_soon_after_the_answer_goes_on_in_the_same_session(
    house: House, cleo: Client, ann: Client
) -> None:
    cleo.hello()
    session_id = left(cleo)
    answers(ann, session_id, "next_visit")
    house.clock.passes(minutes=5)
    ann.ask("ping")

    again = cleo.ask("start_session", text="It did not come")

    assert (again["session_id"], again["state"]) == (session_id, "active")
    assert session(house, session_id).agent.name == "Ann"  # type: ignore[union-attr]
    assert tab(ann) == []


def test_what_is_added_to_a_left_message_reaches_whoever_takes_care_of_it(
    house: House, cleo: Client, ann: Client
) -> None:
    cleo.hello()
    session_id = left(cleo)
    ann.rest("POST", f"/v1/sessions/{session_id}/take", {})

    assert cleo.say(session_id, "It is order 4711")["type"] == "accepted"

    assert ann.texts == ["It is order 4711"]
    assert session(house, session_id).due_at == NOON + timedelta(hours=4)


@pytest.mark.parametrize("operation", ["TransactWriteItems", "UpdateItem", "DeleteItem"])
@pytest.mark.parametrize("fault", ["answer_lost", "never_arrives", "sent_twice"])
def test_whatever_is_lost_on_the_way_the_letter_goes_out_and_the_answer_stands_once(
    house: House, cleo: Client, ann: Client, operation: str, fault: str
) -> None:
    session_id = left(cleo)
    token = ann.token
    getattr(house.faults, fault)(operation)
    body = {"by": "email", "text": "It comes tomorrow"}
    house.rest("POST", f"/v1/sessions/{session_id}/answer", body, token=token)

    house.rest("POST", f"/v1/sessions/{session_id}/answer", body, token=token)
    house.clock.passes(minutes=5)
    house.desk.rounds.expire_idle_sessions()

    assert [t for _, _, t in house.log(session_id)].count("It comes tomorrow") == 1
    assert session(house, session_id).state == "answered"
    assert len(house.mail.letters) == 1


def test_a_supervisor_gives_it_to_somebody_and_an_agent_gives_it_back(
    house: House, cleo: Client, ann: Client
) -> None:
    session_id = left(cleo)
    sue = house.connected(caller_of(house.agent("sue")))

    given = sue.rest("POST", f"/v1/sessions/{session_id}/assign", {"agent_id": ann.caller.id})
    assert (given.status, given.body["state"], given.body["agent"]["name"]) == (200, "left_message", "Ann")
    assert house.load("ann") == (1.0, frozenset({session_id}))
    back = ann.rest("POST", f"/v1/sessions/{session_id}/requeue", {})

    assert (back.status, back.body["state"], back.body["agent"]) == (200, "left_message", None)
    assert house.load("ann") == (0.0, frozenset())
    assert tab(ann) == [session_id]


def test_it_is_due_in_business_hours(house: House, cleo: Client) -> None:
    """Sunday noon: it opens on Monday at nine, in Berlin."""
    week = {day: [{"starts": "09:00", "ends": "17:00"}] for day in ("mon", "tue", "wed", "thu", "fri")}
    olga = house.connected(house.hired("olga", role_ids=("admin",)))
    made = olga.rest("POST", "/v1/business-hours", {"name": "x", "time_zone": "Europe/Berlin", "week": week})
    assert made.status == 201, made
    queue = house.desk.queues.get(Queue(id="support", name="x").id)  # type: ignore[arg-type]
    facts = {"version": queue.version + 1, "business_hours_id": made.body["id"]}
    house.desk.queues.replace(queue.model_copy(update=facts))

    session_id = left(cleo)

    assert session(house, session_id).due_at == NOON + timedelta(days=1)
    assert session(house, session_id).close_reason == "out_of_hours"


def test_the_number_that_was_left_is_called(house: House, cleo: Client) -> None:
    session_id = left(cleo, contact={"phone": "+49 30 123456"})
    olga = house.connected(house.hired("olga", role_ids=("admin",)))

    call = olga.rest("POST", f"/v1/sessions/{session_id}/calls", {"provider": "tel"})

    assert (call.status, call.body["link"]) == (201, "tel:+4930123456")
    assert session(house, session_id).state == "left_message"


def test_who_is_blocked_leaves_nothing(house: House, cleo: Client) -> None:
    olga = house.connected(house.hired("olga", role_ids=("admin",)))
    assert olga.rest("POST", f"/v1/customers/{cleo.caller.id}/block", {}).status == 201

    answer = leaves(cleo)

    assert (answer.status, answer.code) == (403, "customer_blocked")


def _later(house: House, minutes: int) -> str:
    house.clock.passes(minutes=minutes)
    return left(house.customer(), f"Question {minutes}")


def uploaded(client: Client) -> str:
    facts = {"name": "bill.pdf", "size": len(media.PDF), "kind": "file"}
    opened = client.rest("POST", "/v1/attachments", facts).body
    client.house.files.uploaded(opened["upload"], media.PDF)
    attachment_id = str(opened["attachment_id"])
    assert client.rest("POST", f"/v1/attachments/{attachment_id}/complete", {}).status == 200
    return attachment_id


def messages(client: Client, session_id: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.rest("GET", f"/v1/sessions/{session_id}/messages").body["items"]
    return items


def timeline(client: Client, session_id: str) -> list[str]:
    return [
        m["system"]["code"] for m in client.rest("GET", f"/v1/sessions/{session_id}/timeline").body["items"]
    ]


def kept(house: House) -> str:
    tables = house.engine._make_api_call("ListTables", {})["TableNames"]
    return str([house.engine._make_api_call("Scan", {"TableName": table}) for table in tables])


@pytest.mark.parametrize("by", ["next_visit", "call"])
def test_what_is_no_left_message_is_refused_before_a_word_is_said(house: House, by: str) -> None:
    talk = house.talk()
    log = house.log(talk.session_id)

    refused = answers(talk.ann, talk.session_id, by)

    assert (refused.status, refused.code) in ((409, "not_left"), (409, "no_phone_left"))
    assert house.log(talk.session_id) == log
    assert talk.cleo.texts == []


def test_a_left_message_that_was_spam_takes_nobody_out_of_the_figures(house: House, cleo: Client) -> None:
    """It never was in the queue."""
    session_id = left(cleo)
    sue = house.on_duty("sue")

    assert sue.rest("POST", f"/v1/sessions/{session_id}/spam", {}).status == 200

    (queue,) = sue.rest("GET", "/v1/live").body["queues"]
    assert queue["today"]["queued"] == 0
