"""Who is here: by leases that heartbeats renew, and never by a socket's last word alone."""

import pytest

from tests.house import Client, House, Talk


@pytest.fixture
def ann(house: House) -> Client:
    return house.on_duty("ann")


def test_the_terms_of_a_socket_are_told_in_its_welcome(house: House) -> None:
    customer, agent = house.customer().hello(), house.on_duty("ann").heard("welcome")[0]

    assert (customer["lease_s"], customer["ping_every_s"]) == (600, 240)
    assert (agent["lease_s"], agent["ping_every_s"]) == (75, 25)
    assert customer["protocol"] == 1
    assert customer["renew_after_s"] >= 80 * 60
    assert agent["connection_id"].startswith("conn-")
    assert agent["routing_status"] == "accepting"


def test_heartbeats_keep_an_agent_here(house: House, ann: Client) -> None:
    for _ in range(10):
        house.machine.passes(seconds=25)
        ann.ask("ping")

    assert _connected(house)


def test_three_missed_heartbeats_and_an_agent_is_gone(house: House, ann: Client) -> None:
    house.machine.passes(seconds=74)
    assert _connected(house)

    house.machine.passes(seconds=1)

    assert not _connected(house)


def test_the_businesss_clock_moves_no_lease(house: House, ann: Client) -> None:
    house.clock.passes(days=1)

    assert _connected(house)


def test_the_last_socket_that_goes_shortens_the_lease_to_what_a_reload_takes(
    house: House, ann: Client
) -> None:
    ann.leaves()
    house.machine.passes(seconds=14)
    assert _connected(house)

    house.machine.passes(seconds=1)

    assert not _connected(house)


def test_a_socket_that_goes_while_another_is_open_changes_nothing(house: House, ann: Client) -> None:
    tab = house.again(ann)
    tab.hello()

    ann.leaves()
    house.machine.passes(seconds=60)

    assert _connected(house)


def test_a_reload_keeps_an_agent_here(house: House, ann: Client) -> None:
    ann.leaves()
    house.machine.passes(seconds=5)
    house.again(ann).hello()
    house.machine.passes(seconds=60)

    assert _connected(house)


def test_a_disconnect_told_twice_or_late_does_not_send_an_agent_away(house: House, ann: Client) -> None:
    tab = house.again(ann)
    ann.leaves()
    tab.hello()
    ann.leaves()
    ann.leaves()
    house.machine.passes(seconds=60)

    assert _connected(house)


def test_a_disconnect_never_lengthens_a_lease(house: House, ann: Client) -> None:
    house.machine.passes(seconds=70)

    ann.leaves()
    house.machine.passes(seconds=5)

    assert not _connected(house)


def test_a_socket_that_never_said_hello_may_go(house: House) -> None:
    house.customer().leaves()
    house.again(house.on_duty("ann")).leaves()


def test_a_socket_whose_lease_ran_out_hears_nothing_until_it_pings(house: House) -> None:
    talk = house.talk()
    house.machine.passes(minutes=10)
    talk.ann.ask("ping")
    talk.ann.say(talk.session_id, "Anybody there?", after=2)
    assert talk.cleo.texts == []

    talk.cleo.ask("ping")
    talk.ann.say(talk.session_id, "And now?", after=3)

    assert talk.cleo.texts == ["And now?"]


def test_all_tabs_of_a_customer_hear_a_message_and_the_one_that_sent_it_its_answer_alone(
    house: House,
) -> None:
    talk = house.talk()
    tab = house.again(talk.cleo)
    tab.hello()

    talk.cleo.say(talk.session_id, "From the first", after=2, client_id="C1")
    talk.ann.say(talk.session_id, "For both", after=3)

    assert talk.cleo.texts == ["For both"]
    assert tab.texts == ["From the first", "For both"]
    assert tab.heard("message.sent")[0]["client_id"] == "C1"
    assert talk.ann.heard("message.sent")[-1]["client_id"] is None


def test_a_tab_opened_before_the_talk_began_hears_it(house: House) -> None:
    cleo = house.customer()
    cleo.hello()
    tab = house.again(cleo)
    tab.hello()
    house.on_duty("ann")

    session_id = cleo.ask("start_session", text="Hi")["session_id"]

    assert [f["text"] for f in tab.heard("message.sent")] == ["Hi", "Ann joined the conversation."]
    assert tab.heard("session.changed")[-1]["session_id"] == session_id


def test_a_tab_that_began_its_talk_without_a_hello_hears_it_all_the_same(house: House) -> None:
    house.on_duty("ann")
    cleo = house.customer()

    cleo.ask("start_session", text="Hi")

    assert [f["text"] for f in cleo.heard("message.sent")] == ["Ann joined the conversation."]


def test_a_customer_whose_presence_was_not_stored_is_found_again_by_what_they_say(house: House) -> None:
    """The function died between opening the session and noting the socket: the next words repair it."""
    ann = house.on_duty("ann")
    cleo = house.customer()
    cleo.hello()
    house.faults.never_arrives("PutItem", about="~c")
    cleo.attempt("start_session", client_id="S1", text="Hi")
    session_id = cleo.ask("start_session", client_id="S1", text="Hi")["session_id"]
    house.desk.rounds.drain_queues()
    cleo.say(session_id, "Hello?", after=2)

    ann.say(session_id, "Here I am", after=3)

    assert cleo.texts == ["Here I am"]


def test_a_customer_who_reloads_while_waiting_keeps_their_place_and_is_told_it(house: House) -> None:
    ann = house.on_duty("ann")
    ann.ask("set_routing_status", status="busy")
    house.waiting()
    session_id, cleo = house.waiting()
    cleo.leaves()

    tab = house.again(cleo)
    tab.hello()

    assert [(f["session_id"], f["position"]) for f in tab.heard("queue.moved")] == [(session_id, 2)]


def test_a_socket_that_is_gone_is_forgotten(house: House) -> None:
    talk = house.talk()
    talk.ann.cut()
    talk.cleo.say(talk.session_id, "Hello?", after=2)
    house.sockets.tried.clear()

    talk.cleo.say(talk.session_id, "Hello??", after=3)

    assert talk.ann.connection_id not in house.sockets.tried


def test_a_watcher_that_is_gone_is_forgotten(house: House) -> None:
    bob = house.on_duty("bob")
    bob.ask("set_routing_status", status="busy")
    bob.ask("watch", what="list")
    bob.cut()
    house.waiting()
    house.sockets.tried.clear()

    house.waiting()

    assert bob.connection_id not in house.sockets.tried


def test_watching_outlives_its_first_lease_while_the_socket_pings(house: House) -> None:
    """A list that falls silent after a minute looks like a quiet day."""
    bob = house.on_duty("bob")
    bob.ask("set_routing_status", status="busy")
    bob.ask("watch", what="list")
    for _ in range(8):
        house.machine.passes(seconds=25)
        bob.ask("ping")

    house.waiting()

    assert bob.heard("list.changed")


def test_watching_ends_when_asked(house: House) -> None:
    bob = house.on_duty("bob")
    bob.ask("set_routing_status", status="busy")
    bob.ask("watch", what="list")
    bob.ask("unwatch", what="list")

    house.waiting()

    assert not bob.heard("list.changed")


def test_a_ping_after_being_forgotten_opens_the_socket_again(house: House) -> None:
    talk = house.talk()
    house.desk.connections.close(talk.ann.caller.connection)  # type: ignore[arg-type]

    talk.ann.ask("ping")
    talk.cleo.say(talk.session_id, "Hello?", after=2)

    assert talk.ann.texts == ["Hello?"]


def test_a_hidden_screen_pays_for_no_digests(house: House, ann: Client) -> None:
    house.waiting()
    ann.ask("set_routing_status", status="busy")
    seen, hidden = ann.ask("ping", visible=True), ann.ask("ping", visible=False)

    assert set(seen["lists"]) == {"offered", "mine", "on_hold", "wrap_up", "left", "queue"}
    assert hidden["lists"] == {}
    assert hidden["heads"] == seen["heads"] != {}


def test_a_digest_changes_when_its_list_does_and_only_then(house: House, ann: Client) -> None:
    talk: Talk = house.talk()
    first = talk.ann.ask("ping")["lists"]
    talk.cleo.say(talk.session_id, "More", after=2)
    assert talk.ann.ask("ping")["lists"] == first

    talk.ann.ask("end_session", session_id=talk.session_id)

    after = talk.ann.ask("ping")["lists"]
    assert after["mine"] != first["mine"]
    assert after["wrap_up"] != first["wrap_up"]
    assert after["queue"] == first["queue"]


def _connected(house: House) -> bool:
    return house.agent("ann").connected(house.machine.now)
