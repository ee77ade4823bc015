"""Calling a customer out: by a link, through Amazon Connect, or through somebody else's server; and what is masked of a customer."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import botocore.session
import pytest
from botocore.stub import Stubber

from chalicelib.calls.model import NotAPhoneNumber, e164, masked_number
from chalicelib.calls.outward import HttpDialler, Target, target_of
from chalicelib.cloud import AmazonConnect, diallers
from chalicelib.customers.store import CustomerItem
from chalicelib.kit.config import Settings
from chalicelib.kit.outside import DiallerRefused
from tests.house import Answer, Client, FrozenClock, House, Talk

PUBLIC = "93.184.216.34"


@dataclass
class Dialling:
    """Whoever dials for us."""

    refuses: str | None = None
    meanwhile: Callable[[Mapping[str, str]], object] = lambda _: None
    dialled: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def start(self, call_id: str, number: str, about: Mapping[str, str]) -> str | None:
        self.dialled.append((call_id, number, dict(about)))
        if self.refuses is not None:
            raise DiallerRefused(self.refuses)
        self.meanwhile(about)
        return "C-1"


@pytest.fixture
def dialling(house: House) -> Dialling:
    dialling = Dialling()
    house.desk.outside.diallers["http"] = dialling  # type: ignore[index]
    return dialling


@pytest.fixture
def talk(house: House) -> Talk:
    return house.talk()


# numbers


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("+49 30 / 123-456", "+4930123456"),
        ("+1 (415) 555-0100", "+14155550100"),
        ("0086 138.0013.8000", "+8613800138000"),
        ("+49\u201130\u2013123456", "+4930123456"),
        ("+1234567", "+1234567"),
        ("+123456789012345", "+123456789012345"),
    ],
)
def test_a_number_is_understood_however_it_was_written_down(written: str, dialled: str) -> None:
    assert e164(written) == dialled


@pytest.mark.parametrize(
    "written",
    [
        "030 123456",
        "+0301234567",
        "+123456",
        "+1234567890123456",
        "112",
        "+49 30 12a456",
        "+49;ext=3012345",
        "tel:+4930123456",
        "+４９３０１２３４５６",
        "+",
        "+49 30 123456\n",
    ],
)
def test_what_nobody_could_dial_is_no_number(talk: Talk, written: str) -> None:
    if written.strip() == written:
        with pytest.raises(NotAPhoneNumber):
            e164(written)
        answer = _call(talk, number=written)
        assert (answer.status, answer.code) == (422, "not_a_phone_number")
        assert [e["path"] for e in answer.body["errors"]] == ["number"]
    assert "\n" not in e164("+4930123456\n")


def test_a_masked_number_tells_one_from_another_and_no_more() -> None:
    assert masked_number("+4930123456") == "+49••••••56"


# the agent's own phone


def test_a_typed_number_comes_back_as_a_link_and_stands_masked_on_the_timeline(talk: Talk) -> None:
    answer = _call(talk, number="+49 30 123456")

    assert answer.status == 201
    assert (answer.body["provider"], answer.body["link"]) == ("tel", "tel:+4930123456")
    assert (answer.body["number"], answer.body["status"], answer.body["version"]) == (
        "+49••••••56",
        "started",
        1,
    )
    line = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}/timeline").body["items"][-1]
    assert (line["system"]["code"], line["by"]["name"]) == ("call_started", "Ann")
    assert line["system"]["about"] == {"number": "+49••••••56", "provider": "tel"}
    assert "30123456" not in json.dumps(line)


def test_the_customer_hears_nothing_of_it(talk: Talk) -> None:
    said = len(talk.cleo.heard("message.sent"))

    _call(talk, number="+4930123456")

    assert len(talk.cleo.heard("message.sent")) == said


def test_an_unknown_number_must_be_typed(talk: Talk) -> None:
    answer = _call(talk)

    assert (answer.status, answer.code) == (409, "number_unknown")
    assert _calls(talk) == []


def test_a_number_that_an_agent_may_not_know_is_not_given_to_their_phone(house: House, talk: Talk) -> None:
    _knows_phone(talk)
    sue = house.on_duty("sue")

    assert _call(talk).code == "number_hidden"
    assert _calls(talk) == []
    assert sue.rest("POST", _path(talk), {}).body["link"] == "tel:+4930123456"


def test_out_of_a_record_too(talk: Talk) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)
    talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")

    assert _call(talk, number="+4930123456").status == 201


def test_twenty_calls_out_of_one_session_are_enough(talk: Talk) -> None:
    for _ in range(20):
        assert _call(talk, number="+4930123456").status == 201

    assert _call(talk, number="+4930123456").code == "too_many_calls"
    assert len(_calls(talk)) == 20


# through whoever dials


def test_who_dials_for_us_hears_the_number_and_the_agent_does_not(talk: Talk, dialling: Dialling) -> None:
    _knows_phone(talk)

    answer = _call(talk, provider="http")

    assert (answer.status, answer.body["link"], answer.body["number"]) == (201, None, "+49••••••56")
    (call_id, number, about) = dialling.dialled[0]
    assert (call_id, number, about["session_id"]) == (answer.body["id"], "+4930123456", talk.session_id)


def test_who_dials_may_say_how_it_goes_before_we_have_heard_that_it_does(
    talk: Talk, dialling: Dialling
) -> None:
    dialling.meanwhile = lambda about: _change(
        talk, {"id": about["call_id"], "version": about["version"]}, {"status": "ringing"}
    )

    answer = _call(talk, number="+4930123456", provider="http")

    assert (answer.body["status"], answer.body["version"]) == ("ringing", 2)


@pytest.mark.parametrize("provider", ["http", "amazon_connect"])
def test_what_is_not_set_up_is_said_and_nothing_is_begun(talk: Talk, provider: str) -> None:
    answer = _call(talk, number="+4930123456", provider=provider)

    assert (answer.status, answer.code) == (409, "provider_missing")
    assert _calls(talk) == []


def test_a_call_that_was_not_placed_says_why_and_stands_as_failed(talk: Talk, dialling: Dialling) -> None:
    dialling.refuses = "this country is not called."

    answer = _call(talk, number="+4930123456", provider="http")

    assert (answer.status, answer.code) == (503, "call_not_placed")
    assert "this country" in answer.body["detail"]
    (call,) = _calls(talk)
    assert (call["status"], call["outcome"]) == ("failed", "failed")
    assert _codes(talk)[-2:] == ["call_started", "call_ended"]


def test_how_it_goes_is_called_back_and_its_end_stands_on_the_timeline_once(
    house: House, talk: Talk, dialling: Dialling
) -> None:
    call = _call(talk, number="+4930123456", provider="http").body
    assert dialling.dialled
    for seconds, change in (
        (5, {"status": "ringing"}),
        (5, {"status": "answered"}),
        (95, {"status": "ended"}),
        (1, {"note": "Will send it back", "outcome": "answered"}),
    ):
        house.clock.passes(seconds=seconds)
        answer = _change(talk, call, change)
        assert answer.status == 200, answer
        call = answer.body

    assert (call["duration_s"], call["outcome"], call["note"]) == (95, "answered", "Will send it back")
    assert (call["answered_at"], call["ended_at"]) == ("2026-11-22T12:00:10Z", "2026-11-22T12:01:45Z")
    assert _codes(talk).count("call_ended") == 1
    line = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}/timeline").body["items"][-1]
    assert line["system"]["about"] == {
        "number": "+49••••••56",
        "outcome": "answered",
        "duration_s": "95",
    }


def test_a_status_does_not_go_back(talk: Talk, dialling: Dialling) -> None:
    call = _change(talk, _call(talk, number="+4930123456").body, {"status": "ended"}).body

    for status in ("ringing", "answered", "failed"):
        assert _change(talk, call, {"status": status}).code == "call_over"
    assert _change(talk, call, {"outcome": "voicemail"}).body["outcome"] == "voicemail"


def test_two_who_change_it_at_once_do_not_undo_each_other(talk: Talk) -> None:
    call = _call(talk, number="+4930123456").body
    _change(talk, call, {"note": "first"})

    for change in ({"note": "second"}, {"status": "ended"}):
        assert _change(talk, call, change).code == "stale_version"
    assert _calls(talk)[0]["note"] == "first"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"answered_at": "2026-11-22T11:00:00Z"}, "answered_at"),
        ({"answered_at": "2026-11-22T14:00:00Z"}, "answered_at"),
        ({"status": "ended", "ended_at": "2026-11-22T11:00:00Z"}, "ended_at"),
    ],
)
def test_times_that_cannot_be_are_refused_by_their_names(
    talk: Talk, change: dict[str, Any], path: str
) -> None:
    answer = _change(talk, _call(talk, number="+4930123456").body, change)

    assert (answer.status, [e["path"] for e in answer.body["errors"]]) == (422, [path])


def test_a_call_of_another_session_is_not_found(house: House, talk: Talk) -> None:
    call = _call(talk, number="+4930123456").body
    other, _ = house.waiting()

    answer = talk.ann.rest(
        "PATCH", f"/v1/sessions/{other}/calls/{call['id']}", {"note": "x"}, headers={"if-match": "1"}
    )

    assert answer.status == 404


def test_an_erased_customers_calls_are_gone(house: House, talk: Talk) -> None:
    _call(talk, number="+4930123456")
    admin = house.connected(house.hired("olga", role_ids=("admin",)))

    assert admin.rest("POST", f"/v1/customers/{talk.cleo.caller.id}/erase", {}).body["done"]

    for table in house.engine._make_api_call("ListTables", {})["TableNames"]:
        assert "30123456" not in str(house.engine._make_api_call("Scan", {"TableName": table})["Items"])


# Amazon Connect


def test_amazon_connect_is_asked_to_dial_from_our_number() -> None:
    connect, stub = _connect()
    stub.add_response(
        "start_outbound_voice_contact",
        {"ContactId": "C-9"},
        {
            "DestinationPhoneNumber": "+4930123456",
            "ContactFlowId": "F",
            "InstanceId": "I",
            "SourcePhoneNumber": "+18005550100",
            "ClientToken": "call-1",
            "Attributes": {"session_id": "S"},
        },
    )

    with stub:
        assert connect.start("call-1", "+4930123456", {"session_id": "S"}) == "C-9"
    stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "why"),
    [("DestinationNotAllowedException", "country"), ("InternalServiceException", "InternalService")],
)
def test_why_amazon_connect_refuses_is_said_in_words(code: str, why: str) -> None:
    connect, stub = _connect()
    stub.add_client_error("start_outbound_voice_contact", code)

    with stub, pytest.raises(DiallerRefused, match=why):
        connect.start("call-1", "+4930123456", {})


def test_amazon_connect_dials_only_where_all_of_it_is_set_and_makes_no_client_before() -> None:
    def never() -> Any:
        raise AssertionError

    whole = Settings(connect_instance="I", connect_flow="F", connect_number="+18005550100")
    assert set(diallers(whole, never)) == {"amazon_connect"}
    assert diallers(Settings(connect_instance="I"), never) == {}


# somebody else's server


def test_the_request_is_signed_and_goes_to_the_address_that_was_judged() -> None:
    sent: list[tuple[Target, Mapping[str, str], bytes]] = []

    def send(target: Target, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        sent.append((target, headers, body))
        return 202, b'{"id": "their-7"}'

    dialler = HttpDialler(
        "https://dial.example/start?x=1", "secret", FrozenClock(), lambda *_: [PUBLIC], send
    )

    assert dialler.start("call-1", "+4930123456", {"session_id": "S"}) == "their-7"

    ((target, headers, body),) = sent
    assert target == Target(PUBLIC, "dial.example", 443, "/start?x=1")
    assert json.loads(body) == {"session_id": "S", "call_id": "call-1", "number": "+4930123456"}
    stamp, signature = (part.partition("=")[2] for part in headers["Deskbell-Signature"].split(","))
    expected = hmac.new(b"secret", f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert (signature, headers["Idempotency-Key"]) == (expected, "call-1")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.8",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104  # an address to refuse
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.8",
        "2002:7f00:1::",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a00:1",
        "::10.0.0.1",
        "ff02::1",
    ],
)
def test_no_address_of_a_private_network_is_ever_asked(address: str) -> None:
    """Nor a name that has one among public ones."""
    for addresses in ([address], [PUBLIC, address]):
        with pytest.raises(DiallerRefused, match="private"):
            target_of("https://dial.example/", lambda *_, found=addresses: found)


@pytest.mark.parametrize(
    "url", ["http://dial.example/", "https://", "ftp://dial.example/", "https://me:x@dial.example/", "x"]
)
def test_only_https_is_asked_and_with_nobodys_password(url: str) -> None:
    with pytest.raises(DiallerRefused):
        target_of(url, lambda *_: [PUBLIC])


@pytest.mark.parametrize("status", [301, 302, 307, 400, 500])
def test_a_redirect_is_not_followed_and_whatever_is_no_success_is_a_refusal(status: int) -> None:
    dialler = HttpDialler(
        "https://dial.example/", "s", FrozenClock(), lambda *_: [PUBLIC], lambda *_: (status, b"")
    )

    with pytest.raises(DiallerRefused, match=str(status)):
        dialler.start("call-1", "+4930123456", {})


@pytest.mark.parametrize("answered", [b"", b"nonsense", b"[]", b'{"id": 7}', b"\xff"])
def test_whatever_else_is_answered_the_call_is_placed(answered: bytes) -> None:
    dialler = HttpDialler(
        "https://dial.example/", "s", FrozenClock(), lambda *_: [PUBLIC], lambda *_: (200, answered)
    )

    assert dialler.start("call-1", "+4930123456", {}) is None


# what is masked


def test_a_reveal_is_noted_before_it_is_shown_and_stands_on_the_timeline(house: House, talk: Talk) -> None:
    _knows_phone(talk)
    sue = house.on_duty("sue")
    path = f"/v1/customers/{talk.cleo.caller.id}"

    answer = sue.rest("POST", f"{path}/reveal", {"field": "phone"})

    assert (answer.status, answer.body["value"]) == (200, "+49 30 123456")
    (noted,) = sue.rest("GET", f"{path}/reveals").body["items"]
    assert (noted["field"], noted["by"]["name"]) == ("phone", "Sue")
    assert _codes(talk)[-1] == "revealed"
    house.faults.never_arrives("PutItem", about="reveal:")
    assert sue.rest("POST", f"{path}/reveal", {"field": "phone"}).status == 500


def test_who_may_not_look_is_not_shown(talk: Talk) -> None:
    _knows_phone(talk)

    answer = talk.ann.rest("POST", f"/v1/customers/{talk.cleo.caller.id}/reveal", {"field": "phone"})

    assert (answer.status, answer.code) == (403, "forbidden")
    assert "123456" not in talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}").text


def test_what_is_not_known_cannot_be_revealed(house: House, talk: Talk) -> None:
    sue = house.on_duty("sue")

    answer = sue.rest("POST", f"/v1/customers/{talk.cleo.caller.id}/reveal", {"field": "email"})

    assert (answer.status, answer.code) == (409, "nothing_to_reveal")
    assert sue.rest("GET", f"/v1/customers/{talk.cleo.caller.id}/reveals").body["items"] == []


def test_an_agent_reads_the_customers_they_serve_masked_and_no_others(house: House, talk: Talk) -> None:
    _knows_phone(talk)
    bob = house.on_duty("bob")
    path = f"/v1/customers/{talk.cleo.caller.id}"

    read = talk.ann.rest("GET", path)
    assert (read.status, read.body["name"]) == (200, talk.cleo.caller.name)
    assert "123456" not in read.text
    history = talk.ann.rest("GET", f"{path}/history").body["items"]
    assert [s["session_id"] for s in history] == [talk.session_id]
    for further in ("", "/history"):
        assert bob.rest("GET", path + further).code == "not_found"


def _knows_phone(talk: Talk) -> None:
    CustomerItem(talk.cleo.caller.id, "profile").update(actions=[CustomerItem.phone.set("+49 30 123456")])


def _connect() -> tuple[AmazonConnect, Stubber]:
    client = botocore.session.Session().create_client(
        "connect", region_name="eu-central-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    connect = AmazonConnect(lambda: client, instance="I", flow="F", number="+18005550100")
    return connect, Stubber(client)


def _path(talk: Talk) -> str:
    return f"/v1/sessions/{talk.session_id}/calls"


def _call(talk: Talk, **body: Any) -> Answer:
    return talk.ann.rest("POST", _path(talk), body)


def _change(talk: Talk, call: dict[str, Any], change: dict[str, Any]) -> Answer:
    headers = {"if-match": str(call["version"])}
    return talk.ann.rest("PATCH", f"{_path(talk)}/{call['id']}", change, headers=headers)


def _calls(talk: Talk) -> list[Any]:
    return list(talk.ann.rest("GET", _path(talk)).body["items"])


def _codes(talk: Talk) -> list[str]:
    client: Client = talk.ann
    lines = client.rest("GET", f"/v1/sessions/{talk.session_id}/timeline").body["items"]
    return [line["system"]["code"] for line in lines]
