"""Thousands of hostile frames, from a customer and from an agent, against the running server: nobody else notices."""

import json
import os
from collections import Counter
from itertools import cycle, islice

import pytest
from websockets.exceptions import ConnectionClosed

from tests.e2e.fuzz import frames
from tests.e2e.people import ANSWERS, Person, agent, customer
from tests.e2e.server import DEMO_PASSWORD, Server
from tests.e2e.test_acknowledged_messages import both_show_the_same, start

FRAMES = int(os.environ.get("DESKBELL_FRAMES", "20000"))
SEED = int(os.environ.get("DESKBELL_SEED", "1"))
AT_ONCE = 50
"""Sent before any answer is read."""


def test_hostile_frames_are_answered_and_harm_nobody(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    ann, cleo, session_id = start(server)
    assert ann.ask("set_routing_status", status="busy")["type"] == "accepted"
    bob = agent(server.address, "bob@demo.local", DEMO_PASSWORD)
    bob.connect()
    mallory = customer(server.address, "mallory")
    mallory.connect()
    own = mallory.ask("start_session", category_id="orders", text="Hello")["session_id"]
    hostile = frames(SEED, [session_id, own])
    senders = cycle([mallory, bob])

    answers: Counter[str] = Counter()
    said = 0
    for sent in range(0, FRAMES, AT_ONCE):
        answers += volley(next(senders), list(islice(hostile, AT_ONCE)))
        if sent % 1_000 == 0:
            said += 1
            for person in (cleo, ann):
                assert person.say(session_id, f"{person.name} {said}")["type"] == "accepted"

    assert server.process
    assert server.process.poll() is None
    texts = both_show_the_same(ann, cleo, session_id)
    assert [t for t in texts if t.startswith("cleo ")] == [f"cleo {n + 1}" for n in range(said)]
    assert answers["internal_error"] == 0, f"of seed {SEED}"
    assert {"malformed_frame", "invalid", "forbidden", "not_found"} <= set(answers), answers
    with capsys.disabled():  # the size of the proof
        print(f"\n{FRAMES:,} hostile frames of seed {SEED}: {dict(answers.most_common())}")  # noqa: T201


def volley(hostile: Person, volley: list[str]) -> Counter[str]:
    """Sends them and reads what came of each: a code, `accepted`, or nothing where the socket was closed for it."""
    assert hostile.socket
    came: Counter[str] = Counter()
    try:
        for frame in volley:
            hostile.socket.send(frame)
        while came.total() < len(volley):
            answer = json.loads(hostile.socket.recv(timeout=30))
            if answer["type"] in ANSWERS:
                came[answer.get("code") or answer["type"]] += 1
    except ConnectionClosed:
        came["closed"] += 1
        hostile.drop()
        hostile.connect()
    return came
