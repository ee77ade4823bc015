"""An acknowledged message is never lost nor doubled, whatever is killed: over real sockets, against the real server."""

import json
import random
from contextlib import suppress

from websockets.exceptions import ConnectionClosed

from tests.e2e.people import Person, agent, customer
from tests.e2e.server import DEMO_PASSWORD, Server


def start(server: Server) -> tuple[Person, Person, str]:
    """Ann on duty and Cleo in one active session."""
    ann = agent(server.address, "ann@demo.local", DEMO_PASSWORD)
    ann.connect()
    cleo = customer(server.address)
    cleo.connect()
    session = cleo.ask("start_session", category_id="orders", text="Hello?")
    assert session["state"] == "active", session
    for person in (cleo, ann):
        person.catch_up(session["session_id"])
    return ann, cleo, session["session_id"]


def both_show_the_same(ann: Person, cleo: Person, session_id: str) -> list[str]:
    for person in (ann, cleo):
        person.catch_up(session_id)
        assert person.doubled == []
        assert sorted(person.log) == list(range(1, len(person.log) + 1))
    assert [m["message_id"] for _, m in sorted(ann.log.items())] == [
        m["message_id"] for _, m in sorted(cleo.log.items())
    ]
    return [m["text"] for _, m in sorted(ann.log.items())]


def test_a_message_acknowledged_before_the_kill_reaches_the_other_side_after_it(server: Server) -> None:
    ann, cleo, session_id = start(server)
    ann.drop()  # so that it is acknowledged and cannot be delivered
    first = cleo.say(session_id, "Acknowledged, then the lights go out", client_id="kept-1")
    server.kill()
    server.start()

    cleo.drop()
    cleo.connect(session_id)
    again = cleo.say(session_id, "Acknowledged, then the lights go out", client_id="kept-1", after=2)
    ann.connect(session_id)

    assert {k: again[k] for k in ("seq", "message_id", "sent_at")} == {
        k: first[k] for k in ("seq", "message_id", "sent_at")
    }
    texts = both_show_the_same(ann, cleo, session_id)
    assert texts.count("Acknowledged, then the lights go out") == 1


def test_ten_kills_amid_traffic_lose_and_double_nothing(server: Server) -> None:
    ann, cleo, session_id = start(server)
    chance = random.Random(1)
    people = {"ann": ann, "cleo": cleo}
    sent: dict[str, list[str]] = {"ann": [], "cleo": []}
    for round_ in range(10):
        for n in range(6):
            who = chance.choice(["ann", "cleo"])
            person, text = people[who], f"{who} {round_}.{n}"
            client_id, after = f"{who}-{round_}-{n}", person.contiguous
            killed = n == 5
            if killed:
                person.send(
                    "send_message", client_id=client_id, session_id=session_id, text=text, after=after
                )
                server.kill()
                server.start()
                for p in people.values():
                    p.drop()
                    p.connect(session_id)
            answer = person.say(session_id, text, client_id=client_id, after=after)
            assert answer["type"] == "accepted", answer
            sent[who].append(text)

    texts = both_show_the_same(ann, cleo, session_id)
    for who, said in sent.items():
        assert [t for t in texts if t.startswith(who + " ")] == said


def test_what_was_sent_before_a_reload_and_what_another_tab_sends_stand_in_one_order(server: Server) -> None:
    ann, cleo, session_id = start(server)
    tab = Person(cleo.address, cleo.token, "cleo-tab")
    tab.connect(session_id)
    for n in range(5):
        cleo.say(session_id, f"one {n}")
        tab.say(session_id, f"two {n}")
        ann.say(session_id, f"ann {n}")
    tab.catch_up(session_id)
    texts = both_show_the_same(ann, cleo, session_id)
    assert sorted(tab.log) == sorted(cleo.log)
    assert [t for t in texts if t.startswith("two")] == [f"two {n}" for n in range(5)]


def close_code(person: Person) -> int | None:
    """How the server closes the socket, once it has."""
    assert person.socket
    with suppress(ConnectionClosed):
        while True:
            person.socket.recv(timeout=10)
    return person.socket.close_code


def test_bad_frames_are_refused_by_code_and_harm_nobody(server: Server) -> None:
    ann, cleo, session_id = start(server)
    mallory = customer(server.address, "mallory")
    mallory.connect()
    for facts, code in (
        ({"text": "let me in"}, "not_found"),
        ({"text": {"not": "text"}}, "invalid"),
        ({"text": "x", "extra": 1}, "invalid"),
    ):
        assert mallory.ask("send_message", session_id=session_id, **facts)["code"] == code
    assert cleo.ask("send_message", session_id=session_id, text=" ")["code"] == "empty_message"
    assert cleo.ask("send_message", session_id=session_id, text="x" * 5_001)["code"] == "text_too_long"
    assert cleo.say(session_id, "one", client_id="same")["type"] == "accepted"
    assert cleo.say(session_id, "two", client_id="same", after=0)["code"] == "client_id_reused"

    mallory.drop()
    mallory.connect()
    assert mallory.socket
    for frame in ("{", "[]", "7", '{"type":"no_such"}'):
        mallory.socket.send(frame)
        assert json.loads(mallory.socket.recv(timeout=10))["type"] == "refused"
    mallory.socket.send("the fifth")
    assert close_code(mallory) == 1000
    mallory.drop()
    mallory.connect()
    mallory.socket.send("x" * 33_000)
    assert close_code(mallory) == 1009

    assert ann.say(session_id, "still here")["type"] == "accepted"
    assert ann.ask("end_session", session_id=session_id)["state"] == "wrap_up"
    assert cleo.say(session_id, "too late")["code"] == "session_ended"
