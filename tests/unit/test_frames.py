"""The socket's door: whatever comes through it is answered, nothing that comes through it hurts anybody."""

import json
import random
from typing import Any

import pytest

from chalicelib.agents.store import PROFILE, AgentItem
from chalicelib.gateway.socket import FRAME_LIMIT, Socket
from chalicelib.kit.limits import Counted, Limits
from chalicelib.kit.log import json_lines
from chalicelib.permissions.model import PERMISSIONS
from chalicelib.protocol.commands import COMMANDS
from tests.house import Client, House, Talk

MALFORMED = {
    "not JSON": "hello",
    "nothing": "",
    "cut short": '{"type": "ping"',
    "a list": "[]",
    "a text": '"ping"',
    "a number": "7",
    "null": "null",
    "no type": "{}",
    "a type that is a list": '{"type": ["ping"]}',
    "a type that is null": '{"type": null}',
    "too deep": '{"type":' + "[" * 15_000,
    "a number too long": '{"type": "ping", "n": ' + "9" * 5_000 + "}",
}
VALID: dict[str, dict[str, Any]] = {
    "hello": {"client": "test", "version": "0.1.0", "catch_up": [{"session_id": "S", "after": 0}]},
    "ping": {"visible": True},
    "send_message": {
        "session_id": "S",
        "after": 2,
        "kind": "text",
        "text": "Hi",
        "reply_to": 1,
        "visibility": "all",
    },
    "recall_message": {"session_id": "S", "seq": 1},
    "catch_up": {"session_id": "S", "after": 0, "limit": 10},
    "typing": {"session_id": "S", "on": True},
    "mark": {"session_id": "S", "delivered": 1, "read": 1},
    "start_session": {
        "category_id": "orders",
        "answers": {"name": "Cleo"},
        "page": "https://x/",
        "text": "Hi",
    },
    "end_session": {"session_id": "S"},
    "leave_queue": {"session_id": "S", "choice": "leave"},
    "still_here": {"session_id": "S"},
    "rate_session": {"session_id": "S", "score": 5, "solved": True, "tags": ["kind"], "comment": "x"},
    "take_session": {"session_id": "S"},
    "accept_offer": {"session_id": "S"},
    "decline_offer": {"session_id": "S", "reason": "x"},
    "transfer_session": {"session_id": "S", "to_agent_id": "A", "comment": "x"},
    "hold_session": {"session_id": "S", "reason": "x", "until": "2026-11-22T13:00:00Z"},
    "resume_session": {"session_id": "S"},
    "requeue_session": {"session_id": "S"},
    "file_disposition": {
        "session_id": "S",
        "option_id": "product",
        "fields": {},
        "note": "x",
        "resolved": "yes",
        "others": [],
        "end": False,
    },
    "set_routing_status": {"status": "busy", "reason": "x"},
    "watch": {"what": "list", "queue_id": "support", "session_id": "S"},
    "unwatch": {"what": "list", "queue_id": "support", "session_id": "S"},
}
CUSTOMERS = {
    "hello",
    "ping",
    "send_message",
    "recall_message",
    "catch_up",
    "typing",
    "mark",
    "start_session",
    "end_session",
    "leave_queue",
    "still_here",
    "rate_session",
}
AGENTS = (CUSTOMERS - {"start_session", "leave_queue", "still_here", "rate_session"}) | {
    "take_session",
    "accept_offer",
    "decline_offer",
    "transfer_session",
    "hold_session",
    "resume_session",
    "requeue_session",
    "file_disposition",
    "set_routing_status",
    "watch",
    "unwatch",
}
HALF_A_PAIR = "\ud800"
"""Of surrogates: JSON can write it, and no text can hold it."""
WRONG = [{}, [], None, 7, 1.5, True, "", "x" * 30_000, {"$ne": 1}, ["S"], -1, 10**30, HALF_A_PAIR, "\u0000"]


@pytest.fixture
def talk(house: House) -> Talk:
    return house.talk()


@pytest.fixture
def cleo(house: House) -> Client:
    cleo = house.customer()
    cleo.hello()
    return cleo


# what cannot be read


@pytest.mark.parametrize("frame", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_command_is_refused(cleo: Client, frame: str) -> None:
    cleo.send(frame)

    assert cleo.codes == ["malformed_frame"]
    assert cleo.heard("refused")[0]["client_id"] is None


@pytest.mark.parametrize(
    "type_", ["fly_away", "", "PING", "ping ", "__class__", HALF_A_PAIR, "\u0000", "x" * 9_000]
)
def test_an_unknown_type_is_refused_under_its_client_id(cleo: Client, type_: str) -> None:
    assert cleo.ask(type_, client_id="C1")["code"] == "unknown_type"


def test_a_frame_too_large_is_refused(talk: Talk) -> None:
    """Counted in bytes: a letter may have several."""
    talk.cleo.send({"type": "ping", "x": "ü" * (FRAME_LIMIT // 2 - 20)})
    assert talk.cleo.codes == ["invalid"]

    talk.cleo.send({"type": "ping", "x": "ü" * (FRAME_LIMIT // 2)})
    assert talk.cleo.codes == ["invalid", "frame_too_large"]


def test_a_client_id_that_cannot_be_one_is_not_sent_back(talk: Talk) -> None:
    for client_id in ("\ud800", "x" * 65, 7, None, {}, [], "\u0000", "a b", "<script>"):
        talk.cleo.send({"type": "fly_away", "client_id": client_id})

    assert {f["client_id"] for f in talk.cleo.heard("refused")} == {None}


@pytest.mark.parametrize("hellos", [1, 0])
def test_five_malformed_frames_close_the_socket_that_said_hello_or_did_not(house: House, hellos: int) -> None:
    cleo = house.customer()
    for _ in range(hellos):
        cleo.hello()
    for _ in range(4):
        cleo.send("nonsense")
    assert house.sockets.closed == []

    cleo.send("nonsense")

    assert house.sockets.closed == [cleo.connection_id]


def test_a_hello_between_does_not_wipe_out_what_was_malformed(house: House) -> None:
    cleo = house.customer()
    for _ in range(5):
        cleo.hello()
        cleo.send("nonsense")

    assert house.sockets.closed == [cleo.connection_id]


def test_a_mistake_in_a_command_does_not_count_as_malformed(house: House, talk: Talk) -> None:
    for _ in range(6):
        assert talk.cleo.ask("typing", session_id=talk.session_id, on="yes")["code"] == "invalid"

    assert house.sockets.closed == []


def test_other_sockets_are_unharmed_by_one_that_is_closed(house: House, talk: Talk) -> None:
    mallory = house.customer()
    for frame in MALFORMED.values():
        mallory.send(frame)

    assert talk.cleo.say(talk.session_id, "Hello", after=2)["seq"] == 3
    assert talk.ann.texts == ["Hello"]
    assert mallory.connection_id in house.sockets.closed
    assert talk.cleo.connection_id not in house.sockets.closed


# what can be read and is wrong


@pytest.mark.parametrize(
    ("kind", "type_"), [("customer", t) for t in sorted(CUSTOMERS)] + [("agent", t) for t in sorted(AGENTS)]
)
def test_an_extra_field_is_refused_by_its_name(talk: Talk, kind: str, type_: str) -> None:
    client = talk.cleo if kind == "customer" else talk.ann

    refused = client.ask(type_, **VALID[type_], surprise=1)

    assert refused["code"] == "invalid"
    assert [e["path"] for e in refused["errors"]] == ["surprise"]


@pytest.mark.parametrize("type_", sorted(VALID))
def test_every_field_refuses_what_is_of_another_type(house: House, talk: Talk, type_: str) -> None:
    client = talk.cleo if type_ in CUSTOMERS else talk.ann
    before = house.log(talk.session_id)
    for field in VALID[type_]:
        for wrong in WRONG:
            if type(wrong) is type(VALID[type_][field]) or wrong is None:
                continue  # the right type: other rules judge it
            refused = client.ask(type_, **{**VALID[type_], field: wrong})
            assert refused["code"] == "invalid", (field, wrong)
            paths = {e["path"].split(".")[0] for e in refused["errors"]}
            assert paths == {"body" if wrong == HALF_A_PAIR else field}, (field, wrong)

    assert house.log(talk.session_id) == before


@pytest.mark.parametrize("field", ["after", "reply_to", "delivered", "read"])
@pytest.mark.parametrize("number", [-1, 1.5, 10**13, 10**40, True])
def test_a_number_that_is_no_place_in_a_log_is_refused(talk: Talk, field: str, number: float) -> None:
    if field in ("delivered", "read"):
        refused = talk.cleo.ask("mark", session_id=talk.session_id, **{field: number})
    else:
        refused = talk.cleo.say(talk.session_id, "Hi", **{field: number})

    assert refused["code"] == "invalid"


def test_an_answer_to_what_was_not_said_is_refused(talk: Talk) -> None:
    assert talk.cleo.say(talk.session_id, "What?", after=2, reply_to=77)["code"] == "invalid"


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u3000\u00a0"])
def test_an_empty_message_is_refused(talk: Talk, text: str) -> None:
    assert talk.cleo.say(talk.session_id, text, after=2)["code"] == "empty_message"
    assert talk.ann.say(talk.session_id, text, after=2, visibility="staff")["code"] == "empty_message"


@pytest.mark.parametrize("letter", ["x", "字", "😀", '"', "\n."])
def test_five_thousand_letters_are_a_message_and_one_more_are_not(
    house: House, talk: Talk, letter: str
) -> None:
    text = (letter * 5_000)[:5_000]

    assert talk.cleo.ask("send_message", session_id=talk.session_id, text=text, after=2)["seq"] == 3
    assert talk.ann.texts == [text]
    refused = talk.cleo.ask("send_message", session_id=talk.session_id, text=text + "x", after=3)
    assert refused["code"] == "text_too_long"
    assert [e["path"] for e in refused["errors"]] == ["text"]


def test_an_empty_first_message_opens_nothing(house: House) -> None:
    cleo = house.customer()
    cleo.hello()

    assert cleo.ask("start_session", text=" ")["code"] == "empty_message"
    assert cleo.ask("start_session", text="x" * 5_001)["code"] == "text_too_long"
    assert cleo.ask("start_session", category_id="no-such", text="Hi")["code"] == "unknown_category"
    assert house.desk.reception.history(cleo.caller, 10, None).items == []


@pytest.mark.parametrize("command", ["send_message", "typing"])
def test_nothing_is_said_in_what_has_ended(talk: Talk, command: str) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)
    facts = {"send_message": {"text": "Hi"}, "typing": {"on": True}}[command]

    for client in (talk.cleo, talk.ann):
        assert client.ask(command, session_id=talk.session_id, **facts)["code"] == "session_ended"


def test_leaving_the_queue_of_what_has_been_assigned_is_refused(house: House, talk: Talk) -> None:
    """The customer tapped it just when Ann joined: the talk goes on."""
    assert talk.cleo.ask("leave_queue", session_id=talk.session_id)["code"] == "not_queued"

    assert house.load("ann")[0] == 1.0


def test_a_page_older_than_the_server_is_told_to_reload(house: House) -> None:
    cleo = house.customer()

    assert cleo.ask("hello", client="widget", version="0.0.9")["code"] == "reload"
    assert cleo.ask("hello", client="script", version="anything")["type"] == "welcome"


def test_a_refusal_stays_small_however_much_is_wrong(talk: Talk) -> None:
    many = ",".join(f'"{n:04x}":1' for n in range(3_500))

    talk.cleo.send(f'{{"type":"ping",{many}}}')
    talk.cleo.send(json.dumps({"type": "ping", "n" * 30_000: 1}))

    assert talk.cleo.codes == ["invalid", "invalid"]
    assert all(len(json.dumps(f)) < 8_192 for f in talk.cleo.heard("refused"))


def test_what_is_caught_up_fits_into_one_post(house: House, talk: Talk) -> None:
    """API Gateway posts 128 KB at most; `more` brings the rest."""
    head, texts = 2, []
    for n in range(40):
        texts.append(f"{n:03d}" + "字" * 4_900)
        head = talk.ann.say(talk.session_id, texts[-1], after=head)["seq"]
    tab = house.again(talk.cleo)

    welcome = tab.hello(catch_up=[{"session_id": talk.session_id, "after": 2}])
    found = [welcome["caught_up"][0]]
    while found[-1]["more"]:
        found.append(tab.ask("catch_up", session_id=talk.session_id, after=found[-1]["messages"][-1]["seq"]))

    assert [m["text"] for page in found for m in page["messages"]] == texts


def test_a_welcome_fits_into_one_post_however_much_lies_on_the_desk(house: House) -> None:
    """What has no room in it is in the list that the console reads anyway."""
    ann = house.on_duty("ann")
    AgentItem(ann.caller.id, PROFILE).update(actions=[AgentItem.capacity.set(20)])
    for _ in range(12):
        session_id, cleo = house.waiting()
        cleo.say(session_id, "字" * 5_000, after=2)

    welcome = house.again(ann).hello()

    assert welcome["type"] == "welcome"
    assert 0 < len(welcome["sessions"]) < 12
    assert len(ann.rest("GET", "/v1/sessions?tab=mine&limit=100").body["items"]) == 12


def test_a_strike_that_cannot_be_counted_is_a_refusal_all_the_same(house: House, cleo: Client) -> None:
    house.faults.never_arrives("UpdateItem", about="strikes")

    cleo.send("nonsense")

    assert house.faults.none_left
    assert cleo.codes == ["malformed_frame"]


def test_a_store_that_fails_is_a_refusal_that_may_be_tried_again(house: House, talk: Talk) -> None:
    """A command has exactly one answer."""
    house.faults.never_arrives("Query")

    refused = talk.cleo.say(talk.session_id, "Hello", after=2)

    assert (refused["type"], refused["code"]) == ("refused", "internal_error")


# who may send what


def test_every_command_has_one_handler_for_each_kind_that_may_send_it_and_no_other(house: House) -> None:
    handled = {(kind, model) for kind, model in house.desk.commands.by}
    expected = {("customer", COMMANDS[t]) for t in CUSTOMERS} | {("agent", COMMANDS[t]) for t in AGENTS}

    assert handled == expected
    assert set(COMMANDS) == CUSTOMERS | AGENTS == set(VALID)


def test_every_command_of_agents_that_reaches_a_session_declares_a_known_permission(house: House) -> None:
    for (kind, model), handler in house.desk.commands.by.items():
        if kind == "customer" or model.model_fields["type"].annotation.__args__[0] in ("hello", "ping"):
            assert handler.permission is None
        else:
            assert handler.permission in PERMISSIONS


@pytest.mark.parametrize("type_", sorted(AGENTS - CUSTOMERS))
def test_a_customer_cannot_send_an_agents_command(house: House, talk: Talk, type_: str) -> None:
    before = house.log(talk.session_id)

    facts = {**VALID[type_]} | ({"session_id": talk.session_id} if "session_id" in VALID[type_] else {})

    assert talk.cleo.ask(type_, **facts)["code"] == "forbidden"
    assert house.log(talk.session_id) == before


@pytest.mark.parametrize("type_", sorted(CUSTOMERS - AGENTS))
def test_an_agent_cannot_send_a_customers_command(talk: Talk, type_: str) -> None:
    assert talk.ann.ask(type_, **VALID[type_])["code"] == "forbidden"


def test_a_customer_cannot_leave_a_note(house: House, talk: Talk) -> None:
    refused = talk.cleo.say(talk.session_id, "Psst", after=2, visibility="staff")

    assert refused["type"] == "refused"
    assert len(house.log(talk.session_id)) == 2


def test_an_agent_without_roles_can_do_nothing_but_be_there(house: House, talk: Talk) -> None:
    bare = house.connected(talk.ann.caller.__class__(**{**talk.ann.caller.__dict__, "role_ids": ()}))

    assert bare.hello()["type"] == "welcome"
    for type_ in sorted(AGENTS - {"hello", "ping"}):
        facts = {**VALID[type_]} | ({"session_id": talk.session_id} if "session_id" in VALID[type_] else {})
        assert bare.ask(type_, **facts)["code"] == "forbidden"


# answers


def test_commands_of_which_the_sender_wants_no_answer_have_none(talk: Talk) -> None:
    before = len(talk.cleo.told)

    talk.cleo.send({"type": "typing", "session_id": talk.session_id, "on": True})
    talk.cleo.send({"type": "mark", "session_id": talk.session_id, "read": 1})

    assert [f["type"] for f in talk.cleo.told[before:]] == []


def test_three_thousand_frames_of_any_kind_raise_nothing_and_change_nothing_of_others(
    house: House, talk: Talk
) -> None:
    chance = random.Random(20261122)
    mallory = house.customer()
    mallory.hello()
    bob = house.on_duty("bob")
    for agent in (bob, talk.ann):
        agent.ask("set_routing_status", status="offline")
    log, told = house.log(talk.session_id), len(talk.cleo.told) + len(talk.ann.told)

    for _ in range(3_000):
        chance.choice([mallory, bob]).send(_some_frame(chance, talk.session_id))

    assert house.log(talk.session_id) == log
    assert len(talk.cleo.told) + len(talk.ann.told) == told
    assert talk.cleo.say(talk.session_id, "Still here", after=2)["seq"] == 3


def test_what_is_logged_of_a_frame_can_be_written_whatever_it_holds(
    house: House, talk: Talk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = house.desk
    door = Socket(
        desk.commands,
        desk.delivery,
        desk.connections,
        has=lambda *_: True,
        still=lambda caller: caller,
        gone=lambda _: None,
        frames=Counted(Limits("off")["frames"]),
        log=json_lines,
        machine_clock=house.machine,
    )
    for value in ("\ud800", "\u0000", "\u2028", "x" * 500):
        door.message(talk.cleo.caller, json.dumps({"type": value, "session_id": value}), "r1")
    door.message(
        talk.cleo.caller, json.dumps({"type": "typing", "session_id": talk.session_id, "on": True}), "r2"
    )

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 5
    assert lines[-1]["command"] == "typing"
    assert "text" not in lines[-1]


def _some_frame(chance: random.Random, session_id: str) -> str:
    """Near to a right one more often than not, and now and then nothing at all like it."""
    if chance.random() < 0.05:
        return chance.choice(list(MALFORMED.values()))
    type_ = chance.choice(list(VALID))
    frame: dict[str, Any] = {"type": type_, "client_id": f"Z{chance.randrange(40)}", **VALID[type_]}
    for field in [f for f in frame if f != "type"]:
        if field == "session_id" and chance.random() < 0.7:
            frame[field] = session_id
        elif chance.random() < 0.15:
            frame[field] = chance.choice(WRONG)
        elif chance.random() < 0.05:
            del frame[field]
    if chance.random() < 0.1:
        frame[chance.choice(["__proto__", "by", "seq", "agent", ""])] = chance.choice(WRONG)
    if frame.get("type") == "set_routing_status":
        frame["status"] = chance.choice(["busy", "offline", "nonsense"])
    return json.dumps(frame)
