"""One conversation through the house: the story everything else is a detail of."""

from tests.house import House


def test_a_message_queues_is_assigned_and_reaches_the_one_agent_who_is_free(house: House) -> None:
    ann = house.on_duty("ann")
    cleo = house.customer()
    cleo.hello()

    started = cleo.ask("start_session", category_id="orders", text="Where is my order?")

    assert started["state"] == "active"
    session_id = started["session_id"]
    assert [f["seq"] for f in ann.heard("message.sent")] == [2]
    assert ann.heard("session.changed")[-1]["agent"]["name"] == "Ann"
    assert house.log(session_id) == [
        (1, None, "Where is my order?"),
        (2, None, "Ann joined the conversation."),
    ]
    assert house.load("ann") == (1.0, frozenset({session_id}))


def test_both_write_see_typing_and_read_and_the_agent_files_after_the_end(house: House) -> None:
    ann, cleo = house.on_duty("ann"), house.customer()
    cleo.hello()
    session_id = cleo.ask("start_session", category_id="orders", text="Hi")["session_id"]

    assert ann.say(session_id, "Hello Cleo", after=2)["seq"] == 3
    assert cleo.texts == ["Hello Cleo"]
    cleo.send({"type": "typing", "session_id": session_id, "on": True})
    assert ann.heard("typing")[-1]["by"]["role"] == "customer"
    cleo.ask("mark", session_id=session_id, delivered=3, read=3)
    assert ann.heard("mark.moved")[-1]["mark"] == {"delivered": 3, "read": 3}

    ended = cleo.ask("end_session", session_id=session_id)
    assert ended["state"] == "wrap_up"
    assert ann.heard("wrap_up.started")
    filed = ann.ask("file_disposition", session_id=session_id, option_id="orders.where", resolved="yes")
    assert filed["state"] == "closed"
    assert house.load("ann") == (0.0, frozenset())
    read = house.desk.workbench.get(ann.caller, session_id)
    assert read.disposition is not None
    assert read.disposition.path == [{"en": "Order", "zh-CN": "订单"}]
    assert read.close_reason == "customer_ended"
