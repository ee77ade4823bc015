"""A customer who writes again within the window goes on in the same session; mere thanks are recorded and wake nobody."""

import pytest

from chalicelib.agents.store import PROFILE, AgentItem
from chalicelib.kit.values import CategoryId, SessionId
from chalicelib.sessions.model import Session
from chalicelib.sessions.thanks import is_mere_thanks
from tests.house import House, Talk


@pytest.fixture
def talk(house: House) -> Talk:
    talk = house.talk()
    talk.ann.say(talk.session_id, "It comes tomorrow", after=2)
    return talk


def session(house: House, session_id: str) -> Session:
    return house.desk.session_store.tail(SessionId(session_id)).session


def closed(talk: Talk) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)
    talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")


def test_a_word_within_the_window_goes_on_in_the_same_session_with_the_same_agent(
    house: House, talk: Talk
) -> None:
    closed(talk)
    bob = house.on_duty("bob")
    house.clock.passes(minutes=29, seconds=59)

    again = talk.cleo.ask("start_session", text="It did not come")

    assert (again["session_id"], again["seq"]) == (talk.session_id, 5)
    now = session(house, talk.session_id)
    assert (now.state, now.agent.name if now.agent else None) == ("active", "Ann")
    assert (now.ended_at, now.closed_at, now.close_reason) == (None, None, None)
    assert house.load("ann") == (1.0, frozenset({talk.session_id}))
    assert talk.ann.heard("session.changed")[-1]["state"] == "active"
    assert not bob.told[1:]
    why = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}/offers").body["items"][-1]["explanation"]
    assert why["strategy"] == "returning"


def test_going_on_stands_on_the_timeline_for_staff_alone(house: House, talk: Talk) -> None:
    closed(talk)
    talk.cleo.ask("start_session", text="It did not come")

    timeline = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}/timeline").body["items"]

    lines = [(m["system"]["code"], m["seq"], m["staff_seq"]) for m in timeline]
    assert ("reopened", 5, 1) in lines
    assert [m["system"]["code"] for m in talk.ann.heard("message.sent") if m["system"]].count("reopened") <= 1
    assert "reopened" not in str(talk.cleo.told)


def test_on_the_same_desk_its_agent_hears_the_line_at_once(talk: Talk) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)

    talk.cleo.ask("start_session", text="One more thing")

    lines = [m["system"]["code"] for m in talk.ann.heard("message.sent") if m["kind"] == "system"]
    assert lines[-1] == "reopened"


def test_after_the_window_it_is_a_new_session(house: House, talk: Talk) -> None:
    closed(talk)
    house.clock.passes(minutes=30)

    assert talk.cleo.ask("start_session", text="It did not come")["session_id"] != talk.session_id


def test_during_wrap_up_it_goes_on_on_the_same_desk_at_once(house: House, talk: Talk) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)

    talk.cleo.ask("start_session", text="One more thing")

    now = session(house, talk.session_id)
    assert (now.state, now.wrap_up_until) == ("active", None)
    assert house.load("ann") == (1.0, frozenset({talk.session_id}))
    assert talk.ann.heard("session.changed")[-1]["state"] == "active"
    assert [s.ended_how for s in now.segments] == ["assigned", "ended_by_agent", None]


def test_with_the_agent_gone_it_stands_at_the_front_of_the_queue(house: House, talk: Talk) -> None:
    closed(talk)
    talk.ann.ask("set_routing_status", status="busy")
    house.clock.passes(minutes=5)
    other, _ = house.waiting()

    talk.cleo.ask("start_session", text="It did not come")

    waiting = [w.session_id for w in house.desk.session_store.waiting(session(house, other).queue_id, 20)]
    assert waiting == [talk.session_id, other]
    assert talk.cleo.heard("queue.moved")[-1]["position"] == 1
    house.on_duty("bob")
    assert session(house, talk.session_id).agent.name == "Bob"  # type: ignore[union-attr]


def test_waiting_again_has_the_whole_patience_again(house: House, talk: Talk) -> None:
    """It keeps the place of its first waiting, not the time that passed since."""
    closed(talk)
    talk.ann.ask("set_routing_status", status="busy")
    house.clock.passes(minutes=20)
    talk.cleo.ask("start_session", text="It did not come")

    house.clock.passes(minutes=14)
    house.desk.rounds.expire_idle_sessions()

    assert session(house, talk.session_id).state == "queued"


def test_another_topic_is_another_session(house: House, talk: Talk) -> None:
    closed(talk)

    again = talk.cleo.ask("start_session", text="About something else", category_id=CategoryId("refunds"))

    assert again["session_id"] != talk.session_id


def test_one_who_left_the_queue_starts_anew(house: House) -> None:
    session_id, cleo = house.waiting()
    cleo.ask("leave_queue", session_id=session_id)

    assert cleo.ask("start_session", text="Here again")["session_id"] != session_id


def test_what_was_filed_stays_and_there_is_no_second_wrap_up(house: House, talk: Talk) -> None:
    closed(talk)
    talk.cleo.ask("start_session", text="It did not come")
    started = len(talk.ann.heard("wrap_up.started"))

    assert talk.ann.ask("end_session", session_id=talk.session_id)["state"] == "closed"

    assert session(house, talk.session_id).disposition.option_id == "product"  # type: ignore[union-attr]
    assert len(talk.ann.heard("wrap_up.started")) == started
    assert house.load("ann") == (0.0, frozenset())


def test_a_resend_of_the_word_that_reopened_changes_nothing(house: House, talk: Talk) -> None:
    closed(talk)
    first = talk.cleo.ask("start_session", client_id="S2", text="It did not come")
    log = house.log(talk.session_id)

    again = talk.cleo.ask("start_session", client_id="S2", text="It did not come")

    assert (again["session_id"], again["seq"]) == (first["session_id"], first["seq"])
    assert house.log(talk.session_id) == log


@pytest.mark.parametrize("fault", ["answer_lost", "sent_twice", "never_arrives"])
def test_a_reopening_whose_storing_went_wrong_is_done_once(house: House, talk: Talk, fault: str) -> None:
    closed(talk)
    getattr(house.faults, fault)("TransactWriteItems")
    talk.cleo.attempt("start_session", client_id="S2", text="It did not come")

    again = talk.cleo.ask("start_session", client_id="S2", text="It did not come")
    house.desk.rounds.drain_queues()

    assert house.faults.none_left
    assert again["session_id"] == talk.session_id
    assert [t for _, _, t in house.log(talk.session_id)].count("It did not come") == 1
    assert session(house, talk.session_id).state == "active"


def test_of_two_tabs_one_reopens_and_the_other_speaks_there(house: House, talk: Talk) -> None:
    closed(talk)
    tab = house.again(talk.cleo)
    tab.hello()
    house.faults.before("TransactWriteItems", lambda: tab.ask("start_session", text="From the tab"))

    talk.cleo.ask("start_session", text="From the page")

    assert house.faults.none_left
    assert [t for _, _, t in house.log(talk.session_id)][-4:] == [
        "From the tab",
        "The customer wrote again.",
        "Ann joined the conversation.",
        "From the page",
    ]


def test_all_tabs_hear_what_is_said_after_the_reopening(house: House, talk: Talk) -> None:
    closed(talk)
    tab = house.again(talk.cleo)
    tab.hello()
    talk.cleo.ask("start_session", text="It did not come")

    head = house.desk.session_store.tail(SessionId(talk.session_id)).head
    talk.ann.say(talk.session_id, "Let me see", after=head)

    assert tab.texts[-1] == talk.cleo.texts[-1] == "Let me see"


def test_a_full_desk_leaves_it_to_another(house: House, talk: Talk) -> None:
    closed(talk)
    AgentItem(talk.ann.caller.id, PROFILE).update(actions=[AgentItem.capacity.set(0)])
    house.on_duty("bob")

    talk.cleo.ask("start_session", text="It did not come")

    assert session(house, talk.session_id).agent.name == "Bob"  # type: ignore[union-attr]


# thanks


@pytest.mark.parametrize("road", ["start_session", "send_message"])
@pytest.mark.parametrize("text", ["Thanks!", "谢谢！", "👍🎉", "OK, thank you very much."])
def test_mere_thanks_are_recorded_and_wake_nobody(house: House, talk: Talk, road: str, text: str) -> None:
    closed(talk)
    facts = {} if road == "start_session" else {"session_id": talk.session_id, "after": 4}

    said = talk.cleo.ask(road, text=text, **facts)

    assert (said["session_id"], said["seq"]) == (talk.session_id, 5)
    assert session(house, talk.session_id).state == "closed"
    assert house.log(talk.session_id)[-1][2] == text
    assert house.load("ann") == (0.0, frozenset())


def test_thanks_long_after_the_end_are_not_recorded_there(house: House, talk: Talk) -> None:
    closed(talk)
    house.clock.passes(minutes=30)

    assert talk.cleo.say(talk.session_id, "Thanks!", after=4)["code"] == "session_ended"


@pytest.mark.parametrize("text", ["Thank you", "It did not come"])
def test_words_whose_answer_was_lost_stand_once_though_the_window_has_passed_meanwhile(
    house: House, talk: Talk, text: str
) -> None:
    closed(talk)
    client_id = house.next_id()
    first = talk.cleo.ask("start_session", text=text, client_id=client_id)
    if text != "Thank you":
        talk.ann.ask("end_session", session_id=talk.session_id)
    house.clock.passes(hours=2)

    again = talk.cleo.ask("start_session", text=text, client_id=client_id)

    assert (again["session_id"], again["seq"]) == (first["session_id"], first["seq"]) == (talk.session_id, 5)
    assert len(house.desk.reception.history(talk.cleo.caller, 10, None).items) == 1


def test_an_agent_cannot_go_on_after_the_end_even_with_thanks(talk: Talk) -> None:
    closed(talk)

    assert talk.ann.say(talk.session_id, "Thanks!", after=4)["code"] == "session_ended"


@pytest.mark.parametrize(
    ("text", "thanks"),
    [
        ("thanks", True),
        ("  THANK YOU!!! 🙏 ", True),
        ("ok", True),
        ("好的，谢谢", True),
        ("谢谢～", True),
        ("🙏", True),
        ("...", True),
        ("thanks?", False),
        ("好的吗？", False),
        ("thanks but it is still broken", False),
        ("谢谢，还有一个问题", False),
        ("no", False),
        ("1", False),
        ("help", False),
        ("ΟΚ", False),
    ],
)
def test_what_asks_for_nothing(text: str, thanks: bool) -> None:  # noqa: FBT001  # one column of a table
    assert is_mere_thanks(text) is thanks
