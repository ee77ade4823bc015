"""Every kind of message: what it is made of, that both sides and every road see it alike, and taking it back."""

from typing import Any

import pytest

from chalicelib.kit.values import SessionId
from chalicelib.sessions.items import EntryItem, place_of
from tests import media
from tests.house import Answer, Client, House, Talk
from tests.unit.test_attachments import link, ready, sent

FORM = {
    "title": "Return",
    "fields": [
        {"name": "number", "label": "Order number", "required": True},
        {"name": "count", "label": "How many", "kind": "number"},
        {"name": "when", "label": "Bought on", "kind": "date"},
        {"name": "mail", "label": "E-mail", "kind": "email"},
        {"name": "phone", "label": "Phone", "kind": "phone"},
        {"name": "why", "label": "Why", "kind": "select", "options": ["too small", "broken"]},
        {"name": "sure", "label": "I have read the terms", "kind": "checkbox", "required": True},
    ],
}
ANSWER = {
    "number": "A-7",
    "count": 2,
    "when": "2026-11-20",
    "mail": "cleo@shop.example",
    "phone": "+49 30 1234567",
    "why": "broken",
    "sure": True,
}
CARD = {
    "title": "Order A-7",
    "text": "Paid",
    "image_url": "https://shop.example/7.png",
    "url": "https://shop.example/orders/7",
    "facts": [{"label": "Total", "value": "19,90 €"}],
}


@pytest.fixture
def talk(house: House) -> Talk:
    return house.talk()


def says(client: Client, talk: Talk, kind: str, **facts: Any) -> dict[str, Any]:
    return client.ask("send_message", session_id=talk.session_id, kind=kind, **facts)


def read(client: Client, talk: Talk, seq: int) -> dict[str, Any]:
    """One message as REST gives it."""
    at = "/v1/widget/sessions" if client.caller.kind == "customer" else "/v1/sessions"
    (found,) = client.rest("GET", f"{at}/{talk.session_id}/messages?after={seq - 1}&limit=1").body["items"]
    return dict(found)


def by_rest(client: Client, talk: Talk, what: str, body: Any) -> Answer:
    at = "/v1/widget/sessions" if client.caller.kind == "customer" else "/v1/sessions"
    return client.rest("POST", f"{at}/{talk.session_id}/{what}", body)


# the same object by every road


def said_kinds(talk: Talk) -> dict[str, dict[str, Any]]:
    """One message of each kind, with what is sent of it."""
    kinds: dict[str, dict[str, Any]] = {
        "text": {"text": "👍🏽"},
        "link": {"link": {"url": "https://shop.example/size-chart", "title": "Sizes"}, "text": "Look"},
        "card": {"card": CARD},
        "form": {"form": FORM},
    }
    for kind, name, content in (
        ("image", "x.jpg", media.JPEG),
        ("video", "x.mp4", media.MP4),
        ("voice", "x.ogg", media.OPUS),
        ("file", "x.pdf", media.PDF),
    ):
        attachment = ready(talk.ann, talk.session_id, content, kind, name)
        kinds[kind] = {"attachment_id": attachment["attachment_id"], "text": "Here"}
    return kinds


def test_every_kind_is_the_same_object_in_an_event_over_rest_in_a_catch_up_and_in_the_history(
    talk: Talk,
) -> None:
    for kind, facts in said_kinds(talk).items():
        seq = says(talk.ann, talk, kind, **facts)["seq"]

        event = {k: v for k, v in talk.cleo.heard("message.sent")[-1].items() if k != "type"}
        assert event == read(talk.cleo, talk, seq)
        assert event["kind"] == kind
        assert event == talk.cleo.ask("catch_up", session_id=talk.session_id, after=seq - 1)["messages"][0]
        past = talk.cleo.rest("GET", "/v1/widget/history").body["items"][0]["messages"][-1]
        assert event == past
        assert read(talk.ann, talk, seq) == {**event, "client_id": read(talk.ann, talk, seq)["client_id"]}


def test_what_was_sent_is_what_is_told(talk: Talk) -> None:
    says(talk.ann, talk, "link", link={"url": "tel:+49301234567"}, text="Call")
    says(talk.ann, talk, "card", card=CARD)
    says(talk.ann, talk, "form", form=FORM)
    attachment = ready(talk.ann, talk.session_id, media.JPEG, "image", "x.jpg")
    says(talk.ann, talk, "image", attachment_id=attachment["attachment_id"])

    link_, card, form, image = talk.cleo.heard("message.sent")[-4:]
    assert (link_["link"], link_["text"]) == ({"url": "tel:+49301234567", "title": None}, "Call")
    assert card["card"] == CARD
    assert [f["name"] for f in form["form"]["fields"]] == [f["name"] for f in FORM["fields"]]
    assert form["form"]["fields"][0] == {
        "name": "number", "label": "Order number", "kind": "text", "required": True, "options": [],
    }  # fmt: skip
    assert (image["attachment"], image["text"]) == (attachment, None)


def test_every_kind_goes_over_rest_too_and_a_resend_gets_the_first_answer(talk: Talk) -> None:
    for kind, facts in said_kinds(talk).items():
        body = {"client_id": f"C-{kind}", "kind": kind, **facts}

        first = by_rest(talk.ann, talk, "messages", body)

        assert first.status == 201, first.text
        again = by_rest(talk.ann, talk, "messages", body)
        assert (again.status, again.body) == (201, first.body), again.text
        by_socket = talk.ann.ask("send_message", session_id=talk.session_id, **body)
        assert by_socket["seq"] == first.body["seq"]


# each is made of its own


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"kind": "text", "text": "Hi", "attachment_id": "A"}, "attachment_id"),
        ({"kind": "text", "text": "Hi", "link": {"url": "https://x.example"}}, "link"),
        ({"kind": "text"}, "text"),
        ({"kind": "image", "text": "Hi"}, "attachment_id"),
        ({"kind": "voice"}, "attachment_id"),
        ({"kind": "link", "text": "https://x.example"}, "link"),
        ({"kind": "link", "link": {"url": "https://x.example"}, "card": {"title": "x"}}, "card"),
        ({"kind": "card", "card": {"title": "x"}, "text": "x"}, "text"),
        ({"kind": "card"}, "card"),
        ({"kind": "form"}, "form"),
        ({"kind": "form_answer", "form_answer": {"values": {}}}, "reply_to"),
        ({"kind": "form_answer", "reply_to": 1}, "form_answer"),
        ({"kind": "note", "text": "x"}, "kind"),
        ({"kind": "system", "text": "x"}, "kind"),
        ({"kind": "recall", "reply_to": 1}, "kind"),
        ({"kind": "link", "link": {"url": "https://x.example", "onclick": "x"}}, "link.onclick"),
        ({"kind": "card", "card": {"title": ""}}, "card.title"),
        ({"kind": "card", "card": {"title": "x" * 201}}, "card.title"),
        ({"kind": "card", "card": {"title": "x", "text": "x" * 1_001}}, "card.text"),
        (
            {"kind": "card", "card": {"title": "x", "facts": [{"label": "a", "value": "b"}] * 11}},
            "card.facts",
        ),
        ({"kind": "card", "card": {"title": "x", "facts": [["a", "b"]]}}, "card.facts.0"),
        ({"kind": "card", "card": {"title": "x", "image_url": "tel:+4930123"}}, "card.image_url"),
        ({"kind": "form", "form": {"fields": []}}, "form.fields"),
        ({"kind": "form", "form": {"fields": [{"name": "a", "label": "A"}] * 21}}, "form.fields"),
        (
            {"kind": "form", "form": {"fields": [{"name": "a", "label": "A"}, {"name": "a", "label": "B"}]}},
            "form",
        ),
        ({"kind": "form", "form": {"fields": [{"name": "a b", "label": "A"}]}}, "form.fields.0.name"),
        (
            {"kind": "form", "form": {"fields": [{"name": "a", "label": "A", "kind": "password"}]}},
            "form.fields.0.kind",
        ),
        (
            {"kind": "form", "form": {"fields": [{"name": "a", "label": "A", "kind": "select"}]}},
            "form.fields.0",
        ),
        (
            {"kind": "form", "form": {"fields": [{"name": "a", "label": "A", "options": ["x"]}]}},
            "form.fields.0",
        ),
        (
            {
                "kind": "form",
                "form": {"fields": [{"name": "a", "label": "A", "kind": "select", "options": ["x", "x"]}]},
            },
            "form.fields.0",
        ),
        (
            {
                "kind": "form",
                "form": {
                    "fields": [
                        {
                            "name": f"a{n}",
                            "label": "A",
                            "kind": "select",
                            "options": [f"{m}" * 50 for m in range(9)],
                        }
                        for n in range(20)
                    ]
                },
            },
            "form",
        ),
        (
            {"kind": "form_answer", "reply_to": 1, "form_answer": {"values": {"a": ["x"]}}},
            "form_answer.values.a",
        ),
        (
            {"kind": "form_answer", "reply_to": 1, "form_answer": {"values": {"a": "x" * 1_001}}},
            "form_answer.values.a",
        ),
    ],
)
def test_a_message_has_what_its_kind_is_made_of_and_nothing_else(
    house: House, talk: Talk, facts: dict[str, Any], path: str
) -> None:
    for client in (talk.ann, talk.cleo):
        refused = client.ask("send_message", session_id=talk.session_id, after=2, **facts)

        assert refused["code"] == "invalid"
        assert any(e["path"].startswith(path) for e in refused["errors"]), refused["errors"]
    assert len(house.log(talk.session_id)) == 2


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/orders/7?a=b#c",
        "http://127.0.0.1:8787/",
        "HTTPS://SHOP.EXAMPLE",
        "https://商店.example/订单",
        "mailto:help@shop.example",
        "mailto:help@shop.example?subject=Order",
        "tel:+49-30-1234567",
    ],
)
def test_an_address_that_leads_somewhere_is_a_link(talk: Talk, url: str) -> None:
    assert says(talk.cleo, talk, "link", link={"url": url})["type"] == "accepted"
    assert talk.ann.heard("message.sent")[-1]["link"]["url"] == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "\u0001javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://shop.example",
        "blob:https://shop.example/1",
        "//shop.example",
        "/orders",
        "shop.example",
        "https://",
        "https:///x",
        "https:\\\\shop.example",
        "https://shop.example\\@evil.example",
        "https://bank.example@evil.example/",
        "https://shop.example:port/",
        "https://shop .example",
        "https://shop.example/\u202egnp.exe",
        "mailto:",
        "mailto:nobody",
        "tel:",
        "tel:+49;ext=javascript:alert(1)",
        "",
        "https://x.example/" + "x" * 2_000,
    ],
)
def test_an_address_that_could_run_or_mislead_is_refused(talk: Talk, url: str) -> None:
    refused = says(talk.cleo, talk, "link", link={"url": url})

    assert refused["code"] == "invalid"
    assert refused["errors"][0]["path"] == "link.url"
    assert says(talk.ann, talk, "card", card={"title": "x", "url": url})["errors"][0]["path"] == "card.url"


def test_a_card_comes_from_the_customers_host_page_too(talk: Talk) -> None:
    assert says(talk.cleo, talk, "card", card=CARD)["type"] == "accepted"
    assert talk.ann.heard("message.sent")[-1]["card"] == CARD


def test_words_in_what_is_carried_are_normalised_as_those_of_a_text_are(talk: Talk) -> None:
    first = says(talk.cleo, talk, "card", card={"title": " Cafe\u0301 "}, client_id="C1")

    assert talk.ann.heard("message.sent")[-1]["card"]["title"] == "Café"
    assert says(talk.cleo, talk, "card", card={"title": "Café"}, client_id="C1") == first


@pytest.mark.parametrize("text", ["", "   "])
def test_no_words_below_a_picture_are_none(talk: Talk, text: str) -> None:
    attachment = ready(talk.cleo, talk.session_id, media.JPEG, "image", "x.jpg")
    says(talk.cleo, talk, "image", attachment_id=attachment["attachment_id"], text=text)

    assert talk.ann.heard("message.sent")[-1]["text"] is None


def test_words_below_a_picture_have_their_limit_too(talk: Talk) -> None:
    attachment = ready(talk.cleo, talk.session_id, media.JPEG, "image", "x.jpg")

    refused = says(talk.cleo, talk, "image", attachment_id=attachment["attachment_id"], text="x" * 5_001)

    assert refused["code"] == "text_too_long"


def test_a_note_is_words_alone(talk: Talk) -> None:
    refused = says(talk.ann, talk, "link", link={"url": "https://x.example"}, visibility="staff")
    assert refused["code"] == "invalid"

    answer = by_rest(talk.ann, talk, "notes", {"client_id": "N1", "kind": "card", "card": CARD})
    assert (answer.status, answer.code) == (422, "invalid")


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "text", "text": "Here"},
        {"kind": "link", "link": {"url": "https://other.example"}, "text": "Here"},
        {"kind": "link", "link": {"url": "https://x.example"}, "text": "There"},
        {"kind": "link", "link": {"url": "https://x.example"}},
        {"kind": "link", "link": {"url": "https://x.example", "title": "x"}, "text": "Here"},
        {"kind": "link", "link": {"url": "https://x.example"}, "text": "Here", "reply_to": 1},
        {"kind": "card", "card": {"title": "Here"}},
    ],
)
def test_another_body_under_the_same_client_id_is_refused_whatever_its_kind(
    house: House, talk: Talk, other: dict[str, Any]
) -> None:
    says(talk.cleo, talk, "link", link={"url": "https://x.example"}, text="Here", client_id="C1")

    refused = talk.cleo.ask("send_message", session_id=talk.session_id, client_id="C1", **other)

    assert refused["code"] == "client_id_reused"
    assert len(house.log(talk.session_id)) == 3


def test_a_first_message_may_be_of_any_kind(house: House) -> None:
    ann, cleo = house.on_duty("ann"), house.customer()
    cleo.hello()
    session_id = cleo.ask("start_session")["session_id"]

    sent(cleo, session_id, media.JPEG, "image", "x.jpg")

    assert house.load("ann") == (1.0, frozenset({session_id}))
    read = ann.rest("GET", f"/v1/sessions/{session_id}").body
    assert (read["state"], read["waits_for"]) == ("active", "us")


def test_a_picture_ends_a_hold_as_words_do(talk: Talk) -> None:
    talk.ann.ask("hold_session", session_id=talk.session_id)

    sent(talk.cleo, talk.session_id, media.JPEG, "image", "x.jpg")

    assert talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}").body["state"] == "active"


# attachments in messages


def test_an_attachment_is_sent_once(house: House, talk: Talk) -> None:
    attachment_id, _ = sent(talk.cleo, talk.session_id)

    refused = says(talk.cleo, talk, "file", attachment_id=attachment_id)

    assert refused["code"] == "attachment_sent"
    assert len(house.log(talk.session_id)) == 3


def test_a_resend_of_an_attachment_gets_the_first_answer(house: House, talk: Talk) -> None:
    attachment_id = ready(talk.cleo, talk.session_id)["attachment_id"]
    first = says(talk.cleo, talk, "file", attachment_id=attachment_id, client_id="C1", after=2)

    assert says(talk.cleo, talk, "file", attachment_id=attachment_id, client_id="C1", after=2) == first
    assert len(house.log(talk.session_id)) == 3


@pytest.mark.parametrize("fault", ["answer_lost", "sent_twice", "never_arrives"])
def test_an_attachment_whose_sending_went_wrong_is_in_one_message(
    house: House, talk: Talk, fault: str
) -> None:
    attachment_id = ready(talk.cleo, talk.session_id)["attachment_id"]
    body = {
        "session_id": talk.session_id,
        "kind": "file",
        "attachment_id": attachment_id,
        "client_id": "C1",
        "after": 2,
    }
    getattr(house.faults, fault)("TransactWriteItems")
    talk.cleo.attempt("send_message", **body)
    assert house.faults.none_left

    assert talk.cleo.ask("send_message", **body)["seq"] == 3

    assert len(house.log(talk.session_id)) == 3
    assert link(talk.ann, attachment_id).status == 200


def test_of_two_messages_with_one_attachment_at_once_one_is_sent(house: House, talk: Talk) -> None:
    attachment_id = ready(talk.cleo, talk.session_id)["attachment_id"]
    house.faults.before(
        "TransactWriteItems",
        lambda: says(talk.cleo, talk, "file", attachment_id=attachment_id, client_id="OTHER"),
    )

    assert says(talk.cleo, talk, "file", attachment_id=attachment_id)["code"] == "attachment_sent"

    assert house.faults.none_left
    assert len(house.log(talk.session_id)) == 3


def test_a_resend_that_overtakes_its_first_gets_the_first_answer(house: House, talk: Talk) -> None:
    attachment_id = ready(talk.cleo, talk.session_id)["attachment_id"]
    body = {
        "session_id": talk.session_id,
        "kind": "file",
        "attachment_id": attachment_id,
        "client_id": "C1",
        "after": 2,
    }
    tab = house.again(talk.cleo)
    house.faults.before("TransactWriteItems", lambda: tab.ask("send_message", **body))

    assert talk.cleo.ask("send_message", **body)["seq"] == 3

    assert house.faults.none_left
    assert len(house.log(talk.session_id)) == 3


def test_an_attachment_that_finds_its_place_taken_goes_behind(house: House, talk: Talk) -> None:
    attachment_id = ready(talk.cleo, talk.session_id)["attachment_id"]
    house.faults.before("TransactWriteItems", lambda: talk.ann.say(talk.session_id, "Ann's", after=2))

    assert says(talk.cleo, talk, "file", attachment_id=attachment_id, after=2)["seq"] == 4


def test_an_end_that_comes_first_leaves_the_attachment_unsent(house: House, talk: Talk) -> None:
    attachment_id = ready(talk.cleo, talk.session_id)["attachment_id"]
    house.faults.before("TransactWriteItems", lambda: talk.ann.ask("end_session", session_id=talk.session_id))

    assert says(talk.cleo, talk, "file", attachment_id=attachment_id, after=2)["code"] == "session_ended"

    assert link(talk.ann, attachment_id).code == "not_found"


@pytest.mark.parametrize("kind", ["image", "video", "voice"])
def test_an_attachment_is_sent_as_what_it_was_uploaded_for(talk: Talk, kind: str) -> None:
    attachment_id = ready(talk.cleo, talk.session_id)["attachment_id"]

    refused = says(talk.cleo, talk, kind, attachment_id=attachment_id)

    assert refused["code"] == "invalid"
    assert [e["path"] for e in refused["errors"]] == ["kind"]


def test_an_attachment_goes_into_the_session_it_was_uploaded_for(house: House, talk: Talk) -> None:
    attachment_id = ready(talk.ann, talk.session_id)["attachment_id"]
    other, _ = house.waiting()
    talk.ann.ask("take_session", session_id=other)

    refused = talk.ann.ask("send_message", session_id=other, kind="file", attachment_id=attachment_id)

    assert refused["code"] == "attachment_not_ready"


def test_an_attachment_that_nobody_knows_is_not_ready(talk: Talk) -> None:
    for unknown in ("A", "x" * 80, "../x", "~attachment"):
        assert says(talk.cleo, talk, "file", attachment_id=unknown)["code"] == "attachment_not_ready"


# forms


def asked(talk: Talk, form: dict[str, Any] = FORM) -> int:
    return int(says(talk.ann, talk, "form", form=form)["seq"])


def test_a_form_is_asked_by_the_agent_and_answered_once_by_the_customer(house: House, talk: Talk) -> None:
    seq = asked(talk)

    answered = says(talk.cleo, talk, "form_answer", form_answer={"values": ANSWER}, reply_to=seq)

    assert answered["type"] == "accepted"
    told = talk.ann.heard("message.sent")[-1]
    assert (told["kind"], told["form_answer"], told["reply_to"]) == ("form_answer", {"values": ANSWER}, seq)
    assert read(talk.cleo, talk, seq)["answer_seq"] == answered["seq"]
    again = says(talk.cleo, talk, "form_answer", form_answer={"values": ANSWER}, reply_to=seq)
    assert again["code"] == "form_answered"
    assert len(house.log(talk.session_id)) == 4


def test_an_answer_sent_again_gets_the_first_answer(talk: Talk) -> None:
    seq = asked(talk)
    body = {"form_answer": {"values": ANSWER}, "reply_to": seq, "client_id": "C1", "after": seq}
    first = says(talk.cleo, talk, "form_answer", **body)

    assert says(talk.cleo, talk, "form_answer", **body) == first


def test_two_tabs_that_answer_at_once_answer_once(house: House, talk: Talk) -> None:
    seq = asked(talk)
    tab = house.again(talk.cleo)
    house.faults.before(
        "TransactWriteItems",
        lambda: says(tab, talk, "form_answer", form_answer={"values": ANSWER}, reply_to=seq),
    )

    refused = says(talk.cleo, talk, "form_answer", form_answer={"values": ANSWER}, reply_to=seq)

    assert house.faults.none_left
    assert refused["code"] == "form_answered"


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        ({"number": None}, ["number"]),
        ({"number": 7}, ["number"]),
        ({"number": None, "sure": None}, ["number", "sure"]),
        ({"sure": False}, ["sure"]),
        ({"sure": "yes"}, ["sure"]),
        ({"count": "2"}, ["count"]),
        ({"count": True}, ["count"]),
        ({"when": "20.11.2026"}, ["when"]),
        ({"when": "2026-02-30"}, ["when"]),
        ({"mail": "cleo"}, ["mail"]),
        ({"phone": "call me"}, ["phone"]),
        ({"why": "too large"}, ["why"]),
        ({"why": True}, ["why"]),
        ({"extra": "x"}, ["extra"]),
    ],
)
def test_an_answer_that_does_not_fit_names_the_fields(
    house: House, talk: Talk, change: dict[str, Any], paths: list[str]
) -> None:
    seq = asked(talk)
    values = {name: value for name, value in (ANSWER | change).items() if value is not None}

    refused = says(talk.cleo, talk, "form_answer", form_answer={"values": values}, reply_to=seq)

    assert refused["code"] == "answer_does_not_fit"
    assert [e["path"] for e in refused["errors"]] == [f"form_answer.values.{path}" for path in paths]
    assert len(house.log(talk.session_id)) == 3
    assert read(talk.cleo, talk, seq)["answer_seq"] is None


def test_an_answer_is_no_longer_than_a_form_may_be(talk: Talk) -> None:
    fields = [{"name": f"a{n}", "label": "A"} for n in range(20)]
    seq = asked(talk, {"fields": fields})

    values = {f["name"]: "x" * 500 for f in fields}
    refused = says(talk.cleo, talk, "form_answer", form_answer={"values": values}, reply_to=seq)

    assert refused["code"] == "invalid"
    assert [e["path"] for e in refused["errors"]] == ["form_answer"]


def test_what_is_not_required_may_be_left_out(talk: Talk) -> None:
    seq = asked(talk)

    answered = says(
        talk.cleo, talk, "form_answer", form_answer={"values": {"number": "7", "sure": True}}, reply_to=seq
    )

    assert answered["type"] == "accepted"


def test_only_a_form_of_this_conversation_can_be_answered(talk: Talk) -> None:
    for seq in (1, 2):
        refused = says(talk.cleo, talk, "form_answer", form_answer={"values": {}}, reply_to=seq)
        assert refused["code"] == "invalid"
        assert [e["path"] for e in refused["errors"]] == ["reply_to"]


def test_each_side_keeps_to_its_part(talk: Talk) -> None:
    seq = asked(talk)

    assert says(talk.cleo, talk, "form", form=FORM)["code"] == "kind_not_allowed"
    refused = says(talk.ann, talk, "form_answer", form_answer={"values": ANSWER}, reply_to=seq)
    assert refused["code"] == "kind_not_allowed"
    answer = by_rest(talk.cleo, talk, "messages", {"client_id": "C9", "kind": "form", "form": FORM})
    assert (answer.status, answer.code) == (403, "kind_not_allowed")


# taking back


def recall(client: Client, talk: Talk, seq: int) -> dict[str, Any]:
    return client.ask("recall_message", session_id=talk.session_id, seq=seq)


@pytest.mark.parametrize(("sender", "peer"), [("cleo", "ann"), ("ann", "cleo")])
def test_a_message_that_was_taken_back_is_gone_for_everybody_by_every_road(
    house: House, talk: Talk, sender: str, peer: str
) -> None:
    by, other = getattr(talk, sender), getattr(talk, peer)
    sue = house.on_duty("sue")
    seq = by.say(talk.session_id, "SECRET", after=2)["seq"]
    house.clock.passes(seconds=30)

    recalled = recall(by, talk, seq)

    assert (recalled["type"], recalled["seq"]) == ("accepted", seq + 1)
    event = other.heard("message.recalled")[-1]
    assert {
        k: event[k] for k in ("session_id", "seq", "message_id", "kind", "text", "attachment", "reply_to")
    } == {
        "session_id": talk.session_id,
        "seq": seq + 1,
        "message_id": recalled["message_id"],
        "kind": "recall",
        "text": None,
        "attachment": None,
        "reply_to": seq,
    }
    assert event["by"]["role"] == by.caller.kind
    assert {k: v for k, v in event.items() if k != "type"} == read(other, talk, seq + 1)
    for reader in (by, other, sue):
        target = read(reader, talk, seq)
        assert (target["kind"], target["text"], target["recalled_at"]) == (
            "text",
            None,
            "2026-11-22T12:00:30Z",
        )
    late = house.again(talk.cleo)
    roads = [
        late.hello(catch_up=[{"session_id": talk.session_id, "after": 0}]),
        late.ask("catch_up", session_id=talk.session_id, after=0),
        late.rest("GET", "/v1/widget/history").body,
        late.rest("GET", "/v1/widget/sessions/current").body,
        talk.ann.rest("GET", "/v1/sessions?tab=mine").body,
        talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}/messages?staff=true").body,
        sue.rest("GET", f"/v1/sessions/{talk.session_id}").body,
    ]
    assert "SECRET" not in str(roads)
    assert "SECRET" not in str(house.engine._make_api_call("Scan", {"TableName": "deskbell-sessions"}))


def test_taking_back_over_rest_answers_where_the_recall_stands(talk: Talk) -> None:
    for client in (talk.cleo, talk.ann):
        seq = says(client, talk, "text", text="Oops")["seq"]

        answer = by_rest(client, talk, f"messages/{seq}/recall", {})

        assert (answer.status, answer.body["seq"]) == (200, seq + 1)
        assert by_rest(client, talk, f"messages/{seq}/recall", {}).body == answer.body


def test_taking_back_twice_is_no_error_and_is_done_once(house: House, talk: Talk) -> None:
    seq = talk.cleo.say(talk.session_id, "Oops", after=2)["seq"]
    first = recall(talk.cleo, talk, seq)
    talk.ann.say(talk.session_id, "What was it?", after=4)
    house.clock.passes(minutes=9)

    again = recall(talk.cleo, talk, seq)

    assert (again["seq"], again["message_id"]) == (first["seq"], first["message_id"])
    assert len(house.log(talk.session_id)) == 5
    talk.ann.ask("end_session", session_id=talk.session_id)
    assert recall(talk.cleo, talk, seq)["seq"] == first["seq"]


def test_it_is_too_late_after_two_minutes(house: House, talk: Talk) -> None:
    seq = talk.cleo.say(talk.session_id, "Oops", after=2)["seq"]
    other = talk.cleo.say(talk.session_id, "Oops again", after=3)["seq"]
    house.clock.passes(minutes=2)
    assert recall(talk.cleo, talk, seq)["type"] == "accepted"

    house.clock.passes(milliseconds=1)

    assert recall(talk.cleo, talk, other)["code"] == "recall_too_late"
    answer = by_rest(talk.cleo, talk, f"messages/{other}/recall", {})
    assert (answer.status, answer.code) == (409, "recall_too_late")
    assert read(talk.cleo, talk, other)["text"] == "Oops again"


def test_only_ones_own_words_can_be_taken_back(house: House, talk: Talk) -> None:
    seq = talk.cleo.say(talk.session_id, "Mine", after=2)["seq"]
    sue = house.on_duty("sue")

    for client in (talk.ann, sue):
        assert recall(client, talk, seq)["code"] == "forbidden"
        assert by_rest(client, talk, f"messages/{seq}/recall", {}).status == 403
    assert recall(talk.cleo, talk, 2)["code"] == "forbidden", "a line of the house's own"
    assert len(house.log(talk.session_id)) == 3


@pytest.mark.parametrize("place", ["99", "0", "x", "-1", "1.5", "01", "9" * 20, "²", "m3", "3.1"])
def test_what_nobody_said_cannot_be_taken_back(talk: Talk, place: str) -> None:
    talk.ann.say(talk.session_id, "A note", visibility="staff")

    assert by_rest(talk.cleo, talk, f"messages/{place}/recall", {}).code == "not_found"


def test_a_recall_cannot_be_taken_back(talk: Talk) -> None:
    seq = talk.cleo.say(talk.session_id, "Oops", after=2)["seq"]
    recall(talk.cleo, talk, seq)

    assert recall(talk.cleo, talk, seq + 1)["code"] == "not_found"


def test_nothing_is_taken_back_in_what_has_ended(house: House, talk: Talk) -> None:
    """Its record is being read already."""
    seq = talk.cleo.say(talk.session_id, "Oops", after=2)["seq"]
    talk.ann.ask("end_session", session_id=talk.session_id)
    log = house.log(talk.session_id)

    assert recall(talk.cleo, talk, seq)["code"] == "session_ended"
    assert house.log(talk.session_id) == log


def test_taking_back_is_nobodys_turn_to_speak(house: House, talk: Talk) -> None:
    seq = talk.cleo.say(talk.session_id, "Oops", after=2)["seq"]
    talk.ann.say(talk.session_id, "Yes?", after=3)
    before = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}").body
    assert before["waits_for"] == "customer"
    house.clock.passes(seconds=5)

    recall(talk.cleo, talk, seq)
    talk.ann.say(talk.session_id, "What reads the log moves the turn", after=4, visibility="staff")
    after = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}").body

    for fact in ("waits_for", "waits_since", "version", "state", "first_reply_at"):
        assert after[fact] == before[fact]


def test_an_attachment_that_was_taken_back_is_given_out_to_nobody_and_deleted(
    house: House, talk: Talk
) -> None:
    attachment_id, seq = sent(talk.cleo, talk.session_id, media.JPEG, "image", "x.jpg")

    recall(talk.cleo, talk, seq)

    assert read(talk.ann, talk, seq)["attachment"] is None
    for client in (talk.cleo, talk.ann):
        assert link(client, attachment_id).code == "attachment_gone"
    assert says(talk.cleo, talk, "image", attachment_id=attachment_id)["code"] == "attachment_gone"
    assert house.desk.attachments.sweep() == 1
    assert house.files.kept == 0


def test_a_form_that_was_taken_back_cannot_be_answered(talk: Talk) -> None:
    seq = asked(talk)
    recall(talk.ann, talk, seq)

    refused = says(talk.cleo, talk, "form_answer", form_answer={"values": ANSWER}, reply_to=seq)

    assert refused["code"] == "invalid"


def test_a_form_taken_back_just_when_it_is_answered_is_not_answered(house: House, talk: Talk) -> None:
    seq = asked(talk)
    house.faults.before("TransactWriteItems", lambda: recall(talk.ann, talk, seq), about="answer_seq")

    refused = says(talk.cleo, talk, "form_answer", form_answer={"values": ANSWER}, reply_to=seq)

    assert house.faults.none_left
    assert refused["code"] == "invalid"


def test_what_was_erased_just_when_it_is_taken_back_or_answered_leaves_no_trace(
    house: House, talk: Talk
) -> None:
    said = talk.cleo.say(talk.session_id, "Oops", after=2)["seq"]
    form = asked(talk)
    for seq, act in (
        (said, lambda: recall(talk.cleo, talk, said)),
        (form, lambda: says(talk.cleo, talk, "form_answer", form_answer={"values": ANSWER}, reply_to=form)),
    ):
        erased = EntryItem(talk.session_id, place_of(seq))
        house.faults.before("TransactWriteItems", erased.delete)

        assert act()["code"] in ("not_found", "invalid")

        assert house.faults.none_left
        assert house.desk.session_store.entry(SessionId(talk.session_id), seq) is None


def test_the_message_sent_again_after_it_was_taken_back_stays_taken_back(house: House, talk: Talk) -> None:
    """The outbox of another tab may still hold it."""
    first = talk.cleo.say(talk.session_id, "Oops", client_id="C1", after=2)
    recall(talk.cleo, talk, first["seq"])

    assert talk.cleo.say(talk.session_id, "Oops", client_id="C1", after=2) == first
    assert len(house.log(talk.session_id)) == 4


@pytest.mark.parametrize("fault", ["answer_lost", "sent_twice", "never_arrives"])
def test_a_recall_whose_storing_went_wrong_is_done_once(house: House, talk: Talk, fault: str) -> None:
    seq = talk.cleo.say(talk.session_id, "Oops", after=2)["seq"]
    getattr(house.faults, fault)("TransactWriteItems")
    talk.cleo.attempt("recall_message", session_id=talk.session_id, seq=seq)
    assert house.faults.none_left

    assert recall(talk.cleo, talk, seq)["seq"] == seq + 1
    assert len(house.log(talk.session_id)) == 4


def test_a_recall_that_finds_its_place_taken_goes_behind(house: House, talk: Talk) -> None:
    seq = talk.cleo.say(talk.session_id, "Oops", after=2)["seq"]
    house.faults.before("TransactWriteItems", lambda: talk.ann.say(talk.session_id, "Yes?", after=3))

    assert recall(talk.cleo, talk, seq)["seq"] == 5


def test_two_tabs_that_take_back_at_once_do_it_once(house: House, talk: Talk) -> None:
    seq = talk.cleo.say(talk.session_id, "Oops", after=2)["seq"]
    tab = house.again(talk.cleo)
    house.faults.before("TransactWriteItems", lambda: recall(tab, talk, seq))

    assert recall(talk.cleo, talk, seq)["seq"] == 4
    assert len(house.log(talk.session_id)) == 4


def test_an_end_that_comes_first_leaves_the_message_where_it_is(house: House, talk: Talk) -> None:
    seq = talk.cleo.say(talk.session_id, "Oops", after=2)["seq"]
    house.faults.before("TransactWriteItems", lambda: talk.ann.ask("end_session", session_id=talk.session_id))

    assert recall(talk.cleo, talk, seq)["code"] == "session_ended"
    assert read(talk.cleo, talk, seq)["text"] == "Oops"


# costs


@pytest.mark.parametrize("said_since", [0, 40])
def test_a_recall_costs_the_same_however_much_was_said_since(
    house: House, talk: Talk, said_since: int
) -> None:
    """The entry, and the message at its size; a Get of the settings, and one more where it is not among the newest."""
    seq = talk.cleo.say(talk.session_id, "Oops", after=2)["seq"]
    for n in range(said_since):
        talk.ann.say(talk.session_id, f"{n}", after=seq + n)
    house.meter.reset()

    assert recall(talk.cleo, talk, seq)["type"] == "accepted"

    reads = {"Query": 3, "GetItem": 2 if said_since else 1}
    assert dict(house.meter.requests) == {**reads, "TransactWriteItems": 1}
    assert house.meter.write_units == 4.0
    assert house.meter.read_units == (4.0 if said_since else 3.0)


def test_a_link_or_a_card_costs_what_a_text_does(house: House, talk: Talk) -> None:
    head = talk.ann.say(talk.session_id, "Opens the turn", after=2)["seq"]
    for kind, facts in (
        ("link", {"link": {"url": "https://x.example"}}),
        ("card", {"card": CARD}),
        ("form", {"form": FORM}),
    ):
        house.meter.reset()

        head = says(talk.ann, talk, kind, after=head, **facts)["seq"]

        assert dict(house.meter.requests) == {"Query": 2, "PutItem": 1}
        assert (house.meter.write_units, house.meter.read_units) == (1.0, 1.5)


def test_an_answer_to_a_form_costs_a_get_and_the_forms_mark_more(house: House, talk: Talk) -> None:
    seq = asked(talk)
    head = talk.cleo.say(talk.session_id, "Opens the turn", after=seq)["seq"]
    house.meter.reset()

    says(talk.cleo, talk, "form_answer", form_answer={"values": ANSWER}, reply_to=seq, after=head)

    assert dict(house.meter.requests) == {"Query": 2, "GetItem": 1, "TransactWriteItems": 1}
    assert (house.meter.write_units, house.meter.read_units) == (4.0, 2.5)
