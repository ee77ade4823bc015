"""The words on the wire: the same object by either road, instants in one form, and the fields that the protocol promises."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from chalicelib.kit.values import Instant
from chalicelib.protocol.commands import COMMANDS, Command
from chalicelib.protocol.events import Event
from tests.house import House, Talk

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}(000)?)?Z")


@pytest.fixture
def talk(house: House) -> Talk:
    return house.talk()


def test_a_message_in_an_event_and_over_rest_is_the_same_object(house: House, talk: Talk) -> None:
    house.clock.passes(milliseconds=7)
    talk.ann.say(talk.session_id, "Hello", after=2, reply_to=1, client_id="C1")
    talk.cleo.say(talk.session_id, "Hi Ann", after=3, client_id="C2")

    for client, path in ((talk.cleo, "/v1/widget/sessions"), (talk.ann, "/v1/sessions")):
        listed = client.rest("GET", f"{path}/{talk.session_id}/messages").body["items"]
        by_seq = {m["seq"]: m for m in listed}
        caught = client.ask("catch_up", session_id=talk.session_id, after=0)["messages"]
        assert caught == listed
        for event in client.heard("message.sent"):
            assert {k: v for k, v in event.items() if k != "type"} == by_seq[event["seq"]]


def test_a_session_in_a_welcome_and_over_rest_is_the_same_object(house: House, talk: Talk) -> None:
    assert house.again(talk.cleo).hello()["sessions"] == [
        talk.cleo.rest("GET", "/v1/widget/sessions/current").body
    ]
    assert house.again(talk.ann).hello()["sessions"] == [
        talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}").body
    ]


def test_the_same_event_twice_says_the_same(house: House, talk: Talk) -> None:
    tab = house.again(talk.cleo)
    tab.hello()
    talk.ann.say(talk.session_id, "Hello", after=2)

    assert tab.heard("message.sent") == talk.cleo.heard("message.sent")[-1:]


def test_instants_are_in_utc_with_whole_milliseconds(house: House, talk: Talk) -> None:
    house.clock.passes(milliseconds=123, microseconds=456)
    talk.ann.say(talk.session_id, "Hello", after=2)
    talk.ann.ask("end_session", session_id=talk.session_id)
    told = [*talk.cleo.told, *talk.ann.told, talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}").body]

    found = list(_instants(told))

    assert len(found) > 15
    assert all(INSTANT.fullmatch(text) for _, text in found), found
    sent = talk.cleo.heard("message.sent")[-2]["sent_at"]
    assert (
        sent == talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}/messages").body["items"][2]["sent_at"]
    )


def test_an_instant_of_another_zone_is_the_same_moment_in_utc() -> None:
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    read = TypeAdapter(Instant).validate_python(datetime(2026, 11, 22, 17, 45, 0, 1999, kathmandu))

    assert read == datetime(2026, 11, 22, 12, 0, 0, 1000, UTC)
    assert TypeAdapter(Instant).dump_json(read).decode().startswith('"2026-11-22T12:00:00.001')


def test_an_instant_without_a_zone_is_none() -> None:
    with pytest.raises(ValueError, match="timezone"):
        TypeAdapter(Instant).validate_python(datetime(2026, 11, 22, 12))  # noqa: DTZ001


def test_every_command_is_known_by_its_type_and_every_event_has_one() -> None:
    assert set(COMMANDS.values()) == set(get_args(Command))
    assert all(get_args(m.model_fields["type"].annotation) == (name,) for name, m in COMMANDS.items())
    types = [m.model_fields["type"].default for m in get_args(Event)]
    assert len(set(types)) == len(types)


def test_an_accepted_message_has_what_rest_answers(talk: Talk) -> None:
    accepted = talk.cleo.say(talk.session_id, "Hi", client_id="C1", after=2)
    stored = talk.cleo.rest(
        "POST", f"/v1/widget/sessions/{talk.session_id}/messages", {"client_id": "C1", "text": "Hi"}
    ).body

    assert {k: accepted[k] for k in ("seq", "message_id", "sent_at")} == {
        k: stored[k] for k in ("seq", "message_id", "sent_at")
    }


def test_events_have_the_fields_that_the_protocol_promises(house: House, talk: Talk) -> None:
    talk.ann.say(talk.session_id, "Hello", after=2)
    talk.cleo.send({"type": "typing", "session_id": talk.session_id, "on": True})
    talk.cleo.ask("mark", session_id=talk.session_id, read=3)
    talk.ann.ask("set_routing_status", status="busy")
    _, waiting = house.waiting()
    talk.cleo.ask("end_session", session_id=talk.session_id)

    promised = {
        "welcome": "connection_id now protocol ping_every_s lease_s renew_after_s reconnect_window_s sessions",
        "message.sent": "session_id seq message_id client_id kind by text attachment reply_to sent_at",
        "typing": "session_id by on",
        "mark.moved": "session_id by mark",
        "session.changed": "session_id number state version agent queue_id close_reason segment",
        "queue.moved": "position wait_low_s wait_high_s",
        "wrap_up.started": "deadline scheme",
        "agent.status_changed": "by why",
    }
    told = [*talk.cleo.told, *talk.ann.told, *waiting.told]
    for type_, fields in promised.items():
        frame = next(f for f in told if f["type"] == type_)
        assert set(frame) >= set(fields.split()), type_


def test_a_session_has_the_fields_that_the_protocol_promises(talk: Talk) -> None:
    read = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}").body

    assert set(read) >= {
        "session_id",
        "number",
        "state",
        "version",
        "customer",
        "agent",
        "queue_id",
        "source_id",
        "category_id",
        "chosen_category_id",
        "priority",
        "required_skills",
        "created_at",
        "queued_at",
        "assigned_at",
        "first_reply_at",
        "ended_at",
        "closed_at",
        "close_reason",
        "head",
        "marks",
        "unread",
        "disposition",
        "rating",
        "tags",
        "attributes",
        "segments",
        "last_message",
        "offer",
    }
    assert set(read["customer"]) >= {"id", "name", "verified", "level"}
    assert set(read["agent"]) == {"id", "name"}


def test_a_system_line_has_its_code_and_its_english(talk: Talk) -> None:
    line = talk.cleo.heard("message.sent")[-1]

    assert line["kind"] == "system"
    assert line["by"] == {"role": "system", "id": None, "name": None}
    assert line["system"] == {"code": "assigned", "about": {"agent": "Ann"}}
    assert line["text"] == "Ann joined the conversation."


def test_a_name_with_braces_is_a_name(house: House) -> None:
    """English wordings are templates; what stands in them is not."""
    caller = house.hired("mia", role_ids=("supervisor",))
    mia = house.connected(caller.__class__(**{**caller.__dict__, "name": "{0.__class__} {agent}"}))
    talk = house.talk()

    assert mia.ask("end_session", session_id=talk.session_id)["state"] == "wrap_up"
    assert house.log(talk.session_id)[-1][2] == "{0.__class__} {agent} ended the conversation."


def _instants(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _instants(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _instants(inner, name)
    elif isinstance(value, str) and (name.endswith("_at") or name in ("now", "deadline")):
        yield name, value
