"""What time alone does: idle is the customer's alone, places are kept for a grace, holds and wrap-ups have limits."""

from datetime import timedelta

import pytest

from chalicelib.kit.values import SessionId
from chalicelib.queues.model import Idle, Queue
from chalicelib.sessions.expiry import End, Look, Warn, verdict
from chalicelib.sessions.items import DUE_PARTITIONS
from chalicelib.sessions.model import Session
from chalicelib.sign_in.service import caller_of
from tests.house import NOON, Client, House, Talk

BESIDES = 3
"""Letters, reminders, and agents who may be lost: a Query each."""


@pytest.fixture
def talk(house: House) -> Talk:
    """Ann has answered: it is Cleo's turn."""
    talk = house.talk()
    talk.ann.say(talk.session_id, "Which order?", after=2)
    return talk


def ticks(house: House, **time: float) -> None:
    """Time passes as it does for people, leases and all, and the minute's function runs."""
    house.clock.passes(**time)
    house.desk.rounds.expire_idle_sessions()


def session(house: House, session_id: str) -> Session:
    return house.desk.session_store.tail(SessionId(session_id)).session


# idle


def test_a_silent_customer_is_asked_and_then_the_talk_ends(house: House, talk: Talk) -> None:
    ticks(house, seconds=299)
    assert not talk.cleo.heard("idle.warned")

    ticks(house, seconds=1)
    assert [f["ends_at"] for f in talk.cleo.heard("idle.warned")] == ["2026-11-22T12:08:00Z"]
    assert talk.ann.heard("idle.warned") == talk.cleo.heard("idle.warned")

    ticks(house, seconds=180)
    ended = session(house, talk.session_id)
    assert (ended.state, ended.close_reason) == ("wrap_up", "customer_idle")
    assert [text for _, _, text in house.log(talk.session_id)][-1].startswith("The conversation ended")  # type: ignore[union-attr]
    assert talk.ann.heard("wrap_up.started")


def test_what_happened_between_two_ticks_is_done_by_the_next_one_step_after_the_other(
    house: House, talk: Talk
) -> None:
    """A late tick asks first: nobody is ended unasked, and the grace runs from the asking."""
    ticks(house, hours=1)
    assert session(house, talk.session_id).state == "active"
    assert talk.cleo.heard("idle.warned")[-1]["ends_at"] == "2026-11-22T13:03:00Z"

    ticks(house, seconds=179)
    assert session(house, talk.session_id).state == "active"
    ticks(house, seconds=1)
    assert session(house, talk.session_id).state == "wrap_up"


def test_while_the_customer_waits_for_us_silence_is_never_a_reason_to_end(house: House) -> None:
    talk = house.talk()
    talk.ann.say(talk.session_id, "Hello", after=2)
    talk.cleo.say(talk.session_id, "Where is my order?", after=3)
    for _ in range(30):
        ticks(house, minutes=5)

    assert session(house, talk.session_id).state == "active"
    assert not talk.cleo.heard("idle.warned")


@pytest.mark.parametrize("who", ["cleo", "ann"])
def test_whoever_speaks_starts_the_silence_anew(house: House, talk: Talk, who: str) -> None:
    ticks(house, minutes=5)
    head = getattr(talk, who).say(talk.session_id, "Sorry, I was away", after=4)["seq"]
    talk.ann.say(talk.session_id, "No problem", after=head)

    ticks(house, minutes=4, seconds=59)
    assert session(house, talk.session_id).idle_ends_at is None
    ticks(house, seconds=1)
    assert len(talk.cleo.heard("idle.warned")) == 2
    ticks(house, minutes=3)
    assert session(house, talk.session_id).state == "wrap_up"


def test_a_word_that_races_the_end_is_heard(house: House, talk: Talk) -> None:
    """Judged at the write: the sweep decided to end it, and Cleo was quicker."""
    ticks(house, minutes=5)
    house.faults.before(
        "TransactWriteItems",
        lambda: talk.cleo.say(talk.session_id, "I am here", after=4),
        about="customer_idle",
    )

    ticks(house, minutes=3)

    assert house.faults.none_left
    assert session(house, talk.session_id).state == "active"
    assert house.log(talk.session_id)[-1][2] == "I am here"


@pytest.mark.parametrize("road", ["socket", "rest"])
def test_still_here_is_as_good_as_a_word(house: House, talk: Talk, road: str) -> None:
    ticks(house, minutes=5)
    house.clock.passes(minutes=2)
    if road == "socket":
        assert talk.cleo.ask("still_here", session_id=talk.session_id)["type"] == "accepted"
    else:
        path = f"/v1/widget/sessions/{talk.session_id}/still-here"
        assert talk.cleo.rest("POST", path, {}).body["idle_ends_at"] is None

    ticks(house, minutes=4, seconds=59)
    assert session(house, talk.session_id).state == "active"
    assert len(talk.cleo.heard("idle.warned")) == 1
    ticks(house, seconds=1)
    assert len(talk.cleo.heard("idle.warned")) == 2


def test_still_here_where_nobody_asked_changes_nothing(house: House, talk: Talk) -> None:
    before = house.log(talk.session_id)

    assert talk.cleo.ask("still_here", session_id=talk.session_id)["type"] == "accepted"

    assert house.log(talk.session_id) == before
    talk.ann.ask("end_session", session_id=talk.session_id)
    assert talk.cleo.ask("still_here", session_id=talk.session_id)["code"] == "session_ended"


def test_a_customer_who_comes_back_sees_when_it_ends(house: House, talk: Talk) -> None:
    ticks(house, minutes=5)

    welcome = house.again(talk.cleo).hello()

    assert welcome["sessions"][0]["idle_ends_at"] == "2026-11-22T12:08:00Z"


def test_each_queue_has_its_own_patience(house: House, talk: Talk) -> None:
    _rules(house, idle=Idle(warn_after_s=60, end_after_s=90))

    ticks(house, seconds=60)
    assert talk.cleo.heard("idle.warned")
    ticks(house, seconds=30)

    assert session(house, talk.session_id).state == "wrap_up"


def test_nobody_is_ended_unasked_by_any_rule() -> None:
    with pytest.raises(ValueError, match="unasked"):
        Idle(warn_after_s=60, end_after_s=60)


# waiting


def test_waiting_too_long_ends_it_with_a_word(house: House) -> None:
    session_id, cleo = house.waiting()
    _stays(house, cleo, minutes=14)
    assert session(house, session_id).state == "queued"

    _stays(house, cleo, minutes=1)

    ended = session(house, session_id)
    assert (ended.state, ended.close_reason) == ("closed", "queue_timeout")
    assert cleo.heard("message.sent")[-1]["system"]["code"] == "queue_timeout"
    assert cleo.ask("start_session", text="Once more")["session_id"] != session_id


def test_one_who_left_loses_the_place_after_the_grace(house: House) -> None:
    session_id, cleo = house.waiting()
    cleo.leaves()
    ticks(house, seconds=59)
    assert session(house, session_id).state == "queued"

    ticks(house, seconds=1)

    ended = session(house, session_id)
    assert (ended.state, ended.close_reason) == ("closed", "abandoned_in_queue")
    assert house.desk.session_store.waiting(ended.queue_id, 20) == []


def test_a_reload_keeps_the_place(house: House) -> None:
    session_id, cleo = house.waiting()
    cleo.leaves()
    ticks(house, seconds=40)
    tab = house.again(cleo)
    tab.hello()

    for _ in range(5):
        ticks(house, seconds=60)

    assert session(house, session_id).state == "queued"
    assert session(house, session_id).left_at is None


def test_a_socket_that_died_without_a_word_is_missed_when_its_lease_is_over(house: House) -> None:
    session_id, _ = house.waiting()
    house.machine.passes(minutes=10)
    ticks(house, minutes=10)
    assert session(house, session_id).state == "queued"

    ticks(house, minutes=1)

    assert session(house, session_id).close_reason == "abandoned_in_queue"


def test_one_without_a_socket_keeps_the_place_by_asking(house: House) -> None:
    session_id, cleo = house.waiting()
    token = cleo.token
    cleo.leaves()
    for _ in range(6):
        house.machine.passes(seconds=45)
        house.rest("GET", "/v1/widget/sessions/current", token=token)
        ticks(house, seconds=45)
    assert session(house, session_id).state == "queued"

    house.machine.passes(minutes=2)
    ticks(house, minutes=2)
    ticks(house, minutes=1)

    assert session(house, session_id).close_reason == "abandoned_in_queue"


def test_a_tap_that_says_nothing_leaves_nothing_in_the_end(house: House) -> None:
    cleo = house.customer()
    cleo.hello()
    session_id = cleo.ask("start_session")["session_id"]
    ticks(house, minutes=59)
    assert session(house, session_id).state == "queued"

    ticks(house, minutes=1)
    assert session(house, session_id).state == "closed"
    assert cleo.heard("session.changed")[-1]["state"] == "closed"
    ticks(house, minutes=1)

    tables = house.engine._make_api_call("ListTables", {})["TableNames"]
    assert session_id not in str([house.engine._make_api_call("Scan", {"TableName": t}) for t in tables])
    assert cleo.ask("start_session", text="Now I know")["type"] == "accepted"


@pytest.mark.parametrize("command", ["end_session", "leave_queue"])
def test_a_tap_that_says_nothing_is_in_no_list_of_what_ended(house: House, command: str) -> None:
    supervisor = house.connected(caller_of(house.agent("sue")))
    cleo = house.customer()
    session_id = cleo.ask("start_session")["session_id"]
    cleo.ask(command, session_id=session_id)

    found = supervisor.rest("GET", "/v1/sessions?queue_id=support&from=2026-11-01T00:00:00Z").body["items"]

    assert found == []


# holds


def test_a_hold_frees_the_slot_and_ends_by_itself(house: House, talk: Talk) -> None:
    held = talk.ann.ask("hold_session", session_id=talk.session_id, reason="asks the carrier")
    assert held["state"] == "on_hold"
    assert house.load("ann") == (0.0, frozenset({talk.session_id}))
    read = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}").body
    assert read["hold"] == {"reason": "asks the carrier", "until": "2026-11-22T12:30:00Z"}

    ticks(house, minutes=29, seconds=59)
    assert session(house, talk.session_id).state == "on_hold"
    ticks(house, seconds=1)

    assert session(house, talk.session_id).state == "active"
    assert house.load("ann") == (1.0, frozenset({talk.session_id}))
    assert talk.ann.heard("message.sent")[-1]["system"]["code"] == "resumed"


def test_a_customers_word_ends_a_hold_at_once(house: House, talk: Talk) -> None:
    talk.ann.ask("hold_session", session_id=talk.session_id)

    assert talk.cleo.say(talk.session_id, "Any news?", after=4)["seq"] == 5

    assert session(house, talk.session_id).state == "active"
    assert house.load("ann") == (1.0, frozenset({talk.session_id}))
    assert talk.ann.heard("session.changed")[-1]["state"] == "active"


def test_idle_does_not_run_during_a_hold(house: House, talk: Talk) -> None:
    talk.ann.ask("hold_session", session_id=talk.session_id, until="2026-11-22T12:20:00Z")
    for _ in range(19):
        ticks(house, minutes=1)

    assert not talk.cleo.heard("idle.warned")
    assert session(house, talk.session_id).state == "on_hold"


def test_the_queues_limit_comes_first(house: House, talk: Talk) -> None:
    talk.ann.ask("hold_session", session_id=talk.session_id, until="2026-11-23T12:00:00Z")

    assert session(house, talk.session_id).hold.until == NOON + timedelta(minutes=30)  # type: ignore[union-attr]


def test_a_hold_in_the_past_is_refused(talk: Talk) -> None:
    refused = talk.ann.ask("hold_session", session_id=talk.session_id, until="2026-11-22T12:00:00Z")

    assert refused["code"] == "invalid"
    assert [e["path"] for e in refused["errors"]] == ["until"]


def test_three_may_be_held_and_no_more(house: House) -> None:
    ann = house.on_duty("ann")
    sessions = [house.waiting()[0] for _ in range(4)]
    for session_id in sessions[:3]:
        assert ann.ask("hold_session", session_id=session_id)["state"] == "on_hold"

    assert ann.ask("hold_session", session_id=sessions[3])["code"] == "too_many_on_hold"

    assert ann.ask("resume_session", session_id=sessions[0])["state"] == "active"
    assert ann.ask("hold_session", session_id=sessions[3])["state"] == "on_hold"


def test_what_is_held_can_be_ended_and_filed(house: House, talk: Talk) -> None:
    talk.ann.ask("hold_session", session_id=talk.session_id)
    assert talk.ann.ask("end_session", session_id=talk.session_id)["state"] == "wrap_up"
    assert house.load("ann") == (1.0, frozenset({talk.session_id}))

    talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")

    assert house.load("ann") == (0.0, frozenset())
    assert house.agent("ann").held == 0


def test_going_on_twice_is_no_error_and_what_is_over_does_not_go_on(talk: Talk) -> None:
    talk.ann.ask("hold_session", session_id=talk.session_id)
    for _ in range(2):
        assert talk.ann.ask("resume_session", session_id=talk.session_id)["state"] == "active"
    talk.ann.ask("end_session", session_id=talk.session_id)

    assert talk.ann.ask("resume_session", session_id=talk.session_id)["code"] == "not_active"
    assert talk.ann.ask("hold_session", session_id=talk.session_id)["code"] == "not_active"


# back to the queue


def test_what_goes_back_to_the_queue_keeps_its_time_and_goes_to_somebody_else(house: House) -> None:
    talk = house.talk()
    queued_at = session(house, talk.session_id).queued_at
    house.clock.passes(minutes=3)

    assert talk.ann.ask("requeue_session", session_id=talk.session_id)["state"] == "queued"
    assert house.load("ann") == (0.0, frozenset())
    house.desk.rounds.drain_queues()
    assert session(house, talk.session_id).state == "queued"

    house.on_duty("bob")

    now = session(house, talk.session_id)
    assert (now.agent.name if now.agent else None, now.queued_at) == ("Bob", queued_at)
    assert [s.ended_how for s in now.segments] == ["assigned", "requeued", "assigned", None]
    assert talk.ann.heard("session.changed")[-1]["state"] == "queued"
    assert talk.cleo.heard("message.sent")[-1]["system"]["about"] == {"agent": "Bob"}


def test_who_let_it_go_may_take_it_back_by_choice(house: House) -> None:
    talk = house.talk()
    talk.ann.ask("requeue_session", session_id=talk.session_id)

    assert talk.ann.ask("take_session", session_id=talk.session_id)["state"] == "active"


# wrap-up


def test_a_wrap_up_has_a_limit_that_frees_the_slot_and_filing_stays_possible(
    house: House, talk: Talk
) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)
    assert talk.ann.heard("wrap_up.started")[-1]["deadline"] == "2026-11-22T12:01:30Z"
    ticks(house, seconds=89)
    assert session(house, talk.session_id).state == "wrap_up"

    ticks(house, seconds=1)

    assert session(house, talk.session_id).state == "closed"
    assert house.load("ann") == (0.0, frozenset())
    assert talk.ann.heard("wrap_up.passed")[-1]["session_id"] == talk.session_id
    assert "not filed" not in str(talk.cleo.told).lower()
    filed = talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")
    assert filed["state"] == "closed"


def test_a_wrap_up_is_extended_once(house: House, talk: Talk) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)
    path = f"/v1/sessions/{talk.session_id}/extend-wrap-up"
    assert talk.ann.rest("POST", path, {}).body["wrap_up_until"] == "2026-11-22T12:02:30Z"
    assert talk.ann.rest("POST", path, {}).code == "not_in_wrap_up"

    ticks(house, seconds=149)
    assert session(house, talk.session_id).state == "wrap_up"
    ticks(house, seconds=1)
    assert session(house, talk.session_id).state == "closed"


def test_filed_just_before_the_limit_it_is_filed(house: House, talk: Talk) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)
    house.faults.before(
        "TransactWriteItems",
        lambda: talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product"),
        about="wrap_up_passed",
    )

    ticks(house, seconds=90)

    assert house.faults.none_left
    assert session(house, talk.session_id).disposition
    assert "Not filed in time." not in [text for _, _, text in house.log(talk.session_id)]


# the function itself


def test_twice_at_once_or_again_it_does_everything_once(house: House, talk: Talk) -> None:
    house.clock.passes(minutes=5)
    house.faults.before("TransactWriteItems", house.desk.rounds.expire_idle_sessions, about="idle_warned")
    house.desk.rounds.expire_idle_sessions()
    house.desk.rounds.expire_idle_sessions()
    assert len(talk.cleo.heard("idle.warned")) == 1

    house.clock.passes(minutes=3)
    house.faults.before("TransactWriteItems", house.desk.rounds.expire_idle_sessions, about="customer_idle")
    house.desk.rounds.expire_idle_sessions()

    assert house.faults.none_left
    endings = [text for _, _, text in house.log(talk.session_id) if text and "ended" in text]
    assert len(endings) == 1
    assert len(talk.ann.heard("wrap_up.started")) == 1


def test_one_session_that_cannot_be_looked_at_keeps_nothing_from_the_others(house: House) -> None:
    left = []
    for _ in range(6):
        session_id, cleo = house.waiting()
        cleo.leaves()
        left.append(session_id)
    house.faults.never_arrives("Query", about=left[2])

    ticks(house, minutes=2)
    assert house.faults.none_left
    ticks(house, minutes=2)

    assert {session(house, s).state for s in left} == {"closed"}


def test_it_costs_a_query_a_partition_and_nothing_for_what_is_not_due(house: House) -> None:
    for _ in range(10):
        house.waiting()
    house.desk.rounds.expire_idle_sessions()
    house.meter.reset()

    house.desk.rounds.expire_idle_sessions()

    assert dict(house.meter.requests) == {"Query": len(DUE_PARTITIONS) + BESIDES}


def test_what_is_closed_is_looked_at_no_more(house: House, talk: Talk) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)
    talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")
    ticks(house, minutes=2)
    house.meter.reset()

    ticks(house, days=30)

    assert dict(house.meter.requests) == {"Query": len(DUE_PARTITIONS) + BESIDES}


# the judgement, pure


def _rules(house: House, **facts: object) -> None:
    queue = house.desk.queues.get(Queue(id="support", name="x").id)  # type: ignore[arg-type]
    house.desk.queues.replace(queue.model_copy(update={"version": queue.version + 1, **facts}))


def _stays(house: House, client: Client, *, minutes: int) -> None:
    for _ in range(minutes):
        client.ask("ping")
        house.machine.passes(minutes=1)
        ticks(house, minutes=1)


@pytest.mark.parametrize(
    ("silent_s", "told_at_s", "expected"),
    [
        (0, None, Look(NOON + timedelta(seconds=60))),
        (299, None, Look(NOON + timedelta(seconds=1))),
        (300, None, Warn(NOON + timedelta(seconds=180))),
        (400, None, Warn(NOON + timedelta(seconds=180))),
        (400, 480, Look(NOON + timedelta(seconds=80), idle_ends_at=NOON + timedelta(seconds=80))),
        (480, 480, End("customer_idle")),
        (900, 480, End("customer_idle")),
    ],
)
def test_the_moments_of_silence(silent_s: int, told_at_s: int | None, expected: object) -> None:
    spoke_at = NOON - timedelta(seconds=silent_s)
    ends_at = None if told_at_s is None else spoke_at + timedelta(seconds=told_at_s)
    silent = Session(
        id=SessionId("S"),
        number="K7Q2-9F3M",
        state="active",
        customer_id="C",  # type: ignore[arg-type]
        customer_name="Cleo",
        source_id="demo",  # type: ignore[arg-type]
        queue_id="support",  # type: ignore[arg-type]
        created_at=spoke_at,
        waits_for="customer",
        waits_since=spoke_at,
        idle_ends_at=ends_at,
    )

    found = verdict(silent, spoke_at, Queue(id="support", name="x"), NOON, here=True)  # type: ignore[arg-type]

    assert found == expected
